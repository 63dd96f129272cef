//! A WhatsApp webhook's body: envelope, entries, changes, and each item of them on its own, so that one bad item harms no other.

use super::super::http::HookReply;
use super::super::json::{self, items, text};
use super::super::{HookRead, Part};
use super::people::{People, phone, scoped};
use super::{content, notices};
use crate::model::channel::Channel;
use crate::model::message::{Inbound, Said};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Reads a body whose signature was checked.
pub(in crate::provider) fn read_body(channel: &Channel, body: &[u8]) -> HookRead {
    let json = match json::read(body) {
        Ok(json) => json,
        Err(reason) => return HookRead::Unreadable { reason },
    };
    let mut found = Found::default();
    match text(&json, "/object") {
        Some(object) if object == "whatsapp_business_account" => {}
        Some(object) => {
            found.events.push(Inbound::Ignored(format!("a notice about `{}`", short(&object))));
            return found.done();
        }
        None => return HookRead::Unreadable { reason: "the body has no `object`: it is not a WhatsApp webhook".to_owned() },
    }
    let entries = match json.get("entry") {
        Some(Value::Array(entries)) => entries,
        _ => return HookRead::Unreadable { reason: "the body has no list `entry`".to_owned() },
    };
    let ours = channel.options.get("phone_number_id").map_or("", String::as_str);
    for entry in entries {
        match entry.get("changes") {
            Some(Value::Array(changes)) => changes.iter().for_each(|change| found.change(entry, change, ours)),
            _ => found.unreadable.push(Part { bytes: enveloped(entry.clone()), reason: "the entry has no list `changes`".to_owned() }),
        }
    }
    found.done()
}

fn enveloped(entry: Value) -> Vec<u8> {
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// What was read so far.
#[derive(Default)]
struct Found {
    events: Vec<Inbound>,
    unreadable: Vec<Part>,
}

/// The change that items stand in.
struct Change<'a> {
    entry_id: &'a Value,
    field: &'a str,
    number: &'a str,
    people: People,
    errors: &'a [Value],
}

impl Found {
    fn done(self) -> HookRead {
        HookRead::Events { events: self.events, unreadable: self.unreadable, reply: HookReply::taken() }
    }

    fn change(&mut self, entry: &Value, change: &Value, ours: &str) {
        if let Err(reason) = self.try_change(entry, change, ours) {
            let entry = json!({ "id": entry.get("id").unwrap_or(&Value::Null), "changes": [change] });
            self.unreadable.push(Part { bytes: enveloped(entry), reason });
        }
    }

    fn try_change(&mut self, entry: &Value, change: &Value, ours: &str) -> Result<(), String> {
        let field = text(change, "/field").ok_or("the change has no `field`")?;
        let lists: &[List] = match field.as_ref() {
            "messages" => &[List::Messages, List::Statuses],
            "smb_message_echoes" | "message_echoes" => &[List::Echoes],
            "user_preferences" => &[List::Preferences],
            other => {
                self.events.push(Inbound::Ignored(format!("a notice of `{}`", short(other))));
                return Ok(());
            }
        };
        let value = change.get("value").filter(|value| value.is_object()).ok_or("the change has no `value`")?;
        let number = text(value, "/metadata/phone_number_id").ok_or("the change does not say for which number it is")?;
        if number != ours {
            self.events.push(Inbound::Ignored(format!("for another number, with the id {}", short(&number))));
            return Ok(());
        }
        let people = People::of(value, lone_sender(value));
        let errors = items(value, "/errors").unwrap_or_default();
        let change = Change { entry_id: entry.get("id").unwrap_or(&Value::Null), field: &field, number: &number, people, errors };
        let before = self.len();
        for list in lists {
            for item in items(value, list.pointer())? {
                self.item(&change, *list, item);
            }
        }
        if self.len() == before {
            self.events.push(Inbound::Ignored(
                super::errors::words_of(value, &[]).unwrap_or_else(|| format!("a notice of `{field}` without content")),
            ));
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.events.len() + self.unreadable.len()
    }

    fn item(&mut self, change: &Change<'_>, list: List, item: &Value) {
        let read = match list {
            List::Messages => message(change, item, false),
            List::Echoes => message(change, item, true),
            List::Statuses => notices::receipt(item, &change.people),
            List::Preferences => notices::preference(item, &change.people),
        };
        match read {
            Ok(event) => self.events.push(event),
            Err(reason) => self.unreadable.push(Part { bytes: change.alone(list, item), reason }),
        }
    }
}

/// The lists of a change that hold items for us.
#[derive(Clone, Copy)]
enum List {
    Messages,
    Statuses,
    Echoes,
    Preferences,
}

impl List {
    const fn pointer(self) -> &'static str {
        match self {
            List::Messages => "/messages",
            List::Statuses => "/statuses",
            List::Echoes => "/message_echoes",
            List::Preferences => "/user_preferences",
        }
    }
}

impl Change<'_> {
    /// A body that says of this change only this item: with the person it names, and nothing of its neighbours.
    fn alone(&self, list: List, item: &Value) -> Vec<u8> {
        let named = self.people.find(phone(item, "/from").as_ref(), scoped(item, "/from_user_id").as_ref());
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "phone_number_id": self.number },
            "contacts": named.map(|entry| entry.to_json()).into_iter().collect::<Vec<_>>(),
            list.pointer().trim_start_matches('/'): [item],
        });
        enveloped(json!({ "id": self.entry_id, "changes": [{ "field": self.field, "value": value }] }))
    }
}

/// Whether all messages of a change have one sender. System notices have no entry among the contacts, so they do not count.
fn lone_sender(value: &Value) -> bool {
    let written =
        items(value, "/messages").unwrap_or_default().iter().filter(|message| text(message, "/type").as_deref() != Some("system"));
    let senders: BTreeSet<_> = written.map(|message| (text(message, "/from"), text(message, "/from_user_id"))).collect();
    senders.len() == 1
}

/// One of `messages`, or one that our own side wrote on the phone. The error is a sentence.
fn message(change: &Change<'_>, message: &Value, ours: bool) -> Result<Inbound, String> {
    let provider_id = json::id(message, "/id").ok_or("the message has no `id`")?;
    if !ours && let Some(moved) = notices::moved(message) {
        return Ok(moved);
    }
    let (number, id) = match ours {
        false => (phone(message, "/from"), scoped(message, "/from_user_id")),
        true => (phone(message, "/to"), scoped(message, "/to_user_id")),
    };
    let (contact, name) = change.people.all_names(number, id);
    if contact.is_empty() {
        return Err("the message does not say who it is from or for".to_owned());
    }
    let said = content::read(message, change.errors)?;
    Ok(Inbound::Said(Said {
        provider_id,
        contact,
        name,
        kind: said.kind,
        text: said.text,
        button: said.button,
        media: said.media,
        at: json::time(message, "/timestamp"),
        ours,
        group: text(message, "/group_id").is_some(),
    }))
}
