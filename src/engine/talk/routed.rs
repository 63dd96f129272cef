//! How a message of a rehearsed talk finds its way: by `engine::route`, as one that arrives does, with this flow alone in the house.

use super::player::{Lines, Player};
use super::stage;
use crate::engine::calendar;
use crate::engine::route::{Arrival, RunView, route};
use crate::model::action::Verb;
use crate::model::contact::ConsentState;
use crate::model::event::Event;
use crate::model::flow::Reentry;
use crate::model::message::MessageKind;
use crate::model::operator::By;
use crate::model::route::{Outcome, Route};
use crate::model::run::RunState;

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
            Outcome::Enter { trigger } => {
                let passage = self.world.passages.entry(stage::flow_id()).or_default();
                passage.fired.insert(trigger.clone(), self.now);
                self.start_at_trigger(trigger, Some(heard))
            }
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

    /// Whether the flow runs once only, and did so too recently to run again.
    pub(super) fn ran_once(&self) -> bool {
        let Some(run) = &self.run else { return false };
        match (self.flow().map(|flow| &flow.reentry), &run.state) {
            (Ok(Reentry::Once(None)), _) => true,
            (Ok(Reentry::Once(Some(after))), RunState::Ended { at, .. }) => self.now < *at + *after,
            (Ok(Reentry::Once(Some(_))), _) => true,
            _ => false,
        }
    }
}
