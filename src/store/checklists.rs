//! What is still to do for flows that were added, by flow.

use super::catalogue::CHECKLISTS;
use super::error::StoreError;
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id};
use crate::model::checklist::Checklist;

/// The check-list of a flow.
pub fn get(read: &impl Read, flow: FlowId) -> Result<Option<Checklist>, StoreError> {
    CHECKLISTS.get(read, &flow.to_key())
}

/// Stores one.
pub fn put(work: &mut Work, list: &Checklist) -> Result<(), StoreError> {
    CHECKLISTS.put(work, &list.flow.to_key(), list)
}

/// Removes one.
pub fn delete(work: &mut Work, flow: FlowId) {
    CHECKLISTS.del(work, &flow.to_key());
}
