//! The owner's secrets in calls: filled in just before the socket, so that no row, page or log ever holds one.

use crate::engine::text::encoded;
use crate::model::channel::ChannelSecrets;
use crate::model::effect::Call;
use crate::model::secret_name::{PREFIX, SIGN, mark};

/// A call with its secrets in place; the error names one that is not set.
pub fn filled(mut call: Call, secrets: &ChannelSecrets) -> Result<Call, String> {
    for (name, value) in secrets {
        let value = value.reveal();
        call.url = put(&call.url, name, &encoded(value), value);
        for header in call.headers.values_mut() {
            *header = put(header, name, value, value);
        }
        if let Some(body) = &mut call.body {
            let raw = match body.kind.as_str() {
                kind if kind.contains("json") => in_json(value),
                kind if kind.contains("urlencoded") => encoded(value),
                _ => value.clone(),
            };
            body.text = put(&body.text, name, &raw, value);
        }
    }
    let texts = [&call.url].into_iter().chain(call.headers.values()).chain(call.body.iter().map(|body| &body.text));
    let lacking = texts.into_iter().find_map(|text| missing(text));
    lacking.map_or(Ok(call), Err)
}

/// A text with a secret in place of its marks: bare ones, those in a form or an address, and those in JSON.
fn put(text: &str, name: &str, raw: &str, value: &str) -> String {
    let bare = mark(name);
    text.replace(&bare, raw).replace(&encoded(&bare), &encoded(value)).replace(&in_json(&bare), &in_json(value))
}

/// What a text becomes inside a JSON string.
fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::String(text.to_owned()).to_string();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}

/// The name of a secret whose mark still stands in a text.
fn missing(text: &str) -> Option<String> {
    let begin = format!("{SIGN}{PREFIX}");
    let forms = [begin.clone(), encoded(&begin), in_json(&begin)];
    let at = forms.iter().find_map(|form| text.find(form.as_str()).map(|at| at + form.len()))?;
    Some(text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;
    use crate::base::time::{Span, Time};
    use crate::model::effect::CallBody;
    use crate::model::node::Method;

    fn call(url: &str, header: &str, kind: &str, body: &str) -> Call {
        Call {
            method: Method::Post,
            url: url.to_owned(),
            headers: [("Authorization".to_owned(), header.to_owned())].into(),
            body: Some(CallBody { kind: kind.to_owned(), text: body.to_owned() }),
            timeout: Span::SECOND,
            retries: 0,
            until: Time(0),
            safe_to_repeat: false,
        }
    }

    #[test]
    fn a_secret_is_written_as_its_place_wants_it() {
        let secrets: ChannelSecrets = [("key".to_owned(), Secret::new("a&\"b".to_owned()))].into();
        let (bare, body) = (mark("key"), serde_json::json!({"k": mark("key")}).to_string());
        let call = call(&format!("https://x.example/?k={bare}&l={}", encoded(&bare)), &format!("Bearer {bare}"), "application/json", &body);
        let filled = filled(call, &secrets).expect("all are set");
        assert_eq!(filled.url, "https://x.example/?k=a%26%22b&l=a%26%22b");
        assert_eq!(filled.headers["Authorization"], "Bearer a&\"b");
        assert_eq!(filled.body.expect("a body").text, r#"{"k":"a&\"b"}"#);
    }

    #[test]
    fn a_secret_in_a_body_written_by_hand_is_escaped_as_its_type_wants_it() {
        let secrets: ChannelSecrets = [("key".to_owned(), Secret::new("a&\"b".to_owned()))].into();
        for (kind, body, expected) in [
            ("application/json", format!("{{\"k\":\"{}\"}}", mark("key")), r#"{"k":"a&\"b"}"#),
            ("application/x-www-form-urlencoded", format!("k={}", mark("key")), "k=a%26%22b"),
            ("text/plain", mark("key"), "a&\"b"),
        ] {
            let filled = filled(call("https://x.example", "", kind, &body), &secrets).expect("all are set");
            assert_eq!(filled.body.expect("a body").text, expected, "{kind}");
        }
    }

    #[test]
    fn one_that_is_not_set_is_named() {
        let call = call("https://x.example", &mark("shop-key"), "text/plain", "");
        assert_eq!(filled(call, &ChannelSecrets::new()).expect_err("it is not set"), "shop-key");
    }
}
