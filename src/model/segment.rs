//! A segment: contacts that have something in common, by rules over what is known of them.

use super::node::Rule;
use serde::{Deserialize, Serialize};

/// A filter of contacts, kept under a name. It holds nobody by itself: who belongs is asked when it is used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Segment {
    /// Its name; unique.
    pub name: String,
    /// All of these hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Rule>,
    /// One of these holds, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Rule>,
}
