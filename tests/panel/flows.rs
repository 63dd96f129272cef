//! The life of automations by the forms of their list: each verb, for one and for several, and what it says.

use super::desk::Desk;
use super::text;
use serde_json::{Value, json};

fn waiting(name: &str, word: &str) -> Value {
    json!({"flusso": 1, "name": name, "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "Eccoci.", "exits": {"next": "w"}},
        {"id": "w", "kind": "wait", "for": "1h", "exits": {"elapsed": "n"}},
        {"id": "n", "kind": "message", "text": format!("Dopo {word}.")}]})
}

fn made(desk: &Desk, flow: &Value) -> String {
    desk.appliance.call("POST", "/flows?enable=true", flow).expect(201)["id"].as_str().unwrap().to_owned()
}

fn sent(desk: &Desk, text: &str) -> usize {
    desk.appliance.all("/messages?direction=out").iter().filter(|message| message["text"] == text).count()
}

fn state(desk: &Desk, id: &str) -> String {
    let flows = desk.appliance.all("/flows");
    flows.iter().find(|flow| flow["id"] == id).map_or_else(String::new, |flow| flow["state"].as_str().unwrap().to_owned())
}

#[test]
fn enabling_asks_what_becomes_of_the_waits_and_does_that() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    let ways = ["shift", "spread", "drop"];
    let ids = ways.map(|way| made(&desk, &waiting(way, way)));
    for way in ways {
        for person in ["anna", "bruno"] {
            desk.appliance.say(&hook, &format!("{person}-{way}"), way).expect(200);
        }
    }
    for id in &ids {
        assert!(desk.told(&format!("/flows/{id}/pause"), "").contains("disattiva"), "it says so");
    }
    desk.later("2h");
    for (way, id) in ways.into_iter().zip(&ids) {
        assert_eq!(
            (state(&desk, id).as_str(), sent(&desk, &format!("Dopo {way}."))),
            ("disabled", 0),
            "{way}: nothing goes while it is off"
        );
        let page = desk.get(&format!("/flows/{id}/enable"));
        assert!(ways.iter().all(|way| page.contains(&format!("value=\"{way}\""))) && page.contains("2 ore"), "{page}");
        desk.told(&format!("/flows/{id}/pause?method=delete"), &format!("overdue={way}"));
        assert_eq!(state(&desk, id), "enabled");
    }
    desk.later("1m");
    let both = |way: &str| {
        let text = format!("Dopo {way}.");
        desk.appliance.wait_for("/messages?direction=out&limit=200", |page| {
            page["items"].as_array().is_some_and(|items| items.iter().filter(|message| message["text"] == text.as_str()).count() == 2)
        });
    };
    both("spread");
    assert_eq!((sent(&desk, "Dopo shift."), sent(&desk, "Dopo drop.")), (0, 0));
    desk.later("1h");
    both("shift");
    desk.later("2h");
    assert_eq!(sent(&desk, "Dopo drop."), 0, "what was overdue is not done");
}

#[test]
fn the_bin_gives_back_without_the_words_taken_meanwhile_and_says_so() {
    let desk = Desk::open();
    let first = made(&desk, &waiting("Prima", "listino"));
    let (_, hook) = desk.appliance.simulator("Sim");
    desk.appliance.say(&hook, "anna", "listino").expect(200);
    let page = desk.get(&format!("/flows/{first}/delete"));
    assert!(page.contains("1 "), "it says how many stop: {page}");
    desk.told(&format!("/flows/{first}?method=delete"), "");
    assert_eq!(desk.appliance.all("/runs"), Vec::<Value>::new());
    assert!(desk.get("/flows/bin").contains("Prima") && !desk.get("/flows").contains(">Prima<"));
    let second = made(&desk, &waiting("Seconda", "listino"));
    let told = desk.told(&format!("/flows/{first}/bin?method=delete"), "");
    assert!(told.contains("sono state prese nel frattempo") && told.contains("listino"), "{told}");
    assert_eq!(state(&desk, &first), "disabled");
    let back = desk.appliance.get(&format!("/flows/{first}")).expect(200);
    assert_eq!(back["nodes"][0]["phrases"], json!([]), "{back}");
    desk.told(&format!("/flows/{second}?method=delete"), "");
    assert_eq!(desk.post(&format!("/flows/{first}/bin/contents?method=delete"), "").status, 404, "what is not in the bin is not erased");
    desk.told(&format!("/flows/{second}/bin/contents?method=delete"), "");
    assert!(!desk.get("/flows/bin").contains("Seconda") && desk.appliance.all("/flows?state=binned").is_empty());
    assert_eq!(desk.post(&format!("/flows/{second}/bin?method=delete"), "").status, 404, "it is gone for ever");
}

#[test]
fn several_are_disabled_enabled_copied_exported_and_deleted_together() {
    let desk = Desk::open();
    let (one, two) = (made(&desk, &waiting("Uno", "uno")), made(&desk, &waiting("Due", "due")));
    let file = ("file", "listino.pdf", &b"%PDF-1.4"[..]);
    assert_eq!(desk.upload(&format!("/flows/{two}/nodes/m/files"), &[], file).status, 303);
    let chosen = format!("flow={one}&flow={two}");
    assert!(desk.told("/flows/changes", "verb=disable").contains("Non era selezionato niente"));
    desk.told("/flows/changes", &format!("{chosen}&verb=disable"));
    assert_eq!((state(&desk, &one), state(&desk, &two)), ("disabled".to_owned(), "disabled".to_owned()));

    let copied = desk.post("/flows/changes", &format!("{chosen}&verb=duplicate"));
    let page = desk.get(copied.header("location").unwrap());
    for name in ["Uno (2)", "Due (2)"] {
        assert!(page.contains(&format!("La copia si chiama {name} ed è disattivata")), "{name}: {page}");
    }
    assert_eq!(page.matches("una parola chiave in").count(), 2, "each copy says that it has no word: {page}");
    assert_eq!(page.matches("un file in").count(), 1, "and which lacks its file: {page}");
    let copy = desk.appliance.all("/flows").into_iter().find(|flow| flow["name"] == "Due (2)").unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(state(&desk, &copy), "disabled");

    desk.told("/flows", "name=Mai+salvata");
    let fresh =
        desk.appliance.all("/flows").into_iter().find(|flow| flow["name"] == "Mai salvata").unwrap()["id"].as_str().unwrap().to_owned();
    let told = desk.told("/flows/changes", &format!("flow={one}&flow={fresh}&flow={two}&verb=enable"));
    assert!(told.contains("2 automazioni cambiate") && told.contains("Mai salvata: Non è mai stata salvata"), "{told}");
    assert_eq!((state(&desk, &one), state(&desk, &two)), ("enabled".to_owned(), "enabled".to_owned()));

    let file = desk.post("/flows/changes", &format!("{chosen}&verb=export"));
    assert!(file.status == 200 && text(&file).contains("\"Uno\"") && text(&file).contains("\"Due\""), "{}", text(&file));
    let page = text(&desk.post("/flows/changes", &format!("{chosen}&verb=delete")));
    assert!(page.contains("sure=true") && state(&desk, &one) == "enabled", "it asks first: {page}");
    desk.told("/flows/changes?verb=delete&sure=true", &chosen);
    assert_eq!(desk.appliance.all("/flows?state=binned").len(), 2);
}
