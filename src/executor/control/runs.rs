//! Runs: start one by hand, change one, and see what it did and will do.

use super::super::Executor;
use super::super::advance::{self, Obstacle, Start, Started, Why};
use super::super::caller::contact_of;
use super::super::desk::Desk;
use super::super::refusal::Refusal;
use crate::base::address::Address;
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::time::{Span, Time};
use crate::engine::line;
use crate::model::action::{Action, ActionId, ActionSource, ActionState, Verb};
use crate::model::contact::Silence;
use crate::model::event::Event;
use crate::model::message::{Author, Direction, Message, Status};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::model::run::{Origin, Run};
use crate::model::value::Values;
use crate::store::{Read, contacts, history, messages, runs};

/// Messages of a contact that are looked at for the outcome of a run's sends.
const MESSAGES_LOOKED_AT: usize = 500;

/// How long a person may take over a form: a time that was ahead when they chose it is taken as now.
const SLOW_CLICK: Span = Span(60_000);

/// For whom a run is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRef {
    /// A contact that is known.
    Id(ContactId),
    /// The person at this address of a channel; made where nobody is known there.
    At {
        /// The channel.
        channel: ChannelId,
        /// How the channel names the person.
        address: String,
        /// What to call a person who is new.
        name: Option<String>,
    },
}

/// A wish to start a run by hand or by program.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// Which flow.
    pub flow: FlowId,
    /// For whom.
    pub contact: ContactRef,
    /// Variables it begins with.
    pub variables: Values,
    /// Who wishes it.
    pub origin: Origin,
}

impl Executor {
    /// Starts a run, if the flow's re-entry rule and the limits allow.
    pub async fn start_run(&self, by: By, request: StartRequest) -> Result<Started, Refusal> {
        self.line.change(move |desk| start(desk, by, request)).await
    }

    /// Does something to a run or to one of its actions. Answers with the run it then is about: another one after a restart.
    pub async fn run_verb(&self, by: By, id: RunId, verb: Verb) -> Result<RunId, Refusal> {
        self.must_lie_ahead(due_of(&verb))?;
        self.line.change(move |desk| act(desk, by, id, verb)).await
    }

    /// The same to an action that somebody saw pending: where it is so no more, it was done or the run went another way, and the wish
    /// does nothing.
    pub async fn pending_verb(&self, by: By, id: RunId, action: ActionId, verb: Verb) -> Result<RunId, Refusal> {
        self.must_lie_ahead(due_of(&verb))?;
        self.line.change(move |desk| act_on_pending(desk, by, id, &action, verb)).await
    }

    /// Refuses a time that is past: somebody mistook the day, and what is put there would go out at once.
    pub(super) fn must_lie_ahead(&self, due: Option<Time>) -> Result<(), Refusal> {
        match due {
            Some(due) if due < self.now() - SLOW_CLICK => Err(Refusal::Invalid(Reason::TimeIsPast.to_string())),
            _ => Ok(()),
        }
    }

    /// What a run has done, has pending, and will do by forecast.
    pub async fn run_actions(&self, id: RunId) -> Result<Vec<Action>, Refusal> {
        let (facts, now) = (self.facts(), self.now());
        let reader = self.reader.clone();
        let read = tokio::task::spawn_blocking(move || {
            let view = reader.view()?;
            let run = runs::get(&view, id)?.ok_or(Refusal::NotFound("run"))?;
            let contact = contacts::get(&view, run.contact)?.ok_or(Refusal::NotFound("contact"))?;
            let mut actions = done(&view, &run)?;
            if !run.is_over() {
                let mut ahead = advance::forecast(&view, &facts, &run, &contact, now)?;
                if let (Some(first), Some(obstacle)) = (ahead.first_mut(), advance::obstacle(&view, &facts, &run, &contact, now)?) {
                    mark_blocked(first, obstacle);
                }
                actions.extend(ahead);
            }
            Ok(actions)
        });
        read.await.unwrap_or(Err(Refusal::Fault))
    }
}

/// The time to which a verb moves something.
const fn due_of(verb: &Verb) -> Option<Time> {
    match verb {
        Verb::Move { due, .. } => Some(*due),
        _ => None,
    }
}

/// Starts a run within a change.
pub fn start(desk: &mut Desk, by: By, request: StartRequest) -> Result<Started, Refusal> {
    let (contact, channel) = match request.contact {
        ContactRef::Id(id) => {
            let contact = contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))?;
            let channel = advance::channel_for(desk, &contact)?;
            (contact, channel)
        }
        ContactRef::At { channel, address, name } => {
            let kind = desk.facts.channel(channel)?.channel.kind;
            let address = Address::new(kind, &address);
            if address.address.is_empty() {
                return Err(Refusal::Invalid("The address is empty. Write the contact's number or name on that channel.".to_owned()));
            }
            (contact_of(desk, &[address], name.as_deref())?, channel)
        }
    };
    let start = Start {
        flow: request.flow,
        contact: contact.id,
        channel,
        origin: request.origin,
        variables: request.variables,
        heard: None,
        depth: 0,
        caller: None,
    };
    let started = advance::enter(desk, start)?;
    let run = started.run.map(|run| format!(", run {run}")).unwrap_or_default();
    desk.audit(by, "run.started", format!("flow {} for contact {}: {:?}{run}", request.flow, contact.id, started.outcome))?;
    Ok(started)
}

