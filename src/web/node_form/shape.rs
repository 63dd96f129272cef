//! The shapes that a member of a node takes in a form: how it is written into fields, and read from them.

use super::Fields;
use super::schema::Member;
use crate::base::time::Span as Length;
use serde_json::{Map, Value, json};

/// The shape of one member.
pub(super) enum Shape {
    /// A text; an empty one is absent.
    Text,
    /// A text that is written even where it is empty.
    Written,
    /// A word of a menu, and the one that stands for none. It alone makes no row.
    Select(&'static str),
    /// A number; what is none stays a text.
    Number,
    /// A box.
    Tick,
    /// A length of time: a number and its unit.
    Span,
    /// The same, before or after.
    Offset,
    /// Days of the week, a box each.
    Days,
    /// Texts, one in a line.
    Lines,
    /// A text for all, or one for each language; whether an empty one is written.
    Wording(bool),
    /// Texts for all or by language, in rows.
    TextRows,
    /// A value with its type; whether an empty one is written.
    Typed(bool),
    /// Names and texts, in rows.
    Pairs,
    /// Names and values with their types, in rows.
    TypedPairs,
    /// JSON as it is written.
    Json,
    /// Objects, in rows.
    Rows(&'static [Member]),
    /// An object; absent where nothing stands in it.
    Group(&'static [Member]),
    /// An object that may be there with nothing in it: a box says whether.
    Ticked(&'static [Member]),
    /// One of several.
    OneOf(&'static [Way]),
}

/// One of several shapes a member may take, by the word of a menu.
pub(super) enum Way {
    /// The word itself.
    Word(&'static str),
    /// An object with this one member.
    Tagged(&'static str, Shape),
    /// A thing of this shape; the word stands in the menu only.
    Plain(&'static str, Shape),
}

const UNITS: [(&str, i64); 6] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1), ("w", 604_800_000)];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether a word is a language code: two or three letters, perhaps with a region.
pub(super) fn is_language(word: &str) -> bool {
    let (language, region) = word.split_once(['-', '_']).unwrap_or((word, "xx"));
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase()) && letters(region) && region.len() <= 8
}

/// Writes a value of a document into fields.
pub(super) fn write(fields: &mut Fields, name: &str, shape: &Shape, value: &Value) {
    match shape {
        Shape::Text | Shape::Written | Shape::Select(_) | Shape::Number => fields.push(name, plain(value)),
        Shape::Tick if value == &json!(true) => fields.push(name, "on"),
        Shape::Tick => {}
        Shape::Span => write_span(fields, name, &plain(value)),
        Shape::Offset => write_offset(fields, name, &plain(value)),
        Shape::Days => write_days(fields, name, &plain(value)),
        Shape::Lines => fields.push(name, list(value).map(plain).collect::<Vec<_>>().join("\n")),
        Shape::Wording(_) => write_wording(fields, name, value),
        Shape::TextRows => list(value).enumerate().for_each(|(n, text)| write_wording(fields, &format!("{name}.{n}.text"), text)),
        Shape::Typed(_) => write_typed(fields, name, value),
        Shape::Json => fields.push(name, serde_json::to_string_pretty(value).unwrap_or_default()),
        Shape::Pairs | Shape::TypedPairs => {
            for (n, (key, value)) in value.as_object().into_iter().flatten().enumerate() {
                fields.push(format!("{name}.{n}.name"), key);
                match shape {
                    Shape::TypedPairs => write_typed(fields, &format!("{name}.{n}.value"), value),
                    _ => fields.push(format!("{name}.{n}.value"), plain(value)),
                }
            }
        }
        Shape::Rows(members) => {
            list(value).enumerate().for_each(|(n, row)| write_members(fields, &format!("{name}.{n}"), members, row));
        }
        Shape::Group(members) => write_members(fields, name, members, value),
        Shape::Ticked(members) => {
            fields.push(name, "on");
            write_members(fields, name, members, value);
        }
        Shape::OneOf(ways) => write_way(fields, name, ways, value),
    }
}

fn write_members(fields: &mut Fields, name: &str, members: &[Member], value: &Value) {
    for (member, shape) in members {
        if let Some(inner) = value.get(member) {
            write(fields, &format!("{name}.{member}"), shape, inner);
        }
    }
}

fn write_way(fields: &mut Fields, name: &str, ways: &[Way], value: &Value) {
    for way in ways {
        match way {
            Way::Word(word) if value == &json!(word) => return fields.push(name, *word),
            Way::Tagged(word, shape) => {
                if let Some(inner) = value.get(word) {
                    fields.push(name, *word);
                    return write(fields, &format!("{name}.{word}"), shape, inner);
                }
            }
            Way::Plain(word, shape) if value.is_object() => {
                fields.push(name, *word);
                return write(fields, &format!("{name}.{word}"), shape, value);
            }
            _ => {}
        }
    }
}

fn write_span(fields: &mut Fields, name: &str, text: &str) {
    match text.parse::<Length>() {
        Ok(length) => {
            let (unit, ms) = UNITS.into_iter().find(|(_, ms)| length.0 % ms == 0).unwrap_or(("ms", 1));
            fields.push(name, (length.0 / ms).to_string());
            fields.push(format!("{name}.unit"), unit);
        }
        Err(_) => fields.push(name, text),
    }
}

fn write_offset(fields: &mut Fields, name: &str, text: &str) {
    let (side, length) = match text.strip_prefix('-') {
        Some(length) => ("before", length),
        None => ("after", text.strip_prefix('+').unwrap_or(text)),
    };
    write_span(fields, name, length);
    fields.push(format!("{name}.side"), side);
}

fn write_days(fields: &mut Fields, name: &str, text: &str) {
    let Ok(days) = text.parse::<crate::model::node::Days>() else { return };
    for (day, _) in DAYS.iter().zip(days.0).filter(|(_, on)| *on) {
        fields.push(format!("{name}.{day}"), "on");
    }
}

fn write_wording(fields: &mut Fields, name: &str, value: &Value) {
    match value {
        Value::Object(texts) => texts.iter().for_each(|(code, text)| fields.push(format!("{name}.{code}"), plain(text))),
        text => fields.push(name, plain(text)),
    }
}

fn write_typed(fields: &mut Fields, name: &str, value: &Value) {
    let all = |test: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(test));
    let single_line =
        |items: &Value| list(items).all(|item| item.as_str().is_some_and(|text| !text.contains('\n') && !text.trim().is_empty()));
    let lines = || list(value).map(plain).collect::<Vec<_>>().join("\n");
    let (kind, text) = match value {
        Value::String(text) => ("text", text.clone()),
        Value::Number(_) => ("number", plain(value)),
        Value::Bool(_) => ("yes_no", plain(value)),
        Value::Array(_) if all(Value::is_string) && single_line(value) => ("list", lines()),
        Value::Array(_) if all(Value::is_number) => ("numbers", lines()),
        other => ("json", other.to_string()),
    };
    fields.push(name, text);
    fields.push(format!("{name}.type"), kind);
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Reads a value of a document from fields; `None` where nothing was said.
pub(super) fn read(fields: &Fields, name: &str, shape: &Shape) -> Option<Value> {
    let text = fields.get(name);
    let said = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    match shape {
        Shape::Text => said(text).map(Value::from),
        Shape::Written => Some(json!(text.trim())),
        Shape::Select(none) => said(text).or_else(|| said(none)).map(Value::from),
        Shape::Number => said(text).map(|text| number(&text)),
        Shape::Tick => (!text.is_empty()).then(|| json!(true)),
        Shape::Span => said(text).map(|text| json!(span(&text, fields.get_or(&format!("{name}.unit"), "")))),
        Shape::Offset => said(text).map(|text| {
            let length = span(&text, fields.get_or(&format!("{name}.unit"), ""));
            let sign = if fields.get(&format!("{name}.side")) == "before" { "-" } else { "" };
            json!(format!("{sign}{length}"))
        }),
        Shape::Days => {
            let days: Vec<&str> = DAYS.into_iter().filter(|day| fields.is_on(&format!("{name}.{day}"))).collect();
            (!days.is_empty()).then(|| json!(days.join(",")))
        }
        Shape::Lines => {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            (!lines.is_empty()).then(|| json!(lines))
        }
        Shape::Wording(written) => wording(fields, name).or_else(|| written.then(|| json!(""))),
        Shape::TextRows => some_list(rows(fields, name, |row| wording(fields, &format!("{row}.text")))),
        Shape::Typed(written) => typed(fields, name, *written),
        Shape::Json => said(text).map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
        Shape::Pairs => pairs(fields, name, |value| Some(json!(fields.get(value)))),
        Shape::TypedPairs => pairs(fields, name, |value| typed(fields, value, true)),
        Shape::Rows(members) => some_list(rows(fields, name, |row| object(fields, row, members))),
        Shape::Group(members) => object(fields, name, members),
        Shape::Ticked(members) if fields.is_on(name) => object(fields, name, members).or_else(|| Some(json!({}))),
        Shape::Ticked(_) => None,
        Shape::OneOf(ways) => ways.iter().find_map(|way| match way {
            Way::Word(word) => (text == *word).then(|| json!(word)),
            Way::Tagged(word, shape) if text == *word => {
                let inner = read(fields, &format!("{name}.{word}"), shape).unwrap_or_else(|| nothing(shape));
                Some(json!({ *word: inner }))
            }
            Way::Plain(word, shape) if text == *word => {
                Some(read(fields, &format!("{name}.{word}"), shape).unwrap_or_else(|| nothing(shape)))
            }
            _ => None,
        }),
    }
}

/// What a chosen way is where nothing was written in it.
fn nothing(shape: &Shape) -> Value {
    match shape {
        Shape::Lines | Shape::Rows(_) => json!([]),
        Shape::Text | Shape::Written => json!(""),
        _ => json!({}),
    }
}

/// An object, where something stands in one of its members that a person fills. What must be there is then written though empty.
fn object(fields: &Fields, name: &str, members: &[Member]) -> Option<Value> {
    let inner = |member: &str| format!("{name}.{member}");
    let is_filled = members.iter().any(|(member, shape)| match shape {
        Shape::Select(_) => false,
        Shape::Written | Shape::Wording(_) | Shape::Typed(_) => {
            let own = inner(member);
            !fields.get(&own).trim().is_empty()
                || fields.languages(&own).iter().any(|code| !fields.get(&format!("{own}.{code}")).trim().is_empty())
        }
        shape => read(fields, &inner(member), shape).is_some(),
    });
    if !is_filled {
        return None;
    }
    let read = members.iter().filter_map(|(member, shape)| Some(((*member).to_owned(), read(fields, &inner(member), shape)?)));
    Some(Value::Object(read.collect()))
}

/// The rows that are filled and not removed, in the order of their places.
fn rows(fields: &Fields, name: &str, one: impl Fn(&str) -> Option<Value>) -> Vec<Value> {
    let mut rows = Vec::new();
    for number in fields.numbers(name) {
        let prefix = format!("{name}.{number}");
        let place: f64 = fields.get(&format!("{prefix}.place")).trim().parse().unwrap_or(f64::MAX);
        if !fields.is_on(&format!("{prefix}.remove")) {
            rows.extend(one(&prefix).map(|row| (place, row)));
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn some_list(rows: Vec<Value>) -> Option<Value> {
    (!rows.is_empty()).then_some(Value::Array(rows))
}

fn pairs(fields: &Fields, name: &str, value: impl Fn(&str) -> Option<Value>) -> Option<Value> {
    let mut pairs = Map::new();
    for number in fields.numbers(name) {
        let prefix = format!("{name}.{number}");
        let key = fields.get(&format!("{prefix}.name")).trim();
        if !key.is_empty() && !fields.is_on(&format!("{prefix}.remove")) {
            pairs.extend(value(&format!("{prefix}.value")).map(|value| (key.to_owned(), value)));
        }
    }
    (!pairs.is_empty()).then_some(Value::Object(pairs))
}

/// A text for all, or by language. Where somebody adds a language to a text that had none, the text they had becomes the one of
/// the language that the form names in `base`.
fn wording(fields: &Fields, name: &str) -> Option<Value> {
    let lines = |text: &str| text.replace("\r\n", "\n");
    let plain = fields.get(name);
    let mut texts = Map::new();
    for code in fields.languages(name) {
        let text = fields.get(&format!("{name}.{code}"));
        if !text.trim().is_empty() {
            texts.insert(code, json!(lines(text)));
        }
    }
    if texts.is_empty() {
        return (!plain.trim().is_empty()).then(|| json!(lines(plain)));
    }
    let base = fields.get_or("base", "it");
    if !plain.trim().is_empty() && !texts.contains_key(base) {
        texts.insert(base.to_owned(), json!(lines(plain)));
    }
    Some(Value::Object(texts))
}

fn typed(fields: &Fields, name: &str, written: bool) -> Option<Value> {
    let text = fields.get(name);
    if text.trim().is_empty() {
        return written.then(|| json!(""));
    }
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    Some(match fields.get(&format!("{name}.type")) {
        "number" => number(text),
        "yes_no" => json!(matches!(text.trim().to_lowercase().as_str(), "true" | "yes" | "sì" | "si" | "1" | "vero")),
        "list" => json!(lines().collect::<Vec<_>>()),
        "numbers" => Value::Array(lines().map(number).collect()),
        "json" => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        _ => json!(text.replace("\r\n", "\n")),
    })
}

/// A number as people write it, with a point or a comma; what is none stays a text and is told where the document is read.
fn number(text: &str) -> Value {
    let text = text.trim().replacen(',', ".", 1);
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => json!(whole),
        (_, Ok(number)) if number.is_finite() => json!(number),
        _ => json!(text),
    }
}

/// A number and its unit as the document writes a length; where a person wrote the unit in the field, that is it. A comma cuts a
/// unit: `1,5` days are 36 hours.
fn span(text: &str, unit: &str) -> String {
    let text = text.trim();
    if let Ok(whole) = text.parse::<u64>() {
        return format!("{whole}{}", if unit.is_empty() { "m" } else { unit });
    }
    let ms = UNITS.into_iter().find(|(name, _)| *name == unit).map(|(_, ms)| ms);
    match (text.replacen(',', ".", 1).parse::<f64>(), ms) {
        (Ok(number), Some(ms)) if (0.0..1e9).contains(&number) => Length((number * ms as f64).round() as i64).to_string(),
        _ => text.to_owned(),
    }
}
