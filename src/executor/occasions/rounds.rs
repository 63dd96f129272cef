//! Rounds over everybody, a page to a commit: dates armed after a flow was enabled or saved, waits that follow a clock on the wall
//! computed anew after the zone or its data changed (RUN-9), tags and fields that are taken away from everybody, and what a save, a
//! pause or the bin does to those inside a flow.

use super::super::advance;
use super::super::control::{flow_runs, labels};
use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::id::{FlowId, RunId};
use crate::model::carry::Carry;
use crate::model::label::Label;
use crate::model::settings::Settings;
use crate::store::rounds::{self, Round};
use crate::store::{contacts, runs};
use std::sync::Arc;

/// Contacts, or runs, of one commit.
const PAGE: usize = 500;
/// Contacts of one commit from whom something is taken: each may start a flow.
const TAKEN_MAX: usize = 50;

/// Does a page of the first round that is begun; tells whether there is more.
pub(super) fn turn(desk: &mut Desk) -> Result<bool, Refusal> {
    let Some(round) = rounds::first(&desk.work)? else { return Ok(false) };
    go_on(desk, round)?;
    Ok(rounds::first(&desk.work)?.is_some())
}

/// Does a page of the round that takes a tag or a field away, if it is not done; tells whether there is more.
pub fn take_label(desk: &mut Desk, label: &Label) -> Result<bool, Refusal> {
    let Some(round) = rounds::of_label(&desk.work, label)? else { return Ok(false) };
    go_on(desk, round)?;
    Ok(rounds::of_label(&desk.work, label)?.is_some())
}

/// Does a page of what was begun for the runs of a flow, if it is not done; tells whether there is more.
pub fn carry_on(desk: &mut Desk, flow: FlowId, carry: &Carry) -> Result<bool, Refusal> {
    let Some(round) = rounds::of_runs(&desk.work, flow, carry)? else { return Ok(false) };
    go_on(desk, round)?;
    Ok(rounds::of_runs(&desk.work, flow, carry)?.is_some())
}

/// Does the first page of it in the very change that begins it: a timer that is due would else find the flow enabled and its run still with
/// its old date. Tells whether there is more.
pub fn carry_at_once(desk: &mut Desk, flow: FlowId, carry: &Carry) -> Result<bool, Refusal> {
    let before = desk.facts.clone();
    desk.facts = Arc::new(Facts::read(&desk.work, &before)?);
    let more = carry_on(desk, flow, carry);
    if more.is_err() {
        desk.facts = before;
    }
    more
}

/// Does a page of whatever was begun for the runs of any flow; tells whether there is more. A start finishes it before anything falls due:
/// what a wait is to be must be known before its time comes.
pub fn finish_carrying(desk: &mut Desk) -> Result<bool, Refusal> {
    let Some(round) = rounds::first_of_runs(&desk.work)? else { return Ok(false) };
    go_on(desk, round)?;
    Ok(true)
}

