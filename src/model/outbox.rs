//! What was decided and is not yet confirmed: sends and calls on their way out, and those given up.

use super::effect::{Call, Content, EffectId};
use crate::base::id::{ChannelId, ContactId, MessageId, OutboxId};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxRow {
    /// Its id; ascends in commit order, which is the order of a contact's sends.
    pub id: OutboxId,
    /// To whom, or for whom.
    pub contact: ContactId,
    /// By which channel.
    pub channel: ChannelId,
    /// What decided it: no two rows have the same.
    pub source: Source,
    /// What goes out.
    pub load: Load,
    /// How it stands.
    pub state: OutboxState,
    /// Attempts so far; being throttled costs none.
    pub attempts: u32,
    /// Who goes first.
    pub class: Class,
    /// When it was decided.
    pub created: Time,
    /// When it is no longer worth sending.
    pub expires: Time,
    /// Whether it may have arrived twice: it went once more after an unknown outcome.
    pub maybe_double: bool,
}

impl OutboxRow {
    /// The stored message that goes out with it; `None` for a call.
    pub fn message(&self) -> Option<MessageId> {
        match self.load {
            Load::Message { message, .. } => Some(message),
            Load::Call { .. } => None,
        }
    }
}

/// What decided a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// A step of a run.
    Effect(EffectId),
    /// A person, by the id of their request.
    Operator(String),
    /// The appliance: the confirmation after the STOP or START in this message.
    Consent(MessageId),
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Load {
    /// A message, stored beside the row.
    Message {
        /// The stored message.
        message: MessageId,
        /// What is sent.
        content: Content,
    },
    /// A call of a run, with the sequence its answer carries.
    Call {
        /// The sequence.
        armed: u64,
        /// The call.
        call: Call,
    },
}

/// How a row stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutboxState {
    /// It goes at this time, or when its turn comes after it.
    Ready {
        /// Not before.
        due: Time,
    },
    /// It is going out, since then; written before the socket is.
    Attempting {
        /// Since when.
        since: Time,
    },
    /// Nobody knows whether it arrived. Final until a person acts, once `resolve_until` has passed.
    Unknown {
        /// Until when the provider may still tell; `None` once that has passed.
        resolve_until: Option<Time>,
        /// What happened, in words.
        reason: String,
    },
    /// The provider took it.
    Sent {
        /// When.
        at: Time,
    },
    /// It was given up. Final until a person acts.
    Dead {
        /// When.
        at: Time,
        /// Why, in words.
        reason: String,
    },
    /// It was called off.
    Cancelled {
        /// When.
        at: Time,
        /// Why, in words.
        reason: String,
    },
}

impl OutboxState {
    /// The word of the HTTP API.
    pub const fn word(&self) -> &'static str {
        match self {
            OutboxState::Ready { .. } => "ready",
            OutboxState::Attempting { .. } => "attempting",
            OutboxState::Unknown { .. } => "unknown",
            OutboxState::Sent { .. } => "sent",
            OutboxState::Dead { .. } => "dead",
            OutboxState::Cancelled { .. } => "cancelled",
        }
    }
}

/// Who goes first (OUT-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// An answer to someone who just wrote.
    Live,
    /// A flow goes on by itself.
    FollowUp,
    /// Many at once.
    Broadcast,
}
