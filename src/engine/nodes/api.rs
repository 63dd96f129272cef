//! Api call: built here, made elsewhere; its answer comes back as an event.

use crate::base::id::Id;
use crate::base::limits::CALL_TIMEOUT_MAX;
use crate::base::time::Span;
use crate::engine::text::{self, Piece, Place};
use crate::engine::walk::{Outcome, Walk};
use crate::model::action::{ActionId, ActionState};
use crate::model::effect::{Call, CallBody, Effect};
use crate::model::event::CallOutcome;
use crate::model::node::{Api, Body, Node};
use crate::model::run::Phase;
use crate::model::secret_name;
use crate::model::value::Value;
use serde_json_path::JsonPath;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How long an answer may take unless the node says otherwise.
const TIMEOUT: Span = Span(10_000);
/// Tries beyond the first unless the node says otherwise, and within which time (spec.md 2).
const RETRIES: (u32, Span) = (3, Span(30_000));

/// Asks for the call and rests.
pub fn visit(walk: &mut Walk<'_>, api: &Api, action: &ActionId) -> Outcome {
    let armed = walk.run.sequence;
    let call = call(walk, api, action);
    walk.effects.push(Effect::Call { action: action.clone(), armed, call });
    Outcome::Rest(Phase::Calling { action: action.clone(), armed })
}

fn call(walk: &Walk<'_>, api: &Api, action: &ActionId) -> Call {
    let mut headers: BTreeMap<String, String> =
        api.headers.iter().map(|(name, value)| (name.clone(), filled(walk, value, Place::Header))).collect();
    let named = |headers: &BTreeMap<String, String>, wanted: &str| headers.keys().find(|name| name.eq_ignore_ascii_case(wanted)).cloned();
    let declared = named(&headers, "content-type").and_then(|name| headers.remove(&name));
    if named(&headers, "idempotency-key").is_none() {
        headers.insert("Idempotency-Key".to_owned(), idempotency_key(walk, action));
    }
    let (times, within) = api.retry.map_or(RETRIES, |retry| (retry.times, retry.within));
    Call {
        method: api.method,
        url: url(walk, api),
        headers,
        body: api.body.as_ref().map(|body| filled_body(walk, body, declared)),
        timeout: api.timeout.unwrap_or(TIMEOUT).min(CALL_TIMEOUT_MAX),
        retries: times,
        until: walk.now + within,
        safe_to_repeat: api.safe_to_repeat,
    }
}

/// A text with its values in place, and a mark where a secret of the owner belongs. No value can bring a mark: filling takes its sign out.
fn filled(walk: &Walk<'_>, text: &str, place: Place) -> String {
    let Ok(pieces) = text::read(text) else { return text.to_owned() };
    let marked = pieces.into_iter().map(|piece| match piece {
        Piece::Words(words) => words.replace(secret_name::SIGN, ""),
        Piece::Name { name, written, .. } => secret_name::named(name).map_or_else(|| written.to_owned(), secret_name::mark),
    });
    walk.filled(&marked.collect::<String>(), place)
}

/// One key for all tries of one visit, that no other visit anywhere has: the seed sets this run apart from those of other files.
fn idempotency_key(walk: &Walk<'_>, action: &ActionId) -> String {
    let mut digest = Sha256::new();
    digest.update(walk.run.seed.to_be_bytes());
    digest.update(walk.run.id.to_key());
    digest.update(action.to_string());
    hex::encode(&digest.finalize()[..16])
}

fn url(walk: &Walk<'_>, api: &Api) -> String {
    let mut url = filled(walk, &api.url, Place::Url);
    let query = form(walk, &api.query);
    if !query.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&query);
    }
    url
}

fn form(walk: &Walk<'_>, fields: &BTreeMap<String, String>) -> String {
    let pair = |(name, value): (&String, &String)| format!("{}={}", text::encoded(name), text::encoded(&filled(walk, value, Place::Plain)));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The body and its type. In raw text the declared type decides how values are escaped.
fn filled_body(walk: &Walk<'_>, body: &Body, declared: Option<String>) -> CallBody {
    let or = |usual: &str| declared.clone().unwrap_or_else(|| usual.to_owned());
    match body {
        Body::Json(json) => CallBody { kind: or("application/json"), text: filled_json(walk, json).to_string() },
        Body::Form(fields) => CallBody { kind: or("application/x-www-form-urlencoded"), text: form(walk, fields) },
        Body::Raw(raw) => {
            let kind = or("text/plain; charset=utf-8");
            let place = match kind.as_str() {
                kind if kind.contains("json") => Place::Json,
                kind if kind.contains("urlencoded") => Place::Url,
                _ => Place::Plain,
            };
            CallBody { text: filled(walk, raw, place), kind }
        }
    }
}

fn filled_json(walk: &Walk<'_>, json: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => Json::String(filled(walk, text, Place::Plain)),
        Json::Array(items) => items.iter().map(|item| filled_json(walk, item)).collect(),
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), filled_json(walk, value))).collect(),
        other => other.clone(),
    }
}

/// The call came to an end: keeps what is wanted of the answer and goes on.
pub fn ended(walk: &mut Walk<'_>, node: &Node, api: &Api, action: ActionId, outcome: &CallOutcome) {
    let asked = words(walk, api);
    walk.run.variables.remove("http_status");
    let (exit, state, text) = match outcome {
        CallOutcome::Answered { status, body } => {
            walk.keep("run.http_status", Value::Number(f64::from(*status)));
            let good = (200..300).contains(status);
            if good {
                keep_answer(walk, api, body);
            }
            let (exit, state) = if good { ("ok", ActionState::Done) } else { ("failed", ActionState::Failed) };
            (exit, state, format!("{asked}: {status}"))
        }
        CallOutcome::TimedOut => ("timed_out", ActionState::Failed, format!("{asked}: no answer in time")),
        CallOutcome::Failed(reason) => ("failed", ActionState::Failed, format!("{asked}: {reason}")),
    };
    walk.go_on(node, action, Outcome::On { exit: exit.to_owned(), state, text });
}

/// Keeps what the paths find: one thing as itself, several as a list. A path that finds nothing changes nothing.
fn keep_answer(walk: &mut Walk<'_>, api: &Api, body: &str) {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(body) else { return };
    for save in &api.save {
        let Ok(path) = JsonPath::parse(&save.path) else { continue };
        let found = path.query(&json).all();
        let value = match found.as_slice() {
            [] => None,
            [one] => Value::from_json(one),
            many => Some(Value::List(many.iter().filter_map(|item| Value::from_json(item)).collect())),
        };
        if let Some(value) = value {
            walk.keep(&save.to, value);
        }
    }
}

/// The method and the address.
pub fn words(walk: &Walk<'_>, api: &Api) -> String {
    format!("{} {}", api.method.word(), walk.filled(&api.url, Place::Url))
}
