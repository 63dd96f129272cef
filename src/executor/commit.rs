//! The one writer: a thread that takes waiting jobs in groups, lets each change the data, and commits the group at once.
//! Nobody is answered before the disk has it.

#![allow(clippy::disallowed_types)]

use super::clock::Clock;
use super::desk::{Desk, Signal, Signals};
use super::facts::Facts;
use super::outbox::born;
use super::outbox::doors::Doors;
use super::refusal::Refusal;
use crate::base::limits::{GROUP_MAX, QUEUE_MAX};
use crate::base::time::{Span, Time};
use crate::store::seal::SealKey;
use crate::store::{Reader, Store, StoreError, Writer, meta};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Tells the asker how the group ended: `Ok` once it is durable.
type Release = Box<dyn FnOnce(Result<(), Refusal>) + Send>;
type Job = Box<dyn FnOnce(&mut Desk) -> Release + Send>;

/// The pauses between attempts to open a broken store again.
const REOPEN_PAUSES: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(10)];

/// How often the time is written down, so that the clock of the next start cannot lie before it (RUN-10).
const REMEMBER_EVERY: Span = Span(60_000);

/// What the writer shares with the rest of the appliance.
#[derive(Debug)]
pub struct Shared {
    /// The clock.
    pub clock: Clock,
    /// What rarely changes, read into memory: replaced whole after each commit that touched it.
    facts: RwLock<Arc<Facts>>,
    /// Whether the store can be written.
    broken: AtomicBool,
    /// What lets messages out: the sender's, and asked by the writer for live replies (OUT-2).
    pub doors: Mutex<Doors>,
    /// Commits made since the start.
    pub commits: AtomicU64,
    /// Jobs carried by them.
    pub jobs: AtomicU64,
}

impl Shared {
    /// The facts as of the last commit.
    pub fn facts(&self) -> Arc<Facts> {
        self.facts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_facts(&self, facts: Facts) {
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(facts);
    }

    /// Whether the store can be written.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }
}

/// The way to the writer. Cheap to clone; the thread ends when the last one is gone.
#[derive(Clone, Debug)]
pub struct Line {
    jobs: mpsc::Sender<Job>,
    /// What the writer shares.
    pub shared: Arc<Shared>,
    /// What happened in each commit, for those who watch.
    pub signals: broadcast::Sender<Signal>,
}

impl Line {
    /// Lets `job` change the data, and answers once the change is durable. What it refuses is undone; what panics is undone and
    /// logged. Waits while the queue is full.
    pub async fn change<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&mut Desk) -> Result<T, Refusal> + Send + 'static,
    {
        let (job, answer) = wrap(job);
        self.jobs.send(job).await.map_err(|_| Refusal::Unavailable)?;
        answer.await.unwrap_or(Err(Refusal::Unavailable))
    }

    /// As `change`, but refuses with `Busy` where the queue is full: for work that strangers bring (IN-8).
    pub async fn offer<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&mut Desk) -> Result<T, Refusal> + Send + 'static,
    {
        let (job, answer) = wrap(job);
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Unavailable,
        })?;
        answer.await.unwrap_or(Err(Refusal::Unavailable))
    }

    /// Hands in a job that nobody waits for. It is lost where the queue is full.
    pub fn mention<F>(&self, job: F)
    where
        F: FnOnce(&mut Desk) -> Result<(), Refusal> + Send + 'static,
    {
        let (job, _) = wrap(job);
        if self.jobs.try_send(job).is_err() {
            tracing::debug!("a note for the log was dropped: the writer is busy");
        }
    }
}

fn wrap<T, F>(job: F) -> (Job, oneshot::Receiver<Result<T, Refusal>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Desk) -> Result<T, Refusal> + Send + 'static,
{
    let (asker, answer) = oneshot::channel();
    let job: Job = Box::new(move |desk| {
        let mark = desk.mark();
        let result = catch_unwind(AssertUnwindSafe(|| job(desk))).unwrap_or_else(|_| {
            tracing::error!("a change panicked and was undone");
            Err(Refusal::Fault)
        });
        if result.is_err() {
            desk.roll_back(mark);
        }
        Box::new(move |group: Result<(), Refusal>| {
            let _ = asker.send(group.and(result));
        })
    });
    (job, answer)
}

