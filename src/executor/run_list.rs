//! The list of runs: a page of those that are meant, in the order of what comes next, and how many there are. What only a look at each
//! can tell is looked for within a bound; the page then says where to go on.

use super::facts::Facts;
use super::refusal::Refusal;
use crate::base::id::RunId;
use crate::base::limits::WHEEL_HORIZON;
use crate::base::time::{Span, Time};
use crate::model::contact::Contact;
use crate::model::run::Run;
use crate::model::run_match::{RunMatch, StateWord};
use crate::store::run_list::{self, HELD, Spot, Stretch};
use crate::store::{Read, contacts, counters, runs};

/// Runs looked at for one page at most.
pub const LOOKED_AT_MAX: usize = 2_000;
/// Runs read at once where a filter passes over most of them.
const CHUNK: usize = 100;

/// From how much later on the pace of a channel is told as a reason.
pub const PACE_TOLD: Span = Span(30_000);

/// Held runs that are counted.
pub const HELD_COUNTED_MAX: usize = 1_000;
/// Runs looked at for how long the queue of a channel is.
const QUEUED_MAX: usize = 2_000;

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct RunPage {
    /// The runs, with their contacts.
    pub rows: Vec<(Run, Contact)>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
    /// Whether it ended because it had looked at enough, not because it was full.
    pub cut: bool,
}

/// A place in the list, whatever its order.
#[derive(Clone, Copy, Debug)]
enum Place {
    Spot(Spot),
    Run(RunId),
}

impl Place {
    fn word(self) -> String {
        match self {
            Place::Spot(spot) => spot.to_string(),
            Place::Run(run) => run.to_string(),
        }
    }
}

/// Whether the list of these is in the order of what comes next; otherwise it is in the order of ids.
fn is_by_due(wanted: &RunMatch) -> bool {
    wanted.runs.is_empty() && wanted.contact.is_none() && !wanted.reaches_ended()
}

fn read_place(wanted: &RunMatch, word: &str) -> Result<Place, Refusal> {
    let none = || Refusal::Invalid("The cursor in `after` is none of this list. Take it from `next`, unchanged.".to_owned());
    let place = if is_by_due(wanted) { word.parse().ok().map(Place::Spot) } else { word.parse().ok().map(Place::Run) };
    place.ok_or_else(none)
}

/// A page of the runs that are meant, after a cursor.
pub fn page(read: &impl Read, wanted: &RunMatch, after: Option<&str>, limit: usize) -> Result<RunPage, Refusal> {
    let mut last = after.map(|word| read_place(wanted, word)).transpose()?;
    let mut page = RunPage::default();
    let mut looked_at = 0;
    loop {
        let size = if wanted.is_place_only() { limit + 1 - page.rows.len() } else { CHUNK };
        let chunk = chunk(read, wanted, last, size)?;
        let is_last = chunk.len() < size;
        for (place, run) in chunk {
            looked_at += 1;
            if let Some(contact) = meant(read, wanted, &run)? {
                if page.rows.len() == limit {
                    page.next = last.map(Place::word);
                    return Ok(page);
                }
                page.rows.push((run, contact));
            }
            last = Some(place);
            if looked_at == LOOKED_AT_MAX {
                (page.next, page.cut) = (last.map(Place::word), true);
                return Ok(page);
            }
        }
        if is_last {
            return Ok(page);
        }
    }
}

/// The contact of a run that is meant.
fn meant(read: &impl Read, wanted: &RunMatch, run: &Run) -> Result<Option<Contact>, Refusal> {
    if !wanted.holds(run) {
        return Ok(None);
    }
    Ok(contacts::get(read, run.contact)?.filter(|contact| wanted.suits(contact)))
}

