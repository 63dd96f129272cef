//! What is due, in order: the disk is the truth, the wheel only its next minutes (RUN-8).

use super::catalogue::TIMERS;
use super::codec::Present;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{Id, RunId, Shard};
use crate::base::time::{Span, Time};

/// A timer: when, of which run, and the sequence it was armed at.
pub type Timer = (Time, RunId, u64);

/// Timers due at `until` or before, in order of (due, run), those after `after` only.
pub fn due_before(read: &impl Read, after: Option<Timer>, until: Time, limit: usize) -> Result<Vec<Timer>, StoreError> {
    let from = match after {
        Some((due, run, armed)) => keys::next(&key(run, (due, armed))),
        None => keys::key(read.shard(), &[]),
    };
    let to = keys::key(read.shard(), &[&keys::time(until + Span(1))]);
    let rows = TIMERS.scan(read, &from, &to, limit)?;
    rows.into_iter().map(|(key, _)| parse(read.shard(), &key).ok_or_else(|| TIMERS.bad_key(&key))).collect()
}

/// Adds a timer of a run that is not the run's own: it looks again at this time.
pub fn put(work: &mut Work, run: RunId, timer: (Time, u64)) -> Result<(), StoreError> {
    TIMERS.put(work, &key(run, timer), &Present)
}

/// Removes a timer that fired.
pub fn del(work: &mut Work, run: RunId, timer: (Time, u64)) {
    TIMERS.del(work, &key(run, timer));
}

fn key(run: RunId, (due, armed): (Time, u64)) -> Bytes {
    keys::key(run.shard(), &[&keys::time(due), &run.sequence().to_be_bytes(), &armed.to_be_bytes()])
}

fn parse(shard: Shard, key: &[u8]) -> Option<Timer> {
    let number = |from: usize| key.get(from..from + 8)?.try_into().ok();
    let (due, run, armed) = (number(2)?, number(10)?, number(18)?);
    Some((keys::read_time(due), RunId::new(shard, u64::from_be_bytes(run)), u64::from_be_bytes(armed)))
}
