//! What a step wants done becomes rows, or enters and ends other runs of the same contact.

use super::super::caller::contact_of;
use super::super::desk::{Desk, Signal};
use super::super::refusal::Refusal;
use super::enter::{Start, enter_within, note_start};
use super::letters::{Letter, send};
use super::{Budget, happen_within, note_failure, stop};
use crate::base::address::Address;
use crate::base::id::RunId;
use crate::base::limits::{ATTEMPTS_MAX, CALL_TIMEOUT_MAX, TYPING_MAX};
use crate::base::time::{Span, Time};
use crate::engine::calendar;
use crate::engine::staff::{self, Told};
use crate::model::action::ActionId;
use crate::model::contact::Contact;
use crate::model::effect::{Call, CallBody, Content, Effect, EffectId};
use crate::model::event::Event;
use crate::model::message::Author;
use crate::model::node::{FlowRef, LaunchMode, Method};
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use crate::model::reason::Reason;
use crate::model::run::{EndedAs, Origin, Phase, Run, RunState, StartOutcome};
use crate::model::value::Values;
use crate::store::{history, outbox, runs};
use serde_json::json;

pub(super) fn perform(
    desk: &mut Desk,
    run: &mut Run,
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
            let typing = content.typing.unwrap_or_default().max(Span(0)).min(TYPING_MAX);
            let due = if live { desk.now } else { quiet_end(desk, contact) } + typing;
            let author = Author::Run { run: run.id, action };
            let letter = Letter { channel: run.channel, source: Source::Effect(source), author, content, class, due };
            send(desk, contact, letter).map(|_| ())
        }
        Effect::Call { armed, call, .. } => call_out(desk, run, contact, source, armed, call),
        Effect::Launch { action, flow, mode, variables, .. } => launch(desk, run, Launched { action, flow, mode, variables }, budget),
        Effect::Stop { flow } => stop_others(desk, run, flow.as_ref()),
        Effect::Notify { action, text, to } => notify(desk, Notice { run, contact, source, action, text: &text }, &to),
        Effect::Record(done) => Ok(history::append(&mut desk.work, run.id, &done)?),
        Effect::Return { to, variables } => {
            let Some(caller) = runs::get(&desk.work, to)? else { return Ok(()) };
            let Phase::Called { armed, .. } = caller.phase else { return Ok(()) };
            if called_another(desk, to, run.id)? {
                return Ok(());
            }
            happen_within(desk, to, &Event::ChildEnded { armed, variables }, budget)
        }
    }
}

/// Now, or the end of the quiet hours that now falls into.
fn quiet_end(desk: &Desk, contact: &Contact) -> Time {
    calendar::quiet_end(&desk.facts.settings, contact.zone, desk.now)
}

/// A flow that a node launches.
struct Launched {
    action: ActionId,
    flow: FlowRef,
    mode: LaunchMode,
    variables: Values,
}

/// Another flow begins for the same contact, if its rules let it; how that was answered stands in the run's history. Where it cannot
/// begin, a run that only called goes on, and one that wanted to go there has failed.
fn launch(desk: &mut Desk, run: &mut Run, launched: Launched, budget: &mut Budget) -> Result<(), Refusal> {
    let Launched { action, flow, mode, variables } = launched;
    let target = match &flow {
        FlowRef::Id(id) => Some(*id).filter(|id| desk.facts.names.contains_key(id)),
        FlowRef::Name(name) => desk.facts.flow_named(name),
    };
    let Some(target) = target else { return called_back(desk, run, mode, budget) };
    let start = Start {
        flow: target,
        contact: run.contact,
        channel: run.channel,
        origin: Origin::Launch(run.id),
        variables,
        heard: run.heard.clone(),
        depth: run.depth.saturating_add(1),
        caller: match mode {
            LaunchMode::Call => Some(run.id),
            // Who called this one waits for where it went.
            LaunchMode::Jump => run.caller,
            LaunchMode::Continue => None,
        },
    };
    let name = desk.facts.names.get(&target).cloned().unwrap_or_default();
    let started = enter_within(desk, start, budget)?;
    let began = matches!(started.outcome, StartOutcome::Started | StartOutcome::Restarted);
    let words = started.reason.unwrap_or_else(|| match started.outcome {
        StartOutcome::Restarted => Reason::LaunchBeganAgain { flow: name }.to_string(),
        _ => Reason::LaunchBegan { flow: name }.to_string(),
    });
    note_start(desk, run.id, action, started.outcome, words.clone())?;
    if started.outcome == StartOutcome::Blocked && mode == LaunchMode::Jump {
        run.state = RunState::Ended { how: EndedAs::Failed, at: desk.now, word: Some(words) };
        return desk.put_run(run);
    }
    if started.outcome == StartOutcome::Blocked {
        note_failure(desk, run.flow, words)?;
    }
    if began { Ok(()) } else { called_back(desk, run, mode, budget) }
}

