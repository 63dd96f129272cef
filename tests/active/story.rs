//! The page of one run: the way it took is lit, what is undecided stands there as ways, a time that was moved says why, and whoever acts too
//! late is told. What a person changed outlives whatever is done to the flow around it.

use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use crate::panel::log_in;
use flusso::base::time::{Span, Time};
use flusso::base::zone::Zone;
use serde_json::{Value, json};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// The time the appliance shows, after its clock was moved by so much.
fn ahead(flusso: &Appliance, by: &str) -> Time {
    let moved = flusso.ask("POST", "/test/clock", &[("Content-Type", "application/json")], json!({"ahead": by}).to_string().as_bytes());
    moved.expect(200)["now"].as_str().unwrap().parse().unwrap()
}

fn page(flusso: &Appliance, cookie: &str, path: &str) -> String {
    let answer = flusso.ask("GET", path, &[("Cookie", cookie)], b"");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

/// Makes a flow and starts it for one person; the id of the run.
fn begun(flusso: &Appliance, channel: &str, flow: &Value) -> String {
    let flow = flusso.call("POST", "/flows?enable=true", flow).expect(201)["id"].as_str().unwrap().to_owned();
    start(flusso, channel, &flow, "anna")
}

fn start(flusso: &Appliance, channel: &str, flow: &str, who: &str) -> String {
    let body = json!({"contact": {"channel": channel, "address": who}});
    flusso.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202)["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_way_that_was_taken_is_lit_with_its_exits_and_undecided_ways_stand_there_as_ways() {
    let flusso = Appliance::start();
    let (_, hook) = flusso.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Domanda", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ti interessa?", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "reply": {"save": "run.answer"}, "exits": {"elapsed": "m2", "replied": "c1"}},
        {"id": "c1", "kind": "condition", "branches": [{"exit": "sì", "all": [{"value": "run.answer", "op": "is", "to": "sì"}]}], "exits": {"sì": "m3", "else": "m4"}},
        {"id": "m2", "kind": "message", "text": "Ancora qui?"},
        {"id": "m3", "kind": "message", "text": "Ecco il listino"},
        {"id": "m4", "kind": "message", "text": "Sarà per un'altra volta"}]});
    flusso.call("POST", "/flows?enable=true", &flow).expect(201);
    flusso.say(&hook, "anna", "ciao").expect(200);
    let run = flusso.all("/runs").remove(0)["id"].as_str().unwrap().to_owned();
    let (cookie, path) = (log_in(&flusso), format!("/runs/{run}"));
    let waiting = page(&flusso, &cookie, &path);
    assert_eq!(waiting.matches("map-edge taken").count(), 2, "from the keyword to the message, and on to the wait");
    let ways = waiting.split("<ul class=\"ways\">").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("ways");
    assert!(ways.contains("come qui sotto") && ways.contains("<ol class=\"way\">"), "{ways}");
    flusso.say(&hook, "anna", "sì").expect(200);
    let over = page(&flusso, &cookie, &path);
    assert_eq!(over.matches("map-edge taken").count(), 4, "and by the answer to the end");
    assert!(over.contains("Ecco il listino") && !over.contains("<ul class=\"ways\">"));
}

#[test]
fn a_time_that_was_moved_says_why() {
    let flusso = Appliance::start();
    let (channel, _) = flusso.simulator("Sim");
    let cookie = log_in(&flusso);
    let now = ahead(&flusso, "0s");
    let wall = |hours: i64| Zone::ROME.local(now + Span::HOUR.times(hours)).format("%H:%M").to_string();
    let day = |days: i64| Zone::ROME.date(now + Span::DAY.times(days)).to_string();
    let flow = |name: &str, window: Value| {
        let mut wait = json!({"id": "w", "kind": "wait", "for": "10m", "exits": {"elapsed": "m"}});
        if !window.is_null() {
            wait["window"] = window;
        }
        json!({"flusso": 1, "name": name, "start": "w", "nodes": [wait, {"id": "m", "kind": "message", "text": "Eccomi"}]})
    };
    let hours = json!([{"days": "all", "from": "00:00", "to": "23:59"}]);
    flusso.call("PATCH", "/settings", &json!({"business_hours": hours, "holidays": [day(0), day(1)]})).expect(200);
    let window = json!({"days": "all", "from": wall(2), "to": wall(3)});
    for (name, window, quiet, words) in [
        ("Finestra", window, Value::Null, "Rimandata per stare dentro"),
        ("Festa", json!("business_hours"), Value::Null, "un giorno di festa"),
        ("Silenzio", Value::Null, json!({"from": wall(-1), "to": wall(4)}), "Rimandata per le ore di silenzio"),
    ] {
        flusso.call("PATCH", "/settings", &json!({"quiet_hours": quiet})).expect(200);
        let run = begun(&flusso, &channel, &flow(name, window));
        let shown = page(&flusso, &cookie, &format!("/runs/{run}"));
        assert!(shown.contains(words), "{name}: {shown}");
    }
    flusso.call("PATCH", "/settings", &json!({"quiet_hours": null})).expect(200);
    let slow = json!({"kind": "simulator", "name": "Lento", "settings": {"rate": {"per_second": 0.1, "burst": 1}}});
    let slow = flusso.call("POST", "/channels", &slow).expect(201)["id"].as_str().unwrap().to_owned();
    let flow = flusso.call("POST", "/flows?enable=true", &flow("Ritmo", Value::Null)).expect(201)["id"].as_str().unwrap().to_owned();
    let runs: Vec<String> = (0..9).map(|number| start(&flusso, &slow, &flow, &format!("persona {number}"))).collect();
    let (first, last) = (page(&flusso, &cookie, &format!("/runs/{}", runs[0])), page(&flusso, &cookie, &format!("/runs/{}", runs[8])));
    let words = "molte azioni scadono insieme, e «Lento» le manda al suo ritmo";
    assert!(last.contains(words) && !first.contains(words), "{last}");
}

