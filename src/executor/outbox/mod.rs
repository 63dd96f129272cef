//! Sends what was decided: takes the heads of the lanes, obeys the pace, lets them leave and settles them. One task; the rows are on
//! disk and this only knows which wait.

pub mod attempt;
pub mod born;
mod breaker;
pub mod call;
pub mod doors;
mod files;
pub mod lanes;
pub mod pace;
mod secrets;
pub mod verdict;

use super::Executor;
use super::desk::Signal;
use super::http::Reply;
use super::refusal::Refusal;
use crate::base::id::{ChannelId, OutboxId};
use crate::base::time::Span;
use crate::provider;
use crate::provider::outcome::SendOutcome;
use crate::store::{StoreError, outbox};
use breaker::Fared;
use doors::Doors;
use lanes::{Lanes, Waiting};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};
use verdict::{ChannelHold, Prepared, Verdict};

/// Requests under way at once.
const AWAY_MAX: usize = 64;
/// Rows known in memory at most; the rest waits on disk until there is room.
const KNOWN_MAX: usize = 50_000;
/// Rows read from disk at once.
const PAGE: usize = 1000;
/// The longest sleep.
const NAP_MAX: Span = Span::SECOND;
/// How long a row waits that the writer could not settle.
const FAULT_PAUSE: Span = Span(30_000);

/// What a request under way came to.
struct Settled {
    row: Waiting,
    result: Result<(Verdict, Option<ChannelHold>), Refusal>,
    /// How the way to the provider was; `None` for a call.
    fared: Option<Fared>,
}

/// The sender. Runs until told to stop.
pub struct Outbox {
    executor: Executor,
    signals: broadcast::Receiver<Signal>,
    lanes: Lanes,
    /// Every waiting row up to this id is known.
    loaded: Option<OutboxId>,
    all_loaded: bool,
    away: BTreeSet<OutboxId>,
    back: (mpsc::Sender<Settled>, mpsc::Receiver<Settled>),
    chance: fastrand::Rng,
}

impl Outbox {
    /// A sender that knows of nothing yet. Made before the first change, so that no signal is missed.
    pub fn new(executor: Executor, seed: u64) -> Outbox {
        let signals = executor.line.signals.subscribe();
        Outbox {
            executor,
            signals,
            lanes: Lanes::default(),
            loaded: None,
            all_loaded: false,
            away: BTreeSet::new(),
            back: mpsc::channel(AWAY_MAX),
            chance: fastrand::Rng::with_seed(seed),
        }
    }

