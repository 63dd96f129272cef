//! Fields and tags that are known by name.

use super::catalogue::{FIELDS, TAGS};
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::field::{Field, Tag};

/// All fields, by name.
pub fn all(read: &impl Read) -> Result<Vec<Field>, StoreError> {
    let rows = FIELDS.under(read, &keys::key(read.shard(), &[]))?;
    Ok(rows.into_iter().map(|(_, field)| field).collect())
}

/// All tags, by name.
pub fn tags(read: &impl Read) -> Result<Vec<Tag>, StoreError> {
    let rows = TAGS.under(read, &keys::key(read.shard(), &[]))?;
    Ok(rows.into_iter().map(|(_, tag)| tag).collect())
}

/// Stores a field unless one of its name is there; tells whether it did.
pub fn add(work: &mut Work, field: &Field) -> Result<bool, StoreError> {
    let key = keys::key(work.shard(), &[field.name.as_bytes()]);
    FIELDS.insert(work, &key, field)
}

/// Stores a tag unless it is there; tells whether it did.
pub fn add_tag(work: &mut Work, tag: &Tag) -> Result<bool, StoreError> {
    let key = keys::key(work.shard(), &[tag.name.as_bytes()]);
    TAGS.insert(work, &key, tag)
}
