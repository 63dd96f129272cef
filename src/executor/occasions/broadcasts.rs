//! Broadcasts: who they are for, and the next batch of each, a commit at a time and paced. How it went is kept for every person.

use super::super::advance::{self, Start};
use super::super::caller::contact_of;
use super::super::desk::{Desk, Signal};
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use super::each;
use crate::base::address::{Address, read_phone};
use crate::base::id::{BroadcastId, ChannelId, ContactId, FlowId};
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::engine;
use crate::model::broadcast::{Addressed, Broadcast, BroadcastState, Counts, LeftOut, Whom};
use crate::model::contact::{Automations, ConsentState, Contact};
use crate::model::node::EventKind;
use crate::model::run::{Origin, StartOutcome};
use crate::model::value::Values;
use crate::store::{Read, broadcasts, contacts};

/// Starts a minute where nobody says.
pub const STARTS_PER_MINUTE: u32 = 600;
/// Starts a minute at most.
pub const STARTS_PER_MINUTE_MAX: u32 = 6_000;
/// Starts of one commit at most.
const BATCH_MAX: u32 = 50;
/// Contacts read at once, and pages of them in one commit, while a tag or a segment is gone through.
const PAGE: usize = 500;
const PAGES_MAX: usize = 4;

/// What is started, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which flow.
    pub flow: FlowId,
    /// Who wishes it.
    pub origin: Origin,
    /// On which channel; `None` is where each was heard last.
    pub channel: Option<ChannelId>,
    /// Variables that every run begins with.
    pub variables: Values,
    /// Starts a minute at most.
    pub per_minute: u32,
}

/// Makes a broadcast. Its people are those of the list, where `whom` says so.
pub fn make(desk: &mut Desk, plan: Plan, whom: Whom, people: Vec<Addressed>) -> Result<Broadcast, Refusal> {
    let id: BroadcastId = desk.mint()?;
    for (place, person) in (0..).zip(&people) {
        broadcasts::put_person(&mut desk.work, id, place, person)?;
    }
    let broadcast = Broadcast {
        id,
        flow: plan.flow,
        origin: plan.origin,
        whom,
        channel: plan.channel,
        variables: plan.variables,
        per_minute: plan.per_minute.clamp(1, STARTS_PER_MINUTE_MAX),
        created: desk.now,
        state: BroadcastState::Running { due: desk.now },
        place: 0,
        after: None,
        counts: Counts::default(),
    };
    broadcasts::put(&mut desk.work, &broadcast)?;
    Ok(broadcast)
}

pub(super) fn is_due(read: &impl Read, facts: &Facts, now: Time) -> Result<bool, Refusal> {
    Ok(broadcasts::open(read)?.iter().any(|broadcast| may_go_on(facts, broadcast, now)))
}

/// A broadcast of a disabled flow keeps its place.
fn may_go_on(facts: &Facts, broadcast: &Broadcast, now: Time) -> bool {
    let gone = !facts.names.contains_key(&broadcast.flow);
    matches!(broadcast.state, BroadcastState::Running { due } if due <= now) && (gone || facts.is_enabled(broadcast.flow))
}

/// One batch of every broadcast that is due; tells whether one may go on at once.
pub(super) fn turn(desk: &mut Desk) -> Result<bool, Refusal> {
    let mut more = false;
    for mut broadcast in broadcasts::open(&desk.work)? {
        if !may_go_on(&desk.facts, &broadcast, desk.now) {
            continue;
        }
        if !desk.facts.names.contains_key(&broadcast.flow) {
            broadcast.state = BroadcastState::Stopped { at: desk.now, reason: "The automation was deleted.".to_owned() };
        } else {
            batch(desk, &mut broadcast)?;
        }
        desk.signal(Signal::Flow(broadcast.flow));
        more |= may_go_on(&desk.facts, &broadcast, desk.now);
        broadcasts::put(&mut desk.work, &broadcast)?;
    }
    Ok(more)
}

