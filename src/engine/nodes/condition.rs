//! Condition: the first branch that holds, or else.

use crate::engine::compare::branch_holds;
use crate::engine::walk::{Outcome, Walk};
use crate::model::node::Condition;

/// By the exit of the first branch that holds.
pub fn visit(walk: &Walk<'_>, condition: &Condition) -> Outcome {
    let scope = walk.scope();
    let taken = condition.branches.iter().find(|branch| branch_holds(branch, &scope));
    Outcome::on(taken.map_or("else", |branch| &branch.exit), "")
}
