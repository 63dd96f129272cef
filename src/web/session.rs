//! The session of the panel: its cookie, the gate before every private page, and what a form must carry. Pages are made elsewhere.

use super::Web;
use super::ask;
use super::panel::{Guest, Panel, roles};
use super::problem::Trouble;
use super::visitor::Visitor;
use crate::base::limits::{FORM_BODY_MAX, SET_BYTES_MAX, UPLOAD_MAX};
use crate::base::secret::Secret;
use crate::executor::control::access;
use crate::executor::upkeep::SESSION_MAX;
use crate::model::operator::{Operator, Session};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, MatchedPath, Multipart, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use cookie::{Cookie, SameSite};
use subtle::ConstantTimeEq;

/// The cookie of who came by HTTPS: a browser keeps it to this host and to HTTPS.
const SECURE_COOKIE: &str = "__Host-flusso";
/// The cookie of who came without: another name, so that neither ever stands in for the other (SEC-3).
const LAN_COOKIE: &str = "flusso_lan";
/// What a multipart body may have beside its file.
const MULTIPART_EXTRA: usize = 64 * 1024;

/// Who is logged in. Every private request carries it.
#[derive(Clone, Debug)]
pub struct Known {
    /// The person.
    pub operator: Operator,
    /// Their session.
    pub session: Session,
    /// The token of the cookie.
    pub token: Secret<String>,
}

/// A cookie of a request.
pub fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let texts = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(Cookie::split_parse).filter_map(Result::ok).find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// A cookie of our own as a header: for this site alone, out of reach of scripts.
pub fn set_cookie(name: &str, value: &str, secure: bool, seconds: i64) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(cookie::time::Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}

fn name_of(secure: bool) -> &'static str {
    if secure { SECURE_COOKIE } else { LAN_COOKIE }
}

/// The cookie of a new session.
pub fn session_cookie(token: &Secret<String>, secure: bool) -> Option<HeaderValue> {
    set_cookie(name_of(secure), token.reveal(), secure, SESSION_MAX.0 / 1000)
}

/// The cookie that takes the session's away.
pub fn no_cookie(secure: bool) -> Option<HeaderValue> {
    set_cookie(name_of(secure), "", secure, 0)
}

/// Who a request comes from, if they are logged in.
pub async fn known(web: &Web, headers: &HeaderMap, secure: bool) -> Result<Option<Known>, Trouble> {
    let Some(token) = cookie_of(headers, name_of(secure)) else { return Ok(None) };
    let (now, asked) = (web.executor.now(), token.clone());
    let found = web.read(move |view| access::session(view, &asked, now)).await?;
    Ok(found.map(|(operator, session)| {
        web.executor.touch_session(&token, &session);
        Known { operator, session, token: Secret::new(token) }
    }))
}

/// Whether a request that changes something was sent by a page of ours, as far as the browser tells (SEC-4).
pub fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = text(HOST.as_str()).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, place)| place.eq_ignore_ascii_case(host))
}

/// Lets through who is logged in, and of what they send only what carries their session's token. Everybody else gets the login page
/// in place, or, while there is no owner, is led to the set-up page. Who may do less than a route asks for is told who may.
pub async fn need_login(State(web): State<Web>, visitor: Option<Extension<Visitor>>, request: Request, next: Next) -> Response {
    let secure = visitor.is_some_and(|Extension(visitor)| visitor.secure);
    let (mut parts, body) = request.into_parts();
    let guest = Guest::of(&web, &parts);
    let known = match known(&web, &parts.headers, secure).await {
        Ok(Some(known)) => known,
        Ok(None) => return guest.stopped(&web).await,
        Err(trouble) => return guest.trouble(&trouble),
    };
    parts.extensions.insert(known.clone());
    let path = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let least = roles::least(&parts.method, &path);
    if known.operator.role < least {
        return match Panel::of(&web, &mut parts).await {
            Ok(panel) => roles::refused(&web, &panel, least).await,
            Err(trouble) => guest.trouble(&trouble),
        };
    }
    let body = match checked(&parts, body, &known).await {
        Ok(body) => body,
        Err(trouble) => return told(&web, parts, &trouble).await,
    };
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Trouble>() {
        Some(trouble) => told(&web, kept, &trouble.clone()).await,
        None => response,
    }
}

/// A trouble as a page in the frame of who is logged in.
async fn told(web: &Web, mut parts: Parts, trouble: &Trouble) -> Response {
    match Panel::of(web, &mut parts).await {
        Ok(panel) => panel.trouble(trouble),
        Err(_) => Guest::of(web, &parts).trouble(trouble),
    }
}

/// The body of a request, read and found to carry the token where it changes something.
async fn checked(parts: &Parts, body: Body, known: &Known) -> Result<Body, Trouble> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(Body::empty());
    }
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let is_upload = kind.starts_with("multipart/form-data");
    let most = match (is_upload, parts.uri.path()) {
        (true, "/imports") => SET_BYTES_MAX + MULTIPART_EXTRA,
        (true, _) => UPLOAD_MAX + MULTIPART_EXTRA,
        (false, _) => FORM_BODY_MAX,
    };
    let bytes = ask::collect(most, body).await?;
    let given = if is_upload { multipart_token(&kind, &bytes).await } else { form_token(&bytes) };
    let fits: bool = given.unwrap_or_default().as_bytes().ct_eq(known.session.csrf.reveal().as_bytes()).into();
    if !fits || !is_own(&parts.headers) {
        return Err(Trouble::foreign_form());
    }
    Ok(Body::from(bytes))
}

fn form_token(bytes: &Bytes) -> Option<String> {
    url::form_urlencoded::parse(bytes).find(|(name, _)| name == "csrf").map(|(_, token)| token.into_owned())
}

async fn multipart_token(kind: &str, bytes: &Bytes) -> Option<String> {
    let request = Request::builder().header(CONTENT_TYPE, kind).body(Body::from(bytes.clone())).ok()?;
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(field) = parts.next_field().await.ok()? {
        if field.name() == Some("csrf") {
            return field.text().await.ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().expect("a header"))).collect()
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
        let token = Secret::new("abc".to_owned());
        let text = |secure| session_cookie(&token, secure).unwrap().to_str().unwrap().to_owned();
        for part in ["__Host-flusso=abc", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=2592000"] {
            assert!(text(true).contains(part), "{part}: {}", text(true));
        }
        assert!(!text(true).contains("Domain"));
        assert!(text(false).starts_with("flusso_lan=abc;") && !text(false).contains("Secure"), "{}", text(false));
    }

    #[test]
    fn cookies_are_found_among_others() {
        let headers = headers(&[("cookie", "a=1; flusso_lan=xyz; b=2")]);
        assert_eq!(cookie_of(&headers, "flusso_lan").as_deref(), Some("xyz"));
        assert_eq!(cookie_of(&headers, "__Host-flusso"), None);
    }

    #[test]
    fn another_site_cannot_speak_for_a_page_of_ours() {
        for (pairs, own) in [
            (&[("host", "a:80"), ("origin", "http://a:80")][..], true),
            (&[("host", "a:80")], true),
            (&[("host", "a"), ("origin", "http://b")], false),
            (&[("host", "a"), ("origin", "null")], false),
            (&[("host", "a"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "a"), ("sec-fetch-site", "same-site")], false),
            (&[("host", "a"), ("sec-fetch-site", "same-origin"), ("origin", "https://a")], true),
        ] {
            assert_eq!(is_own(&headers(pairs)), own, "{pairs:?}");
        }
    }
}
