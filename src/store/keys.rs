//! How keys are put together: the shard first, then what ascends. Knows no families.

use super::seam::Bytes;
use crate::base::id::{ID_BYTES, Id, Shard};
use crate::base::time::Time;

/// A shard and what follows.
pub fn key(shard: Shard, parts: &[&[u8]]) -> Bytes {
    let mut key = shard.0.to_be_bytes().to_vec();
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

/// An id and what follows.
pub fn under(id: impl Id, parts: &[&[u8]]) -> Bytes {
    let mut key = id.to_key().to_vec();
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

/// The first key after all that begin with `prefix`.
pub fn end(prefix: &[u8]) -> Bytes {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    // Nothing but 0xff bytes: no key of ours is that long.
    vec![u8::MAX; prefix.len() + 64]
}

/// The first key after `key` itself.
pub fn next(key: &[u8]) -> Bytes {
    let mut next = key.to_vec();
    next.push(0);
    next
}

/// Where a page of keys beginning with `prefix` goes on: after the last key seen, or at the start.
pub fn from(prefix: &[u8], after: Option<&[u8]>) -> Bytes {
    after.map_or_else(|| prefix.to_vec(), next)
}

/// A time that sorts as bytes, also before 1970.
pub fn time(time: Time) -> [u8; 8] {
    (time.0 as u64 ^ 1 << 63).to_be_bytes()
}

/// The time in such bytes.
pub fn read_time(bytes: [u8; 8]) -> Time {
    Time((u64::from_be_bytes(bytes) ^ 1 << 63) as i64)
}

/// The id that ends a key after a prefix of `skip` bytes.
pub fn id_at<I: Id>(key: &[u8], skip: usize) -> Option<I> {
    key.get(skip..skip + ID_BYTES).and_then(I::from_key)
}
