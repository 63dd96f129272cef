//! Every member of every kind survives the way into a form and back.

use super::*;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::web::words::Language;

const EXAMPLES: [&str; 3] = [
    include_str!("../../../tests/documents/welcome.json"),
    include_str!("../../../tests/documents/order-status.json"),
    include_str!("../../../tests/documents/quote-follow-up.json"),
];

/// A node with every member its kind can have.
fn full() -> Vec<Value> {
    let rule = json!({"value": "contact.tags", "op": "in", "to": ["a", "b"]});
    vec![
        json!({"kind": "keyword", "phrases": [{"text": "a b", "match": "word"}, {"text": "^x$", "match": "regex"}], "channels": ["Shop", "Other"], "cooldown": "36h"}),
        json!({"kind": "event", "on": "date", "tag": "t", "field": "contact.fields.birthday", "offset": "-1d", "at": "10:00", "yearly": true, "days": "mon,wed", "segment": "s", "channels": ["Shop", "Other"], "cooldown": "2h"}),
        json!({"kind": "message", "text": {"it": "Ciao\n{{ contact.name }}", "en": "Hi"},
            "attachments": [{"kind": "image", "file": "12", "caption": {"it": "Uno"}}, {"kind": "document", "url": "https://example.com/{{ run.x }}"}],
            "location": {"latitude": 45.4, "longitude": -11.5, "name": "Shop", "address": "Via Roma 1"}, "contact_card": {"name": "Anna", "phone": "+39333"},
            "buttons": [{"id": "yes", "title": "Sì"}, {"id": "no", "title": {"it": "No", "en": "No"}}], "alternatives": ["Salve", {"en": "Hello"}], "typing": "3s",
            "window_closed": {"template": {"name": "again", "language": "it", "parameters": ["{{ contact.name }}", "x"]}}}),
        json!({"kind": "message", "list": {"button": "Scegli", "sections": [{"title": "A", "rows": [{"id": "r1", "title": "Uno", "description": "primo"}, {"id": "r2", "title": "Due"}]}, {"rows": [{"id": "r3", "title": "Tre"}]}]}, "window_closed": "hold"}),
        json!({"kind": "wait", "until": {"value": "contact.fields.visit", "offset": "-3h", "at": "09:00"}, "window": "business_hours", "late": {"skip_after": "2h"}, "met": {"field": "contact.fields.paid", "op": "gte", "to": 3.5, "callback": true}}),
        json!({"kind": "wait", "for": "90s", "window": {"days": "mon-fri", "from": "09:00", "to": "18:00"}, "late": "run", "reply": {"check": {"one_of": ["sì", "no"]}, "save": "run.a", "retry": {"times": 2, "text": "Come?"}, "ignore_keywords": true, "burst": "4s"}}),
        json!({"kind": "wait", "until": {"date": "2026-12-24T18:00"}, "reply": {}, "met": {"tag": "won"}}),
        json!({"kind": "wait", "until": {"weekday": "mon", "at": "08:30"}, "reply": {"check": "number"}}),
        json!({"kind": "condition", "branches": [{"exit": "x", "all": [rule, {"value": "run.n", "op": "between", "to": [1, 2.5]}], "any": [{"value": "run.y", "op": "exists"}]}, {"exit": "y", "any": [{"value": "window_open", "op": "is", "to": true}]}]}),
        json!({"kind": "save", "set": [{"field": "contact.fields.a", "to": "x"}, {"field": "run.b", "to": 4}, {"field": "run.c", "to": ""}], "clear": ["run.d"], "increment": [{"field": "run.n", "by": -1.5}], "add_tags": ["a, b", "c"], "remove_tags": ["d"], "language": "en", "consent": "opted_out"}),
        json!({"kind": "api", "method": "POST", "url": "https://x.example", "headers": {"A": "1", "B": ""}, "query": {"q": "{{ run.q }}"}, "body": {"json": {"a": [1, {"b": "c"}]}}, "timeout": "5s", "save": [{"path": "$.a", "to": "run.a"}], "retry": {"times": 0, "within": "10s"}, "safe_to_repeat": true}),
        json!({"kind": "api", "method": "PUT", "url": "https://x.example", "body": {"form": {"a": "1"}}}),
        json!({"kind": "api", "method": "PATCH", "url": "https://x.example", "body": {"raw": "a b"}}),
        json!({"kind": "launch", "flow": "id:4", "mode": "call", "variables": {"a": 1, "b": "x", "c": false, "d": ["x", 1]}}),
        json!({"kind": "launch", "stop": "all"}),
        json!({"kind": "split", "weights": [{"exit": "a", "weight": 70}, {"exit": "b", "weight": 30}]}),
        json!({"kind": "handover", "for": "12h", "notify": "Shop: +39333", "save": "run.end"}),
        json!({"kind": "notify", "text": "New {{ contact.name }}", "to": "https://x.example"}),
        json!({"kind": "note", "text": "Remember"}),
        json!({"kind": "end", "goal": "sold"}),
    ]
}

fn read(document: Map<String, Value>) -> Node {
    let shown = Value::Object(document.clone()).to_string();
    let mut problems = Vec::new();
    let node = document::read_node(document, &mut problems);
    assert!(problems.is_empty(), "{shown}: {problems:?}");
    node.expect(&shown)
}