/// Starts the writer's thread over an open store.
pub fn start(store: Store, key: SealKey) -> Result<(Line, Reader, JoinHandle<()>), StoreError> {
    let (reader, writer) = store.split();
    let view = reader.view()?;
    let clock = Clock::new(meta::get(&view)?.last_now);
    let facts = Facts::first(&view, key)?;
    let (jobs, queue) = mpsc::channel(QUEUE_MAX);
    let (signals, _) = broadcast::channel(1024);
    let shared = Arc::new(Shared {
        clock,
        facts: RwLock::new(Arc::new(facts)),
        broken: AtomicBool::new(false),
        doors: Mutex::default(),
        commits: AtomicU64::new(0),
        jobs: AtomicU64::new(0),
    });
    let line = Line { jobs, shared: shared.clone(), signals: signals.clone() };
    let thread = WriterThread { writer, reader: reader.clone(), shared, queue, signals, remembered: Time::default() };
    let handle = std::thread::Builder::new().name("writer".to_owned()).spawn(move || thread.run());
    let handle = handle.map_err(|error| StoreError::Unknown(format!("the writer's thread could not be started: {error}")))?;
    Ok((line, reader, handle))
}

struct WriterThread {
    writer: Writer,
    reader: Reader,
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Job>,
    signals: broadcast::Sender<Signal>,
    /// The last time that was written down for the next start.
    remembered: Time,
}

impl WriterThread {
    fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            let (releases, outcome) = self.group(first);
            let failed = outcome.is_err();
            for release in releases {
                release(outcome.clone().map(|_| ()));
            }
            match outcome {
                Ok(signals) => {
                    for signal in signals {
                        let _ = self.signals.send(signal);
                    }
                }
                Err(error) => tracing::error!(%error, "a group of changes was not stored"),
            }
            if failed {
                self.reopen();
            }
        }
        if let Err(error) = self.writer.close() {
            tracing::error!(%error, "the data file was not closed in order");
        }
    }

    /// Runs jobs until the queue is empty, the group is full, or a job changed the facts that the next one needs.
    fn group(&mut self, first: Job) -> (Vec<Release>, Result<Signals, Refusal>) {
        let now = self.shared.clock.now();
        let mut desk = match self.desk(now) {
            Ok(desk) => desk,
            Err(refusal) => return (vec![refuse(first)], Err(refusal)),
        };
        let mut releases = vec![first(&mut desk)];
        while releases.len() < GROUP_MAX && !desk.facts_changed {
            let Ok(job) = self.queue.try_recv() else { break };
            releases.push(job(&mut desk));
        }
        self.shared.jobs.fetch_add(releases.len() as u64, Ordering::Relaxed);
        (releases, self.commit(desk))
    }

    fn desk(&self, now: Time) -> Result<Desk, Refusal> {
        if self.shared.is_broken() {
            return Err(Refusal::Unavailable);
        }
        Ok(Desk::new(self.writer.work()?, self.shared.facts(), now))
    }

    /// Commits the group. Its live replies leave with it, and are carried on once it is durable.
    fn commit(&mut self, mut desk: Desk) -> Result<Signals, Refusal> {
        let born = born::at_once(&mut desk, &self.shared.doors);
        let facts_changed = desk.facts_changed;
        let now = desk.now;
        let (mut work, signals) = desk.finish();
        if work.is_empty() {
            return Ok(signals);
        }
        if now.since(self.remembered) > REMEMBER_EVERY {
            meta::advance(&mut work, now)?;
            self.remembered = now;
        }
        self.writer.commit(work)?;
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        self.shared.doors.lock().unwrap_or_else(PoisonError::into_inner).give_birth(born);
        if facts_changed {
            let facts = Facts::read(&self.reader.view()?, &self.shared.facts())?;
            self.shared.set_facts(facts);
        }
        Ok(signals)
    }

    /// After an error nothing is known: the store is closed, opened again and read anew before anybody is answered (ST-2).
    fn reopen(&mut self) {
        self.shared.broken.store(true, Ordering::Relaxed);
        for pause in REOPEN_PAUSES.into_iter().chain(std::iter::repeat(REOPEN_PAUSES[3])) {
            std::thread::sleep(pause);
            while let Ok(job) = self.queue.try_recv() {
                refuse(job)(Err(Refusal::Unavailable));
            }
            let opened = self.writer.reopen().and_then(|()| self.reader.view()).and_then(|view| Facts::read(&view, &self.shared.facts()));
            match opened {
                Ok(facts) => {
                    self.shared.set_facts(facts);
                    break;
                }
                Err(error) => tracing::error!(%error, "the data file cannot be opened again yet"),
            }
            if self.queue.is_closed() {
                return;
            }
        }
        self.shared.broken.store(false, Ordering::Relaxed);
        let _ = self.signals.send(Signal::Reopened);
        tracing::warn!("the data file is open again");
    }
}

/// A job that is not run: its asker hears so.
fn refuse(job: Job) -> Release {
    drop(job);
    Box::new(|_| ())
}
