//! What a person does to a run or to one of its actions. A wish that cannot be done is refused in words and changes nothing.

use super::StepError;
use super::forecast;
use super::line;
use super::nodes::handover::End;
use super::nodes::{self, wait};
use super::step::{again, hand_back, pending};
use super::value;
use super::walk::{Outcome, Walk};
use crate::base::time::Time;
use crate::model::action::{Action, ActionId, ActionState, Change, Verb};
use crate::model::node::NodeKind;
use crate::model::operator::By;
use crate::model::run::{EndedAs, Phase, RunState, Waiting, WaitingFor};
use crate::model::value::Value;
use std::collections::BTreeMap;

type Obeyed = Result<bool, StepError>;

/// Obeys; false where nothing had to change.
pub(super) fn obey(walk: &mut Walk<'_>, verb: &Verb, by: By) -> Obeyed {
    if walk.run.is_over() {
        return Err(StepError::Over);
    }
    match verb {
        Verb::Hold => Ok(hold(walk)),
        Verb::Resume => Ok(resume(walk)),
        Verb::Stop(reason) => {
            walk.abandon(ActionState::Skipped, reason);
            walk.end(EndedAs::Stopped, Some(reason.clone()));
            Ok(true)
        }
        Verb::Jump(node) => jump(walk, node),
        Verb::Restart => Ok(false),
        Verb::SendNow(action) => Asked::of(walk, action, by)?.send_now(walk),
        Verb::Skip(action) => Asked::of(walk, action, by)?.skip(walk),
        Verb::Remove(action) => Asked::of(walk, action, by)?.remove(walk),
        Verb::Move { action, due, following_keep } => Asked::of(walk, action, by)?.put_off(walk, *due, *following_keep),
        Verb::Rewrite(action, text) => Asked::of(walk, action, by)?.rewrite(walk, text),
        Verb::HoldAction(action) => Asked::of(walk, action, by)?.hold(walk, true),
        Verb::ReleaseAction(action) => Asked::of(walk, action, by)?.hold(walk, false),
        Verb::Undo(action) => Asked::of(walk, action, by)?.undo(walk),
        Verb::Restore(changes) => Ok(restore(walk, changes, by)),
        Verb::Variable(name, value) => Ok(set_variable(walk, name, value.clone())),
    }
}

fn hold(walk: &mut Walk<'_>) -> bool {
    let live = walk.run.state == RunState::Live;
    if live {
        walk.run.state = RunState::Held { since: walk.now };
    }
    live
}

/// Goes on: first what came meanwhile, then where it stood. What fell due meanwhile fires with the next timer.
fn resume(walk: &mut Walk<'_>) -> bool {
    if walk.run.state == RunState::Live {
        return false;
    }
    walk.run.state = RunState::Live;
    if !walk.run.kept.is_empty() {
        super::step::take_kept(walk);
    } else if let Phase::Ready(node) = walk.run.phase.clone() {
        walk.go(Some(node));
    }
    true
}

fn jump(walk: &mut Walk<'_>, node: &crate::model::node::NodeId) -> Obeyed {
    if walk.flow.node(node).is_none() {
        return Err(StepError::NoSuchNode(node.clone()));
    }
    walk.abandon(ActionState::Skipped, "jumped");
    walk.run.kept.clear();
    walk.run.phase = Phase::Ready(node.clone());
    if walk.run.state == RunState::Live {
        walk.go(Some(node.clone()));
    }
    Ok(true)
}

/// Puts changes back as they were; those on what was done meanwhile are past.
fn restore(walk: &mut Walk<'_>, changes: &BTreeMap<ActionId, Change>, by: By) -> bool {
    let ahead = |action: &ActionId| Asked::of(walk, action, by).is_ok();
    let kept: BTreeMap<ActionId, Change> =
        changes.iter().filter(|(action, _)| ahead(action)).map(|(a, c)| (a.clone(), c.clone())).collect();
    if walk.run.changes == kept {
        return false;
    }
    walk.run.changes = kept;
    if let Some(action) = pending(walk) {
        Asked { action, pending: true, by }.refresh(walk);
    }
    true
}

