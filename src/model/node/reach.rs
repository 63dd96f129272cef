//! Nodes that reach other flows and other people, and the end.

use super::text::Text;
use super::wall::NotSuch;
use crate::base::id::FlowId;
use crate::base::time::Span;
use crate::model::value::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Starts or stops another flow for the same contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Launch {
    /// The other flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowRef>,
    /// Beside this one, within it, or in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<LaunchMode>,
    /// Variables it begins with; texts may have variables.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Value>,
    /// `all`, or the flow that stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<FlowRef>,
}

/// How another flow is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaunchMode {
    /// Both go on.
    #[default]
    Continue,
    /// This one waits and gets its variables back.
    Call,
    /// This one ends.
    Jump,
}

/// A flow named in another: by id once saved, by name while it does not exist and when it travels. Text form: the name, or
/// `id:` and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowRef {
    /// A flow that exists.
    Id(FlowId),
    /// A name.
    Name(String),
}

impl fmt::Display for FlowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlowRef::Id(id) => write!(f, "id:{id}"),
            FlowRef::Name(name) => f.write_str(name),
        }
    }
}

impl FromStr for FlowRef {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<FlowRef, NotSuch> {
        let id = text.strip_prefix("id:").and_then(|id| id.parse().ok());
        Ok(id.map_or_else(|| FlowRef::Name(text.to_owned()), FlowRef::Id))
    }
}

/// Sends contacts different ways by weight; one contact always the same way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Split {
    /// The ways and their weights.
    pub weights: Vec<Weight>,
}

/// A way and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The name of its exit.
    pub exit: String,
    /// Its share.
    pub weight: u32,
}

/// A person takes over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HandoverNode {
    /// For this long; without it until somebody ends it, or an hour after the operator's last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#for: Option<Span>,
    /// Who is told, as in `notify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<String>,
    /// Where it is kept how it ended, `run.X` or `contact.fields.X`: `closed` by hand, `answered` when the time was up and a person had
    /// written meanwhile, `unanswered` when nobody had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub save: Option<String>,
}

/// Tells staff.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// What.
    pub text: Text,
    /// Whom: an address of a channel, `channel name: address`, or the address of a webhook.
    pub to: String,
}

/// A word for people; never visited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Note {
    /// The word.
    pub text: String,
}

/// The end, with what was reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct End {
    /// The name of what was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
}

impl Serialize for FlowRef {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FlowRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<FlowRef, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
