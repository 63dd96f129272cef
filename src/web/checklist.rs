//! What is still to do before a flow that was added can run, line by line.

use super::node_words::Speaker;
use super::phrase::OverlapLine;
use super::words::Language;
use crate::base::address::ChannelKind;
use crate::engine::staff::{self, Told};
use crate::executor::facts::Facts;
use crate::model::checklist::Checklist;
use crate::model::document;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::{FlowRef, Node, NodeKind, WindowClosed};
use crate::model::problem::{Problem, Severity};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The ends of names that belong to nobody, which the pack writes where an address of one's own must stand.
const INVENTED: [&str; 3] = ["example.com", "example.org", "example.net"];

/// A line: something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// Its word in forms.
    pub word: String,
    /// What.
    pub text: String,
    /// Where it is done.
    pub href: String,
    /// Whether it is done.
    pub is_done: bool,
    /// Whether a person says so; otherwise it is seen.
    pub by_hand: bool,
    /// What else is to be known of it; empty where nothing is.
    pub help: &'static str,
}

/// The list of a flow.
#[derive(Clone, Debug)]
pub struct TodoList {
    /// What was left out of it, and what its phrases overlap with.
    pub notes: Vec<OverlapLine>,
    /// What is to do.
    pub lines: Vec<Todo>,
}

impl TodoList {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.lines.iter().all(|line| line.is_done)
    }
}

/// What the lines are seen from.
pub struct Seen<'a> {
    /// The list as it is kept.
    pub list: &'a Checklist,
    /// The head of the flow.
    pub head: &'a FlowHead,
    /// Its draft.
    pub draft: &'a Flow,
    /// What checking it found.
    pub problems: &'a [Problem],
    /// The house.
    pub facts: &'a Facts,
    /// Who speaks of its nodes.
    pub speaker: Speaker<'a>,
    /// The blueprint it was made from, its blanks open, where it was made from one.
    pub open: Option<&'a Flow>,
    /// The address of the blueprint of a flow's name, where there is one.
    pub blueprint: &'a dyn Fn(&str) -> Option<String>,
}