/// A variable has another value: a rule of leaving may hold now.
fn set_variable(walk: &mut Walk<'_>, name: &str, value: Option<Value>) -> bool {
    let before = match value.clone() {
        Some(value) => walk.run.variables.insert(name.to_owned(), value::cut(value)),
        None => walk.run.variables.remove(name),
    };
    if before == value {
        return false;
    }
    if walk.run.state == RunState::Live {
        walk.leave();
    }
    true
}

/// One action a person means, known to be in the flow and not done.
struct Asked {
    action: ActionId,
    pending: bool,
    by: By,
}

impl Asked {
    fn of(walk: &Walk<'_>, action: &ActionId, by: By) -> Result<Asked, StepError> {
        if action.visit == 0 || walk.flow.node(&action.node).is_none() {
            return Err(StepError::NoSuchNode(action.node.clone()));
        }
        let action = line::line_of(walk.flow, &walk.run, action.clone());
        let pending = pending(walk).as_ref() == Some(&action);
        let done = walk.run.visits.get(&action.node).is_some_and(|visits| *visits >= action.visit);
        if done && !pending {
            return Err(StepError::AlreadyDone(action));
        }
        if !pending && !line::lies_ahead(walk.flow, &walk.run, &action.node) {
            return Err(StepError::NotAhead(action));
        }
        Ok(Asked { action, pending, by })
    }

    /// Notes a change, with who and when.
    fn change(&self, walk: &mut Walk<'_>, how: impl FnOnce(&mut Change)) {
        let change = walk.run.changes.entry(self.action.clone()).or_default();
        how(change);
        change.by = self.by.operator();
        change.at = Some(walk.now);
        let nothing = Change { by: change.by, at: change.at, ..Change::default() };
        if *change == nothing {
            walk.run.changes.remove(&self.action);
        }
    }

    /// The waiting of the run, where this action is what it waits with.
    fn waiting(&self, walk: &Walk<'_>) -> Option<Waiting> {
        match &walk.run.phase {
            Phase::Waiting(waiting) if self.pending => Some(waiting.clone()),
            _ => None,
        }
    }

    fn must_move(&self, walk: &Walk<'_>) -> Result<(), StepError> {
        if matches!(walk.run.state, RunState::Held { .. }) { Err(StepError::OnHold) } else { Ok(()) }
    }

    fn send_now(self, walk: &mut Walk<'_>) -> Obeyed {
        self.must_move(walk)?;
        if !self.pending {
            return self.bring_forward(walk);
        }
        match walk.run.phase.clone() {
            Phase::Calling { .. } | Phase::Called { .. } => return Err(StepError::UnderWay(self.action)),
            Phase::Handover { action, .. } => return Ok(hand_back(walk, action, End::Closed)),
            Phase::Waiting(waiting) if waiting.what == WaitingFor::Window => return Err(StepError::WindowClosed),
            Phase::Waiting(waiting) if waiting.what != WaitingFor::Person => {
                let has_time = self.has_time(walk, &waiting);
                self.must_have_time(has_time)?;
            }
            _ => {}
        }
        let now = walk.now;
        // Whoever asks for it now wants it done, even where somebody had removed it.
        self.change(walk, |change| *change = Change { due: Some(now), text: change.text.take(), ..Change::default() });
        self.do_now(walk, Outcome::on("elapsed", ""))
    }

    /// Done now though others stand before it: what the run waits for is left. A wait alone is nothing that could be done now.
    fn bring_forward(self, walk: &mut Walk<'_>) -> Obeyed {
        let is_wait = walk.flow.node(&self.action.node).is_none_or(|node| matches!(node.kind, NodeKind::Wait(_)));
        if is_wait || line::next_visit(&walk.run, &self.action.node) != self.action {
            return Err(StepError::NotNext(self.action));
        }
        let now = walk.now;
        self.change(walk, |change| *change = Change { due: Some(now), text: change.text.take(), ..Change::default() });
        jump(walk, &self.action.node)
    }

