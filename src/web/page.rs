//! The frame around every page: what it must know, and the one function that puts a page into it.

mod marks;

pub use marks::{Nav, Theme, Tone};

use super::assets;
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::Zone;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::borrow::Borrow;
use std::fmt;

/// The header by which a script asks for a page without its frame.
pub const PARTIAL: &str = "x-partial";

/// Markup that is already escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(pub String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// What a page says about something just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// What happened, in the reader's language.
    pub text: String,
    /// Where a form posts to take it back.
    pub undo: Option<String>,
}

impl Flash {
    /// Something that went well.
    pub fn good(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Good, text: text.into(), undo: None }
    }

    /// Something that did not.
    pub fn bad(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Bad, text: text.into(), undo: None }
    }
}

/// A line above every page while something holds: paused, a channel is down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// How bad it is.
    pub tone: Tone,
    /// What, in the reader's language.
    pub text: String,
    /// Where it is mended: address and words.
    pub link: Option<(String, String)>,
}

/// The health of a channel in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDot {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub tone: Tone,
    /// That in words.
    pub words: String,
}

/// Numbers beside the places of the rail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Live runs.
    pub runs: u64,
    /// Sends given up or of unknown outcome.
    pub undelivered: u64,
    /// Requests that could not be read.
    pub unread: u64,
}

/// Everything the frame of a page must know.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The title: the page, then its object.
    pub title: String,
    /// The reader's language.
    pub language: Language,
    /// Light, dark, or as the machine has it.
    pub theme: Theme,
    /// Who is logged in; `None` leaves out everything that needs it.
    pub operator: Option<String>,
    /// The place of the rail this page belongs to.
    pub nav: Option<Nav>,
    /// What every form carries (SEC-4).
    pub csrf: String,
    /// The path and query of this page: where the switches of the header come back to.
    pub path: String,
    /// What was just done.
    pub flash: Option<Flash>,
    /// What holds.
    pub banner: Option<Banner>,
    /// Numbers of the rail.
    pub counts: Counts,
    /// Channels of the header.
    pub channels: Vec<ChannelDot>,
    /// Whether everything is paused.
    pub paused: bool,
    /// When the page is made.
    pub now: Time,
    /// Where the reader is.
    pub zone: Zone,
    /// Where the page listens for changes of itself, as `/events?page=runs`; `None` is nowhere.
    pub stream: Option<String>,
}

impl Chrome {
    /// The frame of a page that needs no login.
    pub fn bare(title: impl Into<String>, language: Language, now: Time) -> Chrome {
        Chrome {
            title: title.into(),
            language,
            theme: Theme::Auto,
            operator: None,
            nav: None,
            csrf: String::new(),
            path: "/".to_owned(),
            flash: None,
            banner: None,
            counts: Counts::default(),
            channels: Vec::new(),
            paused: false,
            now,
            zone: Zone::ROME,
            stream: None,
        }
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// An icon of the sprite. It is decoration: the word stands beside it.
    pub fn icon(&self, name: &str) -> Markup {
        icon(name)
    }

    /// A point in time: on the wall, with its distance from now under the pointer and for machines.
    pub fn time(&self, at: impl Borrow<Time>) -> Markup {
        let moment = self.language.moment(*at.borrow(), self.now, self.zone);
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{}</time>", moment.machine, moment.relative, moment.wall))
    }

    /// How far a point in time is, with its place on the wall under the pointer.
    pub fn relative(&self, at: impl Borrow<Time>) -> Markup {
        let moment = self.language.moment(*at.borrow(), self.now, self.zone);
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{}</time>", moment.machine, moment.wall, moment.relative))
    }

    /// The time on the wall alone, for a chat that names its days.
    pub fn clock(&self, at: impl Borrow<Time>) -> Markup {
        let at = *at.borrow();
        let moment = self.language.moment(at, self.now, self.zone);
        let clock = self.language.wall_time(self.zone.local(at).time());
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{clock}</time>", moment.machine, moment.wall))
    }

    /// The hidden field that every form carries.
    pub fn token(&self) -> Markup {
        Markup(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", escape(&self.csrf)))
    }

    /// A badge: an icon and a word.
    pub fn badge(&self, tone: impl Borrow<Tone>, text: impl AsRef<str>) -> Markup {
        Markup(format!(
            "<span class=\"badge badge-{}\">{}{}</span>",
            tone.borrow().word(),
            icon(tone.borrow().icon()),
            escape(text.as_ref())
        ))
    }

    /// How many things wait at a place of the rail.
    pub fn count(&self, nav: &Nav) -> u64 {
        match nav {
            Nav::Runs => self.counts.runs,
            Nav::Undelivered => self.counts.undelivered,
            Nav::Unread => self.counts.unread,
            _ => 0,
        }
    }

    /// The places behind "more" on a phone that need somebody.
    pub fn more_count(&self) -> u64 {
        self.counts.undelivered + self.counts.unread
    }

    fn is_here(&self, nav: &Nav) -> bool {
        self.nav == Some(*nav)
    }
}

/// An icon of the sprite, as markup.
pub fn icon(name: &str) -> Markup {
    static SPRITE: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| assets::url("icons.svg"));
    Markup(format!("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{}#{name}\"/></svg>", *SPRITE))
}

/// Whether two texts are one, whatever holds them.
pub fn same(one: impl AsRef<str>, other: impl AsRef<str>) -> bool {
    one.as_ref() == other.as_ref()
}

/// A text as HTML shows it.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The whole page.
#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    chrome: &'a Chrome,
    body: Markup,
}

