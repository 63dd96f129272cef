//! What comes in and goes out, on every engine: messages, what was seen before, the outbox, and what could not be read.

use super::{count, ids};
use crate::kit::engine::on_every_engine;
use crate::kit::sample::{NOW, effect, message, outbox};
use flusso::base::id::{ChannelId, ContactId, Id, MessageId, OutboxId, RunId};
use flusso::base::time::{Span, Time};
use flusso::model::message::{Direction, Message};
use flusso::model::operator::Quarantined;
use flusso::model::outbox::{OutboxRow, OutboxState};
use flusso::store::catalogue::Family;
use flusso::store::{Read, Work, idempotency, messages, outbox as rows, quarantine};

#[test]
fn messages_are_listed_as_they_were_said_and_found_by_the_provider_s_id() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (ann, bob): (ContactId, ContactId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<MessageId> = ids(&mut work, 6);
        for (number, id) in all.iter().enumerate() {
            let direction = if number % 2 == 0 { Direction::In } else { Direction::Out };
            let mut said = message(*id, if number < 4 { ann } else { bob }, direction, Some(&format!("wamid.{number}")));
            said.stored_at = NOW + Span::DAY.times(number as i64);
            messages::put(&mut work, &said).unwrap();
        }
        let names = |messages: Vec<Message>| messages.into_iter().map(|it| it.id).collect::<Vec<_>>();
        let list = |contact, direction, after, limit| names(messages::list(&work, contact, direction, after, limit).unwrap());
        assert_eq!(list(None, None, None, 9), all);
        assert_eq!(list(Some(ann), None, Some(all[0]), 2), all[1..3]);
        assert_eq!(list(None, Some(Direction::Out), None, 2), [all[1], all[3]]);
        assert_eq!(list(Some(bob), Some(Direction::In), Some(all[4]), 2), []);
        assert_eq!(names(messages::of_contact_latest(&work, ann, None, 2).unwrap()), [all[3], all[2]]);
        assert_eq!(names(messages::of_contact_latest(&work, ann, Some(all[2]), 9).unwrap()), [all[1], all[0]]);
        let channel = ChannelId::new(ann.shard(), 1);
        assert_eq!(messages::by_provider_id(&work, channel, "wamid.0"), Ok(Some(all[0])));
        assert_eq!(messages::by_provider_id(&work, channel, "wamid.5"), Ok(Some(all[5])));
        assert_eq!(messages::by_provider_id(&work, ChannelId::new(ann.shard(), 2), "wamid.5"), Ok(None));
    });
}

#[test]
fn a_message_is_new_once_in_eight_days() {
    on_every_engine(|_, writer| {
        let channel = ChannelId::new(writer.work().unwrap().shard(), 1);
        let mut see = |kind: &str, id: &str, now: Time| {
            let mut work = writer.work().unwrap();
            let seen = messages::seen(&mut work, channel, kind, id, now).unwrap();
            writer.commit(work).unwrap();
            seen
        };
        let long = "x".repeat(4_000);
        for id in ["wamid.1", &long] {
            assert!(!see("text", id, NOW));
            assert!(see("text", id, NOW));
            assert!(!see("status", id, NOW), "another kind is another thing");
            assert!(see("text", id, NOW + Span::DAY.times(8)), "eight days later");
        }
        let mut work = writer.work().unwrap();
        assert_eq!(messages::drop_old_days(&mut work, NOW + Span::DAY.times(8)), Ok(0));
        assert_eq!(messages::drop_old_days(&mut work, NOW + Span::DAY.times(9)), Ok(4));
        assert_eq!(count(&work, Family::Dedupe), 0);
    });
}