/// Does something to the action that comes next, unless another comes next by now.
pub fn act_on_pending(desk: &mut Desk, by: By, id: RunId, action: &ActionId, verb: Verb) -> Result<RunId, Refusal> {
    let run = runs::get(&desk.work, id)?.ok_or(Refusal::NotFound("run"))?;
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    if line::pending(&flow, &run).as_ref() != Some(action) && !run.is_over() {
        return Err(Refusal::Conflict(Reason::NoLongerPending.to_string()));
    }
    act(desk, by, id, verb)
}

/// Does something to a run within a change.
pub fn act(desk: &mut Desk, by: By, id: RunId, verb: Verb) -> Result<RunId, Refusal> {
    let (what, detail) = words(&verb, id);
    let run = change(desk, by, id, verb)?;
    desk.audit(by, what, detail)?;
    Ok(run)
}

/// Does something to a run within a change, without a line in the audit log.
pub(super) fn change(desk: &mut Desk, by: By, id: RunId, verb: Verb) -> Result<RunId, Refusal> {
    let run = runs::get(&desk.work, id)?.ok_or(Refusal::NotFound("run"))?;
    if run.is_over() {
        return Err(Refusal::Conflict("This automation is over for this contact: there is nothing left to change in it.".to_owned()));
    }
    if verb == Verb::Restart {
        return restart(desk, &run);
    }
    let resumes = verb == Verb::Resume;
    advance::happen(desk, id, &Event::Verb(verb, by))?;
    if let Some(run) = runs::get(&desk.work, id)?.filter(|_| resumes) {
        advance::wake_run(desk, run)?;
    }
    Ok(id)
}

fn restart(desk: &mut Desk, run: &Run) -> Result<RunId, Refusal> {
    advance::stop(desk, run, "It began again.")?;
    let start = Start {
        flow: run.flow,
        contact: run.contact,
        channel: run.channel,
        origin: run.origin.clone(),
        variables: run.variables.clone(),
        heard: run.heard.clone(),
        depth: 0,
        caller: None,
    };
    let started = advance::enter(desk, start)?;
    let refused = || Refusal::Conflict(started.reason.clone().unwrap_or_else(|| "It cannot begin again now.".to_owned()));
    started.run.ok_or_else(refused)
}

fn words(verb: &Verb, run: RunId) -> (&'static str, String) {
    let of = |action: &ActionId| format!("run {run}, action {action}");
    match verb {
        Verb::Hold => ("run.held", format!("run {run}")),
        Verb::Resume => ("run.resumed", format!("run {run}")),
        Verb::Stop(reason) => ("run.stopped", format!("run {run}: {reason}")),
        Verb::Jump(node) => ("run.jumped", format!("run {run} to {node}")),
        Verb::Restart => ("run.restarted", format!("run {run}")),
        Verb::SendNow(action) => ("action.sent_now", of(action)),
        Verb::Skip(action) => ("action.skipped", of(action)),
        Verb::Remove(action) => ("action.removed", of(action)),
        Verb::Move { action, due, .. } => ("action.moved", format!("{} to {due}", of(action))),
        Verb::Rewrite(action, _) => ("action.rewritten", of(action)),
        Verb::HoldAction(action) => ("action.held", of(action)),
        Verb::ReleaseAction(action) => ("action.released", of(action)),
        Verb::Undo(action) => ("action.undone", of(action)),
        Verb::Restore(_) => ("run.restored", format!("run {run}")),
        Verb::Variable(name, _) => ("run.variable_set", format!("run {run}, variable {name}")),
    }
}

/// The history of a run, with what became of its sends.
fn done(read: &impl Read, run: &Run) -> Result<Vec<Action>, Refusal> {
    let sends = messages::of_contact_latest(read, run.contact, None, MESSAGES_LOOKED_AT)?;
    let entries = history::of_run(read, run.id)?.into_iter();
    Ok(entries
        .map(|entry| {
            let status = last_status(&sends, run.id, &entry.action);
            Action {
                kind: kind_word(&entry.kind),
                state: if status == Some(Status::Failed) { ActionState::Failed } else { entry.state },
                due: Some(entry.at),
                text: entry.text,
                source: ActionSource::Done,
                changed: entry.changed,
                result: status.map(|status| status.word().to_owned()).or(entry.result),
                branches: Vec::new(),
                id: entry.action,
            }
        })
        .collect())
}

fn last_status(sends: &[Message], run: RunId, action: &ActionId) -> Option<Status> {
    let its = |message: &&Message| {
        message.direction == Direction::Out && matches!(&message.author, Author::Run { run: by, action: at } if *by == run && at == action)
    };
    sends.iter().filter(its).map(|message| message.status).min()
}

fn kind_word(kind: &str) -> &'static str {
    crate::model::node::NodeKind::WORDS.into_iter().find(|word| *word == kind).unwrap_or("start")
}

fn mark_blocked(action: &mut Action, obstacle: Obstacle) {
    if action.state == ActionState::Held {
        return;
    }
    action.state = ActionState::Blocked;
    action.result = Some(
        match obstacle.why {
            Why::Paused => "Everything is paused.",
            Why::FlowDisabled => "The automation is disabled.",
            Why::Silence(Silence::Handover) => "A person is answering this contact.",
            Why::Silence(Silence::OptedOut) => "The contact has unsubscribed.",
            Why::Silence(Silence::Blocked) => "The contact is blocked.",
            Why::Silence(Silence::AutomationsOff) => "Automations are off for this contact.",
            Why::Silence(Silence::AutomationsPaused) => "Automations are paused for this contact.",
        }
        .to_owned(),
    );
}
