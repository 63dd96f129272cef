//! Lines: a wait and the message it leads to are one action for people, named by the message. Which line a run stands at.

use crate::model::action::ActionId;
use crate::model::flow::Flow;
use crate::model::node::{MessageNode, Node, NodeId, NodeKind};
use crate::model::run::{Phase, Run};
use std::collections::BTreeSet;

/// The message a wait leads to when its time is up, if it leads to one.
pub fn message_after<'f>(flow: &'f Flow, wait: &Node) -> Option<(&'f Node, &'f MessageNode)> {
    let node = flow.node(wait.exit("elapsed")?)?;
    match &node.kind {
        NodeKind::Message(message) => Some((node, message)),
        _ => None,
    }
}

/// The action a node's next visit will be.
pub fn next_visit(run: &Run, node: &NodeId) -> ActionId {
    ActionId { node: node.clone(), visit: run.visits.get(node).copied().unwrap_or(0).saturating_add(1) }
}

/// The line of a wait: the message's next visit where it leads to one, its own visit otherwise.
pub fn of_wait(flow: &Flow, run: &Run, node: &Node, action: &ActionId) -> ActionId {
    message_after(flow, node).map_or_else(|| action.clone(), |(message, _)| next_visit(run, &message.id))
}

/// The visit at which a run stands; none when it is over.
pub fn standing(run: &Run) -> Option<ActionId> {
    match &run.phase {
        Phase::Ready(node) => Some(next_visit(run, node)),
        Phase::Waiting(waiting) => Some(waiting.action.clone()),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(action.clone()),
        Phase::Over => None,
    }
}

/// The line at which a run stands: what is pending. None when it is over.
pub fn pending(flow: &Flow, run: &Run) -> Option<ActionId> {
    let action = standing(run)?;
    Some(line_of(flow, run, action))
}

/// The line an action belongs to: a wait's own name means the line it shares with its message, as long as the run stands there.
pub fn line_of(flow: &Flow, run: &Run, action: ActionId) -> ActionId {
    match flow.node(&action.node) {
        Some(node) if matches!(node.kind, NodeKind::Wait(_)) && standing(run).as_ref() == Some(&action) => {
            of_wait(flow, run, node, &action)
        }
        _ => action,
    }
}

/// Whether a node may still be reached: by the exits of where the run stands, or by a button or row of a message it has sent.
pub fn lies_ahead(flow: &Flow, run: &Run, wanted: &NodeId) -> bool {
    let mut open: Vec<&NodeId> = match &run.phase {
        Phase::Ready(node) => vec![node],
        _ => Vec::new(),
    };
    open.extend(run.node().and_then(|node| flow.node(node)).into_iter().flat_map(|node| node.exits.values().flatten()));
    for node in run.visits.keys().filter_map(|node| flow.node(node)) {
        if let NodeKind::Message(message) = &node.kind {
            open.extend(message.choices().filter_map(|(choice, _)| node.exit(choice)));
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == wanted {
            return true;
        }
        if seen.insert(id) {
            open.extend(flow.node(id).into_iter().flat_map(|node| node.exits.values().flatten()));
        }
    }
    false
}
