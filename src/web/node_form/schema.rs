//! The members of every kind of node, and the shape each has in a form.

use super::shape::{Shape, Way};

/// A member of an object: its name and its shape.
pub(super) type Member = (&'static str, Shape);

use Shape::{
    Days, Group, Lines, Number, Offset, OneOf, Pairs, Rows, Select, Span, Text, TextRows, Tick, Ticked, Typed, TypedPairs, Wording, Written,
};

/// What every node has.
pub(super) const HEAD: &[Member] = &[("id", Written), ("title", Text), ("note", Text), ("x", Number), ("y", Number)];

const PHRASE: &[Member] = &[("text", Written), ("match", Select("exact"))];
const KEYWORD: &[Member] = &[("phrases", Rows(PHRASE)), ("channels", Lines), ("hours", OneOf(WINDOW)), ("cooldown", Span)];

const EVENT: &[Member] = &[
    ("on", Select("first_message")),
    ("tag", Text),
    ("field", Text),
    ("offset", Offset),
    ("at", Text),
    ("yearly", Tick),
    ("days", Days),
    ("segment", Text),
    ("channels", Lines),
    ("cooldown", Span),
];

const ATTACHMENT: &[Member] = &[("kind", Select("document")), ("file", Text), ("url", Text), ("caption", Wording(false))];
const LOCATION: &[Member] = &[("latitude", Number), ("longitude", Number), ("name", Text), ("address", Text)];
const CARD: &[Member] = &[("name", Written), ("phone", Written)];
const BUTTON: &[Member] = &[("id", Select("")), ("title", Wording(true))];
const ROW: &[Member] = &[("id", Select("")), ("title", Wording(true)), ("description", Wording(false))];
const SECTION: &[Member] = &[("title", Wording(false)), ("rows", Rows(ROW))];
const LIST: &[Member] = &[("button", Wording(true)), ("sections", Rows(SECTION))];
const TEMPLATE: &[Member] = &[("name", Written), ("language", Written), ("parameters", Lines)];
const WINDOW_CLOSED: &[Way] = &[Way::Word("hold"), Way::Word("skip"), Way::Word("stop"), Way::Tagged("template", Group(TEMPLATE))];
const MESSAGE: &[Member] = &[
    ("text", Wording(false)),
    ("attachments", Rows(ATTACHMENT)),
    ("location", Group(LOCATION)),
    ("contact_card", Group(CARD)),
    ("buttons", Rows(BUTTON)),
    ("list", Group(LIST)),
    ("alternatives", TextRows),
    ("typing", Span),
    ("window_closed", OneOf(WINDOW_CLOSED)),
];

const UNTIL: &[Member] = &[("date", Text), ("time", Text), ("weekday", Text), ("value", Text), ("offset", Offset), ("at", Text)];
const HOURS: &[Member] = &[("days", Days), ("from", Written), ("to", Written)];
const WINDOW: &[Way] = &[Way::Word("business_hours"), Way::Plain("hours", Group(HOURS))];
const RETRY: &[Member] = &[("times", Number), ("text", Wording(true))];
const CHECK: &[Way] = &[
    Way::Word("text"),
    Way::Word("number"),
    Way::Word("date"),
    Way::Word("email"),
    Way::Word("phone"),
    Way::Tagged("one_of", Lines),
    Way::Tagged("regex", Written),
];
const REPLY: &[Member] = &[("check", OneOf(CHECK)), ("save", Text), ("retry", Group(RETRY)), ("ignore_keywords", Tick), ("burst", Span)];
const MET: &[Member] = &[("tag", Text), ("field", Text), ("op", Text), ("to", Typed(false)), ("callback", Tick)];
const LATE: &[Way] = &[Way::Word("run"), Way::Word("next_window"), Way::Tagged("skip_after", Span)];
const WAIT: &[Member] = &[
    ("for", Span),
    ("until", Group(UNTIL)),
    ("window", OneOf(WINDOW)),
    ("late", OneOf(LATE)),
    ("reply", Ticked(REPLY)),
    ("met", Group(MET)),
];

const RULE: &[Member] = &[("value", Written), ("op", Select("is")), ("to", Typed(false))];
const BRANCH: &[Member] = &[("exit", Select("")), ("all", Rows(RULE)), ("any", Rows(RULE))];
const CONDITION: &[Member] = &[("branches", Rows(BRANCH))];

const SET: &[Member] = &[("field", Written), ("to", Typed(true))];
const INCREMENT: &[Member] = &[("field", Written), ("by", Number)];
const SAVE: &[Member] = &[
    ("set", Rows(SET)),
    ("clear", Lines),
    ("increment", Rows(INCREMENT)),
    ("add_tags", Lines),
    ("remove_tags", Lines),
    ("language", Text),
    ("consent", Text),
];

const BODY: &[Way] = &[Way::Tagged("json", Shape::Json), Way::Tagged("form", Pairs), Way::Tagged("raw", Written)];
const SAVE_PATH: &[Member] = &[("path", Written), ("to", Written)];
const CALL_RETRY: &[Member] = &[("times", Number), ("within", Span)];
const API: &[Member] = &[
    ("method", Select("GET")),
    ("url", Written),
    ("headers", Pairs),
    ("query", Pairs),
    ("body", OneOf(BODY)),
    ("timeout", Span),
    ("save", Rows(SAVE_PATH)),
    ("retry", Group(CALL_RETRY)),
    ("safe_to_repeat", Tick),
];

const LAUNCH: &[Member] = &[("flow", Text), ("mode", Text), ("variables", TypedPairs), ("stop", Text)];
const WEIGHT: &[Member] = &[("exit", Select("")), ("weight", Number)];
const SPLIT: &[Member] = &[("weights", Rows(WEIGHT))];
const HANDOVER: &[Member] = &[("for", Span), ("notify", Text), ("save", Text)];
const NOTIFY: &[Member] = &[("text", Wording(true)), ("to", Written)];
const NOTE: &[Member] = &[("text", Written)];
const END: &[Member] = &[("goal", Text)];

/// The members of a kind beside those that every node has.
pub(super) fn of(kind: &str) -> &'static [Member] {
    match kind {
        "keyword" => KEYWORD,
        "event" => EVENT,
        "message" => MESSAGE,
        "wait" => WAIT,
        "condition" => CONDITION,
        "save" => SAVE,
        "api" => API,
        "launch" => LAUNCH,
        "split" => SPLIT,
        "handover" => HANDOVER,
        "notify" => NOTIFY,
        "note" => NOTE,
        "end" => END,
        _ => &[],
    }
}
