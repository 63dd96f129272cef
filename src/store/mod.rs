//! Floor 2c: what is remembered. Typed rows over byte families, read from a snapshot and changed by one atomic batch; one file per noun.

pub mod audit;
pub mod backup;
pub mod broadcasts;
pub mod catalogue;
pub mod channels;
pub mod check;
pub mod checklists;
pub mod codec;
pub mod contacts;
pub mod counters;
pub mod dates;
pub mod days;
pub mod disk;
pub mod drafts;
pub mod error;
pub mod fields;
pub mod file;
pub mod files;
pub mod flows;
pub mod history;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod memory;
pub mod messages;
pub mod meta;
pub mod operators;
pub mod outbox;
pub mod quarantine;
pub mod quick_replies;
pub mod recovery;
pub mod redb;
pub mod rounds;
pub mod run_list;
pub mod run_views;
pub mod runs;
pub mod schedules;
pub mod seal;
pub mod seam;
pub mod segments;
pub mod settings;
pub mod table;
pub mod tags;
mod tallies;
pub mod timers;
pub mod unanswered;
pub mod upgrade;
pub mod work;

pub use error::{OpenError, StoreError};
pub use operators::{api_keys, sessions};
pub use work::{Mark, Read, View, Work};

use self::disk::Disk;
use self::memory::Memory;
use self::redb::{Origin, Redb};
use self::seam::{Health, Seam};
use crate::base::id::Shard;
use crate::base::time::Time;
use std::path::Path;
use std::sync::Arc;

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bytes of memory for pages (ST-10).
    pub cache_bytes: usize,
    /// With what a file begins that does not exist yet; `None` refuses to make one.
    pub birth: Option<Birth>,
}

impl Default for Options {
    fn default() -> Options {
        Options { cache_bytes: 64 * 1024 * 1024, birth: None }
    }
}

/// With what a file begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Birth {
    /// Its name, by chance.
    pub file: [u8; 16],
    /// When.
    pub now: Time,
}

/// An open store, before it is handed out as its two halves.
pub struct Store {
    seam: Arc<dyn Seam>,
}

impl Store {
    /// Opens the file at `path`, or makes it where `options.birth` says how. A file that cannot be used is refused untouched. A snapshot
    /// becomes a live file by this: it has a new epoch and is paused.
    pub fn open(path: &Path, options: &Options) -> Result<Store, OpenError> {
        match (path.symlink_metadata(), options.birth) {
            (Err(error), Some(birth)) if error.kind() == std::io::ErrorKind::NotFound => Store::create(path, options, birth),
            _ => {
                Store::look(path, options)?;
                let store = Store { seam: Arc::new(Redb::open(Origin::File(path.to_owned()), options.cache_bytes)?) };
                store.keep_before_upgrade(path)?;
                store.upgrade(path, Birth::default())?;
                store.adopt().map_err(|error| store_fault(path, error))?;
                Ok(store)
            }
        }
    }

    /// Opens the file at `path` so that nothing of it can change: changes stay in memory.
    pub fn look(path: &Path, options: &Options) -> Result<Store, OpenError> {
        let store = Store { seam: Arc::new(Redb::look(path, options.cache_bytes)?) };
        if store.schema(path)? == 0 {
            // The engine's file, of another program.
            return Err(OpenError::Foreign(path.to_owned()));
        }
        Ok(store)
    }

    /// An empty store in memory.
    pub fn memory() -> Result<Store, OpenError> {
        let store = Store { seam: Arc::new(Memory::default()) };
        store.upgrade(Path::new("memory"), Birth::default())?;
        Ok(store)
    }

    /// Opens what lies on a disk of the caller's; one without bytes becomes a store.
    pub fn on_disk(disk: Arc<dyn Disk>, options: &Options) -> Result<Store, OpenError> {
        let store = Store { seam: Arc::new(Redb::open(Origin::Disk(disk), options.cache_bytes)?) };
        store.upgrade(Path::new("the store"), options.birth.unwrap_or_default())?;
        Ok(store)
    }

    /// The reader for anyone, and the one writer.
    #[expect(clippy::disallowed_types, reason = "here it is made")]
    pub fn split(self) -> (Reader, Writer) {
        let shard = Shard::default();
        (Reader { seam: self.seam.clone(), shard }, Writer { seam: self.seam, shard })
    }

    /// A reader before the halves part, for a look at what was opened.
    pub fn reader(&self) -> Reader {
        Reader { seam: self.seam.clone(), shard: Shard::default() }
    }

    /// A reader and a writer for each of so many shards.
    #[expect(clippy::disallowed_types, reason = "here it is made")]
    pub fn split_shards(self, shards: u16) -> Vec<(Reader, Writer)> {
        let pair = |shard| (Reader { seam: self.seam.clone(), shard }, Writer { seam: self.seam.clone(), shard });
        (0..shards).map(|shard| pair(Shard(shard))).collect()
    }

