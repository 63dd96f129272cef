//! What keeps a run from moving by itself, and how it goes on once that is gone.

use super::super::desk::{Desk, Signal};
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use super::{happen, listens};
use crate::base::id::{ContactId, RunId};
use crate::base::time::{Span, Time};
use crate::engine;
use crate::model::contact::{Contact, Handover, Silence};
use crate::model::event::Event;
use crate::model::run::{Phase, Run, RunState};
use crate::store::{Read, contacts, rounds, runs, timers};

/// How long flows keep silent after a person wrote to the contact, on the phone of the channel or in the panel.
pub const OPERATOR_SILENCE: Span = Span(60 * Span::MINUTE.0);

/// A timer came due. Its row goes; the run moves on, unless something stands in its way: then it waits for the end of that.
pub fn fire(desk: &mut Desk, due: Time, id: RunId, armed: u64) -> Result<(), Refusal> {
    if due > desk.now {
        // The group that it fell into began a moment before: it comes again, and its row stays.
        desk.signal(Signal::Timer { due, run: id, armed });
        return Ok(());
    }
    timers::del(&mut desk.work, id, (due, armed));
    let Some(run) = runs::get(&desk.work, id)? else { return Ok(()) };
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(()) };
    if run.kept.is_empty() && waits_for_person(&run) == Some(armed) {
        return match contact.silence(desk.now) {
            Some(Silence::Handover) => look_again(desk, &run, armed, contact.silent_until(desk.now)),
            _ => end_handover(desk, contact.id),
        };
    }
    let own = run.timer().is_some_and(|(_, sequence)| sequence == armed);
    // A timer that is not its own told a run to look again; to one that keeps nothing and listens for nothing it is a stale one.
    if run.is_over() || (!own && run.kept.is_empty() && !listens(desk, &run)?) {
        return Ok(());
    }
    match obstacle(&desk.work, &desk.facts, &run, &contact, desk.now)? {
        None if own && run.kept.is_empty() => happen(desk, id, &Event::Timer { armed }),
        None => wake_run(desk, run),
        Some(obstacle) => look_again(desk, &run, armed, obstacle.until),
    }
}

/// Keeps an event for a run that may not move now, until what stands in its way is gone.
pub(super) fn keep_for_later(desk: &mut Desk, mut run: Run, event: Event, obstacle: Obstacle) -> Result<(), Refusal> {
    run.kept.retain(|known| *known != event);
    run.kept.push(event);
    desk.put_run(&run)?;
    look_when_free(desk, &run, obstacle.until)
}

/// Lets a run that keeps something look again when it may move, if that is known.
pub(super) fn look_when_free(desk: &mut Desk, run: &Run, until: Option<Time>) -> Result<(), Refusal> {
    look_again(desk, run, run.sequence, until)
}

/// Lets a change of the contact wait until nothing stands in the run's way, and says whether it does. Where flows are only silent for
/// the contact the engine looks at it now: a run may leave without a word.
pub(super) fn put_by(desk: &mut Desk, run: &Run, obstacle: Obstacle) -> Result<bool, Refusal> {
    if listens(desk, run)? {
        look_again(desk, run, run.sequence, obstacle.until)?;
    }
    Ok(!matches!(obstacle.why, Why::Silence(_)))
}

/// Lets a run look again at a time, if there is one.
fn look_again(desk: &mut Desk, run: &Run, armed: u64, at: Option<Time>) -> Result<(), Refusal> {
    let Some(at) = at else { return Ok(()) };
    timers::put(&mut desk.work, run.id, (at, armed))?;
    desk.signal(Signal::Timer { due: at, run: run.id, armed });
    Ok(())
}

/// The sequence of a run that waits until a person hands back, at no set time.
fn waits_for_person(run: &Run) -> Option<u64> {
    match run.phase {
        Phase::Handover { until: None, armed, .. } if run.state == RunState::Live => Some(armed),
        _ => None,
    }
}

/// The handover of a contact got another end, or is over: runs that wait for a person at no set time look when that is so.
pub(super) fn follow_handover(desk: &mut Desk, contact: &Contact) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, contact.id)? {
        look_for_person(desk, &run, contact)?;
        if let Some(until) = contact.silent_until(desk.now) {
            look_at_the_end(desk, &run, until)?;
        }
    }
    Ok(())
}

/// A silence got an end: what fell due meanwhile, or was kept, and would have waited for a person to end it, looks then.
fn look_at_the_end(desk: &mut Desk, run: &Run, until: Time) -> Result<(), Refusal> {
    match run.timer() {
        _ if run.state != RunState::Live => Ok(()),
        Some((due, armed)) if due <= until => look_again(desk, run, armed, Some(until)),
        _ if !run.kept.is_empty() => look_again(desk, run, run.sequence, Some(until)),
        _ => Ok(()),
    }
}

