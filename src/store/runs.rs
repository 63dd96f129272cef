//! Runs and everything that finds them: by contact, by flow, live ones, and the timers they wait for.

use super::catalogue::{Family, HISTORY, RUNS, RUNS_BY_CONTACT, RUNS_LIVE, RUNS_LIVE_BY_CONTACT, RUNS_LIVE_BY_FLOW};
use super::codec::Present;
use super::error::StoreError;
use super::keys;
use super::run_list;
use super::seam::Bytes;
use super::table::Table;
use super::tallies::{self, Tally};
use super::timers;
use super::work::{Read, Work};
use crate::base::id::{ContactId, FlowId, ID_BYTES, Id, RunId};
use crate::model::run::Run;

/// The run of this id.
pub fn get(read: &impl Read, id: RunId) -> Result<Option<Run>, StoreError> {
    RUNS.get(read, &id.to_key())
}

/// Stores a run, and with it whether it is live, and its timer where that changed since it was stored last. The whole work is applied
/// only if the run is then still the one that was read here.
pub fn put(work: &mut Work, run: &Run) -> Result<(), StoreError> {
    let key = run.id.to_key();
    work.guard(Family::Runs, &key)?;
    let stored = RUNS.get(work, &key)?;
    match &stored {
        None => RUNS_BY_CONTACT.put(work, &by_contact(run), &Present)?,
        Some(stored) => unlink(work, stored, run)?,
    }
    let was_live = stored.as_ref().is_some_and(|stored| !stored.is_over() && stored.flow == run.flow);
    match (was_live, !run.is_over()) {
        (false, true) => enlist(work, run)?,
        (true, false) => delist(work, run)?,
        _ => {}
    }
    let (before, after) = (stored.as_ref().and_then(Run::timer), run.timer());
    if before != after {
        if let Some(timer) = before {
            timers::del(work, run.id, timer);
        }
        if let Some(timer) = after {
            timers::put(work, run.id, timer)?;
        }
    }
    run_list::update(work, stored.as_ref(), Some(run))?;
    RUNS.put(work, &key, run)
}

/// Removes a run, live or over, with its history.
pub fn delete(work: &mut Work, id: RunId) -> Result<(), StoreError> {
    let Some(run) = get(work, id)? else {
        return Ok(());
    };
    work.guard(Family::Runs, &id.to_key())?;
    if !run.is_over() {
        delist(work, &run)?;
    }
    if let Some(timer) = run.timer() {
        timers::del(work, id, timer);
    }
    run_list::update(work, Some(&run), None)?;
    RUNS_BY_CONTACT.del(work, &by_contact(&run));
    HISTORY.del_under(work, &id.to_key())?;
    RUNS.del(work, &id.to_key());
    Ok(())
}

/// Takes a run out of the timers, though it still has its time: its flow is disabled. Storing it with another time arms it again.
pub fn drop_timer(work: &mut Work, run: &Run) {
    if let Some(timer) = run.timer() {
        timers::del(work, run.id, timer);
    }
}

/// Puts a run back among the timers, at the time it has.
pub fn arm_timer(work: &mut Work, run: &Run) -> Result<(), StoreError> {
    match run.timer() {
        Some(timer) => timers::put(work, run.id, timer),
        None => Ok(()),
    }
}

/// The live and held runs of a contact, in order of id.
pub fn live_of_contact(read: &impl Read, contact: ContactId) -> Result<Vec<Run>, StoreError> {
    indexed(read, RUNS_LIVE_BY_CONTACT, &contact.to_key(), None, usize::MAX)
}

/// A page of all runs of a contact, in order of id.
pub fn all_of_contact(read: &impl Read, contact: ContactId, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    indexed(read, RUNS_BY_CONTACT, &contact.to_key(), after, limit)
}

/// A page of the live and held runs of a flow, in order of id.
pub fn live_of_flow(read: &impl Read, flow: FlowId, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    indexed(read, RUNS_LIVE_BY_FLOW, &flow.to_key(), after, limit)
}

/// How many live and held runs a flow has.
pub fn count_live_of_flow(read: &impl Read, flow: FlowId) -> Result<u64, StoreError> {
    tallies::get(read, Tally::LiveRuns(flow))
}

/// A page of the live and held runs, in order of id.
pub fn list_live(read: &impl Read, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    let after = after.map(Id::to_key);
    let page = RUNS_LIVE.page(read, &keys::key(read.shard(), &[]), after.as_ref().map(<[u8; ID_BYTES]>::as_slice), limit)?;
    fetch(read, page, 0)
}

/// A page of all runs, in order of id.
pub fn list_any(read: &impl Read, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    RUNS.list(read, after, limit)
}

fn by_contact(run: &Run) -> Bytes {
    keys::under(run.contact, &[&run.id.to_key()])
}

fn by_flow(run: &Run) -> Bytes {
    keys::under(run.flow, &[&run.id.to_key()])
}

/// Adds a run to what is live.
fn enlist(work: &mut Work, run: &Run) -> Result<(), StoreError> {
    RUNS_LIVE.put(work, &run.id.to_key(), &Present)?;
    RUNS_LIVE_BY_CONTACT.put(work, &by_contact(run), &Present)?;
    RUNS_LIVE_BY_FLOW.put(work, &by_flow(run), &Present)?;
    tallies::add(work, Tally::LiveRuns(run.flow), 1)
}

/// Takes a run out of what is live.
fn delist(work: &mut Work, run: &Run) -> Result<(), StoreError> {
    RUNS_LIVE.del(work, &run.id.to_key());
    RUNS_LIVE_BY_CONTACT.del(work, &by_contact(run));
    RUNS_LIVE_BY_FLOW.del(work, &by_flow(run));
    tallies::add(work, Tally::LiveRuns(run.flow), -1)
}

/// Moves a run between contacts or flows: two people turned out to be one.
fn unlink(work: &mut Work, stored: &Run, run: &Run) -> Result<(), StoreError> {
    if stored.contact == run.contact && stored.flow == run.flow {
        return Ok(());
    }
    RUNS_BY_CONTACT.del(work, &by_contact(stored));
    RUNS_BY_CONTACT.put(work, &by_contact(run), &Present)?;
    if stored.is_over() {
        return Ok(());
    }
    delist(work, stored)?;
    if stored.flow == run.flow && !run.is_over() { enlist(work, run) } else { Ok(()) }
}

fn indexed(read: &impl Read, index: Table<Present>, prefix: &[u8], after: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    let after = after.map(|run| [prefix, &run.to_key()].concat());
    let page = index.page(read, prefix, after.as_deref(), limit)?;
    fetch(read, page, ID_BYTES)
}

/// The runs that index rows lead to, the id lying `skip` bytes into their keys.
fn fetch(read: &impl Read, page: Vec<(Bytes, Present)>, skip: usize) -> Result<Vec<Run>, StoreError> {
    page.into_iter()
        .map(|(key, _)| {
            let id: RunId = keys::id_at(&key, skip).ok_or_else(|| RUNS.bad_key(&key))?;
            get(read, id)?.ok_or_else(|| RUNS.missing(&id.to_key()))
        })
        .collect()
}
