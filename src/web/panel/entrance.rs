//! The ways in: the login, and the first run behind its one-time link (SEC-1).

use super::super::Web;
use super::super::node_form::Fields;
use super::super::page;
use super::super::problem::Trouble;
use super::super::session::{is_own, session_cookie};
use super::super::setup::SetupPage;
use super::super::visitor::Visitor;
use super::super::words::Language;
use super::{Guest, Table, add_cookie, own_path, see};
use crate::base::secret::Secret;
use crate::base::zone::Zone;
use crate::executor::control::access::{self, NewOperator};
use crate::executor::control::password;
use crate::executor::refusal::Refusal;
use crate::model::operator::Role;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr};

/// The routes of those who are not logged in.
pub fn public(table: Table) -> Table {
    table.get("/login", show_login).post("/login", log_in).get("/setup", show_setup).post("/setup", set_up)
}

/// The address and the security of who asks; this machine where no server stands before (a test).
fn visitor_of(given: Option<Extension<Visitor>>) -> Visitor {
    given.map_or(Visitor { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false }, |Extension(visitor)| visitor)
}

/// `GET /login`
async fn show_login(State(web): State<Web>, parts: Parts) -> Response {
    let guest = Guest::of(&web, &parts);
    match web.read(access::is_set_up).await {
        Ok(true) => guest.login(StatusCode::OK, "", "/flows", ""),
        Ok(false) => see("/setup"),
        Err(trouble) => guest.trouble(&trouble),
    }
}

/// `POST /login`
async fn log_in(State(web): State<Web>, visitor: Option<Extension<Visitor>>, parts: Parts, body: Bytes) -> Response {
    let guest = Guest::of(&web, &parts);
    if !is_own(&parts.headers) {
        return guest.trouble(&Trouble::foreign_form());
    }
    let (visitor, fields) = (visitor_of(visitor), Fields::from_body(&body));
    let (name, back, w) = (fields.get("name"), own_path(fields.get("back")), guest.language);
    if let Err(wait) = web.throttle.take(name, visitor.ip, web.executor.now()) {
        return guest.login(StatusCode::TOO_MANY_REQUESTS, name, back, &w.login_wait(&w.rounded(wait)));
    }
    match enter(&web, name, fields.get("password"), visitor, back).await {
        Ok(response) => response,
        Err(Refusal::Invalid(_)) => guest.login(StatusCode::UNPROCESSABLE_ENTITY, name, back, w.login_wrong()),
        Err(refusal) => guest.trouble(&refusal.into()),
    }
}

/// Opens a session and leads on. Its token is new, whatever the browser brought.
async fn enter(web: &Web, name: &str, password: &str, visitor: Visitor, to: &str) -> Result<Response, Refusal> {
    let login = web.executor.log_in(name, Secret::new(password.to_owned())).await?;
    web.throttle.forget(name, visitor.ip);
    let mut response = see(to);
    add_cookie(&mut response, session_cookie(&login.token, visitor.secure));
    Ok(response)
}

/// The key of the link.
#[derive(Debug, Deserialize)]
struct Link {
    #[serde(default)]
    k: String,
}

/// Why the set-up page is not shown: it was used, or the link is not the one.
async fn closed(web: &Web, guest: &Guest, key: &str) -> Option<Response> {
    let w = guest.language;
    match web.read(access::is_set_up).await {
        Ok(true) => Some(used(guest)),
        Ok(false) if !web.setup_key.fits(key) => Some(guest.notice(StatusCode::FORBIDDEN, w.setup_first(), w.setup_first_text(), None)),
        Ok(false) => None,
        Err(trouble) => Some(guest.trouble(&trouble)),
    }
}

fn used(guest: &Guest) -> Response {
    let w = guest.language;
    guest.notice(StatusCode::GONE, w.setup_used(), w.setup_used_text(), Some(("/login", w.login_title())))
}

/// `GET /setup?k=`
async fn show_setup(State(web): State<Web>, Query(link): Query<Link>, parts: Parts) -> Response {
    let guest = Guest::of(&web, &parts);
    if let Some(response) = closed(&web, &guest, &link.k).await {
        return response;
    }
    let chrome = guest.chrome(guest.language.setup_title());
    page::page(&chrome, &SetupPage::new(&chrome, &link.k))
}

/// `POST /setup?k=`
async fn set_up(
    State(web): State<Web>,
    Query(link): Query<Link>,
    visitor: Option<Extension<Visitor>>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let guest = Guest::of(&web, &parts);
    if !is_own(&parts.headers) {
        return guest.trouble(&Trouble::foreign_form());
    }
    if let Some(response) = closed(&web, &guest, &link.k).await {
        return response;
    }
    let fields = Fields::from_body(&body);
    if let Some(response) = wrong(&guest, &link.k, &fields) {
        return response;
    }
    match begin(&web, &fields, visitor_of(visitor)).await {
        Ok(response) => response,
        Err(Refusal::Conflict(_)) => used(&guest),
        Err(refusal) => guest.trouble(&refusal.into()),
    }
}

/// The page again where a field is not right.
fn wrong(guest: &Guest, key: &str, fields: &Fields) -> Option<Response> {
    let guest = guest.speaking(Language::of_code(fields.get("language")));
    let w = guest.language;
    let said = |bad: bool, words: &str| if bad { words.to_owned() } else { String::new() };
    let chrome = guest.chrome(w.setup_title());
    let page = SetupPage {
        name: fields.get("name").to_owned(),
        time_zone: fields.get("time_zone").to_owned(),
        try_now: fields.is_on("try"),
        wrong_name: said(fields.get("name").trim().is_empty(), w.name_empty()),
        wrong_password: password::password_fault(fields.get("password"), &[fields.get("name").trim()])
            .map(|fault| w.password_fault(fault))
            .unwrap_or_default()
            .to_owned(),
        wrong_zone: said(fields.get("time_zone").trim().parse::<Zone>().is_err(), w.zone_unknown()),
        ..SetupPage::new(&chrome, key)
    };
    let fine = page.wrong_name.is_empty() && page.wrong_password.is_empty() && page.wrong_zone.is_empty();
    (!fine).then(|| page::page_with(StatusCode::UNPROCESSABLE_ENTITY, &chrome, &page))
}

/// Makes the owner, logs them in, and puts up what can be tried at once.
async fn begin(web: &Web, fields: &Fields, visitor: Visitor) -> Result<Response, Refusal> {
    let password = password::hash_password(Secret::new(fields.get("password").to_owned()), fields.get("name").trim()).await?;
    let zone = fields.get("time_zone").trim().parse::<Zone>().map_err(|_| Refusal::Fault)?;
    let language = Language::of_code(fields.get("language"));
    let name = fields.get("name").trim();
    let owner = NewOperator { name: name.to_owned(), role: Role::Owner, password, language: language.code().to_owned() };
    let operator = web.executor.set_up(owner, zone).await?;
    if fields.is_on("try") {
        super::starters::try_now(web, crate::model::operator::By::Operator(operator.id), language).await?;
    }
    enter(web, name, fields.get("password"), visitor, "/first").await
}
