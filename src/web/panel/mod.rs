//! The pages of the panel for people: their routes, and what every one of them is given. What a page shows is beside its words in
//! the files of its noun.

mod actions;
mod agenda;
mod answers;
mod asking;
mod audit;
mod blueprints;
mod broadcasts;
mod channel_form;
mod channels;
mod checklists;
mod contact;
mod contact_acts;
mod contact_fields;
mod contacts;
mod entrance;
mod flow_edit;
mod flows;
mod guest;
mod history;
mod imports;
mod labels;
mod numbers;
mod overdue;
mod people;
mod phrase;
mod quick_replies;
mod rehearsal;
pub mod roles;
mod routes;
mod run;
mod run_changes;
mod run_path;
mod runs;
mod segments;
mod sent;
mod settings;
mod simulator;
mod standing;
mod start;
mod starters;
mod surroundings;
mod switches;
mod talk;
mod undelivered;
mod unread;
mod watch;

pub use guest::{Guest, speak};
pub use routes::{Table, method_of_form};

use super::Web;
use super::page::{self, Banner, Chrome, Flash, Nav, Theme, Tone};
use super::problem::Trouble;
use super::session::{Known, cookie_of, set_cookie};
use super::visitor::Visitor;
use super::words::Language;
use crate::base::time::Time;
use crate::model::operator::{By, Operator};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use surroundings::Surroundings;

/// The cookie that carries what was just done to the next page.
const FLASH_COOKIE: &str = "flusso_said";
/// The cookie of light or dark.
pub const THEME_COOKIE: &str = "flusso_theme";
/// Seconds that what was just done waits for a page.
const FLASH_SECS: i64 = 60;
/// Characters of it at most: a cookie is small.
const FLASH_CHARS_MAX: usize = 600;

/// What a page answers with. A trouble becomes a page of its own, in the reader's language.
pub type Shown = Result<Response, Trouble>;

/// What anybody may ask: the login, the first run, files of messages.
pub fn public() -> Table {
    entrance::public(Table::default()).get("/files/{token}/{name}", flow_edit::fetch)
}

/// What only those may ask who are logged in. Each noun adds its own.
pub fn private() -> Table {
    let table = switches::routes(Table::default());
    let table = flows::routes(table);
    let table = flow_edit::routes(broadcasts::routes(table));
    let table = phrase::routes(history::routes(rehearsal::routes(table)));
    let table = actions::routes(run::routes(run_changes::routes(runs::routes(table))));
    let table = numbers::routes(agenda::routes(table));
    let table = start::routes(contact_acts::routes(contact::routes(contacts::routes(table))));
    let table = segments::routes(labels::routes(quick_replies::routes(table)));
    let table = imports::routes(checklists::routes(blueprints::routes(table)));
    let table = unread::routes(undelivered::routes(simulator::routes(table)));
    let table = audit::routes(table);
    watch::routes(people::routes(settings::routes(channel_form::routes(channels::routes(table)))))
}

/// Who asks for a page, and everything its frame must know. The argument of every private handler.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The person.
    pub operator: Operator,
    /// The language they read.
    pub language: Language,
    /// The time of the request.
    pub now: Time,
    known: Known,
    theme: Theme,
    path: String,
    secure: bool,
    headers: HeaderMap,
    flash: Option<Flash>,
    around: Surroundings,
}

impl FromRequestParts<Web> for Panel {
    type Rejection = Trouble;
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Panel, Trouble> {
        Panel::of(web, parts).await
    }
}

impl Panel {
    /// The panel of a request that has passed the gate.
    pub async fn of(web: &Web, parts: &mut Parts) -> Result<Panel, Trouble> {
        let known = parts.extensions.get::<Known>().cloned().ok_or_else(Trouble::fault)?;
        let visitor = parts.extensions.get::<Visitor>().copied();
        let language = Language::of_code(&known.operator.language);
        let around = Surroundings::read(web, language, visitor).await?;
        Ok(Panel {
            operator: known.operator.clone(),
            language,
            now: web.executor.now(),
            known,
            theme: theme_of(&parts.headers),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            secure: visitor.is_some_and(|visitor| visitor.secure),
            headers: parts.headers.clone(),
            flash: cookie_of(&parts.headers, FLASH_COOKIE).as_deref().and_then(read_flash),
            around,
        })
    }

    /// Who does what this request asks, for the audit log.
    pub fn by(&self) -> By {
        By::Operator(self.operator.id)
    }

    /// Whether a script asked, which wants a part of the page and no frame.
    pub fn is_part(&self) -> bool {
        self.headers.contains_key(page::PARTIAL)
    }

