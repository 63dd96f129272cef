//! Starts from outside: a flow's own start address, and starts for many with a look before. On the built binary.

use crate::triggers::Place;
use serde_json::{Value, json};

/// The path of a start address.
fn path_of(url: &Value) -> String {
    format!("/start/{}", url.as_str().unwrap().split_once("/start/").unwrap().1)
}

fn post(place: &Place, path: &str, once: Option<&str>, body: &Value) -> crate::kit::client::Answer {
    let mut headers = vec![("Content-Type", "application/json")];
    headers.extend(once.map(|key| ("Idempotency-Key", key)));
    place.flusso.ask("POST", path, &headers, body.to_string().as_bytes())
}

/// A flow that waits for a callback, and its start address.
fn callback(place: &Place, reentry: Value) -> (String, String) {
    let mut document = json!({"flusso": 1, "name": "Ordine", "start": "m1", "nodes": [
        {"id": "m1", "kind": "message", "text": "aspetto {{ run.order }}", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "30d", "met": {"callback": true}, "exits": {"met": "m2", "elapsed": "m3"}},
        {"id": "m2", "kind": "message", "text": "pagato {{ run.amount }}"},
        {"id": "m3", "kind": "message", "text": "scaduto"}]});
    for (name, value) in reentry.as_object().unwrap() {
        document[name] = value.clone();
    }
    let made = place.flusso.call("POST", "/flows?enable=true", &document).expect(201);
    (made["id"].as_str().unwrap().to_owned(), path_of(&made["start_url"]))
}

#[test]
fn a_start_address_starts_once_for_each_key_and_calls_back_who_waits() {
    let place = Place::open();
    let (flow, path) = callback(&place, json!({}));
    let anna = json!({"channel": "Sim", "address": "Anna"});
    let body = json!({"contact": anna, "variables": {"order": "7"}});
    let first = post(&place, &path, Some("a"), &body).expect(202);
    assert_eq!(first["outcome"], "started");
    let again = post(&place, &path, Some("a"), &body).expect(202);
    assert_eq!((&again, place.runs(&flow).len()), (&first, 1), "the same key is the same answer");
    let back = post(&place, &path, Some("b"), &json!({"contact": anna, "variables": {"amount": "10"}})).expect(202);
    assert_eq!((&back["outcome"], &back["run"]), (&json!("kept"), &first["run"]));
    assert_eq!(place.told(), ["aspetto 7", "pagato 10"]);
    post(&place, &path, Some("b"), &json!({"contact": anna, "variables": {"amount": "10"}})).expect(202);
    assert_eq!(place.told().len(), 2);
    post(&place, "/start/00000000000000000000000000000000", None, &body).problem(404);
    post(&place, &path, None, &json!({"contact": {"channel": "Sim", "address": " "}})).problem(422);
    post(&place, &path, None, &json!({"contact": {"channel": "Nowhere", "address": "Anna"}})).problem(422);
}

#[test]
fn a_callback_and_a_goal_reach_the_run_of_their_key_alone() {
    let place = Place::open();
    let (flow, path) = callback(&place, json!({"reentry": "parallel", "reentry_key": "run.order"}));
    let anna = json!({"channel": "Sim", "address": "Anna"});
    for order in ["1", "2", "3"] {
        post(&place, &path, None, &json!({"contact": anna, "variables": {"order": order}})).expect(202);
    }
    assert_eq!(place.runs(&flow).len(), 3);
    post(&place, &path, None, &json!({"contact": anna, "variables": {"order": "2", "amount": "22"}})).expect(202);
    assert_eq!(place.told()[3..], ["pagato 22"]);
    let left = post(&place, &path, Some("x"), &json!({"contact": anna, "variables": {"order": "3"}, "leave": "rimborsato"})).expect(202);
    assert_eq!(left["left"].as_array().unwrap().len(), 1);
    let run = place.flusso.get(&format!("/runs/{}", left["left"][0].as_str().unwrap())).expect(200);
    assert_eq!(run["state"], "stopped", "{run:#}");
    assert!(run.to_string().contains("left: rimborsato"), "{run:#}");
    let live = place.flusso.all(&format!("/runs?flow={flow}"));
    assert_eq!(live.len(), 1, "the run of the first order still waits");
    post(&place, &path, None, &json!({"contact": anna, "leave": ""})).problem(422);
    let rest = post(&place, &path, None, &json!({"contact": anna, "leave": "chiuso"})).expect(202);
    assert_eq!(rest["left"].as_array().unwrap().len(), 1, "without a key all of them leave");
}