#[test]
fn an_effect_goes_into_the_outbox_once() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (person, it): (ContactId, RunId) = (work.mint().unwrap(), work.mint().unwrap());
        let row = outbox(work.mint().unwrap(), person, effect(it, 3, 0));
        assert_eq!(rows::insert(&mut work, &row), Ok(true));
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        let again = outbox(work.mint().unwrap(), person, effect(it, 3, 0));
        assert_eq!(rows::insert(&mut work, &again), Ok(false));
        assert_eq!(rows::by_source(&work, &effect(it, 3, 0)), Ok(Some(row.id)));
        assert_eq!(rows::get(&work, again.id), Ok(None));
        assert_eq!(rows::insert(&mut work, &outbox(again.id, person, effect(it, 3, 1))), Ok(true));
    });
}

#[test]
fn a_row_is_open_until_nothing_more_can_be_done_for_it() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (person, it): (ContactId, RunId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<OutboxId> = ids(&mut work, 4);
        let states = [
            OutboxState::Ready { due: NOW },
            OutboxState::Attempting { since: NOW },
            OutboxState::Unknown { resolve_until: Some(NOW), reason: "cut".to_owned() },
            OutboxState::Dead { at: NOW, reason: "refused".to_owned() },
        ];
        for (index, (id, state)) in all.iter().zip(states).enumerate() {
            let mut row = outbox(*id, person, effect(it, 1, index as u32));
            assert_eq!(rows::insert(&mut work, &row), Ok(true));
            row.state = state;
            rows::put(&mut work, &row).unwrap();
        }
        let names = |rows: Vec<OutboxRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(names(rows::open(&work, None, 9).unwrap()), all[..3]);
        assert_eq!(names(rows::open_of_contact(&work, person, 2).unwrap()), all[..2]);
        assert_eq!(names(rows::open_of_run(&work, person, it).unwrap()), all[..3]);
        assert_eq!(names(rows::attempting(&work).unwrap()), all[1..2]);
        let list = |work: &Work, state| names(rows::list(work, state, None, 9).unwrap());
        assert_eq!(
            (list(&work, Some("unknown")), list(&work, Some("dead")), list(&work, None)),
            (all[2..3].into(), all[3..].into(), all.clone())
        );
        let unknown = rows::get(&work, all[2]).unwrap().unwrap();
        rows::close(&mut work, &unknown).unwrap();
        rows::put(&mut work, &unknown).unwrap();
        assert_eq!(names(rows::open(&work, None, 9).unwrap()), all[..2]);
        assert_eq!(list(&work, Some("unknown")), all[2..3]);
        let retried = OutboxRow { state: OutboxState::Ready { due: NOW }, ..unknown };
        rows::put(&mut work, &retried).unwrap();
        assert_eq!(names(rows::open(&work, None, 9).unwrap()), all[..3]);
        all.iter().for_each(|id| rows::delete(&mut work, *id).unwrap());
        let families = [Family::Outbox, Family::OutboxOpen, Family::OutboxOpenByContact, Family::OutboxFailed, Family::OutboxSources];
        assert_eq!(families.map(|family| count(&work, family)), [0; 5]);
    });
}

#[test]
fn an_answer_is_given_again_to_the_same_key() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        idempotency::remember(&mut work, "key 1", "abc", "{}", NOW).unwrap();
        assert_eq!(idempotency::seen(&work, "key 1", "abc"), Ok(Some("{}".to_owned())));
        assert_eq!(idempotency::seen(&work, "key 1a", "bc"), Ok(None));
        assert_eq!(idempotency::drop_old_days(&mut work, NOW + Span::DAY.times(9)), Ok(1));
        assert_eq!(idempotency::seen(&work, "key 1", "abc"), Ok(None));
    });
}

#[test]
fn what_could_not_be_read_is_kept_until_it_is_discarded() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let it = Quarantined {
            id: work.mint().unwrap(),
            channel: work.mint().unwrap(),
            at: NOW,
            reason: "no JSON".to_owned(),
            build: "1".to_owned(),
            body: vec![0xff; 5_000],
        };
        quarantine::put(&mut work, &it).unwrap();
        assert_eq!(quarantine::list(&work, None, 9), Ok(vec![it.clone()]));
        quarantine::delete(&mut work, it.id);
        assert_eq!(quarantine::get(&work, it.id), Ok(None));
    });
}
