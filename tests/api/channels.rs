//! `/channels`

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

fn whatsapp() -> Value {
    json!({"kind": "whatsapp", "name": "Shop", "settings": {
        "phone_number_id": "106540352242922", "access_token": "EAAG-a-long-access-token", "app_secret": "an-app-secret-1", "verify_token": "word",
    }})
}

#[test]
fn secrets_come_back_masked_and_lie_sealed_in_the_file() {
    let mut appliance = Appliance::start();
    let made = appliance.call("POST", "/channels", &whatsapp()).expect(201);
    let id = made["id"].as_str().unwrap();
    assert!(made["hook_url"].as_str().unwrap().starts_with(&format!("http://{}/hooks/", appliance.address)), "{made}");
    for shown in [made.clone(), appliance.get(&format!("/channels/{id}")).expect(200), appliance.get("/channels").expect(200)] {
        let text = shown.to_string();
        assert!(text.contains("••••oken") && !text.contains("EAAG"), "{text}");
    }
    assert_eq!(made["settings"]["graph_version"], "v26.0");
    appliance.stop("TERM");
    let bytes = std::fs::read(appliance.data()).unwrap();
    for secret in [&b"EAAG-a-long-access-token"[..], b"an-app-secret-1"] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret));
    }
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let appliance = Appliance::start();
    let made = appliance.call("POST", "/channels", &whatsapp()).expect(201);
    let path = format!("/channels/{}", made["id"].as_str().unwrap());
    let changed =
        appliance.call("PATCH", &path, &json!({"name": "Store", "settings": {"access_token": "EAAG-another-long-one"}})).expect(200);
    assert_eq!((&changed["name"], &changed["hook_url"]), (&json!("Store"), &made["hook_url"]));
    assert_eq!(changed["settings"]["access_token"], "••••-one");
    assert_eq!(changed["settings"]["phone_number_id"], "106540352242922");
    let told = appliance.call("PATCH", &path, &json!({"settings": {"access_token": null}})).problem(422);
    assert!(told.contains("access_token"), "{told}");
    let told = appliance.call("PATCH", &path, &json!({"settings": {"colour": "red"}})).problem(422);
    assert!(told.contains("colour"), "{told}");
}

#[test]
fn a_name_is_one_channels_alone() {
    let appliance = Appliance::start();
    appliance.simulator("Sim");
    appliance.call("POST", "/channels", &json!({"kind": "simulator", "name": "Sim"})).problem(409);
    appliance.call("POST", "/channels", &json!({"kind": "simulator", "name": " "})).problem(422);
    appliance.call("POST", "/channels", &json!({"kind": "pigeon", "name": "P"})).problem(422);
    appliance.call("POST", "/channels", &json!({"kind": "telegram", "name": "T"})).problem(422);
    assert_eq!(appliance.all("/channels").len(), 1);
}

#[test]
fn a_deleted_channel_hears_nothing_and_its_runs_stop() {
    let appliance = Appliance::start();
    let (id, hook) = appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "W", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "w"}},
        {"id": "w", "kind": "wait", "for": "1d"},
    ]});
    appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    appliance.say(&hook, "anna", "ciao").expect(200);
    assert_eq!(appliance.all("/runs").len(), 1);
    appliance.call("DELETE", &format!("/channels/{id}"), &Value::Null).expect(204);
    assert_eq!(appliance.all("/runs"), Vec::<Value>::new());
    assert_eq!(appliance.all("/runs?state=stopped").len(), 1);
    appliance.say(&hook, "anna", "ciao").problem(404);
    appliance.get(&format!("/channels/{id}")).problem(404);
}
