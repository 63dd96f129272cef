//! Who wrote and got no answer: the first message of each that stayed without one.

use super::catalogue::UNANSWERED;
use super::error::StoreError;
use super::keys;
use super::tallies::{self, Tally};
use super::work::{Read, Work};
use crate::base::id::{ContactId, ID_BYTES, Id, MessageId};

/// The first message of a contact that nobody has answered.
pub fn get(read: &impl Read, contact: ContactId) -> Result<Option<MessageId>, StoreError> {
    UNANSWERED.get(read, &contact.to_key())
}

/// A message of a contact stays without an answer. One that came before it stays the first.
pub fn mark(work: &mut Work, contact: ContactId, message: MessageId) -> Result<(), StoreError> {
    if get(work, contact)?.is_some() {
        return Ok(());
    }
    UNANSWERED.put(work, &contact.to_key(), &message)?;
    tallies::add(work, Tally::Unanswered, 1)
}

/// A contact was answered, or needs no answer.
pub fn clear(work: &mut Work, contact: ContactId) -> Result<(), StoreError> {
    if get(work, contact)?.is_none() {
        return Ok(());
    }
    UNANSWERED.del(work, &contact.to_key());
    tallies::add(work, Tally::Unanswered, -1)
}

/// How many contacts wait for an answer.
pub fn count(read: &impl Read) -> Result<u64, StoreError> {
    tallies::get(read, Tally::Unanswered)
}

/// A page of them, in order of id.
pub fn list(read: &impl Read, after: Option<ContactId>, limit: usize) -> Result<Vec<ContactId>, StoreError> {
    let page =
        UNANSWERED.page(read, &keys::key(read.shard(), &[]), after.map(Id::to_key).as_ref().map(<[u8; ID_BYTES]>::as_slice), limit)?;
    page.into_iter().map(|(key, _)| keys::id_at(&key, 0).ok_or_else(|| UNANSWERED.bad_key(&key))).collect()
}
