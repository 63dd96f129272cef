//! What people say to each other through a channel: one message in, one message out, and the receipts that follow.

use super::route::Route;
use crate::base::address::Address;
use crate::base::id::{ChannelId, ContactId, MessageId, OperatorId, RunId};
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// A stored message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id; ascends in commit order.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// Where it came or goes.
    pub channel: ChannelId,
    /// With whom.
    pub contact: ContactId,
    /// What it is.
    pub kind: MessageKind,
    /// Its text, or what stands for it: the title of a button, a caption.
    pub text: String,
    /// Files with it, by reference.
    pub media: Vec<MediaRef>,
    /// Buttons or rows offered with it: id and title.
    pub choices: Vec<Choice>,
    /// The id the provider gave it.
    pub provider_id: Option<String>,
    /// When the provider says it was written.
    pub provider_time: Option<Time>,
    /// When it was stored.
    pub stored_at: Time,
    /// How far it got.
    pub status: Status,
    /// Why it failed or was kept from the flows, in words.
    pub reason: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// Which flow got it and why, for one that came in.
    pub route: Option<Route>,
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the contact.
    In,
    /// To the contact.
    Out,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The contact.
    Contact,
    /// A run, at a node.
    Run {
        /// The run.
        run: RunId,
        /// The visit that wrote it.
        action: super::action::ActionId,
    },
    /// A person in the panel or by the API.
    Operator(Option<OperatorId>),
    /// A person on the phone of the channel itself (an echo).
    Phone,
    /// The appliance: the confirmation after STOP.
    System,
}

/// The kinds of message, by the words of the HTTP API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MessageKind {
    Text,
    Image,
    Video,
    Audio,
    Document,
    Sticker,
    Location,
    Contacts,
    ButtonReply,
    ListReply,
    FlowReply,
    Reaction,
    Order,
    System,
    Edit,
    Delete,
    Unsupported,
    Status,
    Blocked,
    Unblocked,
}

impl MessageKind {
    /// The word of the HTTP API.
    pub const fn word(self) -> &'static str {
        match self {
            MessageKind::Text => "text",
            MessageKind::Image => "image",
            MessageKind::Video => "video",
            MessageKind::Audio => "audio",
            MessageKind::Document => "document",
            MessageKind::Sticker => "sticker",
            MessageKind::Location => "location",
            MessageKind::Contacts => "contacts",
            MessageKind::ButtonReply => "button_reply",
            MessageKind::ListReply => "list_reply",
            MessageKind::FlowReply => "flow_reply",
            MessageKind::Reaction => "reaction",
            MessageKind::Order => "order",
            MessageKind::System => "system",
            MessageKind::Edit => "edit",
            MessageKind::Delete => "delete",
            MessageKind::Unsupported => "unsupported",
            MessageKind::Status => "status",
            MessageKind::Blocked => "blocked",
            MessageKind::Unblocked => "unblocked",
        }
    }

    /// Whether such a message may start a flow or answer a question (providers.md, common rule 6).
    pub const fn speaks(self) -> bool {
        !matches!(
            self,
            MessageKind::Reaction
                | MessageKind::System
                | MessageKind::Edit
                | MessageKind::Delete
                | MessageKind::Unsupported
                | MessageKind::Status
                | MessageKind::Blocked
                | MessageKind::Unblocked
        )
    }
}

/// How far a message got. The order is the lattice of IN-6: a later one never gives way to an earlier one, and a failure gives way
/// only to proof of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It came in.
    Received,
    /// Decided, not yet confirmed.
    Queued,
    /// The provider took it.
    Sent,
    /// It cannot arrive.
    Failed,
    /// It is on the phone.
    Delivered,
    /// It was opened or played.
    Read,
}

impl Status {
    /// The status once `told` is heard: the higher of the two, so that their order of arrival does not matter (IN-6). What came in
    /// stays received: nobody tells how far it got.
    pub fn after(self, told: Status) -> Status {
        if self == Status::Received { self } else { self.max(told) }
    }
}

impl Status {
    /// The word of the HTTP API.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Received => "received",
            Status::Queued => "queued",
            Status::Sent => "sent",
            Status::Failed => "failed",
            Status::Delivered => "delivered",
            Status::Read => "read",
        }
    }
}

/// A file by reference: nothing is fetched when it arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// What it is.
    pub kind: super::node::MediaKind,
    /// The provider's id of it, where it has one.
    pub provider_id: Option<String>,
    /// Where it lies, where that is known.
    pub url: Option<String>,
    /// Its type as the provider says.
    pub mime: Option<String>,
    /// Its name as the sender says.
    pub name: Option<String>,
    /// The text beside it.
    pub caption: Option<String>,
}

/// A button or a row: what is pressed and what is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id in the flow, the name of its exit.
    pub id: String,
    /// What the contact reads.
    pub title: String,
}

/// One thing a provider told us, read into our words.
#[derive(Clone, Debug, PartialEq)]
pub enum Inbound {
    /// A message, by the contact or by our own side.
    Said(Said),
    /// How far a message of ours got.
    Receipt(Receipt),
    /// A person's address became another.
    Moved {
        /// The address as it was.
        from: Vec<Address>,
        /// The address as it is.
        to: Vec<Address>,
        /// The provider's id of the notice.
        provider_id: String,
        /// When, as the provider says.
        at: Option<Time>,
        /// The notice in words.
        text: String,
    },
    /// Nothing for us: another number's, or a notice we know and need not keep. In words, for the request log.
    Ignored(String),
}

/// A message as a provider tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The provider's id of it: the dedupe key.
    pub provider_id: String,
    /// Every name the provider gives the person.
    pub contact: Vec<Address>,
    /// The person's own name.
    pub name: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// Its text, or what stands for it.
    pub text: String,
    /// The id of the button or row that was pressed.
    pub button: Option<String>,
    /// Files with it.
    pub media: Vec<MediaRef>,
    /// When the provider says it was written.
    pub at: Option<Time>,
    /// Whether our own side wrote it: on the phone of the channel, or an echo of a send.
    pub ours: bool,
    /// Whether it was said in a group.
    pub group: bool,
}

/// How far a message of ours got, as a provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of the message.
    pub provider_id: String,
    /// How far it got.
    pub status: Status,
    /// When, as the provider says.
    pub at: Option<Time>,
    /// Our own id of the send, where the provider hands it back.
    pub outbox: Option<crate::base::id::OutboxId>,
    /// Other names of the person, learned from the receipt.
    pub contact: Vec<Address>,
    /// Why it failed.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOLD: [Status; 4] = [Status::Sent, Status::Failed, Status::Delivered, Status::Read];

    #[test]
    fn a_failure_gives_way_only_to_proof_of_delivery() {
        for (before, told, then) in [
            (Status::Queued, Status::Sent, Status::Sent),
            (Status::Read, Status::Delivered, Status::Read),
            (Status::Failed, Status::Sent, Status::Failed),
            (Status::Failed, Status::Delivered, Status::Delivered),
            (Status::Delivered, Status::Failed, Status::Delivered),
            (Status::Received, Status::Failed, Status::Received),
        ] {
            assert_eq!(before.after(told), then, "{before:?}, then {told:?}");
        }
    }

    proptest! {
        #[test]
        fn any_order_of_receipts_ends_in_the_same_status(told in prop::collection::vec(prop::sample::select(&TOLD[..]), 0..=6), seed: u64) {
            let mut shuffled = told.clone();
            fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
            let end = |order: &[Status]| order.iter().fold(Status::Queued, |status, told| status.after(*told));
            prop_assert_eq!(end(&told), end(&shuffled));
        }
    }
}
