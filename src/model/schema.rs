//! The JSON Schema of the flow document (draft 2020-12), from the very types that read it: for editors that complete and check as one
//! writes. What nodes mean together is `engine::check`'s, and no schema can say it.

use super::blueprint::{ANY, GOALS, TRADES};
use super::document::DOCUMENT_VERSION;
use super::flow::{About, Category, Question, Talk};
use super::node::{
    Api, Condition, Days, End, EventTrigger, FlowRef, HandoverNode, Keyword, Launch, MessageNode, NodeId, Note, Notify, Offset, Rule, Save,
    Split, Wait, WallTime, Weekday,
};
use super::value::Value;
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::limits::NODES_PER_FLOW_MAX;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, json};
use std::borrow::Cow;

/// The languages of the panel, by their codes.
const LANGUAGES: [(&str, &str); 2] = [("it", "In Italian."), ("en", "In English.")];

type Object = Map<String, serde_json::Value>;

/// The schemas of types that name themselves in `told`, with all they are made of, by their names: the components of an OpenAPI document.
pub fn described_by(told: impl FnOnce(&mut SchemaGenerator)) -> Object {
    let mut generator =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator();
    told(&mut generator);
    generator.take_definitions(true)
}

/// The schema of one flow document.
pub fn flow_document() -> serde_json::Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let kinds = kinds(&mut generator);
    let mut flow = flow(&mut generator);
    let mut parts = generator.take_definitions(true);
    complete(&mut parts);
    parts.insert("Exit".to_owned(), exit());
    parts.insert("Node".to_owned(), node(&kinds));
    for (word, kind) in kinds {
        parts.insert(part_of(word), kind);
    }
    flow.insert("$defs".to_owned(), parts.into());
    flow.into()
}

/// Words that an editor offers where any are taken: the trades and goals of the gallery, and the languages of the panel.
fn complete(parts: &mut Object) {
    let offered = |words: &[&str]| json!({ "anyOf": [{ "enum": words }, { "type": "string" }] });
    if let Some(about) = parts.get_mut("About").and_then(|about| about.get_mut("properties")) {
        let trades: Vec<&str> = std::iter::once(ANY).chain(TRADES).collect();
        about["trade"]["items"] = offered(&trades);
        if let Some(goal) = about["goal"].as_object_mut() {
            goal.remove("type");
            goal.insert("anyOf".to_owned(), json!([{ "enum": GOALS }, { "type": ["string", "null"] }]));
        }
    }
    for way in parts.get_mut("Text").and_then(|text| text.get_mut("anyOf")).and_then(|ways| ways.as_array_mut()).into_iter().flatten() {
        if way["type"] == "object" {
            let languages: Object =
                LANGUAGES.iter().map(|(code, name)| ((*code).to_owned(), json!({ "type": "string", "description": name }))).collect();
            way["properties"] = languages.into();
        }
    }
}

fn flow(generator: &mut SchemaGenerator) -> Object {
    let node_id = generator.subschema_for::<NodeId>();
    let members = json!({
        "$schema": { "type": "string", "description": "Where the schema of this document lies; read by editors, not by Flusso." },
        "flusso": { "const": DOCUMENT_VERSION, "description": "The version of the document." },
        "name": { "type": "string", "minLength": 1, "description": "Its name, unique among flows." },
        "reentry": {
            "enum": ["keep", "restart", "once", "parallel"],
            "default": "keep",
            "description": "What happens when a contact inside triggers the flow again: the run stays; it ends and a new one begins; it never runs twice; one run for each value of reentry_key."
        },
        "reentry_after": described(generator.subschema_for::<Span>(), "With once: after this long it may run again."),
        "reentry_key": { "type": "string", "description": "With parallel: the name of the value that sets runs apart." },
        "start": described(node_id, "Where a start without trigger begins; without it, where the first trigger leads."),
        "category": described(generator.subschema_for::<Category>(), "What its messages are for: service, utility or marketing."),
        "about": described(generator.subschema_for::<About>(), "What it is for and what it needs, for whoever chooses it in the gallery."),
        "questions": described(generator.subschema_for::<Vec<Question>>(), "What is asked when it is added; the answers stand where {{ ask.ID }} is."),
        "talks": described(generator.subschema_for::<Vec<Talk>>(), "Conversations that must go as they are written; played at every save."),
        "leave_when": described(generator.subschema_for::<Vec<Rule>>(), "When one of these becomes true, the run ends."),
        "nodes": {
            "type": "array",
            "maxItems": NODES_PER_FLOW_MAX,
            "items": { "$ref": "#/$defs/Node" },
            "description": "What starts it and what it does, each with where it leads.",
        },
    });
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Flusso flow document",
        "type": "object",
        "properties": members,
        "required": ["flusso", "name", "nodes"],
        "additionalProperties": false,
    });
    object(head)
}

/// The schema of every kind of node, by its word.
fn kinds(generator: &mut SchemaGenerator) -> Vec<(&'static str, serde_json::Value)> {
    let next: Option<&[&str]> = Some(&["next"]);
    let none: Option<&[&str]> = Some(&[]);
    vec![
        ("keyword", kind::<Keyword>(generator, "keyword", next)),
        ("event", kind::<EventTrigger>(generator, "event", next)),
        ("message", kind::<MessageNode>(generator, "message", None)),
        ("wait", kind::<Wait>(generator, "wait", Some(&["elapsed", "replied", "met", "invalid"]))),
        ("condition", kind::<Condition>(generator, "condition", None)),
        ("save", kind::<Save>(generator, "save", next)),
        ("api", kind::<Api>(generator, "api", Some(&["ok", "failed", "timed_out"]))),
        ("launch", kind::<Launch>(generator, "launch", next)),
        ("split", kind::<Split>(generator, "split", None)),
        ("handover", kind::<HandoverNode>(generator, "handover", next)),
        ("notify", kind::<Notify>(generator, "notify", next)),
        ("note", kind::<Note>(generator, "note", none)),
        ("end", kind::<End>(generator, "end", none)),
    ]
}

