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
use crate::model::node::{NodeId, NodeKind};
use crate::model::run::{Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::BTreeSet;

/// Events that a forecast walks through at most: an event need not add a line, and looking ahead must end.
const EVENTS_MAX: usize = 2 * FORECAST_ACTIONS_MAX;

/// Lines of a branch that are told, and places of a forecast whose branches are.
const BRANCH_LINES_MAX: usize = 3;
const FORKS_MAX: usize = 8;

/// What is pending, then what comes by itself if the contact does not answer and calls succeed. It ends where an answer, a person or
/// an unknown value decides: that line names the exits in `branches`.
pub fn forecast(world: &World, flow: &Flow, run: &Run, contact: &Contact, now: Time) -> Vec<Action> {
    forecast_some(world, flow, run, contact, now, FORECAST_ACTIONS_MAX)
}

/// The first lines of it: what a list shows costs no more than that.
pub fn forecast_some(world: &World, flow: &Flow, run: &Run, contact: &Contact, now: Time, most: usize) -> Vec<Action> {
    let world = World { steps_left: STEPS_PER_EVENT_MAX, ..world.clone() };
    let mut ahead = Ahead::of(&world, flow, run, contact, now);
    ahead.look(contact.silence(now).is_some(), most.min(FORECAST_ACTIONS_MAX));
    ahead.lines
}

/// A place of the forecast where an answer, a person or an unknown value decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    /// The line of the forecast.
    pub line: ActionId,
    /// Its ways out.
    pub branches: Vec<Branch>,
}

/// One way out of such a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The node it leaves, whose exit it is.
    pub node: NodeId,
    /// The exit.
    pub exit: String,
    /// Whether the forecast itself goes on this way.
    pub followed: bool,
    /// What comes first on it, as this contact would get it; nothing where it ends the run, or where it is followed.
    pub next: Vec<Action>,
}

/// The places of a forecast where it is not decided how it goes on, with what would follow from each way out.
pub fn forks(world: &World, flow: &Flow, run: &Run, contact: &Contact, now: Time) -> Vec<Fork> {
    let world = World { steps_left: STEPS_PER_EVENT_MAX, ..world.clone() };
    let mut ahead = Ahead::of(&world, flow, run, contact, now);
    ahead.places = Some(Vec::new());
    ahead.look(contact.silence(now).is_some(), FORECAST_ACTIONS_MAX);
    let places = ahead.places.take().unwrap_or_default();
    places.into_iter().map(|place| place.fork(&world, flow)).collect()
}

/// Where a forecast stood when its way forked.
struct Forking {
    line: ActionId,
    node: NodeId,
    exits: Vec<String>,
    followed: Option<&'static str>,
    run: Run,
    contact: Contact,
    at: Time,
    unknown: BTreeSet<String>,
}

impl Forking {
    fn fork(self, world: &World, flow: &Flow) -> Fork {
        let branch = |exit: &String| {
            let followed = self.followed == Some(exit.as_str());
            let next = if followed { Vec::new() } else { self.next(world, flow, exit) };
            Branch { node: self.node.clone(), exit: exit.clone(), followed, next }
        };
        Fork { branches: self.exits.iter().map(branch).collect(), line: self.line.clone() }
    }

    fn next(&self, world: &World, flow: &Flow, exit: &str) -> Vec<Action> {
        let node = flow.node(&self.node);
        let Some(to) = node.and_then(|node| node.exit(exit)) else { return Vec::new() };
        let run = Run { phase: Phase::Ready(to.clone()), state: RunState::Live, ..self.run.clone() };
        let mut ahead = Ahead::of(world, flow, &run, &self.contact, self.at);
        ahead.unknown = self.unknown.clone();
        if let (Some(NodeKind::Wait(wait)), true) = (node.map(|node| &node.kind), exit == "replied") {
            ahead.unknown.extend(wait.reply.as_ref().and_then(|reply| reply.save.clone()));
            ahead.unknown.extend(["message.text", "message.kind", "message.button"].map(str::to_owned));
        }
        ahead.look(false, BRANCH_LINES_MAX);
        ahead.lines
    }
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
    /// Where the way forked, for who asks.
    places: Option<Vec<Forking>>,
}

impl<'a> Ahead<'a> {
    fn of(world: &'a World, flow: &'a Flow, run: &Run, contact: &Contact, now: Time) -> Ahead<'a> {
        let contact = Contact { automations: Automations::On, handover: None, ..contact.clone() };
        Ahead { world, flow, contact, run: run.clone(), now, unknown: BTreeSet::new(), lines: Vec::new(), places: None }
    }

    /// Finds so many lines at most.
    fn look(&mut self, silent: bool, most: usize) {
        self.pending(silent);
        if matches!(self.run.state, RunState::Held { .. }) {
            self.run.state = RunState::Live;
        }
        for _ in 0..EVENTS_MAX {
            if self.lines.len() >= most || !self.walk_on() {
                break;
            }
        }
        self.lines.truncate(most);
    }

    /// Remembers where the way forks: at a line with more than one way out, by which of them the forecast goes on.
    fn forks(&mut self, line: &Action, followed: Option<&'static str>) {
        let Some(node) = line::standing(&self.run).map(|standing| standing.node) else { return };
        let (run, contact, unknown) = (&self.run, &self.contact, &self.unknown);
        let Some(places) = self.places.as_mut().filter(|places| places.len() < FORKS_MAX && line.branches.len() > 1) else { return };
        let (line, exits, at) = (line.id.clone(), line.branches.clone(), line.due.unwrap_or(self.now).max(self.now));
        places.push(Forking { line, node, exits, followed, at, run: run.clone(), contact: contact.clone(), unknown: unknown.clone() });
    }

    /// The exit by which a forecast goes on from where the run rests.
    fn followed(&self) -> Option<&'static str> {
        match &self.run.phase {
            Phase::Waiting(waiting) => waiting.due.map(|_| "elapsed"),
            Phase::Calling { .. } => Some("ok"),
            _ => None,
        }
    }

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
        self.forks(&line, self.followed());
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
            self.forks(&line, self.followed());
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
        self.forks(&line, None);
        self.lines.push(line);
    }
}
