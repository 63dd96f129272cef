//! A second engine, in memory and gone with the process: for tests and the simulator. It keeps nothing on a disk.

use super::catalogue::Family;
use super::error::StoreError;
use super::seam::{Applied, Batch, Bytes, Health, Op, Row, Seam, Snapshot, hash};
use crate::base::id::Shard;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The rows of every family. A family is copied when it changes while somebody still reads it.
#[derive(Clone)]
struct Rows(Vec<Arc<BTreeMap<Bytes, Bytes>>>);

impl Rows {
    fn of(&self, family: Family) -> &BTreeMap<Bytes, Bytes> {
        &self.0[family as usize]
    }

    fn change(&mut self, family: Family) -> &mut BTreeMap<Bytes, Bytes> {
        Arc::make_mut(&mut self.0[family as usize])
    }
}

/// The engine.
pub struct Memory(RwLock<Rows>);

impl Default for Memory {
    fn default() -> Memory {
        Memory(RwLock::new(Rows(vec![Arc::default(); Family::ALL.len()])))
    }
}

impl Seam for Memory {
    fn snapshot(&self, _: Shard) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(self.0.read().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    fn commit(&self, batch: Batch) -> Result<Applied, StoreError> {
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for op in &batch.ops {
            if let Op::Expect(family, key, wanted) = op
                && rows.of(*family).get(key).map(|value| hash(value)) != *wanted
            {
                return Err(StoreError::Conflict);
            }
        }
        let mut applied = Applied::default();
        for (place, op) in batch.ops.into_iter().enumerate() {
            match op {
                Op::Put(family, key, value) => drop(rows.change(family).insert(key, value)),
                Op::Del(family, key) => drop(rows.change(family).remove(&key)),
                Op::InsertIfAbsent(family, key, _) if rows.of(family).contains_key(&key) => applied.skipped.push(place),
                Op::InsertIfAbsent(family, key, value) => drop(rows.change(family).insert(key, value)),
                Op::Expect(..) => {}
            }
        }
        Ok(applied)
    }

    fn health(&self) -> Health {
        Health { open: true, ..Health::default() }
    }

    fn reopen(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Snapshot for Rows {
    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(self.of(family).get(key).cloned())
    }

    fn get_many(&self, family: Family, keys: &[Bytes]) -> Result<Vec<Option<Bytes>>, StoreError> {
        Ok(keys.iter().map(|key| self.of(family).get(key).cloned()).collect())
    }

    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let range = self.of(family).range(from.to_vec()..to.to_vec());
        Ok(range.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let range = self.of(family).range(from.to_vec()..to.to_vec());
        Ok(range.rev().take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn count(&self, family: Family) -> Result<u64, StoreError> {
        Ok(self.of(family).len() as u64)
    }
}
