//! The store through its public face.

use flusso::base::id::Id;
use flusso::store::catalogue::Family;
use flusso::store::{Read, Work};

mod backups;
mod conformance;
mod damage;
mod golden;
mod indexes;
mod mail;
mod nouns;
mod openings;
mod runs;
mod secrets;

/// How many rows of this shard a family has.
fn count(read: &impl Read, family: Family) -> usize {
    let shard = read.shard().0;
    read.scan(family, &shard.to_be_bytes(), &(shard + 1).to_be_bytes(), usize::MAX).unwrap().len()
}

fn ids<I: Id>(work: &mut Work, count: usize) -> Vec<I> {
    (0..count).map(|_| work.mint().unwrap()).collect()
}
