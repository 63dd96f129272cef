//! What a step may know beyond the run and the contact: a read-only value that the executor fills.

use super::channel::Abilities;
use super::contact::Passages;
use super::settings::Settings;
use crate::base::address::ChannelKind;
use crate::base::id::{ChannelId, FlowId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The world of one step.
#[derive(Clone, Debug)]
pub struct World {
    /// The owner's settings.
    pub settings: Arc<Settings>,
    /// The channel the run talks on.
    pub channel: ChannelFacts,
    /// The names of all flows.
    pub flows: Arc<BTreeMap<FlowId, String>>,
    /// The flows this contact is in now.
    pub inside: Vec<FlowId>,
    /// What this contact's past in flows left.
    pub passages: Passages,
    /// Steps this run, and those that launched it in the same event, may still take.
    pub steps_left: u32,
}

/// What a step knows of the channel.
#[derive(Clone, Debug)]
pub struct ChannelFacts {
    /// Its id.
    pub id: ChannelId,
    /// Its kind.
    pub kind: ChannelKind,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: Option<String>,
    /// What it can show.
    pub abilities: Abilities,
}
