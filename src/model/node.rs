//! The nodes of a flow: one struct per kind, with the members of the flow document. Reading them from JSON is `document`'s.

use super::value::Value;
use crate::base::time::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A node's id: stable across edits, unique in its flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub String);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where each exit leads; an exit that is absent or null ends the run.
pub type Exits = BTreeMap<String, Option<NodeId>>;

/// One step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its kind and the members of that kind.
    pub kind: NodeKind,
    /// Where each exit leads.
    pub exits: Exits,
    /// What people call it.
    pub title: Option<String>,
    /// A word for people.
    pub note: Option<String>,
    /// Where it was put on the map.
    pub x: Option<f64>,
    /// Where it was put on the map.
    pub y: Option<f64>,
}

impl Node {
    /// Where an exit leads, if anywhere.
    pub fn exit(&self, name: &str) -> Option<&NodeId> {
        self.exits.get(name)?.as_ref()
    }
}

/// The kinds of node.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum NodeKind {
    Keyword(Keyword),
    Event(EventTrigger),
    Message(MessageNode),
    Wait(Wait),
    Condition(Condition),
    Save(Save),
    Api(Api),
    Launch(Launch),
    Split(Split),
    Handover(HandoverNode),
    Notify(Notify),
    Note(Note),
    End(End),
}

impl NodeKind {
    /// The words of all kinds, in the order of the palette.
    pub const WORDS: [&'static str; 13] =
        ["keyword", "api", "wait", "message", "save", "condition", "launch", "split", "handover", "notify", "note", "end", "event"];

    /// The word of the flow document.
    pub const fn word(&self) -> &'static str {
        match self {
            NodeKind::Keyword(_) => "keyword",
            NodeKind::Event(_) => "event",
            NodeKind::Message(_) => "message",
            NodeKind::Wait(_) => "wait",
            NodeKind::Condition(_) => "condition",
            NodeKind::Save(_) => "save",
            NodeKind::Api(_) => "api",
            NodeKind::Launch(_) => "launch",
            NodeKind::Split(_) => "split",
            NodeKind::Handover(_) => "handover",
            NodeKind::Notify(_) => "notify",
            NodeKind::Note(_) => "note",
            NodeKind::End(_) => "end",
        }
    }

    /// Whether it starts a flow.
    pub const fn is_trigger(&self) -> bool {
        matches!(self, NodeKind::Keyword(_) | NodeKind::Event(_))
    }

    /// The names of its ways out, in the order people read them.
    pub fn exit_names(&self) -> Vec<String> {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        match self {
            NodeKind::Note(_) | NodeKind::End(_) => Vec::new(),
            NodeKind::Message(message) => {
                let mut all: Vec<String> = names(&["next"]);
                all.extend(message.choices().map(|(id, _)| id.to_owned()));
                all
            }
            NodeKind::Wait(wait) => {
                let mut all = Vec::new();
                if wait.r#for.is_some() || wait.until.is_some() {
                    all.push("elapsed");
                }
                if let Some(reply) = &wait.reply {
                    all.push("replied");
                    if reply.check.is_some() {
                        all.push("invalid");
                    }
                }
                if wait.met.is_some() {
                    all.push("met");
                }
                names(&all)
            }
            NodeKind::Condition(condition) => {
                condition.branches.iter().map(|branch| branch.exit.clone()).chain(["else".to_owned()]).collect()
            }
            NodeKind::Split(split) => split.weights.iter().map(|weight| weight.exit.clone()).collect(),
            NodeKind::Api(_) => names(&["ok", "failed", "timed_out"]),
            _ => names(&["next"]),
        }
    }
}

/// A text: one for all, or one per language code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The same for everybody.
    Plain(String),
    /// By language code, as `it`.
    ByLanguage(BTreeMap<String, String>),
}

impl Default for Text {
    fn default() -> Text {
        Text::Plain(String::new())
    }
}

impl Text {
    /// The text in the first of these languages it has, or else its first.
    pub fn in_language<'t>(&'t self, wanted: &[&str]) -> &'t str {
        match self {
            Text::Plain(text) => text,
            Text::ByLanguage(texts) => {
                let text = wanted.iter().find_map(|language| texts.get(*language)).or_else(|| texts.values().next());
                text.map_or("", String::as_str)
            }
        }
    }

    /// Every wording of it.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Text::Plain(text) => vec![text],
            Text::ByLanguage(texts) => texts.values().map(String::as_str).collect(),
        }
    }
}

