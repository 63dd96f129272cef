//! What concerns the whole appliance: settings, health, metrics, snapshots, lists and the outbox.

use crate::kit::appliance::{Appliance, run};
use crate::kit::fake_provider::{FakeProvider, Reply};
use serde_json::{Value, json};

#[test]
fn settings_are_changed_member_by_member() {
    let appliance = Appliance::start();
    let before = appliance.get("/settings").expect(200);
    for name in ["time_zone", "language", "business_hours", "holidays", "quiet_hours", "stop_words", "start_words", "private_hosts"] {
        assert!(before.get(name).is_some(), "{name}: {before}");
    }
    let hours = json!([{"days": "mon-fri", "from": "09:00", "to": "18:30"}]);
    let after = appliance.call("PATCH", "/settings", &json!({"business_hours": hours, "private_hosts": ["192.168.1.20:8080"]})).expect(200);
    assert_eq!((&after["business_hours"], &after["time_zone"]), (&hours, &before["time_zone"]));
    assert_eq!(appliance.get("/settings").expect(200), after);
    let told = appliance.call("PATCH", "/settings", &json!({"time_zone": "Europe/Oslo", "colour": "red"})).problem(422);
    assert!(told.contains("colour"), "{told}");
    assert_eq!(appliance.get("/settings").expect(200), after, "refused whole");
}

#[test]
fn the_description_of_the_api_says_what_is_answered() {
    let appliance = Appliance::start();
    let described = appliance.get("/openapi.json").expect(200);
    let paths = described["paths"].as_object().expect("paths");
    let lists = paths.iter().filter(|(path, calls)| !path.contains('{') && calls.get("get").is_some());
    let mut asked = 0;
    for (path, calls) in lists {
        let asks = if path == "/flows/match" { format!("{path}?text=ciao") } else { path.clone() };
        let status = appliance.get(&asks).status.to_string();
        assert!(calls["get"]["responses"].get(&status).is_some(), "{path}: {status}");
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
    for (path, calls) in paths {
        for (method, _) in calls.as_object().expect("calls").iter().filter(|(method, _)| *method != "get") {
            let nobody = path.replace("{action}", "m1:1").replace("{id}", "999999").replace("{name}", "nobody").replace("{number}", "1");
            let status = appliance.call(&method.to_uppercase(), &nobody, &json!({})).status;
            assert!(status != 405 && status != 401 && status < 500, "{method} {path}: {status}");
        }
    }
}

#[test]
fn health_needs_no_key_and_metrics_do() {
    let appliance = Appliance::start();
    assert_eq!(appliance.ask("GET", "/health", &[], b"").expect(200), json!({"status": "ok"}));
    appliance.ask("GET", "/metrics", &[], b"").problem(401);
    let (_, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "ciao").expect(200);
    let bearer = format!("Bearer {}", appliance.key);
    let metrics = appliance.ask("GET", "/metrics", &[("Authorization", &bearer)], b"");
    let text = metrics.text();
    for line in ["flusso_messages 1", "flusso_contacts 1", "flusso_outbox{state=\"ready\"} 0", "flusso_hooks_total{status=\"200\"} 1"] {
        assert!(text.lines().any(|known| known == line), "{line} in {text}");
    }
    assert!(text.contains("flusso_commits_total") && text.contains("flusso_uptime_seconds"));
}

#[test]
fn a_list_is_read_page_by_page() {
    let appliance = Appliance::start();
    for n in 0..7 {
        appliance.call("POST", "/contacts", &json!({"name": format!("Person {n}")})).expect(201);
    }
    let (mut names, mut path) = (Vec::new(), "/contacts?limit=3".to_owned());
    loop {
        let page = appliance.get(&path).expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/contacts?limit=3&after={next}"),
            None => break,
        }
    }
    assert_eq!(names, (0..7).map(|n| format!("Person {n}")).collect::<Vec<_>>());
}

#[test]
fn a_snapshot_is_streamed_and_sound() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "ciao").expect(200);
    let snapshot = appliance.get("/backup");
    assert_eq!((snapshot.status, snapshot.header("content-length")), (200, Some(snapshot.body.len().to_string().as_str())));
    std::fs::write(appliance.folder().join("copy.redb"), &snapshot.body).unwrap();
    let said = run(appliance.folder(), &["check", "copy.redb"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("\nmessages 1\n"), "{said:?}");
    let left = std::fs::read_dir(appliance.folder().join("backups")).unwrap().count();
    assert_eq!(left, 0, "nothing stays behind");
}

#[test]
fn commands_reach_the_running_server() {
    let appliance = Appliance::start();
    let (_, hook) = appliance.simulator("Sim");
    appliance.say(&hook, "anna", "ciao").expect(200);
    let said = run(appliance.folder(), &["check", "flusso.redb"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("\nmessages 1\n"), "{said:?}");
    let said = run(appliance.folder(), &["backup", "--to", "copy.redb"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(run(appliance.folder(), &["check", "copy.redb"]).code, Some(0));
    let again = run(appliance.folder(), &["backup", "--to", "copy.redb"]);
    assert_eq!((again.code, again.err.lines().count()), (Some(1), 1), "{again:?}");
}

/// An appliance whose provider refuses one send for good; the row of it.
fn refused() -> (Appliance, FakeProvider, Value) {
    let fake = FakeProvider::start();
    let appliance = Appliance::start();
    let settings = json!({
        "phone_number_id": "106540352242922", "access_token": "EAAG-a-long-access-token", "app_secret": "s-1", "verify_token": "w",
        "base_url": fake.base_url(), "allow_private_addresses": true,
    });
    appliance.call("POST", "/channels", &json!({"kind": "whatsapp", "name": "Shop", "settings": settings})).expect(201);
    let flow = json!({"flusso": 1, "name": "Hi", "start": "m", "nodes": [
        {"id": "m", "kind": "message", "text": "Ciao", "window_closed": {"template": {"name": "hello", "language": "it", "parameters": []}}},
    ]});
    let id = appliance.call("POST", "/flows?enable=true", &flow).expect(201)["id"].as_str().unwrap().to_owned();
    fake.then(Reply::Reject(400, 131026));
    let body = json!({"contact": {"channel": "Shop", "address": "393331234567"}});
    assert_eq!(appliance.call("POST", &format!("/flows/{id}/runs"), &body).expect(202)["outcome"], "started");
    let page = appliance.wait_for("/outbox?state=dead", |page| page["items"].as_array().is_some_and(|items| items.len() == 1));
    (appliance, fake, page["items"][0].clone())
}

#[test]
fn what_was_given_up_is_listed_and_can_be_sent_again() {
    let (appliance, fake, row) = refused();
    assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{row}");
    let path = format!("/outbox/{}", row["id"].as_str().unwrap());
    appliance.call("POST", &format!("{path}/retry"), &Value::Null).expect(200);
    fake.wait_for(2, std::time::Duration::from_secs(5));
    appliance.wait_for("/outbox?state=sent", |page| page["items"].as_array().is_some_and(|items| items.len() == 1));
    appliance.call("POST", &format!("{path}/retry"), &Value::Null).problem(409);
    appliance.call("DELETE", &path, &Value::Null).problem(409);
}

#[test]
fn what_was_given_up_can_be_taken_off_the_list() {
    let (appliance, fake, row) = refused();
    appliance.call("DELETE", &format!("/outbox/{}", row["id"].as_str().unwrap()), &Value::Null).expect(204);
    assert_eq!(appliance.all("/outbox?state=dead"), Vec::<Value>::new());
    fake.stays_at(1, std::time::Duration::from_millis(300));
    appliance.get("/outbox?state=lost").problem(422);
}
