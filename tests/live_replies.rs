//! Replies that leave in the commit that decides them (OUT-2): which do, which do not, and what a power cut makes of them.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::fake_provider::text as text_message;
use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use crate::kit::shop::Shop;
use flusso::base::limits::TYPING_MAX;
use flusso::base::time::Span;
use flusso::model::outbox::{Load, OutboxRow, OutboxState};
use flusso::store::{Store, channels, outbox, settings};
use serde_json::json;
use std::time::Duration;

const ANNA: &str = "393331234567";
const BRUNO: &str = "393332222222";

const PRICES: &str = r#"{"flusso": 1, "name": "Listino", "reentry": "restart", "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
    {"id": "m1", "kind": "message", "text": "Ecco il listino.", "exits": {"next": "m2"}},
    {"id": "m2", "kind": "message", "text": "Eccone un altro.", "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m3"}},
    {"id": "m3", "kind": "message", "text": "Domande?"}]}"#;

fn shop() -> Heart {
    let mut heart = Heart::open(Store::memory().expect("a store"), MORNING).expect("a heart");
    heart.add_whatsapp().expect("a channel");
    heart.add_flow(PRICES).expect("a flow");
    heart.open_doors();
    heart
}

/// The text and the state of everything that was decided.
fn stands(heart: &Heart) -> Vec<(String, &'static str)> {
    let view = heart.reader.view().expect("a view");
    let told = |row: OutboxRow| match &row.load {
        Load::Message { content, .. } => (content.text.clone(), row.state.word()),
        Load::Call { .. } => ("a call".to_owned(), row.state.word()),
    };
    outbox::list(&view, None, None, 100).expect("rows").into_iter().map(told).collect()
}

fn words<'s>(stands: &'s [(String, &'static str)]) -> Vec<(&'s str, &'static str)> {
    stands.iter().map(|(text, state)| (text.as_str(), *state)).collect()
}

fn hear(heart: &mut Heart, from: &str, said: &[(&str, &str)]) {
    let body = says(from, heart.now, said);
    heart.webhook(&body).expect("taken");
}

#[test]
fn a_reply_is_born_attempting_and_what_follows_it_waits_its_turn() {
    let mut heart = shop();
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    assert_eq!(words(&stands(&heart)), [("Ecco il listino.", "attempting"), ("Eccone un altro.", "ready")]);
    let mut ledger = Ledger::default();
    heart.pass(MORNING + Span::MINUTE, &mut ledger).expect("a minute");
    assert_eq!(words(&stands(&heart)), [("Ecco il listino.", "sent"), ("Eccone un altro.", "sent")]);
    heart.pass(MORNING + Span::HOUR, &mut ledger).expect("an hour");
    assert_eq!(words(&stands(&heart))[2], ("Domande?", "sent"));
    assert_eq!(ledger.sent.len(), 3, "{ledger:?}");
}

#[test]
fn a_follow_up_is_never_born_attempting() {
    let mut heart = shop();
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    let mut ledger = Ledger::default();
    heart.pass(MORNING + Span::HOUR - Span(1), &mut ledger).expect("an hour");
    heart.now = MORNING + Span::HOUR;
    let view = heart.reader.view().expect("a view");
    let due = flusso::store::timers::due_before(&view, None, heart.now, 10).expect("timers");
    drop(view);
    for (due, run, armed) in due {
        heart.change(|desk| flusso::executor::advance::fire(desk, due, run, armed)).expect("fired");
    }
    assert_eq!(words(&stands(&heart))[2], ("Domande?", "ready"));
    assert!(heart.take_born().is_empty());
}

#[test]
fn a_stop_in_the_same_webhook_calls_the_reply_off_before_it_leaves() {
    let mut heart = shop();
    hear(&mut heart, ANNA, &[("wamid.1", "listino"), ("wamid.2", "STOP")]);
    let now = stands(&heart);
    assert_eq!(words(&now)[..2], [("Ecco il listino.", "cancelled"), ("Eccone un altro.", "cancelled")]);
    assert_eq!(now[2].1, "attempting", "the confirmation is a reply: {now:?}");
}

#[test]
fn a_contact_to_whom_something_is_under_way_gets_the_reply_after_it() {
    let mut heart = shop();
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    // The pace of the channel begins with one.
    heart.now = MORNING + Span::SECOND;
    hear(&mut heart, BRUNO, &[("wamid.2", "listino")]);
    heart.now = MORNING + Span::SECOND.times(2);
    hear(&mut heart, ANNA, &[("wamid.3", "listino")]);
    let states: Vec<_> = stands(&heart).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["attempting", "cancelled", "attempting", "ready", "ready", "ready"]);
}

#[test]
fn a_channel_that_is_silent_and_a_pause_of_everything_let_nothing_out() {
    let mut heart = shop();
    heart
        .change(|desk| {
            let mut channel = channels::all(&desk.work)?.remove(0);
            channel.enabled = false;
            channels::put(&mut desk.work, &channel)?;
            desk.facts_changed = true;
            Ok(())
        })
        .expect("disabled");
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    assert!(heart.take_born().is_empty());
    let mut heart = shop();
    heart
        .change(|desk| {
            let mut chosen = settings::get(&desk.work)?;
            chosen.paused = true;
            settings::put(&mut desk.work, &chosen)?;
            desk.facts_changed = true;
            Ok(())
        })
        .expect("paused");
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    assert!(heart.take_born().is_empty());
}

