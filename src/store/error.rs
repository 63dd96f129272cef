//! What can go wrong in the store, told as what the caller may rely on afterwards. How a page says it is the web's.

use crate::base::time::Span;
use std::path::PathBuf;

/// What a failed operation of the store means. Each answer says what is true of the data afterwards.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Nothing was applied: what the work had read has changed. Read again.
    #[error("the data changed meanwhile")]
    Conflict,
    /// Nothing was applied: another node owns the shard now. Drop the shard's memory.
    #[error("another node owns this data now")]
    LostOwnership,
    /// It may or may not have been applied. Drop memory, reopen, read again.
    #[error("the store failed, and whether the last change is there is only known after reopening it: {0}")]
    Unknown(String),
    /// Nothing was applied: there is no room.
    #[error("the disk is full")]
    Full,
    /// A record does not say what was written. The record is named.
    #[error("a record of {family} is damaged (key {key}): {why}")]
    Corrupt {
        /// The family it belongs to.
        family: &'static str,
        /// Its key, in hexadecimal.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing was applied: the store is broken or closed and must be reopened first.
    #[error("the store is not open just now")]
    Unavailable {
        /// When asking again is worth it.
        retry_after: Span,
    },
    /// Nothing was applied: this record cannot be written down.
    #[error("a record of {family} cannot be stored: {why}")]
    Unwritable {
        /// The family it was meant for.
        family: &'static str,
        /// Why.
        why: String,
    },
    /// A secret does not open with this key.
    #[error("the key beside the data does not open this secret")]
    Sealed,
    /// The file could not be opened again.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Why a file cannot be used as it is. The file is untouched; a command ends with 78.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is none, and none was to be made.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// There is one already, where a new one was to be made.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// The system does not allow it.
    #[error("{0}: permission denied; the program must be able to read and write it")]
    NoPermission(PathBuf),
    /// It lies on a file system that cannot be written.
    #[error("{0} lies on a read-only file system")]
    ReadOnly(PathBuf),
    /// It is a folder, a device or the like.
    #[error("{0} is not a file")]
    NotAFile(PathBuf),
    /// It has no bytes.
    #[error("{0} is empty; remove it to begin anew, or restore a snapshot")]
    Empty(PathBuf),
    /// It belongs to another program.
    #[error("{0} is not a file of Flusso")]
    Foreign(PathBuf),
    /// Its end is missing.
    #[error("{0} is cut short; restore a snapshot")]
    Truncated(PathBuf),
    /// Its insides are broken.
    #[error("{path} is damaged ({why}); restore a snapshot")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// Another process has it open.
    #[error("{0} is in use by another running Flusso")]
    InUse(PathBuf),
    /// A newer build wrote it.
    #[error("{path} has schema {found}; this build knows up to {known}: use a newer build")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema in the file.
        found: u32,
        /// The newest schema this build knows.
        known: u32,
    },
    /// The system refused for another reason.
    #[error("{path}: {why}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
}

impl OpenError {
    /// The same reason, told of the file behind what was opened.
    pub(super) fn at(self, file: &std::path::Path) -> OpenError {
        let path = file.to_owned();
        match self {
            OpenError::Missing(_) => OpenError::Missing(path),
            OpenError::Exists(_) => OpenError::Exists(path),
            OpenError::NoPermission(_) => OpenError::NoPermission(path),
            OpenError::ReadOnly(_) => OpenError::ReadOnly(path),
            OpenError::NotAFile(_) => OpenError::NotAFile(path),
            OpenError::Empty(_) => OpenError::Empty(path),
            OpenError::Foreign(_) => OpenError::Foreign(path),
            OpenError::Truncated(_) => OpenError::Truncated(path),
            OpenError::Damaged { why, .. } => OpenError::Damaged { path, why },
            OpenError::InUse(_) => OpenError::InUse(path),
            OpenError::Newer { found, known, .. } => OpenError::Newer { path, found, known },
            OpenError::Io { why, .. } => OpenError::Io { path, why },
        }
    }
}
