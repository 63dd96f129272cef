//! Live replies that leave in the very commit that decides them: born attempting, so that one commit stands between a message and its
//! answer (OUT-2). What follows, goes to many, or is a template waits for the sender.

use super::super::desk::{Desk, Signal};
use super::super::refusal::Refusal;
use super::attempt;
use super::doors::Doors;
use super::lanes::Waiting;
use super::verdict::{Prepared, Verdict};
use crate::base::id::OutboxId;
use crate::base::limits::LIVE_REPLY;
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use crate::store::{contacts, outbox};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Lets the live replies of a group leave, those whose contact and channel are free. They may be carried on once the group is durable.
/// Comes last in a group, so that whatever else it decided is known: a STOP in it calls the reply off first.
pub fn at_once(desk: &mut Desk, doors: &Mutex<Doors>) -> Vec<Prepared> {
    let mut rows: Vec<OutboxId> =
        desk.signals().iter().filter_map(|signal| if let Signal::Outbox(id) = signal { Some(*id) } else { None }).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut born = Vec::new();
    for id in rows {
        let mark = desk.mark();
        match catch_unwind(AssertUnwindSafe(|| leave(desk, doors, id))) {
            Ok(Ok(prepared)) => born.extend(prepared),
            fault => {
                desk.roll_back(mark);
                tracing::error!(row = %id, ?fault, "a reply could not leave with its commit; the sender tries it");
            }
        }
    }
    born
}

fn leave(desk: &mut Desk, doors: &Mutex<Doors>, id: OutboxId) -> Result<Option<Prepared>, Refusal> {
    let Some(row) = outbox::get(&desk.work, id)?.filter(|row| is_live_reply(row, desk)) else { return Ok(None) };
    let arrived = contacts::get(&desk.work, row.contact)?.and_then(|contact| contact.heard.get(&row.channel).copied());
    if arrived.is_none_or(|heard| desk.now.since(heard.arrived) >= LIVE_REPLY) || outbox::is_behind(&desk.work, &row)? {
        return Ok(None);
    }
    let Some(waiting) = Waiting::of(&row) else { return Ok(None) };
    if !doors.lock().unwrap_or_else(PoisonError::into_inner).admit(&desk.facts, &desk.work, &waiting, desk.now) {
        return Ok(None);
    }
    match attempt::prepare(desk, id)? {
        Verdict::Go(prepared) => Ok(Some(*prepared)),
        Verdict::Waits(_) | Verdict::Over => Ok(None),
    }
}

/// Whether this row is new, due, and answers somebody.
fn is_live_reply(row: &OutboxRow, desk: &Desk) -> bool {
    let due = matches!(row.state, OutboxState::Ready { due } if due <= desk.now);
    let free_text = matches!(&row.load, Load::Message { content, .. } if content.template.is_none());
    let reply = matches!(row.source, Source::Effect(_) | Source::Consent(_));
    due && free_text && reply && row.class == Class::Live && row.attempts == 0 && row.created == desk.now
}
