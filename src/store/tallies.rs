//! Numbers that would take long to count, kept beside what they count.

use super::catalogue::TALLIES;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id};
use crate::model::node::NodeId;
use std::collections::BTreeMap;

/// What is counted.
pub(super) enum Tally<'a> {
    Contacts,
    Unanswered,
    LiveRuns(FlowId),
    Waiting(FlowId, &'a NodeId),
}

impl Tally<'_> {
    fn key(&self, read: &impl Read) -> Bytes {
        match self {
            Tally::Contacts => keys::key(read.shard(), &[b"contacts"]),
            Tally::Unanswered => keys::key(read.shard(), &[b"unanswered"]),
            Tally::LiveRuns(flow) => keys::key(read.shard(), &[b"live_runs", &flow.to_key()]),
            Tally::Waiting(flow, node) => [waiting_prefix(read, *flow), node.0.clone().into_bytes()].concat(),
        }
    }
}

fn waiting_prefix(read: &impl Read, flow: FlowId) -> Bytes {
    keys::key(read.shard(), &[b"waiting", &flow.to_key()])
}

pub(super) fn get(read: &impl Read, tally: Tally<'_>) -> Result<u64, StoreError> {
    Ok(TALLIES.get(read, &tally.key(read))?.unwrap_or(0))
}

/// How many stand at each node of a flow.
pub(super) fn waiting_of(read: &impl Read, flow: FlowId) -> Result<BTreeMap<NodeId, u64>, StoreError> {
    let prefix = waiting_prefix(read, flow);
    let rows = TALLIES.under(read, &prefix)?.into_iter();
    rows.map(|(key, count)| {
        let name = key.get(prefix.len()..).and_then(|name| std::str::from_utf8(name).ok());
        name.map(|name| (NodeId(name.to_owned()), count)).ok_or_else(|| TALLIES.bad_key(&key))
    })
    .collect()
}

pub(super) fn add(work: &mut Work, tally: Tally<'_>, difference: i64) -> Result<(), StoreError> {
    let key = tally.key(work);
    let count = TALLIES.get(work, &key)?.unwrap_or(0).saturating_add_signed(difference);
    if count == 0 {
        TALLIES.del(work, &key);
        return Ok(());
    }
    TALLIES.put(work, &key, &count)
}
