//! Segments by name.

use super::catalogue::SEGMENTS;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::segment::Segment;

/// The segment of this name.
pub fn get(read: &impl Read, name: &str) -> Result<Option<Segment>, StoreError> {
    SEGMENTS.get(read, &keys::key(read.shard(), &[name.as_bytes()]))
}

/// All of them, by name.
pub fn all(read: &impl Read) -> Result<Vec<Segment>, StoreError> {
    let rows = SEGMENTS.under(read, &keys::key(read.shard(), &[]))?;
    Ok(rows.into_iter().map(|(_, segment)| segment).collect())
}

/// Stores one under its name.
pub fn put(work: &mut Work, segment: &Segment) -> Result<(), StoreError> {
    let key = keys::key(work.shard(), &[segment.name.as_bytes()]);
    SEGMENTS.put(work, &key, segment)
}

/// Removes one.
pub fn delete(work: &mut Work, name: &str) {
    let key = keys::key(work.shard(), &[name.as_bytes()]);
    SEGMENTS.del(work, &key);
}
