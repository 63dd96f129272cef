//! Which flow got a message, by which rule, and who lost.

use super::node::NodeId;
use crate::base::id::{FlowId, RunId};
use serde::{Deserialize, Serialize};

/// What was decided about a message; kept with it and shown under "why?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The rule that matched.
    pub rule: Rule,
    /// What follows.
    pub outcome: Outcome,
    /// The flow that got it.
    pub flow: Option<FlowId>,
    /// What else would have matched, best first.
    pub lost: Vec<Lost>,
}

impl Route {
    /// A message that is kept and moves nothing.
    pub fn recorded() -> Route {
        Route { rule: Rule::Recorded, outcome: Outcome::Rest, flow: None, lost: Vec::new() }
    }

    /// The run that got it as an answer or a press.
    pub fn run(&self) -> Option<RunId> {
        match self.outcome {
            Outcome::Answer { run } | Outcome::Press { run, .. } => Some(run),
            _ => None,
        }
    }
}

/// The rules, in the order they are tried (spec.md 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Rule {
    /// An echo, edit, reaction or receipt: recorded, never a trigger.
    Recorded,
    StopWord,
    StartWord,
    /// The contact wants nothing, and did not say START.
    OptedOut,
    /// A person answers, or automations are off, paused or blocked.
    ForOperator,
    /// A button or row of a live run.
    Button,
    KeywordExact,
    KeywordWord,
    /// A run that waits for an answer.
    Reply,
    KeywordStarts,
    KeywordContains,
    KeywordRegex,
    FirstMessage,
    OutOfHours,
    AnyMessage,
    /// It stays unanswered in the inbox.
    Nothing,
    /// A held run or a disabled flow would have taken it: it stays in the inbox.
    Withheld,
}

/// What follows from a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing.
    Rest,
    /// The contact is opted out and told so.
    OptOut,
    /// The contact is opted in and told so.
    OptIn,
    /// A flow is entered at this trigger.
    Enter {
        /// The trigger node.
        trigger: NodeId,
    },
    /// A run gets it as an answer.
    Answer {
        /// The run.
        run: RunId,
    },
    /// A run gets it as a press.
    Press {
        /// The run.
        run: RunId,
        /// The message node that had the button.
        node: NodeId,
        /// The id of the button or row.
        choice: String,
    },
}

/// Something that would have matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// By which rule.
    pub rule: Rule,
    /// Which flow.
    pub flow: Option<FlowId>,
    /// The phrase, or the reason it was withheld, in words.
    pub word: Option<String>,
}
