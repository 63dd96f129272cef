//! What WhatsApp tells us that nobody wrote: how far our messages got, new numbers of people, and their wish for no marketing.

use super::super::json::{self, text};
use super::errors;
use super::people::{People, each_once, phone, scoped};
use crate::base::id::OutboxId;
use crate::model::message::{Inbound, MessageKind, Receipt, Said, Status};
use serde_json::Value;

/// What stands before our own id in `biz_opaque_callback_data`.
pub(super) const CALLBACK_MARK: &str = "flusso:";

/// One of `statuses`. The error is a sentence.
pub(super) fn receipt(status: &Value, people: &People) -> Result<Inbound, String> {
    let provider_id = json::id(status, "/id").ok_or("the status has no `id`")?;
    let word = text(status, "/status").ok_or("the status has no `status`")?;
    let far = match word.as_ref() {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" | "played" => Status::Read,
        "failed" => Status::Failed,
        other => return Ok(Inbound::Ignored(format!("a status `{}`", other.chars().take(40).collect::<String>()))),
    };
    // In a group the names are those of one member, not of the person we wrote to.
    let contact = match text(status, "/recipient_type").as_deref() {
        Some("group") => Vec::new(),
        _ => people.all_names(phone(status, "/recipient_id"), scoped(status, "/recipient_user_id")).0,
    };
    Ok(Inbound::Receipt(Receipt {
        provider_id,
        status: far,
        at: json::time(status, "/timestamp"),
        outbox: outbox(status),
        contact,
        error: (far == Status::Failed).then(|| errors::words_of(status, &[]).unwrap_or_else(|| "WhatsApp does not say why.".to_owned())),
    }))
}

fn outbox(status: &Value) -> Option<OutboxId> {
    text(status, "/biz_opaque_callback_data")?.strip_prefix(CALLBACK_MARK)?.parse().ok()
}

/// A `system` message that gives a person a new number or id; `None` for any other.
pub(super) fn moved(message: &Value) -> Option<Inbound> {
    let kind = text(message, "/system/type")?;
    let sender = [phone(message, "/from"), scoped(message, "/from_user_id")];
    let to = [phone(message, "/system/wa_id").or_else(|| phone(message, "/system/new_wa_id")), scoped(message, "/system/user_id")];
    let (from, to) = match kind.as_ref() {
        "user_changed_number" | "customer_changed_number" => {
            let [from, from_id] = sender;
            let before = [from, scoped(message, "/system/previous_user_id"), scoped(message, "/system/previous_parent_user_id"), from_id];
            (each_once(before), each_once(to))
        }
        "user_changed_user_id" => {
            // The phone number, where one is given, stays what it was.
            let kept = sender[0].clone().filter(|address| address.phone().is_some());
            let before = [
                scoped(message, "/system/previous_user_id"),
                scoped(message, "/system/previous_parent_user_id"),
                kept.clone(),
                sender[1].clone(),
            ];
            let [to_phone, to_id] = to;
            (each_once(before), each_once([to_id, to_phone, kept]))
        }
        _ => return None,
    };
    let kept = |address: &&crate::base::address::Address| address.phone().is_none() && to.contains(address);
    let from: Vec<_> = from.iter().filter(|address| !kept(address)).cloned().collect();
    let provider_id = json::id(message, "/id")?;
    let words = text(message, "/system/body").unwrap_or_default().into_owned();
    (!from.is_empty() && !to.is_empty() && from != to).then(|| Inbound::Moved {
        from,
        to,
        provider_id,
        at: json::time(message, "/timestamp"),
        text: words,
    })
}

/// One of `user_preferences`: no id comes with it, so what it says is its id.
pub(super) fn preference(preference: &Value, people: &People) -> Result<Inbound, String> {
    let wish = text(preference, "/value").ok_or("the preference has no `value`")?;
    let category = text(preference, "/category").unwrap_or("messages".into()).replace('_', " ");
    let (contact, name) = people.all_names(phone(preference, "/wa_id"), scoped(preference, "/user_id"));
    let who = contact.first().ok_or("the preference names nobody")?;
    let words = match wish.as_ref() {
        "stop" => format!("Wants no more {category}."),
        "resume" => format!("Wants {category} again."),
        other => format!("Says `{}` about {category}.", other.chars().take(40).collect::<String>()),
    };
    let stamp = text(preference, "/timestamp").unwrap_or_default();
    Ok(Inbound::Said(Said {
        provider_id: format!("preference:{}:{category}:{wish}:{stamp}", who.address),
        contact,
        name,
        kind: MessageKind::System,
        text: words,
        button: None,
        media: Vec::new(),
        at: json::time(preference, "/timestamp"),
        ours: false,
        group: false,
    }))
}
