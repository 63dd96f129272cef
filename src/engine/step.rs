//! One event, one step: which events concern a run as it stands, and what they set in motion.

use super::nodes::handover::End;
use super::nodes::{api, handover, message, wait};
use super::walk::{Outcome, Walk};
use super::{Step, StepError, line, verbs};
use crate::base::limits::LIVE_REPLY;
use crate::base::time::Time;
use crate::model::action::{ActionId, ActionState};
use crate::model::contact::{Contact, Silence};
use crate::model::count::PRESSED;
use crate::model::event::{CallOutcome, Event, Heard};
use crate::model::flow::Flow;
use crate::model::node::{EventKind, MessageNode, Node, NodeId, NodeKind, Wait};
use crate::model::run::{Origin, Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Advances `run` by one event. Pure: same arguments, same answer, on any machine, at any hour.
pub fn step(world: &World, flow: &Flow, run: &Run, contact: &Contact, event: &Event, now: Time) -> Result<Step, StepError> {
    advance(world, flow, run, contact, event, now, &BTreeSet::new()).map(|(step, _)| step)
}

/// The same for a forecast: it stops, and says so, at a node that depends on a name whose value nobody can know yet.
pub(super) fn advance(
    world: &World,
    flow: &Flow,
    run: &Run,
    contact: &Contact,
    event: &Event,
    now: Time,
    unknown: &BTreeSet<String>,
) -> Result<(Step, Option<NodeId>), StepError> {
    let mut walk = Walk::new(world, flow, run, contact, now, unknown);
    let moved = match event {
        Event::Verb(verb, by) => verbs::obey(&mut walk, verb, *by)?,
        _ if walk.run.is_over() => false,
        _ if matches!(walk.run.state, RunState::Held { .. }) => keep(&mut walk, event),
        _ => take(&mut walk, event),
    };
    if !moved {
        let (run, contact, steps_left) = (run.clone(), contact.clone(), world.steps_left);
        let (effects, exits, ways, pressed) = (Vec::new(), Vec::new(), BTreeMap::new(), None);
        return Ok((Step { run, contact, effects, exits, ways, pressed, steps_left }, None));
    }
    let undecided = walk.undecided.take();
    Ok((walk.into_step(), undecided))
}

/// Whether a message of the contact would be taken by this run as it stands.
pub fn takes(world: &World, flow: &Flow, run: &Run, contact: &Contact, heard: &Heard, now: Time) -> bool {
    let event = Event::Message(heard.clone());
    step(world, flow, run, contact, &event, now).is_ok_and(|step| step.run.sequence != run.sequence)
}

/// Presses kept at most for a run that waits for a call.
const PRESSES_MAX: usize = 8;

/// Keeps what cannot come again for a run that is held: the end of what it asked for.
fn keep(walk: &mut Walk<'_>, event: &Event) -> bool {
    let wanted = awaits(walk.flow, &walk.run, event);
    if wanted {
        walk.run.kept.retain(|known| known != event);
        walk.run.kept.push(event.clone());
    }
    wanted
}

/// Whether this event is what the run waits for and cannot come again: the end of its call or of the run it called, the callback
/// it stands for, or a person's handing back. Such an event is kept while the run may not move.
pub fn awaits(flow: &Flow, run: &Run, event: &Event) -> bool {
    match (event, &run.phase) {
        (Event::CallEnded { armed, .. }, Phase::Calling { armed: wanted, .. }) => armed == wanted,
        (Event::ChildEnded { armed, .. }, Phase::Called { armed: wanted, .. }) => armed == wanted,
        (Event::Callback(_), Phase::Waiting(waiting)) => match flow.node(&waiting.action.node).map(|node| &node.kind) {
            Some(NodeKind::Wait(wait)) => wait.met.as_ref().is_some_and(|met| met.callback),
            _ => false,
        },
        (Event::HandoverEnded, Phase::Handover { .. }) => true,
        _ => false,
    }
}

/// Why this run must keep silent now. One that began because the contact left goes on: it tells staff and files the matter, and
/// whatever it would say to the contact is skipped.
pub fn silence(flow: &Flow, run: &Run, contact: &Contact, now: Time) -> Option<Silence> {
    contact.silence(now).filter(|silence| *silence != Silence::OptedOut || !begins_at_leaving(flow, &run.origin))
}

/// Whether a run of this origin begins because its contact unsubscribed.
pub fn begins_at_leaving(flow: &Flow, origin: &Origin) -> bool {
    let Origin::Trigger(node) = origin else { return false };
    matches!(flow.node(node).map(|node| &node.kind), Some(NodeKind::Event(event)) if event.on == EventKind::OptedOut)
}

/// Takes an event; false where it does not concern the run. A press that came while the run waited for a call is read as soon as the
/// run rests where a press counts.
pub(super) fn take(walk: &mut Walk<'_>, event: &Event) -> bool {
    let moved = take_one(walk, event);
    while moved && walk.undecided.is_none() && matches!(walk.run.phase, Phase::Waiting(_)) {
        let Some(at) = walk.run.kept.iter().position(|kept| matches!(kept, Event::Button { .. })) else { break };
        if let Event::Button { node, choice, heard } = walk.run.kept.remove(at) {
            press(walk, &node, &choice, &heard);
        }
    }
    moved
}

/// Takes what was kept, oldest first; false where none of it concerns the run any more.
pub(super) fn take_kept(walk: &mut Walk<'_>) -> bool {
    let kept = std::mem::take(&mut walk.run.kept);
    let mut moved = false;
    for event in &kept {
        moved |= take(walk, event);
    }
    moved
}

fn take_one(walk: &mut Walk<'_>, event: &Event) -> bool {
    match event {
        Event::Start => start(walk),
        Event::Message(heard) => hear(walk, heard),
        Event::Button { node, choice, heard } => press(walk, node, choice, heard),
        Event::Timer { armed } => timer(walk, *armed),
        Event::CallEnded { .. } | Event::ChildEnded { .. } | Event::Callback(_) if !awaits(walk.flow, &walk.run, event) => false,
        Event::CallEnded { .. } | Event::ChildEnded { .. } | Event::Callback(_) if walk.silence().is_some() => keep(walk, event),
        Event::CallEnded { outcome, .. } => call_ended(walk, outcome),
        Event::ChildEnded { variables, .. } => child_ended(walk, variables),
        Event::Callback(variables) => callback(walk, variables),
        Event::ContactChanged => changed(walk),
        Event::HandoverEnded => handed_back(walk),
        Event::Verb(..) => false,
    }
}

fn start(walk: &mut Walk<'_>) -> bool {
    let Phase::Ready(node) = walk.run.phase.clone() else { return false };
    walk.live = is_answer(walk);
    walk.go(Some(node));
    true
}

/// Whether the run begins as the answer to a message that just came.
fn is_answer(walk: &Walk<'_>) -> bool {
    let heard = || walk.run.heard.as_ref().is_some_and(|heard| walk.now.since(heard.at) < LIVE_REPLY);
    match &walk.run.origin {
        Origin::Trigger(node) => match walk.flow.node(node).map(|node| &node.kind) {
            Some(NodeKind::Event(event)) => {
                matches!(event.on, EventKind::FirstMessage | EventKind::AnyMessage | EventKind::OutOfHours)
            }
            kind => matches!(kind, Some(NodeKind::Keyword(_))),
        },
        Origin::Launch(_) => heard(),
        Origin::Operator(_) | Origin::Api => false,
    }
}

/// The wait node at which the run stands, with its waiting.
fn at_wait<'a>(walk: &Walk<'a>, waiting: &Waiting) -> Option<(&'a Node, &'a Wait)> {
    let flow = walk.flow;
    let node = flow.node(&waiting.action.node)?;
    match (&node.kind, waiting.what) {
        (NodeKind::Wait(wait), WaitingFor::Node | WaitingFor::Burst) => Some((node, wait)),
        _ => None,
    }
}

