//! Wakes runs. Holds in the wheel what is due soon, refills it from disk, and hands due timers to the writer.

use super::Executor;
use super::advance;
use super::desk::Signal;
use super::wheel::Wheel;
use crate::base::id::RunId;
use crate::base::limits::{WHEEL_ENTRIES_MAX, WHEEL_HORIZON};
use crate::base::time::{Span, Time};
use crate::store::StoreError;
use crate::store::timers::{self, Timer};
use std::sync::atomic::Ordering;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

/// Timers handed to the writer at once: enough for a full group, few enough for live messages to come between (RUN-11).
const PAGE: usize = 100;
/// The longest sleep: how long a clock set forward may go unnoticed.
const NAP_MAX: Span = Span::SECOND;

/// Which timer.
type Entry = (RunId, u64);

/// The keeper of time. Runs until told to stop.
pub struct Timekeeper {
    executor: Executor,
    signals: broadcast::Receiver<Signal>,
    wheel: Wheel<Entry>,
    /// Every timer on disk up to here is in the wheel.
    loaded_until: Time,
    /// The last timer read from disk.
    last: Option<Timer>,
}

impl Timekeeper {
    /// A keeper that has looked at nothing yet. Made before the first change, so that no signal is missed.
    pub fn new(executor: Executor) -> Timekeeper {
        let signals = executor.line.signals.subscribe();
        let now = executor.now();
        Timekeeper { executor, signals, wheel: Wheel::new(now), loaded_until: Time(i64::MIN), last: None }
    }

    /// Wakes runs until `stop` says so.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.refill().await {
                tracing::error!(%error, "timers could not be read from the data file; trying again");
                tokio::time::sleep(NAP_MAX.to_std()).await;
            }
            let now = self.executor.now();
            let due = if self.executor.line.shared.clock.is_doubtful() { Vec::new() } else { self.wheel.turn(now) };
            self.executor.meters.timers_held.store(self.wheel.len() as u64, Ordering::Relaxed);
            if !due.is_empty() {
                self.fire(due).await;
                continue;
            }
            let next = self.wheel.next().filter(|_| !self.executor.line.shared.clock.is_doubtful());
            let nap = next.map_or(NAP_MAX, |next| next.since(now)).min(NAP_MAX).max(Span(1));
            tokio::select! {
                signal = self.signals.recv() => self.hear(signal),
                () = tokio::time::sleep(nap.to_std()) => {}
                _ = stop.changed() => {}
            }
        }
    }

    fn hear(&mut self, signal: Result<Signal, RecvError>) {
        match signal {
            Ok(Signal::Timer { due, run, armed }) => self.note(due, run, armed),
            Ok(Signal::Reopened) | Err(RecvError::Lagged(_)) => self.start_over(),
            Ok(_) | Err(RecvError::Closed) => {}
        }
        while let Ok(signal) = self.signals.try_recv() {
            match signal {
                Signal::Timer { due, run, armed } => self.note(due, run, armed),
                Signal::Reopened => self.start_over(),
                _ => {}
            }
        }
    }

    fn note(&mut self, due: Time, run: RunId, armed: u64) {
        if due <= self.loaded_until {
            self.wheel.add(due, (run, armed));
        }
    }

    fn start_over(&mut self) {
        self.wheel = Wheel::new(self.executor.now());
        self.loaded_until = Time(i64::MIN);
        self.last = None;
    }

    /// Reads the next stretch of timers from disk once the last one is nearly used up. What is already in the wheel may come twice: the
    /// second firing finds the run moved on.
    async fn refill(&mut self) -> Result<(), StoreError> {
        let now = self.executor.now();
        let half = Span(WHEEL_HORIZON.0 / 2);
        if self.loaded_until > now + half || self.wheel.len() >= WHEEL_ENTRIES_MAX {
            return Ok(());
        }
        let (after, until) = (self.last, now + WHEEL_HORIZON);
        let room = WHEEL_ENTRIES_MAX - self.wheel.len();
        let found = self.executor.read(move |view| timers::due_before(view, after, until, room)).await?;
        self.loaded_until = match found.last() {
            Some((last, ..)) if found.len() == room => *last,
            _ => until,
        };
        self.last = found.last().copied().or(after);
        for (due, run, armed) in found {
            self.wheel.add(due, (run, armed));
        }
        Ok(())
    }

    /// Hands due timers to the writer, oldest first, a page at a time.
    async fn fire(&mut self, due: Vec<(Time, Entry)>) {
        for page in due.chunks(PAGE) {
            let late = page.first().map_or(Span(0), |(due, _)| self.executor.now().since(*due));
            self.executor.meters.timers_fired.fetch_add(page.len() as u64, Ordering::Relaxed);
            self.executor.meters.lateness_ms.store(u64::try_from(late.0).unwrap_or(0), Ordering::Relaxed);
            let fired: Vec<_> = page.iter().map(|(due, (run, armed))| self.fire_one(*due, *run, *armed)).collect();
            for refused in futures_util::future::join_all(fired).await {
                if let Err((due, entry, refusal)) = refused {
                    tracing::error!(run = %entry.0, %refusal, "a run could not be woken; trying again in a while");
                    self.wheel.add(due.max(self.executor.now()) + Span::MINUTE, entry);
                }
            }
        }
    }

    fn fire_one(
        &self,
        due: Time,
        run: RunId,
        armed: u64,
    ) -> impl Future<Output = Result<(), (Time, Entry, super::refusal::Refusal)>> + use<> {
        let line = self.executor.line.clone();
        async move {
            let fired = line.change(move |desk| advance::fire(desk, due, run, armed)).await;
            fired.map_err(|refusal| (due, (run, armed), refusal))
        }
    }
}
