//! Where a flow or a segment names a tag, a field or a segment, so that nobody takes it away unwarned; and the secrets its calls name.

use super::occasions::bare_field;
use super::text;
use crate::model::flow::{Flow, Reentry};
use crate::model::label::Label;
use crate::model::node::{NodeId, NodeKind, Rule};
use crate::model::secret_name;
use crate::model::segment::Segment;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// How the full name of a field begins.
const FIELD: &str = "contact.fields.";

/// The nodes of a flow that name it; none where the flow has no use for it at all. A rule of the flow itself has no node.
pub fn of_flow(flow: &Flow, label: &Label) -> Option<Vec<NodeId>> {
    let nodes: Vec<NodeId> = flow.nodes.iter().filter(|node| of_node(&node.kind, label)).map(|node| node.id.clone()).collect();
    let by_key = matches!(&flow.reentry, Reentry::Parallel(key) if names(&Value::String(key.clone()), label));
    let by_itself = by_key || flow.leave_when.iter().any(|rule| of_rule(rule, label));
    (by_itself || !nodes.is_empty()).then_some(nodes)
}

/// Whether a segment looks at it.
pub fn of_segment(segment: &Segment, label: &Label) -> bool {
    segment.all.iter().chain(&segment.any).any(|rule| of_rule(rule, label))
}

/// The secrets of the owner that the calls of a flow name.
pub fn secrets_of_flow(flow: &Flow) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for node in flow.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Api(_))) {
        written(&node.kind).into_iter().for_each(|call| add_secrets(&call, &mut found));
    }
    found
}

fn add_secrets(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(text::names(text).into_iter().filter_map(secret_name::named).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| add_secrets(item, found)),
        Value::Object(members) => members.values().for_each(|member| add_secrets(member, found)),
        _ => {}
    }
}

fn of_node(kind: &NodeKind, label: &Label) -> bool {
    match (kind, label) {
        (NodeKind::Event(event), Label::Tag(tag)) => event.tag.as_ref() == Some(tag),
        (NodeKind::Event(event), Label::Field(field)) => event.field.as_deref().is_some_and(|own| bare_field(own) == field),
        (NodeKind::Event(event), Label::Segment(segment)) => event.segment.as_deref().map(str::trim) == Some(segment),
        (_, Label::Segment(_)) => false,
        (kind, label) => written(kind).is_some_and(|value| names(&value, label)),
    }
}

fn of_rule(rule: &Rule, label: &Label) -> bool {
    written(rule).is_some_and(|value| names(&value, label))
}

fn written(thing: &impl Serialize) -> Option<Value> {
    serde_json::to_value(thing).ok()
}

/// Whether a document, or anything in it, names the label.
fn names(value: &Value, label: &Label) -> bool {
    match value {
        Value::String(text) => matches!(label, Label::Field(field) if names_field(text, field)),
        Value::Array(items) => items.iter().any(|item| names(item, label)),
        Value::Object(members) => {
            let tagged = |name: &str, tag: &String| members.get(name).is_some_and(|held| holds(held, tag));
            let by_tag = |tag: &String| {
                let of_tags = members.get("value").and_then(Value::as_str) == Some("contact.tags");
                ["tag", "add_tags", "remove_tags"].iter().any(|name| tagged(name, tag)) || (of_tags && tagged("to", tag))
            };
            matches!(label, Label::Tag(tag) if by_tag(tag)) || members.values().any(|member| names(member, label))
        }
        _ => false,
    }
}

fn holds(held: &Value, wanted: &str) -> bool {
    match held {
        Value::String(text) => text == wanted,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(wanted)),
        _ => false,
    }
}

/// Whether a text names a field: by itself, in a template, or in an expression.
fn names_field(text: &str, field: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(FIELD) {
        rest = &rest[at + FIELD.len()..];
        let ends = |after: &str| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        if rest.strip_prefix(field).is_some_and(ends) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;

    const FLOW: &str = r#"{"flusso": 1, "name": "Prova", "leave_when": [{"value": "contact.tags", "op": "has", "to": "perso"}], "nodes": [
        {"id": "e1", "kind": "event", "on": "schedule", "days": "mon", "at": "09:00", "segment": "clienti", "exits": {"next": "s1"}},
        {"id": "e2", "kind": "event", "on": "date", "field": "compleanno", "offset": "0d", "at": "09:00", "exits": {"next": "s1"}},
        {"id": "s1", "kind": "save", "add_tags": ["nuovo"], "set": [{"field": "contact.fields.citta", "to": "x"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ciao {{ contact.fields.soprannome | default: \"\" }}", "exits": {"next": "c1"}},
        {"id": "c1", "kind": "condition", "branches": [{"exit": "x", "all": [{"value": "contact.tags", "op": "in", "to": ["oro", "argento"]}]}],
         "exits": {"x": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "met": {"tag": "pagato"}}]}"#;

    fn nodes(label: Label) -> Option<String> {
        let flow = document::read_text(FLOW).expect("a flow");
        of_flow(&flow, &label).map(|nodes| nodes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_secrets_of_calls_are_found_wherever_a_call_names_them() {
        let flow = r#"{"flusso": 1, "name": "Chiama", "nodes": [
            {"id": "a1", "kind": "api", "method": "POST", "url": "https://x.example/{{ secret.place }}",
             "headers": {"Authorization": "Bearer {{ secret.shop_key }}"}, "query": {"k": "{{ secret.shop_key | default: \"\" }}"},
             "body": {"json": {"deep": [{"pin": "{{ secret.pin }}", "city": "{{ contact.fields.city }}"}]}}, "exits": {"ok": "m1"}},
            {"id": "m1", "kind": "message", "text": "{{ secret.no_call }}"}]}"#;
        let flow = document::read_text(flow).expect("a flow");
        assert_eq!(secrets_of_flow(&flow).into_iter().collect::<Vec<_>>(), ["pin", "place", "shop_key"]);
    }

    #[test]
    fn a_tag_a_field_and_a_segment_are_found_wherever_a_flow_names_them() {
        let tag = |name: &str| nodes(Label::Tag(name.to_owned()));
        let field = |name: &str| nodes(Label::Field(name.to_owned()));
        for (name, at) in [("nuovo", "s1"), ("oro", "c1"), ("argento", "c1"), ("pagato", "w1"), ("perso", "")] {
            assert_eq!(tag(name).as_deref(), Some(at), "{name}");
        }
        for (name, at) in [("citta", "s1"), ("soprannome", "m1"), ("compleanno", "e2")] {
            assert_eq!(field(name).as_deref(), Some(at), "{name}");
        }
        assert_eq!(nodes(Label::Segment("clienti".to_owned())).as_deref(), Some("e1"));
        assert_eq!((tag("citta"), field("cit"), field("oro"), nodes(Label::Segment("oro".to_owned()))), (None, None, None, None));
    }
}
