//! Who may do what in the panel: every private route asked by every role, and the people page that gives roles.

use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use axum::http::Method;
use flusso::model::operator::Role;
use flusso::web::panel::{self, roles};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const OWNER: &str = "corretto cavallo batteria";
const OTHERS: &str = "zattera cobalto nove lumache";

fn ask(appliance: &Appliance, method: &Method, path: &str, cookie: &str, body: &str) -> Answer {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    let path = path.split('/').map(part).collect::<Vec<_>>().join("/");
    let headers = [FORM, ("Cookie", cookie)];
    match *method {
        Method::GET => appliance.ask("GET", &path, &headers, b""),
        Method::DELETE => appliance.ask("POST", &format!("{path}?method=delete"), &headers, body.as_bytes()),
        _ => appliance.ask("POST", &path, &headers, body.as_bytes()),
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn log_in(appliance: &Appliance, name: &str, password: &str) -> Option<String> {
    let body = format!("name={name}&password={}&back=/flows", password.replace(' ', "+"));
    let answer = ask(appliance, &Method::POST, "/login", "", &body);
    let cookie = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))?.1.split(';').next()?.to_owned();
    (answer.status == 303).then_some(cookie)
}

fn token(appliance: &Appliance, cookie: &str) -> String {
    let page = text(&ask(appliance, &Method::GET, "/settings/account", cookie, ""));
    page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// An appliance with one person of each role; their cookies, the least role first.
fn with_people() -> (Appliance, Vec<(Role, String)>) {
    let appliance = Appliance::start();
    let owner = log_in(&appliance, "Ada", OWNER).unwrap();
    let csrf = token(&appliance, &owner);
    let mut cookies = Vec::new();
    for role in [Role::Viewer, Role::Operator, Role::Manager] {
        let name = format!("P-{}", role.word());
        let body = format!("csrf={csrf}&name={name}&role={}&password={}", role.word(), OTHERS.replace(' ', "+"));
        let made = ask(&appliance, &Method::POST, "/settings/people", &owner, &body);
        assert_eq!(made.status, 303, "{}", text(&made));
        cookies.push((role, log_in(&appliance, &name, OTHERS).unwrap()));
    }
    cookies.push((Role::Owner, owner));
    (appliance, cookies)
}

#[test]
fn every_route_is_refused_to_every_role_below_its_own() {
    let (appliance, people) = with_people();
    for (method, path) in panel::private().list {
        let least = roles::least(&method, path);
        if path == "/events" {
            continue;
        }
        for (role, cookie) in &people {
            // Without its token nothing is changed, whoever asks.
            let answer = ask(&appliance, &method, path, cookie, "name=x");
            let page = text(&answer);
            let refused = answer.status == 403 && page.contains("Questo non è per il tuo ruolo");
            assert_eq!(refused, *role < least, "{method} {path} by {role:?}: {}", answer.status);
            if refused {
                assert!(page.contains("Ada (proprietario)"), "{method} {path}: it says who may");
            }
        }
    }
}

#[test]
fn a_banner_leads_only_who_may_follow_and_tells_the_others_whose_affair_it_is() {
    let (appliance, people) = with_people();
    let flow = serde_json::json!({"flusso": 1, "name": "Ordine", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ordine", "match": "exact"}], "exits": {"next": "a1"}},
        {"id": "a1", "kind": "api", "method": "GET", "url": "https://shop.example/{{ secret.shop_key }}"}]});
    appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    for (role, cookie) in &people {
        let page = text(&ask(&appliance, &Method::GET, "/flows", cookie, ""));
        let banner = page.split("Segreti non impostati: shop_key").nth(1).expect("everybody is told").split("</div>").next().unwrap();
        let (leads, tells) = (banner.contains("href=\"/settings/keys\""), banner.contains("Può occuparsene chi ha il ruolo proprietario"));
        assert_eq!((leads, tells), (*role == Role::Owner, *role != Role::Owner), "{role:?}: {banner}");
    }
}

#[test]
fn the_people_page_gives_a_role_takes_it_away_and_keeps_an_owner() {
    let (appliance, people) = with_people();
    let (owner, manager) = (&people[3].1, &people[2].1);
    let csrf = token(&appliance, owner);
    let page = text(&ask(&appliance, &Method::GET, "/settings/people", owner, ""));
    let link = |name: &str| {
        page.split(&format!("Modifica {name}\"")).next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    let (ada, other) = (link("Ada"), link("P-manager"));
    let post = |path: &str, body: &str| ask(&appliance, &Method::POST, path, owner, &format!("csrf={csrf}&{body}"));
    assert_eq!(ask(&appliance, &Method::GET, "/flows/new", manager, "").status, 200);
    assert_eq!(post(&format!("{other}/role"), "role=viewer").status, 303);
    assert_eq!(ask(&appliance, &Method::GET, "/flows/new", manager, "").status, 403);
    let common = post(&format!("{other}/password"), "password=passwordpassword");
    assert!(common.status == 422 && text(&common).contains("tra le prime"), "{}", common.status);
    assert_eq!(post(&format!("{other}/password"), "password=undici+gatti+sul+molo").status, 303);
    assert_eq!(ask(&appliance, &Method::GET, "/flows", manager, "").status, 401, "their sessions ended");
    assert!(log_in(&appliance, "P-manager", "undici gatti sul molo").is_some());
    assert_eq!(ask(&appliance, &Method::DELETE, &other, owner, &format!("csrf={csrf}")).status, 303);
    assert!(log_in(&appliance, "P-manager", "undici gatti sul molo").is_none());
    for (path, body) in [(format!("{ada}/role"), "role=viewer".to_owned()), (format!("{ada}?method=delete"), String::new())] {
        let answer = post(&path, &body);
        assert_eq!(answer.status, 303, "{path}");
    }
    assert_eq!(ask(&appliance, &Method::GET, "/settings/people", owner, "").status, 200, "the last owner stays one");
}
