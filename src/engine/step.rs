//! One event, one step: which events concern a run as it stands, and what they set in motion.

use super::nodes::{api, handover, message, wait};
use super::walk::{Outcome, Walk};
use super::{Step, StepError, line, verbs};
use crate::base::limits::LIVE_REPLY;
use crate::base::time::Time;
use crate::model::action::{ActionId, ActionState};
use crate::model::contact::Contact;
use crate::model::count::PRESSED;
use crate::model::event::{CallOutcome, Event, Heard};
use crate::model::flow::Flow;
use crate::model::node::{EventKind, MessageNode, Node, NodeId, NodeKind, Wait};
use crate::model::run::{Origin, Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::BTreeSet;

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
        return Ok((Step { run, contact, effects: Vec::new(), exits: Vec::new(), pressed: None, steps_left }, None));
    }
    let undecided = walk.undecided.take();
    Ok((walk.into_step(), undecided))
}

/// Whether a message of the contact would be taken by this run as it stands.
pub fn takes(world: &World, flow: &Flow, run: &Run, contact: &Contact, heard: &Heard, now: Time) -> bool {
    let event = Event::Message(heard.clone());
    step(world, flow, run, contact, &event, now).is_ok_and(|step| step.run.sequence != run.sequence)
}

/// Keeps what cannot come again for a run that is held: the end of what it asked for.
fn keep(walk: &mut Walk<'_>, event: &Event) -> bool {
    let wanted = awaits_end(walk, event) || matches!((event, &walk.run.phase), (Event::HandoverEnded, Phase::Handover { .. }));
    if wanted {
        walk.run.kept = Some(Box::new(event.clone()));
    }
    wanted
}

/// Whether the event is the end of the call or the called run that this run waits for.
fn awaits_end(walk: &Walk<'_>, event: &Event) -> bool {
    match (event, &walk.run.phase) {
        (Event::CallEnded { armed, .. }, Phase::Calling { armed: wanted, .. }) => armed == wanted,
        (Event::ChildEnded { armed, .. }, Phase::Called { armed: wanted, .. }) => armed == wanted,
        _ => false,
    }
}

/// Takes an event; false where it does not concern the run.
pub(super) fn take(walk: &mut Walk<'_>, event: &Event) -> bool {
    match event {
        Event::Start => start(walk),
        Event::Message(heard) => hear(walk, heard),
        Event::Button { node, choice, heard } => press(walk, node, choice, heard),
        Event::Timer { armed } => timer(walk, *armed),
        Event::CallEnded { .. } | Event::ChildEnded { .. } if !awaits_end(walk, event) => false,
        Event::CallEnded { .. } | Event::ChildEnded { .. } if walk.contact.silence(walk.now).is_some() => keep(walk, event),
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
    if !matches!(walk.run.phase, Phase::Waiting(_)) {
        return false;
    }
    let known = offered(walk, asker).is_some_and(|message| message.choices().any(|(id, _)| id == choice));
    let flow = walk.flow;
    let Some(node) = flow.node(asker).filter(|_| known) else { return false };
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
    let (now, due) = (walk.now, walk.run.timer());
    if due.is_none_or(|(due, wanted)| wanted != armed || now < due) {
        return false;
    }
    match walk.run.phase.clone() {
        Phase::Handover { action, .. } => hand_back(walk, action),
        Phase::Waiting(_) if walk.contact.silence(now).is_some() => false,
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
        return hand_back(walk, action);
    }
    if walk.contact.silence(walk.now).is_some() {
        return false;
    }
    walk.run.kept.take().is_some_and(|kept| take(walk, &kept))
}

/// The run that handed over goes on.
pub(super) fn hand_back(walk: &mut Walk<'_>, action: ActionId) -> bool {
    if let Some(node) = walk.standing(&action) {
        handover::ended(walk, node, action);
    }
    true
}

/// The line at which the walk's run stands.
pub(super) fn pending(walk: &Walk<'_>) -> Option<ActionId> {
    line::pending(walk.flow, &walk.run)
}
