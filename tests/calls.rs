//! Calls of flows, on the built binary: out through the guard, back as an event, retried as the node says.

use crate::kit::appliance::Appliance;
use crate::kit::fake_provider::{FakeProvider, Reply};
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

fn order_flow(url: &str, method: &str) -> Value {
    json!({"flusso": 1, "name": "Ordine", "reentry": "restart", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ordine", "match": "starts"}], "exits": {"next": "a1"}},
        {"id": "a1", "kind": "api", "method": method, "url": format!("{url}/orders/{{{{ message.text }}}}"), "timeout": "2s",
         "body": if method == "POST" { json!({"json": {"who": "{{ contact.name }}"}}) } else { Value::Null },
         "save": [{"path": "$.status", "to": "run.status"}], "exits": {"ok": "m1", "failed": "m2", "timed_out": "m3"}},
        {"id": "m1", "kind": "message", "text": "Stato: {{ run.status }}"},
        {"id": "m2", "kind": "message", "text": "Non riuscito: {{ run.http_status }}"},
        {"id": "m3", "kind": "message", "text": "Tempo scaduto"}]})
}

/// A shop whose flow calls a fake system on loopback; whether the owner allows that address.
fn shop(method: &str, allowed: bool) -> (Appliance, FakeProvider, String) {
    let (flusso, system) = (Appliance::start(), FakeProvider::start());
    system.always(Reply::Raw(200, r#"{"status": "spedito"}"#.to_owned()));
    let (_, hook) = flusso.simulator("Simulatore");
    if allowed {
        let host = system.base_url().trim_start_matches("http://").to_owned();
        flusso.call("PATCH", "/settings", &json!({"private_hosts": [host]})).expect(200);
    }
    flusso.call("POST", "/flows?enable=true", &order_flow(system.base_url(), method)).expect(201);
    (flusso, system, hook)
}

/// The last thing a contact was told, once there is something.
fn told(flusso: &Appliance) -> String {
    let page = flusso.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| !items.is_empty()));
    page["items"][0]["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_call_goes_out_with_its_variables_escaped_and_its_answer_comes_back_to_the_run() {
    let (flusso, system, hook) = shop("GET", true);
    flusso.say(&hook, "Anna", "ordine 12/34?x=1");
    let seen = system.wait_for(1, SOON).remove(0);
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/orders/ordine%2012%2F34%3Fx%3D1"));
    assert!(seen.header("idempotency-key").is_some());
    assert_eq!(seen.header("webhook-id"), seen.header("idempotency-key"));
    assert!(seen.header("webhook-signature").is_some_and(|signature| signature.starts_with("v1,")));
    assert_eq!(told(&flusso), "Stato: spedito");
}

#[test]
fn a_private_address_that_the_owner_did_not_name_is_never_asked() {
    let (flusso, system, hook) = shop("GET", false);
    flusso.say(&hook, "Anna", "ordine 7");
    assert_eq!(told(&flusso), "Non riuscito:");
    system.stays_at(0, Duration::from_millis(200));
}

#[test]
fn a_server_in_trouble_is_asked_again_and_then_the_run_goes_on() {
    let (flusso, system, hook) = shop("GET", true);
    system.then(Reply::Raw(503, "{}".to_owned()));
    flusso.say(&hook, "Anna", "ordine 7");
    let seen = system.wait_for(2, SOON);
    assert_eq!(seen[0].header("idempotency-key"), seen[1].header("idempotency-key"));
    assert_eq!(seen[0].header("webhook-id"), seen[1].header("webhook-id"), "the name stays over the tries");
    assert_eq!(told(&flusso), "Stato: spedito");
}

#[test]
fn a_post_whose_answer_is_lost_is_not_made_twice() {
    let (flusso, system, hook) = shop("POST", true);
    system.then(Reply::Drop);
    flusso.say(&hook, "Anna", "ordine 7");
    system.wait_for(1, SOON);
    assert_eq!(told(&flusso), "Non riuscito:");
    system.stays_at(1, Duration::from_millis(500));
}

#[test]
fn an_answer_that_takes_too_long_leaves_by_its_own_exit() {
    let (flusso, system, hook) = shop("POST", true);
    system.then(Reply::Slow(Duration::from_secs(4)));
    flusso.say(&hook, "Anna", "ordine 7");
    system.wait_for(1, SOON);
    assert_eq!(told(&flusso), "Tempo scaduto");
}

#[test]
fn staff_are_told_by_a_webhook_even_where_the_run_ends_at_once_and_the_owner_hears_of_a_failure() {
    let (flusso, system) = (Appliance::start(), FakeProvider::start());
    let (_, hook) = flusso.simulator("Simulatore");
    let host = system.base_url().trim_start_matches("http://").to_owned();
    flusso.call("PATCH", "/settings", &json!({"private_hosts": [host]})).expect(200);
    let notify = |name: &str, word: &str, to: &str| {
        json!({"flusso": 1, "name": name, "nodes": [
            {"id": "k1", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": "n1"}},
            {"id": "n1", "kind": "notify", "text": "{{ contact.address }} aspetta", "to": to}]})
    };
    system.always(Reply::Raw(200, "{}".to_owned()));
    flusso.call("POST", "/flows?enable=true", &notify("Avvisa", "aiuto", &format!("{}/staff", system.base_url()))).expect(201);
    flusso.call("POST", "/flows?enable=true", &notify("Sbagliata", "ehi", "nessuno")).expect(201);
    flusso.say(&hook, "Anna", "aiuto");
    let seen = system.wait_for(1, SOON).remove(0);
    let body = &seen.json;
    assert_eq!((seen.path.as_str(), &body["text"]), ("/staff", &json!("Anna aspetta")));
    flusso.say(&hook, "Anna", "ehi");
    let flows = flusso.all("/flows");
    let errors: Vec<Option<&str>> = flows.iter().map(|flow| flow["last_error"]["text"].as_str()).collect();
    assert!(errors[0].is_none() && errors[1].is_some_and(|text| text.contains("\"nessuno\"")), "{errors:?}");
}

#[test]
fn a_secret_goes_out_with_a_call_and_stands_nowhere_else() {
    let (flusso, system, hook) = shop("GET", true);
    let mut flow = order_flow(system.base_url(), "POST");
    flow["name"] = json!("Segreta");
    flow["nodes"][0]["phrases"] = json!([{"text": "segreto", "match": "starts"}]);
    flow["nodes"][1]["headers"] = json!({"Authorization": "Bearer {{ secret.shop_key }}"});
    flow["nodes"][1]["body"] =
        json!({"json": {"key": "{{ secret.shop_key }}", "who": "{{ message.text }}", "mark": "\u{1}secret.shop_key\u{1}"}});
    let made = flusso.call("POST", "/flows?enable=true", &flow).expect(201);
    assert_eq!(made["warnings"], json!([]), "a secret is a name that a call may use");
    flusso.say(&hook, "Anna", "segreto");
    assert_eq!(told(&flusso), "Non riuscito:", "it is not set yet");
    system.stays_at(0, Duration::from_millis(200));
    flusso.call("PUT", "/secrets/shop_key", &json!({"value": "canarino-4711"})).expect(204);
    assert_eq!(flusso.all("/secrets"), [json!({"name": "shop_key"})]);
    flusso.say(&hook, "Bruno", "segreto \u{1}secret.shop_key\u{1}");
    let seen = system.wait_for(1, SOON).remove(0);
    assert_eq!(seen.header("authorization"), Some("Bearer canarino-4711"));
    assert_eq!(seen.json["key"], "canarino-4711");
    assert_eq!(seen.json["who"], "segreto secret.shop_key", "no value brings a secret in");
    assert_eq!(seen.json["mark"], "secret.shop_key", "and no mark that somebody wrote");
    for path in ["/outbox", "/runs?state=any", "/messages", "/settings", "/flows"] {
        assert!(!flusso.get(path).text().contains("canarino"), "{path}");
    }
    let file = std::fs::read(flusso.data()).unwrap();
    assert!(!file.windows(8).any(|bytes| bytes == b"canarino"), "the file holds it sealed");
}
