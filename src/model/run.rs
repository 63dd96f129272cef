//! A run: one contact going through one flow version, with everything a step needs to know of its past.

use super::action::{ActionId, Change};
use super::event::{Event, Heard};
use super::node::NodeId;
use super::value::Values;
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Who.
    pub contact: ContactId,
    /// Where it talks.
    pub channel: ChannelId,
    /// Through which flow.
    pub flow: FlowId,
    /// Through which version of it.
    pub version: u32,
    /// The value that sets it apart from its parallels.
    pub key: Option<String>,
    /// Whether it moves.
    pub state: RunState,
    /// Where it stands.
    pub phase: Phase,
    /// Counts the events that changed it; timers and calls carry the count they were armed at, and with another they are stale.
    pub sequence: u64,
    /// How often each node was visited.
    pub visits: BTreeMap<NodeId, u32>,
    /// Its variables, without `run.`.
    pub variables: Values,
    /// What a person changed, by action.
    pub changes: BTreeMap<ActionId, Change>,
    /// Where all its chance comes from.
    pub seed: u64,
    /// When it began.
    pub started: Time,
    /// What began it.
    pub origin: Origin,
    /// How deep in launches it lies.
    pub depth: u8,
    /// The run that called it and waits for its variables.
    pub caller: Option<RunId>,
    /// The last message that came to it.
    pub heard: Option<Heard>,
    /// The message node whose buttons or rows were offered last and not answered yet: on a channel that shows none, a number or a
    /// title typed by the contact means one of these.
    pub offered: Option<NodeId>,
    /// What came while it could not be read, oldest first: the answer of a call while it was held or silent, a press while it waited
    /// for a call, its own start while the contact was with a person.
    pub kept: Vec<Event>,
}

impl Run {
    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.state, RunState::Ended { .. })
    }

    /// The node at which it stands, or which it is about to enter; none when it is over.
    pub fn node(&self) -> Option<&NodeId> {
        match &self.phase {
            Phase::Ready(node) => Some(node),
            Phase::Waiting(waiting) => Some(&waiting.action.node),
            Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
            Phase::Over => None,
        }
    }

    /// The timer it wants: when, and the sequence it is armed at. A held run, or one held at this action, wants none.
    pub fn timer(&self) -> Option<(Time, u64)> {
        if self.state != RunState::Live {
            return None;
        }
        match &self.phase {
            Phase::Waiting(waiting) => waiting.due.map(|due| (due, waiting.armed)),
            Phase::Handover { until: Some(until), armed, .. } => Some((*until, *armed)),
            _ => None,
        }
    }
}

/// Whether a run moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// It does.
    Live,
    /// A person holds it, since then.
    Held {
        /// Since when.
        since: Time,
    },
    /// It is over.
    Ended {
        /// How.
        how: EndedAs,
        /// When.
        at: Time,
        /// The goal reached, or why it stopped or failed, in words.
        word: Option<String>,
    },
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedAs {
    /// By itself.
    Finished,
    /// By a person, a rule, or another run.
    Stopped,
    /// It could not go on.
    Failed,
}

/// Where a run stands between events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It is about to enter this node: at its start, and after a jump.
    Ready(NodeId),
    /// It waits at a node.
    Waiting(Waiting),
    /// It waits for the answer of a call.
    Calling {
        /// The node and visit.
        action: ActionId,
        /// The sequence the call carries.
        armed: u64,
    },
    /// It waits for the end of a run it called.
    Called {
        /// The node and visit.
        action: ActionId,
        /// The sequence the other run hands back.
        armed: u64,
    },
    /// It waits for a person to hand back.
    Handover {
        /// The node and visit.
        action: ActionId,
        /// Until when; `None` is until somebody ends it.
        until: Option<Time>,
        /// The sequence of its timer.
        armed: u64,
    },
    /// It is over.
    Over,
}

/// A wait, as a wait node, a held message, or an action put off by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The node and visit.
    pub action: ActionId,
    /// Since when.
    pub since: Time,
    /// When it ends by itself; `None` while only an event ends it, and while a person holds it.
    pub due: Option<Time>,
    /// When it would end had nobody held it; the same as `due` otherwise.
    pub planned: Option<Time>,
    /// The sequence of its timer.
    pub armed: u64,
    /// What it waits for.
    pub what: WaitingFor,
    /// How often an answer was asked again.
    pub tries: u32,
    /// The parts of an answer that came so far, where short messages are joined.
    pub burst: Vec<String>,
    /// Why `due` is not when the node alone would have it, in words.
    pub moved: Option<String>,
}

/// What a wait is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitingFor {
    /// The end of a wait node, or one of its events.
    Node,
    /// The rest of an answer in several messages.
    Burst,
    /// The contact's next message, because the 24-hour window is closed.
    Window,
    /// A person's time for, or release of, an action that has none of its own.
    Person,
}

/// What began a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A trigger node.
    Trigger(NodeId),
    /// A person in the panel.
    Operator(Option<crate::base::id::OperatorId>),
    /// The HTTP API, or the flow's own start address.
    Api,
    /// Another run.
    Launch(RunId),
}

/// How a start was answered, by the words of the HTTP API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartOutcome {
    /// A run began.
    Started,
    /// The run inside ended and a new one began.
    Restarted,
    /// The run inside stays where it is, or the flow runs once only.
    Kept,
    /// The contact wants no messages.
    OptedOut,
    /// The contact is blocked, or a limit was hit, or the flow is disabled.
    Blocked,
}

impl StartOutcome {
    /// Its word in the HTTP API.
    pub const fn word(self) -> &'static str {
        match self {
            StartOutcome::Started => "started",
            StartOutcome::Restarted => "restarted",
            StartOutcome::Kept => "kept",
            StartOutcome::OptedOut => "opted_out",
            StartOutcome::Blocked => "blocked",
        }
    }
}
