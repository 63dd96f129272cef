//! The runs that are not over in the order of what comes next: of all, of a flow, at a node. A page costs what it shows, however many
//! there are.

use super::catalogue::{RUNS, RUNS_AT, RUNS_DUE};
use super::codec::Present;
use super::counters;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::tallies::{self, Tally};
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id, RunId, Shard};
use crate::base::time::Time;
use crate::model::node::NodeId;
use crate::model::run::{Run, RunState};
use std::fmt;
use std::str::FromStr;

/// Where a run stands in the list that has no time: after all that have one.
pub const NO_TIME: Time = Time(i64::MAX - 1);
/// Where a run stands in the list that is held: after all others.
pub const HELD: Time = Time(i64::MAX);

/// The place of a run in the list: its time, and which run. As text it is the list's cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// When something comes next, `NO_TIME` or `HELD`.
    pub due: Time,
    /// Which run.
    pub run: RunId,
}

impl Spot {
    /// The place of a run that is not over.
    pub fn of(run: &Run) -> Spot {
        let due = match run.state {
            RunState::Held { .. } => HELD,
            _ => run.timer().map_or(NO_TIME, |(due, _)| due),
        };
        Spot { due, run: run.id }
    }

    fn key(self) -> [u8; 16] {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&keys::time(self.due));
        key[8..].copy_from_slice(&self.run.sequence().to_be_bytes());
        key
    }

    /// The place at the end of a key.
    fn read(shard: Shard, key: &[u8]) -> Option<Spot> {
        let tail: &[u8; 16] = key.last_chunk()?;
        let (due, run) = (tail.first_chunk::<8>()?, tail.last_chunk::<8>()?);
        Some(Spot { due: keys::read_time(*due), run: RunId::new(shard, u64::from_be_bytes(*run)) })
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.due.0, self.run)
    }
}

/// A text that is no place of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place of the list")]
pub struct NotASpot;

impl FromStr for Spot {
    type Err = NotASpot;
    fn from_str(text: &str) -> Result<Spot, NotASpot> {
        let (due, run) = text.split_once('_').ok_or(NotASpot)?;
        Ok(Spot { due: Time(due.parse().map_err(|_| NotASpot)?), run: run.parse().map_err(|_| NotASpot)? })
    }
}

/// Which part of the list is asked for: after a place, from a time on, and before another.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The last place of the page before.
    pub after: Option<Spot>,
    /// Not before this time.
    pub from: Option<Time>,
    /// Before this time; `None` goes to the end, the held ones included.
    pub before: Option<Time>,
}

impl Stretch {
    fn bounds(&self, prefix: &[u8]) -> (Bytes, Bytes) {
        let start = self.from.map_or_else(|| prefix.to_vec(), |from| [prefix, &keys::time(from)].concat());
        let resumed = self.after.map(|after| keys::next(&[prefix, &after.key()].concat()));
        let end = self.before.map_or_else(|| keys::end(prefix), |before| [prefix, &keys::time(before)].concat());
        (resumed.map_or(start.clone(), |resumed| resumed.max(start)), end)
    }
}

/// Places of all runs.
pub fn all(read: &impl Read, stretch: Stretch, limit: usize) -> Result<Vec<Spot>, StoreError> {
    let (from, to) = stretch.bounds(&keys::key(read.shard(), &[]));
    spots(read, RUNS_DUE.scan(read, &from, &to, limit)?)
}

/// Places of the runs at a node of a flow.
pub fn at_node(read: &impl Read, flow: FlowId, node: &NodeId, stretch: Stretch, limit: usize) -> Result<Vec<Spot>, StoreError> {
    let (from, to) = stretch.bounds(&node_prefix(flow, node));
    spots(read, RUNS_AT.scan(read, &from, &to, limit)?)
}

/// Places of the runs of a flow: those of its nodes where anybody stands, laid into each other.
pub fn of_flow(read: &impl Read, flow: FlowId, stretch: Stretch, limit: usize) -> Result<Vec<Spot>, StoreError> {
    let mut found = Vec::new();
    for node in counters::waiting(read, flow)?.keys() {
        found.extend(at_node(read, flow, node, stretch, limit)?);
    }
    found.sort_unstable();
    found.truncate(limit);
    Ok(found)
}

/// The last run that was ever made.
pub fn last(read: &impl Read) -> Result<Option<RunId>, StoreError> {
    Ok(down(read, None, 1)?.first().map(|run| run.id))
}

/// A page of all runs, those that are over included, newest first.
pub fn down(read: &impl Read, before: Option<RunId>, limit: usize) -> Result<Vec<Run>, StoreError> {
    let prefix = keys::key(read.shard(), &[]);
    let to = before.map_or_else(|| keys::end(&prefix), |before| before.to_key().to_vec());
    Ok(RUNS.scan_down(read, &prefix, &to, limit)?.into_iter().map(|(_, run)| run).collect())
}

fn spots(read: &impl Read, rows: Vec<(Bytes, Present)>) -> Result<Vec<Spot>, StoreError> {
    rows.into_iter().map(|(key, _)| Spot::read(read.shard(), &key).ok_or_else(|| RUNS_DUE.bad_key(&key))).collect()
}

fn node_prefix(flow: FlowId, node: &NodeId) -> Bytes {
    let length = u16::try_from(node.0.len()).unwrap_or(u16::MAX);
    keys::under(flow, &[&length.to_be_bytes(), node.0.as_bytes()])
}

/// What the list has of a run.
fn listed(run: &Run) -> Option<(Spot, FlowId, &NodeId)> {
    let node = run.node().filter(|_| !run.is_over())?;
    Some((Spot::of(run), run.flow, node))
}

/// Brings the list into line with a run that is stored anew, or is removed.
pub(super) fn update(work: &mut Work, before: Option<&Run>, after: Option<&Run>) -> Result<(), StoreError> {
    let (was, is) = (before.and_then(listed), after.and_then(listed));
    if was == is {
        return Ok(());
    }
    if let Some((spot, flow, node)) = was {
        RUNS_DUE.del(work, &keys::key(spot.run.shard(), &[&spot.key()]));
        RUNS_AT.del(work, &[node_prefix(flow, node), spot.key().to_vec()].concat());
    }
    if let Some((spot, flow, node)) = is {
        RUNS_DUE.put(work, &keys::key(spot.run.shard(), &[&spot.key()]), &Present)?;
        RUNS_AT.put(work, &[node_prefix(flow, node), spot.key().to_vec()].concat(), &Present)?;
    }
    let (left, reached) = (was.map(|(_, flow, node)| (flow, node)), is.map(|(_, flow, node)| (flow, node)));
    if left != reached {
        if let Some((flow, node)) = left {
            tallies::add(work, Tally::Waiting(flow, node), -1)?;
        }
        if let Some((flow, node)) = reached {
            tallies::add(work, Tally::Waiting(flow, node), 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_from_its_text_and_its_key() {
        for due in [Time(-5), Time(0), NO_TIME, HELD] {
            let spot = Spot { due, run: RunId::new(Shard(0), 7) };
            assert_eq!(spot.to_string().parse(), Ok(spot));
            assert_eq!(Spot::read(Shard(0), &spot.key()), Some(spot));
        }
        assert_eq!("7".parse::<Spot>(), Err(NotASpot));
    }
}
