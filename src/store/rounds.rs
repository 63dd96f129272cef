//! Rounds: long work over all contacts or all runs, done a page to a commit. What is begun and not done is here, so that it goes on after
//! any end of the program.

use super::catalogue::ROUNDS;
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{ContactId, FlowId, Id, RunId};
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::carry::Carry;
use crate::model::label::Label;
use crate::model::run::Run;
use serde::{Deserialize, Serialize};

/// A round and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Round {
    /// The dates of all contacts are looked up for the date triggers of a flow that was enabled or saved, or of all flows.
    Dates {
        /// Which flow; `None` is every enabled one.
        flow: Option<FlowId>,
        /// Since when: what falls due while the round goes on is not lost.
        since: Time,
        /// The last contact looked at.
        after: Option<ContactId>,
    },
    /// The ends of waits that follow a clock on the wall are computed anew for all runs.
    Walls {
        /// The zone of the business before; `None` where the rules of zones changed.
        was: Option<Zone>,
        /// The last run looked at.
        after: Option<RunId>,
    },
    /// A tag or a field is taken away from everybody who has it.
    Label {
        /// Which.
        label: Label,
        /// The last contact looked at.
        after: Option<ContactId>,
    },
    /// Something is done to all live runs of a flow.
    Runs {
        /// Which flow.
        flow: FlowId,
        /// What.
        carry: Carry,
        /// The last run it was done to.
        after: Option<RunId>,
        /// How many had their turn: of those that are to go on again, only who was late.
        done: usize,
    },
    /// The zone of the business, its hours, holidays or quiet hours are others: the ends of waits are computed anew for all runs.
    Hours {
        /// The settings before, as JSON.
        was: String,
        /// Since when.
        since: Time,
        /// The last run looked at.
        after: Option<RunId>,
    },
}

/// The first round that is begun and not done.
pub fn first(read: &impl Read) -> Result<Option<Round>, StoreError> {
    let from = keys::key(read.shard(), &[]);
    Ok(ROUNDS.page(read, &from, None, 1)?.into_iter().map(|(_, round)| round).next())
}

/// The first round that does something to the runs of a flow.
pub fn first_of_runs(read: &impl Read) -> Result<Option<Round>, StoreError> {
    let from = keys::key(read.shard(), &[RUNS]);
    Ok(ROUNDS.page(read, &from, None, 1)?.into_iter().map(|(_, round)| round).next())
}

/// The round that does this to the runs of a flow, while it is not done.
pub fn of_runs(read: &impl Read, flow: FlowId, carry: &Carry) -> Result<Option<Round>, StoreError> {
    ROUNDS.get(read, &runs_key(read, flow, carry))
}

/// Whether a run was inside its flow when that was disabled, and the round that lets it go on has not come to it yet.
pub fn is_yet_to_wake(read: &impl Read, run: &Run) -> Result<bool, StoreError> {
    let round = ROUNDS.get(read, &waking_key(read, run.flow))?;
    Ok(match round {
        Some(Round::Runs { carry: Carry::Wake { since, .. }, after, .. }) => {
            run.started <= since && after.is_none_or(|after| run.id > after)
        }
        _ => false,
    })
}

/// The round that takes this tag or field away, while it is not done.
pub fn of_label(read: &impl Read, label: &Label) -> Result<Option<Round>, StoreError> {
    ROUNDS.get(read, &label_key(read, label))
}

/// Begins a round, or notes how far it has come. One of the same kind, flow and label begins again.
pub fn put(work: &mut Work, round: &Round) -> Result<(), StoreError> {
    let key = key(work, round);
    ROUNDS.put(work, &key, round)
}

/// Ends a round.
pub fn end(work: &mut Work, round: &Round) {
    let key = key(work, round);
    ROUNDS.del(work, &key);
}

fn key(read: &impl Read, round: &Round) -> Bytes {
    match round {
        Round::Dates { flow: Some(flow), .. } => keys::key(read.shard(), &[b"dates:", &flow.to_key()]),
        Round::Dates { flow: None, .. } => keys::key(read.shard(), &[b"dates"]),
        Round::Walls { .. } => keys::key(read.shard(), &[b"walls"]),
        // One for each change: what was planned by the settings before the first must be found though a second came soon.
        Round::Hours { since, .. } => keys::key(read.shard(), &[b"hours:", &keys::time(*since)]),
        Round::Label { label, .. } => label_key(read, label),
        Round::Runs { flow, carry, .. } => runs_key(read, *flow, carry),
    }
}

/// How the keys of rounds over the runs of a flow begin.
const RUNS: &[u8] = b"runs:";

fn runs_key(read: &impl Read, flow: FlowId, carry: &Carry) -> Bytes {
    keys::key(read.shard(), &[RUNS, &flow.to_key(), carry.word().as_bytes()])
}

fn waking_key(read: &impl Read, flow: FlowId) -> Bytes {
    keys::key(read.shard(), &[RUNS, &flow.to_key(), Carry::WAKE.as_bytes()])
}

fn label_key(read: &impl Read, label: &Label) -> Bytes {
    let kind: &[u8] = match label {
        Label::Tag(_) => b"label:tag:",
        Label::Field(_) => b"label:field:",
        Label::Segment(_) => b"label:segment:",
    };
    keys::key(read.shard(), &[kind, label.name().as_bytes()])
}
