//! A flow is entered: the rules of re-entry decide, runs that must end do, and the new one takes its first steps.

use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use super::obstacle::{Obstacle, Why, keep_for_later, obstacle};
use super::{Budget, count, happen_within, note_failure, stop};
use crate::base::id::{ChannelId, ContactId, FlowId, Id, RunId};
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::Time;
use crate::engine::entry::{self, Entry, Target, Visitor};
use crate::model::action::{ActionId, ActionState, Done};
use crate::model::contact::Contact;
use crate::model::event::{Event, Heard};
use crate::model::flow::Flow;
use crate::model::node::{EventKind, NodeKind};
use crate::model::reason::Reason;
use crate::model::run::{Origin, Phase, StartOutcome};
use crate::model::value::{Value, Values};
use crate::store::{Read, contacts, history, runs};

/// A wish to start a flow for a contact.
#[derive(Clone, Debug)]
pub struct Start {
    /// Which flow; its newest version is taken.
    pub flow: FlowId,
    /// For whom.
    pub contact: ContactId,
    /// On which channel it talks.
    pub channel: ChannelId,
    /// What began it.
    pub origin: Origin,
    /// Variables it begins with.
    pub variables: Values,
    /// The message that began it.
    pub heard: Option<Heard>,
    /// How deep in launches it lies.
    pub depth: u8,
    /// The run that waits for its variables, and the sequence it waits at.
    pub caller: Option<RunId>,
}

/// How a start was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// By the words of the HTTP API.
    pub outcome: StartOutcome,
    /// The run that began, or the one that was kept.
    pub run: Option<RunId>,
    /// Why not, in words.
    pub reason: Option<String>,
}

/// Starts a flow for a contact, if its re-entry rule and the limits allow.
pub fn enter(desk: &mut Desk, start: Start) -> Result<Started, Refusal> {
    enter_within(desk, start, &mut Budget::new(STEPS_PER_EVENT_MAX))
}

/// Starts a flow for one contact of many: what it says at once goes behind everything else.
pub fn enter_in_bulk(desk: &mut Desk, start: Start) -> Result<Started, Refusal> {
    enter_within(desk, start, &mut Budget { steps: STEPS_PER_EVENT_MAX, bulk: true })
}

/// How a start would be answered now, and what would follow from it; nothing is changed. `None` where the flow was never saved.
pub fn would_enter_as(read: &impl Read, facts: &Facts, start: &Start, contact: &Contact, now: Time) -> Result<Option<Entry>, Refusal> {
    decide(read, facts, start, contact, RunId::new(contact.id.shard(), 0), now)
}

fn decide(read: &impl Read, facts: &Facts, start: &Start, contact: &Contact, id: RunId, now: Time) -> Result<Option<Entry>, Refusal> {
    let head = facts.heads.get(&start.flow).ok_or(Refusal::NotFound("flow"))?;
    if head.version == 0 {
        return Ok(None);
    }
    let flow = facts.flow(read, start.flow, head.version)?;
    let mut inside = runs::live_of_contact(read, contact.id)?;
    let runs_in_all = inside.len();
    inside.retain(|run| run.flow == start.flow);
    let passage = contacts::passages(read, contact.id)?.remove(&start.flow).unwrap_or_default();
    let target = Target { id: start.flow, version: head.version, flow: &flow, enabled: facts.is_enabled(start.flow) };
    let visitor = Visitor { contact, inside: &inside, runs_in_all, passage: &passage };
    let lookup = |name: &str| known(name, &start.variables, contact);
    let wish = entry::Start {
        id,
        channel: start.channel,
        origin: start.origin.clone(),
        at: None,
        variables: start.variables.clone(),
        depth: start.depth,
        caller: start.caller,
        seed: seed(id, now),
        heard: start.heard.clone(),
    };
    Ok(Some(entry::enter(&target, &visitor, wish, now, lookup)))
}

