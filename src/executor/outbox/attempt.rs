//! One row of the outbox at the writer: made ready just before the socket, settled just after. What may still be sent is checked here
//! (OUT-9), and the attempt is durable before a byte leaves (OUT-2).

use super::super::advance;
use super::super::desk::{Desk, Signal};
use super::super::facts::Connection;
use super::super::guard::Reach;
use super::super::refusal::Refusal;
use super::files;
use super::lanes::Waiting;
use super::pace;
use super::verdict::{ChannelHold, Prepared, Verdict, waiting_while_away};
use crate::base::address::ChannelKind;
use crate::base::id::{ChannelId, OutboxId};
use crate::base::limits::{ATTEMPTS_MAX, CALL_TIMEOUT_MAX};
use crate::base::time::Span;
use crate::model::channel::UnknownPolicy;
use crate::model::contact::{ConsentState, Contact};
use crate::model::effect::Content;
use crate::model::message::{Choice, Status};
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use crate::provider::outcome::{Scope, SendOutcome};
use crate::provider::{self, SendPlan, press};
use crate::store::{contacts, messages, outbox};

/// How long a provider that tells by a status may take to settle an unknown outcome (OUT-4).
pub const RESOLVE: Span = Span(60_000);
/// How young a live reply must be to go once more after an unknown outcome (OUT-4).
const LIVE_AGE_MAX: Span = Span(10 * Span::MINUTE.0);
/// How long a row waits for a channel that is disabled or stopped before it looks again.
const CHANNEL_PAUSE: Span = Span(30_000);

/// How long a row waits for one of the same contact that left with its commit and that the sender has not heard of yet.
const BEHIND_PAUSE: Span = Span(100);

/// Makes a row ready to leave, or says why it does not.
pub fn prepare(desk: &mut Desk, id: OutboxId) -> Result<Verdict, Refusal> {
    let Some(mut row) = outbox::get(&desk.work, id)? else { return Ok(Verdict::Over) };
    match row.state {
        OutboxState::Ready { due } if due <= desk.now => {}
        OutboxState::Unknown { resolve_until: Some(until), .. } if until <= desk.now => return settle_unknown(desk, row),
        // Whoever asks does not carry it, and nobody else does: how it ended could not be written down.
        OutboxState::Attempting { .. } => return lose(desk, row),
        _ => return Ok(Verdict::of(&row)),
    }
    if outbox::is_behind_one_under_way(&desk.work, &row)? {
        return Ok(Verdict::Waits(Waiting {
            due: desk.now + BEHIND_PAUSE,
            ..Waiting::of(&row).unwrap_or_else(|| waiting_while_away(&row))
        }));
    }
    if desk.facts.settings.paused {
        return Ok(put_off(desk, &row));
    }
    match row.load.clone() {
        Load::Call { call, .. } => super::call::prepare(desk, row, call),
        Load::Message { content, .. } => {
            let Some(connection) = desk.facts.channels.get(&row.channel).cloned() else {
                return give_up(desk, row, "The channel was deleted.");
            };
            if !connection.channel.enabled || connection.channel.stopped.is_some() {
                return Ok(put_off(desk, &row));
            }
            let Some(contact) = contacts::get(&desk.work, row.contact)? else {
                return call_off(desk, row, "The contact was deleted.");
            };
            if let Some(why) = unwanted(&row, &contact) {
                return call_off(desk, row, why);
            }
            if let Some(why) = too_late(desk, &row, &connection, &contact, &content) {
                return give_up(desk, row, why);
            }
            row.attempts += 1;
            leave(desk, row, &connection, &contact, &content)
        }
    }
}

fn unwanted(row: &OutboxRow, contact: &Contact) -> Option<&'static str> {
    if contact.blocked {
        return Some("The contact is blocked.");
    }
    let opted_out = contact.consent.state == ConsentState::OptedOut && !matches!(row.source, Source::Consent(_));
    opted_out.then_some("The contact has unsubscribed.")
}

fn too_late(desk: &Desk, row: &OutboxRow, connection: &Connection, contact: &Contact, content: &Content) -> Option<&'static str> {
    if desk.now > row.expires {
        return Some("It could not be sent for a whole day and was given up.");
    }
    let window = provider::abilities(connection.channel.kind).window?;
    let open = contact.heard.get(&row.channel).is_some_and(|heard| desk.now.since(heard.provider_time) < window);
    (content.template.is_none() && !open).then_some(
        "WhatsApp takes free text only within 24 hours of the contact's last message. Use an approved template, or wait until they write.",
    )
}

