//! What begins at a time without a run of its own: dates of contacts, schedules, broadcasts; and rounds over everybody. All of it is on
//! disk, in order of time: a start looks at nobody, and what an end of the program cut goes on where it was.

pub mod broadcasts;
mod dates;
pub mod rounds;
mod schedules;

pub use dates::forget_passed;
pub use schedules::arm as arm_schedules;

use super::Executor;
use super::advance;
use super::desk::Desk;
use super::facts::Facts;
use super::refusal::Refusal;
use crate::base::id::FlowId;
use crate::base::time::{Span, Time};
use crate::store::{self, Read};
use tokio::sync::watch;

/// How often it looks whether anything is due.
const EVERY: Span = Span::SECOND;

/// Looks every second until `stop` says so. While there is work it goes on at once, one commit after the other, and live messages come
/// between.
pub async fn run(executor: Executor, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match look(&executor).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(refusal) => tracing::error!(%refusal, "dates, schedules and broadcasts wait; trying again in a second"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY.to_std()) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn look(executor: &Executor) -> Result<bool, Refusal> {
    if executor.line.shared.clock.is_doubtful() {
        return Ok(false);
    }
    let (facts, now) = (executor.facts(), executor.now());
    let reader = executor.reader.clone();
    let wanted = tokio::task::spawn_blocking(move || is_due(&reader.view()?, &facts, now)).await.unwrap_or(Err(Refusal::Fault))?;
    if !wanted {
        return Ok(false);
    }
    executor.line.change(turn).await
}

/// Whether anything wants doing now: a few looks at the heads of its lists.
pub fn is_due(read: &impl Read, facts: &Facts, now: Time) -> Result<bool, Refusal> {
    if store::rounds::first(read)?.is_some() {
        return Ok(true);
    }
    if facts.settings.paused {
        return Ok(false);
    }
    let dated = !store::dates::due_before(read, now, 1)?.is_empty();
    Ok(dated || broadcasts::is_due(read, facts, now)? || schedules::is_due(read, facts, now)?)
}

/// Does what is due, a page of each; tells whether there may be more at once.
pub fn turn(desk: &mut Desk) -> Result<bool, Refusal> {
    let round = rounds::turn(desk)?;
    if desk.facts.settings.paused {
        return Ok(round);
    }
    let dated = dates::turn(desk)?;
    schedules::turn(desk)?;
    let broadcast = broadcasts::turn(desk)?;
    Ok(round || dated || broadcast)
}

/// Does one person's part of something for many. What cannot be done for them is undone and told at the flow; the others have their turn.
fn each<T>(desk: &mut Desk, flow: FlowId, job: impl FnOnce(&mut Desk) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    let mark = desk.mark();
    match job(desk) {
        Ok(done) => Ok(Some(done)),
        Err(Refusal::Conflict(reason) | Refusal::Invalid(reason) | Refusal::Damaged(reason)) => {
            desk.roll_back(mark);
            advance::note_failure(desk, flow, reason)?;
            Ok(None)
        }
        Err(Refusal::NotFound(_)) => {
            desk.roll_back(mark);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}
