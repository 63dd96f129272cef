//! What strangers bring: a webhook's bytes become decided work, and are answered once that is durable.

use super::Executor;
use super::advance::{self, Letter, Start};
use super::desk::{Desk, Signal};
use super::facts::Connection;
use super::refusal::Refusal;
use crate::base::address::Address;
use crate::base::id::{ChannelId, ContactId, MessageId, QuarantineId};
use crate::base::time::{Span, Time};
use crate::engine::calendar;
use crate::engine::route::{self, Arrival, Press, RunView};
use crate::model::channel::RequestLine;
use crate::model::contact::{Consent, ConsentState, Contact, Handover, LastHeard};
use crate::model::effect::Content;
use crate::model::event::{Event, Heard};
use crate::model::message::{Author, Direction, Inbound, Message, MessageKind, Receipt, Said, Status};
use crate::model::node::Text;
use crate::model::operator::Quarantined;
use crate::model::outbox::{Class, OutboxState, Source};
use crate::model::route::{Outcome, Route};
use crate::model::run::Origin;
use crate::model::value::Values;
pub use crate::provider::http::{Hook, HookReply};
use crate::provider::{self, HookRead, Part, press};
use crate::store::{channels, contacts, messages, outbox, quarantine, runs};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How long flows keep silent after a person wrote to the contact on the phone of the channel or in the panel.
pub const OPERATOR_SILENCE: Span = Span(60 * Span::MINUTE.0);
/// Events with a provider time older than this are kept and move nothing (SEC-10).
const EVENT_AGE_MAX: Span = Span(8 * Span::DAY.0);

impl Executor {
    /// Answers a webhook. Only what is durable is answered with 200; what is signed and cannot be read is kept in quarantine, and that
    /// is durable too. The reply says which status to give; it never tells a stranger more than that.
    pub async fn receive(&self, token: &str, hook: Hook) -> HookReply {
        let facts = self.facts();
        let Some(connection) = facts.channel_by_token(token).cloned() else {
            return HookReply::text(404, "There is no such address.");
        };
        let fallback_id = self.fresh_id();
        let read = catch_unwind(AssertUnwindSafe(|| provider::read_hook(&connection.channel, &connection.secrets, &hook, &fallback_id)));
        let read = read.unwrap_or_else(|_| HookRead::Unreadable { reason: "Reading it met a fault in the program.".to_owned() });
        self.answer(connection, hook, read).await
    }

    async fn answer(&self, connection: Arc<Connection>, hook: Hook, read: HookRead) -> HookReply {
        let channel = connection.channel.id;
        let line = request_line(&hook, self.now());
        match read {
            HookRead::Challenge(reply) => {
                let line = line
                    .answered(reply.status, if reply.status == 200 { "The address was verified." } else { "The verify word is another." });
                self.line.mention(move |desk| log(desk, channel, &line));
                reply
            }
            HookRead::Refused { status, reason } => {
                let line = line.answered(status, &reason);
                self.line.mention(move |desk| log(desk, channel, &line));
                HookReply::text(status, &reason)
            }
            HookRead::Unreadable { reason } => {
                let line = line.answered(200, &format!("Kept unread: {reason}"));
                let kept = self.line.offer(move |desk| {
                    keep_unread(desk, channel, &reason, hook.body)?;
                    log(desk, channel, &line)
                });
                durable(kept.await, HookReply::taken())
            }
            HookRead::Events { events, unreadable, reply } => {
                let line = line.answered(reply.status, &told(&events, unreadable.len()));
                let done = self.line.offer(move |desk| {
                    for event in events {
                        take_in(desk, &connection, event, &hook)?;
                    }
                    for Part { bytes, reason } in unreadable {
                        keep_unread(desk, channel, &reason, bytes)?;
                    }
                    log(desk, channel, &line)
                });
                durable(done.await, reply)
            }
        }
    }
}

/// The reply a provider gets once it is known whether its bytes are safe.
fn durable(outcome: Result<(), Refusal>, reply: HookReply) -> HookReply {
    match outcome {
        Ok(()) => reply,
        Err(_) => HookReply::text(503, "Not taken. Send it again in a few seconds."),
    }
}

fn request_line(hook: &Hook, at: Time) -> RequestLine {
    RequestLine { at, method: hook.method.clone(), status: 0, reason: String::new(), body_bytes: hook.body.len() as u64 }
}

impl RequestLine {
    fn answered(self, status: u16, reason: &str) -> RequestLine {
        RequestLine { status, reason: reason.to_owned(), ..self }
    }
}

