//! What a person writes to a contact, in place of the flows.

use super::repeat::{RepeatKey, once};
use crate::base::id::{ChannelId, ContactId, MessageId};
use crate::executor::advance::{self, Letter};
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::contact::{Contact, Silence};
use crate::model::effect::Content;
use crate::model::message::{Author, Message};
use crate::model::operator::By;
use crate::model::outbox::{Class, Source};
use crate::store::{contacts, messages, outbox};

impl Executor {
    /// Stores a person's message to a contact and hands it to the outbox. The contact's flows keep silent for an hour after it.
    /// Without a channel it goes where the contact was heard last.
    pub async fn write_to_contact(
        &self,
        by: By,
        contact: ContactId,
        channel: Option<ChannelId>,
        text: String,
        repeat: Option<RepeatKey>,
    ) -> Result<Message, Refusal> {
        let request = chance::token()?;
        let id =
            self.line.change(move |desk| once(desk, repeat.as_ref(), |desk| write(desk, by, contact, channel, &text, request))).await?;
        let view = self.view()?;
        let message = tokio::task::spawn_blocking(move || messages::get(&view, id)).await.map_err(|_| Refusal::Fault)??;
        message.ok_or(Refusal::NotFound("message"))
    }

    /// Sends the test message of a channel. Nobody is answering this contact by it, so automations keep speaking with them: the next
    /// thing that is tried is a keyword.
    pub async fn test_channel(&self, by: By, contact: ContactId, channel: ChannelId, text: String) -> Result<(), Refusal> {
        let request = chance::token()?;
        self.line.change(move |desk| post(desk, by, contact, Some(channel), &text, request).map(|_| ())).await
    }
}

fn write(
    desk: &mut Desk,
    by: By,
    contact: ContactId,
    channel: Option<ChannelId>,
    text: &str,
    request: String,
) -> Result<MessageId, Refusal> {
    let (message, mut record) = post(desk, by, contact, channel, text, request)?;
    advance::person_spoke(desk, &mut record)?;
    Ok(message)
}

fn post(
    desk: &mut Desk,
    by: By,
    contact: ContactId,
    channel: Option<ChannelId>,
    text: &str,
    request: String,
) -> Result<(MessageId, Contact), Refusal> {
    let record = contacts::get(&desk.work, contact)?.ok_or(Refusal::NotFound("contact"))?;
    let channel = channel_for(desk, &record, channel)?;
    may_be_written_to(desk, &record, channel, text)?;
    let letter = Letter {
        channel,
        source: Source::Operator(request),
        author: Author::Operator(by.operator()),
        content: Content { text: text.trim().to_owned(), ..Content::default() },
        class: Class::Live,
        due: desk.now,
    };
    let row = advance::send(desk, &record, letter)?.ok_or(Refusal::Fault)?;
    let row = outbox::get(&desk.work, row)?.ok_or(Refusal::Fault)?;
    Ok((row.message().ok_or(Refusal::Fault)?, record))
}

/// The channel asked for, or else where the contact was heard last, or else the first that knows an address of theirs.
fn channel_for(desk: &Desk, contact: &Contact, wanted: Option<ChannelId>) -> Result<ChannelId, Refusal> {
    if let Some(wanted) = wanted {
        return desk.facts.channel(wanted).map(|_| wanted);
    }
    let known = |id: &ChannelId| desk.facts.channels.contains_key(id);
    let heard = contact.heard.iter().filter(|(id, _)| known(id)).max_by_key(|(_, heard)| heard.arrived);
    let reached = desk.facts.channels.values().find(|known| contact.address_on(known.channel.kind).is_some());
    let none = || Refusal::Conflict("No channel knows an address of this contact. Name a channel, or add an address.".to_owned());
    heard.map(|(id, _)| *id).or(reached.map(|known| known.channel.id)).ok_or_else(none)
}

fn may_be_written_to(desk: &Desk, contact: &Contact, channel: ChannelId, text: &str) -> Result<(), Refusal> {
    let connection = desk.facts.channel(channel)?;
    let facts = connection.facts();
    let conflict = |sentence: String| Err(Refusal::Conflict(sentence));
    match contact.silence(desk.now) {
        Some(Silence::OptedOut) => return conflict("This contact has unsubscribed: nothing is sent.".to_owned()),
        Some(Silence::Blocked) => return conflict("This contact is blocked: nothing is sent.".to_owned()),
        _ => {}
    }
    if contact.address_on(facts.kind).is_none() {
        return conflict(format!("The contact has no address that the channel \"{}\" can send to. Add one.", facts.name));
    }
    if !connection.channel.enabled {
        return conflict(format!("The channel \"{}\" is disabled. Enable it first.", facts.name));
    }
    if text.trim().is_empty() {
        return Err(Refusal::Invalid("The message is empty. Write a text.".to_owned()));
    }
    let (length, most) = (text.trim().chars().count(), facts.abilities.text_chars_max);
    if length > most {
        return Err(Refusal::Invalid(format!("The text has {length} characters and {most} at most can be sent.")));
    }
    let heard = contact.heard.get(&channel).map(|heard| heard.provider_time);
    let open = facts.abilities.window.is_none_or(|window| heard.is_some_and(|heard| desk.now.since(heard) < window));
    if !open {
        return conflict("The contact has not written for 24 hours: until they do, the provider takes no free text.".to_owned());
    }
    Ok(())
}
