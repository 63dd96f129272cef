//! What happens to the people inside a flow when it is saved, disabled, enabled or deleted: a page at a time, so that no commit grows
//! with their number.

use super::super::Executor;
use super::super::advance;
use super::super::desk::Desk;
use super::super::occasions::rounds;
use super::super::refusal::Refusal;
use crate::base::id::FlowId;
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::{Span, Time};
use crate::engine::{line, wall};
use crate::model::action::{ActionId, Verb};
use crate::model::carry::Carry;
pub use crate::model::carry::{Overdue, Running, Way};
use crate::model::event::Event;
use crate::model::flow::Flow;
use crate::model::node::{NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::run::{Phase, Run, RunState};
use crate::store::{contacts, runs};
use std::collections::BTreeMap;

/// The distance between two overdue actions that are sent spread out.
const SPREAD: Span = Span(5_000);

impl Executor {
    /// Goes through the runs of a flow until what was begun for them is done. Where the asker goes away or the program ends, it goes on by
    /// itself.
    pub(super) async fn carry_through(&self, flow: FlowId, carry: Option<Carry>) -> Result<(), Refusal> {
        let Some(carry) = carry else { return Ok(()) };
        loop {
            let carry = carry.clone();
            if !self.line.change(move |desk| rounds::carry_on(desk, flow, &carry)).await? {
                return Ok(());
            }
        }
    }
}

/// What is done to the runs of a flow that was saved as this version.
pub(super) fn of_save(by: By, version: u32, running: Running, ways: BTreeMap<NodeId, Way>) -> Option<Carry> {
    match running {
        Running::Finish => None,
        Running::Stop => {
            Some(Carry::StopBefore { version, reason: "The automation was saved anew, and those inside were stopped.".to_owned() })
        }
        Running::Move => Some(Carry::Move { by, version, ways }),
    }
}

/// Does it to a page of runs, before which `done` had their turn; tells how many had it now. A run for which it cannot be done stays as it
/// is, and the owner is told at the flow; the others have their turn.
pub fn carry_out(desk: &mut Desk, flow: FlowId, carry: &Carry, page: Vec<Run>, mut done: usize) -> Result<usize, Refusal> {
    for run in page {
        let mark = desk.mark();
        // Of those that wake only who is late takes a place in the order in which what is overdue goes out.
        let counts = !matches!(carry, Carry::Wake { .. }) || is_late(&run, desk.now);
        match one(desk, flow, carry, run, done) {
            Ok(()) => {}
            Err(Refusal::Conflict(reason) | Refusal::Invalid(reason) | Refusal::Damaged(reason)) => {
                desk.roll_back(mark);
                advance::note_failure(desk, flow, reason)?;
            }
            Err(Refusal::NotFound(_)) => desk.roll_back(mark),
            Err(other) => return Err(other),
        }
        done += usize::from(counts);
    }
    Ok(done)
}

fn one(desk: &mut Desk, flow: FlowId, carry: &Carry, run: Run, index: usize) -> Result<(), Refusal> {
    let (by, version, ways) = match carry {
        Carry::Move { by, version, ways } => (*by, *version, ways),
        Carry::Stop { reason } => return advance::stop(desk, &run, reason),
        Carry::StopBefore { version, .. } if run.version >= *version => return Ok(()),
        Carry::StopBefore { reason, .. } => return advance::stop(desk, &run, reason),
        Carry::Wake { since, overdue } => return wake(desk, run, *since, *overdue, index),
    };
    if run.version >= version {
        return Ok(());
    }
    let document = desk.facts.flow(&desk.work, flow, version)?;
    let old = desk.facts.flow(&desk.work, flow, run.version)?;
    match standing(&run).and_then(|node| ways.get(node)) {
        Some(Way::Stop) => advance::stop(desk, &run, "The automation was saved anew, and those at this node were stopped."),
        Some(Way::To(node)) if document.node(node).is_some() => put_at(desk, Run { version, ..run }, node, &document, by),
        None if can_move(&run, &old, &document) => desk.put_run(&Run { version, ..run }),
        _ => Ok(()),
    }
}

/// Lets a run go on at a node. Where it may not move now, it stands before that node until it may.
fn put_at(desk: &mut Desk, run: Run, node: &NodeId, document: &Flow, by: By) -> Result<(), Refusal> {
    let (id, jump) = (run.id, Event::Verb(Verb::Jump(node.clone()), by));
    // From a person to a person it may go, though the contact hears nothing meanwhile.
    let to_person = matches!(document.node(node).map(|node| &node.kind), Some(NodeKind::Handover(_)));
    let there = if to_person { run.clone() } else { Run { phase: Phase::Ready(node.clone()), ..run.clone() } };
    let contact = contacts::get(&desk.work, run.contact)?;
    let obstacle = match contact.filter(|_| run.state == RunState::Live) {
        Some(contact) => advance::obstacle(&desk.work, &desk.facts, &there, &contact, desk.now)?,
        None => None,
    };
    if obstacle.is_none() {
        desk.put_run(&run)?;
        return advance::happen(desk, id, &jump);
    }
    // A held run is put at the node and takes no step.
    desk.put_run(&Run { state: RunState::Held { since: desk.now }, ..run })?;
    advance::happen(desk, id, &jump)?;
    let Some(put) = runs::get(&desk.work, id)? else { return Ok(()) };
    let put = Run { state: RunState::Live, kept: vec![Event::Start], ..put };
    desk.put_run(&put)?;
    advance::wake_run(desk, put)
}

/// Whether a run can go on in another version: the node it stands at is still there, as the same kind.
pub fn can_move(run: &Run, old: &Flow, new: &Flow) -> bool {
    let Some(node) = standing(run) else { return false };
    let kind = |flow: &Flow| flow.node(node).map(|node| node.kind.word());
    kind(old).is_some() && kind(old) == kind(new)
}

/// The node a run stands at.
pub fn standing(run: &Run) -> Option<&NodeId> {
    match &run.phase {
        Phase::Ready(node) => Some(node),
        Phase::Waiting(waiting) => Some(&waiting.action.node),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
        Phase::Over => None,
    }
}

/// Whether a run waits for a time that is past.
fn is_late(run: &Run, now: Time) -> bool {
    matches!(&run.phase, Phase::Waiting(waiting) if waiting.due.is_some_and(|due| due <= now))
}

/// Lets one run of a flow go on after it was disabled since `since`; `index` is its number among those that are late with it.
pub fn wake(desk: &mut Desk, mut run: Run, since: Time, overdue: Overdue, index: usize) -> Result<(), Refusal> {
    let (now, late, set_by_person) = (desk.now, is_late(&run, desk.now), has_set_time(desk, &run)?);
    let mut dropped = None;
    let mut moved = None;
    if let Phase::Waiting(waiting) = &mut run.phase {
        match overdue {
            Overdue::Shift if !set_by_person => {
                let pause = now.since(since.max(waiting.since));
                // What is planned anew later, on release or undo, counts from here too.
                waiting.since = waiting.since + pause;
                moved = waiting.due.map(|due| due + pause);
            }
            Overdue::Spread if late => moved = Some(now),
            Overdue::Drop if late => dropped = Some(pending_action(desk, &run)?),
            _ => {}
        }
    }
    let place = SPREAD.times(i64::try_from(index).unwrap_or(i64::MAX));
    let plan = match (moved, overdue) {
        (Some(at), Overdue::Spread) if set_by_person => Some((at + place, None)),
        // They go out one after the other from the moment on when they may.
        (Some(at), Overdue::Spread) => Some(allowed(desk, &run, allowed(desk, &run, at)?.0 + place)?),
        (Some(at), _) => Some(allowed(desk, &run, at)?),
        (None, _) => dropped.as_ref().map(|_| (now, None)),
    };
    if let Phase::Waiting(waiting) = &mut run.phase {
        if let Some((due, why)) = plan {
            waiting.due = Some(due);
            waiting.planned = waiting.planned.map(|_| due);
            waiting.moved = why.or(waiting.moved.take());
        }
        desk.put_run(&run)?;
    }
    if let Some(Some(action)) = dropped {
        advance::happen(desk, run.id, &Event::Verb(Verb::Remove(action), By::System))?;
    }
    let Some(run) = runs::get(&desk.work, run.id)? else { return Ok(()) };
    advance::wake_run(desk, run)
}

/// The first moment from `at` on when the wait of a run may end, and why where that is later.
fn allowed(desk: &Desk, run: &Run, at: Time) -> Result<(Time, Option<String>), Refusal> {
    let contact = contacts::get(&desk.work, run.contact)?;
    let Some(contact) = contact.filter(|_| desk.facts.channels.contains_key(&run.channel)) else { return Ok((at, None)) };
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let world = advance::world(&desk.work, &desk.facts, &contact, run.channel, STEPS_PER_EVENT_MAX)?;
    Ok(wall::allowed(&world, &flow, run, &contact, at))
}

/// Whether a person said when the pending action happens: then it happens then, whatever the flow's waits do.
fn has_set_time(desk: &Desk, run: &Run) -> Result<bool, Refusal> {
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let line = line::pending(&flow, run);
    Ok(line.and_then(|action| run.changes.get(&action)).is_some_and(|change| change.due.is_some()))
}

/// The action that a run is about to do.
fn pending_action(desk: &Desk, run: &Run) -> Result<Option<ActionId>, Refusal> {
    Ok(advance::actions_ahead(desk, run)?.into_iter().next().map(|action| action.id))
}

#[cfg(all(test, feature = "test-clock"))]
mod tests {
    use super::*;
    use crate::base::address::ChannelKind;
    use crate::executor::control::runs::{ContactRef, StartRequest};
    use crate::model::document;
    use crate::model::run::Origin;
    use crate::store::Store;
    use crate::store::seal::SealKey;
    use std::sync::atomic::Ordering;

    #[tokio::test]
    async fn who_is_inside_goes_on_in_the_very_change_that_enables_the_flow() {
        let (executor, _running) = Executor::at_rest(Store::memory().expect("a store"), SealKey::new([7; 32])).expect("an executor");
        let channel =
            executor.create_channel(By::System, ChannelKind::Simulator, "Prova", serde_json::Map::new()).await.expect("a channel").id;
        let text = r#"{"flusso": 1, "name": "Attesa", "start": "w", "nodes": [{"id": "w", "kind": "wait", "for": "1h"}]}"#;
        let flow = executor.create_flow(By::System, document::read_text(text).expect("a flow"), true).await.expect("made").id;
        let contact = ContactRef::At { channel, address: "anna".to_owned(), name: None };
        let start = StartRequest { flow, contact, variables: Default::default(), origin: Origin::Api };
        executor.start_run(By::System, start).await.expect("started");
        let due = || runs::live_of_flow(&executor.view().expect("a view"), flow, None, 9).expect("readable")[0].timer().map(|(due, _)| due);
        let old = due();
        executor.pause_flow(By::System, flow).await.expect("disabled");
        let before = executor.line.shared.commits.load(Ordering::Relaxed);
        executor.line.shared.clock.advance(Span::HOUR.times(2));
        executor.enable_flow(By::System, flow, Overdue::Shift).await.expect("enabled");
        assert_eq!(executor.line.shared.commits.load(Ordering::Relaxed), before + 1, "one commit, whatever comes between");
        assert!(due() >= old.map(|old| old + Span::HOUR.times(2)), "{:?}", due());
    }
}
