//! Rows on their way out, and those given up. A row is open while the appliance still has something to do for it.

use super::catalogue::{OUTBOX, OUTBOX_FAILED, OUTBOX_OPEN, OUTBOX_OPEN_BY_CONTACT, OUTBOX_SOURCES};
use super::codec::Present;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::table::Table;
use super::work::{Read, Work};
use crate::base::id::{ContactId, ID_BYTES, Id, OutboxId, RunId, Shard};
use crate::model::outbox::{OutboxRow, OutboxState, Source};

/// How many rows of a contact are looked at for one that goes before another: those under way are the oldest.
const AHEAD_MAX: usize = 32;

/// Adds a row, unless one with the same source was ever added; tells whether it did (OUT-1).
pub fn insert(work: &mut Work, row: &OutboxRow) -> Result<bool, StoreError> {
    if !OUTBOX_SOURCES.insert(work, &source_key(row.id.shard(), &row.source), &row.id)? {
        return Ok(false);
    }
    put(work, row)?;
    Ok(true)
}

/// Stores a row that was added before, in its new state.
pub fn put(work: &mut Work, row: &OutboxRow) -> Result<(), StoreError> {
    let stored = get(work, row.id)?;
    let same = stored.is_some_and(|stored| stored.state.word() == row.state.word() && stored.contact == row.contact);
    if !same {
        mark(work, row, is_open(&row.state), is_failed(&row.state))?;
    }
    OUTBOX.put(work, &row.id.to_key(), row)
}

/// Takes a row whose outcome stays unknown out of the open ones: nothing more can be learned of it, a person must act.
pub fn close(work: &mut Work, row: &OutboxRow) -> Result<(), StoreError> {
    mark(work, row, false, is_failed(&row.state))
}

/// Removes a row. Its source is forgotten with it.
pub fn delete(work: &mut Work, id: OutboxId) -> Result<(), StoreError> {
    if let Some(row) = get(work, id)? {
        mark(work, &row, false, false)?;
        OUTBOX_SOURCES.del(work, &source_key(id.shard(), &row.source));
        OUTBOX.del(work, &id.to_key());
    }
    Ok(())
}

/// The row of this id.
pub fn get(read: &impl Read, id: OutboxId) -> Result<Option<OutboxRow>, StoreError> {
    OUTBOX.get(read, &id.to_key())
}

/// The row that this decided.
pub fn by_source(read: &impl Read, source: &Source) -> Result<Option<OutboxId>, StoreError> {
    OUTBOX_SOURCES.get(read, &source_key(read.shard(), source))
}

/// A page of rows in order of id: all, or those in the state of this word.
pub fn list(read: &impl Read, state: Option<&str>, after: Option<OutboxId>, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    let (mut page, mut after) = (Vec::new(), after);
    while page.len() < limit {
        let some = match state {
            Some("ready" | "attempting") => indexed(read, OUTBOX_OPEN, after, limit)?,
            Some("unknown" | "dead") => indexed(read, OUTBOX_FAILED, after, limit)?,
            _ => OUTBOX.list(read, after, limit)?,
        };
        let Some(last) = some.last().map(|row| row.id) else {
            break;
        };
        after = Some(last);
        page.extend(some.into_iter().filter(|row| state.is_none_or(|word| row.state.word() == word)));
    }
    page.truncate(limit);
    Ok(page)
}

/// A page of the open rows in order of id: ready, attempting, and unknown ones not closed yet.
pub fn open(read: &impl Read, after: Option<OutboxId>, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    indexed(read, OUTBOX_OPEN, after, limit)
}

/// The open rows of a contact in order of id.
pub fn open_of_contact(read: &impl Read, contact: ContactId, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    let prefix = contact.to_key();
    fetch(read, OUTBOX_OPEN_BY_CONTACT.page(read, &prefix, None, limit)?, ID_BYTES)
}

/// The open rows that steps of this run decided.
pub fn open_of_run(read: &impl Read, contact: ContactId, run: RunId) -> Result<Vec<OutboxRow>, StoreError> {
    let mut rows = open_of_contact(read, contact, usize::MAX)?;
    rows.retain(|row| matches!(&row.source, Source::Effect(effect) if effect.run == run));
    Ok(rows)
}

/// Whether a message to the same contact was decided before this row and is not at its end.
pub fn is_behind(read: &impl Read, row: &OutboxRow) -> Result<bool, StoreError> {
    Ok(before(read, row)?.next().is_some())
}

/// Whether a message to the same contact was decided before this row and is under way.
pub fn is_behind_one_under_way(read: &impl Read, row: &OutboxRow) -> Result<bool, StoreError> {
    Ok(before(read, row)?.any(|earlier| matches!(earlier.state, OutboxState::Attempting { .. })))
}

/// The open messages to the contact of `row` that were decided before it.
fn before(read: &impl Read, row: &OutboxRow) -> Result<impl Iterator<Item = OutboxRow>, StoreError> {
    let id = row.id;
    let earlier = open_of_contact(read, row.contact, AHEAD_MAX)?.into_iter().take_while(move |earlier| earlier.id < id);
    Ok(earlier.filter(|earlier| earlier.message().is_some()))
}

/// The rows that are going out: after a start, those of which nobody knows (OUT-2).
pub fn attempting(read: &impl Read) -> Result<Vec<OutboxRow>, StoreError> {
    list(read, Some("attempting"), None, usize::MAX)
}

fn is_open(state: &OutboxState) -> bool {
    matches!(state, OutboxState::Ready { .. } | OutboxState::Attempting { .. } | OutboxState::Unknown { .. })
}

fn is_failed(state: &OutboxState) -> bool {
    matches!(state, OutboxState::Unknown { .. } | OutboxState::Dead { .. })
}

fn mark(work: &mut Work, row: &OutboxRow, open: bool, failed: bool) -> Result<(), StoreError> {
    let id = row.id.to_key();
    set(work, OUTBOX_OPEN, &id, open)?;
    set(work, OUTBOX_OPEN_BY_CONTACT, &keys::under(row.contact, &[&id]), open)?;
    set(work, OUTBOX_FAILED, &id, failed)
}

fn set(work: &mut Work, index: Table<Present>, key: &[u8], there: bool) -> Result<(), StoreError> {
    if index.has(work, key)? == there {
        return Ok(());
    }
    if there {
        return index.put(work, key, &Present);
    }
    index.del(work, key);
    Ok(())
}

fn source_key(shard: Shard, source: &Source) -> Bytes {
    match source {
        Source::Effect(effect) => {
            keys::key(shard, &[b"e", &effect.run.to_key(), &effect.sequence.to_be_bytes(), &effect.index.to_be_bytes()])
        }
        Source::Operator(request) => keys::key(shard, &[b"o", blake3::hash(request.as_bytes()).as_bytes()]),
        Source::Consent(message) => keys::key(shard, &[b"c", &message.to_key()]),
    }
}

fn indexed(read: &impl Read, index: Table<Present>, after: Option<OutboxId>, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    let after = after.map(Id::to_key);
    fetch(read, index.page(read, &keys::key(read.shard(), &[]), after.as_ref().map(<[u8; ID_BYTES]>::as_slice), limit)?, 0)
}

fn fetch(read: &impl Read, page: Vec<(Bytes, Present)>, skip: usize) -> Result<Vec<OutboxRow>, StoreError> {
    page.into_iter()
        .map(|(key, _)| {
            let id: OutboxId = keys::id_at(&key, skip).ok_or_else(|| OUTBOX.bad_key(&key))?;
            get(read, id)?.ok_or_else(|| OUTBOX.missing(&id.to_key()))
        })
        .collect()
}
