//! One file per kind of node: what a visit does, and what follows when its waiting ends.

pub(super) mod api;
mod condition;
mod end;
mod event;
pub(super) mod handover;
mod keyword;
pub(super) mod launch;
pub(super) mod message;
mod note;
mod notify;
mod save;
mod split;
pub(super) mod wait;

use super::text;
use super::walk::{Outcome, Walk};
use crate::model::action::ActionId;
use crate::model::node::{Node, NodeKind, Rule};
use crate::model::value::Value;

/// Visits a node.
pub fn visit(walk: &mut Walk<'_>, node: &Node, action: &ActionId) -> Outcome {
    match &node.kind {
        NodeKind::Keyword(_) => keyword::visit(),
        NodeKind::Event(_) => event::visit(),
        NodeKind::Message(message) => message::visit(walk, message, action),
        NodeKind::Wait(wait) => wait::visit(walk, node, wait, action),
        NodeKind::Condition(condition) => condition::visit(walk, condition),
        NodeKind::Save(save) => save::visit(walk, save),
        NodeKind::Api(api) => api::visit(walk, api, action),
        NodeKind::Launch(launch) => launch::visit(walk, launch, action),
        NodeKind::Split(split) => split::visit(walk, node, split),
        NodeKind::Handover(handover) => handover::visit(walk, handover, action),
        NodeKind::Notify(notify) => notify::visit(walk, notify, action),
        NodeKind::Note(note) => note::visit(note),
        NodeKind::End(end) => end::visit(end),
    }
}

/// What a visit does, in words: the text a contact would get, or what else would be done.
pub fn words(walk: &Walk<'_>, node: &Node, action: &ActionId) -> String {
    match &node.kind {
        NodeKind::Message(message) => message::words(walk, message, action),
        NodeKind::Wait(wait) => wait::words(wait),
        NodeKind::Save(save) => save::words(walk, save),
        NodeKind::Api(api) => api::words(walk, api),
        NodeKind::Launch(launch) => launch::words(walk, launch),
        NodeKind::Handover(handover) => handover::words(handover),
        NodeKind::Notify(notify) => notify::words(walk, notify),
        NodeKind::Note(note) => note.text.clone(),
        NodeKind::End(end) => end.goal.clone().unwrap_or_default(),
        NodeKind::Keyword(_) | NodeKind::Event(_) | NodeKind::Condition(_) | NodeKind::Split(_) => String::new(),
    }
}

/// The exit by which a run goes on when a person skips a node: the one it takes when all goes as it should.
pub fn onward(node: &Node) -> String {
    let order: &[&str] = match &node.kind {
        NodeKind::Wait(_) => &["elapsed", "replied", "met"],
        NodeKind::Api(_) => &["ok"],
        NodeKind::Condition(_) => &["else"],
        _ => &["next"],
    };
    let wired = order.iter().find(|name| node.exit(name).is_some()).map(|name| (*name).to_owned());
    let first = || node.kind.exit_names().into_iter().find(|name| node.exit(name).is_some());
    wired.or_else(first).unwrap_or_else(|| order[0].to_owned())
}

/// The names whose values decide by which exit a visit leaves at once, or when.
pub fn depends(node: &Node) -> Vec<&str> {
    match &node.kind {
        NodeKind::Condition(condition) => condition
            .branches
            .iter()
            .flat_map(|branch| branch.all.iter().chain(&branch.any))
            .flatten()
            .flat_map(|rule| rule.to.as_ref().map(names_in).unwrap_or_default().into_iter().chain([rule.value.as_str()]))
            .collect(),
        NodeKind::Wait(wait) => wait.until.iter().filter_map(|until| until.value.as_deref()).collect(),
        _ => Vec::new(),
    }
}

fn names_in(value: &Value) -> Vec<&str> {
    match value {
        Value::Text(text) => text::names(text),
        Value::List(items) => items.iter().flat_map(names_in).collect(),
        _ => Vec::new(),
    }
}

/// A rule in words, as `contact.tags has won`.
pub fn rule_words(rule: &Rule) -> String {
    let op = serde_json::to_value(rule.op).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let to = rule.to.as_ref().map(|to| format!(" {to}")).unwrap_or_default();
    format!("{} {op}{to}", rule.value)
}
