//! Floor 3: where decisions become deeds. The clock, the one writer, the timer wheel, the outbox and the one HTTP client live here.

pub mod advance;
pub mod audit;
mod caller;
pub mod chance;
pub mod clock;
pub mod commit;
pub mod control;
pub mod desk;
pub mod facts;
pub mod guard;
pub mod http;
pub mod jobs;
pub mod meters;
pub mod occasions;
pub mod outbox;
pub mod receive;
pub mod recover;
pub mod refusal;
pub mod run_list;
pub mod timekeeper;
pub mod upkeep;
pub mod wheel;

use crate::base::id::ChannelId;
use crate::base::secret::Secret;
use crate::base::time::Time;
use crate::store::seal::SealKey;
use crate::store::{Reader, Store, StoreError, View};
use commit::Line;
use facts::Facts;
use http::{Http, HttpError};
use meters::Meters;
use outbox::Outbox;
use refusal::Refusal;
use std::sync::Arc;
use timekeeper::Timekeeper;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The executor: a handle for everyone above. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    /// The way to the writer.
    pub line: Line,
    /// The way to read.
    pub reader: Reader,
    /// The one HTTP client.
    pub http: Http,
    /// Counters.
    pub meters: Arc<Meters>,
}

/// What must be waited for at the end.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    writer: std::thread::JoinHandle<()>,
}

/// Why the executor did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data cannot be read.
    #[error("the data cannot be read: {0}")]
    Store(#[from] StoreError),
    /// The data cannot be set right after the last end.
    #[error("the data cannot be written: {0}")]
    Recover(#[from] Refusal),
    /// There is no HTTP client.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl Executor {
    /// Starts the executor over an open store: the writer's thread, then recovery, then the timekeeper and the outbox. Wants a tokio
    /// runtime around it.
    pub async fn start(store: Store, key: SealKey) -> Result<(Executor, Running), StartError> {
        let http = Http::new()?;
        let (line, reader, thread) = commit::start(store, key)?;
        let executor = Executor { line, reader, http, meters: Arc::default() };
        let (stop, stopped) = watch::channel(false);
        let cut = executor.line.change(recover::recover).await?;
        if cut > 0 {
            tracing::warn!(cut, "attempts were cut by the last end of the program; their outcome is unknown");
        }
        while executor.line.change(occasions::rounds::finish_carrying).await? {}
        let timekeeper = Timekeeper::new(executor.clone());
        let outbox = Outbox::new(executor.clone(), random_u64());
        let tasks = vec![
            tokio::spawn(timekeeper.run(stopped.clone())),
            tokio::spawn(outbox.run(stopped.clone())),
            tokio::spawn(occasions::run(executor.clone(), stopped.clone())),
            tokio::spawn(jobs::run(executor.clone(), stopped.clone())),
            tokio::spawn(upkeep::run(executor.clone(), stopped)),
        ];
        Ok((executor, Running { stop, tasks, writer: thread }))
    }

    /// A handle over an open store that changes what it is told and does nothing by itself: nothing falls due, and nothing is sent. Wants a
    /// tokio runtime around it.
    pub fn at_rest(store: Store, key: SealKey) -> Result<(Executor, Running), StartError> {
        let http = Http::new()?;
        let (line, reader, writer) = commit::start(store, key)?;
        let (stop, _) = watch::channel(false);
        Ok((Executor { line, reader, http, meters: Arc::default() }, Running { stop, tasks: Vec::new(), writer }))
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.line.shared.clock.now()
    }

    /// The facts as of the last commit.
    pub fn facts(&self) -> Arc<Facts> {
        self.line.shared.facts()
    }

    /// The channels whose provider does not answer, and since when: their messages wait while it is tried now and then (OUT-6).
    pub fn silent_channels(&self) -> Vec<(ChannelId, Time)> {
        self.line.shared.doors.lock().unwrap_or_else(std::sync::PoisonError::into_inner).silent()
    }

    /// What programs of the owner check our calls with (OUT-11).
    pub fn webhook_secret(&self) -> Secret<String> {
        outbox::call::secret(&self.facts().key)
    }

    /// Says where this appliance stands, for the addresses of files that providers fetch. Only the first word counts.
    pub fn stand_at(&self, url: &str) {
        let _ = self.facts().own_url.set(url.trim_end_matches('/').to_owned());
    }

    /// One consistent look at the data. For the blocking pool, or for a few reads.
    pub fn view(&self) -> Result<View, StoreError> {
        self.reader.view()
    }

    /// Reads on the blocking pool.
    pub async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&View) -> Result<T, StoreError> + Send + 'static,
    {
        let reader = self.reader.clone();
        let done = tokio::task::spawn_blocking(move || read(&reader.view()?)).await;
        done.unwrap_or(Err(StoreError::Unknown("a reading task ended early".to_owned())))
    }

    /// An id for a message whose sender gave it none.
    pub fn fresh_id(&self) -> String {
        format!("flusso-{:016x}{:016x}", random_u64(), random_u64())
    }
}

impl Running {
    /// Stops in order: nothing new leaves, what is under way may end, the last group is committed and the file closed. Every other handle
    /// of the executor must be gone for the writer to end; it is given five seconds.
    pub async fn stop(self, executor: Executor) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
        drop(executor);
        let closed = tokio::task::spawn_blocking(move || self.writer.join());
        if tokio::time::timeout(std::time::Duration::from_secs(5), closed).await.is_err() {
            tracing::warn!("the data file was left open; it is checked at the next start");
        }
    }
}

/// Chance that no caller needs to repeat: ids of requests and seeds of jitter.
fn random_u64() -> u64 {
    getrandom::u64().unwrap_or_else(|error| {
        tracing::error!(%error, "the machine gives no randomness");
        0
    })
}
