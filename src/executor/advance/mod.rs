//! Runs move here: an event meets a run, the engine decides, and its effects become rows in the same commit.

mod changes;
mod count;
mod effects;
mod enter;
mod letters;
mod obstacle;
mod reach;
mod wall;

pub use effects::NOBODY_WAITS;

pub use changes::{Cause, arm_dates, arm_dates_since, contact_changed, has_dates, is_open, note_failure};
pub use count::{came_back, day_of};
pub use enter::{Start, Started, enter, enter_in_bulk, key_of, would_enter_as};
pub use letters::{Letter, call_off, fail_message, send};
pub use obstacle::{OPERATOR_SILENCE, Obstacle, Why, end_handover, fire, obstacle, person_spoke, wake_contact, wake_run};
pub use reach::{channel_for, channel_reaching, reaches};
pub use wall::keep_to_the_wall;

use obstacle::{keep_for_later, look_when_free};

use super::desk::{Desk, Signal};
use super::facts::Facts;
use super::refusal::Refusal;
use crate::base::id::{ChannelId, RunId};
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::Time;
use crate::engine;
use crate::model::action::{Action, Verb};
use crate::model::contact::{ConsentState, Contact, Silence};
use crate::model::effect::{Effect, EffectId};
use crate::model::event::Event;
use crate::model::flow::Flow;
use crate::model::node::{NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::run::{EndedAs, Phase, Run, RunState, WaitingFor};
use crate::model::world::World;
use crate::store::{Read, contacts, runs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one event from outside may still cause, launched runs included.
#[derive(Debug)]
struct Budget {
    /// Steps.
    steps: u32,
    /// Whether it is one of many: what it says goes behind everything else.
    bulk: bool,
}

impl Budget {
    const fn new(steps: u32) -> Budget {
        Budget { steps, bulk: false }
    }
}

/// Lets an event happen to a run. A run that is over or gone takes none, and that is no error.
pub fn happen(desk: &mut Desk, run: RunId, event: &Event) -> Result<(), Refusal> {
    happen_within(desk, run, event, &mut Budget::new(STEPS_PER_EVENT_MAX))
}

/// Ends a run for a reason in words; nothing of it goes out any more.
pub fn stop(desk: &mut Desk, run: &Run, reason: &str) -> Result<(), Refusal> {
    let verb = Verb::Stop(reason.to_owned());
    happen(desk, run.id, &Event::Verb(verb, By::System))
}

fn happen_within(desk: &mut Desk, id: RunId, event: &Event, budget: &mut Budget) -> Result<(), Refusal> {
    let Some(run) = runs::get(&desk.work, id)? else { return Ok(()) };
    if run.is_over() {
        return Ok(());
    }
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(()) };
    let flow = desk.facts.clone().flow(&desk.work, run.flow, run.version)?;
    if let Some(obstacle) = obstacle(&desk.work, &desk.facts, &run, &contact, desk.now)? {
        if engine::awaits(&flow, &run, event) {
            return keep_for_later(desk, run, event.clone(), obstacle);
        }
        if *event == Event::ContactChanged && obstacle::put_by(desk, &run, obstacle)? {
            return Ok(());
        }
    }
    let world = world(&desk.work, &desk.facts, &contact, run.channel, budget.steps)?;
    match engine::step(&world, &flow, &run, &contact, event, desk.now) {
        Ok(step) => settle(desk, &run, &contact, step, budget),
        Err(error) => Err(Refusal::Conflict(error.to_string())),
    }
}

/// What a step on this channel may know beside the run and the contact.
pub fn world(read: &impl Read, facts: &Facts, contact: &Contact, channel: ChannelId, steps_left: u32) -> Result<World, Refusal> {
    let inside = runs::live_of_contact(read, contact.id)?.into_iter().map(|run| run.flow).collect();
    Ok(World {
        settings: facts.settings.clone(),
        channel: facts.channel(channel)?.facts(),
        flows: facts.names.clone(),
        inside,
        passages: contacts::passages(read, contact.id)?,
        steps_left,
    })
}

/// What a run will do, walked on by the same engine: the pending action first.
pub fn forecast(read: &impl Read, facts: &Facts, run: &Run, contact: &Contact, now: Time) -> Result<Vec<Action>, Refusal> {
    let flow = facts.flow(read, run.flow, run.version)?;
    let world = world(read, facts, contact, run.channel, STEPS_PER_EVENT_MAX)?;
    Ok(engine::forecast::forecast(&world, &flow, run, contact, now))
}

/// The first lines of what a run will do.
pub fn forecast_some(
    read: &impl Read,
    facts: &Facts,
    run: &Run,
    contact: &Contact,
    now: Time,
    most: usize,
) -> Result<Vec<Action>, Refusal> {
    let flow = facts.flow(read, run.flow, run.version)?;
    let world = world(read, facts, contact, run.channel, STEPS_PER_EVENT_MAX)?;
    Ok(engine::forecast::forecast_some(&world, &flow, run, contact, now, most))
}

/// Where the forecast of a run forks, and what would follow from each way out.
pub fn forks(read: &impl Read, facts: &Facts, run: &Run, contact: &Contact, now: Time) -> Result<Vec<engine::forecast::Fork>, Refusal> {
    let flow = facts.flow(read, run.flow, run.version)?;
    let world = world(read, facts, contact, run.channel, STEPS_PER_EVENT_MAX)?;
    Ok(engine::forecast::forks(&world, &flow, run, contact, now))
}

/// What a run will do, within a change.
pub fn actions_ahead(desk: &Desk, run: &Run) -> Result<Vec<Action>, Refusal> {
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(Vec::new()) };
    forecast(&desk.work, &desk.facts, run, &contact, desk.now)
}