/// A trigger: phrases that start the flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keyword {
    /// What to type.
    pub phrases: Vec<Phrase>,
    /// Only on these channels, by name or id; none is all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// How long one contact cannot start it again by keyword.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<Span>,
}

/// One phrase and how it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// The words, or the pattern.
    pub text: String,
    /// How they are compared.
    pub r#match: MatchMode,
}

/// How a phrase is compared with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
}

/// What starts a flow other than a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Something to send.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageNode {
    /// The text, with variables.
    #[serde(skip_serializing_if = "text_is_empty")]
    pub text: Text,
    /// Files that go with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// A place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// A contact card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_card: Option<ContactCard>,
    /// Reply buttons, each with its own exit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// A list, each row with its own exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<List>,
    /// Other wordings, taken in turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Text>,
    /// How long "typing…" shows first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typing: Option<Span>,
    /// What to do where the 24-hour window is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_closed: Option<WindowClosed>,
}

fn text_is_empty(text: &Text) -> bool {
    matches!(text, Text::Plain(text) if text.is_empty())
}

impl MessageNode {
    /// Buttons and rows in the order a contact reads them: id and title.
    pub fn choices(&self) -> impl Iterator<Item = (&str, &Text)> {
        let buttons = self.buttons.iter().map(|button| (button.id.as_str(), &button.title));
        let rows = self.list.iter().flat_map(|list| &list.sections).flat_map(|section| &section.rows);
        buttons.chain(rows.map(|row| (row.id.as_str(), &row.title)))
    }
}

/// A file in a message: one of ours by id, or one by its address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// What it is.
    pub kind: MediaKind,
    /// The id of a file kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The address of a file elsewhere, with variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The text beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Text>,
}

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MediaKind {
    Image,
    Audio,
    Video,
    Document,
    Sticker,
}

impl MediaKind {
    /// The word of the flow document.
    pub const fn word(self) -> &'static str {
        match self {
            MediaKind::Image => "image",
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
            MediaKind::Document => "document",
            MediaKind::Sticker => "sticker",
        }
    }
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A person's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactCard {
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: String,
}

/// A reply button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// The name of its exit.
    pub id: String,
    /// What it says.
    pub title: Text,
}

/// A list to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// What opens it.
    pub button: Text,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The name of its exit.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// The smaller words under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
}

/// What to do where the 24-hour window is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowClosed {
    /// Send this approved template instead.
    Template(TemplateUse),
    /// Wait until the contact writes.
    Hold,
    /// Leave this message out.
    Skip,
    /// End the run.
    Stop,
}

/// An approved template and what fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Its name at the provider.
    pub name: String,
    /// Its language code at the provider.
    pub language: String,
    /// Texts for its places, with variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
}

/// A wait for a time, an event, or whichever comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Until the contact answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// Until something becomes true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Met>,
}

/// A point to wait for: exactly one of date, time, weekday and value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// A time on the wall, `09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub chrono::NaiveTime);

/// A day of the week, `mon`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekday(pub chrono::Weekday);

/// A signed stretch of time, `-1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(pub Span);

/// Days of the week: `all`, `mon-fri`, `mon,wed`. Kept as a set, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub [bool; 7]);

/// A text that is no such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write {0}")]
pub struct NotSuch(&'static str);

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn weekday_index(word: &str) -> Option<usize> {
    WEEKDAYS.iter().position(|day| *day == word)
}

impl FromStr for WallTime {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<WallTime, NotSuch> {
        chrono::NaiveTime::parse_from_str(text, "%H:%M").map(WallTime).map_err(|_| NotSuch("a time as 09:00"))
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

impl FromStr for Weekday {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Weekday, NotSuch> {
        let index = weekday_index(text).and_then(|index| u8::try_from(index).ok());
        index
            .and_then(|index| chrono::Weekday::try_from(index).ok())
            .map(Weekday)
            .ok_or(NotSuch("a day as mon, tue, wed, thu, fri, sat, sun"))
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WEEKDAYS[self.0.num_days_from_monday() as usize])
    }
}

impl FromStr for Offset {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Offset, NotSuch> {
        let text = text.trim();
        let (sign, length) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let span: Span = length.parse().map_err(|_| NotSuch("a distance as 2h or -1d"))?;
        Ok(Offset(span.times(sign)))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0.0 < 0 { "-" } else { "" }, Span(self.0.0.abs()))
    }
}

impl FromStr for Days {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Days, NotSuch> {
        let wrong = NotSuch("days as all, mon-fri or mon,wed");
        if text == "all" {
            return Ok(Days([true; 7]));
        }
        let mut days = [false; 7];
        for part in text.split(',') {
            let (from, to) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
            let (from, to) = (weekday_index(from).ok_or(wrong)?, weekday_index(to).ok_or(wrong)?);
            let mut day = from;
            loop {
                days[day] = true;
                if day == to {
                    break;
                }
                day = (day + 1) % 7;
            }
        }
        Ok(Days(days))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == [true; 7] {
            return f.write_str("all");
        }
        if self.0 == [true, true, true, true, true, false, false] {
            return f.write_str("mon-fri");
        }
        let named: Vec<_> = WEEKDAYS.iter().zip(self.0).filter_map(|(day, on)| on.then_some(*day)).collect();
        f.write_str(&named.join(","))
    }
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
as_text!(WallTime, Weekday, Offset, Days, FlowRef);

/// When a wait may end or a message may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Window {
    /// The hours of the business, holidays left out.
    Named(NamedWindow),
    /// These days, between these times on the wall.
    Hours(HoursWindow),
}

/// Windows that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedWindow {
    /// The hours of the business, holidays left out.
    BusinessHours,
}

