//! A field of contacts that somebody defined: its name, and what it holds. A contact may carry others beside.

use serde::{Deserialize, Serialize};

/// A field, as it stands in a document of several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, without `contact.fields.`; unique.
    pub name: String,
    /// What it holds.
    #[serde(default)]
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words.
    #[default]
    Text,
    /// A number.
    Number,
    /// A date, or a date and a time.
    Date,
    /// Yes or no.
    Boolean,
    /// Several values.
    List,
}

impl FieldKind {
    /// The word of a document.
    pub const fn word(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::Date => "date",
            FieldKind::Boolean => "boolean",
            FieldKind::List => "list",
        }
    }
}
