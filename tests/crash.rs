//! Power cuts and failing disks: what was acknowledged is there, nothing is there in part, and the file always opens.

use crate::kit::disk::{ERRNOS, Failing, Failure, Ram, Recorder};
use crate::kit::engine::{OPTIONS, born};
use crate::kit::sample::{NOW, contact, done, effect, message, outbox, over, run};
use flusso::base::id::{FlowId, Id, Shard};
use flusso::base::time::Span;
use flusso::model::message::Direction;
use flusso::store::check::verify;
use flusso::store::{Reader, Store, StoreError, Work, contacts, history, messages, outbox as rows, runs};

/// One group of a small day: what step `number` puts, over many families.
fn step(work: &mut Work, number: u64) -> Result<(), StoreError> {
    let (person, it) = (work.mint()?, work.mint()?);
    contacts::put(work, &contact(person, &format!("39333{number:06}")))?;
    let said = work.mint()?;
    messages::seen(work, flusso::base::id::ChannelId::new(Shard(0), 1), "text", &format!("wamid.{number}"), NOW)?;
    messages::put(work, &message(said, person, Direction::In, Some(&format!("wamid.{number}"))))?;
    let due = NOW + Span::HOUR.times(number as i64);
    runs::put(work, &run(it, person, FlowId::new(Shard(0), 1), Some(due)))?;
    history::append(work, it, &done("m1"))?;
    let row = outbox(work.mint()?, person, effect(it, 1, 0));
    rows::insert(work, &row)?;
    if number.is_multiple_of(3) {
        let old = runs::list_live(work, None, 1)?;
        old.into_iter().try_for_each(|old| runs::put(work, &over(old)))?;
    }
    Ok(())
}

fn digest(reader: &Reader) -> [u8; 32] {
    let report = verify(&reader.view().unwrap());
    assert!(report.is_sound(), "{:?}", report.faults);
    report.digest
}

/// What the data is after each number of steps, by a store that nothing happens to.
fn expected(began: &[u8], steps: u64) -> Vec<[u8; 32]> {
    let (reader, mut writer) = Store::on_disk(Ram::of(began.to_vec()), &OPTIONS).unwrap().split();
    let mut digests = vec![digest(&reader)];
    for number in 1..=steps {
        let mut work = writer.work().unwrap();
        step(&mut work, number).unwrap();
        writer.commit(work).unwrap();
        digests.push(digest(&reader));
    }
    digests
}

#[test]
fn after_a_power_cut_all_that_was_acknowledged_is_there_and_nothing_in_part() {
    const STEPS: u64 = 40;
    let began = born();
    let expected = expected(&began, STEPS);
    let disk = Recorder::on(began);
    let (_reader, mut writer) = Store::on_disk(disk.clone(), &OPTIONS).unwrap().split();
    let mut acknowledged = Vec::new();
    for number in 1..=STEPS {
        let mut work = writer.work().unwrap();
        step(&mut work, number).unwrap();
        writer.commit(work).unwrap();
        acknowledged.push(disk.place());
    }
    let mut images = 0;
    disk.sweep(3, |place, image| {
        images += 1;
        let acked = acknowledged.iter().filter(|at| **at <= place).count();
        let started = (acked + 1).min(STEPS as usize);
        let (reader, _writer) = Store::on_disk(Ram::of(image), &OPTIONS).expect("it always opens").split();
        let found = digest(&reader);
        assert!(expected[acked..=started].contains(&found), "at {place}: not the data of step {acked} or {started}");
    });
    println!("{images} images");
    assert!(images > 1_000, "the sweep must be worth its name: {images}");
}

/// Runs the day on a disk that fails, reopening after each error as the writer does; tells how many steps were answered with an error
/// and were there all the same.
fn day_on(disk: &Failing, store: Store, steps: u64, expected: &[[u8; 32]]) -> usize {
    let (reader, mut writer) = store.split();
    let (mut done, mut surprises) = (0, 0);
    while done < steps {
        let outcome = writer.work().and_then(|mut work| {
            step(&mut work, done + 1)?;
            writer.commit(work)
        });
        match outcome {
            Ok(()) => done += 1,
            Err(StoreError::Unknown(_) | StoreError::Unavailable { .. } | StoreError::Corrupt { .. }) => {
                disk.heal();
                writer.reopen().expect("a healed disk opens");
                let found = digest(&reader);
                let there = expected[done as usize..].iter().take(2).position(|digest| *digest == found);
                let there = there.unwrap_or_else(|| panic!("after {done} steps the data is of none of the possible ones"));
                surprises += there;
                done += there as u64;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(digest(&reader), expected[steps as usize]);
    surprises
}

#[test]
fn whatever_the_disk_answers_what_was_acknowledged_is_there_after_reopening() {
    const STEPS: u64 = 8;
    let began = born();
    let expected = expected(&began, STEPS);
    let never = Failure { at: 0, errno: 5, sticky: false };
    let whole = Failing::on(began.clone(), never);
    day_on(&whole, Store::on_disk(whole.clone(), &OPTIONS).unwrap(), STEPS, &expected);
    let (mut days, mut surprises) = (0, 0);
    for at in 1..=whole.asked() {
        for sticky in [false, true] {
            let errno = ERRNOS[(at + usize::from(sticky)) % ERRNOS.len()];
            let disk = Failing::on(began.clone(), Failure { at, errno, sticky });
            let store = Store::on_disk(disk.clone(), &OPTIONS).or_else(|_| {
                disk.heal();
                Store::on_disk(disk.clone(), &OPTIONS)
            });
            surprises += day_on(&disk, store.expect("a healed disk opens"), STEPS, &expected);
            days += 1;
        }
    }
    println!("{days} days, {surprises} commits answered with an error and there all the same");
    assert!(days > 300, "{days}");
}
