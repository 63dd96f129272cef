//! A tag that somebody defined. A contact may carry others beside.

use serde::{Deserialize, Serialize};

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// What it is called; unique.
    pub name: String,
}
