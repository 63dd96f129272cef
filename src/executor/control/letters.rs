//! What a person writes to a contact, in place of the flows.

use super::repeat::{RepeatKey, once};
use crate::base::id::{ChannelId, ContactId, MessageId};
use crate::engine::FILE_SCHEME;
use crate::executor::advance::{self, Letter};
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::contact::{Contact, Silence};
use crate::model::effect::Content;
use crate::model::message::{Author, MediaRef, Message};
use crate::model::node::Attachment;
use crate::model::operator::By;
use crate::model::outbox::{Class, Source};
use crate::store::{contacts, files, messages, outbox};

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
        self.write_with_files(by, contact, Saying { channel, text, files: Vec::new() }, repeat).await
    }

    /// The same with files behind the text. Gives the first message of those that go.
    pub async fn write_with_files(
        &self,
        by: By,
        contact: ContactId,
        saying: Saying,
        repeat: Option<RepeatKey>,
    ) -> Result<Message, Refusal> {
        let request = chance::token()?;
        let id =
            self.line.change(move |desk| once(desk, repeat.as_ref(), &saying, |desk| write(desk, by, contact, &saying, &request))).await?;
        let view = self.view()?;
        let message = tokio::task::spawn_blocking(move || messages::get(&view, id)).await.map_err(|_| Refusal::Fault)??;
        message.ok_or(Refusal::NotFound("message"))
    }

    /// Sends the test message of a channel. Nobody is answering this contact by it, so automations keep speaking with them: the next
    /// thing that is tried is a keyword.
    pub async fn test_channel(&self, by: By, contact: ContactId, channel: ChannelId, text: String) -> Result<MessageId, Refusal> {
        let request = chance::token()?;
        let saying = Saying { channel: Some(channel), text, files: Vec::new() };
        self.line.change(move |desk| post(desk, by, contact, &saying, &request).map(|(message, _)| message)).await
    }
}

/// What a person says to a contact.
#[derive(Clone, Debug, Default)]
pub struct Saying {
    /// By which channel; where the contact was heard last if none is named.
    pub channel: Option<ChannelId>,
    /// The words; may be empty where there are files.
    pub text: String,
    /// Files that go behind the words, each as a message of its own.
    pub files: Vec<Attachment>,
}

fn write(desk: &mut Desk, by: By, contact: ContactId, saying: &Saying, request: &str) -> Result<MessageId, Refusal> {
    let (message, mut record) = post(desk, by, contact, saying, request)?;
    advance::person_spoke(desk, &mut record)?;
    Ok(message)
}

fn post(desk: &mut Desk, by: By, contact: ContactId, saying: &Saying, request: &str) -> Result<(MessageId, Contact), Refusal> {
    let record = contacts::get(&desk.work, contact)?.ok_or(Refusal::NotFound("contact"))?;
    let channel = channel_for(desk, &record, saying.channel)?;
    let text = saying.text.trim();
    may_be_written_to(desk, &record, channel, text, !saying.files.is_empty())?;
    let words = (!text.is_empty()).then(|| Content { text: text.to_owned(), ..Content::default() });
    let mut contents: Vec<Content> = words.into_iter().collect();
    for file in &saying.files {
        contents.push(file_of(desk, &record, file)?);
    }
    let mut first = None;
    for (content, number) in contents.into_iter().zip(0..) {
        let letter = Letter {
            channel,
            source: Source::Operator(if number == 0 { request.to_owned() } else { format!("{request}.{number}") }),
            author: Author::Operator(by.operator()),
            content,
            class: Class::Live,
            due: desk.now,
        };
        let row = advance::send(desk, &record, letter)?.ok_or(Refusal::Fault)?;
        first = first.or(Some(row));
    }
    let row = outbox::get(&desk.work, first.ok_or(Refusal::Fault)?)?.ok_or(Refusal::Fault)?;
    Ok((row.message().ok_or(Refusal::Fault)?, record))
}

/// A file as it is sent. One that is kept here must be here still.
fn file_of(desk: &Desk, contact: &Contact, file: &Attachment) -> Result<Content, Refusal> {
    let gone = || Refusal::Invalid("A file of this message is not here any more. Attach it again.".to_owned());
    let meta = match file.file.as_deref().map(str::parse) {
        Some(Ok(id)) => Some(files::meta(&desk.work, id)?.ok_or_else(gone)?),
        Some(Err(_)) => return Err(gone()),
        None => None,
    };
    let kept = file.file.as_ref().map(|id| format!("{FILE_SCHEME}{id}"));
    let own = contact.language.as_deref().unwrap_or(&desk.facts.settings.language);
    let caption = file.caption.as_ref().map(|caption| caption.in_language(&[own]).to_owned()).unwrap_or_default();
    let name = meta.map(|meta| meta.name);
    let media = MediaRef { kind: file.kind, provider_id: None, url: kept.or_else(|| file.url.clone()), mime: None, name, caption: None };
    Ok(Content { text: caption, media: Some(media), ..Content::default() })
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

fn may_be_written_to(desk: &Desk, contact: &Contact, channel: ChannelId, text: &str, has_files: bool) -> Result<(), Refusal> {
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
    if text.is_empty() && !has_files {
        return Err(Refusal::Invalid("The message is empty. Write a text.".to_owned()));
    }
    let (length, most) = (text.chars().count(), facts.abilities.text_chars_max);
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