fn hear(walk: &mut Walk<'_>, heard: &Heard) -> bool {
    let Phase::Waiting(waiting) = walk.run.phase.clone() else { return false };
    walk.run.heard = Some(heard.clone());
    (walk.live, walk.heard_now) = (true, true);
    if walk.leave() {
        return true;
    }
    if waiting.what == WaitingFor::Window {
        return again(walk, waiting.action);
    }
    let Some((node, wait)) = at_wait(walk, &waiting) else { return false };
    if let Some((asker, choice)) = named_choice(walk, wait, heard) {
        return press(walk, &asker, &choice, heard);
    }
    let Some(reply) = &wait.reply else { return false };
    wait::heard(walk, node, wait, reply, waiting, heard);
    true
}

/// The choice a contact named by number or title, where the channel shows no buttons. An answer that passes the check of a question
/// is an answer: the question came later than the choices.
fn named_choice(walk: &Walk<'_>, wait: &Wait, heard: &Heard) -> Option<(NodeId, String)> {
    let asker = walk.run.offered.clone()?;
    let message = offered(walk, &asker)?;
    let check = wait.reply.as_ref().and_then(|reply| reply.check.as_ref());
    let zone = walk.scope().zone();
    let passes = check.is_some_and(|check| super::answer::read(check, &heard.text, zone, zone.date(walk.now)).is_some());
    if passes || !message::is_numbered(message, &walk.world.channel.abilities) {
        return None;
    }
    let choice = message::meant(walk, message, &heard.text)?.to_owned();
    Some((asker, choice))
}