impl Seen<'_> {
    fn w(&self) -> Language {
        self.speaker.language
    }

    fn node(&self, node: &Node) -> String {
        let place: String = url::form_urlencoded::byte_serialize(node.id.0.as_bytes()).collect();
        format!("/flows/{}/edit?node={place}#node-{place}", self.head.id)
    }

    fn line(&self, word: impl Into<String>, text: impl Into<String>, href: impl Into<String>, is_done: bool) -> Todo {
        Todo { word: word.into(), text: text.into(), href: href.into(), is_done, by_hand: false, help: "" }
    }

    fn by_hand(&self, word: &str, text: impl Into<String>, href: impl Into<String>) -> Todo {
        Todo { by_hand: true, ..self.line(word, text, href, self.list.ticked.contains(word)) }
    }

    /// The lines, in the order in which they are done.
    pub fn lines(&self) -> Vec<Todo> {
        let (w, id) = (self.w(), self.head.id);
        let mut lines = self.texts();
        lines.extend(self.defaults());
        lines.extend(self.files());
        lines.extend(self.others());
        lines.extend(self.staff());
        lines.extend(self.unreached());
        let text = document::write(self.draft)["nodes"].to_string();
        if text.contains("business_hours") {
            lines.push(self.line("hours", w.todo_hours(), "/settings", !self.facts.settings.business_hours.is_empty()));
        }
        lines.extend(self.templates());
        if text.contains("\"callback\":true") || !self.draft.nodes.iter().any(|node| node.kind.is_trigger()) {
            lines.push(self.by_hand("start_address", w.todo_start_address(), format!("/flows/{id}/start")));
        }
        let real = self.facts.channels.values().any(|known| known.channel.kind != ChannelKind::Simulator && known.channel.enabled);
        lines.push(self.line("channel", w.todo_channel(), "/channels/new", real));
        if self.problems.iter().any(|problem| problem.fault.severity() == Severity::Error) || self.head.version == 0 {
            lines.push(self.line("problems", w.todo_problems(), "#problems", false));
        }
        lines.push(self.by_hand("try", w.todo_try(), format!("/flows/{id}/try")));
        lines.push(self.line("enable", w.todo_enable(), format!("/flows/{id}/enable"), self.head.state == FlowState::Enabled));
        lines
    }

    /// Keywords without a word, and addresses that are still invented ones.
    fn texts(&self) -> Vec<Todo> {
        let w = self.w();
        let mut lines = Vec::new();
        for node in &self.draft.nodes {
            if matches!(&node.kind, NodeKind::Keyword(keyword) if keyword.phrases.is_empty()) {
                lines.push(self.line(format!("word.{}", node.id), w.todo_word(), self.node(node), false));
            }
            let mut found = BTreeSet::new();
            invented(&json!(node.kind), &mut found);
            lines.extend(
                found
                    .iter()
                    .map(|address| self.line(format!("address.{}.{address}", node.id), w.todo_address(address), self.node(node), false)),
            );
        }
        let mut told = BTreeSet::new();
        lines.retain(|line| told.insert(line.text.clone()) || line.word.starts_with("word."));
        lines
    }

    /// What stands in its texts by default, question by question: nobody has said yet whether it is so here.
    fn defaults(&self) -> Vec<Todo> {
        let Some(open) = self.open else { return Vec::new() };
        let w = self.w();
        let mut lines = Vec::new();
        for question in &open.questions {
            let Some(default) = &question.default else { continue };
            let said = default.all();
            let blank = |node: &&Node| stands_in(&json!(node.kind).to_string(), &format!("ask.{}", question.id));
            let untouched = |node: &Node| {
                let own = self.draft.node(&node.id)?;
                strings(&json!(own.kind)).iter().any(|text| said.iter().any(|default| stands_in(text, default))).then_some(own)
            };
            // An address that belongs to nobody has a line of its own.
            if said.iter().any(|default| INVENTED.iter().any(|name| default.contains(name))) {
                continue;
            }
            if let Some(node) = open.nodes.iter().filter(blank).find_map(untouched) {
                let (label, default) = (question.label.in_language(&[w.code()]), default.in_language(&[w.code()]));
                lines.push(self.by_hand(&format!("default.{}", question.id), w.todo_default(label, default), self.node(node)));
            }
        }
        lines
    }

    fn files(&self) -> Vec<Todo> {
        let message = |node: &Node| match &node.kind {
            NodeKind::Message(message) => message.attachments.iter().any(|file| file.file.is_some() || file.url.is_some()),
            _ => false,
        };
        let nodes = self.list.files.iter().filter_map(|id| self.draft.node(id));
        let line = |node: &Node| match message(node) {
            true => self.line(format!("file.{}", node.id), self.w().todo_file(), self.node(node), true),
            // The message goes without it too.
            false => self.by_hand(&format!("file.{}", node.id), self.w().todo_file(), self.node(node)),
        };
        nodes.map(line).collect()
    }

    /// Flows it works with.
    fn others(&self) -> Vec<Todo> {
        let launched =
            self.draft.nodes.iter().filter_map(|node| if let NodeKind::Launch(launch) = &node.kind { launch.flow.as_ref() } else { None });
        let mut lines: Vec<Todo> = Vec::new();
        for other in launched {
            let (name, is_here) = match other {
                FlowRef::Id(id) => (self.facts.names.get(id).cloned().unwrap_or_default(), self.facts.names.contains_key(id)),
                FlowRef::Name(name) => (name.clone(), self.facts.flow_named(name).is_some()),
            };
            let word = format!("flow.{name}");
            if !name.is_empty() && !lines.iter().any(|line| line.word == word) {
                let href = (self.blueprint)(&name).unwrap_or_else(|| "/blueprints".to_owned());
                lines.push(self.line(word, self.w().todo_flow(&name), href, is_here));
            }
        }
        lines
    }

    /// A handover that nobody is told of.
    fn staff(&self) -> Option<Todo> {
        let tells = |kind: &NodeKind| match kind {
            NodeKind::Handover(handover) => handover.notify.is_some(),
            NodeKind::Notify(_) => true,
            _ => false,
        };
        let handover = self.draft.nodes.iter().find(|node| matches!(node.kind, NodeKind::Handover(_)))?;
        if self.draft.nodes.iter().any(|node| tells(&node.kind)) {
            return None;
        }
        Some(self.by_hand("staff", self.w().todo_staff(), self.node(handover)))
    }

    /// Staff to whom nothing leads yet.
    fn unreached(&self) -> Vec<Todo> {
        let home = staff::home(&self.facts.settings);
        let reached = |to: &&str| match staff::read(to, home) {
            Some(Told::Web(_)) => true,
            Some(Told::Phone(_)) => self.facts.channel_for_numbers(None).is_some(),
            Some(Told::On { channel, .. }) => self.facts.channel_named(channel).is_some(),
            None => false,
        };
        let unreached = staff::told(self.draft).into_iter().filter(|to| !reached(to));
        unreached.map(|to| self.line(format!("reach.{to}"), self.w().todo_staff_reach(to), "/channels/new", false)).collect()
    }

    /// Templates that WhatsApp must approve, where there is such a channel or none at all yet.
    fn templates(&self) -> Option<Todo> {
        let real = || self.facts.channels.values().filter(|known| known.channel.kind != ChannelKind::Simulator);
        if real().next().is_some() && !real().any(|known| known.facts().abilities.window.is_some()) {
            return None;
        }
        let mut names = BTreeSet::new();
        let mut first = None;
        for node in &self.draft.nodes {
            if let NodeKind::Message(message) = &node.kind
                && let Some(WindowClosed::Template(template)) = &message.window_closed
            {
                names.insert(template.name.clone());
                first = first.or(Some(node));
            }
        }
        let names: Vec<String> = names.into_iter().collect();
        let line = self.by_hand("templates", self.w().todo_templates(names.len(), &self.w().list(&names)), self.node(first?));
        Some(Todo { help: self.w().todo_templates_help(), ..line })
    }
}

/// Addresses of names that belong to nobody, in the texts of a node.
fn invented(json: &Value, found: &mut BTreeSet<String>) {
    for text in strings(json) {
        let words = text.split(|c: char| c.is_whitespace() || "()<>\"".contains(c));
        let address = |word: &&str| word.starts_with("http") && INVENTED.iter().any(|name| word.contains(name));
        found.extend(words.filter(address).map(|word| word.trim_end_matches(['.', ',', ';']).to_owned()));
    }
}

/// Every text in a piece of JSON.
fn strings(json: &Value) -> Vec<&str> {
    match json {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Whether a text has these words, and not as a part of others: "9" does not stand in "19:30".
fn stands_in(text: &str, words: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let words = words.trim_end_matches('.');
    text.match_indices(words)
        .any(|(at, found)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + found.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::stands_in;

    #[test]
    fn a_default_stands_in_a_text_as_words_of_its_own() {
        assert!(stands_in("Siamo aperti 9-13.", "9-13") && stands_in("La Bottega: ciao", "La Bottega"));
        assert!(!stands_in("Alle 19:30", "9") && !stands_in("La Bottegaia", "La Bottega"));
    }
}
