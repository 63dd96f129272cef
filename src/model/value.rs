//! Typed values: what a field of a contact or a variable of a run holds.

use crate::base::limits::VALUE_BYTES_MAX;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Names and their values, in order of name.
pub type Values = BTreeMap<String, Value>;

/// One value. In JSON it is the plain JSON value; in a record it carries its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text; also dates and times, in their RFC 3339 form.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// Several, in order.
    List(Vec<Value>),
}

impl Value {
    /// A text, cut to what a value may hold.
    pub fn text(text: impl Into<String>) -> Value {
        let mut text = text.into();
        text.truncate(text.floor_char_boundary(VALUE_BYTES_MAX));
        Value::Text(text)
    }

    /// The number this is or reads as. A decimal comma counts as a point.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().replacen(',', ".", 1).parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }

    /// The value of a piece of JSON. Null is none; an object is kept as its text.
    pub fn from_json(json: &serde_json::Value) -> Option<Value> {
        Some(match json {
            serde_json::Value::Null => return None,
            serde_json::Value::Bool(yes) => Value::Bool(*yes),
            serde_json::Value::Number(number) if exact(number) => Value::Number(number.as_f64()?),
            serde_json::Value::Number(number) => Value::text(number.to_string()),
            serde_json::Value::String(text) => Value::text(text.as_str()),
            serde_json::Value::Array(items) => Value::List(items.iter().filter_map(Value::from_json).collect()),
            serde_json::Value::Object(_) => Value::text(json.to_string()),
        })
    }
}

/// Whether a number survives as a floating-point one: 64-bit ids do not, and stay text.
fn exact(number: &serde_json::Number) -> bool {
    number.as_i64().is_none_or(|whole| whole.unsigned_abs() <= 1 << 53) && number.as_u64().is_none_or(|whole| whole <= 1 << 53)
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
            Value::Bool(yes) => write!(f, "{yes}"),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

/// The form inside a record, where a value must say its type.
#[derive(Serialize, Deserialize)]
enum Tagged {
    Text(String),
    Number(f64),
    Bool(bool),
    List(Vec<Value>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            return match self.clone() {
                Value::Text(text) => Tagged::Text(text),
                Value::Number(number) => Tagged::Number(number),
                Value::Bool(yes) => Tagged::Bool(yes),
                Value::List(items) => Tagged::List(items),
            }
            .serialize(to);
        }
        match self {
            Value::Text(text) => to.serialize_str(text),
            Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => to.serialize_i64(*number as i64),
            Value::Number(number) => to.serialize_f64(*number),
            Value::Bool(yes) => to.serialize_bool(*yes),
            Value::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
        if from.is_human_readable() {
            return from.deserialize_any(PlainJson);
        }
        Ok(match Tagged::deserialize(from)? {
            Tagged::Text(text) => Value::Text(text),
            Tagged::Number(number) => Value::Number(number),
            Tagged::Bool(yes) => Value::Bool(yes),
            Tagged::List(items) => Value::List(items),
        })
    }
}

struct PlainJson;

impl<'de> Visitor<'de> for PlainJson {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, or a list of these")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }
    fn visit_bool<E: serde::de::Error>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }
    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        Value::from_json(&number.into()).ok_or_else(|| E::custom("no number"))
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        Value::from_json(&number.into()).ok_or_else(|| E::custom("no number"))
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        if list.len() > VALUE_BYTES_MAX { Err(A::Error::custom("the list is too long")) } else { Ok(Value::List(list)) }
    }
}
