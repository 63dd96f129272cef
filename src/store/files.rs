//! Files in pieces, by id, by digest and by token.

use super::catalogue::{FILE_CHUNKS, FILE_TOKENS, FILES, FILES_BY_HASH};
use super::codec::Plain;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::{FileId, Id};
use crate::model::file::FileMeta;

/// Bytes of one piece: a few pages of the engine, so that a file neither needs one huge page nor thousands of rows.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Stores a file with its bytes.
pub fn put(work: &mut Work, meta: &FileMeta, bytes: &[u8]) -> Result<(), StoreError> {
    delete(work, meta.id)?;
    for (number, chunk) in bytes.chunks(CHUNK_BYTES).enumerate() {
        FILE_CHUNKS.put(work, &keys::under(meta.id, &[&(number as u32).to_be_bytes()]), &Plain(chunk.to_vec()))?;
    }
    FILES_BY_HASH.put(work, &keys::key(meta.id.shard(), &[&meta.hash]), &meta.id)?;
    FILE_TOKENS.put(work, &keys::key(meta.id.shard(), &[meta.token.as_bytes()]), &meta.id)?;
    FILES.put(work, &meta.id.to_key(), meta)
}

/// What is known of a file.
pub fn meta(read: &impl Read, id: FileId) -> Result<Option<FileMeta>, StoreError> {
    FILES.get(read, &id.to_key())
}

/// The bytes of a file, all of them; a missing piece is damage.
pub fn read(read: &impl Read, id: FileId) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(meta) = meta(read, id)? else {
        return Ok(None);
    };
    let mut bytes = Vec::with_capacity(meta.size_bytes as usize);
    for (_, Plain(chunk)) in FILE_CHUNKS.under(read, &id.to_key())? {
        bytes.extend(chunk);
    }
    if bytes.len() as u64 == meta.size_bytes { Ok(Some(bytes)) } else { Err(FILE_CHUNKS.missing(&id.to_key())) }
}

/// The file with these bytes.
pub fn by_hash(read: &impl Read, hash: &[u8; 32]) -> Result<Option<FileId>, StoreError> {
    FILES_BY_HASH.get(read, &keys::key(read.shard(), &[hash]))
}

/// The file at the address with this token.
pub fn by_token(read: &impl Read, token: &str) -> Result<Option<FileId>, StoreError> {
    FILE_TOKENS.get(read, &keys::key(read.shard(), &[token.as_bytes()]))
}

/// A page of files in order of id.
pub fn list(read: &impl Read, after: Option<FileId>, limit: usize) -> Result<Vec<FileMeta>, StoreError> {
    FILES.list(read, after, limit)
}

/// Removes a file and its bytes.
pub fn delete(work: &mut Work, id: FileId) -> Result<(), StoreError> {
    let Some(meta) = meta(work, id)? else {
        return Ok(());
    };
    let by_hash = keys::key(id.shard(), &[&meta.hash]);
    if FILES_BY_HASH.get(work, &by_hash)? == Some(id) {
        FILES_BY_HASH.del(work, &by_hash);
    }
    FILE_TOKENS.del(work, &keys::key(id.shard(), &[meta.token.as_bytes()]));
    FILE_CHUNKS.del_under(work, &id.to_key())?;
    FILES.del(work, &id.to_key());
    Ok(())
}
