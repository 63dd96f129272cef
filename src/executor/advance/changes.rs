//! What follows from a change of a contact, in the same commit: its dates are armed anew, and flows begin that tags, fields and
//! permission set off. Whoever changes a contact, a node, a person, a program or the contact's own STOP, comes through here.

use super::super::desk::{Desk, Signal};
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use super::Budget;
use super::enter::{Start, enter_within};
use super::reach::channel_for;
use super::wall::follow_contact;
use crate::base::id::{ChannelId, FlowId};
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::{Span, Time};
use crate::engine::keyword::Door;
use crate::engine::occasions;
use crate::model::contact::{ConsentState, Contact};
use crate::model::node::EventKind;
use crate::model::run::Origin;
use crate::model::value::Values;
use crate::store::dates::Occasion;
use crate::store::{contacts, dates, flows};

/// Where a change of a contact comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cause {
    /// The channel on which it happened, where it did on one.
    pub channel: Option<ChannelId>,
    /// How deep in starts that follow from each other what begins now lies.
    pub depth: u8,
    /// Whether it is one of many: what begins now goes behind everything else.
    pub bulk: bool,
}

/// A contact was changed from `before` to `after`, and stored.
pub fn contact_changed(desk: &mut Desk, before: &Contact, after: &Contact, cause: Cause) -> Result<(), Refusal> {
    contact_changed_within(desk, before, after, cause, &mut Budget { steps: STEPS_PER_EVENT_MAX, bulk: cause.bulk })
}

pub(super) fn contact_changed_within(
    desk: &mut Desk,
    before: &Contact,
    after: &Contact,
    cause: Cause,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    if before.fields != after.fields || before.zone != after.zone {
        arm_dates(desk, Some(before), after)?;
    }
    if before.zone != after.zone {
        follow_contact(desk, before, after)?;
    }
    for door in doors(&desk.facts.clone(), before, after) {
        if budget.steps > 0 && is_open(desk, &door, after)? {
            begin(desk, &door, after, cause, budget)?;
        }
    }
    Ok(())
}

/// The triggers that this change sets off, each once.
fn doors(facts: &Facts, before: &Contact, after: &Contact) -> Vec<Door> {
    let mut doors: Vec<Door> = Vec::new();
    let mut add = |kind: EventKind, what: &str| {
        for waking in facts.triggers.changed(kind, what) {
            if !doors.iter().any(|known| (known.flow, &known.trigger) == (waking.door.flow, &waking.door.trigger)) {
                doors.push(waking.door.clone());
            }
        }
    };
    after.tags.difference(&before.tags).for_each(|tag| add(EventKind::TagAdded, tag));
    before.tags.difference(&after.tags).for_each(|tag| add(EventKind::TagRemoved, tag));
    let names = before.fields.keys().chain(after.fields.keys().filter(|name| !before.fields.contains_key(*name)));
    names.filter(|name| before.fields.get(*name) != after.fields.get(*name)).for_each(|name| add(EventKind::FieldChanged, name));
    match (before.consent.state, after.consent.state) {
        (old, new) if old == new => {}
        (_, ConsentState::OptedIn) => add(EventKind::OptedIn, ""),
        (_, ConsentState::OptedOut) => add(EventKind::OptedOut, ""),
        _ => {}
    }
    doors
}

/// Whether the cooldown of a trigger lets this contact in.
pub fn is_open(desk: &Desk, door: &Door, contact: &Contact) -> Result<bool, Refusal> {
    if door.cooldown.is_none() {
        return Ok(true);
    }
    let passages = contacts::passages(&desk.work, contact.id)?;
    Ok(door.rests_until(passages.get(&door.flow), desk.now).is_none())
}

