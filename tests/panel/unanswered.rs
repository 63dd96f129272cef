//! Who wrote and got no answer: counted, listed, and settled by an answer or by a person.

use super::desk::Desk;
use serde_json::json;

#[test]
fn who_wrote_and_got_no_answer_is_counted_and_listed_until_somebody_answers_or_says_that_none_is_needed() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Listino", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Eccolo"}]});
    desk.appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    desk.appliance.say(&hook, "Anna", "listino").expect(200);
    assert!(!desk.get("/contacts").contains("non ha avuto risposta"), "an automation answered");
    for person in ["Bruno", "Carla"] {
        desk.appliance.say(&hook, person, "avete posto?").expect(200);
        desk.appliance.say(&hook, person, "pronto?").expect(200);
    }
    assert!(desk.get("/contacts").contains("2 persone hanno scritto e non hanno avuto risposta."));
    let metrics = || desk.appliance.ask("GET", "/metrics", &[("Authorization", &format!("Bearer {}", desk.appliance.key))], b"").text();
    assert!(metrics().contains("flusso_contacts_unanswered 2"), "{}", metrics());
    let listed = desk.get("/contacts?unanswered=1");
    assert!(listed.contains("Bruno") && listed.contains("Carla") && !listed.contains("Anna"), "{listed}");
    let id = |name: &str| {
        let all = desk.appliance.all("/contacts");
        all.iter().find(|contact| contact["addresses"][0]["address"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (bruno, carla) = (format!("/contacts/{}", id("Bruno")), format!("/contacts/{}", id("Carla")));
    assert!(desk.get(&bruno).contains("Nessuna automazione ha preso quello che ha scritto"));
    desk.post(&format!("{bruno}/messages"), "text=Certo%2C+venga").expect(303);
    assert!(!desk.get(&bruno).contains("Nessuna automazione ha preso"));
    assert!(desk.get("/contacts").contains("Una persona ha scritto e non ha avuto risposta."));
    desk.post(&format!("{carla}/unanswered?method=delete"), "").expect(303);
    assert!(!desk.get("/contacts").contains("avuto risposta"));
    assert!(desk.get("/contacts?unanswered=1").contains("Hanno avuto tutti una risposta"));
    desk.appliance.say(&hook, "Carla", "eccomi").expect(200);
    desk.appliance.call("DELETE", &carla, &json!(null)).expect(204);
    assert!(metrics().contains("flusso_contacts_unanswered 0"), "nothing is left of who is deleted");
}