    fn skip(self, walk: &mut Walk<'_>) -> Obeyed {
        if self.pending {
            self.must_move(walk)?;
        }
        self.change(walk, |change| (change.skip, change.remove, change.hold) = (true, false, false));
        if !self.pending {
            return Ok(true);
        }
        if let Phase::Handover { .. } = walk.run.phase {
            walk.contact.handover = None;
        }
        self.do_now(walk, Outcome::on("", ""))
    }

    /// Ends the rest the run is in because of this action, and goes on; the change on it decides what then happens to it.
    fn do_now(&self, walk: &mut Walk<'_>, ended: Outcome) -> Obeyed {
        let Some(standing) = line::standing(&walk.run) else { return Ok(false) };
        if let Phase::Ready(node) = walk.run.phase.clone() {
            walk.go(Some(node));
            return Ok(true);
        }
        let put_off = self.waiting(walk).is_some_and(|waiting| matches!(waiting.what, WaitingFor::Window | WaitingFor::Person));
        if put_off {
            return Ok(again(walk, standing));
        }
        let Some(node) = walk.standing(&standing) else { return Ok(true) };
        let skipped = walk.run.changes.get(&self.action).is_some_and(|change| change.skip);
        let words = nodes::words(walk, node, &standing);
        let outcome = match ended {
            Outcome::On { exit, .. } if !skipped => Outcome::on(&exit, words),
            _ => Outcome::On { exit: nodes::onward(node), state: ActionState::Skipped, text: words },
        };
        walk.go_on(node, standing, outcome);
        Ok(true)
    }

    /// Not done, and everything after it keeps its time: a wait goes on as it was, what was put off is passed over at once.
    fn remove(self, walk: &mut Walk<'_>) -> Obeyed {
        if self.pending && matches!(walk.run.phase, Phase::Calling { .. } | Phase::Called { .. } | Phase::Handover { .. }) {
            return Err(StepError::UnderWay(self.action));
        }
        self.change(walk, |change| (change.remove, change.skip, change.hold) = (true, false, false));
        let put_off = self.waiting(walk).filter(|waiting| matches!(waiting.what, WaitingFor::Window | WaitingFor::Person));
        if let (Some(waiting), RunState::Live) = (put_off, &walk.run.state) {
            return Ok(again(walk, waiting.action));
        }
        self.refresh(walk);
        Ok(true)
    }

