//! A newcomer makes a first automation: in the place of a ready example that nobody changed, and with words that are free.

use super::blueprints::{PRICES, flow, phrases};
use super::desk::Desk;
use super::entrance::tried;
use super::{header, text};
use serde_json::Value;

/// What the simulator was answered, as a person of it who writes this for the first time.
fn hears(desk: &Desk, words: &str, wanted: &str) {
    assert_eq!(desk.post("/simulator/messages", &format!("person=&text={words}")).status, 303);
    let said = |messages: &Value| {
        let all = messages["items"].as_array().cloned().unwrap_or_default();
        all.iter().any(|it| it["direction"] == "out" && it["text"].as_str().is_some_and(|text| text.contains(wanted)))
    };
    desk.appliance.wait_for("/messages", said);
}

#[test]
fn who_tried_the_examples_gets_an_automation_of_their_own_with_its_words() {
    let desk = tried();
    let first = desk.get("/first");
    assert!(first.matches("href=\"/blueprints/").count() == 4 && first.contains("href=\"/simulator\""), "{first}");
    // Somebody is inside the example already.
    hears(&desk, "listino", "taglio 25");
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("con le tue risposte diventa la tua") || form.contains("Con le tue risposte diventa la tua"), "{form}");
    assert!(!form.contains("own_word") && !form.contains("restano dove sono"), "{form}");
    let answer = desk.post("/blueprints/price-list", &format!("{PRICES}&then=simulator"));
    assert_eq!((answer.status, header(&answer, "location")), (303, "/simulator"), "{}", text(&answer));
    hears(&desk, "listino", "taglio 30 €");
    let flows = desk.appliance.all("/flows");
    assert_eq!(flows.len(), 3, "the example is no flow of its own any more: {flows:?}");
    let own = flows.iter().find(|flow| flow["name"] == "Listino").expect("it keeps its name");
    assert_eq!((own["version"].as_u64(), own["state"].as_str()), (Some(2), Some("enabled")), "{own}");
    let runs = desk.appliance.all("/runs");
    assert!(runs.len() >= 2 && runs.iter().all(|run| run["version"] == 2), "those inside go along: {runs:?}");
    assert!(desk.get(&format!("/flows/{}/edit", own["id"].as_str().unwrap())).contains("id=\"todos\""));
    // What launches it finds it still, and is an example still.
    let welcome = flows.iter().find(|flow| flow["name"] == "Benvenuto").expect("the welcome");
    assert!(
        flow(&desk, welcome["id"].as_str().unwrap()).to_string().contains(own["id"].as_str().unwrap())
            || flow(&desk, welcome["id"].as_str().unwrap()).to_string().contains("\"flow\":\"Listino\"")
    );
    assert!(desk.get("/blueprints/welcome").contains("diventa la tua"));
    // Once more: it is nobody's example now.
    let again = desk.get("/blueprints/price-list");
    assert!(!again.contains("diventa la tua") && again.contains("value=\"listino2\""), "{again}");
}

#[test]
fn each_of_the_four_needs_ends_in_an_automation_that_answers_on_the_simulator() {
    let open = [
        ("welcome", "ask.business=Da+Anna&ask.booking=https://anna.it/prenota&ask.staff=", "Da Anna"),
        ("price-list", PRICES, "taglio 30 €"),
        ("faq-menu", "ask.hours=sempre+aperti&ask.place=qui&ask.shipping=no&ask.staff=", ""),
        ("lead-qualification", "ask.business=Da+Anna&ask.word=costi&ask.staff=", "Da Anna"),
    ];
    for (word, answers, said) in open {
        let desk = tried();
        let answer = desk.post(&format!("/blueprints/{word}"), &format!("{answers}&then=simulator"));
        assert_eq!((answer.status, header(&answer, "location")), (303, "/simulator"), "{word}: {}", text(&answer));
        let page = desk.get("/simulator");
        assert!(!page.contains("non può ancora partire"), "{word}: {page}");
        let made = |id: &str| desk.get(&format!("/flows/{id}/edit")).contains("id=\"todos\"");
        let ids = desk.appliance.all("/flows").into_iter().map(|flow| flow["id"].as_str().unwrap().to_owned());
        let id = ids.into_iter().find(|id| made(id)).expect("a flow with its list");
        hears(&desk, &phrases(&flow(&desk, &id))[0].replace(' ', "+"), said);
        assert_eq!(desk.appliance.all("/runs?state=any")[0]["flow"], id.as_str(), "{word}");
    }
}

#[test]
fn an_example_that_somebody_changed_stays_theirs_and_keeps_its_words() {
    let desk = tried();
    let id = |desk: &Desk| {
        desk.appliance.all("/flows").iter().find(|flow| flow["name"] == "Listino").unwrap()["id"].as_str().unwrap().to_owned()
    };
    let example = id(&desk);
    let mut document = flow(&desk, &example);
    for member in ["id", "version", "state", "enabled"] {
        document.as_object_mut().unwrap().remove(member);
    }
    document["nodes"][1]["note"] = Value::from("mia");
    assert_eq!(desk.appliance.call("PUT", &format!("/flows/{example}"), &document).status, 200);
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("value=\"listino2\"") && !form.contains("diventa la tua"), "{form}");
    let answer = desk.post("/blueprints/price-list", &format!("{PRICES}&own_word=listino2&then=simulator"));
    assert_eq!((answer.status, header(&answer, "location")), (303, "/simulator"), "{}", text(&answer));
    hears(&desk, "listino2", "taglio 30 €");
    assert_eq!(desk.appliance.all("/flows").len(), 4);
}

#[test]
fn an_example_whose_draft_somebody_began_to_change_loses_none_of_it() {
    let desk = tried();
    let listed = desk.appliance.all("/flows");
    let example = listed.iter().find(|flow| flow["name"] == "Listino").unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/flows/{example}/nodes"), "revision=0&kind=wait").status, 303);
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("value=\"listino2\"") && !form.contains("diventa la tua"), "{form}");
}

#[test]
fn an_automation_of_ones_own_under_the_name_of_the_pack_is_no_example() {
    let desk = Desk::open();
    desk.appliance.simulator("Prove");
    let nodes = serde_json::json!([
        {"id": "k", "kind": "keyword", "phrases": [{"text": "listino", "match": "word"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "Il mio"}
    ]);
    let document = serde_json::json!({"flusso": 1, "name": "Listino", "nodes": nodes});
    assert_eq!(desk.appliance.call("POST", "/flows", &document).status, 201);
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("resta dov") && !form.contains("diventa la tua"), "{form}");
    assert!(!desk.get("/first").contains("esempi già pronti"), "nothing is offered as a ready example");
}
