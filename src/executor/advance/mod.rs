//! Runs move here: an event meets a run, the engine decides, and its effects become rows in the same commit.

mod count;
mod effects;
mod enter;
mod letters;
mod obstacle;

pub use count::{came_back, day_of};
pub use enter::{Start, Started, enter};
pub use letters::{Letter, call_off, fail_message, send};
pub use obstacle::{OPERATOR_SILENCE, Obstacle, Why, end_handover, fire, obstacle, person_spoke, wake_contact, wake_run};

use super::desk::{Desk, Signal};
use super::facts::Facts;
use super::refusal::Refusal;
use crate::base::id::{ChannelId, RunId};
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::Time;
use crate::engine;
use crate::model::action::{Action, Verb};
use crate::model::contact::{Contact, Silence};
use crate::model::effect::EffectId;
use crate::model::event::Event;
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::operator::By;
use crate::model::run::{EndedAs, Phase, Run, RunState};
use crate::model::world::World;
use crate::store::{Read, contacts, flows, runs};
use std::sync::Arc;

/// The steps that one event from outside may still cause, launched runs included.
#[derive(Debug)]
struct Budget(u32);

/// Lets an event happen to a run. A run that is over or gone takes none, and that is no error.
pub fn happen(desk: &mut Desk, run: RunId, event: &Event) -> Result<(), Refusal> {
    happen_within(desk, run, event, &mut Budget(STEPS_PER_EVENT_MAX))
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
    if matches!(event, Event::CallEnded { .. } | Event::ChildEnded { .. }) && obstacle(&desk.facts, &run, &contact, desk.now).is_some() {
        return desk.put_run(&Run { kept: Some(Box::new(event.clone())), ..run });
    }
    let flow = desk.facts.clone().flow(&desk.work, run.flow, run.version)?;
    let world = world(&desk.work, &desk.facts, &contact, run.channel, budget.0)?;
    match engine::step(&world, &flow, &run, &contact, event, desk.now) {
        Ok(step) => settle(desk, &run, &contact, step, budget),
        Err(error) => Err(Refusal::Conflict(error.to_string())),
    }
}

fn world(read: &impl Read, facts: &Facts, contact: &Contact, channel: ChannelId, steps_left: u32) -> Result<World, Refusal> {
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

/// What a run will do, within a change.
pub fn actions_ahead(desk: &Desk, run: &Run) -> Result<Vec<Action>, Refusal> {
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(Vec::new()) };
    forecast(&desk.work, &desk.facts, run, &contact, desk.now)
}

fn settle(desk: &mut Desk, before: &Run, known: &Contact, step: engine::Step, budget: &mut Budget) -> Result<(), Refusal> {
    if step.run == *before && step.effects.is_empty() {
        return Ok(());
    }
    budget.0 = budget.0.min(step.steps_left);
    count::passed(desk, before, &step)?;
    let run = step.run;
    desk.put_run(&run)?;
    if step.contact != *known {
        contacts::put(&mut desk.work, &step.contact)?;
        desk.signal(Signal::Contact(known.id));
    }
    for (index, effect) in step.effects.into_iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let source = EffectId { run: run.id, sequence: before.sequence, index };
        effects::perform(desk, &run, &step.contact, source, effect, budget)?;
    }
    if let RunState::Ended { how, at, word } = &run.state {
        ended(desk, &run, *how, *at, word.as_deref())?;
    }
    if known.silence(desk.now) == Some(Silence::Handover) && step.contact.silence(desk.now).is_none() {
        wake_contact(desk, known.id)?;
    }
    if step.contact.tags != known.tags || step.contact.fields != known.fields {
        tell_other_runs(desk, &run, budget)?;
    }
    Ok(())
}

fn ended(desk: &mut Desk, run: &Run, how: EndedAs, at: Time, word: Option<&str>) -> Result<(), Refusal> {
    let mut passage = contacts::passages(&desk.work, run.contact)?.remove(&run.flow).unwrap_or_default();
    passage.last_end = Some((at, how));
    contacts::put_passage(&mut desk.work, run.contact, run.flow, &passage)?;
    if how == EndedAs::Stopped {
        call_off(desk, run.contact, Some(run.id), word.unwrap_or("The automation was stopped."))?;
    }
    if how == EndedAs::Failed
        && let Some(mut head) = flows::head(&desk.work, run.flow)?
    {
        head.last_error = Some((at, word.unwrap_or_default().to_owned()));
        flows::put_head(&mut desk.work, &head)?;
        desk.signal(Signal::Flow(run.flow));
    }
    Ok(())
}

/// The contact's tags or fields changed: runs that wait for such a thing, or leave at it, look again.
fn tell_other_runs(desk: &mut Desk, changed_by: &Run, budget: &mut Budget) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, changed_by.contact)? {
        if run.id != changed_by.id && budget.0 > 0 && listens(desk, &run)? {
            happen_within(desk, run.id, &Event::ContactChanged, budget)?;
        }
    }
    Ok(())
}

fn listens(desk: &Desk, run: &Run) -> Result<bool, Refusal> {
    let flow: Arc<Flow> = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let at_met = match &run.phase {
        Phase::Waiting(waiting) => {
            let node = flow.node(&waiting.action.node);
            matches!(node.map(|node| &node.kind), Some(NodeKind::Wait(wait)) if wait.met.is_some())
        }
        _ => false,
    };
    Ok(at_met || !flow.leave_when.is_empty())
}
