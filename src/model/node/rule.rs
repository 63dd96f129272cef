//! Rules over values, and what a save node writes.

use crate::model::value::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Ordered branches; the first that holds, or `else`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// The branches in order.
    pub branches: Vec<Branch>,
}

/// A branch: an exit and the rules that lead there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The name of its exit.
    pub exit: String,
    /// All of these must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Rule>>,
    /// One of these must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Rule>>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name of what is looked at, as `contact.fields.city`.
    pub value: String,
    /// How.
    pub op: Operator,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Operator {
    Is,
    IsNot,
    Contains,
    StartsWith,
    Matches,
    In,
    Has,
    HasNot,
    Gt,
    Gte,
    Lt,
    Lte,
    Before,
    After,
    Between,
    Exists,
    Missing,
}

/// Writes fields, tags, language and consent. Fields by their full value name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Save {
    /// Becomes this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<SetField>,
    /// Is emptied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
    /// Grows by this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub increment: Vec<Increment>,
    /// Tags put on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Tags taken off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// The contact's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The contact's permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentWord>,
}

/// A field and what it becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetField {
    /// Its full value name.
    pub field: String,
    /// What it becomes; a text may have variables.
    pub to: Value,
}

/// A field and by how much it grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Increment {
    /// Its full value name.
    pub field: String,
    /// By this; negative shrinks.
    pub by: f64,
}

/// What a flow may say of permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ConsentWord {
    OptedIn,
    OptedOut,
}