/// The message of a node that this run has sent.
fn offered<'a>(walk: &Walk<'a>, node: &NodeId) -> Option<&'a MessageNode> {
    let flow = walk.flow;
    match &flow.node(node)?.kind {
        NodeKind::Message(message) if walk.run.visits.contains_key(node) => Some(message),
        _ => None,
    }
}

/// A button or row of any message this run has sent: the run leaves the wait it stands at, by that message's exit.
fn press(walk: &mut Walk<'_>, asker: &NodeId, choice: &str, heard: &Heard) -> bool {
    let known = offered(walk, asker).is_some_and(|message| message.choices().any(|(id, _)| id == choice));
    let flow = walk.flow;
    let Some(node) = flow.node(asker).filter(|_| known) else { return false };
    match walk.run.phase {
        Phase::Waiting(_) => {}
        Phase::Calling { .. } | Phase::Called { .. } if walk.run.kept.len() < PRESSES_MAX => {
            walk.run.kept.push(Event::Button { node: asker.clone(), choice: choice.to_owned(), heard: heard.clone() });
            return true;
        }
        _ => return false,
    }
    walk.run.heard = Some(Heard { button: Some(choice.to_owned()), ..heard.clone() });
    (walk.live, walk.heard_now) = (true, true);
    if walk.leave() {
        return true;
    }
    walk.run.offered = None;
    let sent = !matches!(&walk.run.phase, Phase::Waiting(Waiting { what: WaitingFor::Window | WaitingFor::Person, .. }));
    let state = if sent { ActionState::Done } else { ActionState::Skipped };
    if let Some(stood) = walk.run.node().cloned() {
        walk.exits.push((stood, PRESSED.to_owned()));
    }
    walk.pressed = Some((asker.clone(), choice.to_owned()));
    walk.abandon(state, &format!("pressed {choice}"));
    walk.go(node.exit(choice).cloned());
    true
}

fn timer(walk: &mut Walk<'_>, armed: u64) -> bool {
    let due = walk.run.timer();
    if due.is_none_or(|(due, wanted)| wanted != armed || walk.now < due) {
        return false;
    }
    match walk.run.phase.clone() {
        Phase::Handover { action, .. } => match handover::longer(walk) {
            Some(until) => {
                walk.run.phase = Phase::Handover { action, until: Some(until), armed: walk.run.sequence };
                true
            }
            None => {
                let end = walk.standing(&action).map(|node| End::by_time(walk, node));
                end.is_some_and(|end| hand_back(walk, action, end))
            }
        },
        Phase::Waiting(_) if walk.silence().is_some() => false,
        Phase::Waiting(waiting) => waited(walk, waiting),
        _ => false,
    }
}

