//! Every noun on every engine: what was put is got, what finds it finds it, and what was removed leaves nothing behind.

use crate::kit::engine::on_every_engine;
use crate::kit::sample::{NOW, channel, contact, done, effect, message, outbox, over, run};
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{ChannelId, ContactId, FileId, FlowId, Id, MessageId, OperatorId, OutboxId, RunId};
use flusso::base::limits::REQUEST_LOG_LINES;
use flusso::base::secret::Secret;
use flusso::base::time::{Span, Time};
use flusso::model::channel::RequestLine;
use flusso::model::contact::Passage;
use flusso::model::document;
use flusso::model::file::FileMeta;
use flusso::model::flow::{FlowHead, FlowState, FlowVersion};
use flusso::model::message::Direction;
use flusso::model::node::MediaKind;
use flusso::model::operator::{ApiKey, AuditLine, By, Operator, Quarantined, Role, Scope, Session};
use flusso::model::outbox::OutboxState;
use flusso::model::run::RunState;
use flusso::store::catalogue::Family;
use flusso::store::{
    Read, Work, api_keys, audit, channels, contacts, files, flows, history, idempotency, messages, operators, outbox as rows, quarantine,
    runs, sessions, settings, timers,
};

/// How many rows of this shard a family has.
fn count(read: &impl Read, family: Family) -> usize {
    let shard = read.shard().0;
    read.scan(family, &shard.to_be_bytes(), &(shard + 1).to_be_bytes(), usize::MAX).unwrap().len()
}

fn ids<I: Id>(work: &mut Work, count: usize) -> Vec<I> {
    (0..count).map(|_| work.mint().unwrap()).collect()
}

#[test]
fn ids_ascend_and_are_never_given_twice() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let first: Vec<RunId> = ids(&mut work, 3);
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        let second: Vec<RunId> = ids(&mut work, 3);
        assert!(first.iter().chain(&second).is_sorted_by(|a, b| a < b), "{first:?} {second:?}");
        assert_eq!(work.mint::<MessageId>().unwrap().sequence(), 1);
        assert_eq!(first[0].shard(), work.shard());
    });
}

#[test]
fn a_contact_is_found_by_the_addresses_it_has_now() {
    on_every_engine(|reader, writer| {
        let mut work = writer.work().unwrap();
        let id: ContactId = work.mint().unwrap();
        let mut person = contact(id, "+39 333 1234567");
        contacts::put(&mut work, &person).unwrap();
        let old = person.addresses[0].key();
        assert_eq!(contacts::find(&work, &old), Ok(Some(id)), "also before the commit");
        person.addresses = vec![Address::new(ChannelKind::Telegram, "99")];
        contacts::put(&mut work, &person).unwrap();
        contacts::put_passage(&mut work, id, FlowId::new(id.shard(), 4), &Passage::default()).unwrap();
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        assert_eq!((contacts::find(&view, &old), contacts::find(&view, &person.addresses[0].key())), (Ok(None), Ok(Some(id))));
        assert_eq!(contacts::get(&view, id), Ok(Some(person)));
        assert_eq!(contacts::passages(&view, id).unwrap().into_keys().collect::<Vec<_>>(), [FlowId::new(id.shard(), 4)]);
        assert_eq!(contacts::count(&view), Ok(1));
        let mut work = writer.work().unwrap();
        contacts::delete(&mut work, id).unwrap();
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        let left = [Family::Contacts, Family::Addresses, Family::Passages, Family::Tallies].map(|family| count(&view, family));
        assert_eq!(left, [0; 4]);
    });
}

#[test]
fn an_address_that_went_to_another_contact_stays_there() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (first, second): (ContactId, ContactId) = (work.mint().unwrap(), work.mint().unwrap());
        let person = contact(first, "+39 333 1234567");
        contacts::put(&mut work, &person).unwrap();
        contacts::put(&mut work, &contact(second, "+39 333 1234567")).unwrap();
        contacts::put(&mut work, &person).unwrap();
        contacts::delete(&mut work, first).unwrap();
        assert_eq!(contacts::find(&work, &person.addresses[0].key()), Ok(Some(second)));
    });
}

