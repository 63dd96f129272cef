//! What a person decides of a set: what it asks, what is replaced while it speaks to people, and that a set that is refused leaves nothing.

use super::outside::upload;
use super::round_trip::{bytes, exported, house, import};
use crate::kit::appliance::{Appliance, init, run};
use crate::panel::{Desk, log_in};
use flusso::engine::import::{Choice, Choices, Missing};
use flusso::model::archive::{self, DOCUMENT};
use flusso::model::document;
use flusso::model::flow::FlowState;
use flusso::model::node::Text;
use flusso::model::operator::By;
use flusso::store::{audit, checklists, files};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn listino(word: &str, text: &str) -> Value {
    json!({"flusso": 1, "name": "Listino", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": text}]})
}

/// A flow that nobody made their own yet.
fn asking() -> Value {
    json!({"flusso": 1, "name": "Prezzi", "questions": [
            {"id": "prices", "label": {"it": "Quali prezzi?", "en": "Which prices?"}, "kind": "text", "default": "10 €"},
            {"id": "days", "label": "Giorni?", "kind": "number", "default": "30"},
            {"id": "staff", "label": "Chi avvisiamo?", "kind": "staff"},
            {"id": "pdf", "label": "Il listino?", "kind": "file"}],
        "nodes": [
            {"id": "k", "kind": "keyword", "phrases": [{"text": "prezzi", "match": "exact"}], "exits": {"next": "m"}},
            {"id": "m", "kind": "message", "text": "{{ ask.prices }} per {{ ask.days }} giorni",
             "attachments": [{"kind": "document", "file": "{{ ask.pdf }}"}], "exits": {"next": "h"}},
            {"id": "h", "kind": "handover", "notify": "{{ ask.staff }}"}]})
}

fn set(flow: &Value) -> Vec<u8> {
    flow.to_string().into_bytes()
}

#[tokio::test]
async fn what_is_replaced_while_it_is_enabled_is_switched_off_unless_somebody_wants_it_live() {
    let here = house();
    let flow = document::read(&listino("listino", "uno")).expect("a flow");
    let id = here.create_flow(By::Command, flow, true).await.expect("a flow").id;
    let state = || here.facts().heads[&id].state;
    let changed = set(&listino("listino", "due"));
    let look = here.look_at_set(Arc::new(changed.clone())).await.expect("a look");
    assert!(look.flows[0].is_live, "that it speaks to people now is seen before");
    let replace = |live| Choices { rest: Some(Choice::Replace), live, ..Choices::default() };

    // What cannot run takes nothing from those who are inside.
    let broken = json!({"flusso": 1, "name": "Listino", "start": "m", "nodes": [
        {"id": "m", "kind": "message", "text": "x", "attachments": [{"kind": "image", "file": "1"}]}]});
    let kept = &import(&here, &set(&broken), replace(false)).await.flows[0];
    assert_eq!((kept.version, kept.enabled, kept.switched_off), (None, true, false));
    assert_eq!(state(), FlowState::Enabled, "a draft changes nothing for anybody");

    let done = &import(&here, &changed, replace(false)).await.flows[0];
    assert_eq!((done.version, done.enabled, done.switched_off), (Some(2), false, true));
    assert!(matches!(state(), FlowState::Disabled { .. }));
    let lines = audit::list(&here.view().expect("a view"), None, 100).expect("the log");
    assert!(lines.iter().any(|line| line.what == "flow.disabled"), "it is in the log");

    here.enable_flow(By::Command, id, flusso::executor::control::flow_runs::Overdue::Shift).await.expect("enabled");
    let done = &import(&here, &set(&listino("listino", "tre")), replace(true)).await.flows[0];
    assert_eq!((done.version, done.enabled, done.switched_off), (Some(3), true, false));
    assert_eq!(state(), FlowState::Enabled);
}

#[tokio::test]
async fn what_a_flow_asks_is_answered_before_it_comes_in_and_what_is_not_is_told() {
    let here = house();
    let file = here.keep_file(By::Command, "mio.pdf", b"%PDF-1.7 mio".to_vec()).await.expect("a file").id;
    let look = here.look_at_set(Arc::new(set(&asking()))).await.expect("a look");
    assert_eq!(look.flows[0].questions.iter().map(|question| question.id.as_str()).collect::<Vec<_>>(), ["prices", "days", "staff", "pdf"]);
    let given = [("prices", "12 €".to_owned()), ("pdf", file.to_string()), ("staff", "+39 333 000 1111".to_owned())];
    let given = given.map(|(id, text)| (id.to_owned(), Text::Plain(text))).into();
    let choices = Choices { answers: [("Prezzi".to_owned(), given)].into(), ..Choices::default() };
    let done = import(&here, &set(&asking()), choices).await;
    assert_eq!(done.flows[0].version, Some(1));
    let told: Vec<String> = done.missing.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("by default: days: 30."), "only what was not answered: {told:?}");
    let (view, facts) = (here.view().expect("a view"), here.facts());
    let flow = facts.flow(&view, done.flows[0].id, 1).expect("a version");
    let text = document::write(&flow).to_string();
    assert!(
        text.contains("12 € per 30 giorni") && text.contains(&format!("\"file\":\"{file}\"")) && text.contains("+39 333 000 1111"),
        "{text}"
    );
    assert!(!text.contains("ask.") && flow.questions.is_empty());
    assert!(checklists::get(&view, done.flows[0].id).expect("a read").is_some(), "it has a list of what is to do");

    // Nobody answered: it says what stands there by default, and that is told with its words.
    let there = house();
    let open = import(&there, &set(&asking()), Choices::default()).await;
    let wanted = "prices: 10 €; days: 30; staff: –; pdf: –";
    let told = |missing: &Missing| matches!(missing, Missing::Answers { flow, questions } if flow == "Prezzi" && questions == wanted);
    assert!(open.missing.iter().any(told), "{:?}", open.missing);
    assert_eq!(open.flows[0].version, Some(1), "it can run as it is: {:?}", open.flows[0].problems);
    let text = document::write(&exported(&there).set.flows.remove(0)).to_string();
    assert!(text.contains("10 € per 30 giorni") && !text.contains("ask.") && !text.contains("attachments"), "{text}");
    let list = checklists::get(&there.view().expect("a view"), open.flows[0].id).expect("a read").expect("a list of what is to do");
    assert_eq!((list.files.len(), list.blueprint), (1, None));
    let look = there.look_at_set(Arc::new(set(&asking()))).await.expect("a look");
    assert!(look.collisions().is_empty(), "the same once more is no other one: {:?}", look.collisions());

    // A file that is not here is none, whatever number was given.
    let elsewhere = house();
    let given = [("pdf".to_owned(), Text::Plain("77".to_owned()))].into();
    let choices = Choices { answers: [("Prezzi".to_owned(), given)].into(), ..Choices::default() };
    let done = import(&elsewhere, &set(&asking()), choices).await;
    assert_eq!(done.flows[0].version, None, "a message without its file is mended first");
}

#[tokio::test]
async fn a_set_that_is_refused_leaves_no_file_behind() {
    let here = house();
    let pdf = b"%PDF-1.7 in the set".to_vec();
    let name = archive::file_name(blake3::hash(&pdf).as_bytes(), "listino.pdf");
    let replies: Vec<Value> = (0..501).map(|number| json!({"shortcut": format!("r{number}"), "text": "x"})).collect();
    let flow = json!({"name": "Con file", "start": "m", "nodes": [
        {"id": "m", "kind": "message", "text": "x", "attachments": [{"kind": "document", "file": name}]}]});
    let packed = |replies: &[Value]| {
        let document = json!({"flusso": 1, "flows": [flow], "quick_replies": replies}).to_string().into_bytes();
        archive::pack(&BTreeMap::from([(DOCUMENT.to_owned(), document), (name.clone(), pdf.clone())])).expect("an archive")
    };
    let before = bytes(&here);
    let refused = here.import_set(By::Command, Arc::new(packed(&replies)), Choices::default()).await.expect_err("one too many");
    assert!(refused.to_string().contains("500 quick replies"), "{refused}");
    let kept = || files::list(&here.view().expect("a view"), None, 10).expect("files").len();
    assert_eq!(kept(), 0, "its file went with it");
    assert!(bytes(&here) == before && here.facts().names.is_empty());
    let done = import(&here, &packed(&replies[..3]), Choices::default()).await;
    assert_eq!((kept(), done.flows[0].version), (1, Some(1)), "the same file, where nothing is wrong, is kept");
}

#[test]
fn the_panel_asks_what_a_set_asks_and_says_what_is_switched_off() {
    let desk = Desk::open();
    let created = desk.appliance.call("POST", "/flows?enable=true", &listino("listino", "uno")).expect(201);
    let path = format!("/flows/{}", created["id"].as_str().unwrap());
    let two = json!({"flusso": 1, "flows": [listino("listino", "due"), asking()], "quick_replies": []});
    let sent = desk.upload("/imports", &[], ("file", "set.json", two.to_string().as_bytes()));
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    let look = desk.get(&place);
    for words in [
        "Le domande di Prezzi",
        "name=\"ask.1.prices\"",
        "name=\"ask.1.days\" type=\"number\"",
        "name=\"ask.1.pdf\" type=\"file\"",
        "enctype=\"multipart/form-data\"",
        "Listino: qui è attiva adesso",
        "name=\"live\"",
        "resta solo in memoria",
    ] {
        assert!(look.contains(words), "{words}: {look}");
    }
    let fields = |prices: &'static str, staff: &'static str| {
        [("flow.Listino", "replace"), ("ask.1.prices", prices), ("ask.1.days", "15"), ("ask.1.staff", staff)]
    };
    let refused = desk.upload(&place, &fields("12 €", "Anna"), ("ask.1.pdf", "listino.pdf", b"%PDF-1.7 x"));
    let page = refused.text();
    assert_eq!(refused.status, 422, "{page}");
    for words in
        ["Così non si può avvisare nessuno", "value=\"12 €\"", "name=\"kept.ask.1.pdf\"", "name=\"flow.Listino\" value=\"replace\" checked"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(desk.appliance.all("/flows").len(), 1, "nothing came in");
    let kept = page.split("name=\"kept.ask.1.pdf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = format!("flow.Listino=replace&ask.1.prices=12&ask.1.days=15&ask.1.staff=%2B39+333+000+1111&kept.ask.1.pdf={kept}");
    assert_eq!(desk.post(&place, &body).status, 303);
    let done = desk.get(&place);
    assert!(done.contains("Sostituita: versione 2, spenta") && done.contains("Versione 1, disattivata"), "{done}");
    assert_ne!(desk.appliance.get(&path).status, 404);
    let flows = desk.appliance.all("/flows");
    assert!(flows.iter().all(|flow| flow["state"] == "disabled"), "{flows:?}");
    let id = flows.iter().find(|flow| flow["name"] == "Prezzi").unwrap()["id"].as_str().unwrap().to_owned();
    let text = desk.appliance.get(&format!("/flows/{id}")).json().to_string();
    assert!(text.contains("12 per 15 giorni") && text.contains(&format!("\"file\":\"{kept}\"")), "{text}");
    assert!(desk.get(&format!("/flows/{id}/edit")).contains("id=\"todos\""));
    // Left out, it is not asked; wanted live, it stays so.
    assert_eq!(desk.post(&format!("{path}/pause?method=delete"), "").status, 303);
    let again = json!({"flusso": 1, "flows": [listino("listino", "tre"), asking()], "quick_replies": []});
    let sent = desk.upload("/imports", &[], ("file", "set.json", again.to_string().as_bytes()));
    let place = sent.header("location").unwrap().to_owned();
    assert_eq!(desk.post(&place, "flow.Listino=replace&flow.Prezzi=skip&live=on").status, 303);
    let done = desk.get(&place);
    assert!(done.contains("Sostituita: versione 3<"), "{done}");
    assert_eq!(desk.appliance.get(&path).status, 200);
    assert!(desk.appliance.all("/flows").iter().any(|flow| flow["name"] == "Listino" && flow["state"] == "enabled"));
}

#[test]
fn a_file_that_waited_is_gone_after_a_restart_and_the_page_says_why() {
    let mut appliance = Appliance::start();
    let cookie = log_in(&appliance);
    let page = appliance.ask("GET", "/imports", &[("Cookie", &cookie)], b"").text();
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sent = upload(&appliance, &cookie, &token, &set(&asking()));
    let place = sent.header("location").unwrap().to_owned();
    appliance.kill_and_restart();
    let cookie = log_in(&appliance);
    let gone = appliance.ask("GET", &place, &[("Cookie", &cookie)], b"");
    assert_eq!((gone.status, gone.header("location")), (303, Some("/imports")));
    let flash =
        gone.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value.split(';').next().unwrap());
    let cookies = flash.chain([cookie.as_str()]).collect::<Vec<_>>().join("; ");
    let page = appliance.ask("GET", "/imports", &[("Cookie", &cookies)], b"").text();
    assert!(page.contains("Flusso è stato riavviato") && page.contains("Scegli di nuovo il file"), "{page}");
}

#[test]
fn the_api_and_the_command_line_answer_and_switch_off_as_the_panel_does() {
    let appliance = Appliance::start();
    let look = appliance.call("POST", "/imports", &asking()).expect(200);
    assert_eq!(
        (look["flows"][0]["questions"][1]["kind"].as_str(), look["flows"][0]["live"].as_bool()),
        (Some("number"), Some(false)),
        "{look}"
    );
    let detail = appliance.call("POST", "/imports?apply=true&ask.Prezzi.days=molti", &asking()).problem(422);
    assert!(detail.contains("days: it is no number"), "{detail}");
    appliance.call("POST", "/imports?apply=true&ask.Prezzi.colour=red", &asking()).problem(422);
    assert_eq!(appliance.all("/flows").len(), 0);
    let done = appliance.call("POST", "/imports?apply=true&ask.Prezzi.days=15", &asking()).expect(201);
    let id = done["flows"][0]["id"].as_str().unwrap().to_owned();
    let flow = appliance.get(&format!("/flows/{id}")).json().to_string();
    assert!(flow.contains("10 € per 15 giorni"), "what was not answered takes what stands there by default: {flow}");
    appliance.call("POST", "/flows?enable=true", &listino("listino", "uno")).expect(201);
    let done = appliance.call("POST", "/imports?apply=true&collisions=replace&live=true", &listino("listino", "due")).expect(201);
    assert_eq!((done["flows"][0]["enabled"].as_bool(), done["flows"][0]["switched_off"].as_bool()), (Some(true), Some(false)), "{done}");
    let done = appliance.call("POST", "/imports?apply=true&collisions=replace", &listino("listino", "tre")).expect(201);
    assert_eq!((done["flows"][0]["enabled"].as_bool(), done["flows"][0]["switched_off"].as_bool()), (Some(false), Some(true)), "{done}");

    let folder = tempfile::tempdir().unwrap();
    init(folder.path());
    let at = |arguments: &[&str]| run(folder.path(), arguments);
    fs::write(folder.path().join("asks.json"), asking().to_string()).unwrap();
    let looked = at(&["import", "--look", "asks.json"]);
    assert!(looked.out.contains("asks prices: Which prices?"), "{looked:?}");
    let taken = at(&["import", "asks.json"]);
    assert!(taken.code == Some(0) && taken.out.contains("by default: prices: 10 €; days: 30; staff: –; pdf: –"), "{taken:?}");
    let here = Appliance::start_in(folder);
    here.call("POST", "/flows?enable=true", &listino("listino", "uno")).expect(201);
    let at = |arguments: &[&str]| run(here.folder(), arguments);
    for (word, live, told) in [("due", true, "replaced, version 2, and enabled"), ("tre", false, "replaced, version 3, and switched off")] {
        fs::write(here.folder().join("one.json"), listino("listino", word).to_string()).unwrap();
        let looked = at(&["import", "--look", "one.json"]);
        assert!(looked.out.contains("here already, enabled, and different"), "{looked:?}");
        let flags: &[&str] = if live {
            &["import", "--collisions", "replace", "--live", "one.json"]
        } else {
            &["import", "--collisions", "replace", "one.json"]
        };
        let replaced = at(flags);
        assert!(replaced.out.contains(told), "{replaced:?}");
    }
}

#[test]
fn what_looks_like_a_key_is_named_before_it_leaves() {
    let desk = Desk::open();
    let hook = "https://hooks.example/services/T0AB12CD3/abcd1234EFGH5678ijkl";
    let call = json!({"flusso": 1, "name": "Avvisi", "start": "a", "nodes": [
        {"id": "a", "kind": "api", "method": "POST", "url": hook, "exits": {"ok": "n"}},
        {"id": "n", "kind": "notify", "text": "x", "to": hook}]});
    let made = desk.appliance.call("POST", "/flows", &call).expect(201);
    let warned = made["warnings"].to_string();
    assert_eq!(warned.matches("looks like a key (https://hooks.example/…)").count(), 2, "{warned}");
    assert!(!warned.contains("abcd1234EFGH5678ijkl"), "the key itself is not said again: {warned}");
    let id = made["id"].as_str().unwrap();
    let page = desk.get("/imports");
    for words in ["sembra una chiave", &format!("/flows/{id}/edit?node=a#node-a"), "Avvisi: n"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let said = run(desk.appliance.folder(), &["export", "--to", "out.json"]);
    assert!(said.code == Some(0) && said.err.contains("What looks like a key is in it: \"Avvisi\" at the node \"a\""), "{said:?}");
}

#[test]
fn a_channel_leaves_by_its_name_since_its_id_is_anothers_elsewhere() {
    let appliance = Appliance::start();
    let (id, _) = appliance.simulator("Banco");
    let mut flow = listino("listino", "uno");
    flow["nodes"][0]["channels"] = json!([id]);
    let made = appliance.call("POST", "/flows", &flow).expect(201);
    let out = appliance.get(&format!("/exports?flow={}", made["id"].as_str().unwrap())).json();
    assert_eq!(out["nodes"][0]["channels"], json!(["Banco"]), "{out}");
}

#[tokio::test]
async fn a_name_that_stands_twice_in_a_set_is_told_once_for_each_kind_of_thing() {
    let here = house();
    let flow = |word: &str| {
        let mut flow = listino(word, "x");
        flow.as_object_mut().expect("a document").remove("flusso");
        flow
    };
    let reply = json!({"shortcut": "ciao", "text": "x"});
    let field = json!({"name": "city", "kind": "text"});
    let twice = json!({"flusso": 1, "flows": [flow("a"), flow("b")], "quick_replies": [reply, reply], "fields": [field, field], "tags": ["vip", "vip"]});
    let refused = here.look_at_set(Arc::new(set(&twice))).await.expect_err("all of it twice");
    let told = format!("{refused:?}");
    for what in ["flow", "quick reply", "field", "tag"] {
        assert!(told.contains(&format!("TwiceInSet {{ what: \"{what}\"")), "{what}: {told}");
    }
}

#[test]
fn every_guard_of_sets_that_the_readme_names_is_in_its_file_and_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("tests/README.md")).unwrap();
    let part = readme.split("\n## ").find(|part| part.starts_with("Guards of the pack")).unwrap().to_owned();
    let rows: Vec<&str> = part.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 25, "{}", rows.len());
    let mut written = Vec::new();
    sources(&root.join("tests"), &mut written);
    sources(&root.join("src"), &mut written);
    for row in rows {
        let cells: Vec<String> = row.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect();
        let [_, file, code, test] = &cells[..] else { panic!("four cells: {row}") };
        let source = fs::read_to_string(root.join("src").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(source.contains(&code.replace("\\|", "|")), "{file} has no {code}");
        assert!(written.iter().any(|source| source.contains(&format!("fn {test}()"))), "there is no test {test}");
    }
}

/// The text of every source file of a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("browser") {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[tokio::test]
async fn a_blueprint_of_the_pack_that_nobody_answered_speaks_without_a_hole_and_is_known_as_what_it_is() {
    for blueprint in flusso::model::blueprint::BLUEPRINTS {
        let here = house();
        let done = import(&here, blueprint.text.as_bytes(), Choices::default()).await;
        assert_eq!(done.flows[0].version, Some(1), "{}: {:?}", blueprint.word, done.flows[0].problems);
        let list = checklists::get(&here.view().expect("a view"), done.flows[0].id).expect("a read").expect("a list");
        assert_eq!(list.blueprint.as_deref(), Some(blueprint.word));
        let text = document::write(&exported(&here).set.flows.remove(0)).to_string();
        assert!(!text.contains("{{ ask."), "{}: {text}", blueprint.word);
    }
}
