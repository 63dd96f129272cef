//! The way through a flow: what is never reached, what goes round, what ends at a question, and what comes after the window.

use super::Context;
use crate::base::limits::WINDOW;
use crate::base::time::Span;
use crate::model::flow::Flow;
use crate::model::node::{LaunchMode, MessageNode, Node, NodeId, NodeKind};
use crate::model::problem::{Fault, Problem};
use std::collections::{HashMap, VecDeque};

pub(super) fn check(flow: &Flow, context: &Context<'_>) -> Vec<Problem> {
    let graph = Graph::new(flow);
    let mut problems = unreachable(&graph);
    problems.extend(loops(&graph));
    problems.extend(flow.nodes.iter().filter(|node| is_dead_end(node)).map(|node| Problem::at(&node.id, Fault::DeadEndAtQuestion)));
    if context.windowed {
        problems.extend(after_the_window(&graph));
    }
    problems
}

/// The nodes by their places, with the exits that lead to an existing node.
struct Graph<'f> {
    flow: &'f Flow,
    exits: Vec<Vec<(&'f str, usize)>>,
    /// Where a run may begin, triggers among them.
    roots: Vec<usize>,
}

impl<'f> Graph<'f> {
    fn new(flow: &'f Flow) -> Graph<'f> {
        let places: HashMap<&NodeId, usize> = flow.nodes.iter().zip(0..).map(|(node, place)| (&node.id, place)).collect();
        let lead = |node: &'f Node| {
            let leading = node.exits.iter().filter_map(|(exit, to)| Some((exit.as_str(), *places.get(to.as_ref()?)?)));
            leading.collect()
        };
        let triggers = flow.nodes.iter().zip(0..).filter(|(node, _)| node.kind.is_trigger()).map(|(_, place)| place);
        let start = flow.start.as_ref().and_then(|start| places.get(start).copied());
        Graph { flow, exits: flow.nodes.iter().map(lead).collect(), roots: triggers.chain(start).collect() }
    }

    fn node(&self, place: usize) -> &'f Node {
        &self.flow.nodes[place]
    }

    /// Every place that these lead to, themselves included, by the exits that `passes` lets through.
    fn reach(&self, from: impl IntoIterator<Item = usize>, passes: impl Fn(&Node, &str) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.exits.len()];
        let mut ahead: VecDeque<usize> = from.into_iter().collect();
        while let Some(place) = ahead.pop_front() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            let through = self.exits[place].iter().filter(|(exit, _)| passes(self.node(place), exit));
            ahead.extend(through.map(|(_, to)| *to));
        }
        seen
    }
}

fn unreachable(graph: &Graph<'_>) -> Vec<Problem> {
    // Without a start nothing is reached, and that is told already.
    if graph.roots.is_empty() {
        return Vec::new();
    }
    let seen = graph.reach(graph.roots.iter().copied(), |_, _| true);
    let missed = graph.flow.nodes.iter().zip(seen).filter(|(node, seen)| !seen && !matches!(node.kind, NodeKind::Note(_)));
    missed.map(|(node, _)| Problem::at(&node.id, Fault::Unreachable)).collect()
}

/// Whether a run goes on by this exit in the same breath. A press comes from the contact, later.
fn at_once(node: &Node, exit: &str) -> bool {
    match &node.kind {
        NodeKind::Wait(_) | NodeKind::Handover(_) => false,
        NodeKind::Launch(launch) => launch.flow.is_none() || launch.mode.unwrap_or_default() == LaunchMode::Continue,
        NodeKind::Message(_) => exit == "next",
        _ => true,
    }
}

/// Each circle without a wait, told at its first node.
fn loops(graph: &Graph<'_>) -> Vec<Problem> {
    let count = graph.exits.len();
    let after = |place: usize| {
        let through = graph.exits[place].iter().filter(|(exit, _)| at_once(graph.node(place), exit));
        graph.reach(through.map(|(_, to)| *to), at_once)
    };
    let reach: Vec<Vec<bool>> = (0..count).map(after).collect();
    let mut told = vec![false; count];
    let mut problems = Vec::new();
    for place in 0..count {
        if told[place] || !reach[place][place] {
            continue;
        }
        let circle: Vec<usize> = (0..count).filter(|other| reach[place][*other] && reach[*other][place]).collect();
        circle.iter().for_each(|other| told[*other] = true);
        let names: Vec<&str> = circle.iter().map(|other| label(graph.node(*other))).collect();
        problems.push(Problem::at(&graph.node(place).id, Fault::LoopWithoutWait(names.join(", "))));
    }
    problems
}

fn label(node: &Node) -> &str {
    node.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&node.id.0)
}

/// A question with buttons after which the run is over: nothing follows it, so that a press comes too late, or no press leads on.
fn is_dead_end(node: &Node) -> bool {
    let NodeKind::Message(message) = &node.kind else { return false };
    let mut choices = message.choices().peekable();
    choices.peek().is_some() && (node.exit("next").is_none() || choices.all(|(id, _)| node.exit(id).is_none()))
}

/// Free texts that can only come when the window of 24 hours has closed.
fn after_the_window(graph: &Graph<'_>) -> Vec<Problem> {
    let silence = silences(graph);
    let late = graph.flow.nodes.iter().zip(silence).filter(|(node, silence)| {
        let free = matches!(&node.kind, NodeKind::Message(MessageNode { window_closed: None, .. }));
        free && silence.is_some_and(|silence| silence >= WINDOW)
    });
    late.map(|(node, _)| Problem::at(&node.id, Fault::AfterTheWindow)).collect()
}

/// How long, at least, the contact has been silent when a node is reached; `None` where it is not reached. Shortest ways, found by
/// improving until nothing improves; an answer brings the silence back to nothing.
fn silences(graph: &Graph<'_>) -> Vec<Option<Span>> {
    let mut silence: Vec<Option<Span>> = vec![None; graph.exits.len()];
    let mut ahead: VecDeque<usize> = graph.roots.iter().copied().collect();
    graph.roots.iter().for_each(|root| silence[*root] = Some(Span(0)));
    while let Some(place) = ahead.pop_front() {
        let before = silence[place].unwrap_or_default();
        for (exit, to) in &graph.exits[place] {
            let then = added(graph.node(place), exit).map_or(Span(0), |added| Span(before.0.saturating_add(added.0)));
            if silence[*to].is_none_or(|known| then < known) {
                silence[*to] = Some(then);
                ahead.push_back(*to);
            }
        }
    }
    silence
}

/// How long, at least, it takes to leave by this exit; `None` where the contact spoke.
fn added(node: &Node, exit: &str) -> Option<Span> {
    match &node.kind {
        NodeKind::Wait(wait) => match exit {
            "replied" | "invalid" => None,
            "elapsed" => Some(wait.r#for.unwrap_or_default()),
            _ => Some(Span(0)),
        },
        NodeKind::Message(_) if exit != "next" => None,
        _ => Some(Span(0)),
    }
}
