//! What happens to a run. Every change is one of these.

use super::action::Verb;
use super::message::MessageKind;
use super::node::NodeId;
use super::value::Values;
use crate::base::id::MessageId;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// Something that happens to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// It begins.
    Start,
    /// The contact answers the question it waits at.
    Message(Heard),
    /// The contact presses a button or row that it sent.
    Button {
        /// The message node that had it.
        node: NodeId,
        /// The id of the button or row.
        choice: String,
        /// The press as a message.
        heard: Heard,
    },
    /// Its timer fired.
    Timer {
        /// The sequence it was armed at.
        armed: u64,
    },
    /// Its call came to an end.
    CallEnded {
        /// The sequence it was armed at.
        armed: u64,
        /// How.
        outcome: CallOutcome,
    },
    /// The flow's start address was called for this contact while it waits for that.
    Callback(Values),
    /// Tags or fields of the contact changed, or the contact wrote and another run took the message.
    ContactChanged,
    /// The person handed the contact back.
    HandoverEnded,
    /// The run it called is over.
    ChildEnded {
        /// The sequence it was armed at.
        armed: u64,
        /// What the other run knew at its end.
        variables: Values,
    },
    /// A person does something to it.
    #[serde(skip)]
    Verb(Verb, super::operator::By),
}

/// A message as a run hears it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The stored message; `None` in the simulator beside the editor.
    pub message: Option<MessageId>,
    /// What it is.
    pub kind: MessageKind,
    /// Its text, or the title of the button.
    pub text: String,
    /// The id of the button or row.
    pub button: Option<String>,
    /// When it arrived.
    pub at: Time,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallOutcome {
    /// It was answered.
    Answered {
        /// HTTP status.
        status: u16,
        /// The body, as text.
        body: String,
    },
    /// No answer came in time, and nobody knows whether it arrived.
    TimedOut,
    /// It could not be made, in words.
    Failed(String),
}