fn settle(desk: &mut Desk, before: &Run, known: &Contact, step: engine::Step, budget: &mut Budget) -> Result<(), Refusal> {
    if step.run == *before && step.effects.is_empty() {
        return Ok(());
    }
    budget.steps = budget.steps.min(step.steps_left);
    count::passed(desk, before, &step)?;
    let mut run = step.run;
    desk.put_run(&run)?;
    keep_ways(desk, &run, step.ways)?;
    if !run.kept.is_empty() && run.state == RunState::Live {
        look_when_free(desk, &run, step.contact.silent_until(desk.now))?;
    }
    if step.contact != *known {
        contacts::put(&mut desk.work, &step.contact)?;
        desk.signal(Signal::Contact(known.id));
    }
    let rests = !run.is_over();
    for (index, effect) in step.effects.into_iter().enumerate() {
        // What it launched, or stopped, may have stopped it: then only what was done is told.
        if rests && !matches!(effect, Effect::Record(_)) && runs::get(&desk.work, run.id)?.is_none_or(|now| now.is_over()) {
            continue;
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let source = EffectId { run: run.id, sequence: before.sequence, index };
        effects::perform(desk, &mut run, &step.contact, source, effect, budget)?;
    }
    if let RunState::Ended { how, at, word } = &run.state {
        ended(desk, &run, *how, *at, word.as_deref())?;
    }
    if step.contact.handover != known.handover {
        obstacle::follow_handover(desk, &step.contact)?;
    }
    if known.silence(desk.now) == Some(Silence::Handover) && step.contact.silence(desk.now).is_none() {
        wake_contact(desk, known.id)?;
    }
    if step.contact.tags != known.tags || step.contact.fields != known.fields {
        tell_other_runs(desk, &run, budget)?;
    }
    let leaves = |contact: &Contact| contact.consent.state == ConsentState::OptedOut;
    if leaves(&step.contact) && !leaves(known) {
        for other in runs::live_of_contact(&desk.work, known.id)? {
            stop(desk, &other, "The contact unsubscribed.")?;
        }
    }
    // What a run does in its first breath lies deeper than what began it; after a rest the hourly guard watches.
    let depth = if before.sequence == 0 { run.depth.saturating_add(1) } else { 1 };
    changes::contact_changed_within(desk, known, &step.contact, Cause { channel: Some(run.channel), depth, bulk: budget.bulk }, budget)
}

/// What splits chose stays chosen for this contact.
fn keep_ways(desk: &mut Desk, run: &Run, ways: BTreeMap<NodeId, String>) -> Result<(), Refusal> {
    if ways.is_empty() {
        return Ok(());
    }
    let mut passage = contacts::passages(&desk.work, run.contact)?.remove(&run.flow).unwrap_or_default();
    passage.ways.extend(ways);
    Ok(contacts::put_passage(&mut desk.work, run.contact, run.flow, &passage)?)
}

fn ended(desk: &mut Desk, run: &Run, how: EndedAs, at: Time, word: Option<&str>) -> Result<(), Refusal> {
    let mut passage = contacts::passages(&desk.work, run.contact)?.remove(&run.flow).unwrap_or_default();
    passage.last_end = Some((at, how));
    contacts::put_passage(&mut desk.work, run.contact, run.flow, &passage)?;
    if how == EndedAs::Stopped {
        call_off(desk, run.contact, Some(run.id), word.unwrap_or("The automation was stopped."))?;
    }
    if how == EndedAs::Failed {
        note_failure(desk, run.flow, word.unwrap_or_default().to_owned())?;
    }
    Ok(())
}

/// The contact's tags or fields changed: runs that wait for such a thing, or leave at it, look again.
fn tell_other_runs(desk: &mut Desk, changed_by: &Run, budget: &mut Budget) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, changed_by.contact)? {
        if run.id != changed_by.id && budget.steps > 0 && listens(desk, &run)? {
            happen_within(desk, run.id, &Event::ContactChanged, budget)?;
        }
    }
    Ok(())
}

fn listens(desk: &Desk, run: &Run) -> Result<bool, Refusal> {
    let flow: Arc<Flow> = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let at_met = match &run.phase {
        Phase::Waiting(waiting) if waiting.what == WaitingFor::Window => true,
        Phase::Waiting(waiting) => {
            let node = flow.node(&waiting.action.node);
            matches!(node.map(|node| &node.kind), Some(NodeKind::Wait(wait)) if wait.met.is_some())
        }
        _ => false,
    };
    Ok(at_met || !flow.leave_when.is_empty())
}