/// One kind: its own members, and those that every node may carry. Without `exits` the ways out have free names.
fn kind<T: JsonSchema>(generator: &mut SchemaGenerator, word: &str, exits: Option<&[&str]>) -> serde_json::Value {
    let own = object(T::json_schema(generator).to_value());
    let mut members = object(json!({
        "id": described(generator.subschema_for::<NodeId>(), "Its own name in this flow, the same across edits."),
        "kind": { "const": word },
        "title": { "type": ["string", "null"], "description": "What people call it." },
        "note": { "type": ["string", "null"], "description": "A word for people." },
        "x": { "type": ["number", "null"], "description": "Where it was put on the map." },
        "y": { "type": ["number", "null"], "description": "Where it was put on the map." },
        "exits": exits_named(exits),
    }));
    members.extend(own.get("properties").and_then(|own| own.as_object().cloned()).unwrap_or_default());
    let mut required = vec![json!("id"), json!("kind")];
    required.extend(own.get("required").and_then(|own| own.as_array().cloned()).unwrap_or_default());
    json!({
        "type": "object",
        "description": own.get("description"),
        "properties": members,
        "required": required,
        "additionalProperties": false,
    })
}

fn exits_named(names: Option<&[&str]>) -> serde_json::Value {
    let words = "Where each way out leads; one that is absent or null ends the run.";
    match names {
        None => json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/Exit" }, "description": words }),
        Some(names) => {
            let to = |name: &str| json!({ "$ref": "#/$defs/Exit", "description": exit_taken(name) });
            let members: Object = names.iter().map(|name| ((*name).to_owned(), to(name))).collect();
            json!({ "type": "object", "properties": members, "additionalProperties": false, "description": words })
        }
    }
}

/// When a way out is taken.
fn exit_taken(name: &str) -> &'static str {
    match name {
        "elapsed" => "The node that comes when the time is up.",
        "replied" => "The node that comes when the contact answered.",
        "met" => "The node that comes when what is waited for became true.",
        "invalid" => "The node that comes when no answer was good.",
        "ok" => "The node that comes when the other system answered well.",
        "failed" => "The node that comes when it answered with an error, or could not be reached.",
        "timed_out" => "The node that comes when it did not answer in time.",
        _ => "The node that comes after it.",
    }
}

fn exit() -> serde_json::Value {
    json!({ "type": ["string", "null"], "description": "The id of the node where this exit leads; without one the run ends." })
}

/// Any node: the word in `kind` says which schema it must fit, so that an editor completes that kind's members and no others.
fn node(kinds: &[(&'static str, serde_json::Value)]) -> serde_json::Value {
    let words: Vec<&str> = kinds.iter().map(|(word, _)| *word).collect();
    let fits = |word: &&str| {
        json!({
            "if": { "properties": { "kind": { "const": word } }, "required": ["kind"] },
            "then": { "$ref": format!("#/$defs/{}", part_of(word)) },
        })
    };
    json!({
        "type": "object",
        "properties": { "id": { "type": "string" }, "kind": { "enum": words } },
        "required": ["id", "kind"],
        "allOf": words.iter().map(fits).collect::<Vec<_>>(),
    })
}

/// The name of the part that holds a kind, apart from the types' own names.
fn part_of(word: &str) -> String {
    format!("{word}_node")
}

fn described(schema: Schema, text: &str) -> serde_json::Value {
    let mut members = object(schema.to_value());
    members.insert("description".to_owned(), json!(text));
    members.into()
}

fn object(value: serde_json::Value) -> Object {
    match value {
        serde_json::Value::Object(members) => members,
        _ => Object::new(),
    }
}

/// Types that are written as one text.
macro_rules! written_as {
    ($($name:ident: $pattern:expr, $words:expr;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $words })
            }
        }
    )*};
}

written_as! {
    Span: r"^\s*([0-9]+(w|d|h|ms|m|s)\s*)+$", "A length of time, as 90s, 15m, 2h or 1d 12h.";
    Offset: r"^\s*[-+]?\s*([0-9]+(w|d|h|ms|m|s)\s*)+$", "How long before or after, as -1d or 2h.";
    WallTime: "^[0-9]{1,2}:[0-9]{1,2}$", "A time on the wall, as 09:00.";
    Weekday: "^(mon|tue|wed|thu|fri|sat|sun)$", "A day of the week.";
    Days: r"^(all|\s*(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?\s*(,\s*(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?\s*)*)$", "Days, as all, mon-fri or mon,wed.";
    FlowRef: "", "Another flow, by its name.";
    Zone: "^[A-Za-z_+-]+(/[A-Za-z0-9_+-]+)*$", "A time zone of the IANA list, as Europe/Rome.";
}

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema { json_schema!({ "type": "string", "description": "An id." }) }
        }
    )*};
}

ids! { ContactId ChannelId FlowId RunId }

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "description": "A point in time (RFC 3339)." })
    }
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number", "boolean", "array"],
            "items": generator.subschema_for::<Value>(),
            "description": "A text, a number, true or false, or a list of these.",
        })
    }
}
