//! What a shop owner sees: pages in their own language also where something is wrong, pictures as pictures, and a test that stays one.

use super::{FORM, ask, log_in, text};
use crate::kit::appliance::Appliance;
use axum::http::Method;
use serde_json::json;

/// The first bytes of a picture, enough to know it by.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

fn page(appliance: &Appliance, cookie: &str, path: &str) -> String {
    text(&ask(appliance, &Method::GET, path, cookie, ""))
}

fn after(page: &str, mark: &str) -> String {
    page.split(mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_fault_is_a_page_of_the_panel_for_who_is_logged_in() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let asked = [("Accept", "text/html"), ("Accept-Language", "en")];
    let stranger = appliance.ask("GET", "/nowhere", &asked, b"");
    let seen = text(&stranger);
    assert!(stranger.status == 404 && seen.contains("<html lang=\"en\"") && !seen.contains("class=\"rail\""), "{seen}");
    for path in ["/nowhere", "/flows/999/edit", "/files/none/a.png"] {
        let known = appliance.ask("GET", path, &[asked[0], asked[1], ("Cookie", &cookie)], b"");
        let seen = text(&known);
        assert!(known.status == 404 && seen.contains("<html lang=\"it\"") && seen.contains("class=\"rail\""), "{path}: {seen}");
    }
}

#[test]
fn an_uploaded_picture_is_seen_in_the_preview_and_in_the_chat() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let (_, hook) = appliance.simulator("Sim");
    let nodes = json!([
        {"id": "k", "kind": "keyword", "phrases": [{"text": "foto", "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "Eccola {{ contact.fields.none | default: '' }}!"},
    ]);
    let flow = appliance.call("POST", "/flows?enable=true", &json!({"flusso": 1, "name": "Foto", "nodes": nodes})).expect(201);
    let edit = format!("/flows/{}/edit?node=m", flow["id"].as_str().unwrap());
    let token = after(&page(&appliance, &cookie, &edit), "name=\"csrf\" value=\"");
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"");
    let head = format!("{}\r\n\r\n{token}\r\n{}; filename=\"vetrina.png\"\r\n\r\n", part("csrf"), part("file"));
    let body = [head.as_bytes(), PICTURE, b"\r\n--x--\r\n"].concat();
    let upload = format!("/flows/{}/nodes/m/files", flow["id"].as_str().unwrap());
    let kind = ("Content-Type", "multipart/form-data; boundary=x");
    assert_eq!(appliance.ask("POST", &upload, &[kind, ("Cookie", &cookie)], &body).status, 303);
    let seen = page(&appliance, &cookie, &edit);
    let picture = "<img class=\"bubble-picture\" src=\"/files/";
    assert!(seen.contains(picture) && seen.contains("alt=\"vetrina.png\""), "{seen}");
    let address = format!("/files/{}", after(&seen, picture));
    assert_eq!(appliance.ask("GET", &address, &[], b"").body, PICTURE);

    let save = format!("csrf={token}&revision={}", after(&seen, "name=\"revision\" value=\""));
    let versions = format!("/flows/{}/versions", flow["id"].as_str().unwrap());
    assert_eq!(appliance.ask("POST", &versions, &[FORM, ("Cookie", &cookie)], save.as_bytes()).status, 303);
    appliance.say(&hook, "anna", "foto");
    let contact = appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    let chat = page(&appliance, &cookie, &format!("/contacts/{contact}"));
    assert!(chat.contains(picture) && chat.contains("<p>Eccola!</p>"), "{chat}");
}

#[test]
fn a_test_message_leaves_the_automations_of_its_reader_on() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let (channel, _) = appliance.simulator("Sim");
    let token = after(&page(&appliance, &cookie, "/flows"), "name=\"csrf\" value=\"");
    let tests = format!("/channels/{channel}/tests");
    let sent = appliance.ask("POST", &tests, &[FORM, ("Cookie", &cookie)], format!("csrf={token}&to=anna").as_bytes());
    assert_eq!(sent.status, 303);
    assert_eq!(appliance.all("/messages")[0]["text"], "Questa è una prova da Flusso.");
    let contact = &appliance.all("/contacts")[0];
    assert!(contact["handover"].is_null(), "{contact}");
}

#[test]
fn a_new_keyword_begins_with_the_name_of_its_automation() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let token = after(&page(&appliance, &cookie, "/flows"), "name=\"csrf\" value=\"");
    let post = |path: &str, fields: &str| {
        let body = format!("csrf={token}&{fields}");
        appliance.ask("POST", path, &[FORM, ("Cookie", &cookie)], body.as_bytes())
    };
    let made = post("/flows", "name=Orari+di+Natale");
    let edit = made.header("location").unwrap().split(['?', '#']).next().unwrap().to_owned();
    let flow = edit.trim_end_matches("/edit").to_owned();
    for (node, word) in [("k1", "orari di natale"), ("k2", "listino")] {
        let revision = after(&page(&appliance, &cookie, &edit), "name=\"revision\" value=\"");
        assert_eq!(post(&format!("{flow}/nodes"), &format!("kind=keyword&revision={revision}")).status, 303);
        let seen = page(&appliance, &cookie, &format!("{edit}?node={node}"));
        assert!(seen.contains(&format!("value=\"{word}\"")), "{word}: {seen}");
    }
}
