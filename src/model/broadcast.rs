//! A broadcast: one flow started for many contacts, paced; and how it went for each of them.

use super::node::NodeId;
use super::run::{Origin, StartOutcome};
use super::segment::Segment;
use super::value::Values;
use crate::base::id::{BroadcastId, ChannelId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// One flow started for many contacts. Kept as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broadcast {
    /// Its id.
    pub id: BroadcastId,
    /// Which flow.
    pub flow: FlowId,
    /// What began it: a person, a program, or the schedule of the flow.
    pub origin: Origin,
    /// For whom.
    pub whom: Whom,
    /// On which channel it talks; `None` is where each contact was heard last.
    pub channel: Option<ChannelId>,
    /// Variables that every run begins with.
    pub variables: Values,
    /// Starts a minute at most.
    pub per_minute: u32,
    /// When it was made.
    pub created: Time,
    /// How it stands.
    pub state: BroadcastState,
    /// People looked at so far: the next one's place in the list of results.
    pub place: u32,
    /// The last contact looked at, where it goes through the address book.
    pub after: Option<ContactId>,
    /// How it went so far.
    pub counts: Counts,
}

impl Broadcast {
    /// The trigger its runs begin at; `None` is the flow's start.
    pub fn trigger(&self) -> Option<&NodeId> {
        match &self.origin {
            Origin::Trigger(trigger) => Some(trigger),
            _ => None,
        }
    }
}

/// For whom a broadcast is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// A list, kept beside it: so many.
    Listed(u32),
    /// Everybody with this tag.
    Tagged(String),
    /// Everybody of a segment, as its rules were when it was made.
    Segment(Segment),
}

/// How a broadcast stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BroadcastState {
    /// The next ones are started at this time.
    Running {
        /// Not before.
        due: Time,
    },
    /// Everybody had their turn.
    Done {
        /// When.
        at: Time,
    },
    /// It was stopped before.
    Stopped {
        /// When.
        at: Time,
        /// Why, in words.
        reason: String,
    },
}

impl BroadcastState {
    /// The word of the HTTP API.
    pub const fn word(&self) -> &'static str {
        match self {
            BroadcastState::Running { .. } => "running",
            BroadcastState::Done { .. } => "done",
            BroadcastState::Stopped { .. } => "stopped",
        }
    }
}

/// How a broadcast went, in people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// A run began.
    pub started: u32,
    /// The run inside ended and a new one began.
    pub restarted: u32,
    /// The run inside stayed, or the flow runs once only.
    pub kept: u32,
    /// They want no messages.
    pub opted_out: u32,
    /// Something else stood in the way.
    pub blocked: u32,
}

impl Counts {
    /// Counts one answer.
    pub fn add(&mut self, outcome: StartOutcome) {
        let count = match outcome {
            StartOutcome::Started => &mut self.started,
            StartOutcome::Restarted => &mut self.restarted,
            StartOutcome::Kept => &mut self.kept,
            StartOutcome::OptedOut => &mut self.opted_out,
            StartOutcome::Blocked => &mut self.blocked,
        };
        *count += 1;
    }

    /// How many had their turn.
    pub const fn all(&self) -> u32 {
        self.started + self.restarted + self.kept + self.opted_out + self.blocked
    }
}

/// One person of a broadcast: who, and how it went once they had their turn. Kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Addressed {
    /// The contact; `None` until a number is looked up, and where it cannot be read.
    pub contact: Option<ContactId>,
    /// The number as somebody wrote it; empty where a contact was chosen.
    pub written: String,
    /// How it went; `None` before their turn.
    pub outcome: Option<StartOutcome>,
    /// The run that began, or that stayed.
    pub run: Option<RunId>,
    /// Why none began.
    pub left_out: Option<LeftOut>,
}

/// Why somebody is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// They want no messages.
    #[error("They unsubscribed: nothing is sent.")]
    OptedOut,
    /// They are blocked.
    #[error("They are blocked.")]
    Blocked,
    /// Automations are off or paused for them.
    #[error("Automations are off for them.")]
    AutomationsOff,
    /// They are inside, and the flow lets them stay.
    #[error("They are inside already and stay where they are.")]
    AlreadyInside,
    /// The flow runs once for each.
    #[error("They have been through it, and it runs once only.")]
    RanBefore,
    /// No channel reaches them.
    #[error("No channel reaches them.")]
    NoChannel,
    /// The number cannot be read.
    #[error("The number cannot be read. Write it with its country, as +39 333 1234567.")]
    Unreadable,
    /// The same person stands in the list before.
    #[error("They stand in the list twice.")]
    Twice,
    /// The flow is disabled.
    #[error("The automation is disabled.")]
    FlowDisabled,
    /// A guard against what answers itself.
    #[error("It started for them too often within an hour, or they are in too many automations.")]
    TooOften,
    /// The contact was deleted.
    #[error("The contact was deleted.")]
    Gone,
}

impl LeftOut {
    /// The answer that the HTTP API gives for it.
    pub const fn outcome(self) -> StartOutcome {
        match self {
            LeftOut::OptedOut => StartOutcome::OptedOut,
            LeftOut::AlreadyInside | LeftOut::RanBefore => StartOutcome::Kept,
            _ => StartOutcome::Blocked,
        }
    }
}