#[test]
fn a_reply_that_left_with_its_commit_is_of_unknown_outcome_after_a_power_cut_and_goes_once_more_marked() {
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).expect("a store"), MORNING).expect("a heart");
    heart.add_whatsapp().expect("a channel");
    heart.add_flow(PRICES).expect("a flow");
    heart.open_doors();
    hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
    let left = heart.take_born();
    assert_eq!(left.len(), 1);
    let image = disk.bytes();
    drop(heart);
    let mut heart = Heart::open(Store::on_disk(Ram::of(image), &OPTIONS).expect("it opens"), MORNING).expect("a heart");
    assert_eq!(words(&stands(&heart)), [("Ecco il listino.", "unknown"), ("Eccone un altro.", "ready")]);
    let mut ledger = Ledger::default();
    heart.pass(MORNING + DAY, &mut ledger).expect("a day");
    let view = heart.reader.view().expect("a view");
    let rows = outbox::list(&view, None, None, 10).expect("rows");
    assert!(rows.iter().all(|row| matches!(row.state, OutboxState::Sent { .. })), "{rows:?}");
    assert_eq!(rows.iter().map(|row| row.maybe_double).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(ledger.sent.len(), 3, "a reply is not kept from a person for a doubt: {ledger:?}");
}

/// When what was decided may leave, counted from the morning.
fn due(heart: &Heart) -> Vec<Option<Span>> {
    let rows = outbox::list(&heart.reader.view().expect("a view"), None, None, 100).expect("rows");
    let due = |row: &OutboxRow| if let OutboxState::Ready { due } = row.state { Some(due.since(MORNING)) } else { None };
    rows.iter().map(due).collect()
}

#[test]
fn a_message_that_is_typed_first_leaves_after_that_and_not_with_its_commit() {
    for (typing, expected) in [("4s", Span::SECOND.times(4)), ("1h", TYPING_MAX)] {
        let mut heart = Heart::open(Store::memory().expect("a store"), MORNING).expect("a heart");
        heart.add_whatsapp().expect("a channel");
        let flow = json!({"flusso": 1, "name": "Scrive", "nodes": [
            {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
            {"id": "m1", "kind": "message", "text": "Ecco il listino.", "typing": typing}]});
        heart.add_flow(&flow.to_string()).expect("a flow");
        heart.open_doors();
        hear(&mut heart, ANNA, &[("wamid.1", "listino")]);
        assert!(heart.take_born().is_empty(), "{typing}: nothing left yet");
        assert_eq!(due(&heart), [Some(expected)], "{typing}");
        let mut ledger = Ledger::default();
        heart.pass(MORNING + expected - Span(1), &mut ledger).expect("a while");
        assert!(ledger.sent.is_empty(), "{typing}: it is being typed");
        heart.pass(MORNING + expected, &mut ledger).expect("the rest");
        assert_eq!(ledger.sent.len(), 1, "{typing}");
    }
}

#[test]
fn what_follows_a_message_that_is_typed_first_does_not_pass_it() {
    let flow = json!({"flusso": 1, "name": "Scrive", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ecco il listino.", "typing": "1s", "exits": {"next": "m2"}},
        {"id": "m2", "kind": "message", "text": "Eccone un altro."}]});
    let shop = Shop::open(&[flow]);
    shop.hook(&[text_message("wamid.1", ANNA, "listino")], &[]).expect("taken");
    let seen = shop.provider.wait_for(2, Duration::from_secs(20));
    assert_eq!(seen.iter().map(|seen| seen.text()).collect::<Vec<_>>(), ["Ecco il listino.", "Eccone un altro."]);
}

#[test]
fn neither_a_follow_up_within_the_minute_nor_a_template_leaves_with_its_commit() {
    let follows = json!({"flusso": 1, "name": "Segue", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "30s", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Domande?"}]});
    let template = json!({"name": "listino", "language": "it", "parameters": []});
    let templated = json!({"flusso": 1, "name": "Modello", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ecco.", "window_closed": {"template": template}}]});
    for (flow, said_at) in [(follows, MORNING), (templated, MORNING - Span::HOUR.times(25))] {
        let mut heart = Heart::open(Store::memory().expect("a store"), MORNING).expect("a heart");
        heart.add_whatsapp().expect("a channel");
        heart.add_flow(&flow.to_string()).expect("a flow");
        heart.open_doors();
        heart.webhook(&says(ANNA, said_at, &[("wamid.1", "listino")])).expect("taken");
        heart.now = MORNING + Span::SECOND.times(30);
        let view = heart.reader.view().expect("a view");
        let due = flusso::store::timers::due_before(&view, None, heart.now, 10).expect("timers");
        drop(view);
        for (due, run, armed) in due {
            heart.change(|desk| flusso::executor::advance::fire(desk, due, run, armed)).expect("fired");
        }
        let now = stands(&heart);
        assert_eq!(now.iter().map(|(_, state)| *state).collect::<Vec<_>>(), ["ready"], "{flow}");
        assert!(heart.take_born().is_empty());
    }
}
