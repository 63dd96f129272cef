//! A person in the address book, and what is known of their permission to be written to.

use super::value::Values;
use crate::base::address::{Address, ChannelKind};
use crate::base::id::{ChannelId, ContactId, FlowId};
use crate::base::time::Time;
use crate::base::zone::Zone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The name a channel or an operator gave.
    pub name: Option<String>,
    /// All the names by which channels know this person.
    pub addresses: Vec<Address>,
    /// Fields by name, without `contact.fields.`.
    pub fields: Values,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Language code, as `it`.
    pub language: Option<String>,
    /// Their own time zone, where known.
    pub zone: Option<Zone>,
    /// Permission to write.
    pub consent: Consent,
    /// Whether flows may act for this contact.
    pub automations: Automations,
    /// A person answers in place of flows, until when; `None` where no person does.
    pub handover: Option<Handover>,
    /// Messages are refused both ways.
    pub blocked: bool,
    /// When the record was made.
    pub created: Time,
    /// The last message from this person on each channel.
    pub heard: BTreeMap<ChannelId, LastHeard>,
}

/// The last message of a contact on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastHeard {
    /// When the provider says it was written: the 24-hour window counts from here.
    pub provider_time: Time,
    /// When it arrived.
    pub arrived: Time,
}

impl Contact {
    /// A contact nobody has said anything of yet.
    pub fn new(id: ContactId, now: Time) -> Contact {
        Contact {
            id,
            name: None,
            addresses: Vec::new(),
            fields: Values::new(),
            tags: BTreeSet::new(),
            language: None,
            zone: None,
            consent: Consent::default(),
            automations: Automations::On,
            handover: None,
            blocked: false,
            created: now,
            heard: BTreeMap::new(),
        }
    }

    /// The first address a channel of this kind can send to.
    pub fn address_on(&self, kind: ChannelKind) -> Option<&Address> {
        self.addresses.iter().find(|address| address.channel_kind == kind)
    }

    /// Why flows must keep silent for this contact now, if they must.
    pub fn silence(&self, now: Time) -> Option<Silence> {
        if self.blocked {
            return Some(Silence::Blocked);
        }
        if self.consent.state == ConsentState::OptedOut {
            return Some(Silence::OptedOut);
        }
        match self.automations {
            Automations::Off => return Some(Silence::AutomationsOff),
            Automations::PausedUntil(until) if now < until => return Some(Silence::AutomationsPaused),
            _ => {}
        }
        self.handover.is_some_and(|handover| handover.until.is_none_or(|until| now < until)).then_some(Silence::Handover)
    }
}

impl Contact {
    /// When the present silence ends by itself; `None` where there is none, or a person must end it.
    pub fn silent_until(&self, now: Time) -> Option<Time> {
        match (self.silence(now)?, self.automations, self.handover) {
            (Silence::AutomationsPaused, Automations::PausedUntil(until), _) => Some(until),
            (Silence::Handover, _, Some(handover)) => handover.until,
            _ => None,
        }
    }
}

/// Why flows keep silent for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The contact is blocked.
    Blocked,
    /// The contact wants no messages.
    OptedOut,
    /// Automations are off for this contact.
    AutomationsOff,
    /// Automations are paused for this contact until a time.
    AutomationsPaused,
    /// A person answers.
    Handover,
}

/// Permission to write: its state, with when, how and the words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Asked or not, given or taken back.
    pub state: ConsentState,
    /// Since when; `None` while nothing was said.
    pub at: Option<Time>,
    /// How it was said: `message`, `flow`, `operator`, `api`, `import`, `provider`.
    pub how: String,
    /// The words, or the name of the flow or person.
    pub words: String,
}

/// The states of permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Nothing was said.
    #[default]
    Unknown,
    /// Asked for messages.
    OptedIn,
    /// Wants none: nothing is sent.
    OptedOut,
}

/// Whether flows may act for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Automations {
    /// They may.
    On,
    /// They may again at this time.
    PausedUntil(Time),
    /// They may not.
    Off,
}

/// A person answers in place of flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Since when.
    pub since: Time,
    /// Until when; `None` is until somebody ends it.
    pub until: Option<Time>,
}

/// What one contact's life in one flow has left behind, ended runs included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The starts of the last hour, oldest first.
    pub starts: Vec<Time>,
    /// The last start ever.
    pub last_start: Option<Time>,
    /// The last end, and how it ended.
    pub last_end: Option<(Time, super::run::EndedAs)>,
    /// The last time each trigger node fired, for its cooldown.
    pub fired: BTreeMap<super::node::NodeId, Time>,
    /// The exit that each split chose.
    pub ways: BTreeMap<super::node::NodeId, String>,
}

/// The passages of one contact, by flow.
pub type Passages = BTreeMap<FlowId, Passage>;
