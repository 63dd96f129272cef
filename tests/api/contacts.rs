//! `/contacts`

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

fn anna(appliance: &Appliance) -> Value {
    let body = json!({
        "name": "Anna", "addresses": [{"channel_kind": "whatsapp", "address": "+39 333 123-4567"}],
        "fields": {"city": "Torino", "age": 41, "vip": true}, "tags": ["new"], "language": "it", "time_zone": "Europe/Rome",
        "consent": "opted_in", "automations": "on",
    });
    appliance.call("POST", "/contacts", &body).expect(201)
}

#[test]
fn a_contact_comes_back_as_it_was_given() {
    let appliance = Appliance::start();
    let made = anna(&appliance);
    assert_eq!(made["addresses"], json!([{"channel_kind": "whatsapp", "address": "393331234567"}]));
    assert_eq!(made["fields"], json!({"age": 41, "city": "Torino", "vip": true}));
    assert_eq!((&made["consent"], &made["automations"], &made["tags"]), (&json!("opted_in"), &json!("on"), &json!(["new"])));
    assert_eq!((&made["consent_record"]["how"], &made["time_zone"]), (&json!("api"), &json!("Europe/Rome")));
    let id = made["id"].as_str().unwrap();
    assert_eq!(appliance.get(&format!("/contacts/{id}")).expect(200), made);
    assert_eq!(appliance.all("/contacts?text=anna"), vec![made.clone()]);
    assert_eq!(appliance.all("/contacts?text=1234567"), vec![made.clone()]);
    assert_eq!(appliance.all("/contacts?tag=new"), vec![made]);
    assert_eq!(appliance.all("/contacts?tag=old"), Vec::<Value>::new());
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let appliance = Appliance::start();
    let path = format!("/contacts/{}", anna(&appliance)["id"].as_str().unwrap());
    let changed = appliance.call("PATCH", &path, &json!({"fields": {"city": "Milano", "vip": null}, "name": null})).expect(200);
    assert_eq!((&changed["fields"], &changed["name"]), (&json!({"age": 41, "city": "Milano"}), &Value::Null));
    assert_eq!((&changed["tags"], &changed["language"]), (&json!(["new"]), &json!("it")));
    let changed = appliance.call("PATCH", &path, &json!({"automations": "off", "tags": []})).expect(200);
    assert_eq!((&changed["automations"], &changed["tags"]), (&json!("off"), &json!([])));
    for bad in
        [json!({"language": "Italian"}), json!({"time_zone": "Mars"}), json!({"automations": "maybe"}), json!({"fields": {"a.b": 1}})]
    {
        appliance.call("PATCH", &path, &bad).problem(422);
    }
}

#[test]
fn an_address_is_one_contacts_alone() {
    let appliance = Appliance::start();
    let id = anna(&appliance)["id"].as_str().unwrap().to_owned();
    // A phone number is one person on every channel that uses numbers.
    let same = json!({"addresses": [{"channel_kind": "twilio", "address": "+393331234567"}]});
    let told = appliance.call("POST", "/contacts", &same).problem(409);
    assert!(told.contains(&id), "{told}");
}

#[test]
fn a_persons_message_goes_out_and_silences_the_flows() {
    let appliance = Appliance::start();
    let (channel, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "hello").expect(200);
    let contact = appliance.all("/contacts").remove(0);
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let sent = appliance.call("POST", &format!("{path}/messages"), &json!({"text": "Eccomi"})).expect(202);
    assert_eq!((&sent["direction"], &sent["author"], &sent["channel"]), (&json!("out"), &json!("operator"), &json!(channel)));
    let id = sent["seq"].as_u64().unwrap();
    appliance.wait_for("/messages?direction=out", |page| page["items"][0]["seq"] == id && page["items"][0]["status"] != "queued");
    let contact = appliance.get(&path).expect(200);
    assert!(contact["handover"]["until"].is_string(), "{contact}");
    let contact = appliance.call("PATCH", &path, &json!({"handover": "ended"})).expect(200);
    assert_eq!(contact["handover"], Value::Null);
    appliance.call("POST", &format!("{path}/messages"), &json!({"text": " "})).problem(422);
    appliance.call("POST", &format!("{path}/messages"), &json!({"text": "x", "channel": "none"})).problem(422);
}

#[test]
fn the_same_key_is_one_message() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "hello").expect(200);
    let path = format!("/contacts/{}/messages", appliance.all("/contacts")[0]["id"].as_str().unwrap());
    let first = appliance.post_once(&path, "k1", &json!({"text": "Eccomi"})).expect(202);
    let second = appliance.post_once(&path, "k1", &json!({"text": "Eccomi"})).expect(202);
    let third = appliance.post_once(&path, "k2", &json!({"text": "Eccomi"})).expect(202);
    assert_eq!(first["id"], second["id"]);
    assert_ne!(first["id"], third["id"]);
    assert_eq!(appliance.all("/messages?direction=out").len(), 2);
}

#[test]
fn who_wants_no_messages_gets_none() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "W", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "w"}},
        {"id": "w", "kind": "wait", "for": "1d", "exits": {"elapsed": "m"}},
        {"id": "m", "kind": "message", "text": "Ancora qui?"},
    ]});
    appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    appliance.say(&hook, "anna", "ciao").expect(200);
    assert_eq!(appliance.all("/runs").len(), 1);
    let path = format!("/contacts/{}", appliance.all("/contacts")[0]["id"].as_str().unwrap());
    let words = json!({"consent": {"state": "opted_out", "words": "asked by phone"}});
    let contact = appliance.call("PATCH", &path, &words).expect(200);
    assert_eq!((&contact["consent"], &contact["consent_record"]["words"]), (&json!("opted_out"), &json!("asked by phone")));
    assert_eq!(appliance.all("/runs"), Vec::<Value>::new());
    appliance.call("POST", &format!("{path}/messages"), &json!({"text": "Eccomi"})).problem(409);
}

#[test]
fn a_deleted_contact_leaves_nothing_behind() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "hello").expect(200);
    let path = format!("/contacts/{}", appliance.all("/contacts")[0]["id"].as_str().unwrap());
    appliance.call("POST", &format!("{path}/messages"), &json!({"text": "Eccomi"})).expect(202);
    appliance.call("DELETE", &path, &Value::Null).expect(204);
    appliance.get(&path).problem(404);
    for list in ["/contacts", "/messages", "/runs?state=any", "/outbox"] {
        assert_eq!(appliance.all(list), Vec::<Value>::new(), "{list}");
    }
    appliance.say(&hook, "anna", "hello again").expect(200);
    assert_eq!(appliance.all("/contacts").len(), 1);
}
