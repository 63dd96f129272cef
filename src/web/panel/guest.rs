//! What those are shown who are not logged in, and what a trouble looks like as a page.

use super::super::Web;
use super::super::login::LoginPage;
use super::super::page::{self, Chrome, ErrorPage, Tone};
use super::super::problem::Trouble;
use super::super::session;
use super::super::visitor::Visitor;
use super::super::words::Language;
use super::{Panel, see, theme_of};
use crate::base::time::Time;
use crate::executor::control::access;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Somebody who is not logged in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The language their browser asks for.
    pub language: Language,
    now: Time,
    theme: page::Theme,
    path: String,
    method: Method,
}

impl Guest {
    /// The guest of a request.
    pub fn of(web: &Web, parts: &Parts) -> Guest {
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Guest {
            language: Language::accepted(accepted.unwrap_or_default()),
            now: web.executor.now(),
            theme: theme_of(&parts.headers),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            method: parts.method.clone(),
        }
    }

    /// The same guest in another language.
    pub fn speaking(&self, language: Language) -> Guest {
        Guest { language, ..self.clone() }
    }

    /// The frame of a page for a guest.
    pub fn chrome(&self, title: impl Into<String>) -> Chrome {
        Chrome { theme: self.theme, path: self.path.clone(), ..Chrome::bare(title, self.language, self.now) }
    }

    /// The login page, in place of the page that was asked for.
    pub fn login(&self, status: StatusCode, name: &str, back: &str, note: &str) -> Response {
        let chrome = self.chrome(self.language.login_title());
        let login = LoginPage { chrome: &chrome, name: name.to_owned(), back: back.to_owned(), note: note.to_owned(), tone: Tone::Info };
        page::page_with(status, &chrome, &login)
    }

    /// Stops a guest before a private page: the way in is the login, or the first run where there is no owner.
    pub async fn stopped(&self, web: &Web) -> Response {
        match web.read(access::is_set_up).await {
            Ok(true) => {
                let asked = self.method == Method::GET;
                let note = if asked && self.path == "/" { "" } else { self.language.login_again() };
                self.login(StatusCode::UNAUTHORIZED, "", if asked { &self.path } else { "/flows" }, note)
            }
            Ok(false) => see("/setup"),
            Err(trouble) => self.trouble(&trouble),
        }
    }

    /// A page that only says something.
    pub fn notice(&self, status: StatusCode, headline: &str, text: &str, way: Option<(&str, &str)>) -> Response {
        let chrome = self.chrome(headline);
        let ways = way.into_iter().map(|(href, words)| (href.to_owned(), words.to_owned())).collect();
        let error = ErrorPage { chrome: &chrome, headline: headline.to_owned(), text: text.to_owned(), ways, detail: None };
        page::page_with(status, &chrome, &error)
    }

    /// A trouble as a page.
    pub fn trouble(&self, trouble: &Trouble) -> Response {
        trouble_page(&self.chrome(headline(self.language, trouble)), trouble)
    }
}

/// Turns a trouble into a page where a person asked, not a program.
pub async fn speak(State(web): State<Web>, request: Request, next: Next) -> Response {
    let wants_page =
        request.headers().get_all(header::ACCEPT).iter().any(|value| value.to_str().is_ok_and(|kinds| kinds.contains("text/html")));
    let for_programs = ["/api/", "/hooks/", "/start/", "/health", "/metrics"].iter().any(|place| request.uri().path().starts_with(place));
    if !wants_page || for_programs {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let guest = Guest::of(&web, &parts);
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    match response.extensions().get::<Trouble>().cloned() {
        Some(trouble) => told(&web, parts, &guest, &trouble).await,
        None => response,
    }
}

/// A trouble as a page: in the frame and the language of who is logged in, also at an address that is no route of theirs.
async fn told(web: &Web, mut parts: Parts, guest: &Guest, trouble: &Trouble) -> Response {
    let secure = parts.extensions.get::<Visitor>().is_some_and(|visitor| visitor.secure);
    if let Ok(Some(known)) = session::known(web, &parts.headers, secure).await {
        parts.extensions.insert(known);
        if let Ok(panel) = Panel::of(web, &mut parts).await {
            return panel.trouble(trouble);
        }
    }
    guest.trouble(trouble)
}

fn said(w: Language, trouble: &Trouble) -> (&'static str, &'static str) {
    match trouble.status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (w.not_found(), w.not_found_text()),
        StatusCode::FORBIDDEN => (w.form_expired(), w.form_expired_text()),
        StatusCode::PAYLOAD_TOO_LARGE => (w.too_large(), w.too_large_text()),
        StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => (w.refused(), w.refused_text()),
        _ => (w.went_wrong(), w.went_wrong_text()),
    }
}

/// What a trouble is called on a page.
pub fn headline(w: Language, trouble: &Trouble) -> &'static str {
    said(w, trouble).0
}

/// A trouble as a page in a frame.
pub fn trouble_page(chrome: &Chrome, trouble: &Trouble) -> Response {
    let w = chrome.language;
    let (headline, text) = said(w, trouble);
    let mut lines = vec![w.said(&trouble.detail)];
    lines.extend(trouble.problems.iter().map(|problem| w.fault(&problem.fault)));
    let error = ErrorPage {
        chrome,
        headline: headline.to_owned(),
        text: text.to_owned(),
        ways: vec![("/flows".to_owned(), w.go_home().to_owned())],
        detail: Some(lines.join(" ")).filter(|_| trouble.status != StatusCode::NOT_FOUND),
    };
    page::page_with(trouble.status, chrome, &error)
}
