//! `/flows`

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

const WELCOME: &str = include_str!("../documents/welcome.json");

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn two_steps(name: &str, word: &str) -> Value {
    json!({"flusso": 1, "name": name, "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": "w"}},
        {"id": "w", "kind": "wait", "for": "1d", "exits": {"elapsed": "m"}},
        {"id": "m", "kind": "message", "text": "Ancora qui?"},
    ]})
}

#[test]
fn a_document_reads_back_as_it_was_sent_and_can_be_saved_again() {
    let appliance = Appliance::start();
    let made = appliance.call("POST", "/flows", &document(WELCOME)).expect(201);
    assert_eq!((made["id"].is_string(), &made["version"]), (true, &json!(1)));
    let path = format!("/flows/{}", made["id"].as_str().unwrap());
    let read = appliance.get(&path).expect(200);
    let saved = appliance.call("PUT", &path, &read).expect(200);
    assert_eq!(saved["version"], 2);
    assert_eq!(appliance.get(&path).expect(200), read);
    let listed = appliance.all("/flows").remove(0);
    assert_eq!((&listed["state"], &listed["version"], &listed["name"]), (&json!("disabled"), &json!(2), &read["name"]));
}

#[test]
fn a_flow_that_cannot_run_is_refused_with_every_problem_and_not_stored() {
    let appliance = Appliance::start();
    let broken = json!({"flusso": 1, "name": "B", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [], "exits": {"next": "gone"}},
        {"id": "m", "kind": "message", "text": ""},
    ]});
    let answer = appliance.call("POST", "/flows", &broken);
    answer.problem(422);
    let problems = answer.json()["problems"].as_array().unwrap().clone();
    assert!(problems.len() >= 3, "{problems:?}");
    for problem in &problems {
        assert!(problem["message"].as_str().is_some_and(|text| text.ends_with('.')), "{problem}");
        assert!(problem["severity"] == "error" || problem["severity"] == "warning", "{problem}");
    }
    assert!(problems.iter().any(|problem| problem["node"] == "k" && problem["message"].as_str().unwrap().contains("gone")));
    let unknown = json!({"flusso": 1, "name": "B", "colour": "red", "nodes": []});
    let answer = appliance.call("POST", "/flows", &unknown);
    answer.problem(422);
    assert!(answer.text().contains("colour"), "{}", answer.text());
    appliance.call("POST", "/flows", &json!([])).problem(422);
    assert_eq!(appliance.all("/flows"), Vec::<Value>::new());
}

#[test]
fn a_phrase_that_another_flow_has_is_refused_naming_the_owner() {
    let appliance = Appliance::start();
    appliance.call("POST", "/flows", &two_steps("One", "listino")).expect(201);
    let answer = appliance.call("POST", "/flows", &two_steps("Two", "Listino!"));
    answer.problem(422);
    assert!(answer.text().contains("One"), "{}", answer.text());
}

#[test]
fn a_launched_flow_is_exported_by_name() {
    let appliance = Appliance::start();
    appliance.call("POST", "/flows", &two_steps("Target", "target")).expect(201);
    let caller =
        json!({"flusso": 1, "name": "Caller", "start": "l", "nodes": [{"id": "l", "kind": "launch", "flow": "Target", "mode": "jump"}]});
    let id = appliance.call("POST", "/flows", &caller).expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(appliance.get(&format!("/flows/{id}")).expect(200)["nodes"][0]["flow"], "Target");
}

#[test]
fn a_flow_is_enabled_disabled_copied_and_deleted() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    let id = appliance.call("POST", "/flows?enable=true", &two_steps("One", "ciao")).expect(201)["id"].as_str().unwrap().to_owned();
    appliance.say(&hook, "anna", "ciao").expect(200);
    let paused = appliance.call("POST", &format!("/flows/{id}/pause"), &Value::Null).expect(200);
    assert_eq!((&paused["state"], &paused["runs"]), (&json!("disabled"), &json!(1)));
    appliance.say(&hook, "bruno", "ciao").expect(200);
    assert_eq!(appliance.all("/runs").len(), 1);
    let enabled = appliance.call("DELETE", &format!("/flows/{id}/pause?overdue=spread"), &Value::Null).expect(200);
    assert_eq!(enabled["state"], "enabled");
    appliance.call("DELETE", &format!("/flows/{id}/pause?overdue=never"), &Value::Null).problem(422);
    let copy = appliance.call("POST", &format!("/flows/{id}/copies"), &Value::Null).expect(201);
    assert!(copy["missing"].as_array().unwrap().contains(&json!({"node": "k", "what": "phrases"})), "{copy}");
    let copied = appliance.get(&format!("/flows/{}", copy["id"].as_str().unwrap())).expect(200);
    assert_eq!((&copied["name"], &copied["nodes"][0]["phrases"]), (&json!("One (2)"), &json!([])));
    appliance.call("DELETE", &format!("/flows/{id}"), &Value::Null).expect(204);
    assert_eq!(appliance.all("/runs"), Vec::<Value>::new());
    assert!(appliance.all("/flows").iter().all(|flow| flow["id"] != id.as_str()));
    assert_eq!(appliance.all("/flows?state=binned").len(), 1);
    appliance.call("POST", "/flows", &two_steps("Again", "ciao")).expect(201);
}

