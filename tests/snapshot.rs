//! A snapshot taken from outside while messages keep coming: it opens, checks, and holds a consistent state.

use crate::kit::appliance::{Appliance, run};
use crate::kit::client;
use flusso::base::id::{ContactId, Id};
use flusso::model::message::Direction;
use flusso::store::{Options, Store, contacts, messages, runs};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const PER_SECOND: u64 = 200;
const LANES: u64 = 8;

#[test]
fn a_snapshot_under_load_opens_checks_and_is_consistent() {
    let flusso = Appliance::start();
    let (_, hook) = flusso.simulator("Simulatore");
    let flow = json!({"flusso": 1, "name": "Eco", "reentry": "restart", "nodes": [
        {"id": "k1", "kind": "event", "on": "any_message", "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ricevuto: {{ message.text }}", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "exits": {}}]});
    flusso.call("POST", "/flows?enable=true", &flow).expect(201);
    let (stop, acked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let before = std::thread::scope(|scope| {
        for lane in 0..LANES {
            let (address, bearer, hook) = (flusso.address, format!("Bearer {}", flusso.key), hook.clone());
            let (stop, acked) = (&stop, &acked);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = json!({"contact": format!("person-{lane}-{number}"), "text": "ciao"}).to_string();
                    let answer = client::send(address, "POST", &hook, &[("Authorization", &bearer)], body.as_bytes());
                    if answer.is_ok_and(|answer| answer.status == 200) {
                        acked.fetch_add(1, Ordering::Relaxed);
                    }
                    std::thread::sleep(Duration::from_millis(1000 * LANES / PER_SECOND - 10));
                }
            });
        }
        std::thread::sleep(Duration::from_secs(2));
        let before = acked.load(Ordering::Relaxed);
        let said = run(flusso.folder(), &["backup", "--data", "flusso.redb", "--to", "snapshot.redb"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        std::thread::sleep(Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
        before
    });
    let said = run(flusso.folder(), &["check", "snapshot.redb"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let store = Store::open(&flusso.folder().join("snapshot.redb"), &Options::default()).expect("it opens");
    let (reader, _writer) = store.split();
    let view = reader.view().expect("a view");
    let inbound = messages::list(&view, None, Some(Direction::In), None, usize::MAX).expect("messages");
    println!("{} messages in the snapshot, {before} were acknowledged before it", inbound.len());
    assert!(before > 20, "the load must be worth its name: {before}");
    assert!(inbound.len() >= before, "{} of {before} acknowledged messages are in it", inbound.len());
    for message in &inbound {
        assert!(contacts::get(&view, message.contact).expect("a look").is_some(), "a message without its contact");
        let live = runs::live_of_contact(&view, message.contact).expect("a look");
        assert_eq!(live.len(), 1, "a message without what it started");
        let outbound = messages::list(&view, Some(message.contact), Some(Direction::Out), None, 10).expect("a look");
        assert_eq!(outbound.len(), 1, "a run without what it said");
    }
    let last: Option<ContactId> = inbound.iter().map(|message| message.contact).max();
    assert!(last.is_some_and(|last| last.sequence() as usize >= inbound.len()));
}