fn told(events: &[Inbound], unreadable: usize) -> String {
    let count = |wanted: fn(&Inbound) -> bool| events.iter().filter(|event| wanted(event)).count();
    let said = count(|event| matches!(event, Inbound::Said(_)));
    let receipts = count(|event| matches!(event, Inbound::Receipt(_)));
    let ignored: BTreeSet<&str> =
        events.iter().filter_map(|event| if let Inbound::Ignored(why) = event { Some(why.as_str()) } else { None }).collect();
    let mut words = format!("{said} messages, {receipts} receipts");
    for why in ignored {
        words.push_str("; left aside: ");
        words.push_str(why);
    }
    if unreadable > 0 {
        words.push_str(&format!("; {unreadable} kept unread"));
    }
    words
}

fn log(desk: &mut Desk, channel: ChannelId, line: &RequestLine) -> Result<(), Refusal> {
    channels::log_request(&mut desk.work, channel, line)?;
    desk.signal(Signal::Requests(channel));
    Ok(())
}

/// Keeps bytes that nobody understood, for a person to look at (IN-9).
fn keep_unread(desk: &mut Desk, channel: ChannelId, reason: &str, body: Vec<u8>) -> Result<(), Refusal> {
    let id: QuarantineId = desk.mint()?;
    let build = env!("CARGO_PKG_VERSION").to_owned();
    let kept = Quarantined { id, channel, at: desk.now, reason: reason.to_owned(), build, body };
    Ok(quarantine::put(&mut desk.work, &kept)?)
}

/// One event of a webhook. One that fails does not take its neighbours with it: it is undone and kept unread.
fn take_in(desk: &mut Desk, connection: &Connection, event: Inbound, hook: &Hook) -> Result<(), Refusal> {
    let mark = desk.mark();
    let done = catch_unwind(AssertUnwindSafe(|| apply(desk, connection, event)));
    let reason = match done {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(Refusal::Unavailable)) => return Err(Refusal::Unavailable),
        Ok(Err(refusal)) => refusal.to_string(),
        Err(_) => "Working on it met a fault in the program.".to_owned(),
    };
    tracing::error!(%reason, "an event of a webhook was kept unread");
    desk.roll_back(mark);
    keep_unread(desk, connection.channel.id, &reason, hook.body.clone())
}

/// Applies what a provider told. Also the way a kept request is tried again.
pub fn apply(desk: &mut Desk, connection: &Connection, event: Inbound) -> Result<(), Refusal> {
    match event {
        Inbound::Said(said) => hear(desk, connection, said),
        Inbound::Receipt(receipt) => take_receipt(desk, connection, receipt),
        Inbound::Moved { from, to, provider_id, at, text } => moved(desk, connection, &from, &to, provider_id, at, text),
        Inbound::Ignored(_) => Ok(()),
    }
}

/// The contact of these addresses: found by any of them and given the others, or made.
pub fn contact_of(desk: &mut Desk, addresses: &[Address], name: Option<&str>) -> Result<Contact, Refusal> {
    let mut found = None;
    for address in addresses {
        if let Some(id) = contacts::find(&desk.work, &address.key())? {
            found = contacts::get(&desk.work, id)?;
            break;
        }
    }
    let known = found.is_some();
    let mut contact = match found {
        Some(contact) => contact,
        None => Contact::new(desk.mint()?, desk.now),
    };
    let before = contact.clone();
    for address in addresses {
        if !contact.addresses.contains(address) && contacts::find(&desk.work, &address.key())?.is_none_or(|id| id == contact.id) {
            contact.addresses.push(address.clone());
        }
    }
    if contact.name.is_none() {
        contact.name = name.map(str::to_owned);
    }
    if !known || contact != before {
        contacts::put(&mut desk.work, &contact)?;
        desk.signal(Signal::Contact(contact.id));
    }
    Ok(contact)
}

fn hear(desk: &mut Desk, connection: &Connection, said: Said) -> Result<(), Refusal> {
    let channel = connection.channel.id;
    if messages::seen(&mut desk.work, channel, "message", &said.provider_id, desk.now)? {
        return Ok(());
    }
    if said.ours {
        return hear_ourselves(desk, connection, said);
    }
    let mut contact = contact_of(desk, &said.contact, said.name.as_deref())?;
    let first = contact.heard.is_empty();
    let id: MessageId = desk.mint()?;
    let provider_time = said.at.unwrap_or(desk.now);
    if said.kind.speaks() && !said.group {
        let heard = contact.heard.entry(channel).or_insert(LastHeard { provider_time, arrived: desk.now });
        *heard = LastHeard { provider_time: heard.provider_time.max(provider_time), arrived: desk.now };
        contacts::put(&mut desk.work, &contact)?;
    }
    let mut message = incoming(id, channel, contact.id, &said, desk.now);
    let heard = Heard { message: Some(id), kind: said.kind, text: said.text.clone(), button: said.button.clone(), at: desk.now };
    let route = if !connection.channel.enabled {
        message.reason = Some("The channel is disabled: flows do not hear it.".to_owned());
        Route::recorded()
    } else if desk.now.since(provider_time) > EVENT_AGE_MAX {
        message.reason = Some("It is more than eight days old: flows do not hear it.".to_owned());
        Route::recorded()
    } else {
        route_of(desk, connection, &contact, &said, &heard, first)?
    };
    message.route = Some(route.clone());
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(contact.id));
    follow(desk, channel, &contact, id, heard, route)
}

