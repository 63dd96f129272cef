//! The ways in and out: the HTTP API, the command line with and without a running server, and the panel without a script.

use crate::kit::appliance::{Appliance, init, run};
use crate::kit::client::Answer;
use crate::panel::log_in;
use serde_json::{Value, json};
use std::fs;

fn flow(name: &str, phrase: &str) -> Value {
    json!({"flusso": 1, "name": name, "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": phrase, "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "Ciao {{ contact.fields.city }}"}]})
}

fn set() -> Value {
    json!({"flusso": 1, "flows": [flow("Uno", "uno"), flow("Due", "due")], "quick_replies": [{"shortcut": "ciao", "text": "Ciao"}],
        "fields": [{"name": "born", "kind": "date"}], "tags": ["vip"]})
}

#[test]
fn the_api_looks_first_and_takes_in_what_was_decided() {
    let (one, two) = (Appliance::start(), Appliance::start());
    let look = one.call("POST", "/imports", &set()).expect(200);
    assert_eq!((look["flows"][0]["name"].as_str(), look["collisions"].as_array().map(Vec::len)), (Some("Uno"), Some(0)), "{look}");
    assert_eq!(one.all("/flows").len(), 0, "looking changes nothing");
    let done = one.call("POST", "/imports?apply=true", &set()).expect(201);
    assert_eq!(done["flows"].as_array().map(Vec::len), Some(2), "{done}");
    assert!(one.all("/flows").iter().all(|flow| flow["state"] == "disabled" && flow["version"] == 1));
    assert_eq!(one.all("/quick-replies").len(), 1);

    let changed = json!({"flusso": 1, "flows": [flow("Uno", "altro")], "quick_replies": []});
    let detail = one.call("POST", "/imports?apply=true", &changed).problem(409);
    assert!(detail.contains("flow \"Uno\""), "{detail}");
    let done = one.call("POST", "/imports?apply=true&flow.Uno=both", &changed).expect(201);
    assert_eq!(done["flows"][0]["name"], "Uno (2)");
    one.call("POST", "/imports?apply=true&collisions=burn", &changed).problem(422);

    let out = one.get("/exports");
    assert_eq!((out.status, out.header("content-type")), (200, Some("application/json")));
    let bearer = format!("Bearer {}", two.key);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    two.ask("POST", "/api/v1/imports?apply=true", &headers, &out.body).expect(201);
    assert!(two.get("/exports").body == out.body, "the other house gives the same bytes");
    let id = one.all("/flows")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(one.get(&format!("/exports?flow={id}")).json()["name"], "Uno");
    assert!(one.get(&format!("/exports?flow={id}&form=archive")).body.starts_with(b"PK"));
    one.get("/exports?flow=999").problem(404);
    one.get("/exports?colour=red").problem(422);
}

#[test]
fn a_broken_set_is_refused_naming_flow_node_and_member() {
    let appliance = Appliance::start();
    let mut broken = set();
    broken["flows"][1]["nodes"][1]["typing"] = json!(7);
    broken["flows"][0]["nodes"][0]["exits"]["next"] = json!("nowhere");
    let answer = appliance.call("POST", "/imports?apply=true", &broken);
    answer.problem(422);
    let problems = answer.json()["problems"].clone();
    assert_eq!(problems[0]["node"], "m", "{problems}");
    let told = problems[0]["message"].as_str().unwrap();
    assert!(told.contains("In the flow \"Due\"") && told.contains("\"typing\": invalid type"), "{told}");
    broken["flows"][1]["nodes"][1]["typing"] = json!("2s");
    let problems = appliance.call("POST", "/imports", &broken).json()["problems"].clone();
    let told = problems[0]["message"].as_str().unwrap();
    assert_eq!(problems[0]["node"], "k");
    assert_eq!(told, "In the flow \"Uno\": The exit \"next\" leads to the node \"nowhere\", which does not exist.");
    assert_eq!(appliance.all("/flows").len(), 0);
}

#[test]
fn the_command_line_imports_and_exports_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path());
    let at = |arguments: &[&str]| run(folder.path(), arguments);
    fs::write(folder.path().join("set.json"), set().to_string()).unwrap();
    let looked = at(&["import", "--look", "set.json"]);
    assert!(looked.code == Some(0) && looked.out.contains("automation \"Uno\", 2 nodes: new"), "{looked:?}");
    let imported = at(&["import", "set.json"]);
    assert!(imported.code == Some(0) && imported.out.contains("2 automations, 1 quick replies imported"), "{imported:?}");
    let first = at(&["export"]);
    assert!(first.code == Some(0) && first.err.is_empty() && first.out.contains("\"born\""), "{first:?}");
    assert!(at(&["import", "set.json"]).code == Some(0), "what is here just so is no collision");

    fs::write(folder.path().join("other.json"), flow("Uno", "altro").to_string()).unwrap();
    let collides = at(&["import", "other.json"]);
    assert_eq!((collides.code, collides.err.lines().count()), (Some(1), 1), "{collides:?}");
    assert!(collides.err.contains("flow \"Uno\"") && collides.err.contains("--collisions"), "{collides:?}");
    fs::write(folder.path().join("bad.json"), r#"{"flusso": 1, "name": "x", "nodes": [{"id": "w", "kind": "wait", "for": "soon"}]}"#)
        .unwrap();
    let broken = at(&["import", "set.json", "bad.json"]);
    assert_eq!((broken.code, broken.err.lines().count()), (Some(1), 1), "{broken:?}");
    assert!(broken.err.contains("bad.json") && broken.err.contains("node \"w\"") && broken.err.contains("\"for\""), "{broken:?}");
    assert_eq!(at(&["import", "nothing.json"]).code, Some(1));
    assert_eq!(at(&["import", "--data", "none.redb", "set.json"]).code, Some(78));
    assert_eq!(at(&["export", "--data", "none.redb"]).code, Some(78));
    assert!(!folder.path().join("none.redb").exists());
    assert_eq!(at(&["export", "--flow", "Nessuna"]).code, Some(1));
    let archived = at(&["export", "--to", "set.zip"]);
    assert!(archived.code == Some(0) && fs::read(folder.path().join("set.zip")).unwrap().starts_with(b"PK"), "{archived:?}");
    assert_eq!(at(&["export", "--to", "set.zip"]).code, Some(1), "what is there already stays");

    let appliance = Appliance::start_in(folder);
    let at = |arguments: &[&str]| run(appliance.folder(), arguments);
    assert_eq!(at(&["export"]).out, first.out, "through the server it is the same");
    let replaced = at(&["import", "--collisions", "replace", "other.json"]);
    assert!(replaced.code == Some(0) && replaced.out.contains("\"Uno\": replaced, version 2"), "{replaced:?}");
    let one = appliance.all("/flows").into_iter().find(|flow| flow["name"] == "Uno").unwrap();
    assert_eq!(one["version"], 2);
    assert!(at(&["import", "set.zip"]).code == Some(1), "the server, too, asks before it replaces");
}

/// A multipart form with a file, as a browser without a script sends it.
pub fn upload(appliance: &Appliance, cookie: &str, token: &str, bytes: &[u8]) -> Answer {
    let part = |name: &str, more: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
    let mut body = format!("{}{token}\r\n{}", part("csrf", ""), part("file", "; filename=\"set.json\"")).into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--edge--\r\n");
    appliance.ask("POST", "/imports", &[("Content-Type", "multipart/form-data; boundary=edge"), ("Cookie", cookie)], &body)
}

#[test]
fn the_panel_shows_what_is_inside_asks_and_leads_to_what_came_in() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let get = |path: &str| appliance.ask("GET", path, &[("Cookie", &cookie)], b"");
    let page = get("/imports").text();
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(get("/flows").text().contains("href=\"/imports\"") && get("/settings/backup").text().contains("href=\"/exports\""));
    assert_eq!(upload(&appliance, &cookie, "", b"{}").status, 403, "a form without its token changes nothing");

    let broken =
        upload(&appliance, &cookie, &token, br#"{"flusso": 1, "name": "x", "nodes": [{"id": "w1", "kind": "wait", "for": "soon"}]}"#);
    let text = broken.text();
    assert!(broken.status == 422 && text.contains("Nodo w1") && text.contains("for") && text.contains("Non è cambiato niente"), "{text}");
    let hostile = upload(&appliance, &cookie, &token, b"PK\x03\x04 and then nothing").text();
    assert!(hostile.contains("gli manca l&#39;indice") || hostile.contains("gli manca l'indice"), "{hostile}");
    assert_eq!(upload(&appliance, &cookie, &token, b"").status, 422);

    let sent = upload(&appliance, &cookie, &token, set().to_string().as_bytes());
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    let look = get(&place).text();
    for words in ["Uno", "Due", "/ciao", "Campi nuovi: born e Città", "Tag nuovi: vip", "Nuovo"] {
        assert!(look.contains(words), "{words}: {look}");
    }
    assert_eq!(appliance.all("/flows").len(), 0);
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
    let csrf = format!("csrf={token}");
    assert_eq!(appliance.ask("POST", &place, &form, csrf.as_bytes()).status, 303);
    let done = get(&place).text();
    assert!(done.contains("Versione 1, disattivata") && done.contains("/edit\">Uno</a>"), "{done}");
    assert_eq!(appliance.all("/flows").len(), 2);
    assert_eq!(appliance.ask("POST", &place, &form, csrf.as_bytes()).status, 303);
    assert_eq!(appliance.all("/flows").len(), 2, "sent twice, it is done once");

    let sent = upload(&appliance, &cookie, &token, flow("Uno", "due").to_string().as_bytes());
    let place = sent.header("location").unwrap().to_owned();
    let look = get(&place).text();
    for words in [
        "name=\"flow.Uno\" value=\"skip\" checked",
        "name=\"flow.Uno\" value=\"both\"",
        "name=\"flow.Uno\" value=\"replace\"",
        "resta fuori",
    ] {
        assert!(look.contains(words), "{words}: {look}");
    }
    appliance.ask("POST", &place, &form, format!("{csrf}&flow.Uno=both").as_bytes());
    let done = get(&place).text();
    assert!(done.contains("Uno (2)") && done.contains("Una bozza") && done.contains("Senza &#34;due&#34;"), "{done}");
    let gone = get("/imports/nothing");
    assert_eq!((gone.status, gone.header("location")), (303, Some("/imports")));
    let file = get("/exports");
    assert!(file.status == 200 && file.text().contains("\"quick_replies\""));
}

#[test]
fn a_file_that_is_too_large_is_refused_in_a_sentence() {
    let appliance = Appliance::start();
    let bearer = format!("Bearer {}", appliance.key);
    let head = format!(
        "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\nConnection: close\r\nContent-Length: 99999999999\r\n\r\n"
    );
    let answer = crate::kit::client::raw(appliance.address, head.as_bytes()).unwrap();
    assert!(answer.problem(413).contains("65536 KiB"), "{}", answer.text());
}
