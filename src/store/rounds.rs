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
}

/// The first round that is begun and not done.
pub fn first(read: &impl Read) -> Result<Option<Round>, StoreError> {
    let from = keys::key(read.shard(), &[]);
    Ok(ROUNDS.page(read, &from, None, 1)?.into_iter().map(|(_, round)| round).next())
}

/// Begins a round, or notes how far it has come. One of the same kind and flow begins again.
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
    }
}
