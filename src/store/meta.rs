//! The facts about the file itself: its schema, its name, its epoch and its clock.

use super::catalogue::META;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// What the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The shape of its rows: the number of upgrades that made it.
    pub schema: u32,
    /// Its name, by chance, given once: tells two files apart.
    pub file: [u8; 16],
    /// Rises with every restore.
    pub epoch: u64,
    /// The latest time this file has seen: its clock never goes back behind it (RUN-10).
    pub last_now: Time,
    /// When it was made.
    pub created: Time,
    /// Whether the owner exists.
    pub setup_done: bool,
    /// The key of the secrets, wrapped by the recovery phrase.
    pub wrapped_key: Option<Vec<u8>>,
    /// The build that last wrote the file's facts.
    pub build: String,
}

/// The facts; what a file says that has none is empty.
pub fn get(read: &impl Read) -> Result<Meta, StoreError> {
    Ok(META.get(read, &keys::key(read.shard(), &[]))?.unwrap_or_default())
}

/// Sets the facts.
pub fn put(work: &mut Work, meta: &Meta) -> Result<(), StoreError> {
    META.put(work, &keys::key(work.shard(), &[]), meta)
}

/// Moves the file's clock on; it never goes back.
pub fn advance(work: &mut Work, now: Time) -> Result<(), StoreError> {
    let mut meta = get(work)?;
    if now > meta.last_now {
        meta.last_now = now;
        put(work, &meta)?;
    }
    Ok(())
}
