//! A run keeps to the clock on the wall when that moves: the zone or the hours of the business, the zone of the contact, or the rules of
//! zones changed.

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::world;
use crate::base::limits::STEPS_PER_EVENT_MAX;
use crate::engine;
use crate::model::contact::Contact;
use crate::model::run::Run;
use crate::model::settings::Settings;
use crate::model::world::World;
use crate::store::{contacts, runs};
use std::sync::Arc;

/// Computes the end of a run's wait anew. `was` are the settings before; `None` where the rules of zones changed.
pub fn keep_to_the_wall(desk: &mut Desk, run: Run, was: Option<&Settings>) -> Result<(), Refusal> {
    let Some(contact) = contacts::get(&desk.work, run.contact)? else { return Ok(()) };
    let before = was.map(|settings| (settings.clone(), contact.clone()));
    replan(desk, &run, &contact, before)
}

/// The contact moved to another zone: the waits of their runs follow.
pub(super) fn follow_contact(desk: &mut Desk, before: &Contact, after: &Contact) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, after.id)? {
        let settings = desk.facts.settings.as_ref().clone();
        replan(desk, &run, after, Some((settings, before.clone())))?;
    }
    Ok(())
}

fn replan(desk: &mut Desk, run: &Run, contact: &Contact, before: Option<(Settings, Contact)>) -> Result<(), Refusal> {
    if !desk.facts.channels.contains_key(&run.channel) {
        return Ok(());
    }
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let now = world(&desk.work, &desk.facts, contact, run.channel, STEPS_PER_EVENT_MAX)?;
    let before = before.map(|(settings, contact)| (World { settings: Arc::new(settings), ..now.clone() }, contact));
    let before = before.as_ref().map(|(world, contact)| (world, contact));
    match engine::wall::replanned(&now, before, &flow, run, contact, desk.now) {
        Some(run) => desk.put_run(&run),
        None => Ok(()),
    }
}
