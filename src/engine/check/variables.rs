//! Variables in texts and rules: each can be read, and somebody sets it.

use super::Context;
use super::value::{is_value_name, is_variable};
use crate::model::flow::Flow;
use crate::model::node::{Api, Body, LaunchMode, MessageNode, Node, NodeKind, Rule, Text, WindowClosed};
use crate::model::problem::{Fault, Problem};
use crate::model::secret_name;
use crate::model::value::Value;
use std::collections::BTreeSet;

/// Where every call leaves the status of its answer.
const CALL_STATUS: &str = "run.http_status";

pub(super) fn check(flow: &Flow, context: &Context<'_>) -> Vec<Problem> {
    let set = set_by(flow);
    let mut problems = Vec::new();
    for node in &flow.nodes {
        let mut names: BTreeSet<String> = rule_values(node).into_iter().filter(|name| is_variable(name)).collect();
        for text in texts(node) {
            match (context.names_in)(text) {
                Ok(found) => names.extend(found),
                Err(reason) => problems.push(Problem::at(&node.id, Fault::BadTemplate(shortened(text), reason))),
            }
        }
        if matches!(node.kind, NodeKind::Api(_)) {
            names.retain(|name| secret_name::named(name).is_none());
        }
        let unset = names.into_iter().filter(|name| !is_set(name, flow, set.as_ref()));
        problems.extend(unset.map(|name| Problem::at(&node.id, Fault::NeverSet(name))));
    }
    problems
}

fn is_set(name: &str, flow: &Flow, set: Option<&BTreeSet<&str>>) -> bool {
    if let Some(blank) = name.strip_prefix("ask.") {
        return flow.questions.iter().any(|question| question.id == blank);
    }
    if is_variable(name) { set.is_none_or(|set| set.contains(name)) } else { is_value_name(name) }
}

/// The variables that this flow itself sets. `None` where others may bring any: whoever starts a flow that has no trigger, and a
/// flow that was called.
fn set_by(flow: &Flow) -> Option<BTreeSet<&str>> {
    let mut set = BTreeSet::new();
    for node in &flow.nodes {
        match &node.kind {
            NodeKind::Wait(wait) => {
                // A call to the start address that ends a wait may bring variables of its own.
                if wait.met.as_ref().is_some_and(|met| met.callback) {
                    return None;
                }
                set.extend(wait.reply.iter().filter_map(|reply| reply.save.as_deref()));
            }
            NodeKind::Save(save) => {
                set.extend(save.set.iter().map(|set| set.field.as_str()));
                set.extend(save.increment.iter().map(|grown| grown.field.as_str()));
            }
            NodeKind::Api(api) => {
                set.insert(CALL_STATUS);
                set.extend(api.save.iter().map(|save| save.to.as_str()));
            }
            NodeKind::Handover(handover) => set.extend(handover.save.as_deref()),
            NodeKind::Launch(launch) if launch.mode == Some(LaunchMode::Call) => return None,
            _ => {}
        }
    }
    flow.nodes.iter().any(|node| node.kind.is_trigger()).then_some(set)
}

fn shortened(text: &str) -> String {
    let from = text.find("{{").unwrap_or(0);
    let mut piece: String = text[from..].chars().take(40).collect();
    if piece.len() < text[from..].len() {
        piece.push('…');
    }
    piece
}

/// The values that the rules of a node look at.
fn rule_values(node: &Node) -> Vec<String> {
    match &node.kind {
        NodeKind::Condition(condition) => {
            let rules = condition.branches.iter().flat_map(|branch| branch.all.iter().chain(&branch.any).flatten());
            rules.map(|rule: &Rule| rule.value.clone()).collect()
        }
        NodeKind::Wait(wait) => {
            let until = wait.until.iter().filter_map(|until| until.value.clone());
            until.chain(wait.met.iter().filter_map(|met| met.field.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// Every text of a node in which variables are filled.
fn texts(node: &Node) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    match &node.kind {
        NodeKind::Message(message) => of_message(message, &mut texts),
        NodeKind::Wait(wait) => {
            let retries = wait.reply.iter().filter_map(|reply| reply.retry.as_ref());
            texts.extend(retries.flat_map(|retry| retry.text.all()));
            wait.met.iter().filter_map(|met| met.to.as_ref()).for_each(|to| of_value(to, &mut texts));
        }
        NodeKind::Save(save) => {
            save.set.iter().for_each(|set| of_value(&set.to, &mut texts));
            texts.extend(save.add_tags.iter().chain(&save.remove_tags).map(String::as_str));
            texts.extend(save.language.as_deref());
        }
        NodeKind::Handover(handover) => texts.extend(handover.notify.as_deref()),
        NodeKind::Condition(condition) => {
            let rules = condition.branches.iter().flat_map(|branch| branch.all.iter().chain(&branch.any).flatten());
            rules.filter_map(|rule| rule.to.as_ref()).for_each(|to| of_value(to, &mut texts));
        }
        NodeKind::Api(api) => of_api(api, &mut texts),
        NodeKind::Launch(launch) => launch.variables.values().for_each(|value| of_value(value, &mut texts)),
        NodeKind::Notify(notify) => {
            texts.extend(notify.text.all());
            texts.push(&notify.to);
        }
        _ => {}
    }
    texts
}

fn of_message<'n>(message: &'n MessageNode, texts: &mut Vec<&'n str>) {
    let mut add = |text: &'n Text| texts.extend(text.all());
    add(&message.text);
    message.alternatives.iter().for_each(&mut add);
    message.choices().for_each(|(_, title)| add(title));
    if let Some(list) = &message.list {
        add(&list.button);
        list.sections.iter().filter_map(|section| section.title.as_ref()).for_each(&mut add);
        list.sections.iter().flat_map(|section| &section.rows).filter_map(|row| row.description.as_ref()).for_each(&mut add);
    }
    message.attachments.iter().filter_map(|attachment| attachment.caption.as_ref()).for_each(&mut add);
    texts.extend(message.attachments.iter().filter_map(|attachment| attachment.url.as_deref()));
    texts.extend(message.location.iter().flat_map(|place| place.name.iter().chain(&place.address)).map(String::as_str));
    texts.extend(message.contact_card.iter().flat_map(|card| [card.name.as_str(), card.phone.as_str()]));
    if let Some(WindowClosed::Template(template)) = &message.window_closed {
        texts.extend(template.parameters.iter().map(String::as_str));
    }
}

fn of_value<'n>(value: &'n Value, texts: &mut Vec<&'n str>) {
    match value {
        Value::Text(text) => texts.push(text),
        Value::List(items) => items.iter().for_each(|item| of_value(item, texts)),
        Value::Number(_) | Value::Bool(_) => {}
    }
}

fn of_api<'n>(api: &'n Api, texts: &mut Vec<&'n str>) {
    texts.push(&api.url);
    texts.extend(api.headers.values().chain(api.query.values()).map(String::as_str));
    match &api.body {
        Some(Body::Json(json)) => of_json(json, texts),
        Some(Body::Form(fields)) => texts.extend(fields.values().map(String::as_str)),
        Some(Body::Raw(text)) => texts.push(text),
        None => {}
    }
}

fn of_json<'n>(json: &'n serde_json::Value, texts: &mut Vec<&'n str>) {
    match json {
        serde_json::Value::String(text) => texts.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| of_json(item, texts)),
        serde_json::Value::Object(members) => members.values().for_each(|member| of_json(member, texts)),
        _ => {}
    }
}
