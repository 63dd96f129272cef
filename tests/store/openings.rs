//! Files that can be used, and files that are refused without being touched (ST-4, ST-5).

use crate::kit::sample::{NOW, contact};
use flusso::base::id::ContactId;
use flusso::store::{Birth, OpenError, Options, Store, contacts, meta};
use std::path::{Path, PathBuf};

const BIRTH: Options = Options { cache_bytes: 4 << 20, birth: Some(Birth { file: [1; 16], now: NOW }) };
const PLAIN: Options = Options { cache_bytes: 4 << 20, birth: None };

fn with_one_contact(path: &Path) -> ContactId {
    let (_reader, mut writer) = Store::open(path, &BIRTH).unwrap().split();
    let mut work = writer.work().unwrap();
    let id = work.mint().unwrap();
    contacts::put(&mut work, &contact(id, "+39 333 1234567")).unwrap();
    writer.commit(work).unwrap();
    writer.close().unwrap();
    id
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let id = with_one_contact(&path);
    let (reader, _writer) = Store::open(&path, &PLAIN).unwrap().split();
    let view = reader.view().unwrap();
    let person = contacts::get(&view, id).unwrap().unwrap();
    assert_eq!(contacts::find(&view, &person.addresses[0].key()), Ok(Some(id)));
    let facts = meta::get(&view).unwrap();
    assert_eq!((facts.file, facts.created, facts.schema), ([1; 16], NOW, flusso::store::upgrade::SCHEMA));
    assert!(reader.health().free_bytes.is_some_and(|free| free > 0));
    let names: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["data.redb"], "nothing else is left in the folder");
}

#[test]
fn a_new_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    with_one_contact(&path);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_file_is_made_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    assert_eq!(Store::open(&path, &PLAIN).err(), Some(OpenError::Missing(path.clone())));
    let nowhere = folder.path().join("no/data.redb");
    assert_eq!(Store::open(&nowhere, &BIRTH).err(), Some(OpenError::Missing(folder.path().join("no"))));
}

/// Opening must fail as told, for work and for checking, and leave every byte and the time of change as they were.
fn refused(path: &Path, expected: impl Fn(&OpenError) -> bool) {
    let before = (std::fs::read(path).ok(), path.metadata().unwrap().modified().unwrap());
    for error in [Store::open(path, &BIRTH).err(), Store::open(path, &PLAIN).err()] {
        let error = error.expect("refused");
        assert!(expected(&error), "{error:?}");
        assert!(!error.to_string().contains('\n'), "one line: {error}");
    }
    assert_eq!((std::fs::read(path).ok(), path.metadata().unwrap().modified().unwrap()), before);
    let others = path.parent().unwrap().read_dir().unwrap().count();
    assert_eq!(others, 1, "nothing was left beside it");
}

fn file_of(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("data.redb");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_file_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    refused(&file_of(&folder, &b"SQLite format 3\0".repeat(300)), |error| matches!(error, OpenError::Foreign(_)));
    refused(&file_of(&folder, b"x"), |error| matches!(error, OpenError::Foreign(_)));
}

#[test]
fn an_empty_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    refused(&file_of(&folder, b""), |error| matches!(error, OpenError::Empty(_)));
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data.redb")).unwrap();
    refused(&folder.path().join("data.redb"), |error| matches!(error, OpenError::NotAFile(_)));
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    with_one_contact(&path);
    let whole = std::fs::read(&path).unwrap();
    for len in [5, 9, 100, 4096, 8192, 12_288, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        refused(&file_of(&folder, &whole[..len]), |error| matches!(error, OpenError::Truncated(_) | OpenError::Damaged { .. }));
    }
}

#[test]
fn a_database_of_another_program_in_the_same_engine_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let engine = flusso::store::redb::Redb::create(&path, 1 << 20).unwrap();
    flusso::store::seam::Seam::close(&engine).unwrap();
    refused(&path, |error| matches!(error, OpenError::Foreign(_)));
}

#[test]
fn a_file_of_a_newer_build_is_refused_with_both_versions_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let (_reader, mut writer) = Store::open(&path, &BIRTH).unwrap().split();
    let mut work = writer.work().unwrap();
    meta::put(&mut work, &meta::Meta { schema: 99, ..meta::Meta::default() }).unwrap();
    writer.commit(work).unwrap();
    writer.close().unwrap();
    refused(&path, |error| matches!(error, OpenError::Newer { found: 99, known: flusso::store::upgrade::SCHEMA, .. }));
}

#[test]
fn a_file_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let (_reader, _writer) = Store::open(&path, &BIRTH).unwrap().split();
    assert_eq!(Store::open(&path, &PLAIN).err(), Some(OpenError::InUse(path.clone())));
    assert_eq!(flusso::store::check::check(&path), Err(OpenError::InUse(path)));
}

#[test]
fn a_file_not_closed_in_order_opens_with_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("data.redb"), folder.path().join("copy.redb"));
    let (_reader, mut writer) = Store::open(&path, &BIRTH).unwrap().split();
    let mut work = writer.work().unwrap();
    let id: ContactId = work.mint().unwrap();
    contacts::put(&mut work, &contact(id, "+39 333 1234567")).unwrap();
    writer.commit(work).unwrap();
    // What a power cut leaves: nothing is written while nobody commits.
    std::fs::copy(&path, &copy).unwrap();
    let before = std::fs::read(&copy).unwrap();
    let report = flusso::store::check::check(&copy).unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(report.counts["contacts"], 1);
    assert!(std::fs::read(&copy).unwrap() == before, "checking changed the file");
    let (reader, _writer) = Store::open(&copy, &PLAIN).unwrap().split();
    assert!(contacts::get(&reader.view().unwrap(), id).unwrap().is_some());
}
