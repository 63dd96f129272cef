//! Active automations: the numbers of a flow always add up, what a person changes stands whatever happens, and many at once are changed
//! once each.

mod list;
mod many;
mod numbers;
mod races;
mod said;
mod stands;
mod story;
mod together;
mod verbs;

use crate::kit::disk::Ram;
use crate::kit::engine::OPTIONS;
use crate::kit::heart::{Heart, Ledger, MORNING};
use flusso::base::id::{ChannelId, FlowId, RunId};
use flusso::base::time::Time;
use flusso::executor::advance;
use flusso::executor::control::runs::{ContactRef, StartRequest, start};
use flusso::model::action::Verb;
use flusso::model::event::Event;
use flusso::model::operator::By;
use flusso::model::run::{Origin, Run};
use flusso::model::value::Values;
use flusso::store::{Store, runs};
use std::sync::Arc;

/// A heart on a disk in memory, with a channel and a flow.
pub struct Scene {
    pub disk: Arc<Ram>,
    pub heart: Heart,
    pub ledger: Ledger,
    pub channel: ChannelId,
    pub flow: FlowId,
}

impl Scene {
    pub fn new(flow: &str) -> Scene {
        let disk = Ram::of(Vec::new());
        let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING).unwrap();
        let channel = heart.add_whatsapp().unwrap();
        let flow = heart.add_flow(flow).unwrap();
        Scene { disk, heart, ledger: Ledger::default(), channel, flow }
    }

    /// The program dies and starts again on what the disk has.
    pub fn crash(&mut self) {
        let (bytes, now) = (self.disk.bytes(), self.heart.now);
        self.disk = Ram::of(bytes);
        self.heart = Heart::open(Store::on_disk(self.disk.clone(), &OPTIONS).unwrap(), now).unwrap();
    }

    pub fn start(&mut self, people: &[String]) {
        let (channel, flow) = (self.channel, self.flow);
        self.heart
            .change(|desk| {
                for number in people {
                    let contact = ContactRef::At { channel, address: number.clone(), name: None };
                    let (variables, origin) = (Values::new(), Origin::Api);
                    start(desk, By::System, StartRequest { flow, contact, variables, origin })?;
                }
                Ok(())
            })
            .unwrap();
    }

    pub fn pass(&mut self, until: Time) {
        self.heart.pass(until, &mut self.ledger).unwrap();
    }

    pub fn live(&self) -> Vec<Run> {
        runs::list_live(&self.heart.reader.view().unwrap(), None, 10_000).unwrap()
    }

    pub fn run(&self, id: RunId) -> Run {
        runs::get(&self.heart.reader.view().unwrap(), id).unwrap().unwrap()
    }

    /// Does a verb, or hears why not; what is refused changes nothing.
    pub fn verb(&mut self, id: RunId, verb: Verb) -> bool {
        let resumes = verb == Verb::Resume;
        self.heart
            .change(|desk| {
                let mark = desk.mark();
                if advance::happen(desk, id, &Event::Verb(verb, By::System)).is_err() {
                    desk.roll_back(mark);
                    return Ok(false);
                }
                if let Some(run) = runs::get(&desk.work, id)?.filter(|_| resumes) {
                    advance::wake_run(desk, run)?;
                }
                Ok(true)
            })
            .unwrap()
    }
}

pub fn person(number: usize) -> String {
    format!("39333{number:07}")
}
