//! A flow: its head, its draft and its immutable versions.

use super::node::{Node, NodeId, Rule};
use crate::base::id::{FlowId, OperatorId};
use crate::base::time::{Span, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// What a flow says: the flow document, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Its name, unique among flows.
    pub name: String,
    /// What happens when a contact inside triggers it again.
    pub reentry: Reentry,
    /// The node where a start without trigger begins.
    pub start: Option<NodeId>,
    /// What it is for, in law.
    pub category: Option<Category>,
    /// What it is for, in words.
    pub about: Option<About>,
    /// What is asked when it is added as a blueprint.
    pub questions: Vec<Question>,
    /// Conversations it is tested with.
    pub talks: Vec<Talk>,
    /// When one of these becomes true, a run ends.
    pub leave_when: Vec<Rule>,
    /// Its steps.
    pub nodes: Vec<Node>,
}

impl Flow {
    /// The node of this id.
    pub fn node(&self, id: &NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == *id)
    }

    /// Where a start without trigger begins: `start`, or else where the first trigger leads.
    pub fn start_node(&self) -> Option<&NodeId> {
        self.start.as_ref().or_else(|| self.nodes.iter().find(|node| node.kind.is_trigger())?.exit("next"))
    }
}

/// What happens when a contact inside triggers the flow again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reentry {
    /// The run stays where it is (*overwrite if exists*, unticked).
    #[default]
    Keep,
    /// The run ends and a new one begins (*overwrite if exists*, ticked).
    Restart,
    /// It never runs twice, or only after this long.
    Once(Option<Span>),
    /// One run for each value of this name.
    Parallel(String),
}

/// What a flow is for, in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Category {
    Service,
    Utility,
    Marketing,
}

/// What a flow is for, in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct About {
    /// Its name in each language, where it has more than one; `name` is the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<super::node::Text>,
    /// One paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<super::node::Text>,
    /// The trades it suits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trade: Vec<String>,
    /// What it is to achieve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// What it needs before it can run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// What is asked when a blueprint is added; filled in as `{{ ask.id }}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name of the blank.
    pub id: String,
    /// What is asked.
    pub label: super::node::Text,
    /// What the answer is.
    pub kind: QuestionKind,
    /// What stands in the field at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<super::node::Text>,
}

/// What the answer to a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum QuestionKind {
    Text,
    TimeRange,
    DateTime,
    Word,
    Url,
    File,
    Number,
    Staff,
}

/// A conversation a flow is tested with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Talk {
    /// What it shows.
    pub name: String,
    /// `>` comes in, `<` is what Flusso does, `wake in 2h` moves the clock. Read from one text, or from a list of its lines.
    #[serde(deserialize_with = "script")]
    #[schemars(with = "Script")]
    pub script: String,
}

/// A script as people write it: one text, or a list of its lines.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "it must be a text, or a list of its lines")]
enum Script {
    Text(String),
    Lines(Vec<String>),
}

fn script<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Script::deserialize(from)? {
        Script::Text(text) => text,
        Script::Lines(lines) => lines.iter().map(|line| format!("{line}\n")).collect(),
    })
}

/// What is kept of a flow beside its texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowHead {
    /// Its id.
    pub id: FlowId,
    /// Its name, as in the draft.
    pub name: String,
    /// Whether it runs.
    pub state: FlowState,
    /// The newest version; 0 where none was saved yet.
    pub version: u32,
    /// Counts every change of the draft; an edit of another revision is refused.
    pub draft_revision: u64,
    /// The digest of the token of its start address.
    pub start_token: [u8; 32],
    /// When it was made.
    pub created: Time,
    /// When its draft last changed.
    pub changed: Time,
    /// The last failure of one of its runs: when, and in words.
    pub last_error: Option<(Time, String)>,
}

impl FlowHead {
    /// How the audit log names it.
    pub fn logged(&self) -> String {
        format!("{} \"{}\"", self.id, self.name)
    }

    /// Whether nobody changed it since it was made with its first version.
    pub fn is_as_made(&self) -> bool {
        self.version == 1 && self.draft_revision == 0 && !matches!(self.state, FlowState::Binned { .. })
    }
}

/// Whether a flow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlowState {
    /// It starts runs and moves them on.
    Enabled,
    /// It does neither, since then; its runs keep their places.
    Disabled {
        /// Since when.
        since: Time,
    },
    /// It is in the bin, since then.
    Binned {
        /// Since when.
        since: Time,
    },
}

/// A saved version of a flow: never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowVersion {
    /// The flow.
    pub flow: FlowId,
    /// Counts from 1.
    pub number: u32,
    /// When it was saved.
    pub saved: Time,
    /// Who saved it; `None` is the API.
    pub by: Option<OperatorId>,
    /// What it says.
    pub document: Flow,
}
