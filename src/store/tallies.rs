//! Numbers that would take long to count, kept beside what they count.

use super::catalogue::TALLIES;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id};

/// What is counted.
pub(super) enum Tally {
    Contacts,
    LiveRuns(FlowId),
}

impl Tally {
    fn key(&self, read: &impl Read) -> Bytes {
        match self {
            Tally::Contacts => keys::key(read.shard(), &[b"contacts"]),
            Tally::LiveRuns(flow) => keys::key(read.shard(), &[b"live_runs", &flow.to_key()]),
        }
    }
}

pub(super) fn get(read: &impl Read, tally: Tally) -> Result<u64, StoreError> {
    Ok(TALLIES.get(read, &tally.key(read))?.unwrap_or(0))
}

pub(super) fn add(work: &mut Work, tally: Tally, difference: i64) -> Result<(), StoreError> {
    let key = tally.key(work);
    let count = TALLIES.get(work, &key)?.unwrap_or(0).saturating_add_signed(difference);
    if count == 0 {
        TALLIES.del(work, &key);
        return Ok(());
    }
    TALLIES.put(work, &key, &count)
}
