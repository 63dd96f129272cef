//! `kill -9`, again and again, between a webhook and the follow-up that is due later.

use crate::kit::fake_provider::{Reply, Seen, status, text};
use crate::kit::shop::Shop;
use serde_json::{Value, json};
use std::time::Duration;

const SEED: u64 = 20_261_122;

fn follow_up() -> Value {
    json!({"flusso": 1, "name": "Seguito", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ecco il listino.", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1s", "exits": {"elapsed": "m2"}},
        {"id": "m2", "kind": "message", "text": "Domande?"}]})
}

/// A provider repeats a webhook until it is answered with 200.
fn say(shop: &Shop, id: &str, from: &str) {
    for _ in 0..100 {
        match shop.hook(&[text(id, from, "listino")], &[]) {
            Ok(answer) if answer.status == 200 => return,
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    panic!("{id} was never taken");
}

/// What the provider got for one contact.
fn got<'s>(seen: &'s [Seen], to: &str, words: &str) -> Vec<&'s Seen> {
    seen.iter().filter(|seen| seen.to() == to && seen.text() == words).collect()
}

/// As WhatsApp does, the provider tells of everything it took, with our own name of it.
fn tell(shop: &Shop) {
    for (number, seen) in shop.provider.seen().iter().enumerate() {
        let ours = seen.json["biz_opaque_callback_data"].as_str();
        let told = shop.hook(&[], &[status(&format!("wamid.fake.{}", number + 1), seen.to(), "delivered", ours)]);
        assert_eq!(told.unwrap().status, 200);
    }
}

#[test]
fn after_every_kill_nothing_acknowledged_is_missing_and_every_follow_up_goes_out() {
    kill_again_and_again(20);
}

#[test]
#[ignore = "long"]
fn long_after_each_of_a_thousand_kills_nothing_acknowledged_is_missing_and_every_follow_up_goes_out() {
    kill_again_and_again(1_000);
}

fn kill_again_and_again(rounds: usize) {
    let mut shop = Shop::open(&[follow_up()]);
    shop.provider.always(Reply::Slow(Duration::from_millis(25)));
    let mut chance = fastrand::Rng::with_seed(SEED);
    let people: Vec<String> = (0..rounds).map(|round| format!("3933300{round:05}")).collect();
    for (round, person) in people.iter().enumerate() {
        say(&shop, &format!("wamid.{round}"), person);
        std::thread::sleep(Duration::from_millis(chance.u64(0..1300)));
        shop.flusso.kill_and_restart();
        let stored = shop.flusso.all("/messages?direction=in");
        assert_eq!(stored.len(), round + 1, "something acknowledged is missing after kill {round}");
    }
    std::thread::sleep(Duration::from_secs(3));
    tell(&shop);
    let open = |page: &Value| page["items"].as_array().is_none_or(|rows| !rows.is_empty());
    for state in ["ready", "attempting"] {
        shop.flusso.wait_for(&format!("/outbox?state={state}"), |page| !open(page));
    }
    assert!(shop.flusso.all("/runs").is_empty(), "a run is stuck: {:?}", shop.flusso.all("/runs"));
    let (seen, unknown) = (shop.provider.seen(), shop.flusso.all("/outbox?state=unknown"));
    let (mut twice, mut unsure) = (0, 0);
    for person in &people {
        for words in ["Ecco il listino.", "Domande?"] {
            match got(&seen, person, words).len() {
                1 => {}
                0 => unsure += 1,
                _ => twice += 1,
            }
        }
    }
    let doubles = shop.flusso.all("/outbox?state=sent").into_iter().filter(|row| row["maybe_double"] == true).count();
    println!("seed {SEED}: {rounds} kills, {twice} went twice, {unsure} never left and are told as unknown");
    assert!(unsure <= unknown.len(), "{unsure} sends are missing and {} are told as unknown", unknown.len());
    assert!(twice <= doubles, "{twice} sends went twice and {doubles} are marked");
}