fn incoming(id: MessageId, channel: ChannelId, contact: ContactId, said: &Said, now: Time) -> Message {
    Message {
        id,
        direction: Direction::In,
        channel,
        contact,
        kind: said.kind,
        text: said.text.clone(),
        media: said.media.clone(),
        choices: Vec::new(),
        provider_id: Some(said.provider_id.clone()),
        provider_time: said.at,
        stored_at: now,
        status: Status::Received,
        reason: None,
        author: Author::Contact,
        route: None,
    }
}

fn route_of(
    desk: &Desk,
    connection: &Connection,
    contact: &Contact,
    said: &Said,
    heard: &Heard,
    first_message: bool,
) -> Result<Route, Refusal> {
    let live = runs::live_of_contact(&desk.work, contact.id)?;
    let mut flows = Vec::with_capacity(live.len());
    for run in &live {
        flows.push(desk.facts.flow(&desk.work, run.flow, run.version)?);
    }
    let views: Vec<RunView> =
        live.iter().zip(&flows).map(|(run, flow)| RunView { run, flow, flow_enabled: desk.facts.is_enabled(run.flow) }).collect();
    let passages = contacts::passages(&desk.work, contact.id)?;
    let settings = &desk.facts.settings;
    let pressed = said.button.as_deref().and_then(press::decode);
    let pressed = pressed.map(|press| Press { run: press.run, node: press.action.node, choice: press.choice });
    Ok(route::route(&Arrival {
        settings,
        triggers: &desk.facts.triggers,
        channel: &connection.facts(),
        contact,
        passages: &passages,
        runs: &views,
        heard,
        pressed: pressed.as_ref(),
        ours: false,
        group: said.group,
        first_message,
        open: calendar::is_open(settings, desk.now),
        now: desk.now,
    }))
}

/// Does what the route says.
fn follow(desk: &mut Desk, channel: ChannelId, contact: &Contact, message: MessageId, heard: Heard, route: Route) -> Result<(), Refusal> {
    match route.outcome {
        Outcome::Rest => Ok(()),
        Outcome::OptOut => opt_out(desk, channel, contact.id, message, &heard.text),
        Outcome::OptIn => opt_in(desk, channel, contact.id, message, &heard.text),
        Outcome::Enter { trigger } => {
            let Some(flow) = route.flow else { return Ok(()) };
            let start = Start {
                flow,
                contact: contact.id,
                channel,
                origin: Origin::Trigger(trigger),
                variables: Values::new(),
                heard: Some(heard),
                depth: 0,
                caller: None,
            };
            advance::enter(desk, start).map(|_| ())
        }
        Outcome::Answer { run } => advance::happen(desk, run, &Event::Message(heard)),
        Outcome::Press { run, node, choice } => advance::happen(desk, run, &Event::Button { node, choice, heard }),
    }
}

fn opt_out(desk: &mut Desk, channel: ChannelId, contact: ContactId, message: MessageId, words: &str) -> Result<(), Refusal> {
    set_consent(desk, contact, ConsentState::OptedOut, words)?;
    for run in runs::live_of_contact(&desk.work, contact)? {
        advance::stop(desk, &run, "The contact unsubscribed.")?;
    }
    advance::call_off(desk, contact, None, "The contact unsubscribed.")?;
    let text = desk.facts.settings.stop_reply.clone();
    confirm(desk, channel, contact, message, &text)
}

fn opt_in(desk: &mut Desk, channel: ChannelId, contact: ContactId, message: MessageId, words: &str) -> Result<(), Refusal> {
    set_consent(desk, contact, ConsentState::OptedIn, words)?;
    let text = desk.facts.settings.start_reply.clone();
    confirm(desk, channel, contact, message, &text)
}