#[test]
fn pages_go_on_where_they_stopped() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let all: Vec<ContactId> = ids(&mut work, 5);
        for id in &all {
            contacts::put(&mut work, &contact(*id, &format!("39333000{}", id.sequence()))).unwrap();
        }
        let page = |after| contacts::list(&work, after, 2).unwrap().into_iter().map(|contact| contact.id).collect::<Vec<_>>();
        assert_eq!(page(None), all[..2]);
        assert_eq!(page(Some(all[1])), all[2..4]);
        assert_eq!(page(Some(all[3])), all[4..]);
    });
}

#[test]
fn a_run_is_found_while_it_lives_and_kept_when_it_is_over() {
    on_every_engine(|reader, writer| {
        let mut work = writer.work().unwrap();
        let (person, flow): (ContactId, FlowId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<RunId> = ids(&mut work, 3);
        for id in &all {
            runs::put(&mut work, &run(*id, person, flow, Some(NOW + Span::HOUR))).unwrap();
            history::append(&mut work, *id, &done("m1")).unwrap();
        }
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        let last = runs::get(&work, all[2]).unwrap().unwrap();
        runs::put(&mut work, &over(last)).unwrap();
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        let names = |runs: Vec<flusso::model::run::Run>| runs.into_iter().map(|run| run.id).collect::<Vec<_>>();
        assert_eq!(names(runs::live_of_contact(&view, person).unwrap()), all[..2]);
        assert_eq!(names(runs::live_of_flow(&view, flow, Some(all[0]), 9).unwrap()), all[1..2]);
        assert_eq!(names(runs::list_live(&view, None, 9).unwrap()), all[..2]);
        assert_eq!(names(runs::all_of_contact(&view, person, None, 9).unwrap()), all);
        assert_eq!(names(runs::list_any(&view, Some(all[0]), 9).unwrap()), all[1..]);
        assert_eq!(runs::count_live_of_flow(&view, flow), Ok(2));
        let mut work = writer.work().unwrap();
        all.iter().for_each(|id| runs::delete(&mut work, *id).unwrap());
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        let families = [Family::Runs, Family::RunsLive, Family::RunsByContact, Family::RunsLiveByContact, Family::RunsLiveByFlow];
        assert_eq!(families.map(|family| count(&view, family)), [0; 5]);
        assert_eq!([Family::Timers, Family::History, Family::Tallies].map(|family| count(&view, family)), [0; 3]);
    });
}

#[test]
fn timers_come_in_the_order_they_are_due() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (person, flow): (ContactId, FlowId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<RunId> = ids(&mut work, 4);
        for (id, due) in all.iter().zip([30, -5, 10, 10]) {
            runs::put(&mut work, &run(*id, person, flow, Some(Time(due)))).unwrap();
        }
        let due = |work: &Work, after, until| {
            timers::due_before(work, after, Time(until), 2).unwrap().into_iter().map(|(due, run, _)| (due.0, run)).collect::<Vec<_>>()
        };
        assert_eq!(due(&work, None, 30), [(-5, all[1]), (10, all[2])]);
        assert_eq!(due(&work, Some((Time(10), all[2], 3)), 30), [(10, all[3]), (30, all[0])]);
        assert_eq!(due(&work, Some((Time(10), all[3], 3)), 29), []);
        let first = runs::get(&work, all[1]).unwrap().unwrap();
        runs::put(&mut work, &run(all[1], person, flow, Some(Time(20)))).unwrap();
        assert_eq!(due(&work, None, 20), [(10, all[2]), (10, all[3])], "the old time is gone");
        runs::put(&mut work, &flusso::model::run::Run { state: RunState::Held { since: NOW }, ..first }).unwrap();
        assert_eq!(count(&work, Family::Timers), 3, "a held run wants no timer");
    });
}

#[test]
fn a_dropped_timer_stays_dropped_until_it_is_armed_or_moved() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let it = run(work.mint().unwrap(), work.mint().unwrap(), work.mint().unwrap(), Some(NOW));
        runs::put(&mut work, &it).unwrap();
        runs::drop_timer(&mut work, &it);
        runs::put(&mut work, &it).unwrap();
        assert_eq!(count(&work, Family::Timers), 0);
        runs::arm_timer(&mut work, &it).unwrap();
        assert_eq!(timers::due_before(&work, None, NOW, 9), Ok(vec![(NOW, it.id, 3)]));
    });
}

