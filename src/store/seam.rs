//! The seam between what Flusso keeps and the engine that keeps it: snapshot reads and one atomic conditional batch, bytes in and
//! bytes out (reliability.md 3). Knows no nouns.

use super::catalogue::Family;
use super::error::StoreError;
use crate::base::id::Shard;

/// A key or a value.
pub type Bytes = Vec<u8>;

/// The digest of a value, for comparing before applying.
pub type Hash = [u8; 32];

/// A key and its value, in key order where there are several.
pub type Row = (Bytes, Bytes);

/// The digest of a value.
pub fn hash(value: &[u8]) -> Hash {
    *blake3::hash(value).as_bytes()
}

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Sets a value.
    Put(Family, Bytes, Bytes),
    /// Removes a value; none there is no error.
    Del(Family, Bytes),
    /// Sets a value unless there is one; the answer tells which were skipped.
    InsertIfAbsent(Family, Bytes, Bytes),
    /// Applies the batch only if the value at this key has this digest, or is absent.
    Expect(Family, Bytes, Option<Hash>),
}

impl Op {
    /// The key it is about.
    pub fn key(&self) -> &[u8] {
        match self {
            Op::Put(_, key, _) | Op::Del(_, key) | Op::InsertIfAbsent(_, key, _) | Op::Expect(_, key, _) => key,
        }
    }

    /// The family it is about.
    pub fn family(&self) -> Family {
        match self {
            Op::Put(family, ..) | Op::Del(family, _) | Op::InsertIfAbsent(family, ..) | Op::Expect(family, ..) => *family,
        }
    }
}

/// What is applied together or not at all. Every expectation looks at the data as it was before the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The shard every key of it begins with.
    pub shard: Shard,
    /// The lease under which it was made; an embedded engine has one owner and ignores it.
    pub fence: u64,
    /// What is done, in this order.
    pub ops: Vec<Op>,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The places of the insertions that found a value.
    pub skipped: Vec<usize>,
}

/// How an engine fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether it takes work; otherwise it must be reopened.
    pub open: bool,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes that it takes of the disk: less than its length where it has holes.
    pub used_bytes: u64,
    /// Bytes free where the file lies; `None` where nobody can say.
    pub free_bytes: Option<u64>,
    /// Bytes in all where the file lies; `None` where nobody can say.
    pub total_bytes: Option<u64>,
}

/// An engine.
pub trait Seam: Send + Sync {
    /// Consistent reads of what is committed now.
    fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>, StoreError>;
    /// Applies a batch; durable when it answers. `StoreError::Unknown` leaves open whether it happened.
    fn commit(&self, batch: Batch) -> Result<Applied, StoreError>;
    /// How it fares.
    fn health(&self) -> Health;
    /// Closes what is open and opens it again. Snapshots made before are of no use afterwards.
    fn reopen(&self) -> Result<(), StoreError>;
    /// Closes for good, telling what went wrong.
    fn close(&self) -> Result<(), StoreError>;
}

/// Consistent reads of one moment.
pub trait Snapshot: Send + Sync {
    /// The value at a key.
    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError>;
    /// The values at several keys, in their order.
    fn get_many(&self, family: Family, keys: &[Bytes]) -> Result<Vec<Option<Bytes>>, StoreError>;
    /// Rows from `from` to before `to`, ascending, at most `limit`.
    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError>;
    /// The same rows from their end: descending, at most `limit`.
    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError>;
    /// How many rows a family has, as the engine counts them, over all shards.
    fn count(&self, family: Family) -> Result<u64, StoreError>;
}
