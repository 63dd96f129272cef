//! Who comes in: what the first run puts up, how often a login may be tried, when a session ends, what a key opens.

use super::desk::Desk;
use super::{FORM, PASSWORD, ask, header, text};
use crate::kit::appliance::Appliance;
use axum::http::Method;
use serde_json::{Value, json};

/// A house set up by its link, with "try it now" ticked, and a key that may do everything.
pub fn tried() -> Desk {
    let appliance = Appliance::start_bare();
    let link = std::iter::from_fn(|| appliance.line()).find_map(|line| line.split("Open ").nth(1).map(str::to_owned)).unwrap();
    let (_, rest) = link.split_once("/setup").unwrap();
    let body = format!("name=Ada&password={}&language=it&time_zone=Europe/Rome&try=on", PASSWORD.replace(' ', "+"));
    let made = appliance.ask("POST", &format!("/setup{rest}"), &[FORM], body.as_bytes());
    assert_eq!((made.status, header(&made, "location")), (303, "/first"), "what comes first is asked, whatever was ticked");
    let cookie = header(&made, "set-cookie").split(';').next().unwrap().to_owned();
    let mut desk = Desk::with(appliance, cookie);
    desk.appliance.key = new_key(&desk, "scope=read&scope=contacts&scope=trigger&scope=admin");
    desk
}

fn new_key(desk: &Desk, scopes: &str) -> String {
    let page = text(&desk.post("/settings/keys", &format!("name=Prove&{scopes}")));
    page.split("id=\"key\" readonly value=\"").nth(1).unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap().to_owned()
}

#[test]
fn what_try_now_puts_up_speaks_on_the_simulator_and_nowhere_else() {
    let desk = tried();
    let flows = desk.appliance.all("/flows");
    assert_eq!(flows.iter().filter(|flow| flow["state"] == "enabled").count(), 3, "{flows:?}");
    let channels = desk.appliance.all("/channels");
    assert_eq!(channels.len(), 1);
    let own = format!("/hooks/{}", channels[0]["hook_url"].as_str().unwrap().split_once("/hooks/").unwrap().1);
    let (_, shop) = desk.appliance.simulator("Negozio");
    for (number, words) in ["ciao", "listino", "buongiorno a tutti", "quanto costa?"].into_iter().enumerate() {
        desk.appliance.say(&shop, &format!("cliente-{number}"), words).expect(200);
    }
    assert_eq!(desk.appliance.all("/runs?state=any"), Vec::<Value>::new(), "nobody of the shop is inside anything");
    desk.appliance.say(&own, "prova-1", "buongiorno a tutti").expect(200);
    desk.appliance.say(&own, "prova-2", "listino").expect(200);
    let said = desk.appliance.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| items.len() >= 2));
    for message in said["items"].as_array().unwrap() {
        assert_eq!(message["channel"], channels[0]["id"], "{message}");
    }
}

#[test]
fn the_sixth_wrong_password_waits_and_neither_another_name_nor_who_is_inside_does() {
    let desk = Desk::open();
    let try_as = |name: &str, password: &str| {
        ask(&desk.appliance, &Method::POST, "/login", "", &format!("name={name}&password={}&back=/flows", password.replace(' ', "+")))
    };
    for _ in 0..5 {
        let wrong = try_as("Ada", "una frase sbagliata");
        assert!(wrong.status == 422 && text(&wrong).contains("do not go together"), "{}", wrong.status);
    }
    for password in ["una frase sbagliata", PASSWORD] {
        let late = try_as("ada", password);
        assert!(late.status == 429 && text(&late).contains("Too many tries. Wait"), "{}: {}", late.status, text(&late));
    }
    assert_eq!(try_as("Bruno", "una frase sbagliata").status, 422, "a name that nobody has is told alike");
    assert!(desk.get("/flows").contains("class=\"rail\""), "the owner who is inside stays inside");
    desk.later("31s");
    assert_eq!(try_as("Ada", PASSWORD).status, 303);
}

#[test]
fn a_session_ends_with_its_hours_its_logout_and_another_password() {
    let desk = Desk::open();
    let (first, second) = (super::log_in(&desk.appliance), super::log_in(&desk.appliance));
    assert_ne!(first, second, "every login has a token of its own");
    let status = |cookie: &str| ask(&desk.appliance, &Method::GET, "/flows", cookie, "").status;
    let token = |cookie: &str| {
        let page = text(&ask(&desk.appliance, &Method::GET, "/settings/account", cookie, ""));
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let change = |old: &str| {
        let body = format!("csrf={}&old={}&new=zattera+cobalto+nove+lumache", token(&first), old.replace(' ', "+"));
        ask(&desk.appliance, &Method::POST, "/settings/password", &first, &body).status
    };
    assert_eq!((change("non è questa frase"), status(&second)), (422, 200), "without the old one nothing changes");
    assert_eq!(change(PASSWORD), 303);
    assert_eq!((status(&first), status(&second)), (200, 401), "the other sessions end, one's own does not");
    let body = format!("name=Ada&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(ask(&desk.appliance, &Method::POST, "/login", "", &body).status, 422, "the old password opens nothing");
    let left = ask(&desk.appliance, &Method::DELETE, "/session", &first, &format!("csrf={}", token(&first)));
    assert_eq!((left.status, status(&first)), (303, 401));
    let fresh = Desk::open();
    fresh.later("11h");
    assert!(fresh.get("/flows").contains("class=\"rail\""), "looking keeps it open");
    fresh.later("13h");
    assert!(fresh.get("/flows").contains("action=\"/login\""));
}

#[test]
fn a_key_is_shown_once_does_what_it_may_and_ends_when_it_is_taken_back() {
    let desk = Desk::open();
    assert_eq!(desk.post("/settings/keys", "name=Senza").status, 422, "a key that may do nothing is none");
    let key = new_key(&desk, "scope=read");
    let page = desk.get("/settings/keys");
    assert!(!page.contains(&key) && page.contains("Prove"), "it is not shown again");
    let status = |method: &str, path: &str, body: &Value| desk.appliance.call_with(&key, method, path, body).status;
    assert_eq!(status("GET", "/contacts", &Value::Null), 200);
    for (method, path) in [("POST", "/contacts"), ("POST", "/flows"), ("PATCH", "/settings"), ("POST", "/flows/1/runs")] {
        assert_eq!(status(method, path, &json!({})), 403, "{method} {path}");
    }
    let own = page.split("Prove").nth(1).unwrap().split("/settings/keys/").nth(1).unwrap().split('?').next().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/settings/keys/{own}?method=delete"), "").status, 303);
    assert_eq!(status("GET", "/contacts", &Value::Null), 401);
}
