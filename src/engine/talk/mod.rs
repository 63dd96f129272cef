//! Talks: conversations as text files. `>` is what comes in, `<` is what Flusso does, `wake in 2h` moves the clock.
//!
//! Playing a talk writes it anew: every `<` line is what the engine does now, and everything else stays as it was. A talk that comes
//! back unchanged holds. The same player serves the tests, the simulator beside the editor, and the talks saved with a flow.
//!
//! A talk begins with its stage, each line optional: `flow PATH` (or `flow`, the document, `end`), `channel whatsapp`,
//! `at 2026-11-23T09:00:00Z`, `contact name "Anna"`, `contact language en`, `contact tag vip`, `contact field city "Roma"`,
//! `contact zone Europe/London`, `contact blocked`, `contact consent opted_in`, `heard 2h` (ago), `settings {…}`, `knows "Another flow"`, `inside "Another flow"`,
//! `finished "Another flow"`, `steps 10`, `depth 8`, `called`, `show live`. A line that begins with `#` is for people.
//!
//! What comes in: `keyword "x"`, a message `"x"`, `image "caption"`, `press ID` (and `at m1`), `start {variables}`, `event first_message`, `timer`,
//! `late timer 1`, `answer 200 {…}`, `answer timed out`, `answer failed "why"`, `late answer`, `callback {…}`, `returned {…}`,
//! `tag x`, `untag x`, `field x "y"`, `handover begins`, `handover ends`, the verbs `hold`, `resume`, `stop "why"`, `jump m1`, `restart`, `send now m1:1`,
//! `skip m1:1`, `remove m1:1`, `move m1:1 in 2h` (and `only`), `rewrite m1:1 "x"`, `hold m1:1`, `release m1:1`, `undo m1:1`, and
//! `forecast`, which asks what will come.

mod player;
mod rehearse;
mod routed;
mod script;
mod shown;
pub mod stage;

pub use rehearse::{BYTES_MAX, Came, Difference, LINES_MAX, Scene, Seen, difference, rehearse, tidy};
pub use shown::{Changed, Moment, quoted};

use crate::engine::keyword::Triggers;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use std::collections::BTreeSet;

/// The trigger node that a typed text would start, if any.
pub type Trigger<'t> = &'t dyn Fn(&Flow, &str) -> Option<NodeId>;

/// What a talk needs from outside.
#[derive(Clone, Copy)]
pub struct Library<'t> {
    /// The flow it plays, where it names none.
    pub flow: Option<&'t Flow>,
    /// Reads a flow that a talk names by a path.
    pub load: &'t dyn Fn(&str) -> Result<Flow, String>,
    /// Which keyword a text would be.
    pub trigger: Trigger<'t>,
}

/// Why a talk cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct TalkError {
    /// Which line, from 1.
    pub line: usize,
    /// Why, in words.
    pub reason: String,
}

/// A talk as it goes now, and the ways it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// The talk, written anew.
    pub text: String,
    /// The exits that were taken, each of its node.
    pub exits: BTreeSet<(NodeId, String)>,
}

/// The node of a flow that a typed text starts, by the rules of the product.
pub fn own_trigger(flow: &Flow, text: &str) -> Option<NodeId> {
    let triggers = Triggers::new([(stage::flow_id(), stage::START, flow)]);
    triggers.who_wins(text).into_iter().next().map(|first| first.trigger)
}

/// Plays a talk and writes it as it goes now.
pub fn play(script: &str, library: &Library<'_>) -> Result<String, TalkError> {
    play_watched(script, library).map(|played| played.text)
}

/// Plays a talk and tells which ways it went.
pub fn play_watched(script: &str, library: &Library<'_>) -> Result<Played, TalkError> {
    let lines = script::read(script)?;
    let mut player = player::Player::new(*library);
    let mut played = String::with_capacity(script.len());
    for line in lines {
        if let Some(written) = &line.written {
            played.push_str(written);
            played.push('\n');
        }
        for out in player.take(line.means).map_err(|reason| TalkError { line: line.number, reason })? {
            played.push_str("< ");
            played.push_str(&out.replace('\n', "\\n"));
            played.push('\n');
        }
    }
    Ok(Played { text: played, exits: player.exits })
}
