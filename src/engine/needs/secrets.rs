//! Secrets that somebody wrote into a call: they are told by the name of the place they stand in, and stay at home.

use crate::model::flow::Flow;
use crate::model::node::{Api, Body, NodeId, NodeKind};
use serde_json::Value;

/// What stands in the name of a place for a secret.
const NAMES: [&str; 8] = ["authorization", "apikey", "token", "secret", "password", "cookie", "accesskey", "authkey"];
/// Words before a secret that are none.
const SCHEMES: [&str; 5] = ["bearer", "basic", "token", "apikey", "key"];

/// Empties the places where secrets stand. Gives what was there: at which node, and what the place is called.
pub fn without_secrets(flow: &mut Flow) -> Vec<(NodeId, String)> {
    let mut withheld = Vec::new();
    each_place(flow, |node, name, text| {
        if is_literal(text) {
            text.clear();
            withheld.push((node.clone(), name.to_owned()));
        }
    });
    withheld
}

/// The places for secrets that are empty.
pub(super) fn to_fill(flow: &Flow) -> Vec<(NodeId, String)> {
    let mut empty = Vec::new();
    each_place(&mut flow.clone(), |node, name, text| {
        if text.is_empty() {
            empty.push((node.clone(), name.to_owned()));
        }
    });
    empty
}

fn each_place(flow: &mut Flow, mut see: impl FnMut(&NodeId, &str, &mut String)) {
    for node in &mut flow.nodes {
        let NodeKind::Api(api) = &mut node.kind else { continue };
        let id = node.id.clone();
        of_call(api, &mut |name, text| see(&id, name, text));
    }
}

fn of_call(api: &mut Api, see: &mut impl FnMut(&str, &mut String)) {
    let mut lists = vec![&mut api.headers, &mut api.query];
    let json = match &mut api.body {
        Some(Body::Form(fields)) => {
            lists.push(fields);
            None
        }
        Some(Body::Json(json)) => Some(json),
        _ => None,
    };
    for (name, text) in lists.into_iter().flatten().filter(|(name, _)| is_secret(name)) {
        see(name, text);
    }
    if let Some(json) = json {
        of_json(json, see);
    }
    for (place, name, mut text) in query_of(&api.url).into_iter().rev() {
        see(&name, &mut text);
        if text.is_empty() {
            api.url.replace_range(place, "");
        }
    }
    let mut user = user_of(&api.url);
    if let Some((place, text)) = &mut user {
        see("url", text);
        if text.is_empty() {
            api.url.replace_range(place.clone(), "");
        }
    }
}

fn of_json(json: &mut Value, see: &mut impl FnMut(&str, &mut String)) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|item| of_json(item, see)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if is_secret(name) => see(name, text),
                    other => of_json(other, see),
                }
            }
        }
        _ => {}
    }
}

/// The name and password in an address, with their place in it.
fn user_of(url: &str) -> Option<(std::ops::Range<usize>, String)> {
    let from = url.find("://")? + 3;
    let host = &url[from..];
    let host = &host[..host.find(['/', '?', '#']).unwrap_or(host.len())];
    let to = host.rfind('@')?;
    Some((from..from + to + 1, host[..to].to_owned()))
}

/// The pairs of an address whose names are those of secrets, each with the place of its value.
fn query_of(url: &str) -> Vec<(std::ops::Range<usize>, String, String)> {
    let end = url.find('#').unwrap_or(url.len());
    let Some(mut at) = url[..end].find('?').map(|mark| mark + 1) else { return Vec::new() };
    let mut found = Vec::new();
    for pair in url[at..end].split('&') {
        if let Some((name, value)) = pair.split_once('=').filter(|(name, _)| is_secret(name)) {
            let from = at + name.len() + 1;
            found.push((from..from + value.len(), name.to_owned(), value.to_owned()));
        }
        at += pair.len() + 1;
    }
    found
}

/// Where a node seems to hold a key in a place that travels with it, since nobody can tell for sure: the beginning of each such address, or
/// `raw` for a body.
pub fn exposed(kind: &NodeKind) -> Vec<String> {
    let (addresses, raw) = match kind {
        NodeKind::Api(api) => {
            let raw = if let Some(Body::Raw(text)) = &api.body { Some(text.as_str()) } else { None };
            (vec![api.url.as_str()], raw)
        }
        NodeKind::Notify(notify) => (vec![notify.to.as_str()], None),
        NodeKind::Handover(handover) => (handover.notify.as_deref().into_iter().collect(), None),
        _ => (Vec::new(), None),
    };
    let web = addresses.into_iter().map(str::trim).filter(|to| to.starts_with("http") && holds_key(after_host(to)));
    let mut found: Vec<String> = web.map(|to| format!("{}/…", &to[..to.len() - after_host(to).len()])).collect();
    found.extend(raw.filter(|text| holds_key(text)).map(|_| "raw".to_owned()));
    found
}

