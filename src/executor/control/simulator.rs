//! Invented people: what they write and press comes in by the hook of the simulator channel, as from any provider. No second way in.

use crate::base::address::{Address, ChannelKind};
use crate::base::id::{ContactId, MessageId};
use crate::executor::Executor;
use crate::executor::control::contacts::ContactEdit;
use crate::executor::facts::{Connection, Facts};
use crate::executor::receive::Hook;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::message::{Author, Message};
use crate::model::operator::By;
use crate::provider::press::{self, Press};
use crate::store::{contacts, messages};
use serde_json::json;
use std::sync::Arc;

/// What an invented person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Writes this.
    Write(String),
    /// Presses a button or row of a message they got.
    Choose {
        /// The message.
        message: MessageId,
        /// The id of the button or row.
        choice: String,
    },
}

/// The channel by which invented people write: the first simulator that is enabled, or else the first one.
pub fn simulator(facts: &Facts) -> Option<&Arc<Connection>> {
    let all = || facts.channels.values().filter(|known| known.channel.kind == ChannelKind::Simulator);
    all().find(|known| known.channel.enabled).or_else(|| all().next())
}

impl Executor {
    /// Invents a person of this name.
    pub async fn invent_person(&self, by: By, name: &str) -> Result<Contact, Refusal> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Refusal::Invalid("A person needs a name.".to_owned()));
        }
        let address = self.free_name(&name).await?;
        let addresses = Some(vec![Address::new(ChannelKind::Simulator, &address)]);
        self.create_contact(by, ContactEdit { name: Some(Some(name)), addresses, ..ContactEdit::default() }).await
    }

    /// The name by which the simulator knows a person: their own, numbered where somebody has it.
    async fn free_name(&self, name: &str) -> Result<String, Refusal> {
        let name = name.to_lowercase();
        let found = self.read(move |view| {
            let mut numbered = name.clone();
            for number in 2_u32.. {
                if contacts::find(view, &Address::new(ChannelKind::Simulator, &numbered).key())?.is_none() {
                    break;
                }
                numbered = format!("{name} {number}");
            }
            Ok(numbered)
        });
        Ok(found.await?)
    }

    /// Lets an invented person do something.
    pub async fn simulate(&self, contact: ContactId, deed: Deed) -> Result<(), Refusal> {
        let facts = self.facts();
        let none = || Refusal::Conflict("There is no simulator channel. Add one under Channels.".to_owned());
        let token = simulator(&facts).ok_or_else(none)?.channel.token.clone();
        let message = if let Deed::Choose { message, .. } = &deed { Some(*message) } else { None };
        let found = self.read(move |view| {
            let message = message.map(|message| messages::get(view, message)).transpose()?.flatten();
            Ok((contacts::get(view, contact)?, message))
        });
        let (contact, message) = found.await?;
        let contact = contact.ok_or(Refusal::NotFound("contact"))?;
        let body = body(&contact, message.as_ref(), &deed)?;
        let hook = Hook { method: "POST".to_owned(), query: String::new(), headers: Vec::new(), body };
        let reply = self.receive(&token, hook).await;
        match reply.status {
            200 => Ok(()),
            503 => Err(Refusal::Busy),
            _ => Err(Refusal::Invalid(reply.body)),
        }
    }
}

/// The body of the hook.
fn body(contact: &Contact, message: Option<&Message>, deed: &Deed) -> Result<Vec<u8>, Refusal> {
    let not_invented = || Refusal::Conflict("This contact is a real person: only invented ones can be spoken for.".to_owned());
    let address = contact.address_on(ChannelKind::Simulator).ok_or_else(not_invented)?;
    let said = match deed {
        Deed::Write(text) => json!({ "contact": address.address, "text": text }),
        Deed::Choose { choice, .. } => {
            let message = message.filter(|message| message.contact == contact.id).ok_or(Refusal::NotFound("message"))?;
            let chosen = message.choices.iter().find(|offered| offered.id == *choice).ok_or(Refusal::NotFound("button"))?;
            json!({ "contact": address.address, "text": chosen.title, "button": payload(message, choice) })
        }
    };
    Ok(said.to_string().into_bytes())
}

/// What a button of this message carries: the run and visit that sent it, or its own id where no run did.
fn payload(message: &Message, choice: &str) -> String {
    let Author::Run { run, action } = &message.author else { return choice.to_owned() };
    press::encode(&Press { run: *run, action: action.clone(), choice: choice.to_owned() }).unwrap_or_else(|| choice.to_owned())
}