#[test]
fn a_callback_that_comes_while_the_run_is_held_or_a_person_answers_is_read_on_release() {
    let place = Place::open();
    let (_, path) = callback(&place, json!({}));
    let body = |name: &str| json!({"contact": {"channel": "Sim", "address": name}, "variables": {"order": "1", "amount": name}});
    let held = post(&place, &path, None, &body("Anna")).expect(202)["run"].as_str().unwrap().to_owned();
    place.flusso.call("PATCH", &format!("/runs/{held}"), &json!({"state": "held"})).expect(200);
    post(&place, &path, None, &body("Anna")).expect(202);
    assert_eq!(place.told(), ["aspetto 1"]);
    place.flusso.call("PATCH", &format!("/runs/{held}"), &json!({"state": "active"})).expect(200);
    assert_eq!(place.told(), ["aspetto 1", "pagato Anna"]);
    let run = post(&place, &path, None, &body("Bruno")).expect(202)["run"].as_str().unwrap().to_owned();
    let contact = place.flusso.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
    place.flusso.call("POST", &format!("/contacts/{contact}/messages"), &json!({"text": "ci penso io"})).expect(202);
    post(&place, &path, None, &body("Bruno")).expect(202);
    assert_eq!(place.told().last().unwrap(), "ci penso io");
    place.ahead("61m");
    place.flusso.wait_for("/messages?direction=out", |page| page.to_string().contains("pagato Bruno"));
}

#[test]
fn a_new_start_address_ends_the_old_one() {
    let place = Place::open();
    let (flow, path) = callback(&place, json!({}));
    let renewed = place.flusso.call("POST", &format!("/flows/{flow}/start_address"), &Value::Null).expect(201);
    let body = json!({"contact": {"channel": "Sim", "address": "Anna"}});
    post(&place, &path, None, &body).problem(404);
    post(&place, &path_of(&renewed["start_url"]), None, &body).expect(202);
    place.flusso.call("POST", &format!("/flows/{flow}/pause"), &Value::Null).expect(200);
    let blocked =
        post(&place, &path_of(&renewed["start_url"]), None, &json!({"contact": {"channel": "Sim", "address": "Bruno"}})).expect(202);
    assert_eq!(blocked["outcome"], "blocked");
}

/// A flow without trigger that says one thing and stays.
fn offer(place: &Place) -> String {
    place.document(&json!({"flusso": 1, "name": "Offerta", "start": "n1", "nodes": [
        {"id": "n1", "kind": "message", "text": "offerta per {{ contact.name | default: \"te\" }}", "exits": {"next": "n2"}},
        {"id": "n2", "kind": "wait", "for": "365d"}]}))
}

#[test]
fn a_preview_names_who_is_left_out_and_why_and_starts_nothing() {
    let place = Place::open();
    let flow = offer(&place);
    let people: Vec<String> = ["Anna", "Bruno", "Carla", "Dora", "Elio"].iter().map(|name| place.person(name)).collect();
    place.change(&people[1], &json!({"consent": "opted_out"}));
    place.change(&people[2], &json!({"automations": "off"}));
    place.flusso.call("POST", &format!("/flows/{flow}/runs"), &json!({"contact": {"id": people[3]}})).expect(202);
    let nobody = place.flusso.call("POST", "/contacts", &json!({"name": "Senza"})).expect(201)["id"].as_str().unwrap().to_owned();
    let mut wanted = people.clone();
    wanted.extend([nobody, people[0].clone(), "999".to_owned()]);
    let body = json!({"flow": flow, "contacts": wanted, "preview": true});
    let preview = place.flusso.call("POST", "/broadcasts", &body).expect(200);
    assert_eq!((&preview["total"], &preview["starts"]), (&json!(8), &json!(2)), "{preview:#}");
    let expected = json!({"opted_out": 1, "automations_off": 1, "already_inside": 1, "no_channel": 1, "twice": 1, "gone": 1});
    assert_eq!(preview["left_out"], expected, "{preview:#}");
    assert!(preview["people"].as_array().unwrap().iter().all(|left| left["text"].as_str().is_some_and(|text| text.ends_with('.'))));
    assert_eq!(place.told().len(), 1, "nothing was started");
    assert!(place.flusso.all("/broadcasts").is_empty());
    place.flusso.call("POST", "/broadcasts", &json!({"flow": flow})).problem(422);
    place.flusso.call("POST", "/broadcasts", &json!({"flow": flow, "tag": "a", "segment": "b"})).problem(422);
    place.flusso.call("POST", "/broadcasts", &json!({"flow": "Nessuna", "tag": "a"})).problem(422);
    place.flusso.call("POST", "/broadcasts", &json!({"flow": flow, "segment": "b"})).problem(404);
}

