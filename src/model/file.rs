//! A file kept in the store: what is known of it beside its bytes.

use super::node::MediaKind;
use crate::base::id::FileId;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// A stored file, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMeta {
    /// Its id.
    pub id: FileId,
    /// Its name, as whoever gave it called it; never a path.
    pub name: String,
    /// Its type by its first bytes, as `image/png`.
    pub mime: String,
    /// What it is to a message.
    pub kind: MediaKind,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// The BLAKE3 digest of its bytes: two files with one digest are one.
    pub hash: [u8; 32],
    /// When it was stored.
    pub created: Time,
    /// The unguessable last part of the address at which a provider fetches it.
    pub token: String,
}
