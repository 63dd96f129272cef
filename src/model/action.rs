//! A single action of a run, and what a person changed on it.

use super::node::NodeId;
use super::value::Value;
use crate::base::id::OperatorId;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One visit of one node by one run; with the run's id it names an action, the same as forecast, pending and done.
/// Text form: `node:visit`, as `m2:1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActionId {
    /// The node.
    pub node: NodeId,
    /// Which visit of it, from 1.
    pub visit: u32,
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.node, self.visit)
    }
}

/// A text that names no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an action is named node:visit, as m2:1")]
pub struct NotAnAction;

impl FromStr for ActionId {
    type Err = NotAnAction;
    fn from_str(text: &str) -> Result<ActionId, NotAnAction> {
        let (node, visit) = text.rsplit_once(':').ok_or(NotAnAction)?;
        Ok(ActionId { node: NodeId(node.to_owned()), visit: visit.parse().map_err(|_| NotAnAction)? })
    }
}

/// What a person changed on one action. Kept in the run by the action's id, obeyed by `step` and by the forecast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// It happens at this time and no other.
    pub due: Option<Time>,
    /// It says this, for this contact only.
    pub text: Option<String>,
    /// It waits until released.
    pub hold: bool,
    /// It is not done, and its waiting neither: the run goes on at once.
    pub skip: bool,
    /// It is not done; all that follows keeps its time.
    pub remove: bool,
    /// Who changed it last; `None` is the API or the appliance.
    pub by: Option<OperatorId>,
    /// When.
    pub at: Option<Time>,
}

/// The states of an action, by the words of the HTTP API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// It will be, by forecast.
    Forecast,
    /// It has its time.
    Scheduled,
    /// A person holds it.
    Held,
    /// Something stands in its way.
    Blocked,
    /// It is under way.
    Running,
    /// It was done.
    Done,
    /// It was skipped.
    Skipped,
    /// It was removed.
    Removed,
    /// It failed.
    Failed,
}

/// Where the knowledge of an action comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionSource {
    /// History.
    Done,
    /// The run as it stands.
    Pending,
    /// The engine, walked on.
    Forecast,
}

/// An action as pages and the API show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// Which visit of which node.
    pub id: ActionId,
    /// The kind of the node, by its word.
    pub kind: &'static str,
    /// How it stands.
    pub state: ActionState,
    /// When it was done, or is due; `None` while only an answer decides.
    pub due: Option<Time>,
    /// The text this contact gets or got, or the words for what else is done.
    pub text: String,
    /// Where this is known from.
    pub source: ActionSource,
    /// What a person changed on it.
    pub changed: Option<Change>,
    /// How it ended: the exit taken, the provider's status, the reason of a failure.
    pub result: Option<String>,
    /// The exits that an undecided branch may take, in order; empty where nothing is undecided.
    pub branches: Vec<String>,
}

/// An entry of a run's history: one visit, done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Which visit of which node.
    pub action: ActionId,
    /// The kind of the node, by its word.
    pub kind: String,
    /// When.
    pub at: Time,
    /// How it ended.
    pub state: ActionState,
    /// The text sent, or the words for what else was done.
    pub text: String,
    /// The exit taken, or the reason of a failure.
    pub result: Option<String>,
    /// The change of a person that it obeyed.
    pub changed: Option<Change>,
}

/// What a person does to a run or to one of its actions.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// The whole run waits, keeping its place.
    Hold,
    /// The run goes on.
    Resume,
    /// The run ends, for this reason.
    Stop(String),
    /// The run stands at this node now.
    Jump(NodeId),
    /// The run begins again.
    Restart,
    /// This action happens now.
    SendNow(ActionId),
    /// This action is not done, nor waited for: on to what follows.
    Skip(ActionId),
    /// This action is not done; all that follows keeps its time.
    Remove(ActionId),
    /// This action happens at `due`.
    Move {
        /// Which.
        action: ActionId,
        /// When.
        due: Time,
        /// Whether the later ones stay where they are; otherwise they keep their distance.
        following_keep: bool,
    },
    /// This action says something else, for this contact only.
    Rewrite(ActionId, String),
    /// This action waits until released.
    HoldAction(ActionId),
    /// This action no longer waits.
    ReleaseAction(ActionId),
    /// What a person changed on this action is taken back.
    Undo(ActionId),
    /// These are the changes on what is still to come, as they were before.
    Restore(BTreeMap<ActionId, Change>),
    /// This variable holds this now; none removes it.
    Variable(String, Option<Value>),
}