#[test]
fn pasted_numbers_are_read_or_told_and_each_person_is_started_once() {
    let place = Place::open();
    let flow = offer(&place);
    let settings = json!({"phone_number_id": "1", "access_token": "EAAG-token", "app_secret": "s", "verify_token": "v",
        "base_url": "http://127.0.0.1:9", "allow_private_addresses": true});
    place.flusso.call("POST", "/channels", &json!({"kind": "whatsapp", "name": "Shop", "settings": settings})).expect(201);
    let numbers = "+39 333 123 4567\n333-1234567; 0039 333 7654321\nAnna\n12345\n";
    let body = |preview: bool| json!({"flow": flow, "numbers": numbers, "channel": "Shop", "preview": preview});
    let preview = place.flusso.call("POST", "/broadcasts", &body(true)).expect(200);
    assert_eq!((&preview["starts"], &preview["left_out"]), (&json!(2), &json!({"unreadable": 2, "twice": 1})), "{preview:#}");
    let made = place.flusso.post_once("/broadcasts", "k", &body(false)).expect(202);
    let again = place.flusso.post_once("/broadcasts", "k", &body(false)).expect(202);
    assert_eq!(made["id"], again["id"], "the same key is the same start");
    let path = format!("/broadcasts/{}", made["id"].as_str().unwrap());
    let done = place.flusso.wait_for(&path, |broadcast| broadcast["state"] == "done");
    assert_eq!(done["counts"], json!({"started": 2, "restarted": 0, "kept": 0, "opted_out": 0, "blocked": 3}), "{done:#}");
    let people = place.flusso.all(&format!("{path}/people?limit=2"));
    let outcomes: Vec<&str> = people.iter().map(|person| person["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["started", "blocked", "started", "blocked", "blocked"]);
    assert_eq!(place.runs(&flow).len(), 2);
}

#[test]
fn a_start_for_many_goes_on_after_a_kill_and_nobody_has_two() {
    let mut place = Place::open();
    let flow = offer(&place);
    for n in 0..60 {
        let id = place.person(&format!("P{n}"));
        place.change(&id, &json!({"tags": ["vip"]}));
    }
    let body = json!({"flow": flow, "tag": "vip", "per_minute": 120});
    let made = place.flusso.call("POST", "/broadcasts", &body).expect(202);
    let path = format!("/broadcasts/{}", made["id"].as_str().unwrap());
    for _ in 0..8 {
        place.ahead("5s");
        std::thread::sleep(std::time::Duration::from_millis(400));
        place.flusso.kill_and_restart();
    }
    for _ in 0..40 {
        place.ahead("30s");
        std::thread::sleep(std::time::Duration::from_millis(300));
        if place.flusso.get(&path).expect(200)["state"] == "done" {
            break;
        }
    }
    let done = place.flusso.wait_for(&path, |broadcast| broadcast["state"] == "done");
    assert_eq!((&done["counts"]["started"], place.runs(&flow).len()), (&json!(60), 60), "{done:#}");
}

#[test]
fn a_start_for_many_can_be_stopped_and_waits_while_everything_is_paused() {
    let place = Place::open();
    let flow = offer(&place);
    for n in 0..30 {
        let id = place.person(&format!("P{n}"));
        place.change(&id, &json!({"tags": ["vip"]}));
    }
    place.flusso.call("PATCH", "/settings", &json!({"paused": true})).expect(200);
    let made = place.flusso.call("POST", "/broadcasts", &json!({"flow": flow, "tag": "vip", "per_minute": 60})).expect(202);
    let path = format!("/broadcasts/{}", made["id"].as_str().unwrap());
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(place.runs(&flow).len(), 0);
    place.flusso.call("PATCH", "/settings", &json!({"paused": false})).expect(200);
    place.flusso.wait_for(&path, |broadcast| broadcast["done"].as_u64().is_some_and(|done| done > 0));
    let stopped = place.flusso.call("DELETE", &path, &Value::Null).expect(200);
    assert_eq!(stopped["state"], "stopped");
    let runs = place.runs(&flow).len();
    assert!((1..30).contains(&runs), "{runs}");
    place.ahead("10m");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(place.runs(&flow).len(), runs);
    place.flusso.call("DELETE", &path, &Value::Null).problem(409);
}

#[test]
fn the_page_of_a_flow_starts_it_for_pasted_numbers_and_shows_how_it_went() {
    let place = Place::open();
    let flow = offer(&place);
    let anna = place.person("Anna");
    place.change(&anna, &json!({"consent": "opted_out"}));
    let channel = place.flusso.all("/channels")[0]["id"].as_str().unwrap().to_owned();
    let cookie = crate::panel::log_in(&place.flusso);
    let form = |path: &str, body: &str| {
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
        if body.is_empty() {
            place.flusso.ask("GET", path, &headers, b"")
        } else {
            place.flusso.ask("POST", path, &headers, body.as_bytes())
        }
    };
    let hidden =
        |page: &str, name: &str| page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/flows/{flow}/start");
    let asked = form(&path, "");
    assert_eq!(asked.status, 200, "{}", asked.text());
    let csrf = hidden(&asked.text(), "csrf");
    let wrong = form(&path, &format!("csrf={csrf}&tag=vip&numbers=1"));
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let written = format!("csrf={csrf}&tag=&numbers=Anna%0ABruno%0ABruno&channel={channel}");
    let look = form(&path, &written);
    assert!(look.text().contains("Partirebbe per una persona.") && look.text().contains("Disiscritti"), "{}", look.text());
    assert!(look.text().contains("<b class=\"grow\">Bruno</b>"), "who stands twice is named as they were written: {}", look.text());
    assert!(place.told().is_empty(), "a look starts nothing");
    assert!(!asked.text().contains("name=\"segment\""), "there is none yet");
    let rules = "branches.0.all.0.value=contact.tags&branches.0.all.0.op=has&branches.0.all.0.to=vip&branches.0.all.0.to.type=text";
    form("/contacts/segments", &format!("csrf={csrf}&name=oro&{rules}"));
    place.person("Dora");
    let elio = place.person("Elio");
    place.change(&elio, &json!({"tags": ["vip"]}));
    assert!(form(&path, "").text().contains("<option value=\"oro\""), "{}", form(&path, "").text());
    let of_segment = form(&path, &format!("csrf={csrf}&segment=oro"));
    assert!(of_segment.text().contains("Partirebbe per una persona."), "{}", of_segment.text());
    assert_eq!(hidden(&of_segment.text(), "segment"), "oro");
    assert_eq!(form(&path, &format!("csrf={csrf}&segment=oro&tag=vip")).status, 422);
    let key = hidden(&look.text(), "key");
    let go = format!("{written}&key={key}");
    let started = form(&format!("{path}s"), &go);
    assert_eq!(started.status, 303, "{}", started.text());
    let to = started.header("location").unwrap().to_owned();
    assert_eq!(form(&format!("{path}s"), &go).header("location"), Some(to.as_str()), "posted twice it is one start");
    place.flusso.wait_for(&to, |broadcast| broadcast["state"] == "done");
    let page = form(&to, "").text();
    assert!(page.contains("Sono passate 3 persone.") && page.contains("Anna"), "{page}");
    assert_eq!(place.runs(&flow).len(), 1);
    let address = form(&format!("{path}/address"), &format!("csrf={csrf}"));
    assert!(address.text().contains("/start/"), "{}", address.text());
}
