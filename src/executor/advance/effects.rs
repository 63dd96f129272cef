//! What a step wants done becomes rows, or enters and ends other runs of the same contact.

use super::super::desk::{Desk, Signal};
use super::super::receive::contact_of;
use super::super::refusal::Refusal;
use super::enter::{Start, enter_within};
use super::letters::{Letter, send};
use super::{Budget, happen_within, stop};
use crate::base::address::Address;
use crate::base::time::Time;
use crate::engine::calendar;
use crate::model::action::ActionId;
use crate::model::contact::Contact;
use crate::model::effect::{Content, Effect, EffectId};
use crate::model::event::Event;
use crate::model::message::Author;
use crate::model::node::{FlowRef, LaunchMode};
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use crate::model::run::{Origin, Phase, Run, StartOutcome};
use crate::model::value::Values;
use crate::store::{history, outbox, runs};

pub(super) fn perform(
    desk: &mut Desk,
    run: &Run,
    contact: &Contact,
    source: EffectId,
    effect: Effect,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    match effect {
        Effect::Send { action, content, live } => {
            let class = match (live, budget.bulk) {
                (true, _) => Class::Live,
                (false, true) => Class::Broadcast,
                (false, false) => Class::FollowUp,
            };
            let due = if live { desk.now } else { quiet_end(desk, contact) };
            let author = Author::Run { run: run.id, action };
            let letter = Letter { channel: run.channel, source: Source::Effect(source), author, content, class, due };
            send(desk, contact, letter).map(|_| ())
        }
        Effect::Call { armed, call, .. } => {
            let row = OutboxRow {
                id: desk.mint()?,
                contact: contact.id,
                channel: run.channel,
                source: Source::Effect(source),
                expires: call.until,
                load: Load::Call { armed, call },
                state: OutboxState::Ready { due: desk.now },
                attempts: 0,
                class: Class::Live,
                created: desk.now,
                maybe_double: false,
            };
            if outbox::insert(&mut desk.work, &row)? {
                desk.signal(Signal::Outbox(row.id));
            }
            Ok(())
        }
        Effect::Launch { flow, mode, variables, .. } => launch(desk, run, &flow, mode, variables, budget),
        Effect::Stop { flow } => stop_others(desk, run, flow.as_ref()),
        Effect::Notify { action, text, to } => notify(desk, run, source, action, &text, &to),
        Effect::Record(done) => Ok(history::append(&mut desk.work, run.id, &done)?),
        Effect::Return { to, variables } => {
            let Some(caller) = runs::get(&desk.work, to)? else { return Ok(()) };
            let Phase::Called { armed, .. } = caller.phase else { return Ok(()) };
            happen_within(desk, to, &Event::ChildEnded { armed, variables }, budget)
        }
    }
}

/// Now, or the end of the quiet hours that now falls into.
fn quiet_end(desk: &Desk, contact: &Contact) -> Time {
    calendar::quiet_end(&desk.facts.settings, contact.zone, desk.now)
}

fn launch(desk: &mut Desk, run: &Run, flow: &FlowRef, mode: LaunchMode, variables: Values, budget: &mut Budget) -> Result<(), Refusal> {
    let target = match flow {
        FlowRef::Id(id) => Some(*id).filter(|id| desk.facts.names.contains_key(id)),
        FlowRef::Name(name) => desk.facts.flow_named(name),
    };
    let started = match target {
        None => None,
        Some(flow) => Some(enter_within(
            desk,
            Start {
                flow,
                contact: run.contact,
                channel: run.channel,
                origin: Origin::Launch(run.id),
                variables,
                heard: run.heard.clone(),
                depth: run.depth.saturating_add(1),
                caller: (mode == LaunchMode::Call).then_some(run.id),
            },
            budget,
        )?),
    };
    let began = started.is_some_and(|started| matches!(started.outcome, StartOutcome::Started | StartOutcome::Restarted));
    match &runs::get(&desk.work, run.id)? {
        Some(Run { phase: Phase::Called { armed, .. }, .. }) if !began && mode == LaunchMode::Call => {
            happen_within(desk, run.id, &Event::ChildEnded { armed: *armed, variables: Values::new() }, budget)
        }
        _ => Ok(()),
    }
}

fn stop_others(desk: &mut Desk, run: &Run, flow: Option<&FlowRef>) -> Result<(), Refusal> {
    let wanted = match flow {
        None => None,
        Some(FlowRef::Id(id)) => Some(*id),
        Some(FlowRef::Name(name)) => match desk.facts.flow_named(name) {
            None => return Ok(()),
            found => found,
        },
    };
    for other in runs::live_of_contact(&desk.work, run.contact)? {
        if other.id != run.id && wanted.is_none_or(|flow| flow == other.flow) {
            stop(desk, &other, "Another automation stopped it.")?;
        }
    }
    Ok(())
}

/// Tells staff on a channel, written as `channel name: address`. What cannot be told is kept in the run's history by the engine.
fn notify(desk: &mut Desk, run: &Run, source: EffectId, action: ActionId, text: &str, to: &str) -> Result<(), Refusal> {
    let Some((channel, address)) = to.split_once(':') else { return Ok(()) };
    let found = desk.facts.channels.values().find(|connection| connection.channel.name == channel.trim()).cloned();
    let Some(connection) = found else { return Ok(()) };
    let address = Address::new(connection.channel.kind, address);
    let staff = contact_of(desk, &[address], None)?;
    let content = Content { text: text.to_owned(), ..Content::default() };
    let letter = Letter {
        channel: connection.channel.id,
        source: Source::Effect(source),
        author: Author::Run { run: run.id, action },
        content,
        class: Class::FollowUp,
        due: desk.now,
    };
    send(desk, &staff, letter).map(|_| ())
}
