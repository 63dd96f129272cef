//! Broadcasts and their people.

use super::catalogue::{BROADCAST_PEOPLE, BROADCASTS, BROADCASTS_OPEN};
use super::codec::Present;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::{BroadcastId, Id};
use crate::model::broadcast::{Addressed, Broadcast, BroadcastState};

/// The broadcast of this id.
pub fn get(read: &impl Read, id: BroadcastId) -> Result<Option<Broadcast>, StoreError> {
    BROADCASTS.get(read, &id.to_key())
}

/// Stores a broadcast, and with it whether it is under way.
pub fn put(work: &mut Work, broadcast: &Broadcast) -> Result<(), StoreError> {
    let key = broadcast.id.to_key();
    match broadcast.state {
        BroadcastState::Running { .. } => BROADCASTS_OPEN.put(work, &key, &Present)?,
        _ => BROADCASTS_OPEN.del(work, &key),
    }
    BROADCASTS.put(work, &key, broadcast)
}

/// A page of all, in order of id.
pub fn list(read: &impl Read, after: Option<BroadcastId>, limit: usize) -> Result<Vec<Broadcast>, StoreError> {
    BROADCASTS.list(read, after, limit)
}

/// Those under way, oldest first.
pub fn open(read: &impl Read) -> Result<Vec<Broadcast>, StoreError> {
    let rows = BROADCASTS_OPEN.under(read, &keys::key(read.shard(), &[]))?;
    let ids = rows.into_iter().map(|(key, _)| keys::id_at::<BroadcastId>(&key, 0).ok_or_else(|| BROADCASTS_OPEN.bad_key(&key)));
    ids.map(|id| id.and_then(|id| get(read, id)?.ok_or_else(|| BROADCASTS.missing(&id.to_key())))).collect()
}

/// A page of the people of a broadcast, from this place on.
pub fn people(read: &impl Read, id: BroadcastId, from: u32, limit: usize) -> Result<Vec<(u32, Addressed)>, StoreError> {
    let (from, to) = (keys::under(id, &[&from.to_be_bytes()]), keys::end(&id.to_key()));
    let rows = BROADCAST_PEOPLE.scan(read, &from, &to, limit)?;
    let place = |key: &[u8]| key.last_chunk().map_or(0, |place| u32::from_be_bytes(*place));
    Ok(rows.into_iter().map(|(key, row)| (place(&key), row)).collect())
}

/// Sets who stands at a place, and how it went for them.
pub fn put_person(work: &mut Work, id: BroadcastId, place: u32, person: &Addressed) -> Result<(), StoreError> {
    BROADCAST_PEOPLE.put(work, &keys::under(id, &[&place.to_be_bytes()]), person)
}