fn go_on(desk: &mut Desk, round: Round) -> Result<(), Refusal> {
    let next = match round.clone() {
        Round::Dates { flow, since, after } => {
            let page = if advance::has_dates(&desk.facts, flow) { contacts::list(&desk.work, after, PAGE)? } else { Vec::new() };
            for contact in &page {
                advance::arm_dates_since(desk, contact, flow, since)?;
            }
            page.last().filter(|_| page.len() == PAGE).map(|last| Round::Dates { flow, since, after: Some(last.id) })
        }
        Round::Walls { was, after } => {
            let before = was.map(|time_zone| Settings { time_zone, ..desk.facts.settings.as_ref().clone() });
            keep_to_the_wall(desk, before.as_ref(), after)?.map(|last| Round::Walls { was, after: Some(last) })
        }
        Round::Hours { was, since, after } => {
            let before: Option<Settings> = serde_json::from_str(&was).ok();
            keep_to_the_wall(desk, before.as_ref(), after)?.map(|last| Round::Hours { was, since, after: Some(last) })
        }
        Round::Label { label, mut after } => {
            let page = contacts::list(&desk.work, after, PAGE)?;
            let (mut taken, mut more) = (0, page.len() == PAGE);
            for (place, contact) in page.iter().enumerate() {
                after = Some(contact.id);
                if labels::has(contact, &label) {
                    labels::take(desk, contact, &label)?;
                    taken += 1;
                }
                if taken == TAKEN_MAX {
                    more |= place + 1 < page.len();
                    break;
                }
            }
            more.then_some(Round::Label { label, after })
        }
        Round::Runs { flow, carry, after, done } => {
            let page = runs::live_of_flow(&desk.work, flow, after, PAGE)?;
            let last = page.last().map(|run| run.id).filter(|_| page.len() == PAGE);
            let next = last.map(|last| Round::Runs { flow, carry: carry.clone(), after: Some(last), done });
            // Before anything is done to them: a run moves freely only when the round has come to it.
            note(desk, &round, next)?;
            let done = flow_runs::carry_out(desk, flow, &carry, page, done)?;
            match last {
                Some(last) => Some(Round::Runs { flow, carry, after: Some(last), done }),
                None => return Ok(()),
            }
        }
    };
    note(desk, &round, next)
}

/// The waits of a page of runs follow the wall; tells the last of them where there may be more.
fn keep_to_the_wall(desk: &mut Desk, before: Option<&Settings>, after: Option<RunId>) -> Result<Option<RunId>, Refusal> {
    let page = runs::list_live(&desk.work, after, PAGE)?;
    let last = page.last().map(|run| run.id).filter(|_| page.len() == PAGE);
    for run in page {
        advance::keep_to_the_wall(desk, run, before)?;
    }
    Ok(last)
}

/// Notes how far a round has come, or that it is done.
fn note(desk: &mut Desk, round: &Round, next: Option<Round>) -> Result<(), Refusal> {
    match next {
        Some(next) => rounds::put(&mut desk.work, &next)?,
        None => rounds::end(&mut desk.work, round),
    }
    Ok(())
}

/// A flow was enabled, or saved while enabled: the dates of everybody are armed for it, those included that fall due meanwhile.
pub fn begin_dates(desk: &mut Desk, flow: Option<FlowId>) -> Result<(), Refusal> {
    Ok(rounds::put(&mut desk.work, &Round::Dates { flow, since: desk.now, after: None })?)
}

/// The rules of zones changed.
pub fn begin_walls(desk: &mut Desk) -> Result<(), Refusal> {
    rounds::put(&mut desk.work, &Round::Walls { was: None, after: None })?;
    begin_dates(desk, None)
}

/// The settings were these, and are others: what is planned by a clock on the wall follows.
pub fn follow_settings(desk: &mut Desk, before: &Settings, after: &Settings) -> Result<(), Refusal> {
    let hours = |settings: &Settings| {
        let Settings { business_hours, holidays, italian_holidays, quiet_hours, .. } = settings.clone();
        (settings.time_zone, business_hours, holidays, italian_holidays, quiet_hours)
    };
    if hours(before) != hours(after) {
        let was = serde_json::to_string(before).map_err(|_| Refusal::Fault)?;
        rounds::put(&mut desk.work, &Round::Hours { was, since: desk.now, after: None })?;
    }
    if before.time_zone != after.time_zone { begin_dates(desk, None) } else { Ok(()) }
}

/// Something is to be done to all live runs of a flow.
pub fn begin_runs(desk: &mut Desk, flow: FlowId, carry: Option<&Carry>) -> Result<(), Refusal> {
    let Some(carry) = carry else { return Ok(()) };
    Ok(rounds::put(&mut desk.work, &Round::Runs { flow, carry: carry.clone(), after: None, done: 0 })?)
}

/// A tag or a field is to be taken away from everybody who has it.
pub fn begin_label(desk: &mut Desk, label: Label) -> Result<(), Refusal> {
    Ok(rounds::put(&mut desk.work, &Round::Label { label, after: None })?)
}
