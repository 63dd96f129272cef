//! Dates of contacts that will set triggers off, in order of time: what is due is found without looking at anybody else.

use super::catalogue::{DATES_DUE, DATES_OF_CONTACT};
use super::codec::Present;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{ContactId, FlowId, ID_BYTES, Id};
use crate::base::time::{Span, Time};
use crate::model::node::NodeId;

/// A trigger that a date of a contact sets off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    /// Whose date.
    pub contact: ContactId,
    /// Which flow.
    pub flow: FlowId,
    /// Which trigger of it.
    pub trigger: NodeId,
}

/// What is due at `until` or before, in order of time.
pub fn due_before(read: &impl Read, until: Time, limit: usize) -> Result<Vec<(Time, Occasion)>, StoreError> {
    let from = keys::key(read.shard(), &[]);
    let to = keys::key(read.shard(), &[&keys::time(until + Span(1))]);
    let rows = DATES_DUE.scan(read, &from, &to, limit)?;
    rows.into_iter().map(|(key, _)| parse(&key).ok_or_else(|| DATES_DUE.bad_key(&key))).collect()
}

/// When a contact's date sets a trigger off, if it does.
pub fn get(read: &impl Read, of: &Occasion) -> Result<Option<Time>, StoreError> {
    DATES_OF_CONTACT.get(read, &own_key(of))
}

/// Sets when a contact's date sets a trigger off, in place of what was set; `None` is never.
pub fn put(work: &mut Work, of: &Occasion, due: Option<Time>) -> Result<(), StoreError> {
    let own = own_key(of);
    let before = DATES_OF_CONTACT.get(work, &own)?;
    if before == due {
        return Ok(());
    }
    if let Some(before) = before {
        DATES_DUE.del(work, &due_key(before, of));
    }
    match due {
        Some(due) => {
            DATES_DUE.put(work, &due_key(due, of), &Present)?;
            DATES_OF_CONTACT.put(work, &own, &due)
        }
        None => {
            DATES_OF_CONTACT.del(work, &own);
            Ok(())
        }
    }
}

/// Forgets all of a contact.
pub fn delete_of(work: &mut Work, contact: ContactId) -> Result<(), StoreError> {
    for (key, due) in DATES_OF_CONTACT.under(work, &contact.to_key())? {
        let of = occasion(&key).ok_or_else(|| DATES_OF_CONTACT.bad_key(&key))?;
        DATES_DUE.del(work, &due_key(due, &of));
        DATES_OF_CONTACT.del(work, &key);
    }
    Ok(())
}

fn own_key(of: &Occasion) -> Bytes {
    keys::under(of.contact, &[&of.flow.to_key(), of.trigger.0.as_bytes()])
}

fn due_key(due: Time, of: &Occasion) -> Bytes {
    keys::key(of.contact.shard(), &[&keys::time(due), &own_key(of)])
}

fn parse(key: &[u8]) -> Option<(Time, Occasion)> {
    let due = key.get(2..10)?.try_into().ok()?;
    Some((keys::read_time(due), occasion(key.get(10..)?)?))
}

fn occasion(key: &[u8]) -> Option<Occasion> {
    let trigger = std::str::from_utf8(key.get(2 * ID_BYTES..)?).ok()?;
    Some(Occasion { contact: keys::id_at(key, 0)?, flow: keys::id_at(key, ID_BYTES)?, trigger: NodeId(trigger.to_owned()) })
}
