//! The editor by its forms alone: every change is in the draft at once and outlives a power cut, and nothing of it is live before a save.

use super::desk::Desk;
use super::text;
use serde_json::{Value, json};

/// An automation that is edited.
struct Draft {
    desk: Desk,
    flow: String,
}

impl Draft {
    fn begin(name: &str) -> Draft {
        let desk = Desk::open();
        let made = desk.post("/flows", &format!("name={name}"));
        let flow = made.header("location").unwrap().split("/edit").next().unwrap().to_owned();
        Draft { desk, flow }
    }

    fn page(&self) -> String {
        self.desk.get(&format!("{}/edit", self.flow))
    }

    fn revision(&self) -> String {
        self.page().split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    fn change(&self, path: &str, fields: &str) {
        let answer = self.desk.post(&format!("{}{path}", self.flow), &format!("revision={}&{fields}", self.revision()));
        assert_eq!(answer.status, 303, "{path} {fields}: {}", text(&answer));
    }

    /// The nodes of the draft: id, and where each exit leads.
    fn ways(&self) -> Vec<(String, Value)> {
        let document: Value = serde_json::from_str(&self.desk.get(&format!("{}/export", self.flow))).unwrap();
        let flow = document["flows"].get(0).unwrap_or(&document);
        let nodes = flow["nodes"].as_array().unwrap_or_else(|| panic!("{document}"));
        nodes.iter().map(|node| (node["id"].as_str().unwrap().to_owned(), node["exits"].clone())).collect()
    }

    fn stands(&mut self, wanted: &Value) {
        self.desk.appliance.kill_and_restart();
        let ways: Vec<Value> = self.ways().into_iter().map(|(id, exits)| json!([id, exits])).collect();
        assert_eq!(Value::Array(ways), *wanted, "after the power was cut");
    }
}

#[test]
fn every_change_of_a_draft_outlives_a_power_cut() {
    let mut draft = Draft::begin("Bozza");
    for kind in ["keyword", "message", "message"] {
        draft.change("/nodes", &format!("kind={kind}"));
    }
    draft.stands(&json!([["k1", {"next": "m1"}], ["m1", {"next": "m2"}], ["m2", null]]));
    draft.change("/nodes", "kind=wait&after=m1&exit=next");
    draft.stands(&json!([["k1", {"next": "m1"}], ["m1", {"next": "w1"}], ["w1", {"elapsed": "m2"}], ["m2", null]]));
    draft.change("/nodes/m2/moves", "direction=up");
    draft.stands(&json!([["k1", {"next": "m1"}], ["m1", {"next": "m2"}], ["m2", {"next": "w1"}], ["w1", null]]));
    draft.change("/nodes/m1/copies", "");
    draft.change("/nodes/m2?method=delete", "");
    draft.stands(&json!([["k1", {"next": "m1"}], ["m1", {"next": "m3"}], ["m3", {"next": "w1"}], ["w1", null]]));
    draft.change("/nodes/m1", "kind=message&id=m1&base=it&text=Ciao&exits.next=w1");
    draft.stands(&json!([["k1", {"next": "m1"}], ["m1", {"next": "w1"}], ["m3", {"next": "w1"}], ["w1", null]]));
    draft.change("/reentry", "restart=on");
    draft.desk.appliance.kill_and_restart();
    assert!(draft.page().contains("name=\"restart\" checked"));
    assert!(draft.page().contains("<textarea") || draft.desk.get(&format!("{}/edit?node=m1", draft.flow)).contains("Ciao"));
}

#[test]
fn each_of_the_nine_kinds_has_a_form_that_opens_and_is_kept() {
    let draft = Draft::begin("Tutti");
    for (kind, id) in [
        ("keyword", "k1"),
        ("api", "a1"),
        ("wait", "w1"),
        ("message", "m1"),
        ("save", "s1"),
        ("condition", "c1"),
        ("launch", "l1"),
        ("handover", "h1"),
        ("end", "e1"),
    ] {
        draft.change("/nodes", &format!("kind={kind}"));
        let id = draft.ways().into_iter().map(|(id, _)| id).find(|own| own.starts_with(&id[..1])).unwrap_or_else(|| panic!("{kind}"));
        let page = draft.desk.get(&format!("{}/edit?node={id}", draft.flow));
        assert!(page.contains("id=\"node-form\"") && page.contains(&format!("name=\"kind\" value=\"{kind}\"")), "{kind}: {page}");
        let map = page.split("class=\"map\"").nth(1).unwrap_or_else(|| panic!("{kind}: no drawing"));
        assert!(map.contains("<svg") && map.contains(&format!("node={id}")), "{kind} is in the drawing");
    }
}

#[test]
fn a_form_of_an_older_draft_stores_nothing_and_gives_back_what_was_typed() {
    let draft = Draft::begin("Due");
    draft.change("/nodes", "kind=message");
    let old = draft.revision();
    draft.change("/nodes/m1", "kind=message&id=m1&base=it&text=Prima");
    let form = format!("revision={old}&kind=message&id=m1&base=it&text=Seconda");
    let refused = draft.desk.post(&format!("{}/nodes/m1", draft.flow), &form);
    assert!(refused.status == 409 && text(&refused).contains("Seconda") && text(&refused).contains("è ancora qui"), "{}", text(&refused));
    let told = draft.desk.told(&format!("{}/nodes", draft.flow), &format!("revision={old}&kind=wait"));
    assert!(told.contains("Nel frattempo"), "{told}");
    let page = draft.desk.get(&format!("{}/edit?node=m1", draft.flow));
    assert!(page.contains("Prima") && !page.contains("Seconda") && draft.ways().len() == 1, "{page}");
}

#[test]
fn overwrite_if_it_exists_counts_from_the_save_on() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Riparte", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w"}},
        {"id": "w", "kind": "wait", "for": "1d"}]});
    let id = desk.appliance.call("POST", "/flows?enable=true", &flow).expect(201)["id"].as_str().unwrap().to_owned();
    let draft = Draft { flow: format!("/flows/{id}"), desk };
    let run = || {
        draft.desk.appliance.say(&hook, "anna", "via").expect(200);
        let runs = draft.desk.appliance.all("/runs");
        assert_eq!(runs.len(), 1);
        runs[0]["id"].as_str().unwrap().to_owned()
    };
    let save = || draft.change("/versions", "sure=on");
    let first = run();
    assert_eq!(run(), first, "unticked, the run stays");
    draft.change("/reentry", "restart=on");
    assert_eq!(run(), first, "a draft changes nothing that is live");
    save();
    let second = run();
    assert_ne!(second, first, "ticked, a new one begins");
    draft.change("/reentry", "");
    save();
    assert_eq!(run(), second, "unticked again, it stays");
}

