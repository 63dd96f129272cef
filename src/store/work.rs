//! A group of changes in the making: one snapshot, and the changes that are not applied yet. Becomes one batch.

use super::catalogue::{COUNTERS, Family};
use super::error::StoreError;
use super::keys;
use super::seam::{Batch, Bytes, Hash, Op, Row, Seam, Snapshot, hash};
use crate::base::id::{Id, Shard};
use std::collections::BTreeMap;

/// Whatever rows can be read from. A value may wait in memory or lie in the engine; who reads cannot tell.
pub trait Read {
    /// The shard whose rows are read.
    fn shard(&self) -> Shard;
    /// The value at a key.
    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError>;
    /// Rows from `from` to before `to`, ascending, at most `limit`.
    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError>;
    /// The same rows from their end: descending, at most `limit`.
    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError>;
}

/// One consistent snapshot. Short-lived: the engine keeps every page that it can still see (ST-8).
pub struct View {
    shard: Shard,
    snapshot: Box<dyn Snapshot>,
}

impl View {
    pub(super) fn new(seam: &dyn Seam, shard: Shard) -> Result<View, StoreError> {
        Ok(View { shard, snapshot: seam.snapshot(shard)? })
    }

    /// How many rows a family has, as the engine counts them, over all shards.
    pub fn count(&self, family: Family) -> Result<u64, StoreError> {
        self.snapshot.count(family)
    }
}

impl Read for View {
    fn shard(&self) -> Shard {
        self.shard
    }
    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.snapshot.get(family, key)
    }
    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        self.snapshot.scan(family, from, to, limit)
    }
    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        self.snapshot.scan_down(family, from, to, limit)
    }
}

/// A value that is not applied yet; `None` is a removal.
type Pending = Option<Bytes>;

/// How to undo one change of a work.
enum Undo {
    Change(Family, Bytes, Option<Pending>),
    Guard(Family, Bytes),
}

/// A place in a work to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

/// One snapshot plus the changes of this group. Its reads look into the changes first.
pub struct Work {
    shard: Shard,
    snapshot: Box<dyn Snapshot>,
    pending: Vec<BTreeMap<Bytes, Pending>>,
    guards: BTreeMap<(Family, Bytes), Option<Hash>>,
    undo: Vec<Undo>,
}

impl Work {
    pub(super) fn new(seam: &dyn Seam, shard: Shard) -> Result<Work, StoreError> {
        Ok(Work {
            shard,
            snapshot: seam.snapshot(shard)?,
            pending: vec![BTreeMap::new(); Family::ALL.len()],
            guards: BTreeMap::new(),
            undo: Vec::new(),
        })
    }

    /// A fresh id: the next of its noun in this shard.
    pub fn mint<I: Id>(&mut self) -> Result<I, StoreError> {
        let key = keys::key(self.shard, &[I::NOUN.as_bytes()]);
        let last = COUNTERS.get(self, &key)?.unwrap_or(0);
        COUNTERS.put(self, &key, &(last + 1))?;
        Ok(I::new(self.shard, last + 1))
    }

    /// The place reached so far.
    pub fn mark(&self) -> Mark {
        Mark(self.undo.len())
    }

    /// Undoes all changes made after `mark`, minted ids included.
    pub fn roll_back(&mut self, mark: Mark) {
        while self.undo.len() > mark.0 {
            match self.undo.pop() {
                Some(Undo::Change(family, key, Some(before))) => drop(self.pending[family as usize].insert(key, before)),
                Some(Undo::Change(family, key, None)) => drop(self.pending[family as usize].remove(&key)),
                Some(Undo::Guard(family, key)) => drop(self.guards.remove(&(family, key))),
                None => return,
            }
        }
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.pending.iter().all(BTreeMap::is_empty)
    }

    pub(super) fn put(&mut self, family: Family, key: Bytes, value: Bytes) {
        self.change(family, key, Some(value));
    }

    pub(super) fn del(&mut self, family: Family, key: Bytes) {
        self.change(family, key, None);
    }

    /// Sets a value unless there is one; tells whether it did. The answer is guarded: were it wrong by the time of the commit,
    /// nothing is applied.
    pub(super) fn insert_if_absent(&mut self, family: Family, key: Bytes, value: Bytes) -> Result<bool, StoreError> {
        if self.get(family, &key)?.is_some() {
            return Ok(false);
        }
        self.guard(family, &key)?;
        self.put(family, key, value);
        Ok(true)
    }

    /// Applies this work only if the value at this key is still what the snapshot shows.
    pub(super) fn guard(&mut self, family: Family, key: &[u8]) -> Result<(), StoreError> {
        if !self.guards.contains_key(&(family, key.to_vec())) {
            let seen = self.snapshot.get(family, key)?.map(|value| hash(&value));
            self.guards.insert((family, key.to_vec()), seen);
            self.undo.push(Undo::Guard(family, key.to_vec()));
        }
        Ok(())
    }

    fn change(&mut self, family: Family, key: Bytes, value: Pending) {
        let before = self.pending[family as usize].insert(key.clone(), value);
        self.undo.push(Undo::Change(family, key, before));
    }

    /// The one batch that applies all of it.
    pub(super) fn into_batch(self) -> Batch {
        let guards = self.guards.into_iter().map(|((family, key), seen)| Op::Expect(family, key, seen));
        let changes = Family::ALL.iter().zip(self.pending).flat_map(|(family, changes)| {
            changes.into_iter().map(|(key, value)| match value {
                Some(value) => Op::Put(*family, key, value),
                None => Op::Del(*family, key),
            })
        });
        Batch { shard: self.shard, fence: 0, ops: guards.chain(changes).collect() }
    }