    fn has_time(&self, walk: &Walk<'_>, waiting: &Waiting) -> bool {
        let node = walk.flow.node(&waiting.action.node);
        !matches!(node.map(|node| &node.kind), Some(NodeKind::Wait(wait)) if wait.r#for.is_none() && wait.until.is_none())
    }

    fn must_have_time(&self, has_time: bool) -> Result<(), StepError> {
        if has_time { Ok(()) } else { Err(StepError::NoTime(self.action.clone())) }
    }

    fn must_be_done(&self, walk: &Walk<'_>) -> Result<(), StepError> {
        let is_left_out = walk.run.changes.get(&self.action).is_some_and(|change| change.skip || change.remove);
        if is_left_out { Err(StepError::LeftOut(self.action.clone())) } else { Ok(()) }
    }

    fn put_off(self, walk: &mut Walk<'_>, due: Time, following_keep: bool) -> Obeyed {
        self.must_be_done(walk)?;
        if self.pending {
            match walk.run.phase.clone() {
                Phase::Calling { .. } | Phase::Called { .. } | Phase::Handover { .. } => return Err(StepError::UnderWay(self.action)),
                Phase::Waiting(waiting) if waiting.what == WaitingFor::Window => return Err(StepError::WindowClosed),
                Phase::Waiting(waiting) => {
                    let has_time = self.has_time(walk, &waiting);
                    self.must_have_time(has_time)?;
                }
                _ => {}
            }
        }
        if following_keep {
            self.pin_next(walk, due)?;
        }
        self.change(walk, |change| change.due = Some(due));
        self.refresh(walk);
        Ok(true)
    }

    /// Keeps the next timed action where the forecast has it now, while this one moves before it.
    fn pin_next(&self, walk: &mut Walk<'_>, due: Time) -> Result<(), StepError> {
        let lines = self.onward(walk);
        let own = lines.first().and_then(|line| line.due);
        if let Some(next) = lines.into_iter().skip(1).find(|line| line.due > own) {
            if next.due.is_some_and(|next| next <= due) {
                return Err(StepError::NextIsSooner(self.action.clone()));
            }
            let pinned = Asked { action: next.id, pending: false, by: self.by };
            pinned.change(walk, |change| change.due = next.due);
        }
        Ok(())
    }

    /// The action and what the forecast has after it.
    fn onward(&self, walk: &Walk<'_>) -> Vec<Action> {
        let run = crate::model::run::Run { sequence: walk.run.sequence - 1, ..walk.run.clone() };
        let lines = forecast::forecast(walk.world, walk.flow, &run, &walk.contact, walk.now);
        lines.into_iter().skip_while(|line| line.id != self.action).collect()
    }

    fn rewrite(self, walk: &mut Walk<'_>, text: &str) -> Obeyed {
        self.must_be_done(walk)?;
        let node = walk.flow.node(&self.action.node);
        if !matches!(node.map(|node| &node.kind), Some(NodeKind::Message(_) | NodeKind::Notify(_))) {
            return Err(StepError::NoText(self.action));
        }
        self.change(walk, |change| change.text = Some(text.to_owned()));
        Ok(true)
    }

    fn hold(self, walk: &mut Walk<'_>, hold: bool) -> Obeyed {
        if self.pending && matches!(walk.run.phase, Phase::Calling { .. } | Phase::Called { .. } | Phase::Handover { .. }) {
            return Err(StepError::UnderWay(self.action));
        }
        self.must_be_done(walk)?;
        self.change(walk, |change| change.hold = hold);
        self.refresh(walk);
        Ok(true)
    }

    fn undo(self, walk: &mut Walk<'_>) -> Obeyed {
        let named = if walk.run.changes.contains_key(&self.action) { Some(self.action.clone()) } else { self.by_its_wait(walk) };
        let onward = self.onward(walk);
        let Some(undone) = named.and_then(|named| walk.run.changes.remove(&named)) else {
            return Err(StepError::NothingToUndo(self.action));
        };
        if undone.due.is_some() {
            // What kept the next one where it was, when this one was moved alone.
            let is_pin = |change: &Change| *change == Change { due: change.due, by: undone.by, at: undone.at, ..Change::default() };
            let pinned = onward.into_iter().skip(1).find(|line| walk.run.changes.get(&line.id).is_some_and(is_pin));
            pinned.and_then(|line| walk.run.changes.remove(&line.id));
        }
        self.refresh(walk);
        Ok(true)
    }

    /// The name under which a change of this message's line lies, where it was named by the wait before it.
    fn by_its_wait(&self, walk: &Walk<'_>) -> Option<ActionId> {
        let leads_here = |action: &&ActionId| {
            let wait = walk.flow.node(&action.node).filter(|node| matches!(node.kind, NodeKind::Wait(_)));
            wait.and_then(|wait| line::message_after(walk.flow, wait)).is_some_and(|(message, _)| message.id == self.action.node)
        };
        walk.run.changes.keys().find(leads_here).cloned()
    }

    /// Brings the timer of the rest the run is in into line with the change. What is thereby past fires with the next timer.
    fn refresh(&self, walk: &mut Walk<'_>) {
        let Some(mut waiting) = self.waiting(walk) else { return };
        let change = walk.run.changes.get(&self.action).cloned().unwrap_or_default();
        let node = walk.flow.node(&waiting.action.node);
        let plan = match (waiting.what, node.map(|node| (node, &node.kind))) {
            (WaitingFor::Node, Some((node, NodeKind::Wait(wait)))) => {
                let own = wait::Plan { due: waiting.planned, moved: None };
                wait::plan(walk, node, wait, waiting.since).unwrap_or(own)
            }
            (WaitingFor::Person, _) => wait::Plan { due: Some(waiting.since), moved: None },
            _ => return,
        };
        let wait::Plan { due, moved } = wait::obey(&change, &plan);
        waiting.planned = change.due.or(plan.due);
        (waiting.due, waiting.moved, waiting.armed) = (due, moved, walk.run.sequence);
        walk.run.phase = Phase::Waiting(waiting);
    }
}
