//! Reads JSON from strangers within bounds (SEC-17), and looks into it without trusting its shape.

use crate::base::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};
use crate::base::time::Time;
use serde_json::Value;
use std::borrow::Cow;

/// Bytes of a provider's id of a message at most; the longest known ones have about a hundred.
pub const ID_BYTES_MAX: usize = 512;

/// Reads a body. A byte-order mark is dropped, bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD: a name that
/// was cut in the middle of an emoji must not lose the message. The error is a sentence.
pub fn read(body: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let shape = Shape::of(text.as_bytes());
    if shape.depth > JSON_DEPTH_MAX {
        return Err(format!("the JSON nests deeper than {JSON_DEPTH_MAX} levels"));
    }
    if shape.nodes > JSON_NODES_MAX {
        return Err(format!("the JSON holds more than {JSON_NODES_MAX} values"));
    }
    serde_json::from_str(&text)
        .or_else(|error| match mended(&text) {
            Some(text) => serde_json::from_str(&text),
            None => Err(error),
        })
        .map_err(|error| format!("this is not JSON: {error}"))
}

/// The text at a JSON Pointer; numbers count as their digits. Empty texts count as missing.
pub fn text<'a>(json: &'a Value, pointer: &str) -> Option<Cow<'a, str>> {
    match json.pointer(pointer)? {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// The id at a JSON Pointer: it becomes part of a key, so an endless one is none.
pub fn id(json: &Value, pointer: &str) -> Option<String> {
    text(json, pointer).filter(|id| id.len() <= ID_BYTES_MAX).map(|id| id.into_owned())
}

/// The items at a JSON Pointer: none where nothing or null is there. An error where something else is.
pub fn items<'a>(json: &'a Value, pointer: &str) -> Result<&'a [Value], String> {
    match json.pointer(pointer) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(format!("`{}` is no list", pointer.trim_start_matches('/'))),
    }
}

/// A time in seconds or, beyond 10^11, milliseconds since 1970, as a number or in digits.
pub fn time(json: &Value, pointer: &str) -> Option<Time> {
    let number: i64 = text(json, pointer)?.trim().parse().ok()?;
    match number {
        0..=100_000_000_000 => number.checked_mul(1000).map(Time),
        100_000_000_001..=9_999_999_999_999 => Some(Time(number)),
        _ => None,
    }
}

/// How deep and how many, counted without reading: no string is unescaped, nothing is allocated.
struct Shape {
    depth: usize,
    nodes: usize,
}

impl Shape {
    fn of(json: &[u8]) -> Shape {
        let (mut depth, mut deepest, mut nodes) = (0_usize, 0, 1);
        let mut bytes = json.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => skip_string(&mut bytes),
                b'[' | b'{' => {
                    depth += 1;
                    nodes += 1;
                    deepest = deepest.max(depth);
                }
                b']' | b'}' => depth = depth.saturating_sub(1),
                b',' => nodes += 1,
                _ => {}
            }
        }
        Shape { depth: deepest, nodes }
    }
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

/// The text with U+FFFD for every escaped half of a surrogate pair that stands alone; `None` where there is none.
fn mended(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                changed = true;
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// The UTF-16 unit of the `\uXXXX` that `text` begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn half_an_emoji_does_not_lose_the_message() {
        for (raw, meant) in [
            (r#"{"a":"x\ud83d","b":"\udE00y"}"#, json!({"a": "x\u{fffd}", "b": "\u{fffd}y"})),
            (r#"{"a":"\ud83d\ude00 \ud83d\u0041 \\ud83d"}"#, json!({"a": "\u{1f600} \u{fffd}A \\ud83d"})),
        ] {
            assert_eq!(read(raw.as_bytes()), Ok(meant), "{raw}");
        }
        assert_eq!(read(b"\xef\xbb\xbf[\"a\xff\"]"), Ok(json!(["a\u{fffd}"])));
    }

    #[test]
    fn depth_and_count_are_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        assert!(read(nested(JSON_DEPTH_MAX + 1).as_bytes()).is_err_and(|e| e.contains("deeper")));
        assert!(read(nested(200_000).as_bytes()).is_err_and(|e| e.contains("deeper")));
        let long = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        assert!(read(long(JSON_NODES_MAX - 2).as_bytes()).is_ok());
        assert!(read(long(JSON_NODES_MAX).as_bytes()).is_err_and(|e| e.contains("values")));
        assert!(read(format!("\"{}\"", "[{,\\\"".repeat(100_000)).as_bytes()).is_ok());
    }

    #[test]
    fn an_endless_id_is_none() {
        assert_eq!(id(&json!({ "id": 77 }), "/id").as_deref(), Some("77"));
        assert_eq!(id(&json!({ "id": "x".repeat(ID_BYTES_MAX + 1) }), "/id"), None);
    }

    #[test]
    fn a_time_is_seconds_or_milliseconds_in_digits_or_not() {
        let at = |json: Value| time(&json, "").map(|time| time.0);
        assert_eq!(at(json!("1763800000")), Some(1_763_800_000_000));
        assert_eq!(at(json!(1_763_800_000_123_i64)), Some(1_763_800_000_123));
        for bad in [json!("soon"), json!(-1), json!(i64::MAX), json!(1e300), json!(null), json!("")] {
            assert_eq!(at(bad.clone()), None, "{bad}");
        }
    }
}
