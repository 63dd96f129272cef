//! Schedules: each occurrence becomes one broadcast for its segment, once, whatever ends of the program lie between.

use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use super::broadcasts::{self, Plan};
use crate::base::id::FlowId;
use crate::base::time::Time;
use crate::engine::keyword::Waking;
use crate::engine::occasions;
use crate::model::broadcast::Whom;
use crate::model::flow::Flow;
use crate::model::node::{EventKind, EventTrigger, NodeId, NodeKind};
use crate::model::run::Origin;
use crate::model::value::Values;
use crate::store::{Read, schedules, segments};

pub(super) fn is_due(read: &impl Read, facts: &Facts, now: Time) -> Result<bool, Refusal> {
    for waking in facts.triggers.on(EventKind::Schedule) {
        if schedules::last(read, waking.door.flow, &waking.door.trigger)?.is_none() || occurrence(read, facts, waking, now)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn turn(desk: &mut Desk) -> Result<(), Refusal> {
    let facts = desk.facts.clone();
    for waking in facts.triggers.on(EventKind::Schedule) {
        let (flow, trigger) = (waking.door.flow, &waking.door.trigger);
        if schedules::last(&desk.work, flow, trigger)?.is_none() {
            schedules::put(&mut desk.work, flow, trigger, desk.now)?;
        } else if let Some(at) = occurrence(&desk.work, &facts, waking, desk.now)? {
            schedules::put(&mut desk.work, flow, trigger, at)?;
            begin(desk, waking)?;
        }
    }
    Ok(())
}

/// The occurrence that is due and not begun, if there is one.
fn occurrence(read: &impl Read, facts: &Facts, waking: &Waking, now: Time) -> Result<Option<Time>, Refusal> {
    let Some(last) = schedules::last(read, waking.door.flow, &waking.door.trigger)? else { return Ok(None) };
    Ok(occasions::schedule_last(&waking.event, facts.settings.time_zone, last, now))
}

fn begin(desk: &mut Desk, waking: &Waking) -> Result<(), Refusal> {
    let name = waking.event.segment.clone().unwrap_or_default();
    let whom = match segments::get(&desk.work, name.trim())? {
        Some(segment) => Whom::Segment(segment),
        None => Whom::Tagged(name.trim().to_owned()),
    };
    let plan = Plan {
        flow: waking.door.flow,
        origin: Origin::Trigger(waking.door.trigger.clone()),
        channel: None,
        variables: Values::new(),
        per_minute: broadcasts::STARTS_PER_MINUTE,
    };
    broadcasts::make(desk, plan, whom, Vec::new()).map(drop)
}

/// Arms the schedules of a flow from now on: those that are new, or say something else than in the version before.
pub fn arm(desk: &mut Desk, flow: FlowId, before: Option<&Flow>, after: &Flow) -> Result<(), Refusal> {
    let known: Vec<_> = before.map(scheduled).unwrap_or_default();
    for (trigger, event) in scheduled(after) {
        if !known.contains(&(trigger, event)) {
            schedules::put(&mut desk.work, flow, trigger, desk.now)?;
        }
    }
    Ok(())
}

fn scheduled(flow: &Flow) -> Vec<(&NodeId, &EventTrigger)> {
    let events = flow.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Event(event) if event.on == EventKind::Schedule => Some((&node.id, event)),
        _ => None,
    });
    events.collect()
}
