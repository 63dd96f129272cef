//! What is late while it goes out at the pace of its channel: how much the pages say, and that who writes now is answered first.

use super::desk::Desk;
use serde_json::json;

#[test]
fn what_is_late_is_told_with_how_long_it_takes_and_who_writes_now_is_answered_before_it() {
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
    assert!(!desk.get("/runs").contains("in ritardo"), "what is due now is not late");
    ahead("2m");
    for path in ["/runs", "/agenda"] {
        let page = desk.get(path);
        assert!(page.contains("4 azioni in ritardo stanno partendo, dalle più vecchie"), "{path}: {page}");
        assert!(page.contains("Al ritmo dei canali servono circa 1 ora"), "{path}: {page}");
    }
    desk.appliance.call("PATCH", "/settings", &json!({"paused": true})).expect(200);
    assert!(!desk.get("/runs").contains("in ritardo"), "while everything is paused nothing is going out");
    desk.appliance.call("PATCH", "/settings", &json!({"paused": false})).expect(200);
    desk.appliance.say(&hook, "Fabio", "ciao");
    // The sender knows of the answer before its turn comes.
    let bearer = format!("Bearer {}", desk.appliance.key);
    let waiting = || desk.appliance.ask("GET", "/metrics", &[("Authorization", &bearer)], b"").text();
    let knows = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        waiting().lines().any(|line| line == "flusso_outbox_waiting 5")
    });
    assert!(knows, "{}", waiting());
    ahead("17m");
    let told = |page: &serde_json::Value| page["items"].as_array().is_some_and(|items| items.len() == 2);
    desk.appliance.wait_for("/outbox?state=sent", told);
    let said = desk.appliance.all("/messages?direction=out");
    let sent: Vec<&str> = said.iter().filter(|said| said["status"] == "sent").map(|said| said["text"].as_str().unwrap()).collect();
    assert_eq!(sent, ["Eccomi", "Ciao!"], "the answer passed the four that were late: {said:#?}");
}
