//! What is thrown away in time (spec.md 9): old dedupe days, sent outbox rows, kept requests, sessions, flows long in the bin. A page to a
//! commit, so that nobody waits for it.

use super::Executor;
use super::advance;
use super::desk::{Desk, Signal};
use super::refusal::Refusal;
use crate::base::time::{Span, Time};
use crate::model::flow::FlowState;
use crate::model::operator::Session;
use crate::store::{counters, flows, idempotency, jobs, messages, outbox, quarantine, sessions};
use tokio::sync::watch;

/// How often it looks.
const EVERY: Span = Span::HOUR;
/// How long sent rows, kept requests and flows in the bin stay.
const KEPT: Span = Span(30 * Span::DAY.0);
/// How long an unused session lives, and any session at all (SEC-3).
pub const SESSION_IDLE: Span = Span(12 * Span::HOUR.0);
/// See `SESSION_IDLE`.
pub const SESSION_MAX: Span = Span(30 * Span::DAY.0);
/// Rows removed in one commit.
const PAGE: usize = 500;

/// Whether a session still counts.
pub fn session_lives(session: &Session, now: Time) -> bool {
    now.since(session.seen) < SESSION_IDLE && now.since(session.created) < SESSION_MAX
}

/// Looks every hour until `stop` says so.
pub async fn run(executor: Executor, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        while !*stop.borrow() {
            match executor.line.change(sweep).await {
                Ok(removed) if removed < PAGE => break,
                Ok(_) => {}
                Err(refusal) => {
                    tracing::error!(%refusal, "old rows could not be thrown away; trying again in an hour");
                    break;
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY.to_std()) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Throws away one page; tells how many rows went.
pub fn sweep(desk: &mut Desk) -> Result<usize, Refusal> {
    let (now, before) = (desk.now, desk.now - KEPT);
    let mut removed = messages::drop_old_days(&mut desk.work, now)? + idempotency::drop_old_days(&mut desk.work, now)?;
    for row in outbox::list(&desk.work, Some("sent"), None, PAGE)?.into_iter().filter(|row| row.created < before) {
        outbox::delete(&mut desk.work, row.id)?;
        removed += 1;
    }
    for kept in quarantine::list(&desk.work, None, PAGE)?.into_iter().filter(|kept| kept.at < before) {
        quarantine::delete(&mut desk.work, kept.id);
        removed += 1;
    }
    let day = advance::day_of(desk.facts.settings.time_zone, before);
    for head in flows::heads(&desk.work)? {
        removed += counters::drop_days_before(&mut desk.work, head.id, day)?;
    }
    for job in jobs::all(&desk.work)?.into_iter().filter(|job| !job.is_open() && job.created < before) {
        removed += jobs::delete(&mut desk.work, job.id, PAGE)?;
    }
    sessions::drop_if(&mut desk.work, |session| !session_lives(session, now))?;
    for head in flows::heads(&desk.work)? {
        if matches!(head.state, FlowState::Binned { since } if since < before) {
            flows::delete(&mut desk.work, head.id)?;
            desk.facts_changed = true;
            desk.signal(Signal::Flow(head.id));
            removed += 1;
        }
    }
    Ok(removed)
}
