//! What a draft said before each change of it, so that changes are taken back one by one, and made again.

use super::catalogue::{DRAFTS_BACK, DRAFTS_ON};
use super::error::StoreError;
use super::flows::Draft;
use super::keys;
use super::table::Table;
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id};
use crate::model::flow::Flow;

/// Steps of a flow that are kept each way; beyond them the oldest is forgotten.
pub const STEPS_MAX: u64 = 200;

/// Which way a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To what the draft said before.
    Back,
    /// To what it said before that was taken back.
    On,
}

impl Way {
    /// The other one.
    pub const fn opposite(self) -> Way {
        match self {
            Way::Back => Way::On,
            Way::On => Way::Back,
        }
    }

    const fn table(self) -> Table<Draft> {
        match self {
            Way::Back => DRAFTS_BACK,
            Way::On => DRAFTS_ON,
        }
    }
}

/// Keeps what a draft said, as the newest step this way.
pub fn push(work: &mut Work, way: Way, id: FlowId, flow: &Flow) -> Result<(), StoreError> {
    let table = way.table();
    let number = newest(work, way, id)?.map_or(1, |(number, _)| number + 1);
    if let Some(old) = number.checked_sub(STEPS_MAX) {
        table.del(work, &keys::under(id, &[&old.to_be_bytes()]));
    }
    table.put(work, &keys::under(id, &[&number.to_be_bytes()]), &Draft(flow.clone()))
}

/// Takes the newest step this way.
pub fn pop(work: &mut Work, way: Way, id: FlowId) -> Result<Option<Flow>, StoreError> {
    let Some((number, flow)) = newest(work, way, id)? else { return Ok(None) };
    way.table().del(work, &keys::under(id, &[&number.to_be_bytes()]));
    Ok(Some(flow))
}

/// Whether there is a step this way.
pub fn has(read: &impl Read, way: Way, id: FlowId) -> Result<bool, StoreError> {
    Ok(newest(read, way, id)?.is_some())
}

/// Forgets every step this way.
pub fn forget(work: &mut Work, way: Way, id: FlowId) -> Result<(), StoreError> {
    way.table().del_under(work, &id.to_key())
}

fn newest(read: &impl Read, way: Way, id: FlowId) -> Result<Option<(u64, Flow)>, StoreError> {
    let (table, prefix) = (way.table(), id.to_key());
    let last = table.scan_down(read, &prefix, &keys::end(&prefix), 1)?.pop();
    last.map(|(key, Draft(flow))| {
        let number = key.last_chunk().map(|number| u64::from_be_bytes(*number)).ok_or_else(|| table.bad_key(&key))?;
        Ok((number, flow))
    })
    .transpose()
}
