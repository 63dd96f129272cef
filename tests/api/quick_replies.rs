//! `/quick-replies`

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

fn waiting() -> Value {
    json!({"shortcut": "attesa", "text": {"it": "Torno tra {{ minutes }} minuti.", "en": "Back in {{ minutes }} minutes."}})
}

#[test]
fn a_quick_reply_is_made_changed_copied_found_and_taken_away() {
    let appliance = Appliance::start();
    let made = appliance.call("POST", "/quick-replies", &waiting()).expect(201);
    assert_eq!((&made["shortcut"], &made["text"], &made["uses"]), (&json!("attesa"), &waiting()["text"], &json!(0)));
    let path = format!("/quick-replies/{}", made["id"].as_str().unwrap());
    let copy = appliance.call("POST", &format!("{path}/copies"), &json!({})).expect(201);
    assert_eq!((&copy["shortcut"], &copy["text"]), (&json!("attesa-2"), &made["text"]));
    let changed = appliance.call("PUT", &path, &json!({"shortcut": "torno", "text": "Torno subito."})).expect(200);
    assert_eq!((&changed["shortcut"], &changed["id"]), (&json!("torno"), &made["id"]));
    assert_eq!(appliance.get(&path).expect(200), changed);
    assert_eq!(appliance.all("/quick-replies?text=subito"), vec![changed.clone()]);
    assert_eq!(appliance.all("/quick-replies?text=/ATTESA"), vec![copy.clone()]);
    assert_eq!(appliance.all("/quick-replies").len(), 2);
    assert_eq!(appliance.call("DELETE", &path, &Value::Null).status, 204);
    appliance.get(&path).problem(404);
    assert_eq!(appliance.all("/quick-replies"), vec![copy]);
}

#[test]
fn what_cannot_be_sent_is_refused_with_the_shortcut_and_nothing_is_kept() {
    let appliance = Appliance::start();
    for bad in [
        json!({"shortcut": "due parole", "text": "x"}),
        json!({"shortcut": "a", "text": ""}),
        json!({"shortcut": "a", "text": "{{ contact.nome }}"}),
        json!({"shortcut": "a", "text": "x", "colour": "red"}),
    ] {
        appliance.call("POST", "/quick-replies", &bad).problem(422);
    }
    let made = appliance.call("POST", "/quick-replies", &waiting()).expect(201);
    let said = appliance.call("POST", "/quick-replies", &waiting()).problem(409);
    assert!(said.contains("/attesa"), "{said}");
    assert_eq!(appliance.all("/quick-replies"), vec![made]);
}
