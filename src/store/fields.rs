//! Defined fields by name.

use super::catalogue::FIELDS;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::field::Field;

/// The field of this name.
pub fn get(read: &impl Read, name: &str) -> Result<Option<Field>, StoreError> {
    FIELDS.get(read, &keys::key(read.shard(), &[name.as_bytes()]))
}

/// All of them, by name.
pub fn all(read: &impl Read) -> Result<Vec<Field>, StoreError> {
    let rows = FIELDS.under(read, &keys::key(read.shard(), &[]))?;
    Ok(rows.into_iter().map(|(_, field)| field).collect())
}

/// Stores one under its name.
pub fn put(work: &mut Work, field: &Field) -> Result<(), StoreError> {
    let key = keys::key(work.shard(), &[field.name.as_bytes()]);
    FIELDS.put(work, &key, field)
}

/// Removes one.
pub fn delete(work: &mut Work, name: &str) {
    let key = keys::key(work.shard(), &[name.as_bytes()]);
    FIELDS.del(work, &key);
}