#[test]
fn a_start_says_what_came_of_it_and_the_same_key_starts_once() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    let id = appliance.call("POST", "/flows?enable=true", &two_steps("One", "ciao")).expect(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/flows/{id}/runs");
    let body = json!({"contact": {"channel": "Sim", "address": "anna", "name": "Anna"}, "variables": {"order_id": 7}});
    let first = appliance.post_once(&path, "order 7", &body).expect(202);
    assert_eq!(first["outcome"], "started");
    assert_eq!(appliance.post_once(&path, "order 7", &body).expect(202), first);
    let kept = appliance.call("POST", &path, &body).expect(202);
    assert_eq!((&kept["outcome"], &kept["run"]), (&json!("kept"), &first["run"]));
    let run = appliance.get(&format!("/runs/{}", first["run"].as_str().unwrap())).expect(200);
    assert_eq!((&run["variables"], &run["node"], &run["state"]), (&json!({"order_id": 7}), &json!("w"), &json!("active")));
    appliance.call("POST", &path, &json!({"contact": {"channel": "Sim"}})).problem(422);
    appliance.call("POST", &path, &json!({"contact": {"id": "99"}})).problem(404);
    appliance.call("POST", "/flows/99/runs", &body).problem(404);
    appliance.call("POST", &format!("/flows/{id}/pause"), &Value::Null).expect(200);
    assert_eq!(appliance.call("POST", &path, &body).expect(202)["outcome"], "blocked");
}

#[test]
fn a_flows_own_address_starts_it_and_calls_back_who_waits() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Order", "start": "w", "nodes": [
        {"id": "w", "kind": "wait", "for": "1d", "met": {"callback": true}, "exits": {"met": "w2"}},
        {"id": "w2", "kind": "wait", "for": "1d"},
    ]});
    let made = appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    let url = made["start_url"].as_str().unwrap();
    let path = &url[url.find("/start/").unwrap()..];
    let body = json!({"contact": {"channel": "Sim", "address": "anna"}, "variables": {"state": "shipped"}}).to_string();
    let started = appliance.ask("POST", path, &[("Idempotency-Key", "1")], body.as_bytes()).expect(202);
    assert_eq!(started["outcome"], "started");
    assert_eq!(appliance.ask("POST", path, &[("Idempotency-Key", "1")], body.as_bytes()).expect(202), started);
    let other = body.replace("anna", "bruno");
    let refused = appliance.ask("POST", path, &[("Idempotency-Key", "1")], other.as_bytes()).problem(422);
    assert!(refused.contains("came before with another request"), "{refused}");
    let leaves = json!({"contact": {"channel": "Sim", "address": "anna"}, "leave": "paid"}).to_string();
    appliance.ask("POST", path, &[("Idempotency-Key", "1")], leaves.as_bytes()).problem(422);
    let run = format!("/runs/{}", started["run"].as_str().unwrap());
    assert_eq!(appliance.get(&run).expect(200)["node"], "w");
    appliance.ask("POST", path, &[("Idempotency-Key", "2")], body.as_bytes()).expect(202);
    assert_eq!(appliance.get(&run).expect(200)["node"], "w2");
    appliance.ask("POST", "/start/0123456789abcdef0123456789abcdef", &[], body.as_bytes()).problem(404);
}

#[test]
fn a_call_back_goes_to_the_run_of_its_own_key() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Visits", "start": "w", "reentry": "parallel", "reentry_key": "run.visit", "nodes": [
        {"id": "w", "kind": "wait", "for": "1d", "met": {"callback": true}, "exits": {"met": "w2"}},
        {"id": "w2", "kind": "wait", "for": "1d"},
    ]});
    let made = appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    let url = made["start_url"].as_str().unwrap();
    let path = &url[url.find("/start/").unwrap()..];
    let call = |visit: &str| {
        let body = json!({"contact": {"channel": "Sim", "address": "anna"}, "variables": {"visit": visit}}).to_string();
        appliance.ask("POST", path, &[], body.as_bytes()).expect(202)
    };
    let (first, second) = (call("A"), call("B"));
    assert_eq!((&first["outcome"], &second["outcome"]), (&json!("started"), &json!("started")));
    assert_eq!(call("B")["run"], second["run"]);
    let node = |run: &Value| appliance.get(&format!("/runs/{}", run["run"].as_str().unwrap())).expect(200)["node"].clone();
    assert_eq!((node(&first), node(&second)), (json!("w"), json!("w2")));
    let nameless = json!({"contact": {"channel": "Sim", "address": "anna"}}).to_string();
    let third = appliance.ask("POST", path, &[], nameless.as_bytes()).expect(202);
    assert_eq!((&third["outcome"], node(&first)), (&json!("started"), json!("w")), "what names no visit is of none of them");
}

#[test]
fn a_call_back_goes_by_what_the_contact_has_where_that_tells_runs_apart() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Orders", "start": "w", "reentry": "parallel", "reentry_key": "contact.fields.order", "nodes": [
        {"id": "w", "kind": "wait", "for": "1d", "met": {"callback": true}, "exits": {"met": "w2"}},
        {"id": "w2", "kind": "wait", "for": "1d"},
    ]});
    let made = appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    let url = made["start_url"].as_str().unwrap();
    let path = &url[url.find("/start/").unwrap()..];
    let body = json!({"contact": {"channel": "Sim", "address": "anna"}}).to_string();
    let call = || appliance.ask("POST", path, &[], body.as_bytes()).expect(202);
    call();
    let anna = appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    let order = |order: &str| appliance.call("PATCH", &format!("/contacts/{anna}"), &json!({"fields": {"order": order}})).expect(200);
    order("1");
    let first = call();
    order("2");
    let second = call();
    assert_eq!((&first["outcome"], &second["outcome"]), (&json!("started"), &json!("started")), "another order is another run");
    assert_eq!(call()["run"], second["run"]);
}
