//! Counting who came to each node and where they went, in the batch of the step that took them there.
//!
//! Whoever stands before a node that was not visited yet has arrived there too: so that arrived = exits + waiting + left, always.

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::engine::Step;
use crate::model::count::Counts;
use crate::model::node::NodeId;
use crate::model::run::{Origin, Phase, Run};
use crate::store::counters;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};

/// The number of the day that a time falls into, where the owner is.
pub fn day_of(zone: Zone, at: Time) -> u32 {
    u32::try_from(zone.date(at).num_days_from_ce()).unwrap_or(1)
}

/// A run began: it passed its trigger and stands before its first node.
pub(super) fn began(desk: &mut Desk, run: &Run) -> Result<(), Refusal> {
    let Phase::Ready(first) = &run.phase else { return Ok(()) };
    let mut more: BTreeMap<NodeId, Counts> = BTreeMap::new();
    if let Origin::Trigger(trigger) = &run.origin
        && trigger != first
    {
        let exits = BTreeMap::from([("next".to_owned(), 1)]);
        more.insert(trigger.clone(), Counts { arrived: 1, exits, ..Counts::default() });
    }
    more.entry(first.clone()).or_default().arrived += 1;
    write(desk, run, &more)
}

/// A run came back to where it stood after it had left: its stop was taken back.
pub fn came_back(desk: &mut Desk, run: &Run) -> Result<(), Refusal> {
    let Some(node) = run.node() else { return Ok(()) };
    let more = BTreeMap::from([(node.clone(), Counts { arrived: 1, ..Counts::default() })]);
    write(desk, run, &more)
}

/// What one step did to the counts of the nodes it touched.
pub(super) fn passed(desk: &mut Desk, before: &Run, step: &Step) -> Result<(), Refusal> {
    let after = &step.run;
    let mut more: BTreeMap<NodeId, Counts> = BTreeMap::new();
    for (node, exit) in &step.exits {
        *more.entry(node.clone()).or_default().exits.entry(exit.clone()).or_default() += 1;
    }
    if let Some((node, choice)) = &step.pressed {
        *more.entry(node.clone()).or_default().pressed.entry(choice.clone()).or_default() += 1;
    }
    for node in touched(before, after) {
        let counts = more.entry(node.clone()).or_default();
        counts.arrived = arrivals(before, after, &node);
        let there = counts.arrived + u64::from(before.node() == Some(&node));
        counts.left = there.saturating_sub(counts.went_on() + u64::from(after.node() == Some(&node)));
    }
    write(desk, after, &more)
}

/// The nodes where a visit began, or where the run stood or stands.
fn touched(before: &Run, after: &Run) -> BTreeSet<NodeId> {
    let visited = after.visits.iter().filter(|(node, visits)| before.visits.get(*node) != Some(*visits));
    visited.map(|(node, _)| node).chain(before.node()).chain(after.node()).cloned().collect()
}

/// How many times a node was reached. One that the run stood before had been reached already.
fn arrivals(before: &Run, after: &Run, node: &NodeId) -> u64 {
    let visits = |run: &Run| run.visits.get(node).copied().unwrap_or(0);
    let stands_before = |run: &Run| u64::from(matches!(&run.phase, Phase::Ready(ready) if ready == node));
    let began = u64::from(visits(after).saturating_sub(visits(before)));
    (began + stands_before(after)).saturating_sub(stands_before(before))
}

fn write(desk: &mut Desk, run: &Run, more: &BTreeMap<NodeId, Counts>) -> Result<(), Refusal> {
    let day = day_of(desk.facts.settings.time_zone, desk.now);
    for (node, counts) in more.iter().filter(|(_, counts)| !counts.is_empty()) {
        counters::add(&mut desk.work, run.flow, node, day, counts)?;
    }
    Ok(())
}