fn begin(desk: &mut Desk, door: &Door, contact: &Contact, cause: Cause, budget: &mut Budget) -> Result<(), Refusal> {
    let channel = match cause.channel {
        Some(channel) => channel,
        None => match channel_for(desk, contact) {
            Ok(channel) => channel,
            Err(Refusal::Conflict(reason)) => return note_failure(desk, door.flow, reason),
            Err(other) => return Err(other),
        },
    };
    let start = Start {
        flow: door.flow,
        contact: contact.id,
        channel,
        origin: Origin::Trigger(door.trigger.clone()),
        variables: Values::new(),
        heard: None,
        depth: cause.depth,
        caller: None,
    };
    enter_within(desk, start, budget).map(drop)
}

/// Tells the owner, at the flow, why something of it did not happen.
pub fn note_failure(desk: &mut Desk, flow: FlowId, reason: String) -> Result<(), Refusal> {
    let Some(mut head) = flows::head(&desk.work, flow)? else { return Ok(()) };
    // The same failure again is not news: what rarely changes need not be read anew for it.
    desk.facts_changed |= head.last_error.as_ref().is_none_or(|(_, known)| *known != reason);
    head.last_error = Some((desk.now, reason));
    flows::put_head(&mut desk.work, &head)?;
    desk.signal(Signal::Flow(flow));
    Ok(())
}

/// Arms the dates of a contact for all enabled flows: those whose field or zone changed, or all where nothing was known before.
pub fn arm_dates(desk: &mut Desk, before: Option<&Contact>, after: &Contact) -> Result<(), Refusal> {
    let facts = desk.facts.clone();
    for waking in facts.triggers.on(EventKind::Date) {
        let field = occasions::bare_field(waking.event.field.as_deref().unwrap_or_default());
        let same = before.is_some_and(|before| before.zone == after.zone && before.fields.get(field) == after.fields.get(field));
        if !same {
            let of = Occasion { contact: after.id, flow: waking.door.flow, trigger: waking.door.trigger.clone() };
            let zone = occasions::zone_of(after, &facts.settings);
            let is_so = |at: &Time| occasions::date_due(&waking.event, after, zone, *at - Span(1)) == Some(*at);
            if owed(desk, &of)?.filter(is_so).is_none() {
                let due = occasions::date_due(&waking.event, after, zone, desk.now);
                dates::put(&mut desk.work, &of, due)?;
            }
        }
    }
    Ok(())
}

/// When this fell due, where its turn has not come yet: everything is paused, or many are before it.
fn owed(desk: &Desk, of: &Occasion) -> Result<Option<Time>, Refusal> {
    Ok(dates::get(&desk.work, of)?.filter(|at| *at <= desk.now))
}

/// Arms the dates of a contact for one flow, or all enabled ones, counting from `since`, or from what fell due before and is still to come.
pub fn arm_dates_since(desk: &mut Desk, contact: &Contact, flow: Option<FlowId>, since: Time) -> Result<(), Refusal> {
    let facts = desk.facts.clone();
    let passages = contacts::passages(&desk.work, contact.id)?;
    for waking in facts.triggers.on(EventKind::Date).filter(|waking| flow.is_none_or(|flow| flow == waking.door.flow)) {
        let of = Occasion { contact: contact.id, flow: waking.door.flow, trigger: waking.door.trigger.clone() };
        let zone = occasions::zone_of(contact, &facts.settings);
        let since = owed(desk, &of)?.map_or(since, |at| since.min(at - Span(1)));
        // What it set off while the round went on does not come a second time.
        let fired = passages.get(&of.flow).and_then(|passage| passage.fired.get(&of.trigger)).copied();
        let since = fired.map_or(since, |fired| fired.max(since));
        let due = occasions::date_due(&waking.event, contact, zone, since);
        dates::put(&mut desk.work, &of, due)?;
    }
    Ok(())
}

/// Whether any enabled flow begins by a date of its contacts: otherwise nobody's dates need be looked at.
pub fn has_dates(facts: &Facts, flow: Option<FlowId>) -> bool {
    facts.triggers.on(EventKind::Date).any(|waking| flow.is_none_or(|flow| flow == waking.door.flow))
}