/// The same node, with exits that lead nowhere left out: absent and null mean the same.
fn tidy(mut node: Node) -> Node {
    node.exits.retain(|_, to| to.is_some());
    node
}

fn through_a_body(fields: &Fields) -> Fields {
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields.0).finish();
    Fields::from_body(body.as_bytes())
}

fn survives(node: &Node) {
    let fields = through_a_body(&fields_of(node));
    let back = read(document_of(&fields));
    assert_eq!(tidy(back.clone()), tidy(node.clone()), "{fields:#?}");
    assert_eq!(fields_of(&tidy(back)), fields_of(&tidy(node.clone())), "the second form is the first");
}

#[test]
fn every_node_of_the_examples_survives_its_form() {
    for text in EXAMPLES {
        let flow: Flow = document::read_text(text).expect("a flow");
        flow.nodes.iter().for_each(survives);
    }
}

#[test]
fn every_member_of_every_kind_survives_its_form() {
    for (number, mut document) in full().into_iter().enumerate() {
        document["id"] = json!(format!("n{number}"));
        document["title"] = json!("A title");
        document["note"] = json!("A note");
        document["x"] = json!(1.5);
        document["y"] = json!(-20);
        let exits = read(document.as_object().cloned().expect("an object")).kind.exit_names();
        if let Some(exit) = exits.first() {
            document["exits"] = json!({ exit.as_str(): "other" });
        }
        survives(&read(document.as_object().cloned().expect("an object")));
    }
}

#[test]
fn the_schema_names_every_kind() {
    let kinds: Vec<String> = full().iter().map(|node| node["kind"].as_str().expect("a kind").to_owned()).collect();
    for word in NodeKind::WORDS {
        assert!(kinds.iter().any(|kind| kind == word), "{word} is not tried");
        assert!(!schema::of(word).is_empty(), "{word} has no members");
    }
}

fn form(pairs: &[(&str, &str)]) -> Value {
    Value::Object(document_of(&Fields(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())))
}

#[test]
fn an_empty_row_is_no_row_and_a_removed_one_is_gone() {
    let node = form(&[
        ("kind", "keyword"),
        ("id", "k1"),
        ("phrases.0.text", "listino"),
        ("phrases.0.match", "exact"),
        ("phrases.1.text", "prezzi"),
        ("phrases.1.match", "word"),
        ("phrases.1.remove", "on"),
        ("phrases.2.text", " "),
        ("phrases.2.match", "exact"),
    ]);
    assert_eq!(node["phrases"], json!([{"text": "listino", "match": "exact"}]));
}

#[test]
fn a_new_button_gets_a_name_and_a_renamed_branch_keeps_its_way() {
    let node = form(&[
        ("kind", "message"),
        ("id", "m1"),
        ("text", "x"),
        ("buttons.0.id", "b1"),
        ("buttons.0.title", "Uno"),
        ("buttons.0.place", "2"),
        ("buttons.1.id", ""),
        ("buttons.1.title", "Due"),
        ("buttons.1.place", "1"),
    ]);
    assert_eq!(node["buttons"], json!([{"id": "b2", "title": "Due"}, {"id": "b1", "title": "Uno"}]));
    let node = form(&[
        ("kind", "condition"),
        ("id", "c1"),
        ("branches.0.was", "price"),
        ("branches.0.exit", "prezzo"),
        ("branches.0.all.0.value", "message.text"),
        ("branches.0.all.0.op", "is"),
        ("branches.0.all.0.to", "x"),
        ("exits.price", "m2"),
        ("exits.else", ""),
    ]);
    assert_eq!(node["exits"], json!({"prezzo": "m2"}));
}

#[test]
fn what_cannot_be_read_is_told_at_its_node() {
    for (pairs, word) in
        [(vec![("for", "domani"), ("for.unit", "d")], "for"), (vec![("for", "1"), ("for.unit", "d"), ("until.at", "25:99")], "until")]
    {
        let mut all = vec![("kind", "wait"), ("id", "w1")];
        all.extend(pairs);
        let mut problems = Vec::new();
        document::read_node(form(&all).as_object().cloned().expect("an object"), &mut problems);
        assert_eq!(problems.iter().filter_map(|problem| problem.node.clone()).next(), Some(NodeId("w1".to_owned())), "{word}");
    }
}

#[test]
fn a_length_may_be_written_with_a_comma() {
    assert_eq!(form(&[("kind", "wait"), ("for", "1,5"), ("for.unit", "d")])["for"], "1d 12h");
    assert_eq!(form(&[("kind", "wait"), ("for", "2h 30m"), ("for.unit", "d")])["for"], "2h 30m");
}

#[test]
fn a_second_language_keeps_the_text_of_the_first() {
    let node = form(&[("kind", "message"), ("base", "it"), ("text", "Ciao"), ("text.en", "Hi")]);
    assert_eq!(node["text"], json!({"en": "Hi", "it": "Ciao"}));
}

#[test]
fn a_new_node_can_be_read() {
    for kind in NodeKind::WORDS {
        let mut problems = Vec::new();
        document::read_node(fresh(kind, "n1", Language::Italian), &mut problems);
        assert!(problems.is_empty(), "{kind}: {problems:?}");
    }
}
