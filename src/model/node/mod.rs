//! The nodes of a flow: one struct per kind, with the members of the flow document. Reading them from JSON is `document`'s.

mod api;
mod message;
mod reach;
mod rule;
mod text;
mod trigger;
mod wait;
mod wall;

pub use api::*;
pub use message::*;
pub use reach::*;
pub use rule::*;
pub use text::*;
pub use trigger::*;
pub use wait::*;
pub use wall::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A node's id: stable across edits, unique in its flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NodeId(pub String);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where each exit leads; an exit that is absent or null ends the run.
pub type Exits = BTreeMap<String, Option<NodeId>>;

/// One step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its kind and the members of that kind.
    pub kind: NodeKind,
    /// Where each exit leads.
    pub exits: Exits,
    /// What people call it.
    pub title: Option<String>,
    /// A word for people.
    pub note: Option<String>,
    /// Where it was put on the map.
    pub x: Option<f64>,
    /// Where it was put on the map.
    pub y: Option<f64>,
}

impl Node {
    /// Where an exit leads, if anywhere.
    pub fn exit(&self, name: &str) -> Option<&NodeId> {
        self.exits.get(name)?.as_ref()
    }
}

/// The kinds of node.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum NodeKind {
    Keyword(Keyword),
    Event(EventTrigger),
    Message(MessageNode),
    Wait(Wait),
    Condition(Condition),
    Save(Save),
    Api(Api),
    Launch(Launch),
    Split(Split),
    Handover(HandoverNode),
    Notify(Notify),
    Note(Note),
    End(End),
}

impl NodeKind {
    /// The words of all kinds, in the order of the palette.
    pub const WORDS: [&'static str; 13] =
        ["keyword", "api", "wait", "message", "save", "condition", "launch", "split", "handover", "notify", "note", "end", "event"];

    /// The word of the flow document.
    pub const fn word(&self) -> &'static str {
        match self {
            NodeKind::Keyword(_) => "keyword",
            NodeKind::Event(_) => "event",
            NodeKind::Message(_) => "message",
            NodeKind::Wait(_) => "wait",
            NodeKind::Condition(_) => "condition",
            NodeKind::Save(_) => "save",
            NodeKind::Api(_) => "api",
            NodeKind::Launch(_) => "launch",
            NodeKind::Split(_) => "split",
            NodeKind::Handover(_) => "handover",
            NodeKind::Notify(_) => "notify",
            NodeKind::Note(_) => "note",
            NodeKind::End(_) => "end",
        }
    }

    /// Whether it starts a flow.
    pub const fn is_trigger(&self) -> bool {
        matches!(self, NodeKind::Keyword(_) | NodeKind::Event(_))
    }

    /// The names of its ways out, in the order people read them.
    pub fn exit_names(&self) -> Vec<String> {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        match self {
            NodeKind::Note(_) | NodeKind::End(_) => Vec::new(),
            NodeKind::Message(message) => {
                let mut all: Vec<String> = names(&["next"]);
                all.extend(message.choices().map(|(id, _)| id.to_owned()));
                all
            }
            NodeKind::Wait(wait) => {
                let mut all = Vec::new();
                if wait.r#for.is_some() || wait.until.is_some() {
                    all.push("elapsed");
                }
                if let Some(reply) = &wait.reply {
                    all.push("replied");
                    if reply.check.is_some() {
                        all.push("invalid");
                    }
                }
                if wait.met.is_some() {
                    all.push("met");
                }
                names(&all)
            }
            NodeKind::Condition(condition) => {
                condition.branches.iter().map(|branch| branch.exit.clone()).chain(["else".to_owned()]).collect()
            }
            NodeKind::Split(split) => split.weights.iter().map(|weight| weight.exit.clone()).collect(),
            NodeKind::Api(_) => names(&["ok", "failed", "timed_out"]),
            _ => names(&["next"]),
        }
    }
}
