//! Note: a word for people, which a run has no business at. One that is led here is over.

use crate::engine::walk::Outcome;
use crate::model::node::Note;
use crate::model::run::EndedAs;

/// Over.
pub fn visit(note: &Note) -> Outcome {
    Outcome::End { how: EndedAs::Finished, word: None, text: note.text.clone() }
}
