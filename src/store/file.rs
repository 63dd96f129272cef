//! The file as the system sees it: looking at one before anything opens it, making one, and how much room is left. Knows no rows.

use super::error::OpenError;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The first bytes of every file of the engine.
const MAGIC: [u8; 9] = *b"redb\x1a\x0a\xa9\x0d\x0a";

/// Opens a file for reading and makes sure that it is one of ours, so that nothing else is ever handed to the engine.
pub fn inspect(path: &Path) -> Result<File, OpenError> {
    let metadata = path.metadata().map_err(|error| refusal(path, &error))?;
    if !metadata.is_file() {
        return Err(OpenError::NotAFile(path.to_owned()));
    }
    let mut file = File::open(path).map_err(|error| refusal(path, &error))?;
    let mut head = Vec::new();
    (&mut file).take(MAGIC.len() as u64).read_to_end(&mut head).map_err(|error| refusal(path, &error))?;
    match head.as_slice() {
        [] => Err(OpenError::Empty(path.to_owned())),
        head if head == MAGIC => Ok(file),
        head if MAGIC.starts_with(head) => Err(OpenError::Truncated(path.to_owned())),
        _ => Err(OpenError::Foreign(path.to_owned())),
    }
}

/// Makes a file that only its owner reads and writes. One that exists is refused.
pub fn create_new(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600).open(path).map_err(|error| match error.kind() {
        // What is missing is the folder.
        io::ErrorKind::NotFound => OpenError::Missing(folder(path).to_owned()),
        _ => refusal(path, &error),
    })
}

/// Removes what an interrupted try left under a temporary name, unless somebody is at it now.
pub fn clear(path: &Path) {
    if File::open(path).is_ok_and(|left| left.try_lock().is_ok()) {
        // If it cannot be removed, making the new one says so.
        let _ = std::fs::remove_file(path);
    }
}

/// The folder of a file.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The system's reasons, in ours.
pub fn refusal(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::Missing(path),
        io::ErrorKind::AlreadyExists => OpenError::Exists(path),
        io::ErrorKind::PermissionDenied => OpenError::NoPermission(path),
        io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly(path),
        io::ErrorKind::IsADirectory => OpenError::NotAFile(path),
        io::ErrorKind::UnexpectedEof => OpenError::Truncated(path),
        io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => OpenError::InUse(path),
        io::ErrorKind::InvalidData => OpenError::Damaged { path, why: error.to_string() },
        _ => OpenError::Io { path, why: error.to_string() },
    }
}

/// Puts a finished file in its place, without ever covering one that is there, and makes the folder remember it.
pub fn settle(from: &Path, to: &Path) -> Result<(), OpenError> {
    match std::fs::hard_link(from, to) {
        Ok(()) => std::fs::remove_file(from).map_err(|error| refusal(from, &error))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(OpenError::Exists(to.to_owned())),
        // Some file systems have no links; then a look before the rename must do.
        Err(_) if to.exists() => return Err(OpenError::Exists(to.to_owned())),
        Err(_) => std::fs::rename(from, to).map_err(|error| refusal(to, &error))?,
    }
    sync_folder(to)
}

/// Makes the folder of a file durable.
pub fn sync_folder(path: &Path) -> Result<(), OpenError> {
    let folder = folder(path);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| refusal(folder, &error))
}

/// Bytes of a file, and those that it takes of the disk.
pub fn size(path: &Path) -> Option<(u64, u64)> {
    let metadata = path.metadata().ok()?;
    // The unit of `blocks` is 512 bytes wherever Linux runs (stat(2)).
    Some((metadata.len(), metadata.blocks().saturating_mul(512)))
}

/// Bytes free, and bytes in all, where a file lies.
pub fn space(path: &Path) -> Option<(u64, u64)> {
    let system = rustix::fs::statvfs(path).ok()?;
    Some((system.f_bavail.saturating_mul(system.f_frsize), system.f_blocks.saturating_mul(system.f_frsize)))
}

/// A name in the same folder, for something that belongs to the file.
pub fn beside(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}
