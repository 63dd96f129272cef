//! The walk of one event through a flow: from node to node until the run rests or ends, gathering effects.

use super::Step;
use super::compare;
use super::line;
use super::nodes;
use super::text::{self, Place};
use super::value::{self, Kept, Scope};
use crate::base::limits::RUN_BYTES_MAX;
use crate::base::time::Time;
use crate::model::action::{ActionId, ActionState, Change, Done};
use crate::model::contact::{Contact, Silence};
use crate::model::effect::Effect;
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId, NodeKind, Rule, Text};
use crate::model::run::{EndedAs, Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::value::Value;
use crate::model::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What came of one visit.
pub(super) enum Outcome {
    /// It is done and the run goes on by this exit.
    On {
        /// The exit.
        exit: String,
        /// How it ended.
        state: ActionState,
        /// What was done, in words.
        text: String,
    },
    /// The run rests here.
    Rest(Phase),
    /// The run is over.
    End {
        /// How.
        how: EndedAs,
        /// The goal, or why.
        word: Option<String>,
        /// What was done, in words.
        text: String,
    },
}

impl Outcome {
    /// Done, and on by this exit.
    pub fn on(exit: &str, text: impl Into<String>) -> Outcome {
        Outcome::On { exit: exit.to_owned(), state: ActionState::Done, text: text.into() }
    }

    /// The run cannot go on.
    pub fn fail(word: impl Into<String>) -> Outcome {
        Outcome::End { how: EndedAs::Failed, word: Some(word.into()), text: String::new() }
    }
}

/// One event's walk.
pub(super) struct Walk<'a> {
    pub world: &'a World,
    pub flow: &'a Flow,
    pub now: Time,
    pub run: Run,
    pub contact: Contact,
    pub effects: Vec<Effect>,
    /// The exits taken, in order.
    pub exits: Vec<(NodeId, String)>,
    /// The ways that splits drew for this contact.
    pub ways: BTreeMap<NodeId, String>,
    /// The button or row that was pressed.
    pub pressed: Option<(NodeId, String)>,
    pub steps_left: u32,
    /// Whether what is sent answers a message that just came.
    pub live: bool,
    /// Whether this event is a message, which rules of leaving may look at.
    pub heard_now: bool,
    /// Names whose values a forecast cannot know.
    pub unknown: &'a BTreeSet<String>,
    /// The node at which a forecast stopped because it depends on such a name.
    pub undecided: Option<NodeId>,
}

impl<'a> Walk<'a> {
    /// A walk that is about to take an event: the run already counts it.
    pub fn new(world: &'a World, flow: &'a Flow, run: &Run, contact: &Contact, now: Time, unknown: &'a BTreeSet<String>) -> Walk<'a> {
        let run = Run { sequence: run.sequence + 1, ..run.clone() };
        Walk {
            world,
            flow,
            now,
            run,
            contact: contact.clone(),
            effects: Vec::new(),
            exits: Vec::new(),
            ways: BTreeMap::new(),
            pressed: None,
            steps_left: world.steps_left,
            live: false,
            heard_now: false,
            unknown,
            undecided: None,
        }
    }

    /// What came of it.
    pub fn into_step(mut self) -> Step {
        if !self.run.is_over() && self.run_bytes() > RUN_BYTES_MAX {
            self.end(EndedAs::Failed, Some("the automation keeps more than 64 KiB of variables".to_owned()));
        }
        Step {
            run: self.run,
            contact: self.contact,
            effects: self.effects,
            exits: self.exits,
            ways: self.ways,
            pressed: self.pressed,
            steps_left: self.steps_left,
        }
    }

    fn run_bytes(&self) -> usize {
        let variables = self.run.variables.iter().map(|(name, value)| name.len() + value::bytes(value));
        let texts = self.run.changes.values().filter_map(|change| change.text.as_ref()).map(String::len);
        variables.chain(texts).sum()
    }

    /// Why the run must keep silent now.
    pub fn silence(&self) -> Option<Silence> {
        super::step::silence(self.flow, &self.run, &self.contact, self.now)
    }

    /// What a name means now.
    pub fn scope(&self) -> Scope<'_> {
        Scope {
            world: self.world,
            contact: &self.contact,
            variables: &self.run.variables,
            heard: self.run.heard.as_ref(),
            now: self.now,
            unknown: self.unknown,
        }
    }

