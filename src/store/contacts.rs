//! Contacts, the index of their addresses, and what flows left behind with them.

use super::catalogue::{ADDRESSES, CONTACTS, PASSAGES};
use super::codec::{self, Record};
use super::dates;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::tallies::{self, Tally};
use super::unanswered;
use super::work::{Read, Work};
use crate::base::address::{Address, AddressKey, ChannelKind};
use crate::base::id::{ContactId, FlowId, ID_BYTES, Id, Shard};
use crate::base::time::Time;
use crate::model::contact::{Contact, Passage, Passages};
use crate::model::node::NodeId;
use crate::model::run::EndedAs;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The contact of this id.
pub fn get(read: &impl Read, id: ContactId) -> Result<Option<Contact>, StoreError> {
    CONTACTS.get(read, &id.to_key())
}

/// The contact with this address.
pub fn find(read: &impl Read, address: &AddressKey) -> Result<Option<ContactId>, StoreError> {
    ADDRESSES.get(read, &address_key(read.shard(), address))
}

/// Stores a contact. An address it gains leads to it from now on, even if it led to another before: whether two people are one is
/// decided above.
pub fn put(work: &mut Work, contact: &Contact) -> Result<(), StoreError> {
    let stored = get(work, contact.id)?;
    let (before, after) = (stored.as_ref().map(addresses).unwrap_or_default(), addresses(contact));
    for gone in before.difference(&after) {
        forget_address(work, contact.id, gone)?;
    }
    for gained in after.difference(&before) {
        ADDRESSES.put(work, &address_key(contact.id.shard(), gained), &contact.id)?;
    }
    if stored.is_none() {
        tallies::add(work, Tally::Contacts, 1)?;
    }
    CONTACTS.put(work, &contact.id.to_key(), contact)
}

/// A passage as it was before splits were kept.
#[derive(Deserialize)]
struct PassageOne {
    starts: Vec<Time>,
    last_start: Option<Time>,
    last_end: Option<(Time, EndedAs)>,
    fired: BTreeMap<NodeId, Time>,
}

impl Record for Passage {
    const VERSION: u8 = 2;

    fn write(&self) -> Result<Bytes, String> {
        codec::to_binary(self)
    }

    fn read(version: u8, payload: &[u8]) -> Result<Passage, String> {
        match version {
            1 => {
                let PassageOne { starts, last_start, last_end, fired } = codec::from_binary(payload)?;
                Ok(Passage { starts, last_start, last_end, fired, ways: BTreeMap::new() })
            }
            2 => codec::from_binary(payload),
            other => Err(codec::strange(other, Self::VERSION)),
        }
    }
}

/// Removes a contact with its addresses and passages. Its messages and runs are their nouns' affair.
pub fn delete(work: &mut Work, id: ContactId) -> Result<(), StoreError> {
    let Some(contact) = get(work, id)? else {
        return Ok(());
    };
    for address in addresses(&contact) {
        forget_address(work, id, &address)?;
    }
    delete_passages(work, id)?;
    unanswered::clear(work, id)?;
    dates::delete_of(work, id)?;
    CONTACTS.del(work, &id.to_key());
    tallies::add(work, Tally::Contacts, -1)
}

/// A page of contacts in order of id.
pub fn list(read: &impl Read, after: Option<ContactId>, limit: usize) -> Result<Vec<Contact>, StoreError> {
    CONTACTS.list(read, after, limit)
}

/// The contacts whose address on a kind that does not name people by phone number is known, in order of that address.
pub fn by_kind(read: &impl Read, kind: ChannelKind, limit: usize) -> Result<Vec<Contact>, StoreError> {
    let prefix = keys::key(read.shard(), &[kind.word().as_bytes(), b":"]);
    let found = ADDRESSES.page(read, &prefix, None, limit)?;
    let mut seen = BTreeSet::new();
    let ids = found.into_iter().map(|(_, id)| id).filter(|id| seen.insert(*id)).collect::<Vec<_>>();
    ids.into_iter().map(|id| get(read, id)?.ok_or_else(|| CONTACTS.missing(&id.to_key()))).collect()
}

/// How many there are.
pub fn count(read: &impl Read) -> Result<u64, StoreError> {
    tallies::get(read, Tally::Contacts)
}

/// What this contact's past in flows left, by flow.
pub fn passages(read: &impl Read, contact: ContactId) -> Result<Passages, StoreError> {
    let rows = PASSAGES.under(read, &contact.to_key())?;
    rows.into_iter().map(|(key, row)| Ok((keys::id_at(&key, ID_BYTES).ok_or_else(|| PASSAGES.bad_key(&key))?, row))).collect()
}

/// Sets what this contact's past in one flow left.
pub fn put_passage(work: &mut Work, contact: ContactId, flow: FlowId, passage: &Passage) -> Result<(), StoreError> {
    PASSAGES.put(work, &keys::under(contact, &[&flow.to_key()]), passage)
}

/// Forgets this contact's past in flows.
pub fn delete_passages(work: &mut Work, contact: ContactId) -> Result<(), StoreError> {
    PASSAGES.del_under(work, &contact.to_key())
}

fn addresses(contact: &Contact) -> BTreeSet<AddressKey> {
    contact.addresses.iter().map(Address::key).collect()
}

fn address_key(shard: Shard, address: &AddressKey) -> Bytes {
    keys::key(shard, &[address.0.as_bytes()])
}

/// Removes an address from the index, unless it leads to somebody else by now.
fn forget_address(work: &mut Work, contact: ContactId, address: &AddressKey) -> Result<(), StoreError> {
    let key = address_key(contact.shard(), address);
    if ADDRESSES.get(work, &key)? == Some(contact) {
        ADDRESSES.del(work, &key);
    }
    Ok(())
}