/// A page in its frame, as HTML text. A template that cannot be rendered becomes an empty body: writing to memory does not fail.
pub fn render(chrome: &Chrome, template: &impl Template) -> String {
    let body = Markup(template.render().unwrap_or_default());
    Layout { chrome, body }.render().unwrap_or_default()
}

/// Answers with a page in its frame.
pub fn page(chrome: &Chrome, template: &impl Template) -> Response {
    answer(StatusCode::OK, render(chrome, template))
}

/// Answers with a page in its frame and a status of its own: 422 for a form that was refused, 404 for a thing that is gone.
pub fn page_with(status: StatusCode, chrome: &Chrome, template: &impl Template) -> Response {
    answer(status, render(chrome, template))
}

/// Answers with the page alone where a script asked for that, and in its frame otherwise. What was just done then travels in
/// `X-Toast`, percent-encoded, with its tone before a colon.
pub fn page_or_part(headers: &HeaderMap, chrome: &Chrome, template: &impl Template) -> Response {
    if !headers.contains_key(PARTIAL) {
        return page(chrome, template);
    }
    let mut response = answer(StatusCode::OK, template.render().unwrap_or_default());
    if let Some(toast) = chrome.flash.as_ref().and_then(toast) {
        response.headers_mut().insert("x-toast", toast);
    }
    response
}

fn toast(flash: &Flash) -> Option<HeaderValue> {
    let encoded: String = url::form_urlencoded::byte_serialize(flash.text.as_bytes()).collect();
    HeaderValue::from_str(&format!("{}:{}", flash.tone.word(), encoded.replace('+', "%20"))).ok()
}

fn answer(status: StatusCode, html: String) -> Response {
    let head = [
        (header::CONTENT_SECURITY_POLICY, super::POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, PARTIAL),
    ];
    (status, head, Html(html)).into_response()
}

/// A page that says what went wrong, what it means and what to do now.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What happened.
    pub headline: String,
    /// What it means, and what to do.
    pub text: String,
    /// Ways forward: address and words; the first is the main one.
    pub ways: Vec<(String, String)>,
    /// What a person who asks for help is asked for: the number in the log.
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chrome() -> Chrome {
        Chrome { operator: Some("Anna".to_owned()), nav: Some(Nav::Flows), ..Chrome::bare("Flows", Language::Italian, Time(0)) }
    }

    fn error(chrome: &Chrome) -> ErrorPage<'_> {
        ErrorPage { chrome, headline: "<b>".to_owned(), text: String::new(), ways: Vec::new(), detail: None }
    }

    #[test]
    fn a_page_has_one_heading_one_status_region_and_no_inline_style() {
        let chrome = chrome();
        let html = render(&chrome, &error(&chrome));
        assert_eq!(html.matches("<h1").count(), 1);
        assert_eq!(html.matches("role=\"status\"").count(), 1);
        assert!(!html.contains("style=") && !html.contains("<script>") && !html.contains("onclick"));
        assert!(html.contains("aria-current=\"page\"") && html.contains("lang=\"it\""));
        assert!(html.contains("&#60;b&#62;"), "what comes from data is escaped");
    }

    #[test]
    fn a_script_gets_the_page_without_its_frame_and_the_toast_beside_it() {
        let chrome = Chrome { flash: Some(Flash::good("Salvato: è attivo")), ..chrome() };
        let headers = HeaderMap::from_iter([(header::HeaderName::from_static(PARTIAL), HeaderValue::from_static("#main"))]);
        let response = page_or_part(&headers, &chrome, &error(&chrome));
        assert_eq!(response.headers()["x-toast"], "good:Salvato%3A%20%C3%A8%20attivo");
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    }
}
