//! Plays a talk: one flow, one contact, one run, and a clock that the talk moves.

use super::script::{Input, Means, Prop};
use super::shown::Moment;
use super::{Library, shown, stage};
use crate::base::id::{FlowId, Id, RunId, Shard};
use crate::base::time::Time;
use crate::engine::keyword::Triggers;
use crate::engine::{forecast, step};
use crate::model::action::Verb;
use crate::model::contact::{Contact, Handover, Passage};
use crate::model::document;
use crate::model::effect::Effect;
use crate::model::event::{CallOutcome, Event, Heard};
use crate::model::flow::{Flow, Reentry};
use crate::model::message::MessageKind;
use crate::model::node::{NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::run::{EndedAs, Origin, Phase, Run};
use crate::model::value::Values;
use crate::model::world::World;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Timers that fire within one move of the clock at most: a flow that goes round for ever ends the talk, not the patience.
const TIMERS_MAX: u32 = 1000;
/// Steps of one talk at most: whoever plays it waits for the end.
const EVENTS_MAX: u32 = 3000;

/// A talk under way.
pub struct Player<'t> {
    library: Library<'t>,
    /// What starts the flow, where messages find their way as they do outside of talks.
    pub(super) triggers: Option<&'t Triggers>,
    flow: Option<Flow>,
    pub(super) world: World,
    flows: BTreeMap<FlowId, String>,
    pub(super) contact: Contact,
    pub(super) run: Option<Run>,
    pub(super) runs: u64,
    pub(super) now: Time,
    events_left: u32,
    moments: Vec<Moment>,
    pub(super) depth: u8,
    called: bool,
    show_live: bool,
    /// The exits that were taken so far.
    pub exits: BTreeSet<(NodeId, String)>,
}

pub(super) type Lines = Result<Vec<String>, String>;

impl<'t> Player<'t> {
    /// A stage with nothing on it but what the library brings.
    pub fn new(library: Library<'t>) -> Player<'t> {
        Player {
            flow: library.flow.cloned(),
            library,
            triggers: None,
            world: stage::world(),
            flows: BTreeMap::new(),
            contact: stage::contact(),
            run: None,
            runs: 0,
            now: stage::START,
            events_left: EVENTS_MAX,
            moments: Vec::new(),
            depth: 0,
            called: false,
            show_live: false,
            exits: BTreeSet::new(),
        }
    }

    /// The same, with messages that find their way by the rules of routing.
    pub fn rehearsing(library: Library<'t>, triggers: &'t Triggers) -> Player<'t> {
        Player { triggers: Some(triggers), ..Player::new(library) }
    }

    /// The clock.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The steps since this was asked last.
    pub fn drain(&mut self) -> Vec<Moment> {
        std::mem::take(&mut self.moments)
    }

    /// How it ended: the clock, the contact, the run.
    pub fn end(self) -> (Time, Contact, Option<Run>) {
        (self.now, self.contact, self.run)
    }

    /// Takes one line; what Flusso does about it. The error says why the line cannot be.
    pub fn take(&mut self, means: Means) -> Lines {
        match means {
            Means::Nothing => Ok(Vec::new()),
            Means::FlowAt(path) => {
                self.flow = Some((self.library.load)(&path)?);
                Ok(Vec::new())
            }
            Means::FlowIs(text) => {
                let told = |problems: Vec<crate::model::problem::Problem>| {
                    problems.iter().map(|problem| problem.fault.to_string()).collect::<Vec<_>>().join(" ")
                };
                self.flow = Some(document::read_text(&text).map_err(told)?);
                Ok(Vec::new())
            }
            Means::Stage(prop) => self.put(prop).map(|()| Vec::new()),
            Means::In(input) => self.come_in(input),
            Means::Wake(span) => self.wake(self.now + span),
            Means::WakeAt(time) => self.wake(time),
        }
    }

    fn put(&mut self, prop: Prop) -> Result<(), String> {
        match prop {
            Prop::Channel(kind) => self.world.channel = stage::channel(kind),
            Prop::At(time) => self.now = time,
            Prop::Name(name) => self.contact.name = Some(name),
            Prop::Language(language) => self.contact.language = Some(language),
            Prop::Tag(tag) => _ = self.contact.tags.insert(tag),
            Prop::Field(name, value) => _ = self.contact.fields.insert(name, value),
            Prop::Blocked => self.contact.blocked = true,
            Prop::Consent(state) => self.contact.consent.state = state,
            Prop::Zone(zone) => self.contact.zone = Some(zone),
            Prop::Heard(ago) => stage::heard(&mut self.contact, self.now - ago),
            Prop::Settings(text) => self.world.settings = Arc::new(serde_json::from_str(&text).map_err(|error| error.to_string())?),
            Prop::Knows(name) => _ = self.know(name),
            Prop::Inside(name) => {
                let id = self.know(name);
                self.world.inside.push(id);
            }
            Prop::Finished(name) => {
                let id = self.know(name);
                let ended = Passage { last_end: Some((self.now, EndedAs::Finished)), ..Passage::default() };
                self.world.passages.insert(id, ended);
            }
            Prop::Steps(steps) => self.world.steps_left = steps,
            Prop::Depth(depth) => self.depth = depth,
            Prop::Called => self.called = true,
            Prop::ShowLive => self.show_live = true,
        }
        Ok(())
    }