#[test]
fn a_run_that_changed_meanwhile_stops_the_work() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let it = run(work.mint().unwrap(), work.mint().unwrap(), work.mint().unwrap(), None);
        runs::put(&mut work, &it).unwrap();
        writer.commit(work).unwrap();
        let (mut late, mut early) = (writer.work().unwrap(), writer.work().unwrap());
        runs::put(&mut early, &over(it.clone())).unwrap();
        runs::put(&mut late, &it).unwrap();
        writer.commit(early).unwrap();
        assert_eq!(writer.commit(late), Err(flusso::store::StoreError::Conflict));
        assert!(runs::get(&writer.work().unwrap(), it.id).unwrap().unwrap().is_over());
    });
}

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
        let names = |messages: Vec<flusso::model::message::Message>| messages.into_iter().map(|it| it.id).collect::<Vec<_>>();
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
        let names = |rows: Vec<flusso::model::outbox::OutboxRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
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
        let retried = flusso::model::outbox::OutboxRow { state: OutboxState::Ready { due: NOW }, ..unknown };
        rows::put(&mut work, &retried).unwrap();
        assert_eq!(names(rows::open(&work, None, 9).unwrap()), all[..3]);
        all.iter().for_each(|id| rows::delete(&mut work, *id).unwrap());
        let families = [Family::Outbox, Family::OutboxOpen, Family::OutboxOpenByContact, Family::OutboxFailed, Family::OutboxSources];
        assert_eq!(families.map(|family| count(&work, family)), [0; 5]);
    });
}

#[test]
fn history_is_told_in_order() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (first, second): (RunId, RunId) = (work.mint().unwrap(), work.mint().unwrap());
        for node in ["a", "b"] {
            history::append(&mut work, first, &done(node)).unwrap();
        }
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        history::append(&mut work, first, &done("c")).unwrap();
        history::append(&mut work, second, &done("d")).unwrap();
        let told = |run| history::of_run(&work, run).unwrap().into_iter().map(|done| done.text).collect::<String>();
        assert_eq!((told(first), told(second)), ("abc".into(), "d".into()));
    });
}

#[test]
fn a_flow_keeps_its_draft_and_every_version() {
    let document = document::read_text(include_str!("../documents/quote-follow-up.json")).unwrap();
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let id: FlowId = work.mint().unwrap();
        let state = FlowState::Enabled;
        let head = FlowHead {
            id,
            name: document.name.clone(),
            state,
            version: 2,
            draft_revision: 1,
            start_token: [3; 32],
            created: NOW,
            changed: NOW,
            last_error: None,
        };
        flows::put_head(&mut work, &head).unwrap();
        flows::put_draft(&mut work, id, &document).unwrap();
        for number in 1..=2 {
            let version = FlowVersion { flow: id, number, saved: NOW, by: None, document: document.clone() };
            flows::put_version(&mut work, &version).unwrap();
            assert_eq!(flows::version(&work, id, number), Ok(Some(version)));
        }
        assert_eq!(flows::draft(&work, id), Ok(Some(document.clone())));
        assert_eq!(flows::versions(&work, id).unwrap().iter().map(|version| version.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(flows::by_name(&work, &head.name), Ok(Some(head.clone())));
        assert_eq!(flows::by_start_token(&work, &[3; 32]), Ok(Some(head.clone())));
        assert_eq!(flows::heads(&work), Ok(vec![head]));
        flows::delete(&mut work, id).unwrap();
        assert_eq!([Family::Flows, Family::FlowDrafts, Family::FlowVersions].map(|family| count(&work, family)), [0; 3]);
    });
}

#[test]
fn a_channel_is_found_by_the_token_it_has_now() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let mut it = channel(work.mint().unwrap());
        channels::put(&mut work, &it).unwrap();
        let old = std::mem::replace(&mut it.token, "new".to_owned());
        channels::put(&mut work, &it).unwrap();
        assert_eq!((channels::by_token(&work, &old), channels::by_token(&work, "new")), (Ok(None), Ok(Some(it.clone()))));
        assert_eq!(channels::by_name(&work, &it.name), Ok(Some(it.clone())));
        channels::delete(&mut work, it.id).unwrap();
        assert_eq!([Family::Channels, Family::ChannelTokens].map(|family| count(&work, family)), [0; 2]);
    });
}

