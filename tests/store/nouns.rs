//! The other nouns on every engine: what was put is got, what finds it finds it, and what was removed leaves nothing behind.

use super::{count, ids};
use crate::kit::engine::on_every_engine;
use crate::kit::sample::{NOW, channel, contact};
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{ChannelId, ContactId, FileId, FlowId, Id, MessageId, OperatorId, RunId};
use flusso::base::limits::REQUEST_LOG_LINES;
use flusso::base::secret::Secret;
use flusso::model::channel::RequestLine;
use flusso::model::contact::Passage;
use flusso::model::document;
use flusso::model::file::FileMeta;
use flusso::model::flow::{FlowHead, FlowState, FlowVersion};
use flusso::model::node::MediaKind;
use flusso::model::operator::{ApiKey, AuditLine, By, Operator, Role, Scope, Session};
use flusso::store::catalogue::Family;
use flusso::store::{Read, api_keys, audit, channels, contacts, files, flows, operators, sessions, settings};

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
