//! Doors: where a run would come in, for whom, and when they are open.

use super::same_name;
use crate::base::id::FlowId;
use crate::base::time::{Span, Time};
use crate::engine::window;
use crate::model::contact::Passage;
use crate::model::node::{EventTrigger, NodeId, Window};
use crate::model::settings::Settings;
use crate::model::world::ChannelFacts;

/// A trigger node of an enabled flow: where a run would come in.
#[derive(Clone, Debug)]
pub struct Door {
    /// The flow.
    pub flow: FlowId,
    /// The trigger node.
    pub trigger: NodeId,
    /// The channels it listens on, by name or id; none is all.
    pub channels: Vec<String>,
    /// When it listens, on the business's own clock; none is always.
    pub hours: Option<Window>,
    /// How long one contact cannot start it again.
    pub cooldown: Option<Span>,
}

impl Door {
    /// Until when the cooldown keeps this contact out, if it does.
    pub fn rests_until(&self, passage: Option<&Passage>, now: Time) -> Option<Time> {
        let fired = *passage?.fired.get(&self.trigger)?;
        Some(fired + self.cooldown?).filter(|until| now < *until)
    }

    /// Whether it listens at this time.
    pub(super) fn listens_at(&self, settings: &Settings, now: Time) -> bool {
        self.hours.as_ref().is_none_or(|hours| window::holds(hours, now, settings, settings.time_zone))
    }

    /// Whether it listens on this channel.
    pub fn listens_on(&self, channel: &ChannelFacts) -> bool {
        let named = |name: &String| *name == channel.id.to_string() || same_name(name, &channel.name);
        self.channels.is_empty() || self.channels.iter().any(named)
    }
}

/// A trigger other than a phrase.
#[derive(Clone, Debug)]
pub struct Waking {
    /// Where a run would come in.
    pub door: Door,
    /// What wakes it.
    pub event: EventTrigger,
}

impl Waking {
    pub(super) fn of(flow: FlowId, node: &NodeId, event: &EventTrigger) -> Waking {
        let door = Door { flow, trigger: node.clone(), channels: event.channels.clone(), hours: None, cooldown: event.cooldown };
        Waking { door, event: event.clone() }
    }
}
