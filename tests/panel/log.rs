//! The log: who did what, to whom and when, in the reader's words.

use super::desk::Desk;
use flusso::web::words::Language;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The words under which something is written to the log, as the sources have them.
fn written() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap_or_default();
            if !source.contains(".audit(") {
                continue;
            }
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for literal in source.split('"').skip(1).step_by(2) {
                let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                if literal.split_once('.').is_some_and(|(noun, deed)| is_word(noun) && is_word(deed)) {
                    found.push(literal.to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn every_word_of_the_log_is_said_in_both_languages() {
    let found = written();
    assert!(found.len() > 60, "{found:?}");
    for what in found {
        let said = Language::ALL.map(|language| language.audited(&what));
        assert!(said[0].is_some() && said[1].is_some(), "{what} is not known to `words::audit`");
        assert_ne!(said[0], said[1], "{what}");
    }
}

fn begun(desk: &Desk) -> (String, Value) {
    let (channel, _) = desk.appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Seguito", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "for": "2d", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "title": "Il saluto", "text": "Uno"}]});
    let flow = desk.appliance.call("POST", "/flows?enable=true", &flow).expect(201)["id"].as_str().unwrap().to_owned();
    let body = json!({"contact": {"channel": channel, "address": "anna", "name": "Anna"}});
    let run = desk.appliance.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202)["run"].as_str().unwrap().to_owned();
    let told = desk.appliance.get(&format!("/runs/{run}")).expect(200);
    (run, told)
}

/// The lines of the log's page: their text.
fn lines(page: &str) -> Vec<String> {
    let body = page.split_once("<tbody>").map_or("", |(_, rest)| rest.split_once("</tbody>").unwrap().0);
    let told = |row: &str| {
        let text: String = row.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).to_owned() + " ").collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#39;", "'")
    };
    body.split("</tr>").map(told).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_log_says_who_did_what_to_whom_and_is_looked_through_by_person_and_by_thing() {
    let desk = Desk::open();
    let (run, told) = begun(&desk);
    let contact = told["contact"].as_str().unwrap();
    desk.post(&format!("/runs/{run}/actions/m1%3A1"), "next=on&move=tomorrow");
    desk.post(&format!("/runs/{run}/hold"), "");
    desk.appliance.call("PATCH", &format!("/contacts/{contact}"), &json!({"tags": ["vip"], "language": "it"})).expect(200);
    desk.post("/runs/changes", &format!("verb=resume&run={run}&sure=yes"));
    desk.appliance.wait_for(&format!("/runs/{run}"), |run| run["state"] == "active");
    desk.post(&format!("/runs/{run}/variables"), "name=ordine&value=77");
    desk.post(&format!("/runs/{run}?method=delete"), "");
    let all = lines(&desk.get("/settings/log"));
    for (who, what) in [
        ("Ada", "ha fermato un'automazione attiva Seguito, con Anna"),
        ("Ada", "ha cambiato un valore di un'automazione attiva Seguito, con Anna ordine"),
        ("Ada", "ha modificato più automazioni insieme"),
        ("API:", "ha modificato un contatto Anna tag, lingua"),
        ("Ada", "ha sospeso un'automazione attiva Seguito, con Anna"),
        ("Ada", "ha spostato un'azione Seguito, con Anna Il saluto: Uno, a domani 09:00"),
        ("API:", "ha avviato un'automazione per un contatto Seguito, con Anna"),
        ("API:", "ha creato un'automazione Seguito"),
        ("Ada", "ha fatto l'accesso al pannello"),
    ] {
        assert!(all.iter().any(|line| line.contains(who) && line.contains(what)), "{who} {what}: {all:#?}");
    }
    for english in ["stopped", "moved", "language", "Started", "held", "job "] {
        assert!(!all.iter().any(|line| line.contains(english)), "{english}: {all:#?}");
    }
    let of = |query: &str| lines(&desk.get(&format!("/settings/log?{query}")));
    let about_run = of(&format!("run={run}"));
    assert_eq!(about_run.len(), 6, "what was done to it, alone and with many: {about_run:#?}");
    assert_eq!(of(&format!("contact={contact}")).len(), 7, "and what was done to the contact");
    assert!(of("who=api").iter().all(|line| line.contains("API:")) && !of("who=api").is_empty());
    assert_eq!(of(&format!("who=1&kind=action.&run={run}")).len(), 1);
    assert!(of("run=nothing").is_empty() && of("who=nobody").is_empty(), "a filter that names nothing means no line");
    assert!(desk.get(&format!("/settings/log?run={run}")).contains("Solo Seguito, con Anna"));
    assert!(desk.get(&format!("/runs/{run}")).contains(&format!("href=\"/settings/log?run={run}\"")));
    assert!(desk.get(&format!("/contacts/{contact}")).contains(&format!("href=\"/settings/log?contact={contact}\"")));
}

#[test]
fn the_log_goes_on_page_after_page_and_by_the_api_too() {
    let desk = Desk::open();
    let (run, _) = begun(&desk);
    for _ in 0..30 {
        desk.post(&format!("/runs/{run}/hold"), "");
        desk.post(&format!("/runs/{run}/hold?method=delete"), "");
    }
    let first = desk.get(&format!("/settings/log?run={run}"));
    assert_eq!(lines(&first).len(), 50);
    let next = first.split("<nav class=\"pager\"").nth(1).and_then(|rest| rest.split("href=\"").nth(1)).unwrap();
    let rest = desk.get(&next.split('"').next().unwrap().replace("&#38;", "&"));
    assert_eq!(lines(&rest).len(), 11, "sixty verbs and the start");
    assert!(!rest.contains("<nav class=\"pager\""), "there is no more");
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.appliance.get(&format!("/audit?run={run}&limit=7{after}")).expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().parse::<u64>().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(seen.len() == 61 && seen.windows(2).all(|pair| pair[0] > pair[1]), "{seen:?}");
    let line = desk.appliance.get(&format!("/audit?run={run}&what=run.held&by=1&limit=1")).expect(200)["items"][0].clone();
    assert_eq!((&line["by"]["kind"], &line["what"]), (&json!("operator"), &json!("run.held")), "{line:#}");
    desk.appliance.get("/audit?by=nobody").problem(422);
    desk.appliance.get(&format!("/audit?run={run}&flow=1")).problem(422);
    desk.appliance.get("/audit?after=yesterday").problem(422);
}