    /// Sends until `stop` says so, then waits for what is under way, ten seconds at most.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.load().await {
                tracing::error!(%error, "the outbox could not be read from the data file; trying again");
                tokio::time::sleep(NAP_MAX.to_std()).await;
            }
            self.embark();
            if let Err(error) = self.depart().await {
                tracing::error!(%error, "nothing leaves for now");
                tokio::time::sleep(NAP_MAX.to_std()).await;
            }
            self.executor.meters.outbox_waiting.store(self.lanes.len() as u64, Ordering::Relaxed);
            let now = self.executor.now();
            let idle = self.away.len() >= AWAY_MAX;
            let next = self.lanes.next().filter(|_| !idle);
            let nap = next.map_or(NAP_MAX, |next| next.since(now)).min(NAP_MAX).max(Span(1));
            tokio::select! {
                Some(settled) = self.back.1.recv() => self.settle(settled),
                signal = self.signals.recv() => self.hear(signal).await,
                () = tokio::time::sleep(nap.to_std()) => {}
                _ = stop.changed() => {}
            }
        }
        self.close().await;
        let last = tokio::time::timeout(std::time::Duration::from_secs(10), async {
            while !self.away.is_empty() {
                let Some(settled) = self.back.1.recv().await else { return };
                self.settle(settled);
            }
        });
        if last.await.is_err() {
            tracing::warn!(away = self.away.len(), "some sends are still under way; their outcome is told as unknown at the next start");
        }
    }

    fn doors(&self) -> MutexGuard<'_, Doors> {
        self.executor.line.shared.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries on what left in the commit that decided it, and tells how much more may.
    fn embark(&mut self) {
        let room = if self.all_loaded { AWAY_MAX.saturating_sub(self.away.len()) } else { 0 };
        let born = {
            let mut doors = self.doors();
            let born = doors.take_born();
            doors.make_room(room.saturating_sub(born.len()));
            born
        };
        for prepared in born {
            self.lanes.begin(prepared.row);
            self.leave(prepared);
        }
    }

    /// No reply leaves with its commit any more; those that did meanwhile are carried on.
    async fn close(&mut self) {
        self.all_loaded = false;
        self.embark();
        // Whatever was decided before this is durable after it.
        let _ = self.executor.line.change(|_| Ok(())).await;
        self.embark();
    }

    async fn load(&mut self) -> Result<(), StoreError> {
        while !self.all_loaded && self.lanes.len() < KNOWN_MAX {
            let after = self.loaded;
            let page = self.executor.read(move |view| outbox::open(view, after, PAGE)).await?;
            self.all_loaded = page.len() < PAGE;
            for row in page {
                self.loaded = self.loaded.max(Some(row.id));
                if let Some(waiting) = Waiting::of(&row) {
                    self.lanes.put(waiting);
                }
            }
        }
        Ok(())
    }

    async fn hear(&mut self, first: Result<Signal, RecvError>) {
        let mut changed = Vec::new();
        let mut next = Some(first);
        while let Some(signal) = next {
            match signal {
                Ok(Signal::Outbox(id)) => changed.push(id),
                Ok(Signal::Channel(channel)) => self.renew(channel),
                Ok(Signal::Settings) => self.renew_all(),
                Ok(Signal::Reopened) => {
                    self.start_over();
                    self.find_the_lost().await;
                }
                Err(RecvError::Lagged(_)) => self.start_over(),
                Ok(_) | Err(RecvError::Closed) => {}
            }
            next = match self.signals.try_recv() {
                Ok(signal) => Some(Ok(signal)),
                Err(broadcast::error::TryRecvError::Lagged(missed)) => Some(Err(RecvError::Lagged(missed))),
                Err(_) => None,
            };
        }
        if let Err(error) = self.learn(changed).await {
            tracing::error!(%error, "the outbox could not be read from the data file; starting over");
            self.start_over();
        }
    }

    /// Reads the rows that a commit changed. A row beyond what is loaded waits on disk for its turn.
    async fn learn(&mut self, mut ids: Vec<OutboxId>) -> Result<(), StoreError> {
        ids.sort_unstable();
        ids.dedup();
        if !self.all_loaded {
            ids.retain(|id| Some(*id) <= self.loaded);
        } else if self.lanes.len() >= KNOWN_MAX {
            self.all_loaded = false;
            ids.retain(|id| Some(*id) <= self.loaded);
        }
        if ids.is_empty() {
            return Ok(());
        }
        let rows = self.executor.read(move |view| ids.iter().map(|id| outbox::get(view, *id)).collect::<Result<Vec<_>, _>>()).await?;
        for row in rows.into_iter().flatten() {
            self.loaded = self.loaded.max(Some(row.id));
            match Waiting::of(&row) {
                Some(waiting) => self.lanes.put(waiting),
                None if matches!(row.state, crate::model::outbox::OutboxState::Attempting { .. }) => {}
                None => self.lanes.remove(row.id, row.contact),
            }
        }
        Ok(())
    }

    /// The file was opened again. A commit that was answered with an error may be in it all the same: what it let out, nobody carries.
    async fn find_the_lost(&mut self) {
        let (away, shared) = (self.away.clone(), self.executor.line.shared.clone());
        let found = self.executor.line.change(move |desk| {
            let carried = |id| away.contains(&id) || shared.doors.lock().unwrap_or_else(PoisonError::into_inner).is_born(id);
            attempt::find_the_lost(desk, carried)
        });
        if let Err(error) = found.await {
            tracing::error!(%error, "attempts that nobody carries were not looked for; they are found at the next start");
        }
    }

    fn start_over(&mut self) {
        self.lanes = Lanes::default();
        self.loaded = None;
        self.all_loaded = false;
    }

    fn renew_all(&mut self) {
        let facts = self.executor.facts();
        for channel in facts.channels.keys() {
            self.renew(*channel);
        }
    }

    fn renew(&mut self, channel: ChannelId) {
        let now = self.executor.now();
        let free = self.doors().renew(channel, now);
        let facts = self.executor.facts();
        let speaks = facts.channels.get(&channel).is_some_and(|known| known.channel.enabled && known.channel.stopped.is_none());
        if speaks && free {
            self.lanes.hurry(channel, now);
        }
    }

    /// Lets everything leave that is due and that the pace allows.
    async fn depart(&mut self) -> Result<(), Refusal> {
        let now = self.executor.now();
        let room = AWAY_MAX.saturating_sub(self.away.len());
        if room == 0 || self.lanes.next().is_none_or(|next| next > now) {
            return Ok(());
        }
        let heads = {
            let (facts, view) = (self.executor.facts(), self.executor.view()?);
            let mut doors = self.executor.line.shared.doors.lock().unwrap_or_else(PoisonError::into_inner);
            doors.tidy(now);
            self.lanes.take(now, room, |row| doors.hold(&facts, &view, row, now))
        };
        // What left with its commit before the one ahead of it was back is on its way, though its lane says it waits.
        let (carried, heads): (Vec<_>, Vec<_>) = heads.into_iter().partition(|row| self.away.contains(&row.id));
        carried.iter().for_each(|row| self.doors().stayed(row));
        let asked: Vec<_> = heads
            .into_iter()
            .map(|row| {
                let line = self.executor.line.clone();
                async move { (row, line.change(move |desk| attempt::prepare(desk, row.id)).await) }
            })
            .collect();
        for (row, verdict) in futures_util::future::join_all(asked).await {
            match verdict {
                Ok(Verdict::Go(prepared)) => self.leave(*prepared),
                result => {
                    self.doors().stayed(&row);
                    self.conclude(row, result.map(|verdict| (verdict, None)));
                }
            }
        }
        Ok(())
    }

    fn leave(&mut self, prepared: Prepared) {
        self.away.insert(prepared.row.id);
        let (executor, back, seed) = (self.executor.clone(), self.back.0.clone(), self.chance.u64(..));
        tokio::spawn(async move {
            let row = prepared.row;
            let (result, fared) = travel(&executor, prepared, seed).await;
            let _ = back.send(Settled { row, result, fared }).await;
        });
    }

    fn settle(&mut self, settled: Settled) {
        self.away.remove(&settled.row.id);
        let now = self.executor.now();
        let turned = settled.fared.and_then(|fared| self.doors().back(settled.row.channel, fared, now));
        match turned {
            Some(Fared::Badly) => {
                tracing::warn!(channel = %settled.row.channel, "the provider does not answer; messages wait while it is tried now and then")
            }
            Some(Fared::Well) => tracing::info!(channel = %settled.row.channel, "the provider answers again"),
            None => {}
        }
        let open = self.doors().silent().len();
        self.executor.meters.breakers_open.store(open as u64, Ordering::Relaxed);
        self.conclude(settled.row, settled.result);
    }

    fn conclude(&mut self, row: Waiting, result: Result<(Verdict, Option<ChannelHold>), Refusal>) {
        match result {
            Ok((verdict, hold)) => {
                if let Some(hold) = hold {
                    self.doors().keep_shut(hold);
                }
                match verdict {
                    Verdict::Waits(waiting) => self.lanes.put(waiting),
                    Verdict::Go(_) | Verdict::Over => self.lanes.remove(row.id, row.contact),
                }
            }
            Err(refusal) => {
                tracing::error!(row = %row.id, %refusal, "a row of the outbox could not be settled; trying again in a while");
                self.lanes.put(Waiting { due: self.executor.now() + FAULT_PAUSE, ..row });
            }
        }
        self.lanes.free(&row);
    }
}