    /// A text in the contact's language, filled for a person.
    pub fn said(&self, text: &Text) -> String {
        let scope = self.scope();
        text::fill(text.in_language(&scope.languages()), &scope, Place::Person)
    }

    /// A written text, filled.
    pub fn filled(&self, written: &str, place: Place) -> String {
        text::fill(written, &self.scope(), place)
    }

    /// Keeps a value under its full name. A name that cannot be written is passed over: the check at save told so.
    pub fn keep(&mut self, name: &str, value: Value) {
        let value = value::cut(value);
        match value::kept(name) {
            Some(Kept::Run(name)) => self.run.variables.insert(name.to_owned(), value),
            Some(Kept::Field(name)) => self.contact.fields.insert(name.to_owned(), value),
            Some(Kept::Name) => self.contact.name.replace(value.to_string()).map(Value::Text),
            None => None,
        };
    }

    /// Goes on from this node, visiting until the run rests or is over. An exit that leads nowhere ends it.
    pub fn go(&mut self, to: Option<NodeId>) {
        let mut next = to;
        loop {
            if self.leave() {
                return;
            }
            let Some(id) = next else { return self.end(EndedAs::Finished, None) };
            match self.enter(&id) {
                ControlFlow::Continue(to) => next = to,
                ControlFlow::Break(()) => return,
            }
        }
    }

    fn enter(&mut self, id: &NodeId) -> ControlFlow<(), Option<NodeId>> {
        let flow = self.flow;
        let Some(node) = flow.node(id) else {
            self.end(EndedAs::Failed, Some(format!("the node {id} no longer exists")));
            return ControlFlow::Break(());
        };
        if nodes::depends(node).iter().any(|name| self.scope().is_unknown(name)) {
            self.undecided = Some(id.clone());
            self.run.phase = Phase::Ready(id.clone());
            return ControlFlow::Break(());
        }
        if self.steps_left == 0 {
            self.end(EndedAs::Failed, Some(format!("endless loop at node {id}")));
            return ControlFlow::Break(());
        }
        self.steps_left -= 1;
        let action = line::next_visit(&self.run, id);
        self.run.visits.insert(id.clone(), action.visit);
        self.perform(node, action)
    }

    fn perform(&mut self, node: &Node, action: ActionId) -> ControlFlow<(), Option<NodeId>> {
        let outcome = match self.gate(node, &action) {
            Some(outcome) => outcome,
            None => nodes::visit(self, node, &action),
        };
        self.settle(node, action, outcome)
    }

    /// What a person changed decides before the node does. A wait obeys by itself: its line may be another node's.
    fn gate(&self, node: &Node, action: &ActionId) -> Option<Outcome> {
        let change = self.run.changes.get(action)?;
        if matches!(node.kind, NodeKind::Wait(_)) {
            return None;
        }
        if change.skip || change.remove {
            let state = if change.skip { ActionState::Skipped } else { ActionState::Removed };
            return Some(Outcome::On { exit: nodes::onward(node), state, text: nodes::words(self, node, action) });
        }
        let later = change.due.filter(|due| *due > self.now);
        (change.hold || later.is_some()).then(|| {
            let planned = change.due.or(Some(self.now));
            let due = if change.hold { None } else { later };
            let moved = Some(if change.hold { "held" } else { "moved" }.to_owned());
            Outcome::Rest(self.waiting(action, WaitingFor::Person, due, planned, moved))
        })
    }

    /// A rest that begins now.
    pub fn waiting(&self, action: &ActionId, what: WaitingFor, due: Option<Time>, planned: Option<Time>, moved: Option<String>) -> Phase {
        let (since, armed) = (self.now, self.run.sequence);
        Phase::Waiting(Waiting { action: action.clone(), since, due, planned, armed, what, tries: 0, burst: Vec::new(), moved })
    }

