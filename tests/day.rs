//! A day of the heart on a store in memory: what comes in, what goes out, and when.

use crate::kit::core::{Core, DAY, Ledger, MORNING, says};
use flusso::base::time::Span;
use flusso::store::Store;

const PRICES: &str = r#"{
  "flusso": 1, "name": "Listino", "reentry": "restart",
  "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
    {"id": "m1", "kind": "message", "text": "Ecco il listino.", "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "20h", "reply": {}, "exits": {"elapsed": "m2", "replied": "h1"}},
    {"id": "m2", "kind": "message", "text": "Qualche domanda?"},
    {"id": "h1", "kind": "handover"}
  ]}"#;

fn shop() -> (Core, Ledger) {
    let mut core = Core::open(Store::memory().expect("a store"), MORNING).expect("a core");
    core.add_whatsapp().expect("a channel");
    core.add_flow(PRICES).expect("a flow");
    (core, Ledger::default())
}

fn texts(ledger: &Ledger) -> Vec<&str> {
    ledger.sent.iter().map(|sent| sent.text.as_str()).collect()
}

#[test]
fn a_keyword_is_answered_and_followed_up_once() {
    let (mut core, mut ledger) = shop();
    core.webhook(&says("393331234567", MORNING, &[("wamid.1", "Listino!")])).expect("taken");
    core.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
    core.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(texts(&ledger), ["Ecco il listino.", "Qualche domanda?"]);
    assert_eq!(ledger.sent[1].at, MORNING + Span::HOUR.times(20));
}

#[test]
fn the_same_message_again_changes_nothing() {
    let (mut core, mut ledger) = shop();
    for _ in 0..4 {
        core.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    }
    core.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
}

#[test]
fn who_answers_gets_no_follow_up() {
    let (mut core, mut ledger) = shop();
    core.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    core.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    core.webhook(&says("393331234567", core.now, &[("wamid.2", "quanto costa il rosso?")])).expect("taken");
    core.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
}

#[test]
fn stop_ends_everything_and_is_confirmed_once() {
    let (mut core, mut ledger) = shop();
    core.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino"), ("wamid.2", "STOP")])).expect("taken");
    core.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(ledger.sent.len(), 1, "{ledger:?}");
    assert!(ledger.sent[0].text.contains("START"));
    core.webhook(&says("393331234567", core.now, &[("wamid.3", "listino")])).expect("taken");
    core.pass(core.now + DAY, &mut ledger).expect("a day");
    assert_eq!(ledger.sent.len(), 1, "nothing goes to who unsubscribed");
    core.webhook(&says("393331234567", core.now, &[("wamid.4", "start"), ("wamid.5", "listino")])).expect("taken");
    core.pass(core.now + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(ledger.sent.len(), 3);
}
