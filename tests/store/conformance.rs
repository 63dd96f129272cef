//! What every engine does alike, at the seam itself: bytes in, bytes out.

use crate::kit::disk::Ram;
use flusso::base::id::Shard;
use flusso::store::StoreError;
use flusso::store::catalogue::Family;
use flusso::store::memory::Memory;
use flusso::store::redb::{Origin, Redb};
use flusso::store::seam::{Batch, Bytes, Op, Seam, hash};

const FAMILY: Family = Family::Contacts;

fn engines() -> [Box<dyn Seam>; 2] {
    let redb = Redb::open(Origin::Disk(Ram::of(Vec::new())), 1 << 20).unwrap();
    [Box::<Memory>::default(), Box::new(redb)]
}

fn key(shard: u16, rest: &str) -> Bytes {
    [&shard.to_be_bytes(), rest.as_bytes()].concat()
}

fn commit(engine: &dyn Seam, shard: u16, ops: Vec<Op>) -> Result<Vec<usize>, StoreError> {
    engine.commit(Batch { shard: Shard(shard), fence: 0, ops }).map(|applied| applied.skipped)
}

fn put(shard: u16, rest: &str, value: &str) -> Op {
    Op::Put(FAMILY, key(shard, rest), value.as_bytes().to_vec())
}

fn all(engine: &dyn Seam) -> Vec<(Bytes, Bytes)> {
    engine.snapshot(Shard(0)).unwrap().scan(FAMILY, &[], &[0xff; 8], 100).unwrap()
}

#[test]
fn a_batch_is_applied_in_order_and_seen_as_a_whole() {
    for engine in engines() {
        let ops = vec![put(0, "b", "1"), put(0, "a", "2"), put(0, "b", "3"), Op::Del(FAMILY, key(0, "a")), put(3, "c", "4")];
        assert_eq!(commit(engine.as_ref(), 0, ops), Ok(vec![]));
        assert_eq!(all(engine.as_ref()), [(key(0, "b"), b"3".to_vec()), (key(3, "c"), b"4".to_vec())]);
        let snapshot = engine.snapshot(Shard(0)).unwrap();
        assert_eq!(snapshot.get_many(FAMILY, &[key(3, "c"), key(0, "a")]), Ok(vec![Some(b"4".to_vec()), None]));
        assert_eq!(snapshot.count(FAMILY), Ok(2));
        assert_eq!(snapshot.count(Family::Runs), Ok(0));
    }
}

#[test]
fn a_snapshot_does_not_move() {
    for engine in engines() {
        commit(engine.as_ref(), 0, vec![put(0, "a", "1")]).unwrap();
        let snapshot = engine.snapshot(Shard(0)).unwrap();
        commit(engine.as_ref(), 0, vec![put(0, "a", "2"), put(0, "b", "3")]).unwrap();
        assert_eq!(snapshot.get(FAMILY, &key(0, "a")), Ok(Some(b"1".to_vec())));
        assert_eq!(snapshot.scan(FAMILY, &key(0, ""), &key(1, ""), 9).unwrap().len(), 1);
    }
}

#[test]
fn a_range_begins_with_its_start_ends_before_its_end_and_keeps_its_limit() {
    for engine in engines() {
        commit(engine.as_ref(), 0, ["a", "b", "c", "d"].map(|rest| put(0, rest, rest)).to_vec()).unwrap();
        let snapshot = engine.snapshot(Shard(0)).unwrap();
        let names = |rows: Vec<(Bytes, Bytes)>| rows.into_iter().map(|(key, _)| char::from(key[2])).collect::<String>();
        let up = |from: &str, to: &str, limit| names(snapshot.scan(FAMILY, &key(0, from), &key(0, to), limit).unwrap());
        let down = |from: &str, to: &str, limit| names(snapshot.scan_down(FAMILY, &key(0, from), &key(0, to), limit).unwrap());
        assert_eq!((up("a", "d", 9), up("b", "z", 2), up("c", "c", 9), up("d", "a", 9)), ("abc".into(), "bc".into(), "".into(), "".into()));
        assert_eq!((down("a", "d", 9), down("a", "z", 2), down("d", "a", 9)), ("cba".into(), "dc".into(), "".into()));
    }
}

#[test]
fn an_expectation_that_fails_stops_the_whole_batch() {
    for engine in engines() {
        commit(engine.as_ref(), 0, vec![put(0, "a", "1")]).unwrap();
        let expect = |rest: &str, wanted: Option<&str>| Op::Expect(FAMILY, key(0, rest), wanted.map(|value| hash(value.as_bytes())));
        for bad in [expect("a", Some("2")), expect("a", None), expect("b", Some("1"))] {
            // The order does not matter: it looks at the data before the batch.
            let ops = vec![put(0, "a", "2"), put(0, "b", "1"), bad];
            assert_eq!(commit(engine.as_ref(), 0, ops), Err(StoreError::Conflict));
            assert_eq!(all(engine.as_ref()), [(key(0, "a"), b"1".to_vec())]);
        }
        let ops = vec![put(0, "a", "2"), expect("a", Some("1")), expect("b", None)];
        assert_eq!(commit(engine.as_ref(), 0, ops), Ok(vec![]));
    }
}

#[test]
fn an_insertion_that_finds_a_value_is_skipped_and_told() {
    for engine in engines() {
        commit(engine.as_ref(), 0, vec![put(0, "a", "1")]).unwrap();
        let insert = |rest: &str| Op::InsertIfAbsent(FAMILY, key(0, rest), b"new".to_vec());
        assert_eq!(commit(engine.as_ref(), 0, vec![insert("b"), insert("a"), insert("b")]), Ok(vec![1, 2]));
        assert_eq!(all(engine.as_ref()), [(key(0, "a"), b"1".to_vec()), (key(0, "b"), b"new".to_vec())]);
    }
}

#[test]
fn reopening_keeps_what_was_committed() {
    for engine in engines() {
        commit(engine.as_ref(), 0, vec![put(0, "a", "1")]).unwrap();
        engine.reopen().unwrap();
        assert!(engine.health().open);
        assert_eq!(all(engine.as_ref()).len(), 1);
        commit(engine.as_ref(), 0, vec![put(0, "b", "1")]).unwrap();
    }
}

#[test]
fn what_was_open_before_reopening_hurts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let engine = Redb::create(&path, 1 << 20).unwrap();
    commit(&engine, 0, vec![put(0, "a", "1")]).unwrap();
    let old = engine.snapshot(Shard(0)).unwrap();
    engine.reopen().unwrap();
    let answer = old.get(FAMILY, &key(0, "a"));
    assert!(matches!(answer, Ok(Some(_)) | Err(StoreError::Unavailable { .. })), "{answer:?}");
    commit(&engine, 0, vec![put(0, "a", "2")]).unwrap();
    let answer = old.get(FAMILY, &key(0, "a"));
    assert!(answer == Ok(Some(b"1".to_vec())) || matches!(answer, Err(StoreError::Unavailable { .. })), "{answer:?}");
    engine.close().unwrap();
    assert!(!engine.health().open);
    assert!(matches!(engine.snapshot(Shard(0)).err(), Some(StoreError::Unavailable { .. })));
    assert!(matches!(commit(&engine, 0, vec![]), Err(StoreError::Unavailable { .. })));
}
