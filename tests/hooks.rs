//! Webhooks as a provider meets them: what is answered, what is stored, and that what was answered 2xx outlives a kill.

use crate::kit::appliance::Appliance;
use crate::kit::client;
use crate::kit::fake_provider::{FakeProvider, signature, text, webhook};
use serde_json::{Value, json};

const NUMBER: &str = "106540352242922";
const SECRET: &str = "the-secret-of-the-app";

/// A WhatsApp channel that speaks with the fake; the path of its webhook.
fn whatsapp(appliance: &Appliance, fake: &FakeProvider) -> String {
    let settings = json!({
        "phone_number_id": NUMBER, "access_token": "EAAG-a-long-access-token", "app_secret": SECRET, "verify_token": "verify-me",
        "base_url": fake.base_url(), "allow_private_addresses": true,
    });
    let channel = appliance.call("POST", "/channels", &json!({"kind": "whatsapp", "name": "Shop", "settings": settings})).expect(201);
    let url = channel["hook_url"].as_str().unwrap();
    url[url.find("/hooks/").unwrap()..].to_owned()
}

fn signed(appliance: &Appliance, hook: &str, body: &[u8]) -> u16 {
    let signature = signature(SECRET, body);
    appliance.ask("POST", hook, &[("X-Hub-Signature-256", &signature), ("Content-Type", "application/json")], body).status
}

fn inbound(appliance: &Appliance) -> Vec<Value> {
    appliance.all("/messages?direction=in")
}

#[test]
fn what_was_answered_200_outlives_a_kill_and_comes_once() {
    let fake = FakeProvider::start();
    let mut appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    for n in 0..20 {
        let body = webhook(NUMBER, &[text(&format!("wamid.{n}"), "393331234567", &format!("number {n}"))], &[]);
        assert_eq!(signed(&appliance, &hook, &body), 200);
        if n % 5 == 4 {
            appliance.kill_and_restart();
        }
        assert_eq!(signed(&appliance, &hook, &body), 200, "the provider repeats itself");
    }
    let texts: Vec<String> = inbound(&appliance).iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, (0..20).map(|n| format!("number {n}")).collect::<Vec<_>>());
}

#[test]
fn a_message_is_told_with_everything_the_api_promises() {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    let body = webhook(NUMBER, &[text("wamid.1", "393331234567", "ciao")], &[]);
    assert_eq!(signed(&appliance, &hook, &body), 200);
    let message = inbound(&appliance).remove(0);
    for (name, value) in [
        ("direction", json!("in")),
        ("kind", json!("text")),
        ("text", json!("ciao")),
        ("provider_id", json!("wamid.1")),
        ("status", json!("received")),
        ("run", Value::Null),
        ("node", Value::Null),
    ] {
        assert_eq!(message[name], value, "{name}: {message}");
    }
    assert!(message["seq"].is_u64() && message["contact"].is_string() && message["channel"].is_string(), "{message}");
    assert!(message["stored_at"].as_str().unwrap().ends_with('Z') && message["provider_time"].is_string(), "{message}");
    assert_eq!(
        (&message["route"]["rule"], &message["route"]["flow"], &message["route"]["lost"]),
        (&json!("nothing"), &Value::Null, &json!([]))
    );
}

#[test]
fn only_the_provider_is_let_in() {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    let body = webhook(NUMBER, &[text("wamid.1", "393331234567", "ciao")], &[]);
    let good = signature(SECRET, &body);
    let flipped = good.replace(good.chars().last().unwrap(), if good.ends_with('0') { "1" } else { "0" });
    for headers in [&[][..], &[("X-Hub-Signature-256", flipped.as_str())], &[("X-Hub-Signature-256", "sha256=")]] {
        let answer = appliance.ask("POST", &hook, headers, &body);
        assert!(matches!(answer.status, 401 | 403), "{headers:?}: {}", answer.status);
    }
    assert_eq!(inbound(&appliance), Vec::<Value>::new());
}

#[test]
fn the_check_of_the_address_is_answered_with_its_challenge() {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    let path = format!("{hook}?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444");
    let answer = appliance.ask("GET", &path, &[], b"");
    assert_eq!((answer.status, answer.text().as_str()), (200, "1158201444"));
    let answer = appliance.ask("GET", &path.replace("verify-me", "guess"), &[], b"");
    assert_eq!(answer.status, 403);
}