pub(super) fn enter_within(desk: &mut Desk, start: Start, budget: &mut Budget) -> Result<Started, Refusal> {
    let contact = contacts::get(&desk.work, start.contact)?.ok_or(Refusal::NotFound("contact"))?;
    let id: RunId = desk.mint()?;
    let Some(decided) = decide(&desk.work, &desk.facts, &start, &contact, id, desk.now)? else {
        let name = desk.facts.heads.get(&start.flow).map_or("", |head| head.name.as_str());
        let reason = Reason::NeverSaved { flow: name.to_owned() }.to_string();
        return Ok(Started { outcome: StartOutcome::Blocked, run: None, reason: Some(reason) });
    };
    contacts::put_passage(&mut desk.work, contact.id, start.flow, &decided.passage)?;
    for id in &decided.ends {
        if let Some(run) = runs::get(&desk.work, *id)? {
            stop(desk, &run, "It began again.")?;
        }
    }
    if let Some(kept) = decided.kept {
        note_try(desk, kept)?;
    }
    if decided.guarded
        && let Some(reason) = &decided.reason
    {
        note_failure(desk, start.flow, reason.clone())?;
    }
    let Some(run) = decided.run else {
        return Ok(Started { outcome: decided.outcome, run: decided.kept, reason: decided.reason });
    };
    let id = run.id;
    desk.put_run(&run)?;
    count::began(desk, &run)?;
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    match obstacle(&desk.work, &desk.facts, &run, &contact, desk.now)? {
        Some(obstacle) if budget.bulk || waits_for(&obstacle, &flow, &run.origin) => keep_for_later(desk, run, Event::Start, obstacle)?,
        _ => happen_within(desk, id, &Event::Start, budget)?,
    }
    Ok(Started { outcome: decided.outcome, run: Some(id), reason: None })
}

/// Whether a start waits for the end of what stands in its way: every one does while all is paused, and while flows are silent for the
/// contact all but what a person, another flow or the contact's own message began.
fn waits_for(obstacle: &Obstacle, flow: &Flow, origin: &Origin) -> bool {
    obstacle.why == Why::Paused || *origin == Origin::Api || is_unasked(flow, origin)
}

/// Whether nobody asked for this start just now: neither a message nor a person nor a program. It waits while a person answers.
fn is_unasked(flow: &Flow, origin: &Origin) -> bool {
    let Origin::Trigger(node) = origin else { return false };
    let Some(NodeKind::Event(event)) = flow.node(node).map(|node| &node.kind) else { return false };
    !matches!(event.on, EventKind::FirstMessage | EventKind::AnyMessage | EventKind::OutOfHours)
}

/// What tells a run that would begin with these variables apart from its parallels.
pub fn key_of(flow: &Flow, variables: &Values, contact: &Contact) -> Option<String> {
    entry::key_of(flow, |name| known(name, variables, contact))
}

/// The value of a name before the run stands: what tells parallels apart.
fn known(name: &str, variables: &Values, contact: &Contact) -> Option<Value> {
    if let Some(variable) = name.strip_prefix("run.") {
        return variables.get(variable).cloned();
    }
    contact.fields.get(name.strip_prefix("contact.fields.")?).cloned()
}

/// All chance of a run comes from here: its id and the time it began.
fn seed(id: RunId, now: Time) -> u64 {
    let mut chance = fastrand::Rng::with_seed(id.sequence() ^ (u64::from(id.shard().0) << 48) ^ now.0.unsigned_abs().rotate_left(17));
    chance.u64(..)
}

/// A start that found a run inside which stays: the try is kept in that run's history.
fn note_try(desk: &mut Desk, run: RunId) -> Result<(), Refusal> {
    let Some(run) = runs::get(&desk.work, run)? else { return Ok(()) };
    let action = match &run.phase {
        Phase::Waiting(waiting) => waiting.action.clone(),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => action.clone(),
        Phase::Ready(node) => ActionId { node: node.clone(), visit: 1 },
        Phase::Over => return Ok(()),
    };
    note_start(desk, run.id, action, StartOutcome::Kept, Reason::TriggeredAgain.to_string())
}

/// How a start was answered, as a line of the history of the run that asked for it or was found inside.
pub(super) fn note_start(desk: &mut Desk, run: RunId, action: ActionId, outcome: StartOutcome, text: String) -> Result<(), Refusal> {
    let began = matches!(outcome, StartOutcome::Started | StartOutcome::Restarted);
    let state = if began { ActionState::Done } else { ActionState::Skipped };
    let result = Some(outcome.word().to_owned());
    let entry = Done { action, kind: "start".to_owned(), at: desk.now, state, text, result, changed: None };
    Ok(history::append(&mut desk.work, run, &entry)?)
}
