//! The fields and tags that a flow names, with what each field seems to hold.

use crate::model::document;
use crate::model::field::{Field, FieldKind};
use crate::model::flow::Flow;
use crate::model::node::{Check, EventKind, NodeKind};
use crate::model::tag::Tag;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const FIELD: &str = "contact.fields.";

/// Every field a flow reads or writes, by name.
pub fn fields(flow: &Flow) -> Vec<Field> {
    let text = document::write(flow)["nodes"].to_string() + &json!(flow.leave_when).to_string();
    let word = |piece: &str| piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let names: BTreeSet<String> = text.split(FIELD).skip(1).map(word).filter(|name| !name.is_empty()).collect();
    let kinds = kinds(flow);
    names.into_iter().map(|name| Field { kind: kinds.get(&name).copied().unwrap_or_default(), name }).collect()
}

/// What fields hold, where a node says it: what grows is a number, what is waited for is a date, what is checked is what it is checked for.
fn kinds(flow: &Flow) -> BTreeMap<String, FieldKind> {
    let mut kinds = BTreeMap::new();
    let mut is = |name: Option<&str>, kind: FieldKind| {
        if let Some(name) = name.map(|name| name.strip_prefix(FIELD).unwrap_or(name)) {
            kinds.insert(name.to_owned(), kind);
        }
    };
    for node in &flow.nodes {
        match &node.kind {
            NodeKind::Save(save) => {
                save.increment.iter().for_each(|grows| is(Some(&grows.field), FieldKind::Number));
                let now = |set: &&crate::model::node::SetField| set.to.to_string().trim() == "{{ now }}";
                save.set.iter().filter(now).for_each(|set| is(Some(&set.field), FieldKind::Date));
            }
            NodeKind::Event(event) if event.on == EventKind::Date => is(event.field.as_deref(), FieldKind::Date),
            NodeKind::Wait(wait) => {
                is(wait.until.as_ref().and_then(|until| until.value.as_deref()), FieldKind::Date);
                let reply = wait.reply.as_ref();
                let kind = match reply.and_then(|reply| reply.check.as_ref()) {
                    Some(Check::Number) => FieldKind::Number,
                    Some(Check::Date) => FieldKind::Date,
                    _ => continue,
                };
                is(reply.and_then(|reply| reply.save.as_deref()), kind);
            }
            _ => {}
        }
    }
    kinds
}

/// Every tag a flow puts on, takes off or waits for.
pub fn tags(flow: &Flow) -> Vec<Tag> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for node in &flow.nodes {
        match &node.kind {
            NodeKind::Save(save) => names.extend(save.add_tags.iter().chain(&save.remove_tags).cloned()),
            NodeKind::Event(event) => names.extend(event.tag.clone()),
            NodeKind::Wait(wait) => names.extend(wait.met.iter().filter_map(|met| met.tag.clone())),
            _ => {}
        }
    }
    let left = flow.leave_when.iter().filter(|rule| rule.value == "contact.tags");
    names.extend(left.filter_map(|rule| rule.to.as_ref()).map(ToString::to_string));
    names.into_iter().filter(|name| !name.trim().is_empty() && !name.contains("{{")).map(|name| Tag { name }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_tells_its_fields_with_their_kinds_and_its_tags() {
        let flow = document::read(&json!({"flusso": 1, "name": "x", "nodes": [
            {"id": "d", "kind": "event", "on": "date", "field": "contact.fields.birthday", "exits": {"next": "a"}},
            {"id": "a", "kind": "save", "set": [{"field": "contact.fields.city", "to": "{{ message.text }}"}, {"field": "contact.fields.seen", "to": "{{ now }}"}],
             "increment": [{"field": "contact.fields.visits", "by": 1}], "add_tags": ["vip"]},
            {"id": "b", "kind": "wait", "reply": {"check": "number", "save": "contact.fields.guests"}, "met": {"tag": "paid"}},
            {"id": "c", "kind": "message", "text": "{{ contact.fields.size }}"}
        ]}))
        .expect("a flow");
        let told: Vec<_> = fields(&flow).into_iter().map(|field| (field.name, field.kind)).collect();
        let wanted = [
            ("birthday", FieldKind::Date),
            ("city", FieldKind::Text),
            ("guests", FieldKind::Number),
            ("seen", FieldKind::Date),
            ("size", FieldKind::Text),
            ("visits", FieldKind::Number),
        ];
        assert_eq!(told, wanted.map(|(name, kind)| (name.to_owned(), kind)));
        assert_eq!(tags(&flow).into_iter().map(|tag| tag.name).collect::<Vec<_>>(), ["paid", "vip"]);
    }
}