    /// Rows of the snapshot and pending ones, laid into each other in the order of `before`.
    fn merge(stored: Vec<Row>, pending: Vec<(&Bytes, &Pending)>, before: fn(&[u8], &[u8]) -> bool, limit: usize) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut stored = stored.into_iter().peekable();
        let mut pending = pending.into_iter().peekable();
        while rows.len() < limit {
            let take_stored = match (stored.peek(), pending.peek()) {
                (None, None) => break,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some((old, _)), Some((new, _))) if old == *new => {
                    stored.next();
                    continue;
                }
                (Some((old, _)), Some((new, _))) => before(old, new),
            };
            if take_stored {
                rows.extend(stored.next());
            } else if let Some((key, Some(value))) = pending.next() {
                rows.push((key.clone(), value.clone()));
            }
        }
        rows
    }

    /// How many stored rows a page needs so that `limit` are left when the removed ones are taken away.
    fn enough(limit: usize, pending: &[(&Bytes, &Pending)]) -> usize {
        limit.saturating_add(pending.iter().filter(|(_, value)| value.is_none()).count())
    }
}

impl Read for Work {
    fn shard(&self) -> Shard {
        self.shard
    }

    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        match self.pending[family as usize].get(key) {
            Some(pending) => Ok(pending.clone()),
            None => self.snapshot.get(family, key),
        }
    }

    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let pending: Vec<_> = self.pending[family as usize].range(from.to_vec()..to.to_vec()).collect();
        let stored = self.snapshot.scan(family, from, to, Work::enough(limit, &pending))?;
        Ok(Work::merge(stored, pending, |old, new| old < new, limit))
    }

    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let pending: Vec<_> = self.pending[family as usize].range(from.to_vec()..to.to_vec()).rev().collect();
        let stored = self.snapshot.scan_down(family, from, to, Work::enough(limit, &pending))?;
        Ok(Work::merge(stored, pending, |old, new| old > new, limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::RunId;
    use crate::store::memory::Memory;
    use proptest::prelude::*;

    const FAMILY: Family = Family::Contacts;

    /// What may be done to a work.
    #[derive(Clone, Debug)]
    enum Act {
        Put(u8, u8),
        Del(u8),
        Insert(u8, u8),
        Mint,
        Mark,
        RollBack,
        Commit,
        Look(u8, u8, usize),
    }

    fn act() -> impl Strategy<Value = Act> {
        let key = 0_u8..8;
        prop_oneof![
            (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Put(key, value)),
            key.clone().prop_map(Act::Del),
            (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Insert(key, value)),
            Just(Act::Mint),
            Just(Act::Mark),
            Just(Act::RollBack),
            Just(Act::Commit),
            (key.clone(), key, 0_usize..5).prop_map(|(from, to, limit)| Act::Look(from, to, limit)),
        ]
    }

    type Naive = (BTreeMap<u8, u8>, u64);

    fn rows(rows: Vec<Row>) -> Vec<(u8, u8)> {
        rows.into_iter().map(|(key, value)| (key[0], value[0])).collect()
    }

    /// Does one act to both; the marks are the copies of the naive one.
    fn act_on(engine: &Memory, work: &mut Work, naive: &mut Naive, marks: &mut Vec<(Mark, Naive)>, act: Act) {
        match act {
            Act::Put(key, value) => {
                work.put(FAMILY, vec![key], vec![value]);
                naive.0.insert(key, value);
            }
            Act::Del(key) => {
                work.del(FAMILY, vec![key]);
                naive.0.remove(&key);
            }
            Act::Insert(key, value) => {
                let inserted = work.insert_if_absent(FAMILY, vec![key], vec![value]).expect("memory");
                assert_eq!(inserted, !naive.0.contains_key(&key));
                naive.0.entry(key).or_insert(value);
            }
            Act::Mint => {
                naive.1 += 1;
                assert_eq!(work.mint::<RunId>().expect("an id").sequence(), naive.1);
            }
            Act::Mark => marks.push((work.mark(), naive.clone())),
            Act::RollBack => {
                if let Some((mark, then)) = marks.pop() {
                    work.roll_back(mark);
                    *naive = then;
                }
            }
            Act::Commit => {
                let done = std::mem::replace(work, Work::new(engine, Shard(0)).expect("work"));
                engine.commit(done.into_batch()).expect("committed");
                *work = Work::new(engine, Shard(0)).expect("work");
                marks.clear();
            }
            Act::Look(from, to, limit) => {
                let there: Vec<_> = naive.0.iter().filter(|(key, _)| (from..to).contains(key)).map(|(key, value)| (*key, *value)).collect();
                let up: Vec<_> = there.iter().take(limit).copied().collect();
                let down: Vec<_> = there.iter().rev().take(limit).copied().collect();
                assert_eq!(rows(work.scan(FAMILY, &[from], &[to], limit).expect("a scan")), up);
                assert_eq!(rows(work.scan_down(FAMILY, &[from], &[to], limit).expect("a scan")), down);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_work_reads_as_if_everything_were_done_at_once(acts in proptest::collection::vec(act(), 0..60)) {
            let engine = Memory::default();
            let mut work = Work::new(&engine, Shard(0)).expect("work");
            let (mut naive, mut marks) = (Naive::default(), Vec::new());
            for act in acts {
                act_on(&engine, &mut work, &mut naive, &mut marks, act);
                for key in 0..8 {
                    let got = work.get(FAMILY, &[key]).expect("a value").map(|value| value[0]);
                    prop_assert_eq!(got, naive.0.get(&key).copied());
                }
            }
        }
    }
}
