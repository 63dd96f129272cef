//! What a wait node waits for, and what it does with an answer.

use super::rule::Operator;
use super::text::Text;
use super::wall::{Days, Offset, WallTime, Weekday};
use crate::base::time::Span;
use crate::model::value::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wait for a time, an event, or whichever comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Wait {
    /// This long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#for: Option<Span>,
    /// Until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// The end falls inside this window only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What is done where its time came long before it could be noticed; without it, the run goes on at once, or when its window opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// Until the contact answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// Until something becomes true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Met>,
}

/// A point to wait for: exactly one of date, time, weekday and value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Until {
    /// A date, `2026-12-24`, or a date and time on the wall, `2026-12-24T18:00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The next time the wall shows this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<WallTime>,
    /// The next such day, `mon` to `sun`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    /// A date held in `run.X` or `contact.fields.X`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How long before or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    /// The time on the wall of that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<WallTime>,
}

/// When a wait may end or a message may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "it must be \"business_hours\", or have \"days\", \"from\" and \"to\"")]
pub enum Window {
    /// The hours of the business, holidays left out.
    Named(NamedWindow),
    /// These days, between these times on the wall.
    Hours(HoursWindow),
}

/// Windows that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamedWindow {
    /// The hours of the business, holidays left out.
    BusinessHours,
}

/// Days, and two times on the wall between which it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursWindow {
    /// Which days.
    pub days: Days,
    /// From this time.
    pub from: WallTime,
    /// Until this time, not included.
    pub to: WallTime,
}

/// What is done where the time of a wait came while the program was off, or the run was held (RUN-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// The run goes on at once, whatever the window says.
    Run,
    /// The run goes on when the window is open, at once where it has none.
    NextWindow,
    /// Later than this the message after the wait is left out, and the run goes on to what follows.
    SkipAfter(Span),
}

/// What is done with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    /// What an answer must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// Where it is kept: `run.X` or `contact.fields.X`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub save: Option<String>,
    /// How often it is asked again, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// A keyword typed as the answer is the answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignore_keywords: bool,
    /// Messages that follow within this time belong to the same answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<Span>,
}

/// What an answer must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Check {
    Text,
    Number,
    Date,
    Email,
    Phone,
    /// One of these, compared as keywords are.
    OneOf(Vec<String>),
    /// What this pattern finds.
    Regex(String),
}

/// How often an answer is asked again, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Times at most.
    pub times: u32,
    /// What is said.
    pub text: Text,
}

/// What ends a wait other than a time or an answer: a tag, a field, or a call to the start address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Met {
    /// This tag is on the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// This field, by its full value name …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// … stands so …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<Operator>,
    /// … to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// The flow's start address is called for this contact.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub callback: bool,
}