    /// Whether they came by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Their login.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// The frame of a page.
    pub fn chrome(&self, nav: Nav, title: impl Into<String>) -> Chrome {
        let around = self.around.clone();
        Chrome {
            theme: self.theme,
            operator: Some(self.operator.name.clone()),
            role: Some(self.operator.role),
            nav: Some(nav),
            csrf: self.known.session.csrf.reveal().clone(),
            path: self.path.clone(),
            flash: self.flash.clone(),
            banners: around.banners.into_iter().map(|banner| self.for_reader(banner)).collect(),
            counts: around.counts,
            channels: around.channels,
            paused: around.paused,
            zone: around.zone,
            ..Chrome::bare(title, self.language, self.now)
        }
    }

    /// A banner without its link where that leads to a page which is not for the reader; then it says for whom it is.
    fn for_reader(&self, banner: Banner) -> Banner {
        let least = banner.link.as_ref().map(|(href, _)| roles::least_of_link(href));
        match least.filter(|least| self.operator.role < *least) {
            Some(least) => {
                let text = format!("{} {}", banner.text, self.language.mended_by(self.language.role(least)));
                Banner { text, link: None, ..banner }
            }
            None => banner,
        }
    }

    /// Answers with a page: in its frame, or as a part of it where a script asked.
    pub fn show(&self, chrome: &Chrome, template: &impl Template) -> Response {
        self.show_with(StatusCode::OK, chrome, template)
    }

    /// The same with a status of its own: 422 for a form that was refused.
    pub fn show_with(&self, status: StatusCode, chrome: &Chrome, template: &impl Template) -> Response {
        let mut response = page::page_or_part(&self.headers, chrome, template);
        *response.status_mut() = status;
        if self.flash.is_some() {
            add_cookie(&mut response, set_cookie(FLASH_COOKIE, "", false, 0));
        }
        response
    }

    /// Leads on after something was done, to a page that says so.
    pub fn done(&self, to: &str, flash: Flash) -> Response {
        let mut response = see(to);
        add_cookie(&mut response, set_cookie(FLASH_COOKIE, &write_flash(&flash), false, FLASH_SECS));
        response
    }

    /// Leads on without a word.
    pub fn go(&self, to: &str) -> Response {
        see(to)
    }

    /// A trouble as a page.
    pub fn trouble(&self, trouble: &Trouble) -> Response {
        let chrome = Chrome { nav: None, ..self.chrome(Nav::Flows, guest::headline(self.language, trouble)) };
        guest::trouble_page(&chrome, trouble)
    }
}

/// Leads the browser to another page, which it asks for with GET.
pub fn see(to: &str) -> Response {
    let place = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/flows"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// Adds a cookie to an answer.
pub fn add_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Where a form may lead back to: a path of our own, whatever was written.
pub fn own_path(given: &str) -> &str {
    let strange = given.starts_with("//") || given.contains(['\\', '\r', '\n']) || !given.is_ascii();
    if given.starts_with('/') && !strange { given } else { "/flows" }
}

fn theme_of(headers: &HeaderMap) -> Theme {
    cookie_of(headers, THEME_COOKIE).map_or(Theme::Auto, |word| Theme::of_word(&word))
}

fn write_flash(flash: &Flash) -> String {
    let text: String = flash.text.chars().take(FLASH_CHARS_MAX).collect();
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("tone", flash.tone.word()).append_pair("text", &text);
    if let Some(undo) = &flash.undo {
        pairs.append_pair("undo", undo);
    }
    pairs.finish()
}

fn read_flash(cookie: &str) -> Option<Flash> {
    let mut flash = Flash::good("");
    for (name, value) in url::form_urlencoded::parse(cookie.as_bytes()) {
        match &*name {
            "tone" => {
                flash.tone = [Tone::Quiet, Tone::Good, Tone::Info, Tone::Warn, Tone::Bad].into_iter().find(|tone| tone.word() == value)?
            }
            "text" => flash.text = value.into_owned(),
            "undo" => flash.undo = Some(own_path(&value).to_owned()),
            _ => return None,
        }
    }
    Some(flash).filter(|flash| !flash.text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_travels_in_a_cookie() {
        let flash = Flash { tone: Tone::Warn, text: "È \"fatto\"; già, sì".to_owned(), undo: Some("/flows/1/bin".to_owned()) };
        let written = write_flash(&flash);
        assert!(!written.contains([';', ',', '"', ' ', '\\']), "{written}");
        assert_eq!(read_flash(&written), Some(flash));
        assert_eq!(read_flash("tone=nothing"), None);
    }

    #[test]
    fn a_form_leads_back_to_this_place_only() {
        for (given, place) in
            [("/runs?a=1", "/runs?a=1"), ("//evil", "/flows"), ("https://evil", "/flows"), ("/\\evil", "/flows"), ("", "/flows")]
        {
            assert_eq!(own_path(given), place, "{given}");
        }
    }
}
