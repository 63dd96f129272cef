//! The command line: what it refuses, in how many words, with which exit code, and that a file it refuses is not touched.

use crate::kit::appliance::{Appliance, Said, flusso, init, run};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// One sentence on standard error, and nothing of a panic.
#[track_caller]
fn one_sentence(said: &Said) -> String {
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), 1, "{said:?}");
    assert!(lines[0].ends_with(['.', '!']) && !lines[0].contains("panick"), "{said:?}");
    lines[0].to_owned()
}

fn a_file(folder: &Path) -> Vec<u8> {
    init(folder);
    fs::read(folder.join("flusso.redb")).unwrap()
}

/// Serves and checks a file that cannot be used: the reason names it, and not a byte of it changes.
#[track_caller]
fn refused(folder: &TempDir, bytes: &[u8], word: &str) {
    let path = folder.path().join("bad.redb");
    fs::write(&path, bytes).unwrap();
    let said = run(folder.path(), &["serve", "--data", "bad.redb", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    let sentence = one_sentence(&said);
    assert!(sentence.contains("bad.redb") && sentence.contains(word), "{sentence}");
    assert_eq!(said.out, "");
    let checked = run(folder.path(), &["check", "bad.redb"]);
    assert!(matches!(checked.code, Some(1 | 78)), "{checked:?}");
    one_sentence(&checked);
    assert!(fs::read(&path).unwrap() == bytes, "the file was changed");
}

#[test]
fn an_empty_file_is_refused() {
    refused(&tempfile::tempdir().unwrap(), b"", "empty");
}

#[test]
fn a_file_of_another_program_is_refused() {
    refused(&tempfile::tempdir().unwrap(), b"SQLite format 3\0 and then some more bytes of it", "not a file of Flusso");
}

#[test]
fn a_truncated_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = a_file(folder.path());
    for length in [5, 700, 5000, whole.len() / 2] {
        refused(&folder, &whole[..length], "restore a snapshot");
    }
}

#[test]
fn a_file_whose_header_is_overwritten_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = a_file(folder.path());
    bytes[16..400].fill(0xa5);
    refused(&folder, &bytes, "damaged");
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bad.redb")).unwrap();
    let said = run(folder.path(), &["serve", "--data", "bad.redb", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    assert!(one_sentence(&said).contains("bad.redb"));
}

#[test]
fn a_file_that_does_not_exist_cannot_be_checked_or_copied() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["check", "none.redb"][..], &["backup", "--data", "none.redb", "--to", "copy.redb"]] {
        let said = run(folder.path(), arguments);
        assert_eq!(said.code, Some(78), "{said:?}");
        assert!(one_sentence(&said).contains("none.redb"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?} left something behind");
    }
}

/// Whether permissions mean anything to this user: to root they do not.
fn permissions_hold(folder: &Path) -> bool {
    let path = folder.join("probe");
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let held = fs::read(&path).is_err();
    fs::remove_file(&path).unwrap();
    held
}

#[test]
fn a_file_or_folder_without_permission_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    if !permissions_hold(folder.path()) {
        return;
    }
    a_file(folder.path());
    let path = folder.path().join("flusso.redb");
    for mode in [0o000, 0o400] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(said.code, Some(78), "{said:?}");
        assert!(one_sentence(&said).contains("flusso.redb"));
    }
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    let said = run(folder.path(), &["serve", "--data", "closed/new.redb", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    assert!(one_sentence(&said).contains("new.redb"));
    assert_eq!(fs::read_dir(&closed).unwrap().count(), 0);
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &["serve", "--data", "nowhere/new.redb", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    assert!(one_sentence(&said).contains("nowhere"));
}

#[test]
fn a_second_process_on_the_same_file_is_refused_naming_the_first() {
    let mut first = Appliance::start();
    let said = run(first.folder(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    let sentence = one_sentence(&said);
    for word in ["flusso.redb", &first.pid().to_string(), &first.address.to_string()] {
        assert!(sentence.contains(word), "{sentence}");
    }
    first.get("/flows").expect(200);
    // Without its socket the lock still holds.
    fs::remove_file(first.folder().join("flusso.redb.sock")).unwrap();
    let said = run(first.folder(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(78), "{said:?}");
    assert!(one_sentence(&said).contains("in use"));
    first.kill_and_restart();
    first.get("/flows").expect(200);
}

#[test]
fn a_taken_port_is_named() {
    let first = Appliance::start();
    let other = tempfile::tempdir().unwrap();
    let said = run(other.path(), &["serve", "--listen", &first.address.to_string()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(one_sentence(&said).contains(&first.address.to_string()));
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_missing_or_wrong_key_is_named_and_the_file_stays() {
    let mut appliance = Appliance::start();
    appliance.simulator("Sim");
    appliance.stop("TERM");
    let (data, key) = (appliance.data(), appliance.folder().join("flusso.redb.key"));
    let before = fs::read(&data).unwrap();
    let whole = fs::read(&key).unwrap();
    for other in [None, Some("5".repeat(64)), Some("no key at all".to_owned())] {
        fs::remove_file(&key).unwrap();
        if let Some(other) = &other {
            fs::write(&key, other).unwrap();
            fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let said = run(appliance.folder(), &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(said.code, Some(78), "{said:?}");
        assert!(one_sentence(&said).contains("flusso.redb.key"), "{said:?}");
        assert!(fs::read(&data).unwrap() == before, "{other:?}");
        assert_eq!(key.exists(), other.is_some());
        fs::write(&key, &whole).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    appliance.kill_and_restart();
    assert_eq!(appliance.all("/channels").len(), 1);
}

#[test]
fn what_is_not_known_is_a_matter_of_usage() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["--colour"][..],
        &["dance"],
        &["serve", "--listen", "here"],
        &["serve", "--public-url", "example.org"],
        &["serve", "--log", "=,="],
        &["init"],
        &["check"],
        &["restore"],
    ] {
        let said = run(folder.path(), arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
        assert!(!said.err.is_empty() && said.out.is_empty());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?} left something behind");
    }
    let said = run(folder.path(), &["--version"]);
    assert_eq!((said.code, said.out.trim()), (Some(0), concat!("flusso ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn every_flag_has_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = flusso(folder.path(), &[]);
    command.env("FLUSSO_DATA", "shop.redb").env("FLUSSO_LISTEN", "nowhere");
    let said = command.output().unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("nowhere"));
}

#[test]
fn signals_stop_it_in_order_and_in_time() {
    for signal in ["TERM", "INT"] {
        let mut appliance = Appliance::start();
        appliance.simulator("Sim");
        let (code, took) = appliance.stop(signal);
        assert_eq!(code, Some(0), "{signal}");
        assert!(took.as_secs() < 15, "{took:?}");
        assert!(!appliance.folder().join("flusso.redb.sock").exists());
        let said = run(appliance.folder(), &["check", "flusso.redb"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains("\nchannels 1\n"), "{said:?}");
    }
}

#[test]
fn a_damaged_file_is_found_out_and_left_alone() {
    let mut appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    for n in 0..50 {
        appliance.say(&hook, &format!("person {n}"), "a text that is long enough to be found in the file").expect(200);
    }
    appliance.stop("TERM");
    let mut bytes = fs::read(appliance.data()).unwrap();
    // All of them: one alone may lie in a page that is free by now.
    let found: Vec<usize> = (0..bytes.len() - 14).filter(|at| bytes[*at..].starts_with(b"long enough to")).collect();
    found.iter().for_each(|at| bytes[*at] ^= 1);
    fs::write(appliance.data(), &bytes).unwrap();
    let said = run(appliance.folder(), &["check", "flusso.redb"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(one_sentence(&said).contains("damaged"));
    assert!(fs::read(appliance.data()).unwrap() == bytes);
}
