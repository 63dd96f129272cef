//! When each schedule came last, so that no occurrence comes twice and a restart repeats none.

use super::catalogue::{SCHEDULES, TALLIES};
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::FlowId;
use crate::base::time::Time;
use crate::model::node::NodeId;

/// When this schedule came last, or was armed.
pub fn last(read: &impl Read, flow: FlowId, trigger: &NodeId) -> Result<Option<Time>, StoreError> {
    SCHEDULES.get(read, &keys::under(flow, &[trigger.0.as_bytes()]))
}

/// Notes that it came, or was armed.
pub fn put(work: &mut Work, flow: FlowId, trigger: &NodeId, at: Time) -> Result<(), StoreError> {
    SCHEDULES.put(work, &keys::under(flow, &[trigger.0.as_bytes()]), &at)
}

/// Notes which rules of time zones this program knows; tells whether the file was written by one that knew others.
pub fn zones_changed(work: &mut Work, known: &str) -> Result<bool, StoreError> {
    let (key, number) = (keys::key(work.shard(), &[b"zones"]), u64::from(crc32fast::hash(known.as_bytes())));
    let before = TALLIES.get(work, &key)?;
    if before == Some(number) {
        return Ok(false);
    }
    TALLIES.put(work, &key, &number)?;
    Ok(before.is_some())
}
