//! A whole day of talk on a disk that dies at every n-th write. Opened again, with the provider repeating what was not acknowledged,
//! every promise holds: nothing acknowledged is missing, every follow-up goes out, nothing goes twice unless it is marked.

use crate::kit::disk::{Ram, Recorder};
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{DAY, Died, Heart, Ledger, MORNING, Sent, says};
use flusso::base::time::{Span, Time};
use flusso::model::outbox::{Load, OutboxRow, OutboxState};
use flusso::store::{Store, messages, outbox, runs};
use std::collections::BTreeMap;

const FLOWS: [&str; 3] = [
    r#"{"flusso": 1, "name": "Listino", "reentry": "restart", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ecco il listino.", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "20h", "reply": {}, "exits": {"elapsed": "m2", "replied": "m3"}},
        {"id": "m2", "kind": "message", "text": "Qualche domanda?"},
        {"id": "m3", "kind": "message", "text": "Grazie della risposta."}]}"#,
    r#"{"flusso": 1, "name": "Ordine", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ordine", "match": "word"}], "exits": {"next": "a1"}},
        {"id": "a1", "kind": "api", "method": "GET", "url": "https://shop.example.com/orders", "save": [{"path": "$.status", "to": "run.status"}],
         "exits": {"ok": "m1", "failed": "m2", "timed_out": "m2"}},
        {"id": "m1", "kind": "message", "text": "Stato: {{ run.status }}.", "exits": {"next": "l1"}},
        {"id": "l1", "kind": "launch", "flow": "Cura", "mode": "continue"},
        {"id": "m2", "kind": "message", "text": "Non lo so."}]}"#,
    r#"{"flusso": 1, "name": "Cura", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "s1"}},
        {"id": "s1", "kind": "save", "add_tags": ["curato"], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Tutto bene con l'ordine?"}]}"#,
];

const ANNA: &str = "393331111111";
const BRUNO: &str = "393332222222";
const CARLA: &str = "393333333333";

/// What comes in: how long after the morning, from whom, and the messages with their ids.
const SCRIPT: [(i64, &str, &[(&str, &str)]); 6] = [
    (0, ANNA, &[("wamid.a1", "listino")]),
    (5, BRUNO, &[("wamid.b1", "il mio ordine?"), ("wamid.b2", "listino")]),
    (30, CARLA, &[("wamid.c1", "listino")]),
    (90, CARLA, &[("wamid.c2", "quanto costa?")]),
    (95, ANNA, &[("wamid.a1", "listino")]),
    (600, BRUNO, &[("wamid.b3", "ordine")]),
];

/// What each contact must get, whatever happens on the way.
const EXPECTED: [(&str, &str, usize); 9] = [
    (ANNA, "Ecco il listino.", 1),
    (ANNA, "Qualche domanda?", 1),
    (BRUNO, "Stato: shipped.", 2),
    (BRUNO, "Ecco il listino.", 1),
    (BRUNO, "Tutto bene con l'ordine?", 2),
    (BRUNO, "Qualche domanda?", 1),
    (CARLA, "Ecco il listino.", 1),
    (CARLA, "Grazie della risposta.", 1),
    (CARLA, "Qualche domanda?", 0),
];

fn at(minutes: i64) -> Time {
    MORNING + Span::MINUTE.times(minutes)
}

/// Plays the script from where `heart` stands. `acked` hears of every webhook that was answered with 200.
fn play(heart: &mut Heart, ledger: &mut Ledger, mut acked: impl FnMut(&Heart, &Ledger, usize)) -> Result<(), Died> {
    for (number, (minutes, from, said)) in SCRIPT.iter().enumerate() {
        heart.pass(at(*minutes), ledger)?;
        heart.webhook(&says(from, at(*minutes), said))?;
        acked(heart, ledger, number);
    }
    heart.pass(MORNING + DAY.times(3), ledger)
}

/// A heart whose live replies leave with the commit that decides them, as the appliance's do.
fn open(store: Store, now: Time) -> Heart {
    let mut heart = Heart::open(store, now).expect("it opens");
    heart.open_doors();
    heart
}

/// A shop with its channel and flows, as bytes.
fn shop() -> Vec<u8> {
    let disk = Ram::of(born());
    let mut heart = open(Store::on_disk(disk.clone(), &OPTIONS).expect("a store"), MORNING);
    heart.add_whatsapp().expect("a channel");
    for flow in FLOWS {
        heart.add_flow(flow).expect("a flow");
    }
    drop(heart);
    disk.bytes()
}

/// What the provider and we know at one place in the life of the disk.
#[derive(Clone)]
struct Moment {
    place: usize,
    now: Time,
    acked: usize,
    sent: usize,
    calls: usize,
}

fn count(ledger: &Ledger) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    for Sent { to, text, .. } in &ledger.sent {
        *counts.entry((to.as_str(), text.as_str())).or_insert(0) += 1;
    }
    counts
}

fn rows(heart: &Heart) -> Vec<OutboxRow> {
    outbox::list(&heart.reader.view().expect("a view"), None, None, 1000).expect("rows")
}

