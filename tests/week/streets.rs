//! The flows of the town: the starter pack, and as many made by chance as are wanted beside it.

use serde_json::{Value, json};
use std::path::Path;

/// Words that somebody in town may say. The first are keywords of flows.
pub const SMALL_TALK: [&str; 12] =
    ["quanto costa?", "va bene", "no grazie", "7", "12.5", "anna@example.it", "boh", "domani", "24/12", "sì", "2", "ci penso"];

/// The documents of the starter pack, its blanks filled with their own names.
fn starter_pack() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("starter-pack");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).ok();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter_map(read)
        .filter(|it| it["nodes"].is_array())
        .collect()
}

/// The flows of a town, as texts, and the words that start them.
pub fn flows(count: usize, chance: &mut fastrand::Rng) -> (Vec<String>, Vec<String>) {
    let mut documents: Vec<Value> = starter_pack().into_iter().take(count / 2).collect();
    let made = count - documents.len();
    documents.extend((0..made).map(|number| made_flow(number, made, chance)));
    let words = documents.iter().flat_map(phrases).collect();
    (documents.iter().map(Value::to_string).collect(), words)
}

fn phrases(document: &Value) -> Vec<String> {
    let nodes = document["nodes"].as_array().into_iter().flatten();
    let phrases = nodes.flat_map(|node| node["phrases"].as_array().into_iter().flatten());
    phrases.filter(|phrase| phrase["match"] != "regex").filter_map(|phrase| phrase["text"].as_str().map(str::to_owned)).collect()
}

fn name(number: usize) -> String {
    format!("Via {number}")
}

/// A flow of chance: a trigger, then a dozen nodes, each leading to a later one or, behind a wait, back.
fn made_flow(number: usize, of: usize, chance: &mut fastrand::Rng) -> Value {
    let size = chance.usize(6..14);
    let mut nodes = vec![trigger(number, chance)];
    nodes.extend((1..=size).map(|index| node(index, size, number, of, chance)));
    let reentry = ["restart", "once", "parallel", "keep", "keep"][chance.usize(0..5)];
    let leave = if chance.bool() { json!([{"value": "contact.tags", "op": "has", "to": "fatto"}]) } else { json!([]) };
    let mut document = json!({"flusso": 1, "name": name(number), "reentry": reentry, "start": "n1", "leave_when": leave, "nodes": nodes});
    match reentry {
        "once" => document["reentry_after"] = json!("3d"),
        "parallel" => document["reentry_key"] = json!("contact.fields.risposta"),
        _ => {}
    }
    document
}

fn trigger(number: usize, chance: &mut fastrand::Rng) -> Value {
    let exits = json!({"next": "n1"});
    match number {
        0 => json!({"id": "t", "kind": "event", "on": "first_message", "exits": exits}),
        1 => json!({"id": "t", "kind": "event", "on": "any_message", "cooldown": "2d", "exits": exits}),
        2 => json!({"id": "t", "kind": "event", "on": "out_of_hours", "cooldown": "12h", "exits": exits}),
        _ => {
            let mode = ["exact", "word", "starts", "contains"][chance.usize(0..4)];
            json!({"id": "t", "kind": "keyword", "phrases": [{"text": format!("parola{number}"), "match": mode}], "exits": exits})
        }
    }
}

fn node(index: usize, size: usize, flow: usize, of: usize, chance: &mut fastrand::Rng) -> Value {
    let ahead = |chance: &mut fastrand::Rng| match index < size && chance.u8(0..10) > 0 {
        true => json!(format!("n{}", chance.usize(index + 1..=size))),
        false => Value::Null,
    };
    let (a, b, c) = (ahead(chance), ahead(chance), ahead(chance));
    let anywhere = if chance.u8(0..4) == 0 { json!(format!("n{}", chance.usize(1..=size))) } else { a.clone() };
    let long = ["0s", "90s", "20m", "5h", "1d", "2d 3h"][chance.usize(0..6)];
    let tag = ["curato", "fatto", "nuovo"][chance.usize(0..3)];
    let mut node = match chance.u8(0..20) {
        0..=5 => {
            let closed = ["hold", "skip", "stop"][chance.usize(0..3)];
            json!({"kind": "message", "text": format!("{flow}.{index}: {{{{ run.x | default: \"?\" }}}}"), "window_closed": closed, "exits": {"next": a}})
        }
        6 | 7 => {
            json!({"kind": "message", "text": "Quale?", "window_closed": "skip", "buttons": [{"id": "uno", "title": "Uno"}, {"id": "due", "title": "Due"}],
            "exits": {"next": a, "uno": b, "due": c}})
        }
        8 | 9 => json!({"kind": "wait", "for": long, "exits": {"elapsed": anywhere}}),
        10 => {
            json!({"kind": "wait", "for": "6h", "window": {"days": "mon-sat", "from": "09:00", "to": "19:00"}, "reply": {"save": "contact.fields.risposta"},
            "exits": {"elapsed": a, "replied": anywhere}})
        }
        11 => {
            json!({"kind": "wait", "for": "1d", "reply": {"check": "number", "save": "run.x", "retry": {"times": 2, "text": "Un numero, per favore."}},
            "exits": {"elapsed": a, "replied": b, "invalid": c}})
        }
        12 => {
            json!({"kind": "wait", "for": "3h", "reply": {"burst": "5s", "save": "run.x", "ignore_keywords": true}, "exits": {"elapsed": a, "replied": b}})
        }
        13 => json!({"kind": "wait", "for": "2d", "met": {"tag": "curato"}, "exits": {"elapsed": a, "met": b}}),
        14 => {
            json!({"kind": "condition", "branches": [{"exit": "sì", "all": [{"value": "run.x", "op": "gt", "to": 5}]}], "exits": {"sì": a, "else": b}})
        }
        15 => json!({"kind": "save", "add_tags": [tag], "increment": [{"field": "contact.fields.visite", "by": 1}], "exits": {"next": a}}),
        16 => {
            json!({"kind": "api", "method": (if chance.bool() { "GET" } else { "POST" }), "url": "https://shop.example.com/{{ contact.fields.visite }}",
            "save": [{"path": "$.x", "to": "run.x"}], "exits": {"ok": a, "failed": b, "timed_out": c}})
        }
        17 => {
            let mode = ["continue", "call", "jump"][chance.usize(0..3)];
            json!({"kind": "launch", "flow": name(chance.usize(3..of.max(4))), "mode": mode, "variables": {"x": "{{ run.x }}"}, "exits": {"next": a}})
        }
        18 => json!({"kind": "split", "weights": [{"exit": "x", "weight": 1}, {"exit": "y", "weight": 2}], "exits": {"x": a, "y": b}}),
        _ => json!({"kind": "handover", "for": "4h", "exits": {"next": a}}),
    };
    node["id"] = json!(format!("n{index}"));
    node
}
