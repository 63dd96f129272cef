//! Floor 2b: the bytes of each provider to our nouns and back, over a closed list of kinds. Pure: no socket, no clock, no store.

pub mod http;
pub mod json;
pub mod outcome;
pub mod press;
pub mod redact;
pub mod settings;
pub mod signature;
mod simulator;
pub mod webhook;
mod whatsapp;

use crate::base::address::{Address, ChannelKind};
use crate::base::id::OutboxId;
use crate::base::time::Time;
use crate::model::channel::{Abilities, Channel, ChannelSecrets, Pair, Rate};
use crate::model::effect::Content;
use crate::model::message::{Choice, Inbound};
use http::{Answer, Failure, Hook, HookReply, Request};
use outcome::SendOutcome;

/// What a webhook turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum HookRead {
    /// The provider asks whether this address is ours; the answer is ready and nothing is stored.
    Challenge(HookReply),
    /// It is not let in: answer `status` (401, 403, 405, 415, 422) and store nothing.
    Refused {
        /// The HTTP status to answer with.
        status: u16,
        /// Why, in words, for the request log.
        reason: String,
    },
    /// It is proven to come from the provider and cannot be read: keep its bytes in quarantine, then answer 200.
    Unreadable {
        /// Why, in words.
        reason: String,
    },
    /// It was read.
    Events {
        /// What it says, in its own order.
        events: Vec<Inbound>,
        /// Parts of it that could not be read, for quarantine; their neighbours are not harmed.
        unreadable: Vec<Part>,
        /// What to answer once all of it is on disk.
        reply: HookReply,
    },
}

/// One part of a webhook that could not be read, as a body that `reread` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// JSON in the provider's own envelope.
    pub bytes: Vec<u8>,
    /// Why, in words.
    pub reason: String,
}

/// How a send gets out.
#[derive(Clone, Debug, PartialEq)]
pub enum SendPlan {
    /// By this request; its answer goes to `read_answer`.
    Http(Request),
    /// It is delivered by being stored: the simulator.
    Local,
}

/// Why a send cannot be written down for a provider. Trying again changes nothing until a person does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The kind is not part of this build.
    #[error("this build does not speak {0} yet")]
    NotBuilt(ChannelKind),
    /// A setting of the channel is missing.
    #[error("the channel's setting `{0}` is missing")]
    Setting(&'static str),
    /// The provider has no way to say this, in words.
    #[error("{0}")]
    Cannot(String),
}

/// What a kind of channel can show, and the provider's own pace.
pub fn abilities(kind: ChannelKind) -> Abilities {
    match kind {
        ChannelKind::Whatsapp => whatsapp::ABILITIES,
        ChannelKind::Simulator => simulator::ABILITIES,
        ChannelKind::Telegram | ChannelKind::Twilio | ChannelKind::Waha | ChannelKind::Evolution | ChannelKind::Generic => PLAIN,
    }
}

/// What is safe to assume of a kind that is not built: short plain texts, slowly.
const PLAIN: Abilities = Abilities {
    buttons_max: 0,
    list_rows_max: 0,
    text_chars_max: 1000,
    attachments: false,
    window: None,
    rate: Rate { per_second: 1.0, burst: 1 },
    pair: Pair { seconds: 1.0, burst: 1 },
};

/// Checks that a webhook is the provider's and reads it. `fallback_id` names a message that brings no id of its own.
pub fn read_hook(channel: &Channel, secrets: &ChannelSecrets, hook: &Hook, fallback_id: &str) -> HookRead {
    if let Some(coding) = hook.content_encoding() {
        let reason = format!("the body is encoded as `{coding}`; send it as it is");
        return HookRead::Refused { status: 415, reason };
    }
    match channel.kind {
        ChannelKind::Whatsapp => whatsapp::read_hook(channel, secrets, hook),
        ChannelKind::Simulator => simulator::read_hook(hook, fallback_id),
        kind => HookRead::Refused { status: 403, reason: ProviderError::NotBuilt(kind).to_string() },
    }
}

/// Reads once more what was quarantined: a whole body or a `Part`. Its signature was checked when it arrived.
pub fn reread(channel: &Channel, body: &[u8], fallback_id: &str) -> HookRead {
    match channel.kind {
        ChannelKind::Whatsapp => whatsapp::read_body(channel, body),
        ChannelKind::Simulator => simulator::read_body(body, fallback_id),
        kind => HookRead::Unreadable { reason: ProviderError::NotBuilt(kind).to_string() },
    }
}

/// Writes one send down for the provider. `button_ids` gives what a pressed button or row comes back as (`press::encode`).
pub fn write_send(
    channel: &Channel,
    secrets: &ChannelSecrets,
    outbox: OutboxId,
    to: &[Address],
    content: &Content,
    button_ids: &dyn Fn(&Choice) -> String,
) -> Result<SendPlan, ProviderError> {
    match channel.kind {
        ChannelKind::Whatsapp => whatsapp::write_send(channel, secrets, outbox, to, content, button_ids).map(SendPlan::Http),
        ChannelKind::Simulator => Ok(SendPlan::Local),
        kind => Err(ProviderError::NotBuilt(kind)),
    }
}

/// What an answer to a send, or the lack of one, means (OUT-3). `now` dates a Retry-After that is written as a date.
pub fn read_answer(kind: ChannelKind, answer: Result<&Answer, &Failure>, now: Time) -> SendOutcome {
    match (answer, kind) {
        (Err(failure), _) => outcome::of_failure(failure),
        (Ok(answer), ChannelKind::Whatsapp) => whatsapp::read_answer(answer, now),
        (Ok(_), ChannelKind::Simulator) => SendOutcome::Refused { reason: "the simulator has no provider that could answer".to_owned() },
        (Ok(_), kind) => SendOutcome::Refused { reason: ProviderError::NotBuilt(kind).to_string() },
    }
}
