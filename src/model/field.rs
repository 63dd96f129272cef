//! A field and a tag that the house knows by name, before any contact has one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A field of contacts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, as `X` in `contact.fields.X`; unique.
    pub name: String,
    /// What it holds.
    #[serde(default)]
    pub kind: FieldKind,
}

/// What a field holds. Nothing is refused by it: it says how the field is asked and shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum FieldKind {
    #[default]
    Text,
    Number,
    Date,
}

/// A tag of contacts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tag {
    /// What it says; unique.
    pub name: String,
}
