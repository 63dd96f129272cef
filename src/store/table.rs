//! A family with the type of its rows: bytes become rows here and nowhere else. What the rows mean is said by the nouns.

use super::catalogue::Family;
use super::codec::{self, Record};
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::Id;
use std::marker::PhantomData;

/// A family whose rows are `T`.
pub struct Table<T> {
    family: Family,
    row: PhantomData<fn() -> T>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Table<T> {
        *self
    }
}

impl<T> Copy for Table<T> {}

impl<T: Record> Table<T> {
    /// The table of a family. Made by the catalogue alone, so that no family has two kinds of rows.
    pub(super) const fn new(family: Family) -> Table<T> {
        Table { family, row: PhantomData }
    }

    /// The family.
    pub fn family(self) -> Family {
        self.family
    }

    /// The row at a key.
    pub fn get(self, read: &impl Read, key: &[u8]) -> Result<Option<T>, StoreError> {
        read.get(self.family, key)?.map(|value| self.open(key, &value)).transpose()
    }

    /// Whether there is a row at a key.
    pub fn has(self, read: &impl Read, key: &[u8]) -> Result<bool, StoreError> {
        Ok(read.get(self.family, key)?.is_some())
    }

    /// Sets the row at a key.
    pub fn put(self, work: &mut Work, key: &[u8], row: &T) -> Result<(), StoreError> {
        let value = codec::seal(self.family, key, row)?;
        work.put(self.family, key.to_vec(), value);
        Ok(())
    }

    /// Sets the row at a key unless there is one; tells whether it did.
    pub fn insert(self, work: &mut Work, key: &[u8], row: &T) -> Result<bool, StoreError> {
        let value = codec::seal(self.family, key, row)?;
        work.insert_if_absent(self.family, key.to_vec(), value)
    }

    /// Removes the row at a key.
    pub fn del(self, work: &mut Work, key: &[u8]) {
        work.del(self.family, key.to_vec());
    }

    /// Removes every row whose key begins with `prefix`.
    pub fn del_under(self, work: &mut Work, prefix: &[u8]) -> Result<(), StoreError> {
        for (key, _) in work.scan(self.family, prefix, &keys::end(prefix), usize::MAX)? {
            work.del(self.family, key);
        }
        Ok(())
    }

    /// Rows from `from` to before `to`, ascending.
    pub fn scan(self, read: &impl Read, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<(Bytes, T)>, StoreError> {
        self.open_all(read.scan(self.family, from, to, limit)?)
    }

    /// Rows from before `to` to `from`, descending.
    pub fn scan_down(self, read: &impl Read, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<(Bytes, T)>, StoreError> {
        self.open_all(read.scan_down(self.family, from, to, limit)?)
    }

    /// Every row whose key begins with `prefix`.
    pub fn under(self, read: &impl Read, prefix: &[u8]) -> Result<Vec<(Bytes, T)>, StoreError> {
        self.scan(read, prefix, &keys::end(prefix), usize::MAX)
    }

    /// A page of rows whose key begins with `prefix`, after the key `after`.
    pub fn page(self, read: &impl Read, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<(Bytes, T)>, StoreError> {
        self.scan(read, &keys::from(prefix, after), &keys::end(prefix), limit)
    }

    /// A page of the rows of this shard, for a family whose key is one id.
    pub fn list<I: Id>(self, read: &impl Read, after: Option<I>, limit: usize) -> Result<Vec<T>, StoreError> {
        let page = self.page(read, &keys::key(read.shard(), &[]), after.map(Id::to_key).as_ref().map(<[u8; 10]>::as_slice), limit)?;
        Ok(page.into_iter().map(|(_, row)| row).collect())
    }

    /// The row in these bytes, verified.
    pub fn open(self, key: &[u8], value: &[u8]) -> Result<T, StoreError> {
        codec::open(self.family, key, value)
    }

    /// The fault of a key that is not as this family writes them.
    pub fn bad_key(self, key: &[u8]) -> StoreError {
        StoreError::Corrupt { family: self.family.name(), key: hex::encode(key), why: "its key is not of this family".to_owned() }
    }

    /// The fault of a row that another row leads to and that is not there.
    pub fn missing(self, key: &[u8]) -> StoreError {
        StoreError::Corrupt {
            family: self.family.name(),
            key: hex::encode(key),
            why: "it is missing, though another row names it".to_owned(),
        }
    }

    fn open_all(self, rows: Vec<(Bytes, Bytes)>) -> Result<Vec<(Bytes, T)>, StoreError> {
        rows.into_iter().map(|(key, value)| self.open(&key, &value).map(|row| (key, row))).collect()
    }
}
