//! What a flow or a quick reply needs around it: fields, tags, channels, templates, other flows, segments, files. And what of it stays
//! at home when it travels: secrets.

mod secrets;

pub use secrets::{exposed, without_secrets};

use crate::model::document;
use crate::model::field::{Field, FieldKind};
use crate::model::flow::Flow;
use crate::model::node::{Attachment, Check, EventKind, FlowRef, Node, NodeId, NodeKind, Rule, WindowClosed};
use crate::model::quick_reply::QuickReply;
use crate::model::segment::Segment;
use crate::model::tag::Tag;
use crate::model::value::Value;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The beginning of a field's full name.
const FIELD: &str = "contact.fields.";

/// What is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Fields, and what they seem to hold.
    pub fields: BTreeMap<String, FieldKind>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Approved templates: name and language.
    pub templates: BTreeSet<(String, String)>,
    /// Channels, by name or id.
    pub channels: BTreeSet<String>,
    /// Other flows, by name.
    pub flows: BTreeSet<String>,
    /// Segments.
    pub segments: BTreeSet<String>,
    /// Files, as they are named in attachments.
    pub files: BTreeSet<String>,
    /// Secrets that are to be filled in: at which node, and what it is called.
    pub secrets: Vec<(NodeId, String)>,
}

/// What a flow needs.
pub fn of_flow(flow: &Flow) -> Needs {
    let mut needs = Needs { secrets: secrets::to_fill(flow), ..Needs::default() };
    let text = document::write(flow)["nodes"].to_string() + &json!(flow.leave_when).to_string();
    needs.fields = field_names(&text).into_iter().map(|name| (name, FieldKind::Text)).collect();
    flow.leave_when.iter().for_each(|rule| needs.rule(rule));
    flow.nodes.iter().for_each(|node| needs.node(node));
    needs
}

/// What a quick reply needs.
pub fn of_reply(reply: &QuickReply) -> Needs {
    let fields = field_names(&json!(reply.text).to_string()).into_iter().map(|name| (name, FieldKind::Text)).collect();
    Needs { fields, files: files_of(&reply.attachments), ..Needs::default() }
}

/// What a segment needs.
pub fn of_segment(segment: &Segment) -> Needs {
    let fields = field_names(&json!(segment).to_string()).into_iter().map(|name| (name, FieldKind::Text)).collect();
    let mut needs = Needs { fields, ..Needs::default() };
    segment.all.iter().chain(&segment.any).for_each(|rule| needs.rule(rule));
    // It sorts by where people stand in a flow, and works without it too.
    needs.flows.clear();
    needs
}

/// Whether a field may be called so: as it can stand in a text.
pub fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_letter)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn field_names(text: &str) -> BTreeSet<String> {
    let word = |piece: &str| piece.chars().take_while(|c| is_letter(*c)).collect::<String>();
    text.split(FIELD).skip(1).map(word).filter(|name| !name.is_empty()).collect()
}

fn files_of(attachments: &[Attachment]) -> BTreeSet<String> {
    attachments.iter().filter_map(|attachment| attachment.file.clone()).filter(|file| !file.contains("{{")).collect()
}

impl Needs {
    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Keyword(keyword) => self.channels.extend(keyword.channels.iter().cloned()),
            NodeKind::Event(event) => {
                self.channels.extend(event.channels.iter().cloned());
                self.tags.extend(event.tag.clone());
                self.segments.extend(event.segment.clone());
                let dated = event.field.iter().filter(|_| event.on == EventKind::Date);
                dated.for_each(|field| self.holds(field, FieldKind::Date));
            }
            NodeKind::Message(message) => {
                self.files.extend(files_of(&message.attachments));
                if let Some(WindowClosed::Template(template)) = &message.window_closed {
                    self.templates.insert((template.name.clone(), template.language.clone()));
                }
            }
            NodeKind::Wait(wait) => {
                wait.until.iter().filter_map(|until| until.value.as_ref()).for_each(|field| self.holds(field, FieldKind::Date));
                self.tags.extend(wait.met.iter().filter_map(|met| met.tag.clone()));
                let answer = wait.reply.iter().filter_map(|reply| Some((reply.save.as_ref()?, reply.check.as_ref()?)));
                answer.for_each(|(field, check)| match check {
                    Check::Number => self.holds(field, FieldKind::Number),
                    Check::Date => self.holds(field, FieldKind::Date),
                    _ => {}
                });
            }
            NodeKind::Condition(condition) => {
                let rules = condition.branches.iter().flat_map(|branch| branch.all.iter().chain(&branch.any).flatten());
                rules.for_each(|rule| self.rule(rule));
            }
            NodeKind::Save(save) => {
                self.tags.extend(save.add_tags.iter().chain(&save.remove_tags).filter(|tag| !tag.contains("{{")).cloned());
                save.set.iter().for_each(|set| match &set.to {
                    Value::Number(_) => self.holds(&set.field, FieldKind::Number),
                    Value::Bool(_) => self.holds(&set.field, FieldKind::Boolean),
                    Value::List(_) => self.holds(&set.field, FieldKind::List),
                    Value::Text(text) if text.trim() == "{{ now }}" => self.holds(&set.field, FieldKind::Date),
                    Value::Text(_) => {}
                });
                save.increment.iter().for_each(|grown| self.holds(&grown.field, FieldKind::Number));
            }
            NodeKind::Launch(launch) => {
                let named = launch.flow.iter().chain(launch.stop.iter().filter(|stop| !is_word(stop)));
                self.flows.extend(named.filter_map(|flow| if let FlowRef::Name(name) = flow { Some(name.clone()) } else { None }));
            }
            _ => {}
        }
    }

    fn rule(&mut self, rule: &Rule) {
        if rule.value == "contact.tags" {
            match &rule.to {
                Some(Value::List(tags)) => self.tags.extend(tags.iter().map(ToString::to_string)),
                Some(tag) if tag.to_string().contains("{{") => {}
                Some(tag) => drop(self.tags.insert(tag.to_string())),
                None => {}
            }
        }
        let flow = rule.value.strip_prefix("flows.").and_then(|rest| rest.strip_suffix(".state"));
        self.flows.extend(flow.map(str::to_owned));
    }

    /// The fields, each as it would be made.
    pub fn as_fields(&self) -> Vec<Field> {
        self.fields.iter().map(|(name, kind)| Field { name: name.clone(), kind: *kind }).collect()
    }

    /// The tags, each as it would be made.
    pub fn as_tags(&self) -> Vec<Tag> {
        let named = self.tags.iter().filter(|name| !name.trim().is_empty() && !name.contains("{{"));
        named.map(|name| Tag { name: name.clone() }).collect()
    }

    /// The field of this name holds this, where it does not seem to hold something else than words already.
    fn holds(&mut self, name: &str, kind: FieldKind) {
        let known = self.fields.get_mut(name.strip_prefix(FIELD).unwrap_or(name));
        if let Some(known) = known.filter(|known| **known == FieldKind::Text) {
            *known = kind;
        }
    }

    /// Both together.
    pub fn and(mut self, other: Needs) -> Needs {
        for (name, kind) in other.fields {
            let known = self.fields.entry(name).or_insert(kind);
            *known = if *known == FieldKind::Text { kind } else { *known };
        }
        self.tags.extend(other.tags);
        self.templates.extend(other.templates);
        self.channels.extend(other.channels);
        self.flows.extend(other.flows);
        self.segments.extend(other.segments);
        self.files.extend(other.files);
        self.secrets.extend(other.secrets);
        self
    }
}

