//! Several things in one document: flows, quick replies, and the segments, fields and tags that they use (interface.md 3).

use super::{DOCUMENT_VERSION, into_type, pretty, read, version_of};
use crate::base::limits::FLOWS_PER_SET_MAX;
use crate::model::field::Field;
use crate::model::flow::Flow;
use crate::model::problem::{Fault, Problem};
use crate::model::quick_reply::QuickReply;
use crate::model::segment::Segment;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The members of a document of several, beside the version.
const LISTS: [&str; 5] = ["flows", "quick_replies", "segments", "fields", "tags"];

/// What a document of several holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Several {
    /// Its flows.
    pub flows: Vec<Flow>,
    /// Its quick replies.
    pub quick_replies: Vec<QuickReply>,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// Reads a document of several, or of one flow. Every fault is told, with the name of what it stands in.
pub fn read_text(text: &str) -> Result<Several, Vec<Problem>> {
    let not = |why: String| vec![Problem::whole(Fault::NotADocument(why))];
    let document: Value = serde_json::from_str(text).map_err(|error| not(format!("it is not JSON ({error})")))?;
    let Some(members) = document.as_object().filter(|members| LISTS.iter().any(|list| members.contains_key(*list))) else {
        return Ok(Several { flows: vec![read(&document)?], ..Several::default() });
    };
    let version = version_of(members).map_err(|fault| vec![Problem::whole(fault)])?;
    let (mut found, mut problems) = (Several::default(), Vec::new());
    for (name, member) in members {
        match (name.as_str(), member.as_array()) {
            ("flusso" | "$schema", _) => {}
            ("flows", Some(items)) if items.len() > FLOWS_PER_SET_MAX => problems.extend(not(format!("it holds {} flows", items.len()))),
            ("flows", Some(items)) => {
                for item in items {
                    match read(&with_version(item, version)) {
                        Ok(flow) => found.flows.push(flow),
                        Err(faults) => problems.extend(within(item, faults)),
                    }
                }
            }
            ("quick_replies", Some(items)) => found.quick_replies = each("quick reply", "shortcut", items, &mut problems),
            ("segments", Some(items)) => found.segments = each("segment", "name", items, &mut problems),
            ("fields", Some(items)) => found.fields = each("field", "name", items, &mut problems),
            ("tags", Some(items)) => found.tags = each("tag", "", items, &mut problems),
            (name, None) if LISTS.contains(&name) => problems.extend(not(format!("\"{name}\" is not a list"))),
            _ => problems.push(Problem::whole(Fault::UnknownMember(name.clone()))),
        }
    }
    problems.extend(twice(&found));
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Reads the things of a list. A fault names the kind of thing, its place, and how it calls itself.
fn each<T: DeserializeOwned>(kind: &str, called: &str, items: &[Value], problems: &mut Vec<Problem>) -> Vec<T> {
    let mut found = Vec::with_capacity(items.len());
    for (item, number) in items.iter().zip(1..) {
        match into_type("", item.clone()) {
            Ok(thing) => found.push(thing),
            Err(why) => {
                let own = item.get(called).and_then(Value::as_str).map(|own| format!(" \"{own}\"")).unwrap_or_default();
                problems.push(Problem::whole(Fault::NotADocument(format!("{kind} {number}{own}: {why}"))));
            }
        }
    }
    found
}

/// The faults of one flow among several, each with the flow's name.
fn within(item: &Value, faults: Vec<Problem>) -> Vec<Problem> {
    let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
    faults.into_iter().map(|problem| in_flow(name, problem)).collect()
}

/// The problem of a flow among others, with the flow's name.
pub fn in_flow(name: &str, problem: Problem) -> Problem {
    let fault = Fault::InFlow { flow: name.to_owned(), fault: Box::new(problem.fault) };
    Problem { node: problem.node, fault }
}

/// What stands twice under one name.
fn twice(found: &Several) -> Vec<Problem> {
    let lists: [(&'static str, Vec<&str>); 5] = [
        ("flow", found.flows.iter().map(|flow| flow.name.as_str()).collect()),
        ("quick reply", found.quick_replies.iter().map(|reply| reply.shortcut.as_str()).collect()),
        ("segment", found.segments.iter().map(|segment| segment.name.as_str()).collect()),
        ("field", found.fields.iter().map(|field| field.name.as_str()).collect()),
        ("tag", found.tags.iter().map(String::as_str).collect()),
    ];
    let mut problems = Vec::new();
    for (what, names) in lists {
        let mut seen = BTreeSet::new();
        let again = names.into_iter().filter(|name| !seen.insert(*name));
        problems.extend(again.map(|name| Problem::whole(Fault::TwiceInSet { what, name: name.to_owned() })));
    }
    problems
}

/// A flow within others need not say the version again.
fn with_version(item: &Value, version: u64) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut().filter(|members| !members.contains_key("flusso")) {
        members.insert("flusso".to_owned(), json!(version));
    }
    item
}

impl Several {
    /// The same in the one order in which a document is written: everything by its name.
    pub fn sorted(mut self) -> Several {
        self.flows.sort_by(|one, other| one.name.cmp(&other.name));
        self.quick_replies.sort_by(|one, other| one.shortcut.cmp(&other.shortcut));
        self.segments.sort_by(|one, other| one.name.cmp(&other.name));
        self.fields.sort_by(|one, other| one.name.cmp(&other.name));
        self.tags.sort();
        self.tags.dedup();
        self
    }
}

/// Writes a document of several, laid out for people. Reading it gives the same.
pub fn text(several: &Several) -> String {
    let mut members = Map::new();
    members.insert("flusso".to_owned(), json!(DOCUMENT_VERSION));
    if !several.flows.is_empty() {
        members.insert("flows".to_owned(), several.flows.iter().map(flow_of).collect());
    }
    members.insert("quick_replies".to_owned(), json!(several.quick_replies));
    if !several.segments.is_empty() {
        members.insert("segments".to_owned(), json!(several.segments));
    }
    if !several.fields.is_empty() {
        members.insert("fields".to_owned(), json!(several.fields));
    }
    if !several.tags.is_empty() {
        members.insert("tags".to_owned(), json!(several.tags));
    }
    pretty::json(&Value::Object(members))
}

/// A flow among others: the version stands once, at the top.
fn flow_of(flow: &Flow) -> Value {
    let mut document = pretty::document(flow);
    if let Some(members) = document.as_object_mut() {
        members.shift_remove("flusso");
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = include_str!("../../../tests/documents/welcome.json");

    #[test]
    fn a_flow_alone_is_several_of_one() {
        let several = read_text(ONE).expect("a flow");
        assert_eq!((several.flows.len(), several.quick_replies.len()), (1, 0));
        assert_eq!(read_text(&text(&several)), Ok(several));
    }

    #[test]
    fn fields_and_tags_travel_beside() {
        let written = r#"{"flusso": 1, "quick_replies": [], "fields": [{"name": "born", "kind": "date"}], "tags": ["vip", "new"]}"#;
        let several = read_text(written).expect("a set").sorted();
        assert_eq!((several.fields[0].kind.word(), several.tags.as_slice()), ("date", &["new".to_owned(), "vip".to_owned()][..]));
        assert_eq!(read_text(&text(&several)), Ok(several));
    }

    #[test]
    fn each_fault_is_told_with_what_it_stands_in() {
        let told = |text: &str| {
            let problems = read_text(text).expect_err("faults");
            problems.iter().map(|problem| problem.fault.to_string()).collect::<Vec<_>>().join(" ")
        };
        let wrong = told(
            r#"{"flusso": 1, "flows": [{"name": "x", "nodes": [{"id": "a", "kind": "dance"}]}], "quick_replies": [{"shortcut": "a"}], "theme": 1,
                "fields": [{"name": "f", "kind": "colour"}], "tags": ["t", "t", 3]}"#,
        );
        for word in [
            "In the flow \"x\": \"dance\" is not a kind of node.",
            "quick reply 1 \"a\": missing field `text`",
            "\"theme\"",
            "field 1 \"f\": \"kind\": unknown variant `colour`",
            "tag 3: invalid type",
            "\"t\" stands twice",
        ] {
            assert!(wrong.contains(word), "{word}: {wrong}");
        }
        assert!(told(r#"{"flusso": 9, "flows": []}"#).contains('9'));
        assert!(told(r#"{"flusso": 1, "quick_replies": {}}"#).contains("is not a list"));
    }
}
