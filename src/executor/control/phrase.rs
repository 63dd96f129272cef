//! Who would get a phrase: the rules of routing asked without a message, for the person who chooses a keyword.

use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::address::ChannelKind;
use crate::base::id::{ChannelId, ContactId, FlowId, Id, Shard};
use crate::base::time::Time;
use crate::engine::calendar;
use crate::engine::keyword::Triggers;
use crate::engine::route::{Arrival, route};
use crate::model::contact::{Contact, Passages};
use crate::model::event::Heard;
use crate::model::flow::{Flow, FlowState};
use crate::model::message::MessageKind;
use crate::model::route::Route;
use crate::model::settings::Settings;
use crate::model::world::ChannelFacts;
use crate::provider;
use crate::store::Read;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Phrase<'a> {
    /// What somebody would write.
    pub text: &'a str,
    /// Where; the first channel where nobody says.
    pub channel: Option<ChannelId>,
    /// A draft that counts as saved and enabled.
    pub draft: Option<(FlowId, &'a Flow)>,
}

/// Who would get a phrase from somebody who wrote before, is in no flow and has no cooldown to wait for. Whether everything is paused is
/// left out: it says nothing of the phrase.
pub fn who_gets(read: &impl Read, facts: &Facts, asked: Phrase<'_>, now: Time) -> Result<Route, Refusal> {
    let triggers = triggers(read, facts, asked.draft, |state| *state == FlowState::Enabled)?;
    let settings = Settings { paused: false, ..facts.settings.as_ref().clone() };
    let known = asked.channel.and_then(|id| facts.channels.get(&id)).or_else(|| facts.channels.values().next());
    let channel = known.map_or_else(stand_in, |known| known.facts());
    let contact = Contact::new(ContactId::new(Shard(0), 0), now);
    let heard = Heard { message: None, kind: MessageKind::Text, text: asked.text.to_owned(), button: None, at: now };
    Ok(route(&Arrival {
        settings: &settings,
        triggers: &triggers,
        channel: &channel,
        contact: &contact,
        passages: &Passages::new(),
        runs: &[],
        heard: &heard,
        pressed: None,
        ours: false,
        group: false,
        first_message: false,
        open: calendar::is_open(&settings, now),
        now,
    }))
}

/// What starts the saved versions of all flows in a state that `counts`, a draft among them as it stands.
pub fn triggers(
    read: &impl Read,
    facts: &Facts,
    draft: Option<(FlowId, &Flow)>,
    counts: impl Fn(&FlowState) -> bool,
) -> Result<Triggers, Refusal> {
    let own = |id: FlowId| draft.filter(|(other, _)| *other == id);
    let mut flows = Vec::new();
    for head in facts.heads.values().filter(|head| head.version > 0 && counts(&head.state) && own(head.id).is_none()) {
        flows.push((head.id, head.created, facts.flow(read, head.id, head.version)?));
    }
    let saved = flows.iter().map(|(id, created, flow)| (*id, *created, flow.as_ref()));
    let created = |id: FlowId| facts.heads.get(&id).map_or(Time::default(), |head| head.created);
    Ok(Triggers::new(saved.chain(draft.map(|(id, flow)| (id, created(id), flow)))))
}

/// A channel for a house that has none: a keyword for named channels does not listen there.
fn stand_in() -> ChannelFacts {
    ChannelFacts {
        id: ChannelId::new(Shard(0), 0),
        kind: ChannelKind::Simulator,
        name: String::new(),
        language: None,
        abilities: provider::abilities(ChannelKind::Simulator),
    }
}
