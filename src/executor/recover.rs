//! What the first commit after a start sets right: attempts that the end of the program cut in the middle.

use super::desk::Desk;
use super::occasions;
use super::outbox::{attempt, call};
use super::refusal::Refusal;
use crate::base::zone;
use crate::model::outbox::Load;
use crate::store::{self, outbox};

/// Marks every attempt that was under way as one whose outcome nobody knows (OUT-2). Costs what was under way, which is bounded by how
/// many may be.
pub fn recover(desk: &mut Desk) -> Result<usize, Refusal> {
    let cut = outbox::attempting(&desk.work)?;
    let count = cut.len();
    for mut row in cut {
        match row.load {
            Load::Call { .. } => call::interrupted(desk, row)?,
            Load::Message { .. } => {
                let reason = "The program ended while it was being sent, so nobody knows whether it arrived.".to_owned();
                attempt::mark_unknown(desk, &mut row, reason);
                outbox::put(&mut desk.work, &row)?;
            }
        }
    }
    if store::schedules::zones_changed(&mut desk.work, zone::RULES)? {
        occasions::rounds::begin_walls(desk)?;
    }
    Ok(count)
}
