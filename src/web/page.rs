//! The frame around every page, and the one function that puts a page into it.

mod chrome;

use super::assets;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::fmt;

pub use chrome::{Banner, ChannelDot, Chrome, Counts, Flash, Nav, Theme, Tone};

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
    use crate::base::time::Time;
    use crate::web::words::Language;

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
