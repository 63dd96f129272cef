//! Waits that follow a clock on the wall, computed anew when the zone, or the rules of zones, are others than when they began (RUN-9).

use super::nodes::wait;
use super::walk::Walk;
use crate::base::time::{Span, Time};
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::run::{Phase, Run, Waiting};
use crate::model::world::World;
use std::collections::BTreeSet;

/// How far the clocks of a zone move when its rules change; what lies farther from the plan was moved by a person or a pause.
const CHANGE_MAX: Span = Span(3 * Span::HOUR.0);

/// The run with the end of its wait as the wall has it now; none where that changes nothing. `before` are the world and the contact as
/// the wait was planned with, where they are known: an end that is not the planned one was set by a person or a pause, and stays.
pub fn replanned(world: &World, before: Option<(&World, &Contact)>, flow: &Flow, run: &Run, contact: &Contact, now: Time) -> Option<Run> {
    let nothing = BTreeSet::new();
    let plan = |world: &World, contact: &Contact| wait::by_the_wall(&Walk::new(world, flow, run, contact, now, &nothing));
    let new = plan(world, contact)?;
    let Phase::Waiting(waiting) = &run.phase else { return None };
    let (was, due) = (waiting.planned?, new.due?);
    let own = match before {
        Some((world, contact)) => plan(world, contact)?.due == Some(was),
        None => was.since(due) <= CHANGE_MAX && due.since(was) <= CHANGE_MAX,
    };
    if !own || due == was {
        return None;
    }
    // By other hours, and not by another clock, what would have ended already ends now, or as soon as it may: nobody was late.
    let same_clock = before.is_some_and(|(was, known)| (was.settings.time_zone, known.zone) == (world.settings.time_zone, contact.zone));
    let (due, moved) = if due < now && same_clock { allowed(world, flow, run, contact, now) } else { (due, new.moved) };
    let waiting = Waiting { due: waiting.due.map(|_| due), planned: Some(due), moved, ..waiting.clone() };
    Some(Run { phase: Phase::Waiting(waiting), ..run.clone() })
}

/// The first moment not before `at` when the wait at which a run stands may end, and why where that is later: outside the quiet hours if a
/// message follows, and inside its window.
pub fn allowed(world: &World, flow: &Flow, run: &Run, contact: &Contact, at: Time) -> (Time, Option<String>) {
    let nothing = BTreeSet::new();
    let plan = wait::first_allowed(&Walk::new(world, flow, run, contact, at, &nothing), at);
    plan.map_or((at, None), |plan| (plan.due.unwrap_or(at), plan.moved))
}
