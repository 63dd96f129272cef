//! What a job has before it while it changes the data: the work of the group, the facts, the time, and a list of what to tell whom
//! once the group is durable.

use super::facts::Facts;
use super::refusal::Refusal;
use crate::base::id::{AuditId, ChannelId, ContactId, FlowId, Id, JobId, OutboxId, RunId};
use crate::base::time::Time;
use crate::model::operator::{AuditLine, By};
use crate::model::run::Run;
use crate::store::{Mark, Work, audit, runs};
use std::sync::Arc;

/// Something that was committed and that others may want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// A run wants to be woken.
    Timer {
        /// When.
        due: Time,
        /// Which run.
        run: RunId,
        /// At which sequence it was armed.
        armed: u64,
    },
    /// A row of the outbox is new or ready again.
    Outbox(OutboxId),
    /// A contact said or was told something, or was changed.
    Contact(ContactId),
    /// A run was changed.
    Run(RunId),
    /// A change of many runs went on.
    Job(JobId),
    /// A flow was changed.
    Flow(FlowId),
    /// A channel was changed.
    Channel(ChannelId),
    /// Something was asked of a channel: its request log grew.
    Requests(ChannelId),
    /// The settings were changed.
    Settings,
    /// The store was closed and opened again: whatever was remembered of it may be wrong.
    Reopened,
}

/// The signals of one group.
pub type Signals = Vec<Signal>;

/// The desk of one group of jobs.
pub struct Desk {
    /// The data, with all that the group has changed so far.
    pub work: Work,
    /// The facts as of the last commit.
    pub facts: Arc<Facts>,
    /// The time of the group.
    pub now: Time,
    /// Whether the facts must be read again after the commit; ends the group.
    pub facts_changed: bool,
    signals: Signals,
}

/// A point to which a job can be undone.
#[derive(Debug)]
pub struct DeskMark {
    work: Mark,
    signals: usize,
}

impl Desk {
    /// A desk for one group.
    pub fn new(work: Work, facts: Arc<Facts>, now: Time) -> Desk {
        Desk { work, facts, now, facts_changed: false, signals: Vec::new() }
    }

    /// The point that `roll_back` returns to.
    pub fn mark(&self) -> DeskMark {
        DeskMark { work: self.work.mark(), signals: self.signals.len() }
    }

    /// Undoes everything since `mark`.
    pub fn roll_back(&mut self, mark: DeskMark) {
        self.work.roll_back(mark.work);
        self.signals.truncate(mark.signals);
    }

    /// The work to commit, and what to tell once it is.
    pub fn finish(self) -> (Work, Signals) {
        (self.work, self.signals)
    }

    /// What is to be told so far.
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// Tells of something once the group is durable.
    pub fn signal(&mut self, signal: Signal) {
        self.signals.push(signal);
    }

    /// Stores a run and its timer.
    pub fn put_run(&mut self, run: &Run) -> Result<(), Refusal> {
        runs::put(&mut self.work, run)?;
        self.signal(Signal::Run(run.id));
        if let Some((due, armed)) = run.timer() {
            self.signal(Signal::Timer { due, run: run.id, armed });
        }
        Ok(())
    }

    /// Adds a line to the audit log.
    pub fn audit(&mut self, by: By, what: &str, detail: impl Into<String>) -> Result<(), Refusal> {
        let id: AuditId = self.work.mint()?;
        let line = AuditLine { id, at: self.now, by, what: what.to_owned(), detail: detail.into() };
        Ok(audit::add(&mut self.work, &line)?)
    }

    /// A fresh id.
    pub fn mint<I: Id>(&mut self) -> Result<I, Refusal> {
        Ok(self.work.mint()?)
    }
}
