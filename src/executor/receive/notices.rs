//! What a provider tells beside messages: how far one of ours got, and that a person's address became another.

use super::super::caller::contact_of;
use super::super::desk::{Desk, Signal};
use super::super::facts::Connection;
use super::super::refusal::Refusal;
use super::hear::incoming;
use crate::base::address::Address;
use crate::base::id::MessageId;
use crate::base::time::Time;
use crate::model::message::{Message, MessageKind, Receipt, Said, Status};
use crate::model::outbox::OutboxState;
use crate::model::route::Route;
use crate::store::{contacts, messages, outbox};

/// How far a message of ours got. Nothing moves backwards (IN-6); a row whose outcome was unknown is settled by it (OUT-4).
pub(super) fn take_receipt(desk: &mut Desk, connection: &Connection, receipt: Receipt) -> Result<(), Refusal> {
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

pub(super) fn moved(
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
