//! What starts a flow: phrases and other events.

use super::wait::Window;
use super::wall::{Days, Offset, WallTime};
use crate::base::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A trigger: phrases that start the flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Keyword {
    /// What to type.
    pub phrases: Vec<Phrase>,
    /// Only on these channels, by name or id; none is all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Only in this window of the business's own clock; none is always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Window>,
    /// How long one contact cannot start it again by keyword.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<Span>,
}

/// One phrase and how it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// The words, or the pattern.
    pub text: String,
    /// How they are compared.
    pub r#match: MatchMode,
}

/// How a phrase is compared with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchMode {
    /// The whole message is the phrase.
    Exact,
    /// The phrase stands in the message as whole words.
    Word,
    /// The message starts with the phrase.
    Starts,
    /// The phrase stands anywhere in the message.
    Contains,
    /// The pattern is found in the message, in linear time.
    Regex,
}

/// A trigger other than a phrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    /// What starts the flow.
    pub on: EventKind,
    /// The tag, for tag_added and tag_removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The field, for field_changed and date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How long before or after the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    /// The time on the wall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<WallTime>,
    /// Whether the date comes back every year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly: Option<bool>,
    /// The days of a schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Days>,
    /// The segment a schedule is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// How long one contact cannot start it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<Span>,
    /// For what a message starts: only on these channels, by name or id; none is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

/// What starts a flow other than a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EventKind {
    FirstMessage,
    AnyMessage,
    OutOfHours,
    TagAdded,
    TagRemoved,
    FieldChanged,
    OptedIn,
    OptedOut,
    Date,
    Schedule,
}

impl EventKind {
    /// Its word in the document.
    pub const fn word(self) -> &'static str {
        match self {
            EventKind::FirstMessage => "first_message",
            EventKind::AnyMessage => "any_message",
            EventKind::OutOfHours => "out_of_hours",
            EventKind::TagAdded => "tag_added",
            EventKind::TagRemoved => "tag_removed",
            EventKind::FieldChanged => "field_changed",
            EventKind::OptedIn => "opted_in",
            EventKind::OptedOut => "opted_out",
            EventKind::Date => "date",
            EventKind::Schedule => "schedule",
        }
    }
}
