//! Families whose keys are random by nature and therefore led by the day: only a day's pages are hot, and old days go.

use super::catalogue::Family;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::Shard;

/// Rows that one call drops at most, so that a commit stays short.
pub const DROP_ROWS_MAX: usize = 5_000;

/// Longest tail that stands in a key as it is; a longer one stands there as its digest.
const TAIL_BYTES_MAX: usize = 200;

/// The key of a day. The parts of the tail are told apart by their lengths.
pub(super) fn key(shard: Shard, day: u32, parts: &[&[u8]]) -> Bytes {
    let mut tail = Vec::new();
    for part in parts {
        tail.extend((part.len() as u32).to_be_bytes());
        tail.extend_from_slice(part);
    }
    if tail.len() > TAIL_BYTES_MAX {
        tail = blake3::hash(&tail).as_bytes().to_vec();
    }
    keys::key(shard, &[&day.to_be_bytes(), &tail])
}

/// The days that have rows, newest first: one look each.
pub(super) fn present(read: &impl Read, family: Family) -> Result<Vec<u32>, StoreError> {
    let prefix = keys::key(read.shard(), &[]);
    let mut to = keys::end(&prefix);
    let mut days = Vec::new();
    while let Some((key, _)) = read.scan_down(family, &prefix, &to, 1)?.into_iter().next() {
        let Some(day) = key.get(2..6).and_then(|day| day.try_into().ok()) else {
            break;
        };
        days.push(u32::from_be_bytes(day));
        to = keys::key(read.shard(), &[&day]);
    }
    Ok(days)
}

/// Drops rows of days before `day`, at most `DROP_ROWS_MAX`; tells how many.
pub(super) fn drop_before(work: &mut Work, family: Family, day: u32) -> Result<usize, StoreError> {
    let (from, to) = (keys::key(work.shard(), &[]), keys::key(work.shard(), &[&day.to_be_bytes()]));
    let rows = work.scan(family, &from, &to, DROP_ROWS_MAX)?;
    let count = rows.len();
    rows.into_iter().for_each(|(key, _)| work.del(family, key));
    Ok(count)
}
