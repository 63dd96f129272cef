//! What is late while it goes out at the pace of its channel: how much of it there is, and how long it takes.

use super::desk::Desk;
use serde_json::json;

#[test]
fn what_is_late_is_told_with_how_long_it_takes() {
    let desk = Desk::open();
    let (id, hook) = desk.appliance.simulator("Sim");
    let slow = json!({"settings": {"rate": {"per_second": 0.001, "burst": 1}}});
    desk.appliance.call("PATCH", &format!("/channels/{id}"), &slow).expect(200);
    let ahead = |span: &str| {
        let headers = [("Content-Type", "application/json")];
        desk.appliance.ask("POST", "/test/clock", &headers, json!({"ahead": span}).to_string().as_bytes()).expect(200);
    };
    let keyword =
        |word: &str| json!({"id": "k1", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": "n1"}});
    let later = json!([keyword("via"), {"id": "n1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m1"}}, {"id": "m1", "kind": "message", "text": "Eccomi"}]);
    let now = json!([keyword("ciao"), {"id": "n1", "kind": "message", "text": "Ciao!"}]);
    for (name, nodes) in [("Dopo", later), ("Subito", now)] {
        desk.appliance.call("POST", "/flows?enable=true", &json!({"flusso": 1, "name": name, "nodes": nodes})).expect(201);
    }
    for person in ["Anna", "Bruno", "Carla", "Dora", "Elio"] {
        desk.appliance.say(&hook, person, "via");
    }
    assert!(!desk.get("/runs").contains("in ritardo"), "nothing is late yet");
    ahead("1h");
    let four = |page: &serde_json::Value| page["items"].as_array().is_some_and(|items| items.len() == 4);
    desk.appliance.wait_for("/outbox?state=ready", four);
    ahead("2m");
    for path in ["/runs", "/agenda"] {
        let page = desk.get(path);
        assert!(page.contains("4 azioni in ritardo stanno partendo, dalle più vecchie"), "{path}: {page}");
        assert!(page.contains("Al ritmo dei canali servono circa 1 ora"), "{path}: {page}");
    }
}
