//! A node as a form posts it, and back: pairs of name and text, to the node of a flow document (interface.md 3).
//!
//! A member is a field of its name; what lies inside it is joined by points, and a row of a list has its number there:
//! `phrases.0.text`. Every list of a page has an empty row at its end, which counts only when something stands in it, and a box
//! `remove` in each row; a box `place` puts rows in another order. What cannot be read stays as it was typed, so that reading the
//! document tells it at its node.

mod schema;
mod shape;

use crate::model::document;
use crate::model::node::{Node, NodeKind};
use serde_json::{Map, Value, json};

/// The pairs of a form, in the order of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

/// A row of a list, for a page to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What its fields begin with, the point left out: `phrases.0`.
    pub prefix: String,
    /// Its place, from 1.
    pub number: usize,
    /// Whether it is the empty one that waits to be filled.
    pub is_new: bool,
}

impl Row {
    /// The name of one of its fields.
    pub fn of(&self, name: &str) -> String {
        format!("{}.{name}", self.prefix)
    }
}

impl Fields {
    /// Reads the body of a form.
    pub fn from_body(body: &[u8]) -> Fields {
        Fields(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// What stands in a field; nothing where it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text.as_str())
    }

    /// What stands in a field, or this where nothing does.
    pub fn get_or<'f>(&'f self, name: &str, other: &'f str) -> &'f str {
        match self.get(name) {
            "" => other,
            text => text,
        }
    }

    /// What stands in a field inside another.
    pub fn get_in(&self, name: &str, inner: &str) -> &str {
        self.get(&format!("{name}.{inner}"))
    }

    /// What stands in a field inside another, or this where nothing does.
    pub fn get_or_in<'f>(&'f self, name: &str, inner: &str, other: &'f str) -> &'f str {
        self.get_or(&format!("{name}.{inner}"), other)
    }

    /// Whether a box inside a field is ticked.
    pub fn is_on_in(&self, name: &str, inner: &str) -> bool {
        self.is_on(&format!("{name}.{inner}"))
    }

    /// Whether a box is ticked.
    pub fn is_on(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Whether something stands in a field that begins with this name.
    pub fn has_any(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|(own, text)| !text.is_empty() && (own == name || own.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))))
    }

    /// The rows of a list, and so many empty ones behind them.
    pub fn rows(&self, name: &str, empty: usize) -> Vec<Row> {
        let mut numbers = self.numbers(name);
        let first_free = numbers.iter().max().map_or(0, |most| most + 1);
        let filled = numbers.len();
        numbers.extend(first_free..first_free + empty);
        let row = |(index, number): (usize, &usize)| Row { prefix: format!("{name}.{number}"), number: index + 1, is_new: index >= filled };
        numbers.iter().enumerate().map(row).collect()
    }

    /// The languages in which a text stands, by code.
    pub fn languages(&self, name: &str) -> Vec<String> {
        let inner = |own: &str| own.strip_prefix(name)?.strip_prefix('.').map(str::to_owned);
        self.0.iter().filter_map(|(own, _)| inner(own)).filter(|code| shape::is_language(code)).collect()
    }

    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.push((name.into(), text.into()));
    }

    /// The numbers of the rows of a list, as they stand in the form.
    fn numbers(&self, name: &str) -> Vec<usize> {
        let mut numbers = Vec::new();
        for (own, _) in &self.0 {
            let rest = own.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
            let number = rest.and_then(|rest| rest.split('.').next()).and_then(|number| number.parse().ok());
            if let Some(number) = number.filter(|number| !numbers.contains(number)) {
                numbers.push(number);
            }
        }
        numbers
    }
}

/// A node as the fields of its form.
pub fn fields_of(node: &Node) -> Fields {
    fields_of_document(&document::write_node(node))
}

/// A node of a document as the fields of its form; also one that cannot be read as a node.
pub fn fields_of_document(node: &Value) -> Fields {
    let mut fields = Fields::default();
    let kind = node.get("kind").and_then(Value::as_str).unwrap_or_default();
    fields.push("kind", kind);
    for (name, shape) in schema::HEAD.iter().chain(schema::of(kind)) {
        if let Some(value) = node.get(name) {
            shape::write(&mut fields, name, shape, value);
        }
    }
    for (exit, to) in node.get("exits").and_then(Value::as_object).into_iter().flatten() {
        fields.push(format!("exits.{exit}"), to.as_str().unwrap_or_default());
    }
    fields
}

