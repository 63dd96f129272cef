//! Snapshots: one file that is the backup, verified before it has its name.

use crate::kit::disk::Ram;
use crate::kit::sample::{NOW, contact};
use flusso::base::id::ContactId;
use flusso::base::time::{Span, Time};
use flusso::store::backup::{self, restore, snapshot};
use flusso::store::check::check;
use flusso::store::{Birth, OpenError, Options, Store, StoreError, contacts, meta, settings};
use std::path::Path;

const OPTIONS: Options = Options { cache_bytes: 4 << 20, birth: Some(Birth { file: [1; 16], now: NOW }) };

fn with_contacts(path: &Path, count: u32) -> (flusso::store::Reader, impl FnMut(u32) + use<>) {
    let (reader, mut writer) = Store::open(path, &OPTIONS).unwrap().split();
    let mut add = move |count: u32| {
        let mut work = writer.work().unwrap();
        for number in 0..count {
            let id: ContactId = work.mint().unwrap();
            contacts::put(&mut work, &contact(id, &format!("39333{id}{number:06}"))).unwrap();
        }
        writer.commit(work).unwrap();
    };
    add(count);
    (reader, add)
}

#[test]
fn a_snapshot_holds_what_was_there_when_it_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("snapshot.redb");
    let (reader, mut add) = with_contacts(&folder.path().join("data.redb"), 2_500);
    let live = backup::scrub(&reader).unwrap();
    let report = snapshot(&reader, &to, NOW, "1.2.3").unwrap();
    add(10);
    assert_eq!(report.digest, live.digest, "every record of every family");
    assert_eq!((report.counts["contacts"], report.damaged.len()), (2_500, 0));
    assert_eq!(report.bytes, to.metadata().unwrap().len());
    let found = check(&to).unwrap();
    assert!(found.is_sound(), "{:?}", found.faults);
    assert_eq!((found.digest, found.counts["contacts"]), (report.digest, 2_500));
    let facts = found.snapshot.expect("it says what it is");
    assert_eq!((facts.taken, facts.build.as_str(), facts.schema), (NOW, "1.2.3", flusso::store::upgrade::SCHEMA));
    let names = folder.path().read_dir().unwrap().count();
    assert_eq!(names, 2, "nothing but the file and its snapshot");
}

#[test]
fn a_snapshot_is_private_and_covers_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("snapshot.redb");
    let (reader, _add) = with_contacts(&folder.path().join("data.redb"), 1);
    snapshot(&reader, &to, NOW, "1").unwrap();
    assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&to).unwrap();
    assert_eq!(snapshot(&reader, &to, NOW, "1"), Err(StoreError::Open(OpenError::Exists(to.clone()))));
    assert!(std::fs::read(&to).unwrap() == before);
}

#[test]
fn a_snapshot_to_nowhere_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, _add) = with_contacts(&folder.path().join("data.redb"), 1);
    let to = folder.path().join("no").join("snapshot.redb");
    assert!(matches!(snapshot(&reader, &to, NOW, "1"), Err(StoreError::Open(OpenError::Missing(_)))));
}

#[test]
fn a_snapshot_that_was_changed_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("snapshot.redb");
    let (reader, _add) = with_contacts(&folder.path().join("data.redb"), 50);
    snapshot(&reader, &to, NOW, "1").unwrap();
    let mut bytes = std::fs::read(&to).unwrap();
    let place = bytes.windows(5).position(|part| part == b"39333").unwrap();
    bytes[place] ^= 1;
    let changed = folder.path().join("changed.redb");
    std::fs::write(&changed, bytes).unwrap();
    let found = check(&changed).unwrap();
    assert!(!found.is_sound());
}

#[test]
fn a_restored_file_opens_paused_in_a_new_epoch_and_the_old_one_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data.redb"), folder.path().join("snapshot.redb"));
    let (reader, mut add) = with_contacts(&data, 3);
    snapshot(&reader, &to, NOW, "1").unwrap();
    add(2);
    let later = NOW + Span::DAY;
    assert_eq!(restore(&to, &data, later, &OPTIONS, true), Err(StoreError::Open(OpenError::InUse(data.clone()))));
    drop((reader, add));
    let kept = restore(&to, &data, later, &OPTIONS, true).unwrap().kept.expect("the old file");
    let count = |path: &Path| {
        let (reader, _writer) = Store::open(path, &OPTIONS).unwrap().split();
        let view = reader.view().unwrap();
        (contacts::count(&view).unwrap(), meta::get(&view).unwrap().epoch, settings::get(&view).unwrap().paused)
    };
    assert_eq!(count(&data), (3, 1, true));
    assert_eq!(count(&data), (3, 1, true), "opening it again changes nothing");
    assert_eq!(count(&kept), (5, 0, false));
    assert!(check(&to).unwrap().snapshot.is_some(), "the snapshot stays what it is");
}

#[test]
fn a_damaged_snapshot_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data.redb"), folder.path().join("snapshot.redb"));
    let (reader, add) = with_contacts(&data, 3);
    snapshot(&reader, &to, Time(1), "1").unwrap();
    drop((reader, add));
    let mut bytes = std::fs::read(&to).unwrap();
    let place = bytes.windows(5).position(|part| part == b"39333").unwrap();
    bytes[place] ^= 1;
    std::fs::write(&to, bytes).unwrap();
    let before = std::fs::read(&data).unwrap();
    assert!(restore(&to, &data, NOW, &OPTIONS, true).is_err());
    assert!(std::fs::read(&data).unwrap() == before);
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn what_an_interrupted_snapshot_left_is_in_nobody_s_way() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data.redb"), folder.path().join("snapshot.redb"));
    std::fs::write(folder.path().join("data.redb.new"), b"half").unwrap();
    std::fs::write(folder.path().join("snapshot.redb.part"), b"half").unwrap();
    let (reader, _add) = with_contacts(&data, 1);
    snapshot(&reader, &to, NOW, "1").unwrap();
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn a_damaged_record_is_told_and_left_out() {
    let disk = Ram::of(Vec::new());
    let (_reader, mut writer) = Store::on_disk(disk.clone(), &OPTIONS).unwrap().split();
    let mut work = writer.work().unwrap();
    for number in ["393331111111", "393332222222"] {
        let id: ContactId = work.mint().unwrap();
        contacts::put(&mut work, &contact(id, number)).unwrap();
    }
    writer.commit(work).unwrap();
    writer.close().unwrap();
    let mut bytes = disk.bytes();
    let mut flipped = 0;
    for at in 0..bytes.len() - 12 {
        if &bytes[at..at + 12] == b"393332222222" {
            bytes[at + 3] ^= 1;
            flipped += 1;
        }
    }
    assert!(flipped > 0);
    let (reader, _writer) = Store::on_disk(Ram::of(bytes), &OPTIONS).unwrap().split();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("snapshot.redb");
    let report = snapshot(&reader, &to, NOW, "1").unwrap();
    assert!(report.damaged.iter().any(|words| words.contains("contacts")), "{:?}", report.damaged);
    assert_eq!(report.counts["contacts"], 1);
    assert!(check(&to).unwrap().is_sound());
}

#[test]
fn a_scrub_finds_nothing_wrong_with_a_sound_store() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, _add) = with_contacts(&folder.path().join("data.redb"), 3);
    let report = backup::scrub(&reader).unwrap();
    assert!(report.is_sound());
    assert_eq!(report.counts["addresses"], 3);
}
