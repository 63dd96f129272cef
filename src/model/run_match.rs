//! Which runs are meant: the filters of the list, of the agenda, and of a change of many at once.

use super::contact::Contact;
use super::node::NodeId;
use super::run::{EndedAs, Run, RunState};
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// The word of a run's state, as the HTTP API has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// It moves.
    Active,
    /// A person holds it.
    Held,
    /// It ended by itself.
    Finished,
    /// It was ended.
    Stopped,
    /// It could not go on.
    Failed,
    /// Whatever its state.
    Any,
}

impl StateWord {
    /// Every word.
    pub const ALL: [StateWord; 6] =
        [StateWord::Active, StateWord::Held, StateWord::Finished, StateWord::Stopped, StateWord::Failed, StateWord::Any];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            StateWord::Active => "active",
            StateWord::Held => "held",
            StateWord::Finished => "finished",
            StateWord::Stopped => "stopped",
            StateWord::Failed => "failed",
            StateWord::Any => "any",
        }
    }

    /// The state of this word.
    pub fn of_word(word: &str) -> Option<StateWord> {
        StateWord::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The state of a run.
    pub const fn of(state: &RunState) -> StateWord {
        match state {
            RunState::Live => StateWord::Active,
            RunState::Held { .. } => StateWord::Held,
            RunState::Ended { how: EndedAs::Finished, .. } => StateWord::Finished,
            RunState::Ended { how: EndedAs::Stopped, .. } => StateWord::Stopped,
            RunState::Ended { how: EndedAs::Failed, .. } => StateWord::Failed,
        }
    }
}

/// Filters that somebody gave a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The name.
    pub name: String,
    /// The filters, as they stand after the question mark.
    pub query: String,
}

/// Which runs are meant. Nothing said is every run that is not over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunMatch {
    /// These only; empty is any.
    pub runs: Vec<RunId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// In this flow.
    pub flow: Option<FlowId>,
    /// That stand at this node.
    pub node: Option<NodeId>,
    /// That talk on this channel.
    pub channel: Option<ChannelId>,
    /// Whose contact has this tag.
    pub tag: Option<String>,
    /// In this state; none is active or held.
    pub state: Option<StateWord>,
    /// Whose next action is due at this time or later.
    pub due_from: Option<Time>,
    /// Whose next action is due before this time.
    pub due_before: Option<Time>,
    /// Whose contact's name or number has this in it.
    pub text: Option<String>,
}

impl RunMatch {
    /// Whether runs that are over may be among those meant.
    pub fn reaches_ended(&self) -> bool {
        !matches!(self.state, None | Some(StateWord::Active | StateWord::Held))
    }

    /// Whether the contact decides too.
    pub fn asks_contact(&self) -> bool {
        self.tag.is_some() || self.text.is_some()
    }

    /// Whether anything but flow and node is asked.
    pub fn is_place_only(&self) -> bool {
        let place = RunMatch { flow: self.flow, node: self.node.clone(), ..RunMatch::default() };
        *self == place
    }

    /// Whether a run is meant, as far as the run itself decides.
    pub fn holds(&self, run: &Run) -> bool {
        let state = StateWord::of(&run.state);
        let due = run.timer().map(|(due, _)| due);
        (self.runs.is_empty() || self.runs.contains(&run.id))
            && self.state.map_or(!run.is_over(), |wanted| wanted == StateWord::Any || wanted == state)
            && self.contact.is_none_or(|contact| run.contact == contact)
            && self.flow.is_none_or(|flow| run.flow == flow)
            && self.channel.is_none_or(|channel| run.channel == channel)
            && self.node.as_ref().is_none_or(|node| run.node() == Some(node))
            && self.due_from.is_none_or(|from| due.is_some_and(|due| due >= from))
            && self.due_before.is_none_or(|before| due.is_some_and(|due| due < before))
    }

    /// Whether a run of this contact is meant, as far as the contact decides.
    pub fn suits(&self, contact: &Contact) -> bool {
        self.tag.as_ref().is_none_or(|tag| contact.tags.contains(tag)) && self.text.as_ref().is_none_or(|text| is_called(contact, text))
    }
}

/// Whether a contact's name or number has this text in it; numbers are compared by their digits, from four on.
pub fn is_called(contact: &Contact, text: &str) -> bool {
    let wanted = text.trim().to_lowercase();
    let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
    let by_name = contact.name.as_ref().is_some_and(|name| name.to_lowercase().contains(&wanted));
    by_name
        || contact.addresses.iter().any(|address| {
            address.address.to_lowercase().contains(&wanted)
                || (digits.len() >= 4 && address.phone().is_some_and(|phone| phone.contains(&digits)))
        })
}
