//! Split: different ways by weight, and one contact always the same way.

use crate::base::id::Id;
use crate::engine::walk::{Outcome, Walk};
use crate::model::node::{Node, Split};
use sha2::{Digest, Sha256};

/// By the exit this contact took before, as long as anybody is sent that way; or else by the one they fall to, which is kept. The run has
/// no part in it, so a second run goes the same way, whatever the weights have become.
pub fn visit(walk: &mut Walk<'_>, node: &Node, split: &Split) -> Outcome {
    let passage = walk.world.passages.get(&walk.run.flow);
    let before = passage.and_then(|passage| passage.ways.get(&node.id));
    if let Some(way) = split.weights.iter().find(|way| way.weight > 0 && Some(&way.exit) == before) {
        return Outcome::on(&way.exit, "");
    }
    let exit = drawn(walk, node, split);
    walk.ways.insert(node.id.clone(), exit.clone());
    Outcome::on(&exit, "")
}

/// The exit this contact falls to, by the weights as they are.
fn drawn(walk: &Walk<'_>, node: &Node, split: &Split) -> String {
    let total: u64 = split.weights.iter().map(|way| u64::from(way.weight)).sum();
    let Some(first) = split.weights.first() else { return "next".to_owned() };
    let mut point = if total == 0 { 0 } else { draw(walk, node) % total };
    let way = split.weights.iter().find(|way| {
        let here = point < u64::from(way.weight);
        point = point.saturating_sub(u64::from(way.weight));
        here
    });
    way.unwrap_or(first).exit.clone()
}

/// A number drawn from flow, node and contact alone.
fn draw(walk: &Walk<'_>, node: &Node) -> u64 {
    let mut digest = Sha256::new();
    digest.update(walk.run.flow.to_key());
    digest.update(walk.contact.id.to_key());
    digest.update(node.id.0.as_bytes());
    digest.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
