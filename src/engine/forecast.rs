//! The forecast: what is pending and what will come, found by walking on with the very same step.

use super::line;
use super::nodes;
use super::step::advance;
use super::walk::Walk;
use crate::base::limits::{FORECAST_ACTIONS_MAX, STEPS_PER_EVENT_MAX};
use crate::base::time::Time;
use crate::model::action::{Action, ActionId, ActionSource, ActionState, Done};
use crate::model::contact::{Automations, Contact};
use crate::model::effect::Effect;
use crate::model::event::{CallOutcome, Event};
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::run::{Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::BTreeSet;

/// Events that a forecast walks through at most: an event need not add a line, and looking ahead must end.
const EVENTS_MAX: usize = 2 * FORECAST_ACTIONS_MAX;

/// What is pending, then what comes by itself if the contact does not answer and calls succeed. It ends where an answer, a person or
/// an unknown value decides: that line names the exits in `branches`.
pub fn forecast(world: &World, flow: &Flow, run: &Run, contact: &Contact, now: Time) -> Vec<Action> {
    let silent = contact.silence(now).is_some();
    let contact = Contact { automations: Automations::On, handover: None, ..contact.clone() };
    let world = World { steps_left: STEPS_PER_EVENT_MAX, ..world.clone() };
    let mut ahead = Ahead { world: &world, flow, contact, run: run.clone(), now, unknown: BTreeSet::new(), lines: Vec::new() };
    ahead.pending(silent);
    ahead.run.state = match ahead.run.state {
        RunState::Held { .. } => RunState::Live,
        state => state,
    };
    for _ in 0..EVENTS_MAX {
        if ahead.lines.len() >= FORECAST_ACTIONS_MAX || !ahead.walk_on() {
            break;
        }
    }
    ahead.lines.truncate(FORECAST_ACTIONS_MAX);
    ahead.lines
}

/// A run as it will be.
struct Ahead<'a> {
    world: &'a World,
    flow: &'a Flow,
    contact: Contact,
    run: Run,
    now: Time,
    unknown: BTreeSet<String>,
    lines: Vec<Action>,
}

