//! Filters of the list of runs that somebody gave a name.

use super::catalogue::RUN_VIEWS;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::run_match::SavedView;

/// Views kept at most.
pub const VIEWS_MAX: usize = 50;
/// Bytes of a name at most: it is the key.
pub const NAME_BYTES_MAX: usize = 80;

/// All of them, in order of name.
pub fn all(read: &impl Read) -> Result<Vec<SavedView>, StoreError> {
    Ok(RUN_VIEWS.under(read, &keys::key(read.shard(), &[]))?.into_iter().map(|(_, view)| view).collect())
}

/// Stores one; the one of the same name goes.
pub fn put(work: &mut Work, view: &SavedView) -> Result<(), StoreError> {
    let key = keys::key(work.shard(), &[view.name.as_bytes()]);
    RUN_VIEWS.put(work, &key, view)
}

/// Forgets the one of this name.
pub fn delete(work: &mut Work, name: &str) {
    let key = keys::key(work.shard(), &[name.as_bytes()]);
    RUN_VIEWS.del(work, &key);
}
