//! What happened at each node of a flow: a row for all days together, and one for each day, written in the batch of the step itself.
//! Rows follow the id of the node, whatever version it was in.

use super::catalogue::{Family, NODE_COUNTS};
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::tallies::{self, Tally};
use super::work::{Read, Work};
use crate::base::id::{FlowId, ID_BYTES, Id};
use crate::model::count::Counts;
use crate::model::node::NodeId;
use std::collections::BTreeMap;

/// The day that stands for all of them.
const ALL_DAYS: u32 = 0;

/// Adds to the counts of a node, on a day (counted from the first of the common era) and in all.
pub fn add(work: &mut Work, flow: FlowId, node: &NodeId, day: u32, more: &Counts) -> Result<(), StoreError> {
    for day in [ALL_DAYS, day] {
        let key = key(flow, day, node);
        let mut counts = NODE_COUNTS.get(work, &key)?.unwrap_or_default();
        counts.add(more);
        NODE_COUNTS.put(work, &key, &counts)?;
    }
    Ok(())
}

/// The counts of every node of a flow, from a day on; `None` is since ever.
pub fn of_flow(read: &impl Read, flow: FlowId, since: Option<u32>) -> Result<BTreeMap<NodeId, Counts>, StoreError> {
    let from = keys::under(flow, &[&since.unwrap_or(ALL_DAYS).to_be_bytes()]);
    let to = match since {
        Some(_) => keys::end(&flow.to_key()),
        None => keys::under(flow, &[&(ALL_DAYS + 1).to_be_bytes()]),
    };
    let mut found: BTreeMap<NodeId, Counts> = BTreeMap::new();
    for (key, counts) in NODE_COUNTS.scan(read, &from, &to, usize::MAX)? {
        found.entry(node_of(&key)?).or_default().add(&counts);
    }
    Ok(found)
}

/// How many arrived at any node and how many left, day by day from `since` on: for the small curve of a flow.
pub fn by_day(read: &impl Read, flow: FlowId, since: u32) -> Result<BTreeMap<u32, Counts>, StoreError> {
    let (from, to) = (keys::under(flow, &[&since.max(1).to_be_bytes()]), keys::end(&flow.to_key()));
    let mut days: BTreeMap<u32, Counts> = BTreeMap::new();
    for (key, counts) in NODE_COUNTS.scan(read, &from, &to, usize::MAX)? {
        let day = key.get(ID_BYTES..ID_BYTES + 4).and_then(|day| day.try_into().ok()).ok_or_else(|| NODE_COUNTS.bad_key(&key))?;
        days.entry(u32::from_be_bytes(day)).or_default().add(&counts);
    }
    Ok(days)
}

/// How many runs stand at each node of a flow now.
pub fn waiting(read: &impl Read, flow: FlowId) -> Result<BTreeMap<NodeId, u64>, StoreError> {
    tallies::waiting_of(read, flow)
}

/// How many runs stand at a node now.
pub fn waiting_at(read: &impl Read, flow: FlowId, node: &NodeId) -> Result<u64, StoreError> {
    tallies::get(read, Tally::Waiting(flow, node))
}

/// Drops the rows of single days before `day`; tells how many.
pub fn drop_days_before(work: &mut Work, flow: FlowId, day: u32) -> Result<usize, StoreError> {
    let (from, to) = (keys::under(flow, &[&(ALL_DAYS + 1).to_be_bytes()]), keys::under(flow, &[&day.to_be_bytes()]));
    let rows = work.scan(Family::NodeCounts, &from, &to, super::days::DROP_ROWS_MAX)?;
    let count = rows.len();
    rows.into_iter().for_each(|(key, _)| NODE_COUNTS.del(work, &key));
    Ok(count)
}

/// Forgets everything counted in a flow.
pub fn delete(work: &mut Work, flow: FlowId) -> Result<(), StoreError> {
    NODE_COUNTS.del_under(work, &flow.to_key())
}

fn key(flow: FlowId, day: u32, node: &NodeId) -> Bytes {
    keys::under(flow, &[&day.to_be_bytes(), node.0.as_bytes()])
}

fn node_of(key: &[u8]) -> Result<NodeId, StoreError> {
    let name = key.get(ID_BYTES + 4..).and_then(|name| std::str::from_utf8(name).ok());
    name.map(|name| NodeId(name.to_owned())).ok_or_else(|| NODE_COUNTS.bad_key(key))
}
