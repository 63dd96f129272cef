//! The engine under the store: redb, in one file. The only file that names it; everything above speaks of families and bytes.
#![allow(clippy::disallowed_types)]

use super::catalogue::Family;
use super::disk::{Disk, Overlay};
use super::error::{OpenError, StoreError};
use super::file;
use super::seam::{Applied, Batch, Bytes, Health, Op, Row, Seam, Snapshot, hash};
use crate::base::id::Shard;
use crate::base::time::Span;
use redb::backends::FileBackend;
use redb::{
    Builder, Database, DatabaseError, Durability, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    StorageError, Table, TableDefinition, TableError, TableHandle, WriteTransaction,
};
use std::any::Any;
use std::cell::Cell;
use std::fs::OpenOptions;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// When asking a broken store again is worth it: about what reopening takes.
const RETRY: Span = Span(2_000);

/// Where the bytes lie.
#[derive(Clone)]
pub enum Origin {
    /// In a file.
    File(PathBuf),
    /// On whatever a test put under it.
    Disk(Arc<dyn Disk>),
}

/// The engine.
pub struct Redb {
    origin: Origin,
    cache_bytes: usize,
    database: RwLock<Option<Database>>,
    broken: AtomicBool,
}

impl Redb {
    /// Opens what lies at the origin. A file must exist; a disk without bytes is made into a database.
    pub fn open(origin: Origin, cache_bytes: usize) -> Result<Redb, OpenError> {
        let database = open_database(&origin, cache_bytes)?;
        Ok(Redb { origin, cache_bytes, database: RwLock::new(Some(database)), broken: AtomicBool::new(false) })
    }

    /// Opens a file so that nothing of it can change: what is written stays in memory.
    pub fn look(path: &Path, cache_bytes: usize) -> Result<Redb, OpenError> {
        let file = file::inspect(path)?;
        let overlay = Overlay::over(file).map_err(|error| file::refusal(path, &error))?;
        Redb::open(Origin::Disk(Arc::new(overlay)), cache_bytes).map_err(|error| error.at(path))
    }

    /// Makes a new file, private to its owner. One that exists is refused.
    pub fn create(path: &Path, cache_bytes: usize) -> Result<Redb, OpenError> {
        let file = file::create_new(path)?;
        let origin = Origin::File(path.to_owned());
        let backend = FileBackend::new(file).map_err(|error| refusal(path, &error))?;
        let database = contained(|| builder(cache_bytes).create_with_backend(backend).map_err(|error| refusal(path, &error)))
            .map_err(|why| OpenError::Damaged { path: path.to_owned(), why })??;
        Ok(Redb { origin, cache_bytes, database: RwLock::new(Some(database)), broken: AtomicBool::new(false) })
    }

    /// Verifies every page of the file. `false` where something was wrong and had to be mended.
    pub fn integrity(&self) -> Result<bool, StoreError> {
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        let database = slot.as_mut().ok_or(StoreError::Unavailable { retry_after: RETRY })?;
        match contained(|| database.check_integrity()) {
            Ok(Ok(sound)) => Ok(sound),
            Ok(Err(DatabaseError::Storage(StorageError::Corrupted(why)))) => Err(damaged_file(why)),
            Ok(Err(error)) => Err(StoreError::Unknown(error.to_string())),
            Err(why) => Err(damaged_file(why)),
        }
    }

    /// The names of all tables in the file: one that the catalogue does not know was written by another build.
    pub fn tables(&self) -> Result<Vec<String>, StoreError> {
        self.with(|database| {
            let read = database.begin_read().map_err(|error| self.note(read_fault(error.into_storage())))?;
            let tables = read.list_tables().map_err(|error| self.note(read_fault(error)))?;
            Ok(tables.map(|table| table.name().to_owned()).collect())
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let slot = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = slot.as_ref().ok_or(StoreError::Unavailable { retry_after: RETRY })?;
        contained(|| work(database)).unwrap_or_else(|why| Err(self.note(StoreError::Unknown(why))))
    }

    /// Remembers that the handle takes no more work until it is reopened.
    fn note(&self, error: StoreError) -> StoreError {
        if matches!(error, StoreError::Unknown(_) | StoreError::Unavailable { .. }) {
            self.broken.store(true, Ordering::Release);
        }
        error
    }
}

fn builder(cache_bytes: usize) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(cache_bytes);
    builder
}

fn open_database(origin: &Origin, cache_bytes: usize) -> Result<Database, OpenError> {
    let (path, opened) = match origin {
        Origin::File(path) => {
            file::inspect(path)?;
            let file = OpenOptions::new().read(true).write(true).open(path).map_err(|error| file::refusal(path, &error))?;
            (path.clone(), contained(|| builder(cache_bytes).create_with_backend(FileBackend::new(file)?)))
        }
        Origin::Disk(disk) => {
            let plate = Plate(disk.clone());
            (PathBuf::from("the store"), contained(|| builder(cache_bytes).create_with_backend(plate)))
        }
    };
    match opened {
        Ok(Ok(database)) => Ok(database),
        Ok(Err(error)) => Err(refusal(&path, &error)),
        Err(why) => Err(OpenError::Damaged { path, why }),
    }
}

/// The engine's reasons, in ours.
fn refusal(path: &Path, error: &DatabaseError) -> OpenError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => OpenError::InUse(path),
        DatabaseError::UpgradeRequired(found) => OpenError::Damaged { path, why: format!("its layout is of version {found}") },
        DatabaseError::Storage(StorageError::Io(error)) => file::refusal(&path, error),
        DatabaseError::Storage(StorageError::Corrupted(why)) => OpenError::Damaged { path, why: why.clone() },
        other => OpenError::Damaged { path, why: other.to_string() },
    }
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread would be caught here and become an error: a panic hook need not print it.
pub fn is_contained() -> bool {
    CONTAINED.get()
}

