//! Re-entry: every rule, by every way in, with the contact in every state. One table, on the built binary.

use crate::triggers::Place;
use serde_json::{Value, json};

/// The rules, as the document has them; the last is triggered again with another value.
const RULES: [&str; 5] = ["keep", "restart", "once", "parallel", "parallel_other"];
/// Where the contact stands when the flow is triggered again.
const STATES: [&str; 5] = ["waiting", "held", "handover", "calling", "finished"];
/// How it is triggered again.
const WAYS: [&str; 6] = ["message", "api", "address", "many", "launch", "tag"];

/// What must come of it.
fn expected(rule: &str, state: &str, way: &str) -> &'static str {
    // A message is for the person who answers; what launches the flow is started by a program, and waits for them.
    if matches!(way, "message" | "launch") && state == "handover" {
        return "none";
    }
    match (rule, state) {
        ("once", _) => "kept",
        ("parallel_other", _) | (_, "finished") => "started",
        ("restart", _) => "restarted",
        _ => "kept",
    }
}

/// One flow of one rule whose runs come to rest in one state.
struct Target {
    id: String,
    launcher: String,
    address: String,
    word: String,
    tag: String,
}

fn target(place: &Place, rule: &str, state: &str) -> Target {
    let name = format!("{rule} {state}");
    let tag = format!("tag {name}");
    let rest = match state {
        "handover" => json!({"id": "n1", "kind": "handover"}),
        "calling" => {
            json!({"id": "n1", "kind": "api", "method": "GET", "url": "http://127.0.0.1:9/", "retry": {"times": 10, "within": "10m"}})
        }
        "finished" => json!({"id": "n1", "kind": "end", "goal": "done"}),
        _ => json!({"id": "n1", "kind": "wait", "for": "30d"}),
    };
    let reentry = if rule.starts_with("parallel") { "parallel" } else { rule };
    let mut document = json!({"flusso": 1, "name": name, "reentry": reentry, "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": name, "match": "exact"}], "exits": {"next": "n1"}},
        {"id": "t1", "kind": "event", "on": "tag_added", "tag": tag, "exits": {"next": "n1"}}, rest]});
    if reentry == "parallel" {
        document["reentry_key"] = json!("contact.fields.order");
    }
    let made = place.flusso.call("POST", "/flows?enable=true", &document).expect(201);
    let launcher = json!({"flusso": 1, "name": format!("launch {name}"), "start": "l1", "nodes": [
        {"id": "l1", "kind": "launch", "flow": name, "mode": "continue"}]});
    Target {
        id: made["id"].as_str().unwrap().to_owned(),
        launcher: place.document(&launcher),
        address: format!("/start/{}", made["start_url"].as_str().unwrap().split_once("/start/").unwrap().1),
        word: name,
        tag,
    }
}

/// The runs of a contact in a flow, oldest first: state, id, and when what is pending is due.
fn runs(place: &Place, target: &Target, contact: &str) -> Vec<(String, String, Value)> {
    let listed = place.flusso.all(&format!("/runs?flow={}&contact={contact}&state=any", target.id));
    let mut runs: Vec<_> = listed
        .iter()
        .map(|run| {
            let word = |name: &str| run[name].as_str().unwrap().to_owned();
            let due = run["due"].clone();
            (word("id"), word("state"), due)
        })
        .collect();
    runs.sort_by_key(|(id, ..)| id.rsplit('.').next().and_then(|n| n.parse::<u64>().ok()));
    runs
}

/// Triggers the flow again; the word of the answer, where the way has one.
fn again(place: &Place, target: &Target, way: &str, name: &str, contact: &str) -> Option<String> {
    let who = json!({"contact": {"id": contact}});
    match way {
        "message" => {
            place.say(name, &target.word);
            None
        }
        "api" => {
            let answer = place.flusso.call("POST", &format!("/flows/{}/runs", target.id), &who).expect(202);
            answer["outcome"].as_str().map(str::to_owned)
        }
        "address" => {
            let headers = [("Content-Type", "application/json")];
            let answer = place.flusso.ask("POST", &target.address, &headers, who.to_string().as_bytes()).expect(202);
            answer["outcome"].as_str().map(str::to_owned)
        }
        "many" => {
            let body = json!({"flow": target.id, "contacts": [contact]});
            let made = place.flusso.call("POST", "/broadcasts", &body).expect(202);
            let path = format!("/broadcasts/{}", made["id"].as_str().unwrap());
            place.flusso.wait_for(&path, |broadcast| broadcast["state"] == "done");
            let people = place.flusso.all(&format!("{path}/people"));
            people[0]["outcome"].as_str().map(str::to_owned)
        }
        "launch" => {
            place.flusso.call("POST", &format!("/flows/{}/runs", target.launcher), &who).expect(202);
            None
        }
        _ => {
            place.change(contact, &json!({"tags": [target.tag]}));
            None
        }
    }
}

#[test]
fn every_rule_of_reentry_holds_by_every_way_in_and_in_every_state() {
    let place = Place::open();
    place.flusso.call("PATCH", "/settings", &json!({"private_hosts": ["127.0.0.1:9"]})).expect(200);
    let mut wrong = Vec::new();
    for rule in RULES {
        for state in STATES {
            let target = target(&place, rule, state);
            for way in WAYS {
                let name = format!("{rule}-{state}-{way}");
                let contact = place.person(&name);
                place.change(&contact, &json!({"fields": {"order": "1"}}));
                let body = json!({"contact": {"id": contact}});
                let first = place.flusso.call("POST", &format!("/flows/{}/runs", target.id), &body).expect(202);
                let first = first["run"].as_str().unwrap().to_owned();
                if state == "held" {
                    place.flusso.call("PATCH", &format!("/runs/{first}"), &json!({"state": "held"})).expect(200);
                }
                if rule == "parallel_other" {
                    place.change(&contact, &json!({"fields": {"order": "2"}}));
                }
                let before = runs(&place, &target, &contact);
                let answer = again(&place, &target, way, &name, &contact);
                let after = runs(&place, &target, &contact);
                let old = after.iter().find(|(id, ..)| *id == first).unwrap();
                let happened = match (after.len(), old.1 == "stopped") {
                    (1, false) if *old == before[0] => "kept",
                    (2, true) => "restarted",
                    (2, false) if *old == before[0] => "started",
                    _ => "something else",
                };
                let wanted = expected(rule, state, way);
                let same = happened == if wanted == "none" { "kept" } else { wanted };
                if !same || answer.as_deref().is_some_and(|answer| answer != wanted) {
                    wrong.push(format!("{name}: wanted {wanted}, happened {happened}, answered {answer:?}: {after:?}"));
                }
                let live = after.iter().filter(|(_, state, _)| state == "active" || state == "held").count();
                if live > 1 && rule != "parallel_other" {
                    wrong.push(format!("{name}: {live} live runs"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), RULES.len() * STATES.len() * WAYS.len(), wrong.join("\n"));
}
