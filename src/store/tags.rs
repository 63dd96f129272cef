//! Defined tags by name.

use super::catalogue::TAGS;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::tag::Tag;

/// The tag of this name.
pub fn get(read: &impl Read, name: &str) -> Result<Option<Tag>, StoreError> {
    TAGS.get(read, &keys::key(read.shard(), &[name.as_bytes()]))
}

/// All of them, by name.
pub fn all(read: &impl Read) -> Result<Vec<Tag>, StoreError> {
    let rows = TAGS.under(read, &keys::key(read.shard(), &[]))?;
    Ok(rows.into_iter().map(|(_, tag)| tag).collect())
}

/// Stores one under its name.
pub fn put(work: &mut Work, tag: &Tag) -> Result<(), StoreError> {
    let key = keys::key(work.shard(), &[tag.name.as_bytes()]);
    TAGS.put(work, &key, tag)
}

/// Removes one.
pub fn delete(work: &mut Work, name: &str) {
    let key = keys::key(work.shard(), &[name.as_bytes()]);
    TAGS.del(work, &key);
}
