//! Tags, fields and segments in the browser and by the API: what there is, what uses it, and that nothing goes away unwarned.

use super::desk::Desk;
use super::text;
use serde_json::{Value, json};

fn flow() -> Value {
    json!({"flusso": 1, "name": "Auguri", "nodes": [
        {"id": "e1", "kind": "event", "on": "schedule", "days": "mon", "at": "09:00", "segment": "clienti d'oro", "exits": {"next": "s1"}},
        {"id": "s1", "kind": "save", "add_tags": ["vip"], "set": [{"field": "contact.fields.citta", "to": "Padova"}]}]})
}

fn furnished() -> Desk {
    let desk = Desk::open();
    for (name, tags) in [("Anna", json!(["vip", "nuovo"])), ("Bruno", json!(["vip"])), ("Carla", json!([]))] {
        let person = json!({"name": name, "tags": tags, "fields": {"citta": "Padova"},
            "addresses": [{"channel_kind": "simulator", "address": name}]});
        desk.appliance.call("POST", "/contacts", &person).expect(201);
    }
    desk.appliance.simulator("Sim");
    desk
}

#[test]
fn a_segment_is_made_counted_changed_and_not_deleted_without_a_word_on_who_uses_it() {
    let desk = furnished();
    assert!(desk.get("/contacts").contains("/contacts/segments"));
    assert!(desk.get("/contacts/segments").contains("Ancora nessun segmento"));
    let rules = "branches.0.all.0.value=contact.tags&branches.0.all.0.op=has&branches.0.all.0.to=vip&branches.0.all.0.to.type=text";
    let empty = desk.post("/contacts/segments", "name=clienti+d%27oro");
    assert!(empty.status == 422 && text(&empty).contains("Un segmento ha da 1 a 50 regole"), "{}", text(&empty));
    let made = desk.post("/contacts/segments", &format!("name=clienti+d%27oro&{rules}"));
    assert_eq!(made.status, 303, "{}", text(&made));
    let again = desk.post("/contacts/segments", &format!("name=clienti+d%27oro&{rules}"));
    assert!(again.status == 422 && text(&again).contains("già un segmento"), "{}", text(&again));
    let kept = json!([{"name": "clienti d'oro", "all": [{"value": "contact.tags", "op": "has", "to": "vip"}]}]);
    assert_eq!(Value::Array(desk.appliance.all("/segments")), kept);
    let list = desk.get("/contacts/segments");
    assert!(list.contains("2 contatti") && list.contains("clienti d&#39;oro"), "{list}");

    desk.appliance.call("POST", "/flows?enable=true", &flow()).expect(201);
    let list = desk.get("/contacts/segments");
    assert!(list.contains("Usato da") && list.contains("Auguri"), "{list}");
    let place = "/contacts/segments/clienti%20d%27oro";
    let form = desk.get(&format!("{place}/edit"));
    assert!(form.contains("value=\"contact.tags\"") && !form.contains("name=\"name\""), "{form}");
    let wider = rules.replace("=vip", "=nuovo");
    assert_eq!(desk.post(place, &format!("{wider}&more=on")).status, 303);
    assert!(desk.get("/contacts/segments").contains("1 contatto"));
    let refused = desk.appliance.call("DELETE", "/segments/clienti%20d'oro", &Value::Null).problem(409);
    assert!(refused.contains("Auguri"), "{refused}");
    let asked = desk.get(&format!("{place}/delete"));
    assert!(asked.contains("Attenzione, lo usano Auguri"), "{asked}");
    assert_eq!(desk.post(&format!("{place}?method=delete"), "").status, 303);
    assert!(desk.appliance.all("/segments").is_empty());
}