/// Runs what may panic on a damaged file, and turns the panic into words.
fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = CONTAINED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(outer);
    done.map_err(|panic: Box<dyn Any + Send>| {
        let words = panic.downcast_ref::<String>().cloned();
        words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_else(|| "the engine gave up".to_owned())
    })
}

fn damaged_file(why: String) -> StoreError {
    StoreError::Corrupt { family: "the whole file", key: String::new(), why }
}

fn read_fault(error: StorageError) -> StoreError {
    match error {
        StorageError::Corrupted(why) => damaged_file(why),
        StorageError::DatabaseClosed | StorageError::PreviousIo => StoreError::Unavailable { retry_after: RETRY },
        other => StoreError::Unknown(other.to_string()),
    }
}

fn definition(family: Family) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(family.name())
}

/// The engine's own error types all end in this one where the store is concerned.
trait IntoStorage {
    fn into_storage(self) -> StorageError;
}

impl<E: Into<redb::Error>> IntoStorage for E {
    fn into_storage(self) -> StorageError {
        match self.into() {
            redb::Error::Corrupted(why) => StorageError::Corrupted(why),
            redb::Error::Io(error) => StorageError::Io(error),
            redb::Error::PreviousIo => StorageError::PreviousIo,
            redb::Error::DatabaseClosed => StorageError::DatabaseClosed,
            other => StorageError::Io(io::Error::other(other.to_string())),
        }
    }
}

impl Seam for Redb {
    fn snapshot(&self, _: Shard) -> Result<Box<dyn Snapshot>, StoreError> {
        self.with(|database| {
            let read = database.begin_read().map_err(|error| self.note(read_fault(error.into_storage())))?;
            let tables = Family::ALL.iter().map(|_| OnceLock::new()).collect();
            Ok(Box::new(Moment { read, tables }) as Box<dyn Snapshot>)
        })
    }

    fn commit(&self, batch: Batch) -> Result<Applied, StoreError> {
        if self.broken.load(Ordering::Acquire) {
            return Err(StoreError::Unavailable { retry_after: RETRY });
        }
        self.with(|database| apply(database, batch).map_err(|error| self.note(error)))
    }

    fn health(&self) -> Health {
        let open = !self.broken.load(Ordering::Acquire) && self.database.read().is_ok_and(|slot| slot.is_some());
        match &self.origin {
            Origin::Disk(disk) => Health { open, file_bytes: disk.len().unwrap_or(0), ..Health::default() },
            Origin::File(path) => {
                let (file_bytes, used_bytes) = file::size(path).unwrap_or_default();
                let (free_bytes, total_bytes) = file::space(path).unzip();
                Health { open, file_bytes, used_bytes, free_bytes, total_bytes }
            }
        }
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        let old = slot.take();
        // What closing says is of no interest here: the file is read anew.
        let _ = contained(|| drop(old));
        *slot = Some(open_database(&self.origin, self.cache_bytes)?);
        self.broken.store(false, Ordering::Release);
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        match slot.take().map(|database| contained(|| database.close())) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(StoreError::Unknown(error.to_string())),
            Some(Err(why)) => Err(StoreError::Unknown(why)),
        }
    }
}

type Tables<'a> = Vec<Option<Table<'a, &'static [u8], &'static [u8]>>>;

fn apply(database: &Database, batch: Batch) -> Result<Applied, StoreError> {
    let fault = |error: StorageError| read_fault(error);
    let mut write = database.begin_write().map_err(|error| fault(error.into_storage()))?;
    write.set_durability(Durability::Immediate).map_err(|error| StoreError::Unknown(error.to_string()))?;
    // Costs about a quarter of the speed and makes opening after a crash a matter of milliseconds; brings two-phase commit along.
    write.set_quick_repair(true);
    let Some(applied) = fill(&write, batch)? else {
        write.abort().map_err(fault)?;
        return Err(StoreError::Conflict);
    };
    // Whatever goes wrong from here on may have happened all the same.
    write.commit().map_err(|error| StoreError::Unknown(error.to_string()))?;
    Ok(applied)
}

