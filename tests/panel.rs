//! The panel from outside: what nobody may see without a login, what no form may change without its token, what every page carries.

mod banners;
mod blueprints;
mod channels;
mod contact_fields;
pub mod desk;
mod editor;
mod entrance;
mod flows;
mod labels;
mod log;
mod look;
mod newcomer;
mod overdue;
mod quick_replies;
mod rehearsal;
mod unanswered;

pub use desk::Desk;

use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use axum::http::Method;
use flusso::web::panel;

const PASSWORD: &str = "corretto cavallo batteria";
/// The policy of the pages, word for word: what is not in it is not allowed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types flusso";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A path with something in place of its names.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What a browser asks for a route of the table.
fn ask(appliance: &Appliance, method: &Method, path: &str, cookie: &str, body: &str) -> Answer {
    let (path, cookie) = (filled(path), ("Cookie", cookie));
    let headers = if cookie.1.is_empty() { vec![FORM] } else { vec![FORM, cookie] };
    match *method {
        Method::GET => appliance.ask("GET", &path, &headers, b""),
        Method::DELETE => appliance.ask("POST", &format!("{path}?method=delete"), &headers, body.as_bytes()),
        _ => appliance.ask("POST", &path, &headers, body.as_bytes()),
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str())
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// Logs in, and gives the cookie.
pub fn log_in(appliance: &Appliance) -> String {
    let body = format!("name=Ada&password={}&back=/flows", PASSWORD.replace(' ', "+"));
    let answer = ask(appliance, &Method::POST, "/login", "", &body);
    assert_eq!(answer.status, 303, "{}", text(&answer));
    let cookie = header(&answer, "set-cookie");
    assert!(cookie.starts_with("flusso_lan=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn every_private_route_gives_the_login_page_to_who_has_no_cookie() {
    let appliance = Appliance::start();
    let routes = panel::private().list;
    assert!(routes.len() > 40, "{}", routes.len());
    for (method, path) in routes {
        for cookie in ["", "flusso_lan=0000", "__Host-flusso=0000"] {
            let answer = ask(&appliance, &method, path, cookie, "name=x");
            assert_eq!(answer.status, 401, "{method} {path} with \"{cookie}\"");
            assert!(text(&answer).contains("action=\"/login\""), "{method} {path}");
        }
    }
}

#[test]
fn no_form_changes_anything_without_its_token() {
    let appliance = Appliance::start();
    let (cookie, other) = (log_in(&appliance), log_in(&appliance));
    let page = text(&ask(&appliance, &Method::GET, "/flows", &other, ""));
    let foreign = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (method, path) in panel::private().list.into_iter().filter(|(method, _)| *method != Method::GET) {
        for body in ["name=x".to_owned(), "csrf=".to_owned(), format!("csrf={foreign}")] {
            let answer = ask(&appliance, &method, path, &cookie, &body);
            assert_eq!(answer.status, 403, "{method} {path} with \"{body}\"");
        }
    }
    let page = text(&ask(&appliance, &Method::GET, "/flows", &cookie, ""));
    let own = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let body = format!("csrf={own}&name=x");
    for (name, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = appliance.ask("POST", "/flows", &[FORM, ("Cookie", &cookie), (name, value)], body.as_bytes());
        assert_eq!(answer.status, 403, "{name}");
    }
    assert_eq!(ask(&appliance, &Method::POST, "/flows", &cookie, &body).status, 303, "with its token it does");
}

#[test]
fn every_page_carries_the_headers_that_keep_a_browser_careful() {
    let appliance = Appliance::start();
    let cookie = log_in(&appliance);
    for (_, path) in panel::private().list.into_iter().chain(panel::public().list).filter(|(method, _)| *method == Method::GET) {
        if path.contains("watch") || path.contains("events") {
            continue;
        }
        let answer = ask(&appliance, &Method::GET, path, &cookie, "");
        assert!(answer.status < 500, "{path}: {}", answer.status);
        assert_eq!(header(&answer, "content-security-policy"), POLICY, "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        let page = text(&answer);
        assert_eq!(page.matches("<h1").count(), usize::from(page.contains("<html")), "{path}");
        assert!(!page.contains(" style=\"") && !page.contains("<script>") && !page.contains("onclick"), "{path}");
    }
}

#[test]
fn the_link_of_the_first_run_makes_one_owner() {
    let appliance = Appliance::start_bare();
    let answer = ask(&appliance, &Method::GET, "/flows", "", "");
    assert_eq!((answer.status, header(&answer, "location")), (303, "/setup"));
    assert_eq!(ask(&appliance, &Method::GET, "/setup?k=0000", "", "").status, 403);
    let link = std::iter::from_fn(|| appliance.line()).find_map(|line| line.split("Open ").nth(1).map(str::to_owned)).unwrap();
    let path = link.split_once("/setup").map(|(_, rest)| format!("/setup{rest}")).unwrap();
    let fields = "language=it&time_zone=Europe/Rome&try=on";
    let short = appliance.ask("POST", &path, &[FORM], format!("name=Ada&password=short&{fields}").as_bytes());
    assert_eq!(short.status, 422);
    let body = format!("name=Ada&password={}&{fields}", PASSWORD.replace(' ', "+"));
    let first = appliance.ask("POST", &path, &[FORM], body.as_bytes());
    assert_eq!(first.status, 303, "{}", text(&first));
    assert_eq!(appliance.ask("POST", &path, &[FORM], body.as_bytes()).status, 410);
    assert_eq!(appliance.ask("GET", &path, &[FORM], b"").status, 410);
    let cookie = header(&first, "set-cookie").split(';').next().unwrap().to_owned();
    let page = text(&ask(&appliance, &Method::GET, "/flows", &cookie, ""));
    for name in ["Benvenuto", "Listino", "Follow-up preventivo"] {
        assert!(page.contains(name), "{name}");
    }
}