/// Whether this stands in place of a flow's name.
fn is_word(stop: &FlowRef) -> bool {
    matches!(stop, FlowRef::Name(name) if name == "all" || name == "flow")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_read_from_the_nodes() {
        let document = json!({"flusso": 1, "name": "x", "leave_when": [{"value": "contact.tags", "op": "has", "to": "won"}], "nodes": [
            {"id": "k", "kind": "keyword", "phrases": [], "channels": ["Negozio"]},
            {"id": "d", "kind": "event", "on": "date", "field": "contact.fields.birthday", "at": "10:00"},
            {"id": "m", "kind": "message", "text": "{{ contact.fields.città }} {{ contact.fields.visits }}", "attachments": [{"kind": "image", "file": "files/x"}],
             "window_closed": {"template": {"name": "hello", "language": "it"}}},
            {"id": "s", "kind": "save", "add_tags": ["vip"], "increment": [{"field": "contact.fields.visits", "by": 1}]},
            {"id": "c", "kind": "condition", "branches": [{"exit": "in", "all": [{"value": "flows.Due parole.state", "op": "is", "to": "waiting"}]}]},
            {"id": "l", "kind": "launch", "flow": "Listino", "stop": "all"},
            {"id": "a", "kind": "api", "method": "GET", "url": "https://a.example", "headers": {"Authorization": ""}}
        ]});
        let needs = of_flow(&document::read(&document).expect("a flow"));
        let kinds: Vec<_> = needs.fields.iter().map(|(name, kind)| format!("{name} {}", kind.word())).collect();
        assert_eq!(kinds, ["birthday date", "città text", "visits number"]);
        assert_eq!(needs.tags, ["vip", "won"].map(str::to_owned).into());
        assert_eq!(needs.flows, ["Due parole", "Listino"].map(str::to_owned).into());
        assert!(needs.channels.contains("Negozio") && needs.files.contains("files/x"));
        assert_eq!(needs.templates.len(), 1);
        assert_eq!(needs.as_tags().len(), 2);
        assert_eq!(needs.secrets, [(NodeId("a".to_owned()), "Authorization".to_owned())]);
    }

    #[test]
    fn a_field_holds_what_the_nodes_do_with_it() {
        let document = json!({"flusso": 1, "name": "x", "nodes": [
            {"id": "a", "kind": "save", "set": [{"field": "contact.fields.city", "to": "{{ message.text }}"}, {"field": "contact.fields.seen", "to": "{{ now }}"}],
             "increment": [{"field": "contact.fields.visits", "by": 1}], "add_tags": ["vip", "{{ run.tag }}"]},
            {"id": "b", "kind": "wait", "reply": {"check": "number", "save": "contact.fields.guests"}, "met": {"tag": "paid"}},
            {"id": "c", "kind": "message", "text": "{{ contact.fields.size }}"}
        ]});
        let needs = of_flow(&document::read(&document).expect("a flow"));
        let told: Vec<_> = needs.as_fields().into_iter().map(|field| format!("{} {}", field.name, field.kind.word())).collect();
        assert_eq!(told, ["city text", "guests number", "seen date", "size text", "visits number"]);
        assert_eq!(needs.as_tags().into_iter().map(|tag| tag.name).collect::<Vec<_>>(), ["paid", "vip"]);
        let segment = Segment {
            name: "Vicini".to_owned(),
            all: serde_json::from_value(
                json!([{"value": "contact.fields.city", "op": "is", "to": "Roma"}, {"value": "contact.tags", "op": "has", "to": "vip"}]),
            )
            .expect("rules"),
            any: Vec::new(),
        };
        let needs = of_segment(&segment);
        assert!(needs.fields.contains_key("city") && needs.tags.contains("vip"), "{needs:?}");
    }
}
