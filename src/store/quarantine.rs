//! Requests that could not be read (IN-9).

use super::catalogue::QUARANTINE;
use super::error::StoreError;
use super::work::{Read, Work};
use crate::base::id::{Id, QuarantineId};
use crate::model::operator::Quarantined;

/// Keeps a request.
pub fn put(work: &mut Work, request: &Quarantined) -> Result<(), StoreError> {
    QUARANTINE.put(work, &request.id.to_key(), request)
}

/// The request of this id.
pub fn get(read: &impl Read, id: QuarantineId) -> Result<Option<Quarantined>, StoreError> {
    QUARANTINE.get(read, &id.to_key())
}

/// A page of requests, oldest first.
pub fn list(read: &impl Read, after: Option<QuarantineId>, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
    QUARANTINE.list(read, after, limit)
}

/// Discards a request.
pub fn delete(work: &mut Work, id: QuarantineId) {
    QUARANTINE.del(work, &id.to_key());
}
