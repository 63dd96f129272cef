//! The fields of a contact in its form: each has the input of what it holds, and what is typed is read and checked as that.

use super::desk::Desk;
use super::{header, text};
use serde_json::{Value, json};

/// A house with a field of each kind.
fn desk() -> Desk {
    let desk = Desk::open();
    let kinds = [("birthday", "date"), ("visits", "number"), ("member", "boolean"), ("sizes", "list"), ("city", "text")];
    let fields: Vec<Value> = kinds.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
    desk.appliance.call("POST", "/imports?apply=true", &json!({"flusso": 1, "quick_replies": [], "fields": fields})).expect(201);
    desk
}

fn fields(desk: &Desk, path: &str) -> Value {
    desk.appliance.get(path).json()["fields"].clone()
}

#[test]
fn each_field_has_the_input_of_what_it_holds_and_is_kept_as_that() {
    let desk = desk();
    let form = desk.get("/contacts/new");
    for part in [
        "Altri 5 campi",
        "type=\"date\"",
        "type=\"time\"",
        "type=\"number\" step=\"any\"",
        "<option value=\"true\">Sì</option>",
        "separati da virgole",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let typed = "name=Anna&fields.0.name=birthday&fields.0.value=1990-02-03&fields.0.time=&fields.1.name=visits&fields.1.value=12%2C5\
        &fields.2.name=member&fields.2.value=true&fields.3.name=sizes&fields.3.value=M,+42&fields.4.name=city&fields.4.value=\
        &fields.5.name=strano&fields.5.value=12";
    let made = desk.post("/contacts", typed);
    assert_eq!(made.status, 303, "{}", text(&made));
    let path = header(&made, "location").to_owned();
    let kept = json!({"birthday": "1990-02-03", "member": true, "sizes": ["M", "42"], "strano": "12", "visits": 12.5});
    assert_eq!(fields(&desk, &path), kept);

    // The form of one who has them shows them so; sent back as it is, it changes nothing.
    let form = desk.get(&format!("{path}/edit"));
    for part in ["value=\"1990-02-03\"", "value=\"12.5\"", "<option value=\"true\" selected>", "value=\"M, 42\"", "Ancora 1 campo"] {
        assert!(form.contains(part), "{part}: {form}");
    }
    // A date with a time is written by the wall of the house.
    let later = "name=Anna&fields.0.name=birthday&fields.0.value=2026-12-01&fields.0.time=09:15&fields.1.name=visits&fields.1.value=3\
        &fields.2.name=member&fields.2.value=false&fields.3.name=sizes&fields.3.value=M,+42&fields.4.name=strano&fields.4.value=12";
    assert_eq!(desk.post(&path, later).status, 303);
    let now = json!({"birthday": "2026-12-01T08:15:00.000Z", "member": false, "sizes": ["M", "42"], "strano": "12", "visits": 3});
    assert_eq!(fields(&desk, &path), now);
    let form = desk.get(&format!("{path}/edit"));
    assert!(form.contains("value=\"2026-12-01\"") && form.contains("value=\"09:15\""), "{form}");
    assert_eq!(desk.post(&path, later).status, 303);
    assert_eq!(fields(&desk, &path), now, "sent back as it stands, nothing changes");
}

#[test]
fn what_a_field_cannot_hold_is_refused_beside_it_and_nothing_is_kept() {
    let desk = desk();
    for (name, typed, time, words) in [
        ("visits", "molte", "", "Scrivi un numero"),
        ("birthday", "domani", "", "Scrivi una data"),
        ("birthday", "2026-12-01", "nove", "Scrivi un'ora"),
        ("member", "forse", "", "Scegli sì o no"),
    ] {
        let body = format!("name=Anna&fields.7.name={name}&fields.7.value={typed}&fields.7.time={time}");
        let refused = desk.post("/contacts", &body);
        let page = text(&refused).replace("&#39;", "'");
        assert!(refused.status == 422 && page.contains(words), "{name} {typed}: {page}");
        assert!(page.contains("id=\"fields.7-fault\"") && page.contains(&format!("value=\"{typed}\"")), "it stays, with its fault: {page}");
        assert!(page.contains("value=\"Anna\""));
    }
    assert_eq!(desk.appliance.all("/contacts"), Vec::<Value>::new());
    assert_eq!(desk.post("/contacts", "name=Anna&fields.0.name=birthday&fields.0.value=3/2/1990").status, 303, "as people write it");
    assert_eq!(desk.appliance.all("/contacts")[0]["fields"], json!({"birthday": "1990-02-03"}));
}
