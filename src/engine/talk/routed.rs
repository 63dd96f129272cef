//! How a message of a rehearsed talk finds its way: by `engine::route`, as one that arrives does, with this flow alone in the house.

use super::player::{Lines, Player};
use super::stage;
use crate::base::id::{Id, RunId, Shard};
use crate::engine::calendar;
use crate::engine::entry::{self, Start, Target, Visitor};
use crate::engine::route::{Arrival, RunView, route};
use crate::model::action::Verb;
use crate::model::contact::ConsentState;
use crate::model::event::{Event, Heard};
use crate::model::message::MessageKind;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::route::{Outcome, Route};
use crate::model::run::{Origin, Run};
use crate::model::value::Values;

impl Player<'_> {
    /// A message that is no press: to whom the rules give it.
    pub(super) fn find_way(&mut self, kind: MessageKind, text: String) -> Lines {
        let first_message = self.contact.heard.is_empty();
        let heard = self.heard(kind, &text);
        let Route { outcome, .. } = {
            let (Some(triggers), flow) = (self.triggers, self.flow()?) else { return Ok(Vec::new()) };
            let runs: Vec<RunView<'_>> = self.live_run().map(|run| RunView { run, flow, flow_enabled: true }).into_iter().collect();
            route(&Arrival {
                settings: &self.world.settings,
                triggers,
                channel: &self.world.channel,
                contact: &self.contact,
                passages: &self.world.passages,
                runs: &runs,
                heard: &heard,
                pressed: None,
                ours: false,
                group: false,
                first_message,
                open: calendar::is_open(&self.world.settings, self.now),
                now: self.now,
            })
        };
        match outcome {
            Outcome::Rest => Ok(vec!["nothing".to_owned()]),
            Outcome::Answer { .. } => self.event(Event::Message(heard)),
            Outcome::Press { node, choice, .. } => self.event(Event::Button { node, choice, heard }),
            Outcome::OptIn => {
                self.contact.consent.state = ConsentState::OptedIn;
                Ok(vec!["opted in".to_owned()])
            }
            Outcome::OptOut => self.opt_out(),
            Outcome::Enter { trigger } => self.start_at_trigger(trigger, Some(heard)),
        }
    }

    fn opt_out(&mut self) -> Lines {
        self.contact.consent.state = ConsentState::OptedOut;
        let mut lines = vec!["opted out".to_owned()];
        if self.live_run().is_some() {
            lines.extend(self.event(Event::Verb(Verb::Stop("The contact unsubscribed.".to_owned()), By::System))?);
        }
        Ok(lines)
    }

    /// A start, as the rules of re-entry and the guards decide it outside of talks too.
    pub(super) fn enter(&mut self, at: NodeId, origin: Origin, heard: Option<Heard>, variables: Values) -> Lines {
        let (flow, contact) = (self.flow()?.clone(), self.contact.clone());
        let inside: Vec<Run> = self.live_run().cloned().into_iter().collect();
        let passage = self.world.passages.remove(&stage::flow_id()).unwrap_or_default();
        let target = Target { id: stage::flow_id(), version: 1, flow: &flow, enabled: true };
        let visitor = Visitor { contact: &contact, inside: &inside, runs_in_all: inside.len(), passage: &passage };
        let number = self.runs + 1;
        let start = Start {
            id: RunId::new(Shard(0), number),
            channel: self.world.channel.id,
            origin,
            at: Some(at),
            variables: variables.clone(),
            depth: self.depth,
            caller: None,
            seed: number,
            heard,
        };
        let value = |name: &str| match name.strip_prefix("run.") {
            Some(variable) => variables.get(variable).cloned(),
            None => contact.fields.get(name.strip_prefix("contact.fields.")?).cloned(),
        };
        let entry = entry::enter(&target, &visitor, start, self.now, value);
        self.world.passages.insert(stage::flow_id(), entry.passage);
        let Some(run) = entry.run else { return Ok(vec!["kept".to_owned()]) };
        (self.run, self.runs) = (Some(run), number);
        self.event(Event::Start)
    }
}
