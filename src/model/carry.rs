//! What happens to those inside a flow when it is saved, enabled again, or thrown away.

use super::node::NodeId;
use super::operator::By;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happens to the people inside when a flow is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Running {
    /// Those whose node still exists, as the same kind, move to the new version; the others finish on theirs.
    #[default]
    Move,
    /// All finish on the version they are in.
    Finish,
    /// All stop.
    Stop,
}

/// Where those go who stand at one node, where all move who can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// They finish on the version they are in.
    Finish,
    /// They stop.
    Stop,
    /// They move to the new version and stand at this node of it.
    To(NodeId),
}

/// What happens to the waits that fell due while a flow was disabled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overdue {
    /// Every wait is longer by the pause.
    #[default]
    Shift,
    /// Dates stay; what is overdue goes out spread over time.
    Spread,
    /// Dates stay; what is overdue is not done.
    Drop,
}

/// What is done to every live run of a flow, in order of id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Carry {
    /// The flow was saved: those who can move to this version.
    Move {
        /// Who saved it.
        by: By,
        /// The version.
        version: u32,
        /// Where those go who stand at some nodes.
        ways: BTreeMap<NodeId, Way>,
    },
    /// They end.
    Stop {
        /// Why, in words.
        reason: String,
    },
    /// The flow was enabled again: they go on.
    Wake {
        /// Since when it had been disabled.
        since: Time,
        /// What becomes of what fell due meanwhile.
        overdue: Overdue,
    },
    /// The flow was saved: those who began before this version end.
    StopBefore {
        /// The version.
        version: u32,
        /// Why, in words.
        reason: String,
    },
}

impl Carry {
    /// The word of what lets those inside go on.
    pub const WAKE: &'static str = "wake";

    /// Its word: one of each may be under way for a flow.
    pub const fn word(&self) -> &'static str {
        match self {
            Carry::Move { .. } => "move",
            Carry::Stop { .. } | Carry::StopBefore { .. } => "stop",
            Carry::Wake { .. } => Carry::WAKE,
        }
    }
}