fn set_consent(desk: &mut Desk, contact: ContactId, state: ConsentState, words: &str) -> Result<(), Refusal> {
    let Some(mut record) = contacts::get(&desk.work, contact)? else { return Err(Refusal::NotFound("contact")) };
    record.consent = Consent { state, at: Some(desk.now), how: "message".to_owned(), words: words.to_owned() };
    Ok(contacts::put(&mut desk.work, &record)?)
}

/// The one confirmation after STOP or START.
fn confirm(desk: &mut Desk, channel: ChannelId, contact: ContactId, message: MessageId, text: &Text) -> Result<(), Refusal> {
    let Some(record) = contacts::get(&desk.work, contact)? else { return Ok(()) };
    let connection = desk.facts.channel(channel)?.clone();
    let languages: Vec<&str> =
        [record.language.as_deref(), connection.channel.language.as_deref(), Some(desk.facts.settings.language.as_str())]
            .into_iter()
            .flatten()
            .collect();
    let text = text.in_language(&languages).to_owned();
    let letter = Letter {
        channel,
        source: Source::Consent(message),
        author: Author::System,
        content: Content { text, ..Content::default() },
        class: Class::Live,
        due: desk.now,
    };
    advance::send(desk, &record, letter).map(|_| ())
}

/// A message of our own side: an echo of a send of ours, or words that a person typed on the phone of the channel. The second kind
/// silences flows for a while; the first does not.
fn hear_ourselves(desk: &mut Desk, connection: &Connection, said: Said) -> Result<(), Refusal> {
    let channel = connection.channel.id;
    if messages::by_provider_id(&desk.work, channel, &said.provider_id)?.is_some() {
        return Ok(());
    }
    let mut contact = contact_of(desk, &said.contact, None)?;
    let id: MessageId = desk.mint()?;
    let message = Message {
        direction: Direction::Out,
        status: Status::Sent,
        author: Author::Phone,
        route: Some(Route::recorded()),
        ..incoming(id, channel, contact.id, &said, desk.now)
    };
    messages::put(&mut desk.work, &message)?;
    contact.handover = Some(Handover { since: desk.now, until: Some(desk.now + OPERATOR_SILENCE) });
    contacts::put(&mut desk.work, &contact)?;
    desk.signal(Signal::Contact(contact.id));
    Ok(())
}

/// How far a message of ours got. Nothing moves backwards (IN-6); a row whose outcome was unknown is settled by it (OUT-4).
fn take_receipt(desk: &mut Desk, connection: &Connection, receipt: Receipt) -> Result<(), Refusal> {
    let channel = connection.channel.id;
    let row = match receipt.outbox {
        Some(id) => outbox::get(&desk.work, id)?.filter(|row| row.channel == channel),
        None => None,
    };
    let by_row = row.as_ref().and_then(|row| row.message());
    let by_id = messages::by_provider_id(&desk.work, channel, &receipt.provider_id)?;
    let Some(id) = by_id.or(by_row) else { return Ok(()) };
    let Some(mut message) = messages::get(&desk.work, id)? else { return Ok(()) };
    message.status = message.status.after(receipt.status);
    if message.status == Status::Failed {
        message.reason = receipt.error.or(message.reason);
    }
    message.provider_id = message.provider_id.or(Some(receipt.provider_id));
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(message.contact));
    if let Some(mut row) = row.filter(|row| matches!(row.state, OutboxState::Unknown { .. } | OutboxState::Attempting { .. })) {
        row.state = OutboxState::Sent { at: desk.now };
        outbox::put(&mut desk.work, &row)?;
        desk.signal(Signal::Outbox(row.id));
    }
    Ok(())
}

fn moved(
    desk: &mut Desk,
    connection: &Connection,
    from: &[Address],
    to: &[Address],
    provider_id: String,
    at: Option<Time>,
    text: String,
) -> Result<(), Refusal> {
    let channel = connection.channel.id;
    if messages::seen(&mut desk.work, channel, "message", &provider_id, desk.now)? {
        return Ok(());
    }
    let mut contact = contact_of(desk, from, None)?;
    for address in to {
        if contacts::find(&desk.work, &address.key())?.is_none() {
            contact.addresses.retain(|old| !(from.contains(old) && old.phone().is_some() == address.phone().is_some()));
            contact.addresses.insert(0, address.clone());
        }
    }
    contacts::put(&mut desk.work, &contact)?;
    let said = Said {
        provider_id,
        contact: Vec::new(),
        name: None,
        kind: MessageKind::System,
        text,
        button: None,
        media: Vec::new(),
        at,
        ours: false,
        group: false,
    };
    let id: MessageId = desk.mint()?;
    let message = Message { route: Some(Route::recorded()), ..incoming(id, channel, contact.id, &said, desk.now) };
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(contact.id));
    Ok(())
}