#[test]
fn a_tag_and_a_field_that_a_flow_uses_are_flagged_before_they_go() {
    let desk = furnished();
    desk.appliance.call("POST", "/flows?enable=true", &flow()).expect(201);
    let tags = desk.appliance.all("/tags");
    assert_eq!(
        tags.iter().map(|tag| (tag["name"].as_str().unwrap(), tag["contacts"].as_u64().unwrap())).collect::<Vec<_>>(),
        [("nuovo", 1), ("vip", 2)]
    );
    assert_eq!(tags[1]["used_by"][0]["name"], "Auguri");
    assert_eq!(tags[1]["used_by"][0]["nodes"], json!(["s1"]));
    let page = desk.get("/contacts/fields");
    assert!(page.contains("vip") && page.contains("citta") && page.contains("Usato da"), "{page}");
    let why = desk.appliance.call("DELETE", "/tags/vip", &Value::Null).problem(409);
    assert!(why.contains("\"vip\" is used by \"Auguri\""), "{why}");
    desk.appliance.call("DELETE", "/fields/citta", &Value::Null).problem(409);
    let asked = desk.get("/contacts/fields/delete?tag=vip");
    assert!(asked.contains("Attenzione, lo usano Auguri") && asked.contains("2 contatti"), "{asked}");
    assert!(asked.contains("Nessuna automazione parte per questo"), "{asked}");
    let goes = json!({"flusso": 1, "name": "Congedo", "nodes": [
        {"id": "e1", "kind": "event", "on": "tag_removed", "exits": {"next": "s1"}},
        {"id": "s1", "kind": "save", "set": [{"field": "contact.fields.congedo", "to": "sì"}]}]});
    desk.appliance.call("POST", "/flows?enable=true", &goes).expect(201);
    let asked = desk.get("/contacts/fields/delete?tag=vip");
    assert!(asked.contains("Per ciascuno di loro parte: Congedo"), "what listens to any tag is told too: {asked}");
    assert_eq!(desk.post("/contacts/fields?method=delete&tag=vip", "").status, 303);
    let went: Vec<bool> = desk.appliance.all("/contacts").iter().map(|contact| contact["fields"]["congedo"] == "sì").collect();
    assert_eq!(went.iter().filter(|went| **went).count(), 2, "it began for the two who had it");
    assert_eq!(desk.appliance.all("/tags").len(), 1);
    let free = desk.appliance.call("DELETE", "/tags/nuovo", &Value::Null).expect(200);
    assert_eq!(free["contacts"], 1, "what nothing uses goes at once");
    let gone = desk.appliance.call("DELETE", "/fields/citta?force=true", &Value::Null).expect(200);
    assert_eq!(gone["contacts"], 3);
    assert!(desk.appliance.all("/contacts").iter().all(|contact| contact["fields"]["citta"].is_null() && contact["tags"] == json!([])));
}

#[test]
fn what_an_automation_of_the_pack_brought_is_known_before_anybody_has_it_and_can_go() {
    let desk = Desk::open();
    assert_eq!(desk.post("/blueprints/price-list", "ask.prices=taglio+30+%E2%82%AC&ask.word=catalogo&ask.staff=").status, 303);
    let names =
        |path: &str| -> Vec<String> { desk.appliance.all(path).iter().map(|label| label["name"].as_str().unwrap().to_owned()).collect() };
    assert!(names("/fields").contains(&"pricelist_sent_at".to_owned()), "{:?}", names("/fields"));
    assert_eq!(desk.appliance.all("/fields")[0]["contacts"], 0);
    desk.appliance.call("DELETE", "/fields/pricelist_sent_at?force=true", &Value::Null).expect(200);
    assert!(!names("/fields").contains(&"pricelist_sent_at".to_owned()));
}

#[test]
fn the_rules_of_an_automation_are_set_in_a_form_and_stand_in_its_document() {
    let desk = furnished();
    let made = desk.appliance.call("POST", "/flows?enable=true", &flow()).expect(201);
    let id = made["id"].as_str().unwrap();
    let place = format!("/flows/{id}/settings");
    let form = desk.get(&place);
    let revision = form.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(desk.get(&format!("/flows/{id}/edit")).contains(&place));
    let rule = "branches.0.all.0.value=contact.tags&branches.0.all.0.op=has&branches.0.all.0.to=perso&branches.0.all.0.to.type=text";
    let once = format!("revision={revision}&reentry=once&for=90&for.unit=d&key=&category=utility&start=s1&{rule}");
    let kept = desk.post(&place, &once);
    assert_eq!(kept.status, 303, "{}", text(&kept));
    let form = desk.get(&place);
    assert!(form.contains("value=\"contact.tags\"") && form.contains("value=\"90\""), "{form}");
    let revision = form.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/flows/{id}/versions"), &format!("revision={revision}&running=move")).status, 303);
    let document = desk.appliance.get(&format!("/flows/{id}")).expect(200);
    assert_eq!(
        (&document["reentry"], &document["reentry_after"], &document["category"], &document["start"]),
        (&json!("once"), &json!("90d"), &json!("utility"), &json!("s1"))
    );
    assert_eq!(document["leave_when"], json!([{"value": "contact.tags", "op": "has", "to": "perso"}]));
    let stale = desk.post(&place, &format!("revision={revision}9&reentry=keep"));
    assert!(stale.status == 422, "what somebody changed meanwhile is not written over: {}", stale.status);
}