#[test]
fn an_address_that_does_not_exist_is_404_and_counted() {
    let appliance = Appliance::start();
    appliance.ask("POST", "/hooks/0123456789abcdef0123456789abcdef", &[], b"{}").problem(404);
    let bearer = format!("Bearer {}", appliance.key);
    let metrics = appliance.ask("GET", "/metrics", &[("Authorization", &bearer)], b"").text();
    assert!(metrics.contains("flusso_hooks_unknown_total 1"), "{metrics}");
    assert!(metrics.contains("flusso_hooks_total{status=\"404\"} 1"), "{metrics}");
}

#[test]
fn what_is_signed_and_cannot_be_read_is_kept_and_acknowledged() {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    assert_eq!(signed(&appliance, &hook, b"this is no JSON"), 200);
    let kept = appliance.all("/quarantine");
    assert_eq!((kept.len(), &kept[0]["body"]), (1, &json!("this is no JSON")));
    let id = kept[0]["id"].as_str().unwrap();
    appliance.call("POST", &format!("/quarantine/{id}/retry"), &Value::Null).problem(409);
    appliance.call("DELETE", &format!("/quarantine/{id}"), &Value::Null).expect(204);
    appliance.call("DELETE", &format!("/quarantine/{id}"), &Value::Null).problem(404);
    assert_eq!(appliance.all("/quarantine"), Vec::<Value>::new());
}

#[test]
fn a_body_too_large_or_encoded_is_refused_and_stored_nowhere() {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let hook = whatsapp(&appliance, &fake);
    let huge = vec![b' '; 4 * 1024 * 1024 + 1];
    assert_eq!(signed(&appliance, &hook, &huge), 413);
    let head = format!("POST {hook} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999999999\r\n\r\n");
    assert_eq!(client::raw(appliance.address, head.as_bytes()).unwrap().status, 413);
    let body = webhook(NUMBER, &[text("wamid.1", "393331234567", "ciao")], &[]);
    let signature = signature(SECRET, &body);
    for coding in ["gzip", "br", "unheard-of"] {
        let answer = appliance.ask("POST", &hook, &[("X-Hub-Signature-256", &signature), ("Content-Encoding", coding)], &body);
        assert_eq!(answer.status, 415, "{coding}");
    }
    assert_eq!((inbound(&appliance).len(), appliance.all("/quarantine").len()), (0, 0));
    let large = appliance.ask("POST", &hook, &[("X-Hub-Signature-256", "sha256=00")], &huge[1..]);
    assert!(matches!(large.status, 401 | 403), "one byte less reaches the codec: {}", large.status);
    assert_eq!(signed(&appliance, &hook, &body), 200, "and the next one is served");
}

#[test]
fn a_disabled_channel_stores_and_starts_nothing() {
    let appliance = Appliance::start();
    let (id, hook) = appliance.simulator("Sim");
    let flow = include_bytes!("documents/welcome.json");
    let bearer = format!("Bearer {}", appliance.key);
    appliance.ask("POST", "/api/v1/flows?enable=true", &[("Authorization", &bearer)], flow).expect(201);
    appliance.call("PATCH", &format!("/channels/{id}"), &json!({"enabled": false})).expect(200);
    appliance.say(&hook, "anna", "ciao").expect(200);
    let message = inbound(&appliance).remove(0);
    assert!(message["reason"].as_str().is_some_and(|reason| reason.contains("disabled")), "{message}");
    assert_eq!(appliance.all("/runs?state=any"), Vec::<Value>::new());
}

#[test]
fn a_simulated_person_needs_a_key() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    let body = br#"{"contact": "anna", "text": "ciao"}"#;
    appliance.ask("POST", &hook, &[], body).problem(401);
    appliance.ask("POST", &hook, &[("Authorization", "Bearer flusso_guess")], body).problem(401);
    appliance.say(&hook, "anna", "ciao").expect(200);
    assert_eq!(inbound(&appliance)[0]["text"], "ciao");
}
