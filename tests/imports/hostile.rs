//! Archives that nobody of good will made: each is refused in a sentence, and nothing is changed.

use super::round_trip::{bytes, house};
use flusso::base::limits::{ARCHIVE_ENTRIES_MAX, SET_BYTES_MAX, UPLOAD_MAX};
use flusso::model::archive::{self, Archive, ArchiveFault};
use flusso::model::problem::Fault;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

const FLOW: &str = r#"{"flusso": 1, "name": "x", "start": "e", "nodes": [{"id": "e", "kind": "end"}]}"#;

/// One entry as a forger writes it.
struct Forged {
    name: Vec<u8>,
    content: Vec<u8>,
    packing: u16,
    flags: u16,
    /// What is said of its size, where that is a lie.
    claims: Option<u32>,
    /// What is said of where it lies, where that is a lie.
    lies_at: Option<u32>,
}

fn entry(name: &str, content: &[u8]) -> Forged {
    Forged { name: name.as_bytes().to_vec(), content: content.to_vec(), packing: 0, flags: 0, claims: None, lies_at: None }
}

fn deflated(name: &str, content: &[u8]) -> Forged {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(content).expect("packed");
    Forged { content: packer.finish().expect("packed"), packing: 8, claims: Some(content.len() as u32), ..entry(name, b"") }
}

