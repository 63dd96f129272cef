//! What is wrong with a flow, or surprising in it, when it is saved. What reading alone can find is `model::document`'s; nothing is
//! mended here.

mod branch;
mod call;
mod graph;
mod launch;
mod message;
mod shape;
mod staff;
#[cfg(test)]
mod tests;
mod trigger;
mod value;
mod variables;
mod wait;

use crate::base::id::{ChannelId, FlowId};
use crate::engine::keyword::identity;
use crate::engine::needs;
use crate::model::flow::Flow;
use crate::model::node::{MatchMode, Node, NodeKind};
use crate::model::problem::{Fault, Problem};
use std::collections::{BTreeMap, HashMap};

pub use value::{is_value_name, is_writable};

/// What a check must know beyond the flow itself.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The flow, where it was saved or at least kept before: its own name and phrases are not in its way.
    pub own: Option<FlowId>,
    /// The names of all flows that are not in the bin.
    pub flows: &'a BTreeMap<FlowId, String>,
    /// The phrases of the saved versions of all of them, enabled or not: see `phrases_of`.
    pub phrases: &'a [OwnedPhrase],
    /// The channels and their names.
    pub channels: &'a [(ChannelId, String)],
    /// Whether some channel allows free text only for a time after the contact's last message.
    pub windowed: bool,
    /// Whether a file of this id is kept here.
    pub has_file: &'a dyn Fn(&str) -> bool,
    /// Whether there is a segment of this name.
    pub has_segment: &'a dyn Fn(&str) -> bool,
    /// The country code of numbers that are written without one: see `engine::staff::home`.
    pub home: Option<&'a str>,
    /// Whole messages that unsubscribe.
    pub stop_words: &'a [String],
    /// The names of the variables in a text, or why it cannot be read.
    pub names_in: &'a dyn Fn(&str) -> Result<Vec<String>, String>,
}

impl Context<'_> {
    /// Channels by their ids, where a name or id is known, so that one channel named two ways is one.
    fn channels_named(&self, names: &[String]) -> Vec<String> {
        let known = |name: &String| self.channels.iter().find(|(id, other)| id.to_string() == *name || other == name);
        names.iter().map(|name| known(name).map_or_else(|| name.clone(), |(id, _)| id.to_string())).collect()
    }
}

/// A phrase that a saved version of a flow has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedPhrase {
    /// The phrase as compared: see `keyword::identity`.
    pub identity: String,
    /// How it is compared.
    pub mode: MatchMode,
    /// The channels it is for; none is all.
    pub channels: Vec<String>,
    /// Whose it is.
    pub flow: FlowId,
    /// What that flow is called.
    pub name: String,
}

/// The phrases of a saved version, as `Context` wants them.
pub fn phrases_of(id: FlowId, flow: &Flow) -> Vec<OwnedPhrase> {
    let keywords = flow.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Keyword(keyword) => Some(keyword),
        _ => None,
    });
    let owned = keywords.flat_map(|keyword| keyword.phrases.iter().map(move |phrase| (keyword, phrase)));
    owned
        .map(|(keyword, phrase)| OwnedPhrase {
            identity: identity(phrase),
            mode: phrase.r#match,
            channels: keyword.channels.clone(),
            flow: id,
            name: flow.name.clone(),
        })
        .collect()
}

/// Every problem of a flow: those of the flow itself first, then node by node in their order, errors before warnings.
pub fn check(flow: &Flow, context: &Context<'_>) -> Vec<Problem> {
    let mut problems = shape::check(flow, context);
    problems.extend(trigger::twice(flow, context));
    for node in &flow.nodes {
        problems.extend(faults(node, flow, context).into_iter().map(|fault| Problem::at(&node.id, fault)));
        problems.extend(needs::exposed(&node.kind).into_iter().map(|place| Problem::at(&node.id, Fault::LooksSecret(place))));
    }
    problems.extend(variables::check(flow, context));
    problems.extend(graph::check(flow, context));
    problems.extend(message::opt_out_hint(flow, context));
    let places: HashMap<_, _> = flow.nodes.iter().zip(1usize..).map(|(node, place)| (&node.id, place)).collect();
    problems.sort_by_key(|problem| {
        let place = problem.node.as_ref().map_or(0, |node| places.get(node).copied().unwrap_or(usize::MAX));
        (place, problem.fault.severity())
    });
    problems
}

/// What is wrong with one node by itself.
fn faults(node: &Node, flow: &Flow, context: &Context<'_>) -> Vec<Fault> {
    match &node.kind {
        NodeKind::Keyword(keyword) => trigger::keyword(keyword, context),
        NodeKind::Event(event) => trigger::event(event, context),
        NodeKind::Message(message) => message::check(message, context),
        NodeKind::Wait(wait) => wait::check(wait, node, flow),
        NodeKind::Condition(condition) => branch::condition(condition),
        NodeKind::Split(split) => branch::split(split),
        NodeKind::Save(save) => value::save(save),
        NodeKind::Api(api) => call::check(api),
        NodeKind::Launch(launch) => launch::check(launch, flow, context),
        NodeKind::Handover(handover) => staff::handover(handover, context),
        NodeKind::Notify(notify) => staff::notify(notify, context),
        NodeKind::Note(_) | NodeKind::End(_) => Vec::new(),
    }
}