/// Whether a run called another one after this: it waits for that, and no more for this one.
fn called_another(desk: &Desk, caller: RunId, called: RunId) -> Result<bool, Refusal> {
    let Some(run) = runs::get(&desk.work, called)? else { return Ok(false) };
    let later = runs::live_of_contact(&desk.work, run.contact)?.into_iter().any(|other| other.id > called && other.caller == Some(caller));
    Ok(later)
}

/// A run that called what did not begin has nothing to wait for.
fn called_back(desk: &mut Desk, run: &Run, mode: LaunchMode, budget: &mut Budget) -> Result<(), Refusal> {
    match &runs::get(&desk.work, run.id)? {
        Some(Run { phase: Phase::Called { armed, .. }, .. }) if mode == LaunchMode::Call => {
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

/// Hands a call to the outbox.
fn call_out(desk: &mut Desk, run: &Run, contact: &Contact, source: EffectId, armed: u64, call: Call) -> Result<(), Refusal> {
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

/// The sequence of a call that no run waits for.
pub const NOBODY_WAITS: u64 = u64::MAX;
/// How long a webhook of staff is tried.
const NOTICE_TRIED: Span = Span(15 * Span::MINUTE.0);

/// What staff are told, and by which run.
struct Notice<'n> {
    run: &'n Run,
    contact: &'n Contact,
    source: EffectId,
    action: ActionId,
    text: &'n str,
}

/// Tells staff: at the address of a webhook, on a channel written as `channel name: address`, or at a phone number on whichever channel
/// writes to numbers. Where there is no such way the owner is told at the flow.
fn notify(desk: &mut Desk, notice: Notice<'_>, to: &str) -> Result<(), Refusal> {
    let told = staff::read(to, staff::home(&desk.facts.settings));
    let found = match &told {
        Some(Told::Web(url)) => {
            let call = notice.call(desk.now, url);
            return call_out(desk, notice.run, notice.contact, notice.source, NOBODY_WAITS, call);
        }
        Some(Told::Phone(digits)) => desk.facts.channel_for_numbers(Some(notice.run.channel)).map(|known| (known, digits.as_str())),
        Some(Told::On { channel, address }) => desk.facts.channel_named(channel).map(|known| (known, *address)),
        None => None,
    };
    let Some((connection, address)) = found.map(|(known, address)| (known.clone(), Address::new(known.channel.kind, address))) else {
        let to = to.trim();
        let words = match told {
            Some(Told::Phone(_)) => {
                format!("Staff could not be told: no channel here writes to numbers, as {to} is one. Connect WhatsApp or SMS.")
            }
            _ => format!("Staff could not be told: \"{to}\" is neither a number, nor a channel with an address, nor a web address."),
        };
        return note_failure(desk, notice.run.flow, words);
    };
    let staff = contact_of(desk, &[address], None)?;
    let letter = Letter {
        channel: connection.channel.id,
        source: Source::Effect(notice.source),
        author: Author::Run { run: notice.run.id, action: notice.action },
        content: Content { text: notice.text.to_owned(), ..Content::default() },
        class: Class::FollowUp,
        due: desk.now,
    };
    send(desk, &staff, letter).map(|_| ())
}

impl Notice<'_> {
    fn call(&self, now: Time, url: &str) -> Call {
        let body =
            json!({"text": self.text, "contact": self.contact.id, "name": self.contact.name, "flow": self.run.flow, "run": self.run.id});
        let key = format!("notice-{}-{}-{}", self.source.run, self.source.sequence, self.source.index);
        Call {
            method: Method::Post,
            url: url.to_owned(),
            headers: [("Idempotency-Key".to_owned(), key)].into(),
            body: Some(CallBody { kind: "application/json".to_owned(), text: body.to_string() }),
            timeout: CALL_TIMEOUT_MAX,
            retries: ATTEMPTS_MAX,
            until: now + NOTICE_TRIED,
            safe_to_repeat: true,
        }
    }
}