fn batch(desk: &mut Desk, broadcast: &mut Broadcast) -> Result<(), Refusal> {
    let size = (broadcast.per_minute / 12).clamp(1, BATCH_MAX);
    let (people, last) = next(desk, broadcast, size as usize)?;
    let mut began = 0;
    for mut person in people {
        if person.outcome.is_none() {
            address(desk, broadcast, &mut person)?;
        }
        let outcome = person.outcome.unwrap_or(StartOutcome::Blocked);
        began += i64::from(matches!(outcome, StartOutcome::Started | StartOutcome::Restarted));
        broadcast.counts.add(outcome);
        broadcasts::put_person(&mut desk.work, broadcast.id, broadcast.place, &person)?;
        broadcast.place += 1;
    }
    // Only who was started takes of the pace: those left out cost the provider nothing.
    let gap = Span(60_000 * began / i64::from(broadcast.per_minute.max(1)));
    let (at, due) = (desk.now, desk.now + gap);
    broadcast.state = if last { BroadcastState::Done { at } } else { BroadcastState::Running { due } };
    Ok(())
}

/// The next people, and whether they are the last ones.
fn next(desk: &mut Desk, broadcast: &mut Broadcast, size: usize) -> Result<(Vec<Addressed>, bool), Refusal> {
    if let Whom::Listed(count) = broadcast.whom {
        let people = broadcasts::people(&desk.work, broadcast.id, broadcast.place, size)?;
        let last = broadcast.place as usize + people.len() >= count as usize || people.is_empty();
        return Ok((people.into_iter().map(|(_, person)| person).collect(), last));
    }
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = contacts::list(&desk.work, broadcast.after, PAGE)?;
        let short = page.len() < PAGE;
        for contact in page {
            broadcast.after = Some(contact.id);
            if belongs(&desk.work, &desk.facts, &broadcast.whom, &contact, desk.now)? {
                found.push(Addressed { contact: Some(contact.id), ..Addressed::default() });
                if found.len() == size {
                    return Ok((found, false));
                }
            }
        }
        if short {
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

/// Whether a contact is one of those a broadcast is for.
pub fn belongs(read: &impl Read, facts: &Facts, whom: &Whom, contact: &Contact, now: Time) -> Result<bool, Refusal> {
    Ok(match whom {
        Whom::Listed(_) => false,
        Whom::Tagged(tag) => contact.tags.contains(tag),
        Whom::Segment(segment) => {
            let channel = advance::channel_reaching(facts, contact).or_else(|| facts.channels.keys().next().copied());
            let Some(channel) = channel else { return Ok(false) };
            let world = advance::world(read, facts, contact, channel, 0)?;
            engine::segment::belongs(segment, &world, contact, now)
        }
    })
}

/// Starts the flow for one person, or notes why not.
fn address(desk: &mut Desk, broadcast: &Broadcast, person: &mut Addressed) -> Result<(), Refusal> {
    if let Some(why) = begin(desk, broadcast, person)? {
        (person.outcome, person.left_out) = (Some(why.outcome()), Some(why));
    }
    Ok(())
}

fn begin(desk: &mut Desk, broadcast: &Broadcast, person: &mut Addressed) -> Result<Option<LeftOut>, Refusal> {
    let contact = match person.contact {
        Some(id) => contacts::get(&desk.work, id)?,
        None => match address_of(&desk.facts, broadcast.channel, &person.written) {
            Err(why) => return Ok(Some(why)),
            Ok(address) => Some(contact_of(desk, &[address], None)?),
        },
    };
    let Some(contact) = contact else { return Ok(Some(LeftOut::Gone)) };
    // The number is the contact's from here on, and goes with them when they are erased.
    (person.contact, person.written) = (Some(contact.id), String::new());
    let plan = plan_of(broadcast);
    let (channel, why) = match look(&desk.work, &desk.facts, &plan, &contact, desk.now)? {
        Ok(channel) => (Some(channel), None),
        // The try is noted on a run that stays, as with any other start.
        Err(LeftOut::AlreadyInside) => {
            let channel = broadcast.channel.or_else(|| advance::channel_reaching(&desk.facts, &contact));
            (channel, Some(LeftOut::AlreadyInside))
        }
        Err(why) => return Ok(Some(why)),
    };
    let Some(start) = start_of(&plan, contact.id, channel) else { return Ok(Some(why.unwrap_or(LeftOut::NoChannel))) };
    let Some(started) = each(desk, broadcast.flow, |desk| advance::enter_in_bulk(desk, start))? else { return Ok(Some(LeftOut::Gone)) };
    (person.outcome, person.run) = (Some(started.outcome), started.run);
    Ok(why)
}

fn plan_of(broadcast: &Broadcast) -> Plan {
    Plan {
        flow: broadcast.flow,
        origin: broadcast.origin.clone(),
        channel: broadcast.channel,
        variables: broadcast.variables.clone(),
        per_minute: broadcast.per_minute,
    }
}

fn start_of(plan: &Plan, contact: ContactId, channel: Option<ChannelId>) -> Option<Start> {
    Some(Start {
        flow: plan.flow,
        contact,
        channel: channel?,
        origin: plan.origin.clone(),
        variables: plan.variables.clone(),
        heard: None,
        depth: 0,
        caller: None,
    })
}

/// Whether the trigger of a schedule fired for this contact within its cooldown.
fn rests(read: &impl Read, facts: &Facts, plan: &Plan, contact: &Contact, now: Time) -> Result<bool, Refusal> {
    let Origin::Trigger(trigger) = &plan.origin else { return Ok(false) };
    let waking = facts.triggers.on(EventKind::Schedule).find(|waking| waking.door.flow == plan.flow && waking.door.trigger == *trigger);
    let Some(waking) = waking else { return Ok(false) };
    Ok(waking.door.rests_until(contacts::passages(read, contact.id)?.get(&plan.flow), now).is_some())
}

/// Where a start would talk with a contact, or why they are left out. Changes nothing.
pub fn look(read: &impl Read, facts: &Facts, plan: &Plan, contact: &Contact, now: Time) -> Result<Result<ChannelId, LeftOut>, Refusal> {
    let off = match contact.automations {
        Automations::On => false,
        Automations::PausedUntil(until) => now < until,
        Automations::Off => true,
    };
    let why = if contact.blocked {
        Some(LeftOut::Blocked)
    } else if contact.consent.state == ConsentState::OptedOut {
        Some(LeftOut::OptedOut)
    } else {
        off.then_some(LeftOut::AutomationsOff)
    };
    if let Some(why) = why {
        return Ok(Err(why));
    }
    if rests(read, facts, plan, contact, now)? {
        return Ok(Err(LeftOut::RanBefore));
    }
    let channel = match plan.channel {
        Some(channel) => Some(channel).filter(|channel| advance::reaches(facts, *channel, contact)),
        None => advance::channel_reaching(facts, contact),
    };
    let Some(start) = start_of(plan, contact.id, channel) else { return Ok(Err(LeftOut::NoChannel)) };
    let Some(entry) = advance::would_enter_as(read, facts, &start, contact, now)? else { return Ok(Err(LeftOut::FlowDisabled)) };
    Ok(match entry.outcome {
        StartOutcome::Started | StartOutcome::Restarted => Ok(start.channel),
        StartOutcome::Kept if entry.kept.is_some() => Err(LeftOut::AlreadyInside),
        StartOutcome::Kept => Err(LeftOut::RanBefore),
        StartOutcome::OptedOut => Err(LeftOut::OptedOut),
        StartOutcome::Blocked if entry.guarded => Err(LeftOut::TooOften),
        StartOutcome::Blocked => Err(LeftOut::FlowDisabled),
    })
}

/// The address that a written number means: on the channel asked for, or else on the first that names people by phone.
pub fn address_of(facts: &Facts, channel: Option<ChannelId>, written: &str) -> Result<Address, LeftOut> {
    let kind = match channel {
        Some(channel) => facts.channels.get(&channel).map(|known| known.channel.kind),
        None => facts.channels.values().map(|known| known.channel.kind).find(|kind| kind.names_by_phone()),
    };
    let kind = kind.ok_or(LeftOut::NoChannel)?;
    if !kind.names_by_phone() {
        return Ok(Address::new(kind, written))
            .and_then(|address| if address.address.is_empty() { Err(LeftOut::Unreadable) } else { Ok(address) });
    }
    let home = (facts.settings.time_zone == Zone::ROME).then_some("39");
    read_phone(written, home).map(|digits| Address::new(kind, &digits)).ok_or(LeftOut::Unreadable)
}
