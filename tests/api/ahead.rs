//! What the API tells of a run that is still to come: the ways where it is not decided, the pace of its channel; and what the panel has
//! beside it: views, and a contact's automations off until a time.

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

#[test]
fn undecided_ways_are_told_with_what_would_follow() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Domanda", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "reply": {"check": "number", "save": "run.answer"},
            "exits": {"elapsed": "m2", "replied": "m3"}},
        {"id": "m2", "kind": "message", "text": "Ancora qui?"},
        {"id": "m3", "kind": "message", "text": "Grazie {{ contact.address }}"}]});
    appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    appliance.say(&hook, "anna", "ciao").expect(200);
    let run = appliance.all("/runs").remove(0)["id"].as_str().unwrap().to_owned();
    let told = appliance.get(&format!("/runs/{run}")).expect(200);
    let actions = told["actions"].as_array().unwrap();
    let pending = actions.iter().find(|action| action["source"] == "pending").unwrap();
    let way = |exit: &str| pending["ways"].as_array().unwrap().iter().find(|way| way["exit"] == exit).unwrap().clone();
    let (elapsed, replied, invalid) = (way("elapsed"), way("replied"), way("invalid"));
    assert_eq!((&elapsed["followed"], &elapsed["next"]), (&json!(true), &json!([])), "it is in the actions below");
    assert_eq!((&replied["followed"], &replied["ends"], &replied["node"]), (&json!(false), &json!(false), &json!("w1")));
    assert_eq!(replied["next"][0]["text"], "Grazie anna", "as this contact would get it: {replied:#}");
    assert_eq!((&replied["next"][0]["source"], &replied["next"][0]["state"]), (&json!("forecast"), &json!("forecast")));
    assert_eq!((&invalid["ends"], &invalid["next"]), (&json!(true), &json!([])));
    assert!(actions.iter().filter(|action| action["source"] != "pending").all(|action| action["ways"] == json!([])), "{actions:#?}");
}

#[test]
fn a_channel_with_much_before_it_says_how_much_later() {
    let appliance = Appliance::start();
    let slow = json!({"kind": "simulator", "name": "Lento", "settings": {"rate": {"per_second": 0.1, "burst": 1}}});
    let slow = appliance.call("POST", "/channels", &slow).expect(201)["id"].clone();
    let flow = json!({"flusso": 1, "name": "Ritmo", "start": "w", "nodes": [
        {"id": "w", "kind": "wait", "for": "10m", "exits": {"elapsed": "m"}}, {"id": "m", "kind": "message", "text": "Eccomi"}]});
    let flow = appliance.call("POST", "/flows?enable=true", &flow).expect(201)["id"].as_str().unwrap().to_owned();
    let start = |number: usize| {
        let body = json!({"contact": {"channel": slow, "address": format!("persona {number}")}});
        appliance.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202)["run"].as_str().unwrap().to_owned()
    };
    let runs: Vec<String> = (0..9).map(start).collect();
    let of = |run: &String| appliance.get(&format!("/runs/{run}")).expect(200)["behind"].clone();
    assert_eq!(of(&runs[0]), Value::Null);
    let behind = of(&runs[8]);
    assert!(behind.as_str().is_some_and(|behind| behind.starts_with("1m")), "eight before it, ten seconds each: {behind}");
}

#[test]
fn automations_of_a_contact_are_off_until_a_time_and_views_are_kept() {
    let appliance = Appliance::start();
    let body = json!({"name": "Anna", "addresses": [{"channel_kind": "simulator", "address": "anna"}]});
    let path = format!("/contacts/{}", appliance.call("POST", "/contacts", &body).expect(201)["id"].as_str().unwrap());
    let until = "2099-01-01T09:00:00.000Z";
    let off = appliance.call("PATCH", &path, &json!({"automations": "off", "automations_until": until})).expect(200);
    assert_eq!((&off["automations"], &off["automations_until"]), (&json!("off"), &json!(until)));
    assert_eq!(appliance.call("PATCH", &path, &json!({"automations": "on"})).expect(200)["automations_until"], Value::Null);
    appliance.call("PATCH", &path, &json!({"automations_until": until})).problem(422);
    appliance.call("PATCH", &path, &json!({"automations": "on", "automations_until": until})).problem(422);
    let view = json!({"name": "Sospese", "query": "state=held"});
    appliance.call("POST", "/runs/views", &view).expect(200);
    appliance.call("POST", "/runs/views", &view).expect(200);
    assert_eq!(appliance.all("/runs/views"), std::slice::from_ref(&view), "the same name is the same view");
    appliance.call("POST", "/runs/views", &json!({"name": " ", "query": ""})).problem(422);
    appliance.call("DELETE", "/runs/views/Sospese", &Value::Null).expect(204);
    assert!(appliance.all("/runs/views").is_empty());
}