fn waited(walk: &mut Walk<'_>, waiting: Waiting) -> bool {
    match (at_wait(walk, &waiting), waiting.what) {
        (Some((node, wait)), WaitingFor::Burst) => {
            walk.live = true;
            wait::burst_ended(walk, node, wait, waiting);
        }
        (Some((node, wait)), _) => wait::elapsed(walk, node, wait, waiting),
        (None, _) => return again(walk, waiting.action),
    }
    true
}

/// Does now what the run has put off.
pub(super) fn again(walk: &mut Walk<'_>, action: ActionId) -> bool {
    if let Some(node) = walk.standing(&action) {
        walk.go_again(node, action);
    }
    true
}

fn call_ended(walk: &mut Walk<'_>, outcome: &CallOutcome) -> bool {
    let Phase::Calling { action, .. } = walk.run.phase.clone() else { return false };
    let Some(node) = walk.standing(&action) else { return true };
    match &node.kind {
        NodeKind::Api(api) => api::ended(walk, node, api, action, outcome),
        _ => walk.go_on(node, action, Outcome::on("failed", "")),
    }
    true
}

fn child_ended(walk: &mut Walk<'_>, variables: &Values) -> bool {
    let Phase::Called { action, .. } = walk.run.phase.clone() else { return false };
    let Some(node) = walk.standing(&action) else { return true };
    walk.run.variables.extend(variables.clone());
    let words = super::nodes::words(walk, node, &action);
    walk.go_on(node, action, Outcome::on("next", words));
    true
}

fn callback(walk: &mut Walk<'_>, variables: &Values) -> bool {
    let Phase::Waiting(waiting) = walk.run.phase.clone() else { return false };
    let Some((node, wait)) = at_wait(walk, &waiting) else { return false };
    if !wait.met.as_ref().is_some_and(|met| met.callback) {
        return false;
    }
    walk.run.variables.extend(variables.iter().map(|(name, value)| (name.clone(), super::value::cut(value.clone()))));
    walk.go_on(node, waiting.action, Outcome::on("met", wait::words(wait)));
    true
}

/// Tags or fields changed, or the contact wrote and another run took it: a rule of leaving may hold now, what a wait is for may be
/// so, or the window may be open for a message that was held.
fn changed(walk: &mut Walk<'_>) -> bool {
    if walk.leave() {
        return true;
    }
    if walk.silence().is_some() {
        return false;
    }
    let Phase::Waiting(waiting) = walk.run.phase.clone() else { return false };
    if waiting.what == WaitingFor::Window && walk.scope().window_open() {
        return again(walk, waiting.action);
    }
    let Some((node, wait)) = at_wait(walk, &waiting) else { return false };
    if !wait::is_met(walk, wait) {
        return false;
    }
    walk.go_on(node, waiting.action, Outcome::on("met", wait::words(wait)));
    true
}

/// The person handed the contact back: a run that handed over goes on, and one that kept an answer meanwhile reads it.
fn handed_back(walk: &mut Walk<'_>) -> bool {
    if let Phase::Handover { action, .. } = walk.run.phase.clone() {
        return hand_back(walk, action, End::Closed);
    }
    walk.silence().is_none() && take_kept(walk)
}

/// The run that handed over goes on.
pub(super) fn hand_back(walk: &mut Walk<'_>, action: ActionId, end: End) -> bool {
    if let Some(node) = walk.standing(&action) {
        handover::ended(walk, node, action, end);
    }
    true
}

/// The line at which the walk's run stands.
pub(super) fn pending(walk: &Walk<'_>) -> Option<ActionId> {
    line::pending(walk.flow, &walk.run)
}
