//! A tag, a field or a segment by its name: what flows and people call things of the address book.

use serde::{Deserialize, Serialize};

/// What of the address book is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Label {
    /// A tag.
    Tag(String),
    /// A field, without `contact.fields.`.
    Field(String),
    /// A segment.
    Segment(String),
}

impl Label {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Label::Tag(name) | Label::Field(name) | Label::Segment(name) => name,
        }
    }
}
