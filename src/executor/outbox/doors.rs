//! The doors of the channels: pace, holds and breakers. The sender asks them for every row; the writer may ask them for a live reply, which
//! then leaves in the commit that decides it (OUT-2).

use super::super::facts::Facts;
use super::breaker::{Breaker, Fared};
use super::lanes::Waiting;
use super::pace::Bucket;
use super::verdict::{ChannelHold, Prepared};
use crate::base::id::{ChannelId, ContactId, OutboxId};
use crate::base::time::{Span, Time};
use crate::model::message::{Direction, Status};
use crate::provider;
use crate::store::{Read, messages};
use std::collections::HashMap;

/// How long a row waits for a channel that is silent, or for the end of a pause, before it looks again.
const SILENT_PAUSE: Span = Span(30_000);
/// How long after its turn a row that the pace held back is still waited for, before a live reply may go first.
const TURN: Span = Span::SECOND;

/// What lets rows out, or not yet.
#[derive(Debug, Default)]
pub struct Doors {
    channels: HashMap<ChannelId, Bucket>,
    pairs: HashMap<(ChannelId, ContactId), Bucket>,
    holds: HashMap<ChannelId, Time>,
    breakers: HashMap<ChannelId, Breaker>,
    /// Until when something waits for the pace of a channel: nothing passes it.
    crowded: HashMap<ChannelId, Time>,
    /// How many live replies may leave in the commits that decide them; none while no sender is there to take them.
    room: usize,
    /// What left in a commit that is durable now, for the sender to take.
    born: Vec<Prepared>,
}

impl Doors {
    /// The sender is there, knows everything that waits, and can take so many more.
    pub fn make_room(&mut self, room: usize) {
        self.room = room;
    }

    /// Whether a live reply of this row may leave at once: its channel is free, and nothing waits for it. Takes its place in the pace.
    pub fn admit(&mut self, facts: &Facts, read: &impl Read, row: &Waiting, now: Time) -> bool {
        let crowded = self.crowded.get(&row.channel).is_some_and(|until| now <= *until + TURN);
        let failing = self.breakers.get(&row.channel).is_some_and(Breaker::is_open);
        if self.room == 0 || crowded || failing || self.hold(facts, read, row, now).is_some() {
            return false;
        }
        self.room -= 1;
        true
    }

    /// Until when a row must wait, if it must; otherwise its place in the pace is taken.
    pub fn hold(&mut self, facts: &Facts, read: &impl Read, row: &Waiting, now: Time) -> Option<Time> {
        if row.call || row.resolving {
            return None;
        }
        let channel = &facts.channels.get(&row.channel)?.channel;
        if facts.settings.paused || !channel.enabled || channel.stopped.is_some() {
            return Some(now + SILENT_PAUSE);
        }
        let abilities = provider::abilities(channel.kind);
        let (rate, pair) = (channel.rate.unwrap_or(abilities.rate), channel.pair.unwrap_or(abilities.pair));
        if let Some(until) = self.holds.get(&row.channel).filter(|until| **until > now) {
            return Some(*until);
        }
        if let Some(until) = self.breakers.get(&row.channel).and_then(|breaker| breaker.hold(now)) {
            return Some(until);
        }
        let fresh = Bucket::of_channel(rate, now);
        let mut whole = self.channels.get(&row.channel).copied().filter(|known| known.is_paced_as(&fresh)).unwrap_or(fresh);
        let key = (row.channel, row.contact);
        let mut one = match self.pairs.get(&key) {
            Some(bucket) if bucket.is_paced_as(&Bucket::of_pair(pair, 0, now)) => *bucket,
            _ => Bucket::of_pair(pair, just_sent(read, row, Bucket::memory(pair), now), now),
        };
        let free = whole.free_at(now).max(one.free_at(now));
        if free > now {
            self.pairs.insert(key, one);
            if whole.free_at(now) > now {
                self.crowded.insert(row.channel, free);
            }
            return Some(free);
        }
        whole.take(now);
        one.take(now);
        self.channels.insert(row.channel, whole);
        self.pairs.insert(key, one);
        if let Some(breaker) = self.breakers.get_mut(&row.channel) {
            breaker.leave();
        }
        None
    }

    /// A row that was let out did not leave: had it been the probe of a breaker, another may be.
    pub fn stayed(&mut self, row: &Waiting) {
        if let Some(breaker) = self.breakers.get_mut(&row.channel) {
            breaker.stay();
        }
    }

    /// A row came back; tells where the provider fell silent, or answers again.
    pub fn back(&mut self, channel: ChannelId, fared: Fared, now: Time) -> Option<Fared> {
        let breaker = self.breakers.entry(channel).or_default();
        let was_open = breaker.is_open();
        breaker.back(fared, now);
        (was_open != breaker.is_open()).then_some(fared)
    }

    /// Everything of a channel waits.
    pub fn keep_shut(&mut self, hold: ChannelHold) {
        self.holds.insert(hold.channel, hold.until);
    }

    /// A channel was changed: its breaker begins anew. Tells whether nothing holds it any more.
    pub fn renew(&mut self, channel: ChannelId, now: Time) -> bool {
        self.breakers.remove(&channel);
        self.holds.get(&channel).is_none_or(|until| *until <= now)
    }

    /// Forgets what has nothing to remember.
    pub fn tidy(&mut self, now: Time) {
        self.pairs.retain(|_, bucket| !bucket.is_full(now));
    }

    /// The channels whose provider does not answer, and since when: nothing but a probe leaves now and then.
    pub fn silent(&self) -> Vec<(ChannelId, Time)> {
        let mut silent: Vec<_> = self.breakers.iter().filter_map(|(channel, breaker)| Some((*channel, breaker.open_since()?))).collect();
        silent.sort_unstable();
        silent
    }

    /// What left in a commit that is durable now.
    pub fn give_birth(&mut self, born: Vec<Prepared>) {
        self.born.extend(born);
    }

    /// What left in a commit, for who carries it on.
    pub fn take_born(&mut self) -> Vec<Prepared> {
        std::mem::take(&mut self.born)
    }

    /// Whether this row waits to be carried on.
    pub fn is_born(&self, row: OutboxId) -> bool {
        self.born.iter().any(|prepared| prepared.row.id == row)
    }
}

/// How many messages lately went to this contact on this channel: what a restart must not forget (OUT-7).
fn just_sent(read: &impl Read, row: &Waiting, memory: Span, now: Time) -> u32 {
    let latest = messages::of_contact_latest(read, row.contact, None, 50).unwrap_or_default();
    let sent = latest.iter().filter(|message| {
        message.direction == Direction::Out
            && message.channel == row.channel
            && message.status >= Status::Sent
            && now.since(message.stored_at) < memory
    });
    u32::try_from(sent.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
