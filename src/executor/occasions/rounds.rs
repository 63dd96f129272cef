//! Rounds over everybody, a page to a commit: dates armed after a flow was enabled or saved, and waits that follow a clock on the wall
//! computed anew after the zone or its data changed (RUN-9).

use super::super::advance;
use super::super::desk::Desk;
use super::super::refusal::Refusal;
use crate::base::id::FlowId;
use crate::base::zone::Zone;
use crate::store::rounds::{self, Round};
use crate::store::{contacts, runs};

/// Contacts, or runs, of one commit.
const PAGE: usize = 500;

/// Does a page of the first round that is begun; tells whether there is more.
pub(super) fn turn(desk: &mut Desk) -> Result<bool, Refusal> {
    let Some(round) = rounds::first(&desk.work)? else { return Ok(false) };
    let next = match round.clone() {
        Round::Dates { flow, since, after } => {
            let page = if advance::has_dates(&desk.facts, flow) { contacts::list(&desk.work, after, PAGE)? } else { Vec::new() };
            for contact in &page {
                advance::arm_dates_since(desk, contact, flow, since)?;
            }
            page.last().filter(|_| page.len() == PAGE).map(|last| Round::Dates { flow, since, after: Some(last.id) })
        }
        Round::Walls { was, after } => {
            let page = runs::list_live(&desk.work, after, PAGE)?;
            let last = page.last().map(|run| run.id).filter(|_| page.len() == PAGE);
            for run in page {
                advance::keep_to_the_wall(desk, run, was)?;
            }
            last.map(|last| Round::Walls { was, after: Some(last) })
        }
    };
    match next {
        Some(next) => rounds::put(&mut desk.work, &next)?,
        None => rounds::end(&mut desk.work, &round),
    }
    Ok(rounds::first(&desk.work)?.is_some())
}

/// A flow was enabled, or saved while enabled: the dates of everybody are armed for it, those included that fall due meanwhile.
pub fn begin_dates(desk: &mut Desk, flow: Option<FlowId>) -> Result<(), Refusal> {
    Ok(rounds::put(&mut desk.work, &Round::Dates { flow, since: desk.now, after: None })?)
}

/// The business moved from this zone to another, or, where it is `None`, the rules of zones changed.
pub fn begin_walls(desk: &mut Desk, was: Option<Zone>) -> Result<(), Refusal> {
    rounds::put(&mut desk.work, &Round::Walls { was, after: None })?;
    begin_dates(desk, None)
}
