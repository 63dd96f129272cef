//! Verifying every record: of an open store by a view, of a file without changing a byte of it.

use super::backup::{self, SnapshotFacts};
use super::catalogue::Family;
use super::error::{OpenError, StoreError};
use super::keys;
use super::redb::Redb;
use super::seam::Row;
use super::upgrade;
use super::work::{Read, View};
use super::{meta, store_fault};
use crate::base::id::Shard;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows read at once.
const PAGE_ROWS: usize = 1_000;
/// Faults that are told one by one; the rest is told as a number.
const FAULTS_MAX: usize = 100;
/// Bytes of memory for pages while a file is checked.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// The schema of the file.
    pub schema: u32,
    /// How many records each family has.
    pub counts: BTreeMap<&'static str, u64>,
    /// The digest of all records.
    pub digest: [u8; 32],
    /// What a snapshot says about itself, where this is one.
    pub snapshot: Option<SnapshotFacts>,
    /// What is wrong, in words; nothing where all is well.
    pub faults: Vec<String>,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, fault: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }
}

/// Verifies every record that a view shows: its checksum, its form, its order, and that there are as many as the engine counts.
pub fn verify(view: &View) -> CheckReport {
    let mut report = CheckReport::default();
    let mut digest = blake3::Hasher::new();
    for family in Family::ALL {
        if let Err(error) = verify_family(view, *family, &mut report, &mut digest) {
            report.fault(error.to_string());
        }
    }
    report.digest = *digest.finalize().as_bytes();
    match meta::get(view) {
        Ok(facts) => report.schema = facts.schema,
        Err(error) => report.fault(error.to_string()),
    }
    match backup::facts(view) {
        Ok(facts) => compare(facts, &mut report),
        Err(error) => report.fault(error.to_string()),
    }
    report
}

fn verify_family(view: &View, family: Family, report: &mut CheckReport, digest: &mut blake3::Hasher) -> Result<(), StoreError> {
    let mut count = 0;
    let walked = walk(view, family, |row| {
        count += 1;
        let sound = row.and_then(|(key, value)| {
            backup::digest_row(digest, family, &key, &value);
            family.check(&key, &value)
        });
        if let Err(error) = sound {
            report.fault(error.to_string());
        }
        Ok(())
    });
    report.counts.insert(family.name(), count);
    walked?;
    let counted = view.count(family)?;
    if counted != count {
        report.fault(format!("{} has {count} records where {counted} are counted", family.name()));
    }
    Ok(())
}

/// Every row of a family, all shards, in order. A row whose key is not where it belongs is an error of its own, and the walk goes on.
pub(super) fn walk(
    view: &View,
    family: Family,
    mut each: impl FnMut(Result<Row, StoreError>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (mut from, to) = (Vec::new(), keys::end(&[]));
    loop {
        let page = view.scan(family, &from, &to, PAGE_ROWS)?;
        let (before, whole) = (from.clone(), page.len() == PAGE_ROWS);
        for row in page {
            if row.0 < from {
                let why = "it is not in its place".to_owned();
                each(Err(StoreError::Corrupt { family: family.name(), key: hex::encode(&row.0), why }))?;
                continue;
            }
            from = keys::next(&row.0);
            each(Ok(row))?;
        }
        if !whole || from == before {
            return Ok(());
        }
    }
}

/// A snapshot carries what was put into it; what is there now must be the same.
fn compare(facts: Option<SnapshotFacts>, report: &mut CheckReport) {
    if let Some(facts) = &facts {
        let there = |family: &str| report.counts.get(family).copied().unwrap_or(0);
        let lost: Vec<_> =
            facts.counts.iter().filter(|(family, count)| there(family) != **count).map(|(family, _)| family.clone()).collect();
        for family in lost {
            report.fault(format!("the snapshot was made with another number of {family}"));
        }
        if facts.digest != hex::encode(report.digest) {
            report.fault("its records are not those the snapshot was made of".to_owned());
        }
    }
    report.snapshot = facts;
}

/// Verifies every page and every record of a file. Not a byte of it changes: what recovering it after a crash would write stays in
/// memory. A file that is none of ours, is in use or cannot be read is an error; damage is in the report.
pub fn check(path: &Path) -> Result<CheckReport, OpenError> {
    let engine = match Redb::look(path, CACHE_BYTES) {
        Ok(engine) => engine,
        Err(error @ (OpenError::Damaged { .. } | OpenError::Truncated(_))) => {
            return Ok(CheckReport { faults: vec![error.to_string()], ..CheckReport::default() });
        }
        Err(error) => return Err(error),
    };
    let pages = match engine.integrity() {
        Ok(true) => None,
        Ok(false) => Some("pages of it are damaged".to_owned()),
        Err(error) => return Ok(CheckReport { faults: vec![error.to_string()], ..CheckReport::default() }),
    };
    let view = View::new(&engine, Shard::default()).map_err(|error| store_fault(path, error))?;
    let mut report = verify(&view);
    if report.schema == 0 && report.faults.is_empty() {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    if report.schema > upgrade::SCHEMA {
        return Err(OpenError::Newer { path: path.to_owned(), found: report.schema, known: upgrade::SCHEMA });
    }
    report.faults.splice(0..0, pages);
    Ok(report)
}
