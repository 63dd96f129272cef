//! Where to talk with a contact that did not just write.

use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::id::ChannelId;
use crate::model::contact::Contact;

/// Where to talk with a contact: the channel they last wrote on, or else the first one that can reach them.
pub fn channel_for(desk: &Desk, contact: &Contact) -> Result<ChannelId, Refusal> {
    let words = "No channel reaches this contact. Connect one, or add an address of the contact on a channel you have.";
    channel_reaching(&desk.facts, contact).ok_or_else(|| Refusal::Conflict(words.to_owned()))
}

/// The same; none where nobody can reach them.
pub fn channel_reaching(facts: &Facts, contact: &Contact) -> Option<ChannelId> {
    let last = contact.heard.iter().filter(|(id, _)| facts.channels.contains_key(id)).max_by_key(|(_, heard)| heard.arrived);
    let found = || facts.channels.values().find(|known| known.channel.enabled && reaches(facts, known.channel.id, contact));
    last.map(|(channel, _)| *channel).or_else(|| found().map(|known| known.channel.id))
}

/// Whether a channel knows an address of the contact, or can use one of their phone numbers.
pub fn reaches(facts: &Facts, channel: ChannelId, contact: &Contact) -> bool {
    let Some(known) = facts.channels.get(&channel) else { return false };
    let kind = known.channel.kind;
    let by_phone = || kind.names_by_phone() && contact.addresses.iter().any(|address| address.phone().is_some());
    contact.address_on(kind).is_some() || by_phone()
}