#[test]
fn a_request_log_keeps_its_last_lines() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let id: ChannelId = work.mint().unwrap();
        for status in 0..REQUEST_LOG_LINES as u16 + 5 {
            let line = RequestLine { at: NOW, method: "POST".to_owned(), status, reason: String::new(), body_bytes: 1 };
            channels::log_request(&mut work, id, &line).unwrap();
        }
        let lines = channels::requests(&work, id).unwrap();
        assert_eq!((lines.len(), lines[0].status), (REQUEST_LOG_LINES, REQUEST_LOG_LINES as u16 + 4));
        assert_eq!(count(&work, Family::Requests), REQUEST_LOG_LINES);
    });
}

#[test]
fn people_sessions_and_keys_are_found_by_what_they_show() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let id: OperatorId = work.mint().unwrap();
        let person = Operator {
            id,
            name: "Anna".to_owned(),
            role: Role::Owner,
            password: Secret::new("$argon2id$".to_owned()),
            language: "it".to_owned(),
            created: NOW,
        };
        operators::put(&mut work, &person).unwrap();
        assert_eq!(operators::by_name(&work, "Anna"), Ok(Some(person)));
        let session = Session { operator: id, csrf: Secret::new("c".to_owned()), created: NOW, seen: NOW };
        sessions::put(&mut work, &[1; 32], &session).unwrap();
        assert_eq!(sessions::get(&work, &[1; 32]), Ok(Some(session)));
        sessions::delete_all_of(&mut work, id).unwrap();
        assert_eq!(sessions::get(&work, &[1; 32]), Ok(None));
        let key = ApiKey {
            id: work.mint().unwrap(),
            name: "shop".to_owned(),
            prefix: "fl_1".to_owned(),
            scopes: Scope::ALL.to_vec(),
            created: NOW,
            expires: None,
        };
        api_keys::put(&mut work, &[2; 32], &key).unwrap();
        assert_eq!((api_keys::by_digest(&work, &[2; 32]), api_keys::all(&work)), (Ok(Some(key.clone())), Ok(vec![key.clone()])));
        api_keys::delete(&mut work, key.id).unwrap();
        assert_eq!(api_keys::all(&work), Ok(vec![]));
    });
}

#[test]
fn a_file_comes_back_in_one_piece() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        for size in [0, 1, files::CHUNK_BYTES, files::CHUNK_BYTES * 3 + 17] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let id: FileId = work.mint().unwrap();
            let meta = FileMeta {
                id,
                name: "listino.pdf".to_owned(),
                mime: "application/pdf".to_owned(),
                kind: MediaKind::Document,
                size_bytes: size as u64,
                hash: *blake3::hash(&bytes).as_bytes(),
                created: NOW,
                token: format!("token-{id}"),
            };
            files::put(&mut work, &meta, &bytes).unwrap();
            assert_eq!(files::read(&work, id), Ok(Some(bytes)));
            assert_eq!((files::by_hash(&work, &meta.hash), files::by_token(&work, &meta.token)), (Ok(Some(id)), Ok(Some(id))));
            assert_eq!(files::meta(&work, id), Ok(Some(meta)));
            files::delete(&mut work, id).unwrap();
        }
        let families = [Family::Files, Family::FileChunks, Family::FilesByHash, Family::FileTokens];
        assert_eq!(families.map(|family| count(&work, family)), [0; 4]);
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
fn settings_begin_with_their_defaults() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let mut ours = settings::get(&work).unwrap();
        assert_eq!(ours, flusso::model::settings::Settings::default());
        ours.paused = true;
        settings::put(&mut work, &ours).unwrap();
        assert_eq!(settings::get(&work), Ok(ours));
    });
}

#[test]
fn the_audit_log_is_added_to_and_never_changed() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let line = AuditLine {
            id: work.mint().unwrap(),
            at: NOW,
            by: By::Command,
            what: "flow.published".to_owned(),
            detail: "Listino".to_owned(),
        };
        audit::add(&mut work, &line).unwrap();
        audit::add(&mut work, &AuditLine { detail: "changed".to_owned(), ..line.clone() }).unwrap();
        assert_eq!(audit::list(&work, None, 9), Ok(vec![line.clone()]));
        assert_eq!(audit::latest(&work, Some(line.id), 9), Ok(vec![]));
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