#[test]
fn the_changes_of_a_draft_are_taken_back_one_by_one_and_made_again_also_after_a_power_cut() {
    let mut draft = Draft::begin("Passi");
    assert!(draft.page().contains("data-undo disabled") && draft.page().contains("data-redo disabled"), "nothing was done yet");
    for kind in ["keyword", "message", "wait"] {
        draft.change("/nodes", &format!("kind={kind}"));
    }
    let (two, three) =
        (json!([["k1", {"next": "m1"}], ["m1", null]]), json!([["k1", {"next": "m1"}], ["m1", {"next": "w1"}], ["w1", null]]));
    draft.stands(&three);
    draft.change("/nodes/m1?method=delete", "");
    draft.change("/draft/back", "");
    draft.stands(&three);
    draft.change("/draft/back", "");
    draft.stands(&two);
    draft.change("/draft/on", "");
    draft.stands(&three);
    draft.change("/draft/back", "");
    draft.change("/reentry", "restart=on");
    assert!(draft.page().contains("data-redo disabled"), "another change leaves nothing to make again");
    for _ in 0..3 {
        draft.change("/draft/back", "");
    }
    draft.stands(&json!([]));
    assert!(draft.page().contains("data-undo disabled"));
    let none = format!("revision={}", draft.revision());
    assert!(draft.desk.told(&format!("{}/draft/back", draft.flow), &none).contains("Non c'è più niente da annullare"), "and it says so");
    draft.change("/draft/on", "");
    let old = draft.desk.post(&format!("{}/draft/back", draft.flow), "revision=0");
    assert!(old.status == 303 || old.status == 409, "{}", old.status);
    draft.stands(&json!([["k1", null]]));
}
