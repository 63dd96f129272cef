//! Quick replies: what operators send by hand, by id.

use super::catalogue::QUICK_REPLIES;
use super::error::StoreError;
use super::work::{Read, Work};
use crate::base::id::{Id, QuickReplyId};
use crate::model::quick_reply::SavedReply;

/// The quick reply of this id.
pub fn get(read: &impl Read, id: QuickReplyId) -> Result<Option<SavedReply>, StoreError> {
    QUICK_REPLIES.get(read, &id.to_key())
}

/// The quick reply of this shortcut.
pub fn by_shortcut(read: &impl Read, shortcut: &str) -> Result<Option<SavedReply>, StoreError> {
    Ok(all(read)?.into_iter().find(|saved| saved.reply.shortcut == shortcut))
}

/// All of them, in order of id.
pub fn all(read: &impl Read) -> Result<Vec<SavedReply>, StoreError> {
    QUICK_REPLIES.list(read, None::<QuickReplyId>, usize::MAX)
}

/// Stores one.
pub fn put(work: &mut Work, saved: &SavedReply) -> Result<(), StoreError> {
    QUICK_REPLIES.put(work, &saved.id.to_key(), saved)
}

/// Removes one.
pub fn delete(work: &mut Work, id: QuickReplyId) {
    QUICK_REPLIES.del(work, &id.to_key());
}