/// Some runs after a place, the nearest to what is meant that an index knows.
fn chunk(read: &impl Read, wanted: &RunMatch, after: Option<Place>, size: usize) -> Result<Vec<(Place, Run)>, Refusal> {
    if is_by_due(wanted) {
        let after = after.and_then(|place| if let Place::Spot(spot) = place { Some(spot) } else { None });
        let spots = spots(read, wanted, after, size)?;
        let found = spots.into_iter().map(|spot| Ok(runs::get(read, spot.run)?.map(|run| (Place::Spot(spot), run))));
        return found.filter_map(Result::transpose).collect();
    }
    let after = after.and_then(|place| if let Place::Run(run) = place { Some(run) } else { None });
    let found = match (wanted.contact, wanted.reaches_ended()) {
        _ if !wanted.runs.is_empty() => given(read, wanted, after, size)?,
        (Some(contact), true) => runs::all_of_contact(read, contact, after, size)?,
        (Some(contact), false) => {
            let live = runs::live_of_contact(read, contact)?.into_iter();
            live.filter(|run| after.is_none_or(|after| run.id > after)).take(size).collect()
        }
        (None, _) => run_list::down(read, after, size)?,
    };
    Ok(found.into_iter().map(|run| (Place::Run(run.id), run)).collect())
}

fn given(read: &impl Read, wanted: &RunMatch, after: Option<RunId>, size: usize) -> Result<Vec<Run>, Refusal> {
    let mut ids: Vec<RunId> = wanted.runs.iter().copied().filter(|run| after.is_none_or(|after| *run > after)).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = ids.into_iter().map(|id| runs::get(read, id)).filter_map(Result::transpose).take(size);
    Ok(found.collect::<Result<_, _>>()?)
}

fn spots(read: &impl Read, wanted: &RunMatch, after: Option<Spot>, size: usize) -> Result<Vec<Spot>, Refusal> {
    let (from, before) = match wanted.state {
        Some(StateWord::Held) => (Some(HELD), None),
        Some(StateWord::Active) => (wanted.due_from, Some(wanted.due_before.unwrap_or(HELD))),
        _ => (wanted.due_from, wanted.due_before),
    };
    let stretch = Stretch { after, from, before };
    Ok(match (wanted.flow, &wanted.node) {
        (Some(flow), Some(node)) => run_list::at_node(read, flow, node, stretch, size)?,
        (Some(flow), None) => run_list::of_flow(read, flow, stretch, size)?,
        (None, _) => run_list::all(read, stretch, size)?,
    })
}

/// How many runs are meant, and the first of them.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many.
    pub runs: u64,
    /// The first ones, with their contacts.
    pub first: Vec<(Run, Contact)>,
}

/// Counts the runs that are meant and are not over, and shows the first `names` of them. Flow and node alone cost nothing; anything
/// else looks at each.
pub fn tally(read: &impl Read, facts: &Facts, wanted: &RunMatch, names: usize) -> Result<Tally, Refusal> {
    let first = page(read, wanted, None, names)?;
    let Some(next) = first.next else {
        return Ok(Tally { runs: first.rows.len() as u64, first: first.rows });
    };
    if wanted.is_place_only() {
        let runs = match (wanted.flow, &wanted.node) {
            (Some(flow), Some(node)) => counters::waiting_at(read, flow, node)?,
            (Some(flow), None) => runs::count_live_of_flow(read, flow)?,
            (None, Some(_)) => count(read, wanted, None)?,
            (None, None) => facts.heads.keys().map(|flow| runs::count_live_of_flow(read, *flow)).sum::<Result<u64, _>>()?,
        };
        return Ok(Tally { runs, first: first.rows });
    }
    let runs = first.rows.len() as u64 + count(read, wanted, Some(&next))?;
    Ok(Tally { runs, first: first.rows })
}

/// How many runs are inside any flow, and how many of them are held; beyond `HELD_COUNTED_MAX` of these nobody counts.
pub fn inside_and_held(read: &impl Read, facts: &Facts) -> Result<(u64, u64), Refusal> {
    let inside = facts.heads.keys().map(|flow| runs::count_live_of_flow(read, *flow)).sum::<Result<u64, _>>()?;
    let held = run_list::all(read, Stretch { after: None, from: Some(HELD), before: None }, HELD_COUNTED_MAX)?;
    Ok((inside, held.len() as u64))
}

fn count(read: &impl Read, wanted: &RunMatch, after: Option<&str>) -> Result<u64, Refusal> {
    let mut last = after.map(|word| read_place(wanted, word)).transpose()?;
    let mut count = 0;
    loop {
        let chunk = chunk(read, wanted, last, CHUNK)?;
        let is_last = chunk.len() < CHUNK;
        for (place, run) in chunk {
            last = Some(place);
            count += u64::from(if wanted.asks_contact() { meant(read, wanted, &run)?.is_some() } else { wanted.holds(&run) });
        }
        if is_last {
            return Ok(count);
        }
    }
}