/// A run that waits for a person at no set time looks when the contact's handover ends, or at once where there is none.
fn look_for_person(desk: &mut Desk, run: &Run, contact: &Contact) -> Result<(), Refusal> {
    let Some(armed) = waits_for_person(run).filter(|_| run.kept.is_empty()) else { return Ok(()) };
    let at = match contact.silence(desk.now) {
        Some(Silence::Handover) => contact.silent_until(desk.now),
        _ => Some(desk.now),
    };
    look_again(desk, run, armed, at)
}

/// A person wrote to the contact: flows keep silent for an hour from now, or for as long as they already had to.
pub fn person_spoke(desk: &mut Desk, contact: &mut Contact) -> Result<(), Refusal> {
    let end = desk.now + OPERATOR_SILENCE;
    let before = contact.handover;
    let until = before.and_then(|handover| handover.until).map_or(end, |until| until.max(end));
    contact.handover = Some(Handover { since: before.map_or(desk.now, |handover| handover.since), until: Some(until) });
    contacts::put(&mut desk.work, contact)?;
    desk.signal(Signal::Contact(contact.id));
    for run in runs::live_of_contact(&desk.work, contact.id)? {
        if let Some(armed) = waits_for_person(&run) {
            look_again(desk, &run, armed, Some(until))?;
        }
        look_at_the_end(desk, &run, until)?;
    }
    Ok(())
}

/// What keeps a run from moving by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What.
    pub why: Why,
    /// When it goes by itself; `None` where a person must act.
    pub until: Option<Time>,
}

/// What keeps a run from moving by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Everything is paused.
    Paused,
    /// Its flow is disabled, or was just enabled and those before it are still being let go on.
    FlowDisabled,
    /// Its contact is not to be written to by flows now.
    Silence(Silence),
}

/// What keeps this run from moving by itself now, if anything does.
pub fn obstacle(read: &impl Read, facts: &Facts, run: &Run, contact: &Contact, now: Time) -> Result<Option<Obstacle>, Refusal> {
    if facts.settings.paused {
        return Ok(Some(Obstacle { why: Why::Paused, until: None }));
    }
    if !facts.is_enabled(run.flow) || rounds::is_yet_to_wake(read, run)? {
        return Ok(Some(Obstacle { why: Why::FlowDisabled, until: None }));
    }
    if contact.silence(now).is_none() {
        return Ok(None);
    }
    let flow = facts.flow(read, run.flow, run.version)?;
    let silence = engine::silence(&flow, run, contact, now);
    let own = |silence: &Silence| *silence == Silence::Handover && matches!(run.phase, Phase::Handover { .. });
    let silence = silence.filter(|silence| !own(silence));
    Ok(silence.map(|silence| Obstacle { why: Why::Silence(silence), until: contact.silent_until(now) }))
}

/// Puts back the timers of a contact's runs after what stood in their way has gone, and reads what was kept meanwhile.
pub fn wake_contact(desk: &mut Desk, contact: ContactId) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, contact)? {
        wake_run(desk, run)?;
    }
    Ok(())
}

/// Puts back the timer of one run, reads what was kept for it meanwhile, and looks at what became of the contact.
pub fn wake_run(desk: &mut Desk, mut run: Run) -> Result<(), Refusal> {
    if let Some((due, armed)) = run.timer() {
        let due = due.max(desk.now);
        timers::put(&mut desk.work, run.id, (due, armed))?;
        desk.signal(Signal::Timer { due, run: run.id, armed });
    }
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(()) };
    look_for_person(desk, &run, &contact)?;
    if run.state != RunState::Live || (run.kept.is_empty() && !listens(desk, &run)?) {
        return Ok(());
    }
    if let Some(obstacle) = obstacle(&desk.work, &desk.facts, &run, &contact, desk.now)? {
        // In the change that ends a pause the facts still say paused: the look after it finds the way free.
        return look_when_free(desk, &run, Some(obstacle.until.unwrap_or(desk.now)));
    }
    if run.kept.is_empty() {
        return happen(desk, run.id, &Event::ContactChanged);
    }
    let kept = std::mem::take(&mut run.kept);
    desk.put_run(&run)?;
    kept.iter().try_for_each(|event| happen(desk, run.id, event))
}

/// The person hands the contact back: runs that waited for it go on, and what fell due meanwhile goes out.
pub fn end_handover(desk: &mut Desk, contact: ContactId) -> Result<(), Refusal> {
    let Some(mut record) = contacts::get(&desk.work, contact)? else { return Err(Refusal::NotFound("contact")) };
    record.handover = None;
    contacts::put(&mut desk.work, &record)?;
    desk.signal(Signal::Contact(contact));
    for run in runs::live_of_contact(&desk.work, contact)? {
        happen(desk, run.id, &Event::HandoverEnded)?;
    }
    wake_contact(desk, contact)
}
