//! `/flows/{id}` saved again and again: its versions, the tests kept with it, who stands where, and `/flows/match`.

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

const KEPT: &str = "at 2026-11-23T09:00:00Z\n> \"listino\"\n< send \"Ecco.\"\n< wake in 1d\nwake in 1d\n< send \"Domande?\"\n< done";

fn listino(text: &str, talk: Option<&str>) -> Value {
    let mut flow = json!({"flusso": 1, "name": "Listino", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": text, "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "exits": {"elapsed": "m2"}},
        {"id": "m2", "kind": "message", "text": "Domande?"},
    ]});
    if let Some(script) = talk {
        flow["talks"] = json!([{"name": "Chi chiede", "script": script}]);
    }
    flow
}

fn made(appliance: &Appliance, flow: &Value) -> String {
    let made = appliance.call("POST", "/flows?enable=true", flow).expect(201);
    format!("/flows/{}", made["id"].as_str().unwrap())
}

#[test]
fn a_red_test_keeps_a_flow_from_being_saved_until_somebody_confirms() {
    let appliance = Appliance::start();
    let path = made(&appliance, &listino("Ecco.", Some(KEPT)));
    let answer = appliance.call("PUT", &path, &listino("Altro.", Some(KEPT)));
    answer.problem(422);
    let problem = &answer.json()["problems"][0];
    let message = problem["message"].as_str().unwrap();
    assert!(problem["severity"] == "warning" && message.contains("Chi chiede") && message.contains("line 3"), "{problem}");
    assert!(message.contains("Ecco.") && message.contains("Altro.") && answer.text().contains("red=confirm"), "{}", answer.text());
    assert_eq!(appliance.get(&path).expect(200), listino_read(&appliance, "Ecco."));
    let saved = appliance.call("PUT", &format!("{path}?red=confirm"), &listino("Altro.", Some(KEPT))).expect(200);
    assert_eq!((&saved["version"], saved["warnings"].as_array().unwrap().len()), (&json!(2), 1));
    appliance.call("PUT", &format!("{path}?red=yes"), &listino("Altro.", None)).problem(422);
}

/// The document as a saved one reads back.
fn listino_read(appliance: &Appliance, text: &str) -> Value {
    let other = Appliance::start();
    let path = made(&other, &listino(text, Some(KEPT)));
    let _ = appliance;
    other.get(&path).expect(200)
}

#[test]
fn every_version_is_told_with_what_changed() {
    let appliance = Appliance::start();
    let path = made(&appliance, &listino("Ecco.", None));
    appliance.call("PUT", &path, &listino("Ecco qua.", None)).expect(200);
    let mut third = listino("Ecco qua.", None);
    third["reentry"] = json!("restart");
    third["nodes"].as_array_mut().unwrap().pop();
    third["nodes"][2]["exits"] = json!({});
    appliance.call("PUT", &path, &third).expect(200);
    let listed = appliance.get(&format!("{path}/versions?limit=2")).expect(200);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|item| item["number"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(items[1]["changes"], json!([{"node": "m1", "what": "changed", "members": ["text"]}]));
    let what: Vec<(&Value, &Value)> = items[0]["changes"].as_array().unwrap().iter().map(|each| (&each["node"], &each["what"])).collect();
    let (none, w1, m2) = (Value::Null, json!("w1"), json!("m2"));
    assert_eq!(what, [(&none, &json!("changed")), (&w1, &json!("changed")), (&m2, &json!("removed"))]);
    let older = appliance.get(&format!("{path}/versions?limit=2&after={}", listed["next"].as_str().unwrap())).expect(200);
    assert_eq!((older["items"].as_array().unwrap().len(), &older["next"]), (1, &Value::Null));
    let first = appliance.get(&format!("{path}/versions/1")).expect(200);
    assert_eq!(first["nodes"][1]["text"], "Ecco.");
    appliance.call("PUT", &path, &first).expect(200);
    assert_eq!(appliance.get(&path).expect(200), first);
    appliance.get(&format!("{path}/versions/9")).problem(404);
}

#[test]
fn those_inside_go_where_was_chosen_for_their_node() {
    for (ways, state, node) in [
        ("", "active", Some("w1")),
        ("?ways=w1:stop", "stopped", None),
        ("?ways=w1:to:m2", "finished", None),
        ("?running=finish&ways=w1:stop", "active", Some("w1")),
    ] {
        let appliance = Appliance::start();
        let (_, hook) = appliance.simulator("Sim");
        let path = made(&appliance, &listino("Ecco.", None));
        appliance.say(&hook, "anna", "listino").expect(200);
        appliance.call("PUT", &format!("{path}{ways}"), &listino("Nuovo.", None)).expect(200);
        let run = appliance.all("/runs?state=any").remove(0);
        assert_eq!(run["state"], state, "{ways}: {run}");
        if let Some(node) = node {
            assert_eq!(run["node"], node, "{ways}: {run}");
        }
    }
    let appliance = Appliance::start();
    let path = made(&appliance, &listino("Ecco.", None));
    appliance.call("PUT", &format!("{path}?ways=w1:away"), &listino("Ecco.", None)).problem(422);
}

#[test]
fn a_phrase_says_who_would_get_it_and_who_loses() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    made(&appliance, &listino("Ecco.", None));
    let other = json!({"flusso": 1, "name": "Listini", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listin", "match": "contains"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Quale?"},
    ]});
    made(&appliance, &other);
    let told = appliance.get("/flows/match?text=Listino%21").expect(200);
    assert_eq!((&told["rule"], &told["name"], &told["trigger"]), (&json!("keyword_exact"), &json!("Listino"), &json!("k1")));
    assert_eq!((&told["lost"][0]["rule"], &told["lost"][0]["word"]), (&json!("keyword_contains"), &json!("listin")));
    let told = appliance.get("/flows/match?text=listini&channel=Sim").expect(200);
    assert_eq!(told["name"], "Listini");
    assert_eq!(appliance.get("/flows/match?text=stop").expect(200)["rule"], "stop_word");
    assert_eq!(appliance.get("/flows/match?text=boh").expect(200)["rule"], "nothing");
    appliance.get("/flows/match?text=a&channel=Nessuno").problem(422);
    appliance.get("/flows/match").problem(422);
}