/// Runs that are meant and not over, in order of id: at most `looked_at` are looked at. With them the last one looked at, and whether
/// there may be more.
pub fn by_id(
    read: &impl Read,
    wanted: &RunMatch,
    after: Option<RunId>,
    until: RunId,
    looked_at: usize,
) -> Result<(Vec<Run>, Option<RunId>, bool), Refusal> {
    let found = match (wanted.contact, wanted.flow) {
        _ if !wanted.runs.is_empty() => given(read, wanted, after, looked_at)?,
        (Some(contact), _) => {
            let live = runs::live_of_contact(read, contact)?.into_iter();
            live.filter(|run| after.is_none_or(|after| run.id > after)).take(looked_at).collect()
        }
        (None, Some(flow)) => runs::live_of_flow(read, flow, after, looked_at)?,
        (None, None) => runs::list_live(read, after, looked_at)?,
    };
    let more = found.len() == looked_at;
    let last = found.last().map(|run| run.id);
    let mut kept = Vec::new();
    for run in found.into_iter().filter(|run| run.id <= until) {
        if meant(read, wanted, &run)?.is_some() {
            kept.push(run);
        }
    }
    Ok((kept, last, more && last.is_some_and(|last| last < until)))
}

/// How many of the runs that are meant are due in each stretch between two times; at most `most` are looked at, and whether that was
/// enough.
pub fn per_stretch(read: &impl Read, wanted: &RunMatch, bounds: &[Time], most: usize) -> Result<(Vec<u64>, bool), Refusal> {
    let mut counts = vec![0; bounds.len().saturating_sub(1)];
    let (Some(first), Some(end)) = (bounds.first(), bounds.last()) else { return Ok((counts, true)) };
    let within = RunMatch { due_from: Some(*first), due_before: Some(*end), ..wanted.clone() };
    let names_some = !wanted.runs.is_empty() || wanted.contact.is_some();
    let asks_run = names_some || wanted.channel.is_some() || wanted.asks_contact() || (wanted.node.is_some() && wanted.flow.is_none());
    let (mut after, mut looked_at) = (None, 0);
    loop {
        let spots = spots(read, &within, after, CHUNK.max(most.min(1_000)))?;
        let Some(last) = spots.last().copied() else { return Ok((counts, true)) };
        for spot in spots {
            let counted = !asks_run || matches!(runs::get(read, spot.run)?, Some(run) if meant(read, &within, &run)?.is_some());
            let stretch = bounds.partition_point(|bound| *bound <= spot.due);
            if let (true, Some(count)) = (counted, counts.get_mut(stretch.wrapping_sub(1))) {
                *count += 1;
            }
            looked_at += 1;
        }
        if looked_at >= most {
            return Ok((counts, false));
        }
        after = Some(last);
    }
}

/// How much later than it is due the next action of a run may go out, because of what is due on its channel before it: each takes its turn
/// at the channel's pace. What is due within a quarter of an hour before it is looked at, and so many of them at most.
pub fn behind(read: &impl Read, facts: &Facts, run: &Run) -> Result<Span, Refusal> {
    let (Some((due, _)), Some(channel)) = (run.timer(), facts.channels.get(&run.channel)) else { return Ok(Span(0)) };
    let stretch = Stretch { after: None, from: Some(Time(due.0 - WHEEL_HORIZON.0)), before: Some(Time(due.0 + 1)) };
    let pause = 1000.0 / channel.pace();
    let mut free = 0.0_f64;
    for spot in run_list::all(read, stretch, QUEUED_MAX)? {
        let shares = facts.channels.len() == 1 || runs::get(read, spot.run)?.is_some_and(|other| other.channel == run.channel);
        if shares {
            free = free.max(spot.due.0 as f64) + pause;
        }
        if spot.run == run.id {
            break;
        }
    }
    Ok(Span((free - pause - due.0 as f64).max(0.0) as i64))
}
