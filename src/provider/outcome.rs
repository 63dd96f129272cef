//! How a send ended, by what the outbox must do next (OUT-3). What a provider's codes mean lives with that provider.

use super::http::Failure;
use super::redact::redacted;
use crate::base::address::Address;
use crate::base::time::Span;

/// How a send ended. Every reason is a sentence for the owner, without tokens or whole phone numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The provider took it.
    Accepted {
        /// The provider's id of the message: statuses come back under it.
        provider_id: String,
        /// Other names of the person, learned from the answer.
        contact: Vec<Address>,
    },
    /// It did not happen, and may later: try again, which costs an attempt.
    Retry {
        /// The least pause the provider asks for.
        after: Option<Span>,
        /// Why.
        reason: String,
    },
    /// Too fast: try again, which costs no attempt.
    Throttled {
        /// The least pause. Who is throttled again and again waits longer each time.
        after: Option<Span>,
        /// Who waits.
        scope: Scope,
        /// Why.
        reason: String,
    },
    /// It will never happen as it is.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nothing goes out by this channel until a person mends it. The send itself stays good.
    StopChannel {
        /// Why.
        reason: String,
    },
    /// Free text is not allowed now: only a template.
    WindowClosed {
        /// Why.
        reason: String,
    },
    /// Nobody knows whether it arrived (OUT-4).
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// Who waits when a provider says "too fast".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Sends to this contact.
    Pair,
    /// Every send of the channel.
    Channel,
}

/// What a missing answer means: whether a byte left decides.
pub(super) fn of_failure(failure: &Failure) -> SendOutcome {
    match failure {
        Failure::NeverLeft(why) => {
            SendOutcome::Retry { after: None, reason: format!("The provider could not be reached: {}.", redacted(why)) }
        }
        Failure::TimedOut => {
            SendOutcome::Unknown { reason: "The provider did not answer in time, so nobody knows whether the message arrived.".to_owned() }
        }
        Failure::Broke(why) => SendOutcome::Unknown {
            reason: format!("The connection broke before the answer, so nobody knows whether the message arrived: {}.", redacted(why)),
        },
    }
}