    fn settle(&mut self, node: &Node, action: ActionId, outcome: Outcome) -> ControlFlow<(), Option<NodeId>> {
        match outcome {
            Outcome::On { exit, state, text } => {
                let next = node.exit(&exit).cloned();
                self.exits.push((node.id.clone(), exit.clone()));
                self.record(node, action, state, text, Some(exit));
                self.run.phase = Phase::Over;
                return ControlFlow::Continue(next);
            }
            Outcome::Rest(phase) => self.run.phase = phase,
            Outcome::End { how, word, text } => {
                let state = match how {
                    EndedAs::Finished => ActionState::Done,
                    EndedAs::Stopped => ActionState::Skipped,
                    EndedAs::Failed => ActionState::Failed,
                };
                self.record(node, action, state, text, word.clone());
                self.end(how, word);
            }
        }
        ControlFlow::Break(())
    }

    /// Ends the visit the run rested at, and goes on.
    pub fn go_on(&mut self, node: &Node, action: ActionId, outcome: Outcome) {
        if let ControlFlow::Continue(next) = self.settle(node, action, outcome) {
            self.go(next);
        }
    }

    /// Does the visit the run rested at, which has not been done yet.
    pub fn go_again(&mut self, node: &Node, action: ActionId) {
        if let ControlFlow::Continue(next) = self.perform(node, action) {
            self.go(next);
        }
    }

    /// The node the run rests at. One that the flow no longer has fails the run.
    pub fn standing(&mut self, action: &ActionId) -> Option<&'a Node> {
        let flow = self.flow;
        let node = flow.node(&action.node);
        if node.is_none() {
            self.end(EndedAs::Failed, Some(format!("the node {} no longer exists", action.node)));
        }
        node
    }

    /// Adds a line to the run's history. The change of a person that it obeyed goes there too.
    pub fn record(&mut self, node: &Node, action: ActionId, state: ActionState, text: String, result: Option<String>) {
        let changed: Option<Change> = self.run.changes.remove(&action);
        let kind = node.kind.word().to_owned();
        let done = Effect::Record(Done { action, kind, at: self.now, state, text, result, changed });
        // What a visit launches is answered after the visit is told.
        let launched = usize::from(matches!(self.effects.last(), Some(Effect::Launch { .. })));
        self.effects.insert(self.effects.len() - launched, done);
    }

    /// Ends the run where one of the flow's own rules says so.
    pub fn leave(&mut self) -> bool {
        let rule = self.flow.leave_when.iter().find(|rule| {
            let scope = self.scope();
            let of_message = rule.value.starts_with("message.");
            (self.heard_now || !of_message) && !scope.is_unknown(&rule.value) && compare::holds(rule, &scope)
        });
        let Some(rule) = rule else { return false };
        let to = rule.to.as_ref().map(|to| text::fill_value(to, &self.scope()));
        let word = format!("left: {}", nodes::rule_words(&Rule { to, ..rule.clone() }));
        self.abandon(ActionState::Skipped, &word);
        self.end(EndedAs::Stopped, Some(word));
        true
    }

    /// Notes that the visit the run rests at ends otherwise than by one of its exits.
    pub fn abandon(&mut self, state: ActionState, result: &str) {
        let Some(action) = line::standing(&self.run).filter(|_| !matches!(self.run.phase, Phase::Ready(_))) else { return };
        self.run.phase = Phase::Over;
        if let Some(node) = self.flow.node(&action.node) {
            let text = nodes::words(self, node, &action);
            self.record(node, action, state, text, Some(result.to_owned()));
        }
    }

    /// The run is over; one that called it goes on with what it knew.
    pub fn end(&mut self, how: EndedAs, word: Option<String>) {
        self.run.state = RunState::Ended { how, at: self.now, word };
        self.run.phase = Phase::Over;
        self.run.kept.clear();
        if let Some(to) = self.run.caller {
            self.effects.push(Effect::Return { to, variables: self.run.variables.clone() });
        }
    }
}
