//! What goes to a contact: a stored message and its row in the outbox, in one; and how both are called off.

use super::super::desk::{Desk, Signal};
use super::super::refusal::Refusal;
use crate::base::id::{ChannelId, ContactId, MessageId, OutboxId, RunId};
use crate::base::limits::SEND_VALIDITY;
use crate::base::time::Time;
use crate::model::contact::{Contact, Silence};
use crate::model::effect::Content;
use crate::model::message::{Author, Choice, Direction, Message, MessageKind, Status};
use crate::model::node::MediaKind;
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use crate::store::{messages, outbox, unanswered};

/// Calls off what a run has in the outbox and is not yet under way.
pub fn call_off(desk: &mut Desk, contact: ContactId, run: Option<RunId>, reason: &str) -> Result<(), Refusal> {
    for mut row in outbox::open_of_contact(&desk.work, contact, usize::MAX)? {
        let its = match (&row.source, run) {
            (Source::Effect(effect), Some(run)) => effect.run == run,
            (Source::Consent(_), _) => false,
            (_, Some(_)) => false,
            (_, None) => true,
        };
        if its && matches!(row.state, OutboxState::Ready { .. }) {
            row.state = OutboxState::Cancelled { at: desk.now, reason: reason.to_owned() };
            outbox::put(&mut desk.work, &row)?;
            if let Load::Message { message, .. } = row.load {
                fail_message(desk, message, reason)?;
            }
        }
    }
    Ok(())
}

/// Marks a message of ours as one that will not arrive.
pub fn fail_message(desk: &mut Desk, id: MessageId, reason: &str) -> Result<(), Refusal> {
    let Some(mut message) = messages::get(&desk.work, id)? else { return Ok(()) };
    message.status = message.status.after(Status::Failed);
    message.reason = Some(reason.to_owned());
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(message.contact));
    Ok(())
}

/// What is to be sent, by whom, and why.
#[derive(Clone, Debug)]
pub struct Letter {
    /// On which channel.
    pub channel: ChannelId,
    /// What decided it.
    pub source: Source,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub content: Content,
    /// Who goes first.
    pub class: Class,
    /// Not before this time.
    pub due: Time,
}

/// Stores a message to a contact and its row in the outbox. To one who wants none, or is blocked, it is stored as failed and does not
/// go out. The same source twice is one message: the second time nothing happens.
pub fn send(desk: &mut Desk, contact: &Contact, letter: Letter) -> Result<Option<OutboxId>, Refusal> {
    if outbox::by_source(&desk.work, &letter.source)?.is_some() {
        return Ok(None);
    }
    let consent_reply = matches!(letter.source, Source::Consent(_));
    let refused = match contact.silence(desk.now) {
        Some(Silence::OptedOut) if !consent_reply => Some("This contact has unsubscribed: nothing is sent."),
        Some(Silence::Blocked) => Some("This contact is blocked: nothing is sent."),
        _ => None,
    };
    let id = desk.mint()?;
    let content = letter.content;
    let message = Message {
        id,
        direction: Direction::Out,
        channel: letter.channel,
        contact: contact.id,
        kind: kind_of(&content),
        text: content.text.clone(),
        media: content.media.iter().cloned().collect(),
        choices: choices_of(&content),
        provider_id: None,
        provider_time: None,
        stored_at: desk.now,
        status: if refused.is_some() { Status::Failed } else { Status::Queued },
        reason: refused.map(str::to_owned),
        author: letter.author,
        route: None,
    };
    messages::put(&mut desk.work, &message)?;
    desk.signal(Signal::Contact(contact.id));
    if refused.is_some() {
        return Ok(None);
    }
    // A follow-up that was due anyway answers nobody.
    if letter.class == Class::Live {
        unanswered::clear(&mut desk.work, contact.id)?;
    }
    let row = OutboxRow {
        id: desk.mint()?,
        contact: contact.id,
        channel: letter.channel,
        source: letter.source,
        load: Load::Message { message: id, content },
        state: OutboxState::Ready { due: letter.due },
        attempts: 0,
        class: letter.class,
        created: desk.now,
        expires: letter.due + SEND_VALIDITY,
        maybe_double: false,
    };
    outbox::insert(&mut desk.work, &row)?;
    desk.signal(Signal::Outbox(row.id));
    Ok(Some(row.id))
}

fn kind_of(content: &Content) -> MessageKind {
    match content.media.as_ref().map(|media| media.kind) {
        Some(MediaKind::Image) => MessageKind::Image,
        Some(MediaKind::Audio) => MessageKind::Audio,
        Some(MediaKind::Video) => MessageKind::Video,
        Some(MediaKind::Document) => MessageKind::Document,
        Some(MediaKind::Sticker) => MessageKind::Sticker,
        None if content.location.is_some() => MessageKind::Location,
        None if content.card.is_some() => MessageKind::Contacts,
        None => MessageKind::Text,
    }
}

fn choices_of(content: &Content) -> Vec<Choice> {
    let rows = content.list.iter().flat_map(|list| &list.sections).flat_map(|(_, rows)| rows);
    content.buttons.iter().chain(rows.map(|(choice, _)| choice)).cloned().collect()
}
