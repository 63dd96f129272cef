//! The races again, on the built binary: two people at the same moment, and a contact who writes in that moment. Whatever comes first,
//! there is one outcome.

use crate::kit::appliance::Appliance;
use crate::kit::client::{self, Answer};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Barrier;

/// Contacts that are fought over, each once.
const ROUNDS: usize = 12;

fn flow() -> Value {
    json!({"flusso": 1, "name": "Domanda", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "reply": {}, "exits": {"elapsed": "m1", "replied": "m2"}},
        {"id": "m1", "kind": "message", "text": "Ancora qui?", "exits": {"next": "w2"}},
        {"id": "w2", "kind": "wait", "for": "1d", "exits": {}},
        {"id": "m2", "kind": "message", "text": "Grazie", "exits": {"next": "w2"}}]})
}

/// The appliance, the simulator's hook, and a run for each round.
fn waiting() -> (Appliance, String, Vec<String>) {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    appliance.call("POST", "/flows?enable=true", &flow()).expect(201);
    (0..ROUNDS).for_each(|round| drop(appliance.say(&hook, &format!("anna{round}"), "ciao").expect(200)));
    let runs = appliance.all("/runs").iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect();
    (appliance, hook, runs)
}

/// A call of the API, from any thread.
fn call(flusso: &(SocketAddr, String), path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {}", flusso.1);
    client::send(flusso.0, "POST", path, &[("Authorization", &bearer), ("Content-Type", "application/json")], body.as_bytes()).unwrap()
}

/// Both at once; what each heard.
fn at_once(one: impl FnOnce() -> Answer + Send, other: impl FnOnce() -> Answer + Send) -> (Answer, Answer) {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            one()
        });
        barrier.wait();
        let second = other();
        (first.join().unwrap(), second)
    })
}

/// Texts that went to the contact of a run.
fn texts(appliance: &Appliance, run: &str) -> Vec<String> {
    let contact = appliance.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
    let told = appliance.all(&format!("/messages?direction=out&contact={contact}"));
    told.iter().map(|message| message["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn two_people_at_the_same_moment_send_it_once_and_the_later_one_hears_why_not() {
    let (appliance, _, runs) = waiting();
    let flusso = (appliance.address, appliance.key.clone());
    for (round, run) in runs.iter().enumerate() {
        let verb = |word: &str| call(&flusso, &format!("/api/v1/runs/{run}/actions/m1:1/{word}"), "");
        let (first, second) = if round % 2 == 0 { ("run", "run") } else { ("run", "skips") };
        let (one, other) = at_once(|| verb(first), || verb(second));
        let mut heard = [one.status, other.status];
        heard.sort_unstable();
        assert_eq!(heard, [200, 409], "{} {}", one.text(), other.text());
        let late = if one.status == 409 { &one } else { &other };
        assert!(late.problem(409).contains("already done"));
        let skipped = second == "skips" && other.status == 200;
        assert_eq!(texts(&appliance, run), if skipped { vec![] } else { vec!["Ancora qui?"] });
    }
}

#[test]
fn a_contact_who_answers_while_a_person_acts_meets_one_outcome() {
    let (appliance, hook, runs) = waiting();
    let flusso = (appliance.address, appliance.key.clone());
    let people: Vec<(String, String)> = runs
        .iter()
        .map(|run| {
            let contact = appliance.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
            let known = appliance.get(&format!("/contacts/{contact}")).expect(200);
            (run.clone(), known["addresses"][0]["address"].as_str().unwrap().to_owned())
        })
        .collect();
    for (run, name) in people {
        let said = json!({"contact": name, "text": "eccomi"}).to_string();
        let act = || call(&flusso, &format!("/api/v1/runs/{run}/actions/m1:1/run"), "");
        let (answer, acted) = at_once(|| call(&flusso, &hook, &said), act);
        answer.expect(200);
        let texts = texts(&appliance, &run);
        match acted.status {
            200 => assert_eq!(texts, ["Ancora qui?"], "the answer stays in the inbox"),
            _ => {
                acted.problem(409);
                assert_eq!(texts, ["Grazie"]);
            }
        }
    }
}