    /// Makes a file under another name and puts it in its place when it is whole, so that a crash leaves none or a good one.
    fn create(path: &Path, options: &Options, birth: Birth) -> Result<Store, OpenError> {
        let new = file::beside(path, "new");
        file::clear(&new);
        let made = Redb::create(&new, options.cache_bytes).and_then(|engine| {
            let store = Store { seam: Arc::new(engine) };
            store.upgrade(&new, birth)?;
            store.seam.close().map_err(|error| store_fault(&new, error))
        });
        if let Err(error) = made.and_then(|()| file::settle(&new, path)) {
            let _ = std::fs::remove_file(&new);
            return Err(if matches!(error, OpenError::Missing(_)) { error } else { error.at(path) });
        }
        Ok(Store { seam: Arc::new(Redb::open(Origin::File(path.to_owned()), options.cache_bytes)?) })
    }

    /// The schema of the file; a newer one is refused.
    fn schema(&self, path: &Path) -> Result<u32, OpenError> {
        let view = View::new(self.seam.as_ref(), Shard::default()).map_err(|error| store_fault(path, error))?;
        let found = meta::get(&view).map_err(|error| store_fault(path, error))?.schema;
        if found > upgrade::SCHEMA {
            return Err(OpenError::Newer { path: path.to_owned(), found, known: upgrade::SCHEMA });
        }
        Ok(found)
    }

    /// Takes a snapshot of a file that is about to be upgraded, unless a try before this one did.
    fn keep_before_upgrade(&self, path: &Path) -> Result<(), OpenError> {
        let found = self.schema(path)?;
        let kept = file::beside(path, &format!("schema-{found}.redb"));
        if found == upgrade::SCHEMA || kept.exists() {
            return Ok(());
        }
        let reader = Reader { seam: self.seam.clone(), shard: Shard::default() };
        let clock = reader.view().and_then(|view| meta::get(&view)).map_err(|error| store_fault(path, error))?.last_now;
        backup::snapshot(&reader, &kept, clock, env!("CARGO_PKG_VERSION")).map(drop).map_err(|error| store_fault(path, error))
    }

    /// Applies the steps that the file lacks, each in its own commit.
    fn upgrade(&self, path: &Path, birth: Birth) -> Result<(), OpenError> {
        for schema in self.schema(path)?..upgrade::SCHEMA {
            self.step(schema, birth).map_err(|error| store_fault(path, error))?;
        }
        Ok(())
    }

    fn adopt(&self) -> Result<(), StoreError> {
        let mut work = Work::new(self.seam.as_ref(), Shard::default())?;
        backup::adopt(&mut work)?;
        if work.is_empty() { Ok(()) } else { self.seam.commit(work.into_batch()).map(drop) }
    }

    fn step(&self, schema: u32, birth: Birth) -> Result<(), StoreError> {
        let mut work = Work::new(self.seam.as_ref(), Shard::default())?;
        if schema == 0 {
            let Birth { file, now } = birth;
            meta::put(&mut work, &meta::Meta { file, created: now, last_now: now, ..meta::Meta::default() })?;
        }
        upgrade::advance(&mut work, schema)?;
        self.seam.commit(work.into_batch()).map(drop)
    }
}

fn store_fault(path: &Path, error: StoreError) -> OpenError {
    match error {
        StoreError::Open(error) => error,
        other => OpenError::Damaged { path: path.to_owned(), why: other.to_string() },
    }
}

/// Reads what is committed. Anyone may have one.
#[derive(Clone)]
pub struct Reader {
    seam: Arc<dyn Seam>,
    shard: Shard,
}

impl Reader {
    /// One consistent snapshot of now. Keep it short (ST-8).
    pub fn view(&self) -> Result<View, StoreError> {
        View::new(self.seam.as_ref(), self.shard)
    }

    /// How the engine fares.
    pub fn health(&self) -> Health {
        self.seam.health()
    }
}

/// Changes what is committed. There is one.
pub struct Writer {
    seam: Arc<dyn Seam>,
    shard: Shard,
}

#[expect(clippy::disallowed_types, reason = "here it is made")]
impl Writer {
    /// A group of changes in the making.
    pub fn work(&self) -> Result<Work, StoreError> {
        Work::new(self.seam.as_ref(), self.shard)
    }

    /// Applies a group: durable when it answers. After `StoreError::Unknown` nothing is taken until `reopen`, and only then is it
    /// known whether the group is there.
    pub fn commit(&mut self, work: Work) -> Result<(), StoreError> {
        if work.is_empty() {
            return Ok(());
        }
        self.seam.commit(work.into_batch()).map(drop)
    }

    /// Closes the file and opens it again. Views made before are of no use afterwards.
    pub fn reopen(&mut self) -> Result<(), StoreError> {
        self.seam.reopen()
    }

    /// Closes the file for good, telling what went wrong.
    pub fn close(self) -> Result<(), StoreError> {
        self.seam.close()
    }
}