fn leave(desk: &mut Desk, mut row: OutboxRow, connection: &Connection, contact: &Contact, content: &Content) -> Result<Verdict, Refusal> {
    let source = row.source.clone();
    let author = match row.message() {
        Some(message) => messages::get(&desk.work, message)?.map(|message| message.author),
        None => None,
    };
    let content = &files::reachable(desk, &connection.channel, content)?;
    let payload = |choice: &Choice| payload_of(&source, author.as_ref(), choice);
    let plan = provider::write_send(&connection.channel, &connection.secrets, row.id, &contact.addresses, content, &payload);
    match plan {
        Err(error) => give_up(desk, row, &format!("It cannot be sent: {error}.")),
        Ok(SendPlan::Local) => {
            sent(desk, &mut row, None)?;
            Ok(Verdict::Over)
        }
        Ok(SendPlan::Http(request)) => {
            row.state = OutboxState::Attempting { since: desk.now };
            outbox::put(&mut desk.work, &row)?;
            let reach = if connection.channel.allow_private_addresses { Reach::Anywhere } else { Reach::Public(Vec::new()) };
            let waiting = waiting_while_away(&row);
            let kind = Some(connection.channel.kind);
            Ok(Verdict::Go(Box::new(Prepared { row: waiting, request, reach, timeout: CALL_TIMEOUT_MAX, kind })))
        }
    }
}

/// What a button carries: the run and visit that sent it, or its own id where no run did.
fn payload_of(source: &Source, author: Option<&crate::model::message::Author>, choice: &Choice) -> String {
    use crate::model::message::Author;
    let (Source::Effect(effect), Some(Author::Run { action, .. })) = (source, author) else { return choice.id.clone() };
    let press = press::Press { run: effect.run, action: action.clone(), choice: choice.id.clone() };
    press::encode(&press).unwrap_or_else(|| choice.id.clone())
}

/// Settles a send by its outcome.
pub fn finish(desk: &mut Desk, id: OutboxId, outcome: SendOutcome, seed: u64) -> Result<(Verdict, Option<ChannelHold>), Refusal> {
    let Some(mut row) = outbox::get(&desk.work, id)? else { return Ok((Verdict::Over, None)) };
    let mut chance = fastrand::Rng::with_seed(seed);
    let pause = pace::backoff(row.attempts, &mut chance);
    let mut hold = None;
    match outcome {
        SendOutcome::Accepted { provider_id, contact } => {
            learn(desk, &row, &contact)?;
            sent(desk, &mut row, Some(provider_id))?;
            return Ok((Verdict::Over, None));
        }
        _ if !matches!(row.state, OutboxState::Attempting { .. }) => {}
        SendOutcome::Retry { after, reason } => {
            let due = desk.now + pause.max(after.unwrap_or_default());
            if row.attempts >= ATTEMPTS_MAX || due > row.expires {
                return Ok((give_up(desk, row, &reason)?, None));
            }
            row.state = OutboxState::Ready { due };
        }
        SendOutcome::Throttled { after, scope, .. } => {
            let due = desk.now + pause.max(after.unwrap_or_default());
            row.attempts = row.attempts.saturating_sub(1);
            row.state = OutboxState::Ready { due };
            hold = (scope == Scope::Channel).then_some(ChannelHold { channel: row.channel, until: due });
        }
        SendOutcome::Refused { reason } | SendOutcome::WindowClosed { reason } => return Ok((give_up(desk, row, &reason)?, None)),
        SendOutcome::StopChannel { reason } => {
            row.attempts = row.attempts.saturating_sub(1);
            row.state = OutboxState::Ready { due: desk.now };
            stop_channel(desk, row.channel, &reason)?;
        }
        SendOutcome::Unknown { reason } => mark_unknown(desk, &mut row, reason),
    }
    outbox::put(&mut desk.work, &row)?;
    Ok((Verdict::of(&row), hold))
}

fn learn(desk: &mut Desk, row: &OutboxRow, addresses: &[crate::base::address::Address]) -> Result<(), Refusal> {
    let Some(mut contact) = contacts::get(&desk.work, row.contact)? else { return Ok(()) };
    let known = contact.addresses.len();
    for address in addresses {
        if !contact.addresses.contains(address) && contacts::find(&desk.work, &address.key())?.is_none() {
            contact.addresses.push(address.clone());
        }
    }
    if contact.addresses.len() > known {
        contacts::put(&mut desk.work, &contact)?;
    }
    Ok(())
}

fn sent(desk: &mut Desk, row: &mut OutboxRow, provider_id: Option<String>) -> Result<(), Refusal> {
    row.state = OutboxState::Sent { at: desk.now };
    outbox::put(&mut desk.work, row)?;
    let Some(id) = row.message() else { return Ok(()) };
    let Some(mut message) = messages::get(&desk.work, id)? else { return Ok(()) };
    message.status = message.status.after(Status::Sent);
    message.provider_id = provider_id.or(message.provider_id);
    if row.maybe_double {
        message.reason = Some("It may have arrived twice: the first attempt had no answer.".to_owned());
    }
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(row.contact));
    Ok(())
}

