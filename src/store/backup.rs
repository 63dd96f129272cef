//! Snapshots: a logical copy of one moment into a fresh file, verified before it gets its name; and bringing one back.

use super::catalogue::{Family, SNAPSHOT};
use super::check::{self, CheckReport};
use super::codec;
use super::error::{OpenError, StoreError};
use super::file;
use super::keys;
use super::redb::Redb;
use super::seam::{Batch, Op, Row, Seam};
use super::work::{Read, View, Work};
use super::{Options, Reader, Store, channels, meta, recovery, settings};
use crate::base::address::ChannelKind;
use crate::base::id::Shard;
use crate::base::time::Time;
use crate::model::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of one commit into the copy: few commits, little memory.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of memory for the copy's pages.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// What a snapshot says about itself. A file that has this was not opened for work since it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFacts {
    /// When it was taken.
    pub taken: Time,
    /// The build that took it.
    pub build: String,
    /// The schema of its rows.
    pub schema: u32,
    /// How many records each family had.
    pub counts: BTreeMap<String, u64>,
    /// The digest of all its records but this, in hexadecimal (BLAKE3).
    pub digest: String,
}

/// What became of taking a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotReport {
    /// How many records each family has.
    pub counts: BTreeMap<&'static str, u64>,
    /// Bytes of the file.
    pub bytes: u64,
    /// The digest of all its records.
    pub digest: [u8; 32],
    /// Records that are damaged in the live file and therefore not in the snapshot, in words.
    pub damaged: Vec<String>,
}

/// Takes a snapshot into a new file, readable by its owner alone. It gets its name only when it has been read back and every record of
/// it verified; a file that exists is never covered. `StoreError::Full` before anything is written where there is no room for it.
pub fn snapshot(reader: &Reader, to: &Path, now: Time, build: &str) -> Result<SnapshotReport, StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(OpenError::Exists(to.to_owned()).into());
    }
    let part = file::beside(to, "part");
    file::clear(&part);
    if file::space(file::folder(to)).is_some_and(|(free, _)| free < reader.health().used_bytes) {
        return Err(StoreError::Full);
    }
    let taken = write(reader, &part, now, build).and_then(|(facts, damaged)| {
        let report = check::check(&part)?;
        prove(&facts, &report)?;
        let bytes = part.metadata().map_or(0, |file| file.len());
        file::settle(&part, to)?;
        Ok(SnapshotReport { counts: report.counts, bytes, digest: report.digest, damaged })
    });
    if taken.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    taken
}

fn write(reader: &Reader, part: &Path, now: Time, build: &str) -> Result<(SnapshotFacts, Vec<String>), StoreError> {
    let view = reader.view()?;
    let mut copy = Copy::new(Redb::create(part, CACHE_BYTES)?);
    for family in copied() {
        let mut met = 0;
        check::walk(&view, family, |row| {
            met += 1;
            copy.add(family, row)
        })?;
        copy.account(family, met, view.count(family)?);
    }
    let schema = meta::get(&view)?.schema;
    drop(view);
    copy.finish(now, build, schema)
}

/// What a snapshot is of: all families but the one in which it speaks of itself.
fn copied() -> impl Iterator<Item = Family> {
    Family::ALL.iter().copied().filter(|family| *family != Family::Snapshot)
}

/// What is read back must be what was written.
fn prove(facts: &SnapshotFacts, report: &CheckReport) -> Result<(), StoreError> {
    match report.faults.first() {
        None if report.snapshot.as_ref() == Some(facts) => Ok(()),
        None => Err(StoreError::Unknown("the snapshot does not read back as it was written".to_owned())),
        Some(fault) => Err(StoreError::Unknown(format!("the snapshot does not read back: {fault}"))),
    }
}

/// A snapshot in the making.
struct Copy {
    engine: Redb,
    ops: Vec<Op>,
    bytes: usize,
    counts: BTreeMap<String, u64>,
    digest: blake3::Hasher,
    damaged: Vec<String>,
}

impl Copy {
    fn new(engine: Redb) -> Copy {
        let counts = copied().map(|family| (family.name().to_owned(), 0)).collect();
        Copy { engine, ops: Vec::new(), bytes: 0, counts, digest: blake3::Hasher::new(), damaged: Vec::new() }
    }

    /// Adds a row that is sound; one that is not is told.
    fn add(&mut self, family: Family, row: Result<Row, StoreError>) -> Result<(), StoreError> {
        let (key, value) = match row.and_then(|(key, value)| family.check(&key, &value).map(|()| (key, value))) {
            Ok(row) => row,
            Err(error) => {
                self.damaged.push(error.to_string());
                return Ok(());
            }
        };
        digest_row(&mut self.digest, family, &key, &value);
        *self.counts.entry(family.name().to_owned()).or_default() += 1;
        self.bytes += key.len() + value.len();
        self.ops.push(Op::Put(family, key, value));
        if self.bytes < BATCH_BYTES { Ok(()) } else { self.flush() }
    }

    /// Tells of records that the engine counts and the walk did not meet.
    fn account(&mut self, family: Family, met: u64, counted: u64) {
        if met != counted {
            self.damaged.push(format!("{} has {met} records where {counted} are counted", family.name()));
        }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let ops = std::mem::take(&mut self.ops);
        self.engine.commit(Batch { ops, ..Batch::default() }).map(drop)
    }

