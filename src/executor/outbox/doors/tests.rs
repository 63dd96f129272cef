//! Each door alone: what lets a row out, what holds it, and what a live reply may not pass.

use super::super::breaker::Fared;
use super::*;
use crate::base::address::ChannelKind;
use crate::base::id::{Id, MessageId, Shard};
use crate::model::channel::{Channel, Pair, Rate};
use crate::model::message::{Author, Message, MessageKind};
use crate::model::outbox::Class;
use crate::store::seal::SealKey;
use crate::store::{Store, Work, channels, settings};

const NOW: Time = Time(1_800_000_000_000);

fn channel() -> Channel {
    Channel {
        id: ChannelId::new(Shard(0), 1),
        kind: ChannelKind::Whatsapp,
        name: "Shop".to_owned(),
        token: "token".to_owned(),
        enabled: true,
        options: Default::default(),
        base_url: None,
        allow_private_addresses: false,
        language: None,
        public_url: None,
        rate: Some(Rate { per_second: 1.0, burst: 1 }),
        pair: Some(Pair { seconds: 60.0, burst: 2 }),
        unknown: Default::default(),
        stopped: None,
        created: NOW,
    }
}

/// A store with this channel, and what is known of it.
fn house(change: impl FnOnce(&mut Channel)) -> (Work, Facts) {
    let mut channel = channel();
    change(&mut channel);
    let (_, writer) = Store::memory().expect("a store").split();
    let mut work = writer.work().expect("work");
    channels::put(&mut work, &channel).expect("a channel");
    let facts = Facts::first(&work, SealKey::new([7; 32])).expect("facts");
    (work, facts)
}

/// A waiting row of the contact of this number.
fn row(contact: u64) -> Waiting {
    Waiting {
        id: OutboxId::new(Shard(0), contact),
        contact: ContactId::new(Shard(0), contact),
        channel: ChannelId::new(Shard(0), 1),
        class: Class::Live,
        due: NOW,
        call: false,
        resolving: false,
    }
}

fn open() -> Doors {
    let mut doors = Doors::default();
    doors.make_room(9);
    doors
}

#[test]
fn a_reply_leaves_at_once_where_a_sender_is_there_to_take_it_and_no_more_than_it_can() {
    let (work, facts) = house(|_| ());
    assert!(!Doors::default().admit(&facts, &work, &row(1), NOW), "nobody would carry it");
    let mut doors = Doors::default();
    doors.make_room(1);
    assert!(doors.admit(&facts, &work, &row(1), NOW));
    assert!(!doors.admit(&facts, &work, &row(2), NOW + Span::MINUTE), "there was room for one");
}

#[test]
fn a_reply_does_not_pass_what_waits_for_the_pace_until_its_turn_is_over() {
    let (work, facts) = house(|_| ());
    let mut doors = open();
    assert_eq!(doors.hold(&facts, &work, &row(1), NOW), None);
    let turn = doors.hold(&facts, &work, &row(2), NOW).expect("the channel sends one a second");
    assert_eq!(turn, NOW + Span::SECOND);
    assert!(!doors.admit(&facts, &work, &row(3), turn), "the second waits for this turn");
    assert!(doors.admit(&facts, &work, &row(3), turn + TURN + Span(1)));
}

#[test]
fn the_pace_of_a_contact_is_its_own_and_a_restart_does_not_forget_what_was_just_sent() {
    let (mut work, facts) = house(|channel| channel.rate = Some(Rate { per_second: 1000.0, burst: 100 }));
    let mut doors = open();
    let at = |milliseconds: i64| NOW + Span(10 * milliseconds);
    assert_eq!((1..=2).map(|turn| doors.hold(&facts, &work, &row(1), at(turn))).collect::<Vec<_>>(), [None, None]);
    assert!(doors.hold(&facts, &work, &row(1), at(3)).is_some(), "two at once, then one a minute");
    assert_eq!(doors.hold(&facts, &work, &row(2), at(3)), None, "another contact has a pace of its own");
    for number in 1..=2 {
        let message = Message {
            id: MessageId::new(Shard(0), number),
            direction: Direction::Out,
            channel: ChannelId::new(Shard(0), 1),
            contact: ContactId::new(Shard(0), 3),
            kind: MessageKind::Text,
            text: "Ciao".to_owned(),
            media: Vec::new(),
            choices: Vec::new(),
            provider_id: None,
            provider_time: None,
            stored_at: NOW,
            status: Status::Sent,
            reason: None,
            author: Author::System,
            route: None,
        };
        messages::put(&mut work, &message).expect("stored");
    }
    assert!(open().hold(&facts, &work, &row(3), at(4)).is_some(), "a fresh start knows of them");
    assert_eq!(open().hold(&facts, &work, &row(4), at(4)), None);
}

#[test]
fn nothing_leaves_by_a_channel_that_is_off_or_stopped_nor_while_everything_is_paused() {
    let off = house(|channel| channel.enabled = false);
    let stopped = house(|channel| channel.stopped = Some("The token was refused.".to_owned()));
    let (mut work, _) = house(|_| ());
    let mut chosen = settings::get(&work).expect("settings");
    chosen.paused = true;
    settings::put(&mut work, &chosen).expect("stored");
    let facts = Facts::first(&work, SealKey::new([7; 32])).expect("facts");
    for (work, facts) in [off, stopped, (work, facts)] {
        assert_eq!(open().hold(&facts, &work, &row(1), NOW), Some(NOW + SILENT_PAUSE));
        assert!(!open().admit(&facts, &work, &row(1), NOW));
        assert_eq!(open().hold(&facts, &work, &Waiting { call: true, ..row(1) }, NOW), None, "a call goes by no channel");
    }
}

#[test]
fn a_channel_that_said_later_is_left_in_peace_until_then() {
    let (work, facts) = house(|_| ());
    let mut doors = open();
    let until = NOW + Span::MINUTE;
    doors.keep_shut(ChannelHold { channel: row(1).channel, until });
    assert_eq!(doors.hold(&facts, &work, &row(1), NOW), Some(until));
    assert!(!doors.admit(&facts, &work, &row(1), NOW));
    assert!(!doors.renew(row(1).channel, NOW) && doors.renew(row(1).channel, until));
    assert_eq!(doors.hold(&facts, &work, &row(1), until), None);
}

#[test]
fn a_probe_is_one_row_of_the_sender_and_never_a_reply_and_a_changed_channel_begins_anew() {
    let (work, facts) = house(|_| ());
    let (mut doors, channel) = (open(), row(1).channel);
    for _ in 0..5 {
        doors.back(channel, Fared::Badly, NOW);
    }
    assert_eq!(doors.silent(), [(channel, NOW)]);
    assert_eq!(doors.hold(&facts, &work, &row(1), NOW + Span::SECOND), Some(NOW + Span(30_000)));
    let probe = NOW + Span(30_000);
    assert!(!doors.admit(&facts, &work, &row(2), probe), "a reply is no probe");
    assert_eq!(doors.hold(&facts, &work, &row(1), probe), None, "one row is");
    assert!(doors.hold(&facts, &work, &row(2), probe + Span::SECOND).is_some(), "and nothing beside it");
    doors.stayed(&row(1));
    assert_eq!(doors.hold(&facts, &work, &row(2), probe + Span::SECOND.times(2)), None, "it did not leave: another may");
    doors.renew(channel, probe);
    assert!(doors.silent().is_empty());
    assert_eq!(doors.hold(&facts, &work, &row(3), probe + Span::SECOND.times(9)), None);
}
