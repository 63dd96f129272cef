//! What people of the shop do in a week: write on the phone, hand back, start, hold, jump, skip, disable a flow, pause everything.

use super::town::{Deed, Town};
use flusso::base::id::{ContactId, FlowId, RunId};
use flusso::base::time::Span;
use flusso::executor::advance;
use flusso::executor::control::runs::{ContactRef, StartRequest, start};
use flusso::executor::desk::Desk;
use flusso::executor::refusal::Refusal;
use flusso::model::action::Verb;
use flusso::model::event::Event;
use flusso::model::flow::FlowState;
use flusso::model::operator::By;
use flusso::model::run::{Origin, RunState};
use flusso::model::settings::Settings;
use flusso::model::value::Values;
use flusso::store::{contacts, flows, runs, settings};

impl Town {
    /// What people of the shop do: write on the phone, hand back, hold, jump, skip, start.
    pub fn operate(&mut self) {
        let next = self.within(Span::HOUR);
        if next < self.end {
            self.plan(next, Deed::Operate);
        }
        let person = self.chance.usize(0..self.people);
        let Some(contact) = self.contact(person) else { return };
        match self.chance.u8(0..6) {
            0 => self.change(|desk| {
                let mut record = contacts::get(&desk.work, contact)?.ok_or(Refusal::Fault)?;
                advance::person_spoke(desk, &mut record)
            }),
            1 => self.change(|desk| advance::end_handover(desk, contact)),
            2 => {
                let (flow, origin) = (*self.chance.choice(&self.flows).expect("a flow"), Origin::Operator(None));
                let request = StartRequest { flow, contact: ContactRef::Id(contact), variables: Values::new(), origin };
                self.change(|desk| start(desk, By::System, request).map(|_| ()));
            }
            act => self.touch_a_run(contact, act),
        }
    }

    fn touch_a_run(&mut self, contact: ContactId, act: u8) {
        let view = self.heart.reader.view().expect("a view");
        let Some(run) = runs::live_of_contact(&view, contact).expect("runs").into_iter().next() else { return };
        let flow = self.heart.facts.flow(&view, run.flow, run.version).expect("a flow");
        drop(view);
        let verb_now = match act {
            3 => Verb::Hold,
            4 => Verb::Jump(flow.nodes[self.chance.usize(1..flow.nodes.len())].id.clone()),
            _ => Verb::Restart,
        };
        match verb_now {
            Verb::Hold if run.state == RunState::Live => {
                self.change(|desk| verb(desk, run.id, Verb::Hold));
                let at = self.within(Span::DAY);
                self.plan(at, Deed::Resume(run.id));
            }
            Verb::Jump(node) => self.change(|desk| verb(desk, run.id, Verb::Jump(node))),
            _ => {
                let ahead = self.change(|desk| advance::actions_ahead(desk, &run));
                if let Some(next) = ahead.into_iter().next() {
                    self.change(|desk| verb(desk, run.id, Verb::Skip(next.id)));
                }
            }
        }
    }

    pub fn pause(&mut self, paused: bool) {
        self.change(|desk| {
            let mut chosen = settings::get(&desk.work)?;
            chosen.paused = paused;
            set(desk, &chosen)?;
            if paused {
                return Ok(());
            }
            runs::list_live(&desk.work, None, usize::MAX)?.into_iter().try_for_each(|run| advance::wake_run(desk, run))
        });
    }
}

/// Sets the settings.
pub fn set(desk: &mut Desk, chosen: &Settings) -> Result<(), Refusal> {
    desk.facts_changed = true;
    Ok(settings::put(&mut desk.work, chosen)?)
}

/// Disables a flow, or enables it.
pub fn freeze(desk: &mut Desk, flow: FlowId, state: FlowState) -> Result<(), Refusal> {
    let mut head = flows::head(&desk.work, flow)?.ok_or(Refusal::Fault)?;
    head.state = state;
    desk.facts_changed = true;
    Ok(flows::put_head(&mut desk.work, &head)?)
}

/// A wish of a person; one that cannot be is refused, and that is well.
pub fn verb(desk: &mut Desk, run: RunId, verb: Verb) -> Result<(), Refusal> {
    let resumes = verb == Verb::Resume;
    match advance::happen(desk, run, &Event::Verb(verb, By::System)) {
        Err(Refusal::Conflict(_)) => return Ok(()),
        done => done?,
    }
    match runs::get(&desk.work, run)?.filter(|_| resumes) {
        Some(run) => advance::wake_run(desk, run),
        None => Ok(()),
    }
}
