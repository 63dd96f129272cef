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

fn is_secret(name: &str) -> bool {
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    NAMES.iter().any(|secret| bare.contains(secret))
}

/// Whether something stands there beyond variables and the word for a kind of secret.
fn is_literal(text: &str) -> bool {
    let mut rest = text.to_owned();
    while let Some((from, to)) = rest.find("{{").and_then(|from| Some((from, from + rest[from..].find("}}")? + 2))) {
        rest.replace_range(from..to, " ");
    }
    rest.split_whitespace().any(|word| !SCHEMES.contains(&word.to_ascii_lowercase().as_str()))
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
}
