//! The whole of a flow: its name, where it begins, and whether its exits lead somewhere.

use super::{Context, branch, value};
use crate::base::limits::TALKS_PER_FLOW_MAX;
use crate::model::flow::{Flow, Reentry};
use crate::model::node::{Node, NodeKind};
use crate::model::problem::{Fault, Problem};

pub(super) fn check(flow: &Flow, context: &Context<'_>) -> Vec<Problem> {
    let mut faults = start(flow);
    let taken = |(id, name): (_, &String)| Some(id) != context.own.as_ref() && *name == flow.name;
    if context.flows.iter().any(taken) {
        faults.push(Fault::NameTaken(flow.name.clone()));
    }
    if let Reentry::Parallel(name) = &flow.reentry
        && !value::tells_apart(name)
    {
        faults.push(Fault::ReentryKey(name.clone()));
    }
    if flow.talks.len() > TALKS_PER_FLOW_MAX {
        faults.push(Fault::TooManyTalks(flow.talks.len()));
    }
    faults.extend(branch::rules(&flow.leave_when));
    let whole = faults.into_iter().map(Problem::whole);
    whole.chain(flow.nodes.iter().flat_map(|node| exits(node, flow))).collect()
}

fn start(flow: &Flow) -> Vec<Fault> {
    match &flow.start {
        Some(start) => match flow.node(start) {
            None => vec![Fault::StartMissing(start.0.clone())],
            Some(node) if node.kind.is_trigger() => {
                vec![Fault::ExitToTrigger { exit: "start".to_owned(), to: start.0.clone() }]
            }
            Some(node) if is_note(node) => vec![Fault::ExitToNote { exit: "start".to_owned(), to: start.0.clone() }],
            Some(_) => Vec::new(),
        },
        None if flow.nodes.iter().any(|node| node.kind.is_trigger()) => Vec::new(),
        None => vec![Fault::NoStart],
    }
}

fn is_note(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Note(_))
}

/// An exit that leads nowhere is no fault, whatever its name: it is the same as one that is not written.
fn exits(node: &Node, flow: &Flow) -> Vec<Problem> {
    let names = node.kind.exit_names();
    let mut faults = Vec::new();
    for (exit, to) in node.exits.iter().filter_map(|(exit, to)| Some((exit, to.as_ref()?))) {
        if !names.contains(exit) {
            faults.push(Fault::UnknownExit(exit.clone()));
        }
        let (exit, to) = (exit.clone(), to.0.clone());
        match node.exit(&exit).and_then(|to| flow.node(to)) {
            None => faults.push(Fault::ExitToMissingNode { exit, to }),
            Some(target) if target.kind.is_trigger() => faults.push(Fault::ExitToTrigger { exit, to }),
            Some(target) if is_note(target) => faults.push(Fault::ExitToNote { exit, to }),
            Some(_) => {}
        }
    }
    if node.kind.is_trigger() && node.exit("next").is_none() {
        faults.push(Fault::TriggerToNowhere);
    }
    faults.into_iter().map(|fault| Problem::at(&node.id, fault)).collect()
}
