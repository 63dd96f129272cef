//! What is counted at a node of a flow: who came, where they went, who left.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The exit that counts for a wait which ended because a button of an earlier message was pressed.
pub const PRESSED: &str = "pressed";

/// What happened at one node, in a day or in all. With those who stand there it adds up: arrived = exits + waiting + left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Visits that began.
    pub arrived: u64,
    /// Visits that ended by no exit: stopped, jumped away, failed, or the flow ended there.
    pub left: u64,
    /// Visits that went on, by exit.
    pub exits: BTreeMap<String, u64>,
    /// Presses of this message's buttons and rows, by choice. They come after the visit went on, and are no part of the sum.
    pub pressed: BTreeMap<String, u64>,
}

impl Counts {
    /// Visits that went on by any exit.
    pub fn went_on(&self) -> u64 {
        self.exits.values().sum()
    }

    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        *self == Counts::default()
    }

    /// Takes another count in.
    pub fn add(&mut self, other: &Counts) {
        self.arrived += other.arrived;
        self.left += other.left;
        for (own, others) in [(&mut self.exits, &other.exits), (&mut self.pressed, &other.pressed)] {
            for (name, count) in others {
                *own.entry(name.clone()).or_default() += count;
            }
        }
    }
}