/// Nothing more goes out by this channel until a person mends it: its rows stay ready.
fn stop_channel(desk: &mut Desk, id: ChannelId, reason: &str) -> Result<(), Refusal> {
    let Some(mut channel) = crate::store::channels::get(&desk.work, id)? else { return Ok(()) };
    channel.stopped = Some(reason.to_owned());
    crate::store::channels::put(&mut desk.work, &channel)?;
    desk.facts_changed = true;
    desk.signal(Signal::Channel(id));
    tracing::warn!(channel = %id, "a channel stopped sending until somebody mends it");
    Ok(())
}

/// Nobody knows whether it arrived. Where the provider tells by a status, it gets a while to do so.
pub fn mark_unknown(desk: &Desk, row: &mut OutboxRow, reason: String) {
    let tells = desk.facts.channels.get(&row.channel).is_some_and(|connection| connection.channel.kind == ChannelKind::Whatsapp);
    let wait = if tells { RESOLVE } else { Span(0) };
    row.state = OutboxState::Unknown { resolve_until: Some(desk.now + wait), reason };
}

/// Marks the attempts that nobody carries as of unknown outcome (OUT-2); tells how many there were.
pub fn find_the_lost(desk: &mut Desk, carried: impl Fn(OutboxId) -> bool) -> Result<usize, Refusal> {
    let lost: Vec<OutboxRow> = outbox::attempting(&desk.work)?.into_iter().filter(|row| !carried(row.id)).collect();
    let count = lost.len();
    for row in lost {
        let id = row.id;
        lose(desk, row)?;
        desk.signal(Signal::Outbox(id));
    }
    Ok(count)
}

/// An attempt was begun, and nobody carries it or knows how it ended.
fn lose(desk: &mut Desk, mut row: OutboxRow) -> Result<Verdict, Refusal> {
    if let Load::Call { .. } = row.load {
        super::call::interrupted(desk, row)?;
        return Ok(Verdict::Over);
    }
    let reason = "How it ended could not be written down, so nobody knows whether it arrived.".to_owned();
    mark_unknown(desk, &mut row, reason);
    outbox::put(&mut desk.work, &row)?;
    Ok(Verdict::of(&row))
}

/// The provider did not tell in time: a live reply goes once more, marked; everything else waits for a person (OUT-4).
fn settle_unknown(desk: &mut Desk, mut row: OutboxRow) -> Result<Verdict, Refusal> {
    let OutboxState::Unknown { reason, .. } = &row.state else { return Ok(Verdict::of(&row)) };
    let reason = reason.clone();
    let policy = desk.facts.channels.get(&row.channel).map(|connection| connection.channel.unknown).unwrap_or_default();
    let template = matches!(&row.load, Load::Message { content, .. } if content.template.is_some());
    let live = row.class == Class::Live && !template && desk.now.since(row.created) < LIVE_AGE_MAX;
    let again = !row.maybe_double && (policy == UnknownPolicy::Always || (policy == UnknownPolicy::LiveReplies && live));
    if again {
        row.maybe_double = true;
        row.state = OutboxState::Ready { due: desk.now };
        outbox::put(&mut desk.work, &row)?;
        return Ok(Verdict::of(&row));
    }
    row.state = OutboxState::Unknown { resolve_until: None, reason: reason.clone() };
    outbox::put(&mut desk.work, &row)?;
    outbox::close(&mut desk.work, &row)?;
    if let Some(id) = row.message()
        && let Some(mut message) = messages::get(&desk.work, id)?
    {
        message.reason = Some(reason);
        messages::put(&mut desk.work, &message)?;
        desk.signal(Signal::Contact(row.contact));
    }
    Ok(Verdict::Over)
}

/// Nothing is stored: the row keeps its time, so that it goes at once when what is in the way is gone.
fn put_off(desk: &Desk, row: &OutboxRow) -> Verdict {
    Waiting::of(row).map_or(Verdict::Over, |waiting| Verdict::Waits(Waiting { due: desk.now + CHANNEL_PAUSE, ..waiting }))
}

fn call_off(desk: &mut Desk, mut row: OutboxRow, reason: &str) -> Result<Verdict, Refusal> {
    row.state = OutboxState::Cancelled { at: desk.now, reason: reason.to_owned() };
    close(desk, &row, reason)
}

/// Gives a row up for good: it stands under "not delivered" until a person acts.
pub(super) fn give_up(desk: &mut Desk, mut row: OutboxRow, reason: &str) -> Result<Verdict, Refusal> {
    row.state = OutboxState::Dead { at: desk.now, reason: reason.to_owned() };
    close(desk, &row, reason)
}

fn close(desk: &mut Desk, row: &OutboxRow, reason: &str) -> Result<Verdict, Refusal> {
    outbox::put(&mut desk.work, row)?;
    if let Some(message) = row.message() {
        advance::fail_message(desk, message, reason)?;
    }
    Ok(Verdict::Over)
}
