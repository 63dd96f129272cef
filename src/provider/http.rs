//! HTTP as plain data: what comes in, what goes out, what is answered. No socket: those are the web's and the executor's.

use crate::base::limits::RETRY_AFTER_MAX;
use crate::base::secret::Secret;
use crate::base::time::{Span, Time};
use crate::model::node::Method;
use std::fmt;
use std::time::UNIX_EPOCH;

/// A request of a provider to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hook {
    /// The method in capitals.
    pub method: String,
    /// What stands after the question mark, undecoded; empty where there is none.
    pub query: String,
    /// Headers in the order they came; names in any case, a name as often as it came.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte: signatures are over these.
    pub body: Vec<u8>,
}

impl Hook {
    /// Every value of a header, in order.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        values(&self.headers, name)
    }

    /// The value of a query parameter, if it is there exactly once: of two, nobody knows which was meant.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut found = url::form_urlencoded::parse(self.query.as_bytes()).filter(|(key, _)| key == name);
        let (_, value) = found.next()?;
        found.next().is_none().then(|| value.into_owned())
    }

    /// The encoding of the body, where it is not sent as it is (SEC-17: nothing is decompressed).
    pub fn content_encoding(&self) -> Option<&str> {
        self.header_values("content-encoding").find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
    }
}

/// What a webhook is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookReply {
    /// The HTTP status.
    pub status: u16,
    /// The type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

impl HookReply {
    /// "We have it": 200 and no body.
    pub fn taken() -> HookReply {
        HookReply::text(200, "")
    }

    /// A plain text.
    pub fn text(status: u16, body: &str) -> HookReply {
        HookReply { status, content_type: "text/plain; charset=utf-8", body: body.to_owned() }
    }
}

/// A request of ours to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address. Some providers want a token in it: not for logs.
    pub url: String,
    /// Headers; one of them is usually the token.
    pub headers: Vec<(String, Secret<String>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, {} bytes)", self.method.word(), self.body.len())
    }
}

/// An answer to a request of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body, as far as it was read.
    pub body: Vec<u8>,
}

impl Answer {
    /// How long its `Retry-After` asks us to wait, at most `RETRY_AFTER_MAX`. Seconds or a date (RFC 9110, 10.2.3).
    pub fn retry_after(&self, now: Time) -> Option<Span> {
        let written = values(&self.headers, "retry-after").next()?.trim();
        let span = match written.parse::<u32>() {
            Ok(seconds) => Span::SECOND.times(i64::from(seconds)),
            Err(_) => http_date(written)?.since(now),
        };
        Some(span.min(RETRY_AFTER_MAX))
    }
}

/// Why a request of ours has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No byte of it left: no address, connection refused, TLS not agreed. In words.
    NeverLeft(String),
    /// It left, at least in part, and no answer came in time.
    TimedOut,
    /// It left, at least in part, and the connection broke. In words.
    Broke(String),
}

fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn http_date(written: &str) -> Option<Time> {
    let at = httpdate::parse_http_date(written).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(at.as_millis()).ok().map(Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(written: &str) -> Option<i64> {
        let answer = Answer { headers: vec![("Retry-After".to_owned(), written.to_owned())], ..Answer::default() };
        let now: Time = "2026-11-22T09:00:00Z".parse().expect("a time");
        answer.retry_after(now).map(|span| span.0)
    }

    #[test]
    fn a_retry_after_is_seconds_or_a_date_and_never_beyond_the_cap() {
        assert_eq!(after("7"), Some(7_000));
        assert_eq!(after("Sun, 22 Nov 2026 09:01:30 GMT"), Some(90_000));
        assert_eq!(after("Sun, 22 Nov 2026 08:00:00 GMT"), Some(0));
        assert_eq!(after("999999999"), Some(RETRY_AFTER_MAX.0));
        assert_eq!(after("Sun, 22 Nov 2099 08:00:00 GMT"), Some(RETRY_AFTER_MAX.0));
        for bad in ["", "-1", "soon", "1.5"] {
            assert_eq!(after(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_request_shows_no_token() {
        let headers = vec![("Authorization".to_owned(), Secret::new("Bearer EAAG-token".to_owned()))];
        let url = "https://example.test/bot123:token/send".to_owned();
        let shown = format!("{:?}", Request { method: Method::Post, url, headers, body: b"ciao".to_vec() });
        assert_eq!(shown, "Request(POST, 4 bytes)");
    }

    #[test]
    fn a_parameter_that_comes_twice_is_none() {
        let hook = Hook { query: "a=1&b=x%20y&a=2".to_owned(), ..Hook::default() };
        assert_eq!((hook.query_value("a"), hook.query_value("b").as_deref()), (None, Some("x y")));
    }
}