/// What stands in an address behind its host.
fn after_host(url: &str) -> &str {
    let from = url.find("://").map_or(0, |at| at + 3);
    url[from..].find(['/', '?', '#']).map_or("", |at| &url[from + at..])
}

/// Letters and digits of a key at least, one after the other.
const KEY_CHARS: usize = 16;

/// Whether a text has a word as programs make keys: long, of letters and digits mixed. Variables are none.
fn holds_key(text: &str) -> bool {
    let bare = without_variables(text);
    let is_key = |word: &str| word.len() >= KEY_CHARS && word.contains(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic);
    let is_uuid = |word: &str| {
        let parts: Vec<&str> = word.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    bare.split(|c: char| !c.is_ascii_alphanumeric()).any(is_key)
        || bare.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(is_uuid)
}

fn is_secret(name: &str) -> bool {
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    NAMES.iter().any(|secret| bare.contains(secret))
}

/// Whether something stands there beyond variables and the word for a kind of secret.
fn is_literal(text: &str) -> bool {
    without_variables(text).split_whitespace().any(|word| !SCHEMES.contains(&word.to_ascii_lowercase().as_str()))
}

fn without_variables(text: &str) -> String {
    let mut rest = text.to_owned();
    while let Some((from, to)) = rest.find("{{").and_then(|from| Some((from, from + rest[from..].find("}}")? + 2))) {
        rest.replace_range(from..to, " ");
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;
    use serde_json::json;

    #[test]
    fn what_is_secret_stays_at_home_and_what_is_a_variable_travels() {
        let document = json!({"flusso": 1, "name": "x", "nodes": [{"id": "a", "kind": "api", "method": "POST",
            "url": "https://me:hidden@shop.example/x?b=1", "headers": {"Authorization": "Bearer hidden", "X-Api-Key": "hidden", "Accept": "text/plain"},
            "query": {"token": "Bearer {{ run.token }}", "page": "2"},
            "body": {"json": {"user": {"password": "hidden", "name": "Ada"}}}}]});
        let mut flow = document::read(&document).expect("a flow");
        let withheld = without_secrets(&mut flow);
        let named: Vec<&str> = withheld.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(named, ["Authorization", "X-Api-Key", "password", "url"]);
        let text = document::write(&flow).to_string();
        assert!(!text.contains("hidden") && text.contains("Bearer {{ run.token }}") && text.contains("text/plain"), "{text}");
        assert!(text.contains("\"https://shop.example/x?b=1\"") && text.contains("\"Ada\""), "{text}");
        assert_eq!(without_secrets(&mut flow), []);
        assert_eq!(to_fill(&flow).len(), 3);
    }

    #[test]
    fn a_secret_in_the_query_of_an_address_stays_at_home() {
        let document = json!({"flusso": 1, "name": "x", "nodes": [{"id": "a", "kind": "api", "method": "GET",
            "url": "https://shop.example/x?api_key=hidden&page=2&token={{ run.token }}&access_token=hidden2#top"}]});
        let mut flow = document::read(&document).expect("a flow");
        let named: Vec<String> = without_secrets(&mut flow).into_iter().map(|(_, name)| name).collect();
        assert_eq!(named, ["access_token", "api_key"]);
        let text = document::write(&flow).to_string();
        assert!(text.contains("https://shop.example/x?api_key=&page=2&token={{ run.token }}&access_token=#top"), "{text}");
        assert_eq!(to_fill(&flow).len(), 2);
    }

    #[test]
    fn what_looks_like_a_key_is_told_by_the_host_it_goes_to() {
        let call = |url: &str, raw: &str| {
            let node = json!({"flusso": 1, "name": "x", "nodes": [{"id": "a", "kind": "api", "method": "POST", "url": url, "body": {"raw": raw}}]});
            exposed(&document::read(&node).expect("a flow").nodes[0].kind)
        };
        for (url, host) in [
            ("https://hooks.slack.com/services/T00000000/B00000000/abcd1234EFGH5678ijkl", "https://hooks.slack.com/…"),
            ("https://api.telegram.org/bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage", "https://api.telegram.org/…"),
            ("https://x.example/hook/2f1e4d3c-0a1b-4c5d-8e9f-001122334455", "https://x.example/…"),
        ] {
            assert_eq!(call(url, ""), [host], "{url}");
        }
        for url in [
            "https://shop.example/api/orders/{{ contact.fields.last_order_number_2026 }}",
            "https://shop.example/spring-summer-2026-collection/index.html",
            "{{ secret.shop }}/x",
            "https://abcd1234efgh5678ijkl.example/x",
        ] {
            assert_eq!(call(url, "order {{ run.order }} of 2026-12-24T18:00:00"), Vec::<String>::new(), "{url}");
        }
        assert_eq!(call("https://x.example", "key=abcd1234EFGH5678"), ["raw"]);
    }
}
