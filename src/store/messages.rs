//! Messages in commit order, by contact and by the provider's id; and which inbound ones were seen already (IN-3).

use super::catalogue::{DEDUPE, MESSAGES, MESSAGES_BY_CONTACT, PROVIDER_IDS};
use super::codec::Present;
use super::days;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{ChannelId, ContactId, ID_BYTES, Id, MessageId};
use crate::base::limits::DEDUPE_DAYS;
use crate::base::time::Time;
use crate::model::message::{Direction, Message};

/// Days a provider's id leads to our message: a receipt for an older one says nothing any more.
const PROVIDER_ID_DAYS: u32 = 30;

/// The message of this id.
pub fn get(read: &impl Read, id: MessageId) -> Result<Option<Message>, StoreError> {
    MESSAGES.get(read, &id.to_key())
}

/// Stores a message; the provider's id, where it has one, leads to it.
pub fn put(work: &mut Work, message: &Message) -> Result<(), StoreError> {
    let stored = get(work, message.id)?;
    let index = |message: &Message| keys::under(message.contact, &[&message.id.to_key()]);
    if let Some(stored) = stored.as_ref().filter(|stored| stored.contact != message.contact) {
        MESSAGES_BY_CONTACT.del(work, &index(stored));
    }
    if stored.as_ref().is_none_or(|stored| stored.contact != message.contact) {
        MESSAGES_BY_CONTACT.put(work, &index(message), &Present)?;
    }
    if let Some(provider_id) = &message.provider_id
        && stored.is_none_or(|stored| stored.provider_id != message.provider_id)
    {
        remember_provider_id(work, message.channel, provider_id, message.id, message.stored_at)?;
    }
    MESSAGES.put(work, &message.id.to_key(), message)
}

/// Removes a message. The provider's id goes with its day.
pub fn delete(work: &mut Work, id: MessageId) -> Result<(), StoreError> {
    if let Some(message) = get(work, id)? {
        MESSAGES_BY_CONTACT.del(work, &keys::under(message.contact, &[&id.to_key()]));
        MESSAGES.del(work, &id.to_key());
    }
    Ok(())
}

/// A page of messages in commit order, of one contact or all, one way or both.
pub fn list(
    read: &impl Read,
    contact: Option<ContactId>,
    direction: Option<Direction>,
    after: Option<MessageId>,
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let (mut page, mut after) = (Vec::new(), after);
    while page.len() < limit {
        let some = match contact {
            Some(contact) => of_contact(read, contact, after, limit)?,
            None => MESSAGES.list(read, after, limit)?,
        };
        let Some(last) = some.last().map(|message| message.id) else {
            break;
        };
        after = Some(last);
        page.extend(some.into_iter().filter(|message| direction.is_none_or(|direction| message.direction == direction)));
    }
    page.truncate(limit);
    Ok(page)
}

/// The latest messages with a contact before `before`, newest first.
pub fn of_contact_latest(
    read: &impl Read,
    contact: ContactId,
    before: Option<MessageId>,
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let prefix = contact.to_key();
    let to = before.map_or_else(|| keys::end(&prefix), |before| keys::under(contact, &[&before.to_key()]));
    fetch(read, MESSAGES_BY_CONTACT.scan_down(read, &prefix, &to, limit)?)
}

fn of_contact(read: &impl Read, contact: ContactId, after: Option<MessageId>, limit: usize) -> Result<Vec<Message>, StoreError> {
    let after = after.map(|after| keys::under(contact, &[&after.to_key()]));
    fetch(read, MESSAGES_BY_CONTACT.page(read, &contact.to_key(), after.as_deref(), limit)?)
}

fn fetch(read: &impl Read, page: Vec<(Bytes, Present)>) -> Result<Vec<Message>, StoreError> {
    page.into_iter()
        .map(|(key, _)| {
            let id: MessageId = keys::id_at(&key, ID_BYTES).ok_or_else(|| MESSAGES_BY_CONTACT.bad_key(&key))?;
            get(read, id)?.ok_or_else(|| MESSAGES.missing(&id.to_key()))
        })
        .collect()
}

/// Our message with this provider's id on this channel.
pub fn by_provider_id(read: &impl Read, channel: ChannelId, provider_id: &str) -> Result<Option<MessageId>, StoreError> {
    for day in days::present(read, PROVIDER_IDS.family())? {
        let found = PROVIDER_IDS.get(read, &provider_key(channel, provider_id, day))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Lets a provider's id lead to a message.
pub fn remember_provider_id(
    work: &mut Work,
    channel: ChannelId,
    provider_id: &str,
    message: MessageId,
    now: Time,
) -> Result<(), StoreError> {
    PROVIDER_IDS.put(work, &provider_key(channel, provider_id, now.day()), &message)
}

fn provider_key(channel: ChannelId, provider_id: &str, day: u32) -> Bytes {
    days::key(channel.shard(), day, &[&channel.to_key(), provider_id.as_bytes()])
}

/// Whether this came before, within the window; if not, it has now.
pub fn seen(work: &mut Work, channel: ChannelId, kind: &str, provider_id: &str, now: Time) -> Result<bool, StoreError> {
    let key = |day| days::key(channel.shard(), day, &[&channel.to_key(), kind.as_bytes(), provider_id.as_bytes()]);
    let today = now.day();
    for day in today.saturating_sub(DEDUPE_DAYS)..today {
        if DEDUPE.has(work, &key(day))? {
            return Ok(true);
        }
    }
    Ok(!DEDUPE.insert(work, &key(today), &Present)?)
}

/// Drops what lies outside the windows, at most `days::DROP_ROWS_MAX` rows of each kind; tells how many. Call again until none.
pub fn drop_old_days(work: &mut Work, now: Time) -> Result<usize, StoreError> {
    let dedupe = days::drop_before(work, DEDUPE.family(), now.day().saturating_sub(DEDUPE_DAYS))?;
    let provider_ids = days::drop_before(work, PROVIDER_IDS.family(), now.day().saturating_sub(PROVIDER_ID_DAYS))?;
    Ok(dedupe + provider_ids)
}