/// Sends of these words that nobody knows the outcome of, and those marked as perhaps double.
fn told_apart(heart: &Heart, words: &str) -> (usize, usize) {
    let its = |row: &&OutboxRow| matches!(&row.load, Load::Message { content, .. } if content.text == words);
    let all = rows(heart);
    let unknown = all.iter().filter(its).filter(|row| matches!(row.state, OutboxState::Unknown { resolve_until: None, .. })).count();
    (unknown, all.iter().filter(its).filter(|row| row.maybe_double).count())
}

fn check(heart: &Heart, ledger: &Ledger, place: usize) {
    let counts = count(ledger);
    for (to, words, wanted) in EXPECTED {
        let got = counts.get(&(to, words)).copied().unwrap_or(0);
        let (unknown, double) = told_apart(heart, words);
        assert!(got + unknown >= wanted, "dead at {place}: {to} lacks {words:?}: {ledger:?}");
        assert!(got <= wanted + double, "dead at {place}: {to} got {words:?} {got} times, unmarked");
    }
    let view = heart.reader.view().expect("a view");
    let live = runs::list_live(&view, None, 100).expect("runs");
    assert!(live.is_empty(), "dead at {place}: a run is stuck: {live:?}");
    for (_, _, said) in SCRIPT {
        for (id, _) in said {
            let channel = *heart.facts.channels.keys().next().expect("a channel");
            assert!(messages::by_provider_id(&view, channel, id).expect("a look").is_some(), "dead at {place}: {id} is gone");
        }
    }
    let open = rows(heart).into_iter().filter(|row| matches!(row.state, OutboxState::Ready { .. } | OutboxState::Attempting { .. }));
    assert_eq!(open.count(), 0, "dead at {place}: something waits for ever");
}

#[test]
fn a_day_without_accident_is_as_expected() {
    let mut ledger = Ledger::default();
    let mut heart = open(Store::on_disk(Ram::of(shop()), &OPTIONS).expect("a store"), MORNING);
    play(&mut heart, &mut ledger, |_, _, _| ()).expect("a day");
    let counts = count(&ledger);
    for (to, words, wanted) in EXPECTED {
        assert_eq!(counts.get(&(to, words)).copied().unwrap_or(0), wanted, "{to} {words}: {ledger:?}");
    }
    check(&heart, &ledger, 0);
}

#[test]
fn a_day_that_dies_at_every_third_write_keeps_every_promise() {
    sweep(3, 700);
}

#[test]
#[ignore = "long"]
fn long_a_day_that_dies_at_every_write_keeps_every_promise() {
    sweep(1, 2000);
}

fn sweep(every: usize, at_least: usize) {
    let disk = Recorder::on(shop());
    let mut heart = open(Store::on_disk(disk.clone(), &OPTIONS).expect("a store"), MORNING);
    let mut ledger = Ledger::default();
    let watched = disk.clone();
    heart.watch(move |now, ledger: &Ledger| (watched.place(), now, ledger.sent.len(), ledger.calls.len()));
    let mut acks = Vec::new();
    play(&mut heart, &mut ledger, |_, _, number| acks.push((disk.place(), number + 1))).expect("a day");
    let acked_by = |place: &usize| acks.iter().rev().find(|(at, _)| at <= place).map_or(0, |(_, number)| *number);
    let known = heart.watched().iter();
    let moments: Vec<Moment> = known
        .map(|(place, now, sent, calls)| Moment { place: *place, now: *now, acked: acked_by(place), sent: *sent, calls: *calls })
        .collect();
    let mut images = 0;
    disk.sweep(every, |place, image| {
        let moment = moments.iter().rev().find(|moment| moment.place <= place).cloned();
        let moment = moment.unwrap_or(Moment { place: 0, now: MORNING, acked: 0, sent: 0, calls: 0 });
        images += 1;
        resume(image, &moment, &ledger, place);
    });
    println!("{images} images of {} writes", disk.place());
    assert!(images > at_least, "the sweep must be worth its name: {images}");
}

/// Opens what the crash left, lets the provider repeat, and plays the rest of the day.
fn resume(image: Vec<u8>, moment: &Moment, whole: &Ledger, place: usize) {
    let mut ledger = Ledger { sent: whole.sent[..moment.sent].to_vec(), calls: whole.calls[..moment.calls].to_vec() };
    let mut heart = open(Store::on_disk(Ram::of(image), &OPTIONS).expect("it always opens"), moment.now);
    let view = heart.reader.view().expect("a view");
    let channel = *heart.facts.channels.keys().next().expect("a channel");
    for (_, _, said) in &SCRIPT[..moment.acked] {
        for (id, _) in *said {
            assert!(messages::by_provider_id(&view, channel, id).expect("a look").is_some(), "dead at {place}: acknowledged {id} is gone");
        }
    }
    drop(view);
    for (minutes, from, said) in SCRIPT {
        heart.pass(at(minutes).max(moment.now), &mut ledger).expect("time passes");
        heart.webhook(&says(from, at(minutes), said)).expect("taken");
    }
    heart.pass(MORNING + DAY.times(3), &mut ledger).expect("the rest");
    check(&heart, &ledger, place);
}
