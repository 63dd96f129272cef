//! The owner's settings, one row.

use super::catalogue::SETTINGS;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::model::settings::Settings;

/// The settings; the defaults where none were set.
pub fn get(read: &impl Read) -> Result<Settings, StoreError> {
    Ok(SETTINGS.get(read, &keys::key(read.shard(), &[]))?.unwrap_or_default())
}

/// Sets them.
pub fn put(work: &mut Work, settings: &Settings) -> Result<(), StoreError> {
    SETTINGS.put(work, &keys::key(work.shard(), &[]), settings)
}
