//! The archive of a set: a ZIP with the document and the files that its messages carry. Bytes in, bytes out; nothing here touches a disk.
//!
//! What we write is always the same for the same content: entries by name, stored as they are, all of one date. What we read may have
//! been packed by another program, and may be hostile: nothing of it is believed before it was checked.

mod pack;
mod unpack;

pub use pack::pack;
pub use unpack::Archive;

use crate::base::limits::{ARCHIVE_ENTRIES_MAX, SET_BYTES_MAX, UPLOAD_MAX};

/// The name of the document in an archive.
pub const DOCUMENT: &str = "flusso.json";
/// Where the files lie in an archive.
pub const FILES: &str = "files/";

/// The characters of a digest in a name.
const DIGEST_CHARS: usize = 64;

/// What a file is called in an archive, and in a document that leaves the house: by what it holds, then by its name.
pub fn file_name(digest: &[u8; 32], name: &str) -> String {
    format!("{FILES}{}-{name}", hex::encode(digest))
}

/// The digest and the name in such a name; nothing where it is none.
pub fn read_file_name(text: &str) -> Option<([u8; 32], &str)> {
    let rest = text.strip_prefix(FILES)?;
    let (digest, name) = (rest.get(..DIGEST_CHARS)?, rest.get(DIGEST_CHARS..)?.strip_prefix('-')?);
    let is_lower = digest.chars().all(|c| !c.is_ascii_uppercase());
    let bytes = hex::decode(digest).ok().filter(|_| is_lower && !name.is_empty() && !name.contains('/'))?;
    Some((bytes.try_into().ok()?, name))
}

/// Whether bytes begin as a ZIP does.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// What may be wrong with an archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum ArchiveFault {
    #[error("The archive has more than {} MiB, the most that is read. Export fewer automations at once.", SET_BYTES_MAX >> 20)]
    TooLarge,
    #[error("The archive breaks off or is damaged: it has no table of contents. Export it again, or send it again.")]
    Broken,
    #[error("The archive has {0} entries and {ARCHIVE_ENTRIES_MAX} at most are read.")]
    TooManyEntries(usize),
    #[error("The archive holds \"{0}\", which is no name for a file in it. It was not made by Flusso.")]
    BadName(String),
    #[error("The archive holds \"{0}\" twice. It was not made by Flusso.")]
    Twice(String),
    #[error("The archive holds \"{0}\", which is no part of a set. Take it out, or export the set again.")]
    Stranger(String),
    #[error("\"{0}\" in the archive is locked with a password. Pack it without one.")]
    Locked(String),
    #[error("\"{0}\" in the archive is packed in a way that is not read here. Pack it as an ordinary ZIP.")]
    UnknownPacking(String),
    #[error("\"{0}\" in the archive has more than {most} MiB, the most for one file.", most = UPLOAD_MAX >> 20)]
    EntryTooLarge(String),
    #[error("What the archive holds has more than {} MiB when unpacked. Export fewer automations at once.", SET_BYTES_MAX >> 20)]
    UnpacksTooLarge,
    #[error("Two entries of the archive share the same bytes, \"{0}\" is one of them. It was not made by Flusso.")]
    Overlap(String),
    #[error("\"{0}\" in the archive is damaged. Export the set again, or send it again.")]
    Damaged(String),
    #[error("The archive holds no {DOCUMENT}. Choose one that was exported by Flusso.")]
    NoDocument,
}