/// An archive of these entries; checksums are those of the true content where it is stored.
fn forge(entries: &[Forged], crc_of: impl Fn(&Forged) -> u32) -> Vec<u8> {
    let (mut out, mut contents) = (Vec::new(), Vec::new());
    for one in entries {
        let at = one.lies_at.unwrap_or(out.len() as u32);
        let size = one.claims.unwrap_or(one.content.len() as u32);
        let mut facts = Vec::new();
        for short in [20, one.flags, one.packing, 0, 0x21] {
            facts.extend(short.to_le_bytes());
        }
        for long in [crc_of(one), one.content.len() as u32, size] {
            facts.extend(long.to_le_bytes());
        }
        facts.extend((one.name.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(&one.name);
        out.extend(&one.content);
        contents.extend(b"PK\x01\x02\x14\0");
        contents.extend(&facts);
        contents.extend([0; 10]);
        contents.extend(at.to_le_bytes());
        contents.extend(&one.name);
    }
    let (at, size, count) = (out.len() as u32, contents.len() as u32, entries.len() as u16);
    out.extend(contents);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    out.extend([0, 0]);
    out
}

fn stored(entries: &[Forged]) -> Vec<u8> {
    forge(entries, |one| crc32fast::hash(&one.content))
}

async fn refused(bytes: &[u8]) -> Fault {
    let here = house();
    let before = self::bytes(&here);
    let refusal =
        here.import_set(flusso::model::operator::By::Command, Arc::new(bytes.to_vec()), Default::default()).await.expect_err("hostile");
    assert!(self::bytes(&here) == before, "nothing was changed");
    let flusso::executor::refusal::Refusal::Import(mut problems) = refusal else { panic!("{refusal:?}") };
    let fault = problems.remove(0).fault;
    let sentence = fault.to_string();
    assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
    fault
}

fn flow() -> Forged {
    entry("flusso.json", FLOW.as_bytes())
}

#[tokio::test]
async fn a_plain_archive_of_another_program_is_read() {
    let packed = deflated("flusso.json", FLOW.as_bytes());
    let archive = forge(&[entry("files/", b""), packed, entry("__MACOSX/._flusso.json", b"x")], |one| match one.packing {
        8 => crc32fast::hash(FLOW.as_bytes()),
        _ => crc32fast::hash(&one.content),
    });
    let here = house();
    let imported = here.import_set(flusso::model::operator::By::Command, Arc::new(archive), Default::default()).await.expect("a set");
    assert_eq!(imported.flows[0].name, "x");
}

#[tokio::test]
async fn names_that_lead_out_or_hide_are_refused() {
    for name in ["../flusso.json", "/etc/passwd", "files/../../x", "files/..\\x", "C:/x", "files//x", "files/\u{7}x", "./flusso.json", ""] {
        let fault = refused(&stored(&[flow(), entry(name, b"x")])).await;
        assert!(matches!(fault, Fault::Archive(ArchiveFault::BadName(_))), "{name:?}: {fault:?}");
    }
    let not_text = Forged { name: vec![b'f', 0xff, 0xfe], ..entry("", b"") };
    assert!(matches!(refused(&stored(&[flow(), not_text])).await, Fault::Archive(ArchiveFault::BadName(_))));
    assert!(matches!(refused(&stored(&[flow(), entry("run.exe", b"x")])).await, Fault::Archive(ArchiveFault::Stranger(_))));
    assert!(matches!(refused(&stored(&[flow(), entry("files/listino.pdf", b"%PDF-1.7")])).await, Fault::Archive(ArchiveFault::BadName(_))));
    let long = format!("files/{}", "x".repeat(600));
    assert!(matches!(refused(&stored(&[flow(), entry(&long, b"x")])).await, Fault::Archive(ArchiveFault::BadName(_))));
}

#[tokio::test]
async fn two_entries_of_one_name_are_refused() {
    let other = FLOW.replace("\"x\"", "\"y\"");
    let fault = refused(&stored(&[flow(), entry("flusso.json", other.as_bytes())])).await;
    assert_eq!(fault, Fault::Archive(ArchiveFault::Twice("flusso.json".to_owned())));
}

#[tokio::test]
async fn a_bomb_is_refused_before_it_is_unpacked() {
    let honest = deflated("files/bomb", &vec![0; UPLOAD_MAX + 1]);
    assert!(honest.content.len() < 20_000);
    assert!(matches!(refused(&stored(&[flow(), honest])).await, Fault::Archive(ArchiveFault::EntryTooLarge(_))));
    // One that says it is small unpacks no further than it said.
    let liar = Forged { claims: Some(10), ..deflated("flusso.json", &vec![b' '; UPLOAD_MAX]) };
    assert_eq!(refused(&stored(&[liar])).await, Fault::Archive(ArchiveFault::Damaged("flusso.json".to_owned())));
    let many: Vec<Forged> = (0..6).map(|n| deflated(&format!("files/{n}"), &vec![0; UPLOAD_MAX - 1])).chain([flow()]).collect();
    assert_eq!(refused(&stored(&many)).await, Fault::Archive(ArchiveFault::UnpacksTooLarge));
    // The same bytes under many names.
    let first = deflated("files/0", &vec![0; 1 << 20]);
    let shared = deflated("files/0", &vec![0; 1 << 20]);
    let mut twins = stored(&[first, Forged { name: b"files/1".to_vec(), lies_at: Some(0), ..shared }, flow()]);
    // The header beside it must name it, so a second one is put before the shared bytes.
    let fault = refused(&twins).await;
    assert!(matches!(fault, Fault::Archive(ArchiveFault::Damaged(_) | ArchiveFault::Overlap(_))), "{fault:?}");
    twins.truncate(10);
    assert_eq!(refused(&twins).await, Fault::Archive(ArchiveFault::Broken));
}

#[test]
fn entries_that_share_bytes_are_told() {
    // "files/a" holds a whole local header and the bytes of "files/b".
    let inner = stored(&[entry("files/b", b"shared")]);
    let inner_end = inner.windows(4).position(|four| four == b"PK\x01\x02").expect("contents");
    let outer = entry("files/a", &inner[..inner_end]);
    let at = 30 + outer.name.len() as u32;
    let archive = stored(&[outer, Forged { lies_at: Some(at), ..entry("files/b", b"shared") }]);
    assert_eq!(Archive::open(&archive).err(), Some(ArchiveFault::Overlap("files/b".to_owned())));
}

#[tokio::test]
async fn too_many_entries_and_too_many_bytes_are_refused() {
    let many: Vec<Forged> = (0..=ARCHIVE_ENTRIES_MAX).map(|n| entry(&format!("files/{n}"), b"")).collect();
    assert_eq!(refused(&stored(&many)).await, Fault::Archive(ArchiveFault::TooManyEntries(ARCHIVE_ENTRIES_MAX + 1)));
    let mut large = stored(&[flow()]);
    large.resize(SET_BYTES_MAX + 1, 0);
    assert_eq!(refused(&large).await, Fault::Archive(ArchiveFault::TooLarge));
}

#[tokio::test]
async fn locks_strange_packings_and_an_archive_without_a_document_are_refused() {
    let locked = Forged { flags: 1, ..flow() };
    assert!(matches!(refused(&stored(&[locked])).await, Fault::Archive(ArchiveFault::Locked(_))));
    let strange = Forged { packing: 14, ..flow() };
    assert!(matches!(refused(&stored(&[strange])).await, Fault::Archive(ArchiveFault::UnknownPacking(_))));
    assert_eq!(refused(&stored(&[])).await, Fault::Archive(ArchiveFault::NoDocument));
}

#[tokio::test]
async fn a_file_that_is_not_what_its_name_says_or_that_would_run_is_refused() {
    let digest = |bytes: &[u8]| *blake3::hash(bytes).as_bytes();
    let wrong = archive::file_name(&digest(b"other"), "x.pdf");
    assert_eq!(refused(&stored(&[flow(), entry(&wrong, b"%PDF-1.7")])).await, Fault::FileChanged("x.pdf".to_owned()));
    let program = b"MZ\x90\0\x03\0\0\0";
    let runs = archive::file_name(&digest(program), "x.pdf");
    assert_eq!(refused(&stored(&[flow(), entry(&runs, program)])).await, Fault::FileRefused("x.pdf".to_owned()));
    let bad_sum = forge(&[flow()], |_| 7);
    assert_eq!(refused(&bad_sum).await, Fault::Archive(ArchiveFault::Damaged("flusso.json".to_owned())));
}

/// Cut anywhere, or with any byte of it changed, an archive is refused or is still the same set; nothing panics.
#[test]
fn a_damaged_archive_is_never_taken_for_another() {
    let content = BTreeMap::from([("flusso.json".to_owned(), FLOW.as_bytes().to_vec()), ("files/x".to_owned(), vec![1, 2, 3])]);
    let whole = archive::pack(&content).expect("an archive");
    let read = |bytes: &[u8]| -> Result<BTreeMap<String, Vec<u8>>, ArchiveFault> {
        let opened = Archive::open(bytes)?;
        let names: Vec<String> = opened.names().map(str::to_owned).collect();
        names.into_iter().map(|name| Ok((name.clone(), opened.read(&name).expect("an entry")?))).collect()
    };
    assert_eq!(read(&whole), Ok(content.clone()));
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "cut at {length}");
    }
    for at in 0..whole.len() {
        for flip in [1u8, 0x20, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            if let Ok(found) = read(&bytes) {
                assert!(found.values().all(|bytes| content.values().any(|own| own == bytes)), "byte {at}: {found:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_set_at_all_is_refused() {
    for bytes in [&b""[..], b"hello", b"{}", b"[]", b"\xff\xfe", b"{\"flows\": []", b"PK", b"%PDF-1.7"] {
        refused(bytes).await;
    }
    let deep = format!("{{\"flusso\": 1, \"flows\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    refused(deep.as_bytes()).await;
}
