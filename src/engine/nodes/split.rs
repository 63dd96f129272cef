//! Split: different ways by weight, and one contact always the same way.

use crate::base::id::Id;
use crate::engine::walk::{Outcome, Walk};
use crate::model::node::{Node, Split};
use sha2::{Digest, Sha256};

/// By the exit this contact falls to. The run has no part in it, so a second run goes the same way.
pub fn visit(walk: &Walk<'_>, node: &Node, split: &Split) -> Outcome {
    let total: u64 = split.weights.iter().map(|way| u64::from(way.weight)).sum();
    let Some(first) = split.weights.first() else { return Outcome::on("next", "") };
    let mut point = if total == 0 { 0 } else { draw(walk, node) % total };
    let way = split.weights.iter().find(|way| {
        let here = point < u64::from(way.weight);
        point = point.saturating_sub(u64::from(way.weight));
        here
    });
    Outcome::on(&way.unwrap_or(first).exit, "")
}

/// A number drawn from flow, node and contact alone.
fn draw(walk: &Walk<'_>, node: &Node) -> u64 {
    let mut digest = Sha256::new();
    digest.update(walk.run.flow.to_key());
    digest.update(walk.contact.id.to_key());
    digest.update(node.id.0.as_bytes());
    digest.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
