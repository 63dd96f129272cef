//! Who may ask: without a key nothing, with one what its scopes say; and that nothing says more than it must.

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

const ROUTES: [(&str, &str); 38] = [
    ("GET", "/api/v1/channels"),
    ("POST", "/api/v1/channels"),
    ("GET", "/api/v1/channels/1"),
    ("PATCH", "/api/v1/channels/1"),
    ("DELETE", "/api/v1/channels/1"),
    ("GET", "/api/v1/flows"),
    ("POST", "/api/v1/flows"),
    ("GET", "/api/v1/flows/1"),
    ("PUT", "/api/v1/flows/1"),
    ("DELETE", "/api/v1/flows/1"),
    ("POST", "/api/v1/flows/1/pause"),
    ("DELETE", "/api/v1/flows/1/pause"),
    ("POST", "/api/v1/flows/1/copies"),
    ("POST", "/api/v1/flows/1/runs"),
    ("GET", "/api/v1/runs"),
    ("GET", "/api/v1/runs/1"),
    ("PATCH", "/api/v1/runs/1"),
    ("PATCH", "/api/v1/runs/1/actions/m1:1"),
    ("DELETE", "/api/v1/runs/1/actions/m1:1"),
    ("POST", "/api/v1/runs/1/actions/m1:1/run"),
    ("POST", "/api/v1/runs/1/actions/m1:1/skips"),
    ("DELETE", "/api/v1/runs/1/actions/m1:1/changes"),
    ("GET", "/api/v1/contacts"),
    ("POST", "/api/v1/contacts/1/messages"),
    ("GET", "/api/v1/messages"),
    ("GET", "/api/v1/outbox"),
    ("DELETE", "/api/v1/outbox/1"),
    ("GET", "/api/v1/quarantine"),
    ("GET", "/api/v1/quick-replies"),
    ("POST", "/api/v1/quick-replies"),
    ("GET", "/api/v1/quick-replies/1"),
    ("PUT", "/api/v1/quick-replies/1"),
    ("POST", "/api/v1/quick-replies/1/copies"),
    ("DELETE", "/api/v1/quick-replies/1"),
    ("GET", "/api/v1/settings"),
    ("PATCH", "/api/v1/settings"),
    ("GET", "/api/v1/backup"),
    ("GET", "/metrics"),
];

#[test]
fn without_a_key_nothing_is_told() {
    let appliance = Appliance::start();
    let wrong = format!("Bearer {}0", &appliance.key[..appliance.key.len() - 1]);
    for (method, path) in ROUTES {
        for headers in [&[][..], &[("Authorization", "Bearer ")], &[("Authorization", wrong.as_str())]] {
            if wrong.ends_with(&appliance.key) && !headers.is_empty() {
                continue;
            }
            let answer = appliance.ask(method, path, headers, b"{}");
            answer.problem(401);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{method} {path}");
        }
    }
}

#[test]
fn every_answer_keeps_a_browser_careful() {
    let appliance = Appliance::start();
    for path in ["/health", "/api/v1/flows", "/no/such/page", "/metrics"] {
        let answer = appliance.ask("GET", path, &[], b"");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[test]
fn an_address_or_method_that_does_not_exist_says_so() {
    let appliance = Appliance::start();
    appliance.get("/dragons").problem(404);
    let answer = appliance.call("DELETE", "/settings", &Value::Null);
    answer.problem(405);
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("PATCH")), "{answer:?}");
    for path in ["/flows/99", "/runs/99", "/contacts/99", "/channels/99", "/flows/no-id"] {
        appliance.get(path).problem(404);
    }
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let appliance = Appliance::start();
    let told = appliance.call("POST", "/contacts", &json!({"name": "Anna", "colour": "red"})).problem(422);
    assert!(told.contains("colour"), "{told}");
    let told = appliance.get("/runs?shape=round").problem(422);
    assert!(told.contains("shape"), "{told}");
    let told = appliance.get("/runs?state=asleep").problem(422);
    assert!(told.contains("asleep"), "{told}");
    appliance.get("/messages?after=yesterday").problem(422);
    let bearer = format!("Bearer {}", appliance.key);
    let headers = [("Authorization", bearer.as_str())];
    appliance.ask("POST", "/api/v1/contacts", &headers, b"{not json").problem(400);
    appliance.ask("POST", "/api/v1/contacts", &headers, &vec![b' '; 300 * 1024]).problem(413);
    assert_eq!(appliance.all("/contacts"), Vec::<Value>::new());
}