    /// Another flow exists. Ids begin after the one that is played.
    fn know(&mut self, name: String) -> FlowId {
        let id = FlowId::new(Shard(0), self.flows.len() as u64 + 2);
        self.flows.insert(id, name);
        self.world.flows = Arc::new(self.flows.clone());
        id
    }

    pub(super) fn flow(&self) -> Result<&Flow, String> {
        self.flow.as_ref().ok_or_else(|| "the talk names no flow".to_owned())
    }

    pub(super) fn live_run(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| !run.is_over())
    }

    fn come_in(&mut self, input: Input) -> Lines {
        match input {
            Input::Keyword(text) => self.keyword(&text),
            Input::Message(kind, text) if self.triggers.is_some() => self.find_way(kind, text),
            Input::Message(kind, text) => self.message(kind, text),
            Input::Press(choice, node) => self.press(choice, node.as_ref()),
            Input::Start(variables) => {
                let node = self.flow()?.start_node().cloned().ok_or("nothing starts this flow")?;
                self.start(node, Origin::Api, None, variables)
            }
            Input::Event(word) => self.trigger(&word),
            Input::Timer => {
                let (due, armed) = self.live_run().and_then(Run::timer).ok_or("no timer is armed")?;
                self.now = self.now.max(due);
                self.event(Event::Timer { armed })
            }
            Input::LateTimer(armed) => self.event(Event::Timer { armed }),
            Input::Answer(outcome) => self.answer(outcome, 0),
            Input::LateAnswer => self.answer(CallOutcome::Answered { status: 200, body: String::new() }, 1),
            Input::Callback(variables) => self.event(Event::Callback(variables)),
            Input::Returned(variables) => self.returned(variables),
            Input::Tag(tag) => {
                self.contact.tags.insert(tag);
                self.event(Event::ContactChanged)
            }
            Input::Untag(tag) => {
                self.contact.tags.remove(&tag);
                self.event(Event::ContactChanged)
            }
            Input::Field(name, value) => {
                self.contact.fields.insert(name, value);
                self.event(Event::ContactChanged)
            }
            Input::HandoverBegins => {
                self.contact.handover = Some(Handover { since: self.now, until: None });
                self.event(Event::ContactChanged)
            }
            Input::HandoverEnds => {
                self.contact.handover = None;
                self.event(Event::HandoverEnded)
            }
            Input::Verb(verb) => self.event(Event::Verb(verb, By::System)),
            Input::Move { action, by, only } => {
                let verb = Verb::Move { action, due: self.now + by, following_keep: only };
                self.event(Event::Verb(verb, By::System))
            }
            Input::Forecast => self.forecast(),
        }
    }

    pub(super) fn heard(&mut self, kind: MessageKind, text: &str) -> Heard {
        stage::heard(&mut self.contact, self.now);
        Heard { message: None, kind, text: text.to_owned(), button: None, at: self.now }
    }

    fn keyword(&mut self, text: &str) -> Lines {
        let node = (self.library.trigger)(self.flow()?, text).ok_or("this is no keyword of the flow")?;
        let heard = self.heard(MessageKind::Text, text);
        self.start_at_trigger(node, Some(heard))
    }

    fn trigger(&mut self, word: &str) -> Lines {
        let on = |kind: &NodeKind| matches!(kind, NodeKind::Event(event) if json!(event.on) == *word);
        let node = self.flow()?.nodes.iter().find(|node| on(&node.kind)).ok_or("the flow has no such trigger")?.id.clone();
        self.start_at_trigger(node, None)
    }

    pub(super) fn start_at_trigger(&mut self, trigger: NodeId, heard: Option<Heard>) -> Lines {
        let node = self.flow()?.node(&trigger).and_then(|node| node.exit("next")).cloned().ok_or("the trigger leads nowhere")?;
        self.exits.insert((trigger.clone(), "next".to_owned()));
        self.start(node, Origin::Trigger(trigger), heard, Values::new())
    }

    fn start(&mut self, node: NodeId, origin: Origin, heard: Option<Heard>, variables: Values) -> Lines {
        if self.triggers.is_some() {
            return self.enter(node, origin, heard, variables);
        }
        if self.live_run().is_some() && self.flow()?.reentry != Reentry::Restart {
            return Ok(vec!["kept".to_owned()]);
        }
        self.runs += 1;
        let run = stage::run(&self.contact, node, origin, self.now, self.runs);
        let caller = self.called.then(|| RunId::new(Shard(0), 1000));
        self.run = Some(Run { heard, depth: self.depth, caller, variables, ..run });
        self.event(Event::Start)
    }

    /// A message that is no press: the run's, where it takes it; a keyword otherwise.
    fn message(&mut self, kind: MessageKind, text: String) -> Lines {
        let heard = self.heard(kind, &text);
        let flow = self.flow()?;
        let taken = self.live_run().is_some_and(|run| crate::engine::takes(&self.world, flow, run, &self.contact, &heard, self.now));
        match (self.library.trigger)(flow, &text).filter(|_| !taken) {
            Some(node) => self.start_at_trigger(node, Some(heard)),
            None => self.event(Event::Message(heard)),
        }
    }

    fn press(&mut self, choice: String, named: Option<&NodeId>) -> Lines {
        let node = offering(self.flow()?, self.run.as_ref().filter(|_| self.triggers.is_some()), &choice, named);
        let node = node.ok_or("no message has this button")?;
        let heard = self.heard(MessageKind::ButtonReply, &choice);
        let lines = self.event(Event::Button { node: node.clone(), choice: choice.clone(), heard })?;
        if lines != ["nothing"] {
            self.exits.insert((node, choice));
        }
        Ok(lines)
    }

    fn answer(&mut self, outcome: CallOutcome, late: u64) -> Lines {
        let armed = match self.live_run().map(|run| &run.phase) {
            Some(Phase::Calling { armed, .. }) => armed - late,
            _ if late > 0 => 0,
            _ => return Err("no call is under way".to_owned()),
        };
        self.event(Event::CallEnded { armed, outcome })
    }

    fn returned(&mut self, variables: Values) -> Lines {
        let Some(Phase::Called { armed, .. }) = self.live_run().map(|run| &run.phase) else {
            return Err("no other flow was called".to_owned());
        };
        let armed = *armed;
        self.event(Event::ChildEnded { armed, variables })
    }

    pub(super) fn event(&mut self, event: Event) -> Lines {
        let Some(run) = self.run.clone() else { return Ok(vec!["nothing".to_owned()]) };
        self.events_left = self.events_left.checked_sub(1).ok_or("too much happens in this talk")?;
        let stepped = step(&self.world, self.flow()?, &run, &self.contact, &event, self.now);
        let step = match stepped {
            Ok(step) if step.run.sequence == run.sequence => return Ok(vec!["nothing".to_owned()]),
            Ok(step) => step,
            Err(error) => return Ok(vec![format!("refused {}", shown::quoted(&error.to_string()))]),
        };
        let show = |effect: &Effect| shown::effect(effect, &self.world, self.show_live);
        let mut lines: Vec<String> = step.effects.iter().filter_map(show).collect();
        let taken = step.effects.iter().filter_map(|effect| match effect {
            Effect::Record(done) => Some((done.action.node.clone(), done.result.clone()?)),
            _ => None,
        });
        let taken: Vec<_> = taken.filter(|(node, exit)| self.has_exit(node, exit)).collect();
        self.exits.extend(taken);
        let changed = shown::changes((&self.contact, &run), (&step.contact, &step.run));
        lines.extend(changed.iter().map(shown::Changed::line));
        lines.push(shown::place(self.flow()?, &step.run, self.now));
        if self.triggers.is_some() {
            self.moments.push(Moment { at: self.now, effects: step.effects, changed });
        }
        self.world.passages.entry(stage::flow_id()).or_default().ways.extend(step.ways);
        (self.run, self.contact) = (Some(step.run), step.contact);
        Ok(lines)
    }

    fn has_exit(&self, node: &NodeId, exit: &String) -> bool {
        let node = self.flow.as_ref().and_then(|flow| flow.node(node));
        node.is_some_and(|node| node.kind.exit_names().contains(exit))
    }

    /// The clock moves on; timers on the way fire at their time.
    fn wake(&mut self, until: Time) -> Lines {
        let mut lines = Vec::new();
        for _ in 0..TIMERS_MAX {
            let next = self.live_run().and_then(Run::timer).filter(|(due, _)| *due <= until);
            let Some((due, armed)) = next else { break };
            self.now = self.now.max(due);
            let before = self.run.clone();
            lines.extend(self.event(Event::Timer { armed })?);
            if self.run == before {
                break;
            }
        }
        self.now = self.now.max(until);
        Ok(lines)
    }

    fn forecast(&self) -> Lines {
        let Some(run) = self.live_run() else { return Ok(vec!["nothing".to_owned()]) };
        let lines = forecast::forecast(&self.world, self.flow()?, run, &self.contact, self.now);
        Ok(lines.iter().map(|line| shown::forecast(line, self.now)).collect())
    }
}

/// The node whose button of this id a press means: the one of the message that offered it last.
fn offering(flow: &Flow, run: Option<&Run>, choice: &str, named: Option<&NodeId>) -> Option<NodeId> {
    let has = |id: &NodeId| {
        flow.node(id).is_some_and(|node| matches!(&node.kind, NodeKind::Message(message) if message.choices().any(|(id, _)| id == choice)))
    };
    let offered = || run.and_then(|run| run.offered.as_ref()).filter(|id| has(id)).cloned();
    let first = || flow.nodes.iter().map(|node| &node.id).find(|id| has(id)).cloned();
    match named {
        Some(named) => Some(named.clone()).filter(has),
        None => offered().or_else(first),
    }
}
