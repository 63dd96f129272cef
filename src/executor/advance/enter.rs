//! A flow is entered: the rules of re-entry decide, runs that must end do, and the new one takes its first steps.

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::{Budget, count, happen_within, stop};
use crate::base::id::{ChannelId, ContactId, FlowId, Id, RunId};
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::base::time::Time;
use crate::engine::entry::{self, Target, Visitor};
use crate::model::action::{ActionId, ActionState, Done};
use crate::model::contact::Contact;
use crate::model::event::{Event, Heard};
use crate::model::run::{Origin, Phase, StartOutcome};
use crate::model::value::{Value, Values};
use crate::store::{contacts, history, runs};

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
    enter_within(desk, start, &mut Budget(STEPS_PER_EVENT_MAX))
}

pub(super) fn enter_within(desk: &mut Desk, start: Start, budget: &mut Budget) -> Result<Started, Refusal> {
    let contact = contacts::get(&desk.work, start.contact)?.ok_or(Refusal::NotFound("contact"))?;
    let head = desk.facts.heads.get(&start.flow).cloned().ok_or(Refusal::NotFound("flow"))?;
    if head.version == 0 {
        let reason = format!("The flow \"{}\" was never saved: nothing starts in it.", head.name);
        return Ok(Started { outcome: StartOutcome::Blocked, run: None, reason: Some(reason) });
    }
    let flow = desk.facts.flow(&desk.work, start.flow, head.version)?;
    let mut inside = runs::live_of_contact(&desk.work, start.contact)?;
    let runs_in_all = inside.len();
    inside.retain(|run| run.flow == start.flow);
    let passage = contacts::passages(&desk.work, start.contact)?.remove(&start.flow).unwrap_or_default();
    let id: RunId = desk.mint()?;
    let target = Target { id: start.flow, version: head.version, flow: &flow, enabled: desk.facts.is_enabled(start.flow) };
    let visitor = Visitor { contact: &contact, inside: &inside, runs_in_all, passage: &passage };
    let variables = start.variables.clone();
    let lookup = |name: &str| known(name, &variables, &contact);
    let wish = entry::Start {
        id,
        channel: start.channel,
        origin: start.origin,
        at: None,
        variables: start.variables,
        depth: start.depth,
        caller: start.caller,
        seed: seed(id, desk.now),
        heard: start.heard,
    };
    let decided = entry::enter(&target, &visitor, wish, desk.now, lookup);
    contacts::put_passage(&mut desk.work, contact.id, start.flow, &decided.passage)?;
    for run in inside.iter().filter(|run| decided.ends.contains(&run.id)) {
        stop(desk, run, "It began again.")?;
    }
    if let Some(kept) = decided.kept {
        note_try(desk, kept)?;
    }
    let Some(run) = decided.run else {
        return Ok(Started { outcome: decided.outcome, run: decided.kept, reason: decided.reason });
    };
    desk.put_run(&run)?;
    count::began(desk, &run)?;
    happen_within(desk, run.id, &Event::Start, budget)?;
    Ok(Started { outcome: decided.outcome, run: Some(run.id), reason: None })
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
    let entry = Done {
        action,
        kind: "start".to_owned(),
        at: desk.now,
        state: ActionState::Skipped,
        text: "The flow was triggered again and stays where it is.".to_owned(),
        result: Some("kept".to_owned()),
        changed: None,
    };
    Ok(history::append(&mut desk.work, run.id, &entry)?)
}
