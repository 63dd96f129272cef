//! What runs did, one entry per visit, in order.

use super::catalogue::HISTORY;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::{Id, RunId};
use crate::model::action::Done;

/// Adds an entry to a run's history.
pub fn append(work: &mut Work, run: RunId, done: &Done) -> Result<(), StoreError> {
    let prefix = run.to_key();
    let last = HISTORY.scan_down(work, &prefix, &keys::end(&prefix), 1)?;
    let number = last.first().and_then(|(key, _)| key.last_chunk()).map_or(0, |last| u32::from_be_bytes(*last) + 1);
    HISTORY.put(work, &keys::under(run, &[&number.to_be_bytes()]), done)
}

/// A run's history, oldest first.
pub fn of_run(read: &impl Read, run: RunId) -> Result<Vec<Done>, StoreError> {
    Ok(HISTORY.under(read, &run.to_key())?.into_iter().map(|(_, done)| done).collect())
}
