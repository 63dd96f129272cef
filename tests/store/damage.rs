//! Bits that flip by themselves (ST-6): what is read is right, or somebody is told.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, hush_contained_panics};
use crate::kit::sample::{contact, message, run};
use flusso::base::id::{ContactId, FlowId, Id, MessageId, RunId, Shard};
use flusso::model::message::Direction;
use flusso::store::check::verify;
use flusso::store::{Store, contacts, messages, runs};

const PEOPLE: u64 = 120;

fn ids(number: u64) -> (ContactId, MessageId, RunId) {
    (ContactId::new(Shard(0), number), MessageId::new(Shard(0), number), RunId::new(Shard(0), number))
}

fn sound() -> Vec<u8> {
    let disk = Ram::of(Vec::new());
    let (_reader, mut writer) = Store::on_disk(disk.clone(), &OPTIONS).unwrap().split();
    for number in 1..=PEOPLE {
        let mut work = writer.work().unwrap();
        let (person, said, it) = ids(number);
        contacts::put(&mut work, &contact(person, &format!("39333{number:06}"))).unwrap();
        messages::put(&mut work, &message(said, person, Direction::In, None)).unwrap();
        runs::put(&mut work, &run(it, person, FlowId::new(Shard(0), 1), None)).unwrap();
        writer.commit(work).unwrap();
    }
    writer.close().unwrap();
    disk.bytes()
}

/// How reading everything went: how many rows were wrong, missing, and told to be damaged.
fn read_all(reader: &flusso::store::Reader) -> (usize, usize, usize) {
    let (mut wrong, mut missing, mut told) = (0, 0, 0);
    let Ok(view) = reader.view() else {
        return (0, 0, 1);
    };
    let mut count = |outcome: Result<Option<bool>, flusso::store::StoreError>| match outcome {
        Ok(Some(true)) => {}
        Ok(Some(false)) => wrong += 1,
        Ok(None) => missing += 1,
        Err(_) => told += 1,
    };
    for number in 1..=PEOPLE {
        let (person, said, it) = ids(number);
        let expected = contact(person, &format!("39333{number:06}"));
        count(contacts::get(&view, person).map(|found| found.map(|found| found == expected)));
        let expected = message(said, person, Direction::In, None);
        count(messages::get(&view, said).map(|found| found.map(|found| found == expected)));
        let expected = run(it, person, FlowId::new(Shard(0), 1), None);
        count(runs::get(&view, it).map(|found| found.map(|found| found == expected)));
    }
    (wrong, missing, told)
}

#[test]
fn a_flipped_bit_is_harmless_or_reported() {
    let whole = sound();
    hush_contained_panics();
    let mut tally = [0; 4];
    for seed in 0..600 {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut bytes = whole.clone();
        for _ in 0..chance.usize(1..=3) {
            let at = chance.usize(..bytes.len());
            bytes[at] ^= 1 << chance.u8(..8);
        }
        let Ok(store) = Store::on_disk(Ram::of(bytes), &OPTIONS) else {
            tally[0] += 1;
            continue;
        };
        let (reader, _writer) = store.split();
        let (wrong, missing, told) = read_all(&reader);
        assert_eq!(wrong, 0, "seed {seed} read a wrong value");
        if told > 0 {
            tally[1] += 1;
        } else if missing > 0 {
            let report = verify(&reader.view().unwrap());
            assert!(!report.is_sound(), "seed {seed}: {missing} rows are gone and nobody says so");
            tally[2] += 1;
        } else {
            tally[3] += 1;
        }
    }
    println!("not opened {}, told on reading {}, told on checking {}, harmless {}", tally[0], tally[1], tally[2], tally[3]);
    assert!(tally[1] > 50 && tally[2] > 0, "the loop must hit what it is about: {tally:?}");
}
