//! Answers given to requests that carried a key, so that a repeated request gets the same answer and changes nothing.

use super::catalogue::IDEMPOTENCY;
use super::days;
use super::error::StoreError;
use super::work::{Read, Work};
use crate::base::limits::DEDUPE_DAYS;
use crate::base::time::Time;

/// The answer that a request with this key got, as JSON. The scope tells whose keys and of which call.
pub fn seen(read: &impl Read, scope: &str, key: &str) -> Result<Option<String>, StoreError> {
    for day in days::present(read, IDEMPOTENCY.family())? {
        let answer = IDEMPOTENCY.get(read, &days::key(read.shard(), day, &[scope.as_bytes(), key.as_bytes()]))?;
        if answer.is_some() {
            return Ok(answer);
        }
    }
    Ok(None)
}

/// Keeps the answer to a request with this key.
pub fn remember(work: &mut Work, scope: &str, key: &str, answer: &str, now: Time) -> Result<(), StoreError> {
    let key = days::key(work.shard(), now.day(), &[scope.as_bytes(), key.as_bytes()]);
    IDEMPOTENCY.put(work, &key, &answer.to_owned())
}

/// Drops old answers, at most `days::DROP_ROWS_MAX`; tells how many. Call again until none.
pub fn drop_old_days(work: &mut Work, now: Time) -> Result<usize, StoreError> {
    days::drop_before(work, IDEMPOTENCY.family(), now.day().saturating_sub(DEDUPE_DAYS))
}
