//! The audit log: lines are added and never changed (SEC-14).

use super::catalogue::AUDIT;
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::{AuditId, Id};
use crate::model::operator::AuditLine;

/// Adds a line. One that is there stays as it is.
pub fn add(work: &mut Work, line: &AuditLine) -> Result<(), StoreError> {
    AUDIT.insert(work, &line.id.to_key(), line).map(drop)
}

/// A page of lines, oldest first.
pub fn list(read: &impl Read, after: Option<AuditId>, limit: usize) -> Result<Vec<AuditLine>, StoreError> {
    AUDIT.list(read, after, limit)
}

/// A page of lines before `before`, newest first.
pub fn latest(read: &impl Read, before: Option<AuditId>, limit: usize) -> Result<Vec<AuditLine>, StoreError> {
    let prefix = keys::key(read.shard(), &[]);
    let to = before.map_or_else(|| keys::end(&prefix), |before| before.to_key().to_vec());
    Ok(AUDIT.scan_down(read, &prefix, &to, limit)?.into_iter().map(|(_, line)| line).collect())
}