    fn finish(mut self, taken: Time, build: &str, schema: u32) -> Result<(SnapshotFacts, Vec<String>), StoreError> {
        let digest = hex::encode(self.digest.finalize().as_bytes());
        let facts = SnapshotFacts { taken, build: build.to_owned(), schema, counts: std::mem::take(&mut self.counts), digest };
        let key = facts_key();
        let row = codec::seal(Family::Snapshot, &key, &facts)?;
        self.ops.push(Op::Put(Family::Snapshot, key, row));
        self.flush()?;
        self.engine.close()?;
        Ok((facts, self.damaged))
    }
}

/// Takes a row into the digest of a snapshot, which is of all records but what the snapshot says about itself.
pub(super) fn digest_row(digest: &mut blake3::Hasher, family: Family, key: &[u8], value: &[u8]) {
    if family != Family::Snapshot {
        for part in [family.name().as_bytes(), key, value] {
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
}

fn facts_key() -> Vec<u8> {
    keys::key(Shard::default(), &[])
}

/// What a file says about the snapshot it is; nothing where it is none, or was adopted.
pub fn facts(read: &impl Read) -> Result<Option<SnapshotFacts>, StoreError> {
    SNAPSHOT.get(read, &facts_key())
}

/// Makes a snapshot the live file: a new epoch, and paused, because what it would send may have been sent since it was taken.
/// Nothing happens to a file that is no snapshot.
pub(super) fn adopt(work: &mut Work) -> Result<(), StoreError> {
    if facts(work)?.is_none() {
        return Ok(());
    }
    SNAPSHOT.del(work, &facts_key());
    begin_anew(work)
}

fn begin_anew(work: &mut Work) -> Result<(), StoreError> {
    let mut file = meta::get(work)?;
    file.epoch += 1;
    meta::put(work, &file)?;
    let mut owner = settings::get(work)?;
    owner.paused = true;
    settings::put(work, &owner)
}

/// What became of a restore.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Where the file that was there is kept.
    pub kept: Option<PathBuf>,
    /// The names of the channels whose secrets are asked again.
    pub silent: Vec<String>,
    /// Whether the secrets for calls are asked again.
    pub calls: bool,
}

/// Puts a snapshot in place of the file at `to`. The snapshot is verified first and stays where it is; the file that was there is kept
/// beside. The new file opens paused. Without `secrets` nothing opens what the secrets of channels and calls are sealed with: they are
/// taken away, and each channel that wants some is stopped and says so.
pub fn restore(from: &Path, to: &Path, now: Time, options: &Options, secrets: bool) -> Result<Restored, StoreError> {
    let report = check::check(from)?;
    if let Some(fault) = report.faults.first() {
        return Err(OpenError::Damaged { path: from.to_owned(), why: fault.clone() }.into());
    }
    let part = file::beside(to, "part");
    file::clear(&part);
    let placed =
        copy_file(from, &part).and_then(|()| wake(&part, options, report.snapshot.is_some(), secrets)).and_then(|(silent, calls)| {
            let kept = set_aside(to, now)?;
            file::settle(&part, to)?;
            Ok(Restored { kept, silent, calls })
        });
    if placed.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    placed
}

fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = file::inspect(from)?;
    std::io::Seek::rewind(&mut source).map_err(|error| file::refusal(from, &error))?;
    let mut target = file::create_new(to)?;
    let copied = std::io::copy(&mut source, &mut target).and_then(|_| target.sync_all());
    Ok(copied.map_err(|error| file::refusal(to, &error))?)
}

/// Makes the copy a file to work with. Opening a snapshot adopts it; another file begins anew by hand.
fn wake(path: &Path, options: &Options, is_snapshot: bool, secrets: bool) -> Result<(Vec<String>, bool), StoreError> {
    let store = Store::open(path, &Options { birth: None, ..*options })?;
    let mut work = Work::new(store.seam.as_ref(), Shard::default())?;
    if !is_snapshot {
        begin_anew(&mut work)?;
    }
    let lost = if secrets { (Vec::new(), false) } else { ask_again(&mut work)? };
    if !work.is_empty() {
        store.seam.commit(work.into_batch())?;
    }
    store.seam.close()?;
    Ok(lost)
}

/// Takes the secrets away that nothing opens, and the key that nobody can unwrap. The channels that want some stop until a person
/// fills them in. Tells which they are, and whether those for calls are gone too.
fn ask_again(work: &mut Work) -> Result<(Vec<String>, bool), StoreError> {
    let mut silent = Vec::new();
    recovery::delete(work)?;
    for mut channel in channels::all(work)? {
        channels::forget_secrets(work, channel.id);
        if channel.kind != ChannelKind::Simulator {
            channel.stopped = Some(Reason::SecretsAskedAgain.to_string());
            channels::put(work, &channel)?;
            silent.push(channel.name);
        }
    }
    let calls = channels::forget_call_secrets(work)?;
    Ok((silent, calls))
}

/// Gives the file that is there another name; one that is in use stays.
fn set_aside(path: &Path, now: Time) -> Result<Option<PathBuf>, StoreError> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    // Whatever else is wrong with it: it is kept, not read.
    if let Err(error @ OpenError::InUse(_)) = Redb::look(path, CACHE_BYTES) {
        return Err(error.into());
    }
    let aside = file::beside(path, &format!("replaced-{}", now.0));
    file::settle(path, &aside)?;
    Ok(Some(aside))
}

/// The moment of a reader, checked record by record, without a copy: the nightly look for damage.
pub fn scrub(reader: &Reader) -> Result<CheckReport, StoreError> {
    let view: View = reader.view()?;
    Ok(check::verify(&view))
}
