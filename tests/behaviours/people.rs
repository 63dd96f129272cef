//! What people and providers do: say everything four times, in the wrong order, and STOP in the middle of anything.

use super::counter::{ANNA, Counter, flow, keyword, message};
use crate::kit::heart::{DAY, says};
use flusso::base::time::Span;
use flusso::engine::blueprint::fill;
use flusso::executor::advance;
use flusso::model::action::Verb;
use flusso::model::blueprint::Blueprint;
use flusso::model::contact::Handover;
use flusso::model::document;
use flusso::model::event::Event;
use flusso::model::node::Text;
use flusso::model::operator::By;
use serde_json::{Value as Json, json};

fn answers() -> Json {
    let wait = json!({"id": "w1", "kind": "wait", "for": "1h", "reply": {"save": "run.a"}, "exits": {"replied": "m2"}});
    flow("Eco", &[keyword("listino", "m1"), message("m1", "Quale?", "w1"), wait, message("m2", "Hai scritto {{ run.a }}", "")])
}

#[test]
fn the_same_webhook_delivered_four_times_out_of_order_with_status_events_mixed_in_brings_one_reply() {
    let mut chance = fastrand::Rng::with_seed(1384);
    for _ in 0..20 {
        let mut counter = Counter::open(&[answers()]);
        counter.say("listino");
        let at = counter.heart.now;
        let mut deliveries: Vec<Option<Vec<u8>>> = vec![Some(says(ANNA, at, &[("wamid.x", "rosso")])); 4];
        deliveries.extend(vec![Some(says(ANNA, at, &[("wamid.in.1", "listino")])); 3]);
        deliveries.extend([None, None, None]);
        chance.shuffle(&mut deliveries);
        let mut words = vec!["read", "delivered", "sent"];
        for delivery in deliveries {
            match delivery {
                Some(body) => counter.heart.webhook(&body).unwrap(),
                None => counter.status("wamid.out.1", words.pop().unwrap()),
            }
            counter.pass(Span::SECOND);
        }
        assert_eq!(counter.texts(), ["Quale?", "Hai scritto rosso"]);
    }
}

/// A flow that stands in the middle of something a moment after its word.
fn middles() -> Vec<(&'static str, Json)> {
    let after = || message("m2", "Non deve uscire", "");
    let with = |node: Json| flow("Mezzo", &[keyword("via", "m1"), message("m1", "Via", "n1"), node, after()]);
    vec![
        ("a wait", with(json!({"id": "n1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m2"}}))),
        ("a question", with(json!({"id": "n1", "kind": "wait", "for": "1h", "reply": {}, "exits": {"replied": "m2", "elapsed": "m2"}}))),
        ("a burst", with(json!({"id": "n1", "kind": "wait", "reply": {"burst": "8s"}, "exits": {"replied": "m2"}}))),
        (
            "a call",
            with(
                json!({"id": "n1", "kind": "api", "method": "GET", "url": "https://shop.example.com/", "exits": {"ok": "m2", "failed": "m2"}}),
            ),
        ),
        ("a handover", with(json!({"id": "n1", "kind": "handover", "for": "1h", "exits": {"next": "m2"}}))),
        (
            "a question that ignores keywords",
            with(json!({"id": "n1", "kind": "wait", "for": "1h",
            "reply": {"ignore_keywords": true}, "exits": {"replied": "m2", "elapsed": "m2"}})),
        ),
    ]
}

#[test]
fn stop_in_the_middle_of_anything_ends_it_and_start_after_stop_works_and_reopens() {
    for (what, document) in middles() {
        for more in ["", "held", "silent"] {
            let mut counter = Counter::open(std::slice::from_ref(&document));
            counter.write("via");
            if what == "a burst" {
                counter.write("prima parte");
            }
            match more {
                "held" => {
                    let (run, hold) = (counter.live()[0].id, Event::Verb(Verb::Hold, By::System));
                    counter.heart.change(|desk| advance::happen(desk, run, &hold)).unwrap();
                }
                "silent" => {
                    let since = counter.heart.now;
                    counter.change(|anna| anna.handover = Some(Handover { since, until: None }));
                }
                _ => {}
            }
            counter.write("Stop!");
            counter.pass(DAY);
            assert!(counter.live().is_empty(), "{what} {more}");
            let got = counter.texts();
            assert!(got.last().is_some_and(|text| text.contains("START")), "{what} {more}: {got:?}");
            assert!(!got.contains(&"Non deve uscire"), "{what} {more}: {got:?}");
            let before = got.len();
            counter.say("via");
            counter.say("STOP");
            assert_eq!(counter.texts().len(), before, "{what} {more}: nothing goes to who unsubscribed, not even a second confirmation");
            counter.change(|anna| anna.handover = None);
            counter.say("start");
            counter.say("via");
            assert_eq!(counter.since(before + 1).first(), Some(&"Via"), "{what} {more}: START reopens");
        }
    }
}

/// The handover of the starter pack, which tells staff at a web address.
fn operator_of_the_pack() -> Json {
    let open = Blueprint::of_word("operator").unwrap().flow().unwrap();
    let answers = [("staff".to_owned(), Text::Plain("https://staff.example.com/ring".to_owned()))].into();
    let mut filled = fill(&open, &answers, "it").unwrap();
    filled.talks.clear();
    document::write(&filled)
}

#[test]
fn the_handover_of_the_pack_is_silent_at_once_and_tells_staff_again_only_where_nobody_has_written() {
    let other = || flow("Eco", &[keyword("listino", "m1"), message("m1", "Ecco i prezzi", "")]);
    for (speaks, rings) in [(false, 2), (true, 1)] {
        let mut counter = Counter::open(&[operator_of_the_pack(), other()]);
        counter.say("operatore");
        assert_eq!((counter.texts().len(), counter.ledger.calls.len()), (1, 1), "staff is told, and Anna how long it takes");
        counter.pass(Span::MINUTE.times(5));
        counter.say("listino");
        if speaks {
            counter.echo("wamid.phone.1", "Eccomi, sono Marta");
        }
        counter.pass(Span::MINUTE.times(6));
        assert_eq!(counter.ledger.calls.len(), rings, "a person spoke: {speaks}");
        counter.pass(Span::HOUR.times(11));
        counter.say("listino");
        assert_eq!(counter.texts().len(), 1, "nothing answers for twelve hours");
        counter.pass(Span::HOUR.times(2));
        counter.say("listino");
        assert_eq!(counter.since(1), ["Ecco i prezzi"]);
        assert_eq!(counter.ledger.calls.len(), rings);
    }
}
