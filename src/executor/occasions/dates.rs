//! Dates of contacts that set a flow off: taken from the list of what is due, and armed anew where they come again.

use super::super::advance::{self, Start};
use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::each;
use crate::base::id::FlowId;
use crate::base::time::{Span, Time};
use crate::engine::keyword::Waking;
use crate::engine::occasions;
use crate::model::contact::Contact;
use crate::model::node::EventKind;
use crate::model::run::Origin;
use crate::model::value::Values;
use crate::store::contacts;
use crate::store::dates::{self, Occasion};

/// Dates of one commit.
const PAGE: usize = 50;

/// Starts what is due, oldest first; tells whether there may be more.
pub(super) fn turn(desk: &mut Desk) -> Result<bool, Refusal> {
    let due = dates::due_before(&desk.work, desk.now, PAGE)?;
    let full = due.len() == PAGE;
    for (at, of) in due {
        fire(desk, at, &of)?;
    }
    Ok(full)
}

/// A date fell due. One whose flow is disabled, or whose trigger says another time by now, starts nothing.
fn fire(desk: &mut Desk, at: Time, of: &Occasion) -> Result<(), Refusal> {
    let facts = desk.facts.clone();
    let waking = facts.triggers.on(EventKind::Date).find(|waking| (waking.door.flow, &waking.door.trigger) == (of.flow, &of.trigger));
    let (Some(waking), Some(contact)) = (waking, contacts::get(&desk.work, of.contact)?) else {
        return Ok(dates::put(&mut desk.work, of, None)?);
    };
    let zone = occasions::zone_of(&contact, &facts.settings);
    let now_due = occasions::date_due(&waking.event, &contact, zone, at - Span(1));
    if now_due != Some(at) {
        return Ok(dates::put(&mut desk.work, of, now_due)?);
    }
    let next = occasions::date_due(&waking.event, &contact, zone, at);
    dates::put(&mut desk.work, of, next)?;
    if advance::is_open(desk, &waking.door, &contact)? {
        each(desk, of.flow, |desk| begin(desk, waking, &contact))?;
    }
    Ok(())
}

/// A flow was disabled since `since`, and what fell due meanwhile and was not looked at yet, because everything is paused or many are before
/// it, is past.
pub fn forget_passed(desk: &mut Desk, flow: FlowId, since: Time) -> Result<(), Refusal> {
    for (at, of) in dates::due_before(&desk.work, desk.now, usize::MAX)? {
        if of.flow == flow && at > since {
            dates::put(&mut desk.work, &of, None)?;
        }
    }
    Ok(())
}

fn begin(desk: &mut Desk, waking: &Waking, contact: &Contact) -> Result<(), Refusal> {
    let channel = advance::channel_for(desk, contact)?;
    let start = Start {
        flow: waking.door.flow,
        contact: contact.id,
        channel,
        origin: Origin::Trigger(waking.door.trigger.clone()),
        variables: Values::new(),
        heard: None,
        depth: 0,
        caller: None,
    };
    advance::enter_in_bulk(desk, start).map(drop)
}
