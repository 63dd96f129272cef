//! A connected account at a provider, or the simulator: its settings, and what it can show.

use crate::base::address::ChannelKind;
use crate::base::id::ChannelId;
use crate::base::secret::Secret;
use crate::base::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A channel without its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Which protocol it speaks.
    pub kind: ChannelKind,
    /// The name people gave it; unique.
    pub name: String,
    /// The unguessable last part of its webhook address.
    pub token: String,
    /// Whether it receives and sends.
    pub enabled: bool,
    /// Settings that are no secrets, by the names of the HTTP API that are particular to the kind (`phone_number_id`, …).
    pub options: BTreeMap<String, String>,
    /// The provider's address, without a slash at its end; `None` is the provider's own.
    pub base_url: Option<String>,
    /// Whether `base_url` may lie in a private network (SEC-11).
    pub allow_private_addresses: bool,
    /// Language of texts to contacts whose language is unknown.
    pub language: Option<String>,
    /// The public address of this appliance as this provider sees it; overrides the flag.
    pub public_url: Option<String>,
    /// How fast it may send in all; `None` is the provider's own pace.
    pub rate: Option<Rate>,
    /// How fast it may send to one person; `None` is the provider's own pace.
    pub pair: Option<Pair>,
    /// What becomes of a send whose outcome stays unknown (OUT-4).
    pub unknown: UnknownPolicy,
    /// Why nothing is sent until somebody mends it (a refused token), in words.
    pub stopped: Option<String>,
    /// When it was made.
    pub created: Time,
}

/// The secrets of a channel, by the names of the HTTP API.
pub type ChannelSecrets = BTreeMap<String, Secret<String>>;

/// Messages a second, with a burst saved up while silent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Messages a second.
    pub per_second: f64,
    /// Messages that may go at once after silence.
    pub burst: u32,
}

/// One message per so many seconds to one person, with a burst saved up while silent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Seconds between two messages.
    pub seconds: f64,
    /// Messages that may go at once after silence.
    pub burst: u32,
}

/// What becomes of a send whose outcome stays unknown (OUT-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownPolicy {
    /// A live reply goes once more, marked; everything else waits for a person.
    #[default]
    LiveReplies,
    /// Everything goes once more, marked.
    Always,
    /// Nothing does.
    Never,
}

/// What a kind of channel can show and how fast it is by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abilities {
    /// Reply buttons at most; 0 where it has none.
    pub buttons_max: usize,
    /// Rows of a list at most; 0 where it has none.
    pub list_rows_max: usize,
    /// Characters of a text at most.
    pub text_chars_max: usize,
    /// Whether files go by link.
    pub attachments: bool,
    /// How long after a contact's message free text is allowed; `None` is always.
    pub window: Option<Span>,
    /// The provider's own pace in all.
    pub rate: Rate,
    /// The provider's own pace to one person.
    pub pair: Pair,
}

/// One line of a channel's request log: what came in and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// When.
    pub at: Time,
    /// HTTP method.
    pub method: String,
    /// The status it was answered with.
    pub status: u16,
    /// Why, in words.
    pub reason: String,
    /// Bytes of its body.
    pub body_bytes: u64,
}
