//! `/runs`, and every single action

use crate::kit::appliance::Appliance;
use chrono::NaiveDate;
use flusso::base::time::Time;
use flusso::base::zone::Zone;
use serde_json::{Value, json};

/// An appliance with one run that waits, and the path of that run.
fn waiting() -> (Appliance, String) {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    let flow = json!({"flusso": 1, "name": "Follow", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Eccomi", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "exits": {"elapsed": "m2"}},
        {"id": "m2", "kind": "message", "text": "Ancora qui?", "exits": {"next": "w2"}},
        {"id": "w2", "kind": "wait", "for": "1d", "exits": {"elapsed": "m3"}},
        {"id": "m3", "kind": "message", "text": "Addio"},
    ]});
    appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    appliance.say(&hook, "anna", "ciao").expect(200);
    let run = appliance.all("/runs").remove(0);
    let path = format!("/runs/{}", run["id"].as_str().unwrap());
    (appliance, path)
}

/// The first action of this run that waits.
fn next(run: &Value) -> &Value {
    run["actions"].as_array().unwrap().iter().find(|action| action["source"] == "pending").unwrap()
}

fn texts_sent(appliance: &Appliance) -> Vec<String> {
    appliance.all("/messages?direction=out").iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_run_shows_what_was_is_and_will_be() {
    let (appliance, path) = waiting();
    let run = appliance.get(&path).expect(200);
    assert_eq!((&run["state"], &run["node"]), (&json!("active"), &json!("w1")));
    let actions = run["actions"].as_array().unwrap();
    let of = |source: &str| actions.iter().filter(|action| action["source"] == source).count();
    assert!(of("done") >= 1 && of("pending") == 1 && of("forecast") >= 1, "{actions:#?}");
    for action in actions {
        for member in ["id", "node", "kind", "state", "due", "text", "source", "changed", "result"] {
            assert!(action.get(member).is_some(), "{member}: {action}");
        }
        assert!(action["id"].as_str().unwrap().starts_with(&format!("{}:", action["node"].as_str().unwrap())), "{action}");
    }
    assert!(next(&run)["due"].is_string(), "{run:#}");
}

#[test]
fn a_list_is_filtered_by_what_is_asked() {
    let (appliance, path) = waiting();
    let run = appliance.get(&path).expect(200);
    let (contact, flow) = (run["contact"].as_str().unwrap(), run["flow"].as_str().unwrap());
    let other = json!({"flusso": 1, "name": "Altro", "start": "m1", "nodes": [{"id": "m1", "kind": "message", "text": "Ciao"}]});
    let other = appliance.call("POST", "/flows", &other).expect(201)["id"].as_str().unwrap().to_owned();
    for (filter, count) in [
        (format!("flow={other}"), 0),
        (format!("state=any&flow={other}"), 0),
        (format!("contact={contact}&flow={other}"), 0),
        (format!("contact={contact}&flow={flow}"), 1),
        (format!("contact={contact}&node=w2"), 0),
        (format!("contact={contact}&due_before=2020-01-01T00:00:00Z"), 0),
        (format!("contact={contact}&due_before=2099-01-01T00:00:00Z"), 1),
        ("state=any&due_before=2020-01-01T00:00:00Z".to_owned(), 0),
        (format!("contact={contact}"), 1),
        (format!("flow={flow}"), 1),
        ("contact=99".to_owned(), 0),
        ("node=w1".to_owned(), 1),
        ("node=w2".to_owned(), 0),
        ("state=held".to_owned(), 0),
        ("state=any".to_owned(), 1),
        ("text=ANN".to_owned(), 1),
        ("text=bruno".to_owned(), 0),
        ("tag=vip".to_owned(), 0),
        ("due_before=2020-01-01T00:00:00Z".to_owned(), 0),
        ("due_before=2099-01-01T00:00:00Z".to_owned(), 1),
    ] {
        assert_eq!(appliance.all(&format!("/runs?{filter}")).len(), count, "{filter}");
    }
}

#[test]
fn a_run_is_held_resumed_moved_and_stopped() {
    let (appliance, path) = waiting();
    assert_eq!(appliance.call("PATCH", &path, &json!({"state": "held"})).expect(200)["state"], "held");
    assert_eq!(appliance.call("PATCH", &path, &json!({"state": "active"})).expect(200)["state"], "active");
    let jumped = appliance.call("PATCH", &path, &json!({"node": "m3"})).expect(200);
    assert_eq!(jumped["state"], "finished", "{jumped:#}");
    assert!(texts_sent(&appliance).contains(&"Addio".to_owned()));
    appliance.call("PATCH", &path, &json!({"state": "held"})).problem(409);
    let (appliance, path) = waiting();
    let stopped = appliance.call("PATCH", &path, &json!({"state": "stopped"})).expect(200);
    assert_eq!(stopped["state"], "stopped", "{stopped:#}");
    assert!(stopped["ended"].is_string());
    appliance.call("PATCH", &path, &json!({"state": "asleep"})).problem(422);
    appliance.call("PATCH", &path, &json!({"state": "held", "node": "m2"})).problem(422);
}

#[test]
fn an_action_is_moved_rewritten_held_and_put_back() {
    let (appliance, path) = waiting();
    let run = appliance.get(&path).expect(200);
    let action = format!("{path}/actions/{}", next(&run)["id"].as_str().unwrap());
    let moved = appliance.call("PATCH", &action, &json!({"due": "2099-01-01T09:00:00Z"})).expect(200);
    assert_eq!(next(&moved)["due"], "2099-01-01T09:00:00.000Z", "{moved:#}");
    assert_eq!(next(&moved)["changed"]["due"], "2099-01-01T09:00:00.000Z");
    let held = appliance.call("PATCH", &action, &json!({"state": "held"})).expect(200);
    assert_eq!(next(&held)["state"], "held", "{held:#}");
    let released = appliance.call("PATCH", &action, &json!({"state": "scheduled"})).expect(200);
    assert_eq!(next(&released)["state"], "scheduled", "{released:#}");
    let undone = appliance.call("DELETE", &format!("{action}/changes"), &Value::Null).expect(200);
    assert_eq!(next(&undone)["due"], next(&run)["due"], "{undone:#}");
    appliance.call("PATCH", &action, &json!({"due": "tomorrow"})).problem(422);
    appliance.call("PATCH", &action, &json!({"text": "x", "state": "held"})).problem(422);
    appliance.call("PATCH", &format!("{path}/actions/nonsense"), &json!({"state": "held"})).problem(404);
}

#[test]
fn an_action_is_sent_now_skipped_and_removed() {
    let (appliance, path) = waiting();
    let id = |run: &Value| format!("{path}/actions/{}", next(run)["id"].as_str().unwrap());
    let run = appliance.get(&path).expect(200);
    let run = appliance.call("POST", &format!("{}/run", id(&run)), &Value::Null).expect(200);
    assert_eq!((texts_sent(&appliance).last().unwrap().as_str(), &run["node"]), ("Ancora qui?", &json!("w2")), "{run:#}");
    let run = appliance.call("POST", &format!("{}/skips", id(&run)), &Value::Null).expect(200);
    assert_ne!(run["node"], "w2", "{run:#}");
    let (appliance, path) = waiting();
    let run = appliance.get(&path).expect(200);
    let action = format!("{path}/actions/{}", next(&run)["id"].as_str().unwrap());
    let removed = appliance.call("DELETE", &action, &Value::Null).expect(200);
    assert_eq!((&next(&removed)["changed"]["remove"], &next(&removed)["due"]), (&json!(true), &next(&run)["due"]), "{removed:#}");
}

#[test]
fn what_a_person_changed_outlives_a_kill() {
    let (mut appliance, path) = waiting();
    let run = appliance.get(&path).expect(200);
    let action = format!("{path}/actions/{}", next(&run)["id"].as_str().unwrap());
    appliance.call("PATCH", &action, &json!({"due": "2099-01-01T09:00:00Z"})).expect(200);
    appliance.kill_and_restart();
    assert_eq!(next(&appliance.get(&path).expect(200))["due"], "2099-01-01T09:00:00.000Z");
}

#[test]
fn many_are_changed_at_once_and_taken_back() {
    let (appliance, path) = waiting();
    let flow = appliance.get(&path).expect(200)["flow"].clone();
    let matching = json!({"flow": flow, "node": "w1"});
    let preview = appliance.call("POST", "/runs/changes", &json!({"match": matching, "verb": "hold"})).expect(200);
    assert_eq!((&preview["runs"], &preview["must_confirm"], &preview["can_undo"]), (&json!(1), &json!(false), &json!(true)));
    let job = appliance.call("POST", "/runs/changes", &json!({"match": matching, "verb": "hold", "apply": true})).expect(202);
    let job = format!("/runs/changes/{}", job["id"].as_str().unwrap());
    appliance.wait_for(&job, |job| job["state"] == "done" && job["changed"] == 1);
    assert_eq!(appliance.all("/runs?state=held").len(), 1);
    appliance.call("DELETE", &job, &Value::Null).expect(200);
    appliance.wait_for(&job, |job| job["state"] == "undone");
    assert_eq!((appliance.all("/runs?state=held").len(), appliance.all("/runs?state=active").len()), (0, 1));
    appliance.call("POST", "/runs/changes", &json!({"match": matching, "verb": "jump"})).expect(422);
}

#[test]
fn more_than_fifty_are_changed_only_by_whoever_says_how_many() {
    let (appliance, path) = waiting();
    let hook = appliance.all("/channels")[0]["hook_url"].as_str().unwrap().to_owned();
    for number in 0..50 {
        appliance.say(&hook, &format!("bruno{number}"), "ciao").expect(200);
    }
    let flow = appliance.get(&path).expect(200)["flow"].clone();
    let wish = |more: &Value| {
        let mut wish = json!({"match": {"flow": flow}, "verb": "hold"});
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    };
    let preview = appliance.call("POST", "/runs/changes", &wish(&json!({}))).expect(200);
    assert_eq!((&preview["runs"], &preview["must_confirm"]), (&json!(51), &json!(true)));
    for refused in [json!({"apply": true}), json!({"apply": true, "count": 50})] {
        let detail = appliance.call("POST", "/runs/changes", &wish(&refused)).problem(409);
        assert!(detail.contains("Write 51 to change them all"), "{detail}");
    }
    assert_eq!(appliance.all("/runs?state=held").len(), 0);
    let past = json!({"match": {"flow": flow}, "verb": "move", "to": "2020-01-01T00:00:00Z", "apply": true, "count": 51});
    assert!(appliance.call("POST", "/runs/changes", &past).problem(422).contains("That time is past"), "nobody gets everything at once");
    let job = appliance.call("POST", "/runs/changes", &wish(&json!({"apply": true, "count": 51}))).expect(202);
    appliance.wait_for(&format!("/runs/changes/{}", job["id"].as_str().unwrap()), |job| job["state"] == "done" && job["changed"] == 51);
}

#[test]
fn numbers_agenda_and_variables_are_told() {
    let (appliance, path) = waiting();
    let run = appliance.call("PATCH", &path, &json!({"variables": {"order": "77"}})).expect(200);
    assert_eq!(run["variables"]["order"], "77");
    let due = run["due"].as_str().unwrap().to_owned();
    let counters = appliance.get(&format!("/flows/{}/counters", run["flow"].as_str().unwrap())).expect(200);
    let at = |name: &str| counters["nodes"].as_array().unwrap().iter().find(|node| node["node"] == name).cloned().unwrap();
    assert_eq!((&at("m1")["exits"]["next"], &at("w1")["waiting"], &at("w1")["arrived"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(appliance.all(&format!("/runs?due_before={due}")).len(), 0);
    assert_eq!(appliance.all("/runs?due_before=2199-01-01T00:00:00Z&node=w1").len(), 1);
    let day = Zone::ROME.date(due.parse::<Time>().unwrap());
    let due_on =
        |day: Option<NaiveDate>| appliance.get(&format!("/agenda?day={}", day.unwrap())).expect(200)["items"].as_array().unwrap().len();
    assert_eq!([day.pred_opt(), Some(day), day.succ_opt()].map(due_on), [0, 1, 0], "one action is due once, on its day");
    let fresh = appliance.call("POST", &format!("{path}/restarts"), &Value::Null).expect(200);
    assert!(fresh["id"] != run["id"] && fresh["state"] == "active", "{fresh:#}");
    assert_eq!(fresh["variables"]["order"], "77", "it begins again with what it knew");
}
