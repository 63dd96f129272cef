//! A message is heard: its contact is found, its route decided, and what follows is done.

use super::super::advance::{self, Cause, Letter, Start};
use super::super::caller::contact_of;
use super::super::desk::{Desk, Signal};
use super::super::facts::Connection;
use super::super::refusal::Refusal;
use crate::base::id::{ChannelId, ContactId, MessageId, RunId};
use crate::base::time::{Span, Time};
use crate::engine::calendar;
use crate::engine::route::{self, Arrival, Press, RunView};
use crate::model::contact::{Consent, ConsentState, Contact, LastHeard};
use crate::model::effect::Content;
use crate::model::event::{Event, Heard};
use crate::model::message::{Author, Direction, Message, Said, Status};
use crate::model::node::Text;
use crate::model::outbox::{Class, Source};
use crate::model::route::{Outcome, Route, Rule};
use crate::model::run::{Origin, Phase, WaitingFor};
use crate::model::value::Values;
use crate::provider::press;
use crate::store::{contacts, messages, runs, unanswered};

/// Events with a provider time older than this are kept and move nothing (SEC-10).
const EVENT_AGE_MAX: Span = Span(8 * Span::DAY.0);

pub(super) fn hear(desk: &mut Desk, connection: &Connection, said: Said) -> Result<(), Refusal> {
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
    if matches!(route.rule, Rule::Nothing | Rule::Withheld) {
        unanswered::mark(&mut desk.work, contact.id, id)?;
    }
    let taker = route.run();
    follow(desk, channel, &contact, id, heard, route)?;
    tell_others(desk, &contact, taker)
}

pub(super) fn incoming(id: MessageId, channel: ChannelId, contact: ContactId, said: &Said, now: Time) -> Message {
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

/// The contact wrote and one run took it: what the others held for the contact's next message may go now.
fn tell_others(desk: &mut Desk, contact: &Contact, taker: Option<RunId>) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, contact.id)? {
        let held = matches!(&run.phase, Phase::Waiting(waiting) if waiting.what == WaitingFor::Window);
        if held && Some(run.id) != taker {
            advance::happen(desk, run.id, &Event::ContactChanged)?;
        }
    }
    Ok(())
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
            match advance::enter(desk, start)?.reason {
                Some(reason) => note_refusal(desk, message, reason),
                None => Ok(()),
            }
        }
        Outcome::Answer { run } => advance::happen(desk, run, &Event::Message(heard)),
        Outcome::Press { run, node, choice } => advance::happen(desk, run, &Event::Button { node, choice, heard }),
    }
}

/// The flow that takes a message does not start: why, at the message.
fn note_refusal(desk: &mut Desk, message: MessageId, reason: String) -> Result<(), Refusal> {
    let Some(stored) = messages::get(&desk.work, message)? else { return Ok(()) };
    Ok(messages::put(&mut desk.work, &Message { reason: Some(reason), ..stored })?)
}

fn opt_out(desk: &mut Desk, channel: ChannelId, contact: ContactId, message: MessageId, words: &str) -> Result<(), Refusal> {
    let (before, after) = set_consent(desk, contact, ConsentState::OptedOut, words)?;
    for run in runs::live_of_contact(&desk.work, contact)? {
        advance::stop(desk, &run, "The contact unsubscribed.")?;
    }
    advance::call_off(desk, contact, None, "The contact unsubscribed.")?;
    advance::contact_changed(desk, &before, &after, Cause { channel: Some(channel), ..Cause::default() })?;
    let text = desk.facts.settings.stop_reply.clone();
    confirm(desk, channel, contact, message, &text)
}

fn opt_in(desk: &mut Desk, channel: ChannelId, contact: ContactId, message: MessageId, words: &str) -> Result<(), Refusal> {
    let (before, after) = set_consent(desk, contact, ConsentState::OptedIn, words)?;
    let text = desk.facts.settings.start_reply.clone();
    confirm(desk, channel, contact, message, &text)?;
    advance::contact_changed(desk, &before, &after, Cause { channel: Some(channel), ..Cause::default() })
}

fn set_consent(desk: &mut Desk, contact: ContactId, state: ConsentState, words: &str) -> Result<(Contact, Contact), Refusal> {
    let Some(before) = contacts::get(&desk.work, contact)? else { return Err(Refusal::NotFound("contact")) };
    let consent = Consent { state, at: Some(desk.now), how: "message".to_owned(), words: words.to_owned() };
    let after = Contact { consent, ..before.clone() };
    contacts::put(&mut desk.work, &after)?;
    Ok((before, after))
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
    unanswered::clear(&mut desk.work, contact.id)?;
    advance::person_spoke(desk, &mut contact)
}