/// Days, and two times on the wall between which it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursWindow {
    /// Which days.
    pub days: Days,
    /// From this time.
    pub from: WallTime,
    /// Until this time, not included.
    pub to: WallTime,
}

/// What is done with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Times at most.
    pub times: u32,
    /// What is said.
    pub text: Text,
}

/// What ends a wait other than a time or an answer: a tag, a field, or a call to the start address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// Ordered branches; the first that holds, or `else`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// The branches in order.
    pub branches: Vec<Branch>,
}

/// A branch: an exit and the rules that lead there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetField {
    /// Its full value name.
    pub field: String,
    /// What it becomes; a text may have variables.
    pub to: Value,
}

/// A field and by how much it grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Increment {
    /// Its full value name.
    pub field: String,
    /// By this; negative shrinks.
    pub by: f64,
}

/// What a flow may say of permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ConsentWord {
    OptedIn,
    OptedOut,
}

/// Calls an address and reads the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: Method,
    /// The address, with variables.
    pub url: String,
    /// Headers, with variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What stands behind the question mark, with variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// What is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// How long an answer may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// What is kept of the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub save: Vec<SavePath>,
    /// How often it is tried, and for how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<CallRetry>,
    /// Whether it may be repeated when nobody knows whether it arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub safe_to_repeat: bool,
}

/// The methods of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The word of HTTP.
    pub const fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// Whether doing it twice is doing it once (RFC 9110, 9.2.2).
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Method::Get | Method::Put | Method::Delete)
    }
}

/// What a call sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// JSON; the texts in it may have variables.
    Json(serde_json::Value),
    /// A form.
    Form(BTreeMap<String, String>),
    /// These very characters, with variables.
    Raw(String),
}

/// A piece of an answer and where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavePath {
    /// JSON path (RFC 9535).
    pub path: String,
    /// Full value name.
    pub to: String,
}

/// How often a call is tried, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRetry {
    /// Times at most, beyond the first.
    pub times: u32,
    /// Within this time.
    pub within: Span,
}

/// Starts or stops another flow for the same contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    Id(crate::base::id::FlowId),
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Split {
    /// The ways and their weights.
    pub weights: Vec<Weight>,
}

/// A way and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The name of its exit.
    pub exit: String,
    /// Its share.
    pub weight: u32,
}

/// A person takes over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HandoverNode {
    /// For this long; without it until somebody ends it, or an hour after the operator's last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#for: Option<Span>,
    /// Who is told, as in `notify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<String>,
}

/// Tells staff.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// What.
    pub text: Text,
    /// Whom: an address of a channel, `channel name: address`, or the address of a webhook.
    pub to: String,
}

/// A word for people; never visited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Note {
    /// The word.
    pub text: String,
}

/// The end, with what was reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct End {
    /// The name of what was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_people_say_them() {
        for (text, shown) in [("all", "all"), ("mon-fri", "mon-fri"), ("mon,wed", "mon,wed"), ("sat-mon", "mon,sat,sun")] {
            let days: Days = text.parse().expect(text);
            assert_eq!(days.to_string(), shown);
        }
        assert!("lun".parse::<Days>().is_err());
    }

    #[test]
    fn an_offset_may_go_back() {
        let offset: Offset = "-1d".parse().expect("an offset");
        assert_eq!((offset.0, offset.to_string()), (Span(-86_400_000), "-1d".to_owned()));
    }
}