/// Three messages a day apart.
fn follow_up(last: &str) -> Value {
    json!({"flusso": 1, "name": "Seguito", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": format!("Uno {last}"), "exits": {"next": "w2"}},
        {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m2"}},
        {"id": "m2", "kind": "message", "text": format!("Due {last}")}]})
}

#[test]
fn two_people_at_their_pages_are_both_told() {
    let flusso = Appliance::start();
    let (channel, _) = flusso.simulator("Sim");
    let run = begun(&flusso, &channel, &follow_up("qui"));
    let sessions = [log_in(&flusso), log_in(&flusso)];
    // Both pages are open before either of them acts.
    let tokens = sessions.each_ref().map(|cookie| {
        let shown = page(&flusso, cookie, &format!("/runs/{run}"));
        shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    });
    let press = |who: usize, word: &str| {
        let (path, body) = (format!("/runs/{run}/actions/m1%3A1/{word}"), format!("csrf={}&next=on", tokens[who]));
        flusso.ask("POST", &path, &[FORM, ("Cookie", &sessions[who])], body.as_bytes())
    };
    let told = |cookie: &str, answer: &Answer| {
        assert_eq!(answer.status, 303, "{}", answer.text());
        let said = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a flash");
        page(&flusso, &format!("{cookie}; {said}"), &format!("/runs/{run}"))
    };
    let first = told(&sessions[0], &press(0, "skips"));
    let second = told(&sessions[1], &press(1, "run"));
    assert!(first.contains("Saltata: si passa a quello che viene dopo."), "{first}");
    assert!(second.contains("Questa azione non è più in attesa"), "{second}");
    assert!(flusso.all("/messages?direction=out").is_empty(), "it was skipped, once");
}

#[test]
fn what_a_person_changed_outlives_a_save_a_new_version_a_pause_and_a_kill() {
    let mut flusso = Appliance::start();
    let (channel, _) = flusso.simulator("Sim");
    let run = begun(&flusso, &channel, &follow_up("prima"));
    let path = format!("/runs/{run}");
    let told = flusso.get(&path).expect(200);
    let flow = told["flow"].as_str().unwrap().to_owned();
    let due = told["due"].as_str().unwrap().parse::<Time>().unwrap() + Span::HOUR;
    flusso.call("PATCH", &format!("{path}/actions/m1:1"), &json!({"due": due.to_string()})).expect(200);
    flusso.call("PATCH", &format!("{path}/actions/m1:1"), &json!({"text": "Solo per te"})).expect(200);
    flusso.call("PATCH", &format!("{path}/actions/m2:1"), &json!({"text": "Anche questo"})).expect(200);
    let stands = |flusso: &Appliance, when: &str| {
        let run = flusso.get(&path).expect(200);
        let lines: Vec<&Value> = run["actions"].as_array().unwrap().iter().filter(|action| action["source"] != "done").collect();
        assert_eq!((&lines[0]["text"], &lines[1]["text"]), (&json!("Solo per te"), &json!("Anche questo")), "{when}: {run:#}");
        assert_eq!(lines[0]["due"], due.to_string(), "{when}");
        assert!(lines[0]["changed"]["at"].is_string(), "{when}: {run:#}");
    };
    stands(&flusso, "at once");
    flusso.call("PUT", &format!("/flows/{flow}?running=move"), &follow_up("dopo")).expect(200);
    assert_eq!(flusso.get(&path).expect(200)["version"], 2);
    stands(&flusso, "after a save, in the new version");
    flusso.call("POST", &format!("/flows/{flow}/pause"), &Value::Null);
    ahead(&flusso, "30m");
    flusso.call("DELETE", &format!("/flows/{flow}/pause?overdue=shift"), &Value::Null);
    stands(&flusso, "after a pause with its waits shifted");
    flusso.kill_and_restart();
    stands(&flusso, "after a kill");
    let texts = |flusso: &Appliance| -> Vec<String> {
        flusso.all("/messages?direction=out").iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    };
    ahead(&flusso, "2h 50m");
    assert!(texts(&flusso).is_empty(), "never early");
    ahead(&flusso, "15m");
    flusso.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| items.len() == 1));
    ahead(&flusso, "2h 5m");
    flusso.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| items.len() == 2));
    assert_eq!(texts(&flusso), ["Solo per te", "Anche questo"]);
}
