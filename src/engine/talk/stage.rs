//! The stage of a talk: a contact, a channel and a world that exist in no store.

use crate::base::address::{Address, ChannelKind};
use crate::base::id::{ChannelId, ContactId, FlowId, Id, RunId, Shard};
use crate::base::limits::{STEPS_PER_EVENT_MAX, WINDOW};
use crate::base::time::Time;
use crate::model::channel::{Abilities, Pair, Rate};
use crate::model::contact::{Contact, LastHeard};
use crate::model::node::NodeId;
use crate::model::run::{Origin, Phase, Run, RunState};
use crate::model::settings::Settings;
use crate::model::value::Values;
use crate::model::world::{ChannelFacts, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// When a talk begins unless it says otherwise: Monday 23 November 2026, 10:00 in Rome.
pub const START: Time = Time(1_795_424_400_000);

/// The flow that a talk plays.
pub fn flow_id() -> FlowId {
    FlowId::new(Shard(0), 1)
}

fn channel_id() -> ChannelId {
    ChannelId::new(Shard(0), 1)
}

/// A world with default settings and the simulator.
pub fn world() -> World {
    World {
        settings: Arc::new(Settings::default()),
        channel: channel(ChannelKind::Simulator),
        flows: Arc::new(BTreeMap::new()),
        inside: Vec::new(),
        passages: BTreeMap::new(),
        steps_left: STEPS_PER_EVENT_MAX,
    }
}

/// A channel as its kind usually is. What a provider truly allows is the provider's to say; a talk needs the differences alone: the
/// window of WhatsApp, and SMS without buttons and files.
pub fn channel(kind: ChannelKind) -> ChannelFacts {
    let plain = kind == ChannelKind::Twilio;
    let abilities = Abilities {
        buttons_max: if plain { 0 } else { 3 },
        list_rows_max: if plain { 0 } else { 10 },
        text_chars_max: if plain { 1600 } else { 4096 },
        attachments: !plain,
        window: (kind == ChannelKind::Whatsapp).then_some(WINDOW),
        rate: Rate { per_second: 1.0, burst: 1 },
        pair: Pair { seconds: 1.0, burst: 1 },
    };
    ChannelFacts { id: channel_id(), kind, name: kind.word().to_owned(), language: None, abilities }
}

/// A contact nobody has said anything of.
pub fn contact() -> Contact {
    let mut contact = Contact::new(ContactId::new(Shard(0), 1), START);
    contact.addresses = vec![Address::new(ChannelKind::Whatsapp, "393331234567")];
    contact
}

/// The contact wrote at this time.
pub fn heard(contact: &mut Contact, at: Time) {
    contact.heard.insert(channel_id(), LastHeard { provider_time: at, arrived: at });
}

/// A run about to enter this node.
pub fn run(contact: &Contact, node: NodeId, origin: Origin, now: Time, number: u64) -> Run {
    Run {
        id: RunId::new(Shard(0), number),
        contact: contact.id,
        channel: channel_id(),
        flow: flow_id(),
        version: 1,
        key: None,
        state: RunState::Live,
        phase: Phase::Ready(node),
        sequence: 0,
        visits: BTreeMap::new(),
        variables: Values::new(),
        changes: BTreeMap::new(),
        seed: number,
        started: now,
        origin,
        depth: 0,
        caller: None,
        heard: None,
        offered: None,
        kept: Vec::new(),
    }
}