/// What the writer made of a request that came back.
type Concluded = Result<(Verdict, Option<ChannelHold>), Refusal>;

/// The way of one request: out, back, and to the writer.
async fn travel(executor: &Executor, prepared: Prepared, seed: u64) -> (Concluded, Option<Fared>) {
    let id = prepared.row.id;
    match prepared.kind {
        None => {
            let reply = executor.http.call(&prepared.request, &prepared.reach, prepared.timeout).await;
            let done = executor.line.change(move |desk| call::finish(desk, id, reply, seed).map(|verdict| (verdict, None))).await;
            (done, None)
        }
        Some(kind) => {
            let reply = executor.http.send(&prepared.request, &prepared.reach, prepared.timeout).await;
            let fared = match &reply {
                Reply::Answered(answer) if answer.status < 500 => Fared::Well,
                Reply::Answered(_) | Reply::Failed(_) => Fared::Badly,
                Reply::Forbidden(_) => Fared::Well,
            };
            let outcome = match &reply {
                Reply::Answered(answer) => provider::read_answer(kind, Ok(answer), executor.now()),
                Reply::Failed(failure) => provider::read_answer(kind, Err(failure), executor.now()),
                Reply::Forbidden(why) => SendOutcome::StopChannel { reason: format!("The provider's address is not allowed: {why}.") },
            };
            executor.meters.count_send(&outcome);
            (executor.line.change(move |desk| attempt::finish(desk, id, outcome, seed)).await, Some(fared))
        }
    }
}
