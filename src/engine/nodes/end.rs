//! End: the run is over, with the goal it reached.

use crate::engine::walk::Outcome;
use crate::model::node::End;
use crate::model::run::EndedAs;

/// Over.
pub fn visit(end: &End) -> Outcome {
    Outcome::End { how: EndedAs::Finished, word: end.goal.clone(), text: end.goal.clone().unwrap_or_default() }
}
