//! Launches: a flow is named, and it exists.

use super::Context;
use crate::model::flow::Flow;
use crate::model::node::{FlowRef, Launch};
use crate::model::problem::Fault;

pub(super) fn check(launch: &Launch, flow: &Flow, context: &Context<'_>) -> Vec<Fault> {
    if launch.flow.is_none() && launch.stop.is_none() {
        return vec![Fault::NoFlowToLaunch];
    }
    let everything = FlowRef::Name("all".to_owned());
    let named = launch.flow.iter().chain(launch.stop.iter().filter(|stop| **stop != everything));
    named.filter_map(|named| missing(named, flow, context)).chain(idle(launch)).collect()
}

/// What a launch that stops says of a beginning.
fn idle(launch: &Launch) -> impl Iterator<Item = Fault> {
    let members = [("flow", launch.flow.is_some()), ("mode", launch.mode.is_some()), ("variables", !launch.variables.is_empty())];
    let stops = launch.stop.is_some();
    members.into_iter().filter(move |(_, there)| stops && *there).map(|(member, _)| Fault::Idle { member, beside: "stop" })
}

fn missing(named: &FlowRef, flow: &Flow, context: &Context<'_>) -> Option<Fault> {
    let exists = match named {
        FlowRef::Name(name) if name.trim().is_empty() => return Some(Fault::NoFlowToLaunch),
        FlowRef::Name(name) => *name == flow.name || context.flows.values().any(|other| other == name),
        FlowRef::Id(id) => context.own == Some(*id) || context.flows.contains_key(id),
    };
    (!exists).then(|| Fault::FlowMissing(named.to_string()))
}
