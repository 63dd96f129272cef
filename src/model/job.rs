//! A change of many runs at once: what, to whom, how far it is, and what it did to each.

use super::action::{ActionId, Change};
use super::node::NodeId;
use super::operator::By;
use super::run::Run;
use super::run_match::RunMatch;
use crate::base::id::{JobId, RunId};
use crate::base::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is done to each run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum BulkVerb {
    /// It waits, keeping its place.
    Hold,
    /// It goes on.
    Resume,
    /// It ends, for this reason.
    Stop {
        /// In words.
        reason: String,
    },
    /// It stands at this node now.
    Jump {
        /// Which.
        node: NodeId,
    },
    /// What it has pending is not done, nor waited for.
    Skip,
    /// What it has pending is done at another time.
    Move {
        /// At this time.
        to: Option<Time>,
        /// Or so much later than now planned.
        by: Option<Span>,
        /// Whether later ones stay where they are; otherwise they keep their distance.
        only: bool,
    },
}

impl BulkVerb {
    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            BulkVerb::Hold => "hold",
            BulkVerb::Resume => "resume",
            BulkVerb::Stop { .. } => "stop",
            BulkVerb::Jump { .. } => "jump",
            BulkVerb::Skip => "skip",
            BulkVerb::Move { .. } => "move",
        }
    }

    /// Whether it can be taken back. What a jump or a skip sent cannot.
    pub const fn can_undo(&self) -> bool {
        !matches!(self, BulkVerb::Jump { .. } | BulkVerb::Skip)
    }
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It goes through the runs.
    Running,
    /// It went through all.
    Done,
    /// It takes back what it did.
    Undoing,
    /// It took back what could be.
    Undone,
}

/// A change of many runs at once. It goes through the runs in order of id, a batch to a commit, and knows in the same commit how far it
/// came: after a crash it goes on there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Who wants it.
    pub by: By,
    /// Since when.
    pub created: Time,
    /// Which runs.
    pub matching: RunMatch,
    /// What.
    pub verb: BulkVerb,
    /// The last run there was when it began: later ones are not meant.
    pub until: RunId,
    /// How many were meant when it began.
    pub total: u64,
    /// How it stands.
    pub state: JobState,
    /// The last run it came to, going on or back.
    pub cursor: Option<RunId>,
    /// Runs that were changed.
    pub changed: u64,
    /// Runs that refused: over meanwhile, or nothing pending that could be changed.
    pub refused: u64,
    /// Runs where the change was taken back.
    pub undone: u64,
    /// When it came to its end.
    pub finished: Option<Time>,
}

impl Job {
    /// Whether it is being taken back, or was.
    pub const fn is_back(&self) -> bool {
        matches!(self.state, JobState::Undoing | JobState::Undone)
    }

    /// Whether there is something left to do.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, JobState::Running | JobState::Undoing)
    }
}

/// What a job did to one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobItem {
    /// It was changed.
    Changed {
        /// The run's count after it: with another count the run went on meanwhile.
        sequence: u64,
        /// What was there before.
        before: Before,
    },
    /// It was left as it is, for this reason.
    Refused(String),
}

/// What an undo puts back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Before {
    /// Nothing: it cannot be taken back.
    Nothing,
    /// It moved.
    Live,
    /// It was held.
    Held,
    /// It had these changes.
    Changes(BTreeMap<ActionId, Change>),
    /// It was this run.
    Run(Box<Run>),
}