/// Puts a batch into a transaction; nothing where an expectation does not hold.
fn fill(write: &WriteTransaction, batch: Batch) -> Result<Option<Applied>, StoreError> {
    let mut tables: Tables<'_> = Family::ALL.iter().map(|_| None).collect();
    for op in &batch.ops {
        if let Op::Expect(family, key, wanted) = op {
            let found = table(&mut tables, write, *family)?.get(key.as_slice()).map_err(read_fault)?;
            if found.map(|value| hash(value.value())) != *wanted {
                return Ok(None);
            }
        }
    }
    let mut applied = Applied::default();
    for (place, op) in batch.ops.iter().enumerate() {
        if matches!(op, Op::Expect(..)) {
            continue;
        }
        let table = table(&mut tables, write, op.family())?;
        match op {
            Op::Put(_, key, value) => drop(table.insert(key.as_slice(), value.as_slice()).map_err(read_fault)?),
            Op::Del(_, key) => drop(table.remove(key.as_slice()).map_err(read_fault)?),
            Op::InsertIfAbsent(_, key, value) => {
                if table.get(key.as_slice()).map_err(read_fault)?.is_some() {
                    applied.skipped.push(place);
                } else {
                    table.insert(key.as_slice(), value.as_slice()).map_err(read_fault)?;
                }
            }
            Op::Expect(..) => {}
        }
    }
    Ok(Some(applied))
}

fn table<'t, 'w>(
    tables: &'t mut Tables<'w>,
    write: &'w WriteTransaction,
    family: Family,
) -> Result<&'t mut Table<'w, &'static [u8], &'static [u8]>, StoreError> {
    let slot = &mut tables[family as usize];
    if slot.is_none() {
        *slot = Some(write.open_table(definition(family)).map_err(|error| read_fault(error.into_storage()))?);
    }
    slot.as_mut().ok_or_else(|| damaged_file("a table did not open".to_owned()))
}

type Opened = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// One moment of the data.
struct Moment {
    read: ReadTransaction,
    tables: Vec<OnceLock<Option<Opened>>>,
}

impl Moment {
    /// The table of a family; `None` while nothing was ever written to it.
    fn table(&self, family: Family) -> Result<Option<&Opened>, StoreError> {
        let slot = &self.tables[family as usize];
        if let Some(table) = slot.get() {
            return Ok(table.as_ref());
        }
        let table = match self.read.open_table(definition(family)) {
            Ok(table) => Some(table),
            Err(TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(read_fault(error.into_storage())),
        };
        Ok(slot.get_or_init(|| table).as_ref())
    }

    fn rows(&self, family: Family, (from, to): (&[u8], &[u8]), limit: usize, down: bool) -> Result<Vec<Row>, StoreError> {
        let Some(table) = self.table(family)?.filter(|_| from < to) else {
            return Ok(Vec::new());
        };
        let range = table.range::<&[u8]>(from..to).map_err(read_fault)?;
        let row = |entry: Result<(redb::AccessGuard<'_, &'static [u8]>, redb::AccessGuard<'_, &'static [u8]>), StorageError>| {
            entry.map(|(key, value)| (key.value().to_vec(), value.value().to_vec())).map_err(read_fault)
        };
        if down { range.rev().take(limit).map(row).collect() } else { range.take(limit).map(row).collect() }
    }
}

/// A damaged file may make the engine panic on an ordinary read.
fn careful<T>(family: Family, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    contained(work).unwrap_or_else(|why| Err(StoreError::Corrupt { family: family.name(), key: String::new(), why }))
}

impl Snapshot for Moment {
    fn get(&self, family: Family, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        careful(family, || {
            let Some(table) = self.table(family)? else {
                return Ok(None);
            };
            Ok(table.get(key).map_err(read_fault)?.map(|value| value.value().to_vec()))
        })
    }

    fn get_many(&self, family: Family, keys: &[Bytes]) -> Result<Vec<Option<Bytes>>, StoreError> {
        keys.iter().map(|key| self.get(family, key)).collect()
    }

    fn scan(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        careful(family, || self.rows(family, (from, to), limit, false))
    }

    fn scan_down(&self, family: Family, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Row>, StoreError> {
        careful(family, || self.rows(family, (from, to), limit, true))
    }

    fn count(&self, family: Family) -> Result<u64, StoreError> {
        careful(family, || self.table(family)?.map_or(Ok(0), |table| table.len().map_err(read_fault)))
    }
}

/// Any disk, as the engine wants it.
struct Plate(Arc<dyn Disk>);

impl std::fmt::Debug for Plate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plate")
    }
}

impl redb::StorageBackend for Plate {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.0.sync()
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}