/// The node of a document that a form describes. Its faults are found by reading it (`document::read_node`).
pub fn document_of(fields: &Fields) -> Map<String, Value> {
    let kind = fields.get("kind");
    let mut node = Map::new();
    node.insert("kind".to_owned(), json!(kind));
    for (name, shape) in schema::HEAD.iter().chain(schema::of(kind)) {
        if let Some(value) = shape::read(fields, name, shape) {
            node.insert((*name).to_owned(), value);
        }
    }
    let mut exits = Map::new();
    for (name, to) in &fields.0 {
        if let Some(exit) = name.strip_prefix("exits.").filter(|_| !to.is_empty()) {
            exits.insert(exit.to_owned(), json!(to));
        }
    }
    follow_renamed(fields, &mut exits);
    name_choices(&mut node, &exits);
    if !exits.is_empty() {
        node.insert("exits".to_owned(), Value::Object(exits));
    }
    node
}

/// An exit keeps its way when its branch gets another name: `was` is the name it had.
fn follow_renamed(fields: &Fields, exits: &mut Map<String, Value>) {
    for list in ["branches", "weights"] {
        for number in fields.numbers(list) {
            let (was, is) = (fields.get(&format!("{list}.{number}.was")), fields.get(&format!("{list}.{number}.exit")).trim());
            if was.is_empty() || is.is_empty() || was == is || exits.contains_key(is) {
                continue;
            }
            if let Some(to) = exits.shift_remove(was) {
                exits.insert(is.to_owned(), to);
            }
        }
    }
}

/// Gives buttons, rows and branches that have no name one that none of them has. A person writes what is read, not what it is
/// called inside.
fn name_choices(node: &mut Map<String, Value>, exits: &Map<String, Value>) {
    let mut taken: Vec<String> = exits.keys().cloned().collect();
    each_choice(node, |choice, member, _| {
        taken.extend(choice.get(member).and_then(Value::as_str).filter(|own| !own.is_empty()).map(str::to_owned));
    });
    each_choice(node, |choice, member, letter| {
        if choice.get(member).and_then(Value::as_str).is_none_or(str::is_empty) {
            let free = (1..).map(|number| format!("{letter}{number}")).find(|name| !taken.contains(name)).unwrap_or_default();
            taken.push(free.clone());
            choice.insert(member.to_owned(), json!(free));
        }
    });
}

/// Every thing of a node that makes an exit, with the member that names it and the letter of its kind.
fn each_choice(node: &mut Map<String, Value>, mut visit: impl FnMut(&mut Map<String, Value>, &str, char)) {
    for (list, member, letter) in [("buttons", "id", 'b'), ("branches", "exit", 'c'), ("weights", "exit", 'v')] {
        let choices = node.get_mut(list).and_then(Value::as_array_mut);
        choices.into_iter().flatten().filter_map(Value::as_object_mut).for_each(|choice| visit(choice, member, letter));
    }
    let sections = node.get_mut("list").and_then(|list| list.get_mut("sections")).and_then(Value::as_array_mut);
    for section in sections.into_iter().flatten() {
        let rows = section.get_mut("rows").and_then(Value::as_array_mut);
        rows.into_iter().flatten().filter_map(Value::as_object_mut).for_each(|row| visit(row, "id", 'r'));
    }
}

/// A new node of a kind, with a sensible beginning: never empty, never one that cannot be saved where that can be helped.
pub fn fresh(kind: &str, id: &str, language: super::words::Language) -> Map<String, Value> {
    let own = match kind {
        "keyword" => json!({"phrases": [{"text": language.fresh_phrase(), "match": "exact"}]}),
        "event" => json!({"on": "first_message"}),
        "message" => json!({"text": language.fresh_text()}),
        "wait" => json!({"for": "1d", "reply": {}}),
        "condition" => {
            json!({"branches": [{"exit": "c1", "all": [{"value": "message.text", "op": "contains", "to": language.fresh_word()}]}]})
        }
        "save" => json!({"add_tags": [language.fresh_tag()]}),
        "api" => json!({"method": "GET", "url": "https://"}),
        "launch" => json!({"mode": "continue"}),
        "split" => json!({"weights": [{"exit": "a", "weight": 1}, {"exit": "b", "weight": 1}]}),
        "notify" => json!({"text": language.fresh_notice(), "to": ""}),
        "note" => json!({"text": ""}),
        _ => json!({}),
    };
    let mut node = Map::from_iter([("id".to_owned(), json!(id)), ("kind".to_owned(), json!(kind))]);
    node.extend(own.as_object().cloned().unwrap_or_default());
    node
}

/// An id for a new node that none of these has: the letter of its kind and a number.
pub fn free_id(kind: &str, nodes: &[Node]) -> String {
    let letter = match kind {
        "launch" => "l",
        "save" => "s",
        other => other.get(..1).filter(|_| NodeKind::WORDS.contains(&other)).unwrap_or("n"),
    };
    (1..).map(|number| format!("{letter}{number}")).find(|id| nodes.iter().all(|node| node.id.0 != *id)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
