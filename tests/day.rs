//! A day of the heart on a store in memory: what comes in, what goes out, and when.

use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use flusso::base::time::Span;
use flusso::executor::{advance, upkeep};
use flusso::store::{Store, outbox, timers};

const PRICES: &str = r#"{
  "flusso": 1, "name": "Listino", "reentry": "restart",
  "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
    {"id": "m1", "kind": "message", "text": "Ecco il listino.", "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "20h", "reply": {}, "exits": {"elapsed": "m2", "replied": "h1"}},
    {"id": "m2", "kind": "message", "text": "Qualche domanda?"},
    {"id": "h1", "kind": "handover"}
  ]}"#;

fn shop() -> (Heart, Ledger) {
    let mut heart = Heart::open(Store::memory().expect("a store"), MORNING).expect("a heart");
    heart.add_whatsapp().expect("a channel");
    heart.add_flow(PRICES).expect("a flow");
    (heart, Ledger::default())
}

fn texts(ledger: &Ledger) -> Vec<&str> {
    ledger.sent.iter().map(|sent| sent.text.as_str()).collect()
}

#[test]
fn a_keyword_is_answered_and_followed_up_once() {
    let (mut heart, mut ledger) = shop();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "Listino!")])).expect("taken");
    heart.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
    heart.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(texts(&ledger), ["Ecco il listino.", "Qualche domanda?"]);
    assert_eq!(ledger.sent[1].at, MORNING + Span::HOUR.times(20));
}

#[test]
fn the_same_message_again_changes_nothing() {
    let (mut heart, mut ledger) = shop();
    for _ in 0..4 {
        heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    }
    heart.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
}

#[test]
fn who_answers_gets_no_follow_up() {
    let (mut heart, mut ledger) = shop();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    heart.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    heart.webhook(&says("393331234567", heart.now, &[("wamid.2", "quanto costa il rosso?")])).expect("taken");
    heart.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(texts(&ledger), ["Ecco il listino."]);
}

#[test]
fn stop_ends_everything_and_is_confirmed_once() {
    let (mut heart, mut ledger) = shop();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino"), ("wamid.2", "STOP")])).expect("taken");
    heart.pass(MORNING + DAY + DAY, &mut ledger).expect("two days");
    assert_eq!(ledger.sent.len(), 1, "{ledger:?}");
    assert!(ledger.sent[0].text.contains("START"));
    heart.webhook(&says("393331234567", heart.now, &[("wamid.3", "listino")])).expect("taken");
    heart.pass(heart.now + DAY, &mut ledger).expect("a day");
    assert_eq!(ledger.sent.len(), 1, "nothing goes to who unsubscribed");
    heart.webhook(&says("393331234567", heart.now, &[("wamid.4", "start"), ("wamid.5", "listino")])).expect("taken");
    heart.pass(heart.now + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(ledger.sent.len(), 3);
}

#[test]
fn what_is_old_is_thrown_away_and_what_is_young_stays() {
    let (mut heart, mut ledger) = shop();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    heart.pass(MORNING + DAY.times(29), &mut ledger).expect("a month");
    let sent = |heart: &Heart| outbox::list(&heart.reader.view().expect("a view"), Some("sent"), None, 10).expect("rows").len();
    heart.change(upkeep::sweep).expect("a sweep");
    assert_eq!(sent(&heart), 2);
    heart.pass(MORNING + DAY.times(32), &mut ledger).expect("days");
    heart.change(upkeep::sweep).expect("a sweep");
    assert_eq!(sent(&heart), 0);
}

#[test]
fn a_timer_that_falls_into_a_group_begun_a_moment_before_is_not_lost() {
    let (mut heart, mut ledger) = shop();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "listino")])).expect("taken");
    heart.pass(MORNING + Span::HOUR.times(20) - Span(1), &mut ledger).expect("hours");
    let view = heart.reader.view().expect("a view");
    let (due, run, armed) = timers::due_before(&view, None, MORNING + DAY, 1).expect("timers")[0];
    drop(view);
    heart.change(|desk| advance::fire(desk, due, run, armed)).expect("a change");
    heart.pass(MORNING + DAY, &mut ledger).expect("the rest of the day");
    assert_eq!(texts(&ledger), ["Ecco il listino.", "Qualche domanda?"]);
}