impl Ahead<'_> {
    /// The line the run stands at, as it truly stands.
    fn pending(&mut self, silent: bool) {
        let Some(mut line) = self.resting_line(ActionSource::Pending) else { return };
        let run_held = matches!(self.run.state, RunState::Held { .. });
        line.state = match &self.run.phase {
            _ if run_held => ActionState::Held,
            _ if line.state != ActionState::Forecast => line.state,
            Phase::Calling { .. } | Phase::Called { .. } | Phase::Handover { .. } => ActionState::Running,
            _ if silent => ActionState::Blocked,
            _ => ActionState::Scheduled,
        };
        self.lines.push(line);
    }

    /// The line of the place where the run rests.
    fn resting_line(&self, source: ActionSource) -> Option<Action> {
        let id = line::pending(self.flow, &self.run)?;
        let node = self.flow.node(&id.node)?;
        let words = self.words(&id);
        let (due, branches) = match &self.run.phase {
            Phase::Ready(_) => (Some(self.now), Vec::new()),
            Phase::Waiting(waiting) => (waiting.due, self.wait_branches(&waiting.action)),
            Phase::Calling { .. } => (Some(self.now), node.kind.exit_names()),
            Phase::Handover { until, .. } => (*until, Vec::new()),
            Phase::Called { .. } | Phase::Over => (None, Vec::new()),
        };
        let changed = self.run.changes.get(&id).cloned();
        let blocked = matches!(&self.run.phase, Phase::Waiting(waiting) if waiting.what == WaitingFor::Window);
        let state = match &changed {
            Some(change) if change.skip => ActionState::Skipped,
            Some(change) if change.remove => ActionState::Removed,
            Some(change) if change.hold => ActionState::Held,
            _ if blocked => ActionState::Blocked,
            _ => ActionState::Forecast,
        };
        let result = match &self.run.phase {
            Phase::Waiting(waiting) => waiting.moved.clone(),
            _ => None,
        };
        Some(Action { id, kind: node.kind.word(), state, due, text: words, source, changed, result, branches })
    }

    fn words(&self, id: &ActionId) -> String {
        let walk = Walk::new(self.world, self.flow, &self.run, &self.contact, self.now, &self.unknown);
        self.flow.node(&id.node).map(|node| nodes::words(&walk, node, id)).unwrap_or_default()
    }

    /// The ways out of a wait, where there is more than one.
    fn wait_branches(&self, wait: &ActionId) -> Vec<String> {
        let node = self.flow.node(&wait.node).filter(|node| matches!(node.kind, NodeKind::Wait(_)));
        let exits = node.map(|node| node.kind.exit_names()).unwrap_or_default();
        if exits.len() > 1 || exits.iter().any(|exit| exit != "elapsed") { exits } else { Vec::new() }
    }

    /// One event further; false where the future ends or nobody can know it.
    fn walk_on(&mut self) -> bool {
        let Some((event, at)) = self.next_event() else { return false };
        let stepped = advance(self.world, self.flow, &self.run, &self.contact, &event, at, &self.unknown);
        let Ok((step, undecided)) = stepped else { return false };
        if step.run.sequence == self.run.sequence {
            return false;
        }
        (self.run, self.contact, self.now) = (step.run, step.contact, at);
        for effect in step.effects {
            if let Effect::Record(done) = effect {
                self.passed(done);
            }
        }
        if undecided.is_some() {
            self.undecided();
            return false;
        }
        if let Some(line) = self.resting_line(ActionSource::Forecast) {
            self.tell(line);
        }
        !self.run.is_over()
    }

    /// What will happen next by itself, and when. What nobody can know of its outcome is marked.
    fn next_event(&mut self) -> Option<(Event, Time)> {
        match self.run.phase.clone() {
            Phase::Ready(_) => Some((Event::Start, self.now)),
            Phase::Waiting(Waiting { what: WaitingFor::Burst, planned, armed, .. }) => {
                self.forget_burst(planned, armed);
                planned.map(|due| (Event::Timer { armed }, due.max(self.now)))
            }
            Phase::Waiting(Waiting { due: Some(due), armed, .. }) => Some((Event::Timer { armed }, due.max(self.now))),
            Phase::Calling { action, armed } => {
                self.mark_answer(&action);
                let outcome = CallOutcome::Answered { status: 200, body: String::new() };
                Some((Event::CallEnded { armed, outcome }, self.now))
            }
            Phase::Called { armed, .. } => {
                self.unknown.insert("run.*".to_owned());
                Some((Event::ChildEnded { armed, variables: Values::new() }, self.now))
            }
            Phase::Handover { until: Some(until), armed, .. } => Some((Event::Timer { armed }, until.max(self.now))),
            _ => None,
        }
    }

    /// A forecast is of the silent contact: parts of an answer that came so far are not counted.
    fn forget_burst(&mut self, planned: Option<Time>, armed: u64) {
        if let Phase::Waiting(waiting) = &mut self.run.phase {
            (waiting.what, waiting.due, waiting.armed) = (WaitingFor::Node, planned, armed);
            waiting.burst.clear();
        }
    }

    fn mark_answer(&mut self, action: &ActionId) {
        let Some(NodeKind::Api(api)) = self.flow.node(&action.node).map(|node| &node.kind) else { return };
        self.unknown.insert("run.http_status".to_owned());
        self.unknown.extend(api.save.iter().map(|save| save.to.clone()));
    }

    /// Adds a line. One that is told already, as the wait before it, learns why it will not be done then.
    fn tell(&mut self, line: Action) {
        let Some(told) = self.lines.iter_mut().find(|told| told.id == line.id) else { return self.lines.push(line) };
        if line.state != ActionState::Forecast {
            told.result = line.result;
            told.state = if told.source == ActionSource::Forecast { line.state } else { told.state };
        }
    }

    /// A visit that will be done. A wait has its line already, its own or the one it shares with its message.
    fn passed(&mut self, done: Done) {
        let node = self.flow.node(&done.action.node);
        let merged = node.is_some_and(|node| matches!(node.kind, NodeKind::Wait(_)) && line::message_after(self.flow, node).is_some());
        if merged {
            return;
        }
        let Some(node) = node else { return };
        let decides = matches!(node.kind, NodeKind::Condition(_) | NodeKind::Split(_));
        let (state, result) = match done.state {
            ActionState::Done => (ActionState::Forecast, done.result.filter(|_| decides)),
            ActionState::Failed => (ActionState::Failed, done.result),
            state => (state, Some("will not be done".to_owned())),
        };
        self.tell(Action {
            id: done.action,
            kind: node.kind.word(),
            state,
            due: Some(done.at),
            text: done.text,
            source: ActionSource::Forecast,
            changed: done.changed,
            result,
            branches: Vec::new(),
        });
    }

    /// The node that depends on what nobody can know: its exits are the branches, and a wait for an unknown date has no time.
    fn undecided(&mut self) {
        let Some(mut line) = self.resting_line(ActionSource::Forecast) else { return };
        let standing = line::standing(&self.run).and_then(|action| self.flow.node(&action.node));
        line.branches = standing.map(|node| node.kind.exit_names()).unwrap_or_default();
        if standing.is_some_and(|node| matches!(node.kind, NodeKind::Wait(_))) {
            line.due = None;
        }
        self.lines.push(line);
    }
}
