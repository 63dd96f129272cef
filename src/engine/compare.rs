//! Comparisons: whether a rule holds. Numbers are compared as numbers, dates as dates, texts without case and accents.

use super::dates;
use super::keyword::plain;
use super::text::fill_value;
use super::value::Scope;
use crate::base::limits::{PATTERN_BYTES_MAX, PATTERN_INPUT_MAX};
use crate::base::time::Time;
use crate::model::node::{Branch, Operator, Rule, WallTime};
use crate::model::value::Value;
use regex::{Regex, RegexBuilder};
use std::cmp::Ordering;

/// Whether a branch is to be taken.
pub fn branch_holds(branch: &Branch, scope: &Scope<'_>) -> bool {
    let all = branch.all.as_ref().is_none_or(|rules| rules.iter().all(|rule| holds(rule, scope)));
    let any = branch.any.as_ref().is_none_or(|rules| rules.iter().any(|rule| holds(rule, scope)));
    all && any && (branch.all.is_some() || branch.any.is_some())
}

/// Whether a rule holds now.
pub fn holds(rule: &Rule, scope: &Scope<'_>) -> bool {
    let left = scope.lookup(&rule.value).filter(|value| !is_empty(value));
    match rule.op {
        Operator::Exists => return left.is_some(),
        Operator::Missing => return left.is_none(),
        _ => {}
    }
    let right = rule.to.as_ref().map(|to| fill_value(to, scope)).unwrap_or(Value::Text(String::new()));
    let negative = matches!(rule.op, Operator::IsNot | Operator::HasNot);
    let Some(left) = left else { return negative != (rule.op == Operator::Is && is_empty(&right)) };
    compare(&left, rule.op, &right, scope)
}

fn compare(left: &Value, op: Operator, right: &Value, scope: &Scope<'_>) -> bool {
    match op {
        Operator::Is => same(left, right),
        Operator::IsNot => !same(left, right),
        Operator::In => options(right).iter().any(|option| same(left, option)),
        Operator::Has => has(left, right),
        Operator::HasNot => !has(left, right),
        Operator::Contains if matches!(left, Value::List(_)) => has(left, right),
        Operator::Contains => plain(&left.to_string()).contains(&plain(&right.to_string())),
        Operator::StartsWith => plain(&left.to_string()).starts_with(&plain(&right.to_string())),
        Operator::Matches => pattern(&right.to_string()).is_ok_and(|pattern| pattern.is_match(head(&left.to_string()))),
        Operator::Gt => order(left, right, scope) == Some(Ordering::Greater),
        Operator::Gte => order(left, right, scope).is_some_and(Ordering::is_ge),
        Operator::Lt => order(left, right, scope) == Some(Ordering::Less),
        Operator::Lte => order(left, right, scope).is_some_and(Ordering::is_le),
        Operator::Before => in_time(left, right, scope) == Some(Ordering::Less),
        Operator::After => in_time(left, right, scope) == Some(Ordering::Greater),
        Operator::Between => between(left, right, scope),
        Operator::Exists => true,
        Operator::Missing => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        return left == right;
    }
    plain(&left.to_string()) == plain(&right.to_string())
}

/// The options of a list, or of a text with commas.
fn options(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        Value::Text(text) => text.split(',').map(Value::text).collect(),
        other => vec![other.clone()],
    }
}

/// Whether a list holds every wanted item. A text is a list of one.
fn has(left: &Value, wanted: &Value) -> bool {
    let one = |wanted: &Value| match left {
        Value::List(items) => items.iter().any(|item| same(item, wanted)),
        other => same(other, wanted),
    };
    match wanted {
        Value::List(all) => all.iter().all(one),
        wanted => one(wanted),
    }
}

/// The order of two numbers, or else of two points in time.
fn order(left: &Value, right: &Value, scope: &Scope<'_>) -> Option<Ordering> {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => in_time(left, right, scope),
    }
}

/// The order of two points in time: moments, days where both are days, or a moment and a time on the wall.
fn in_time(left: &Value, right: &Value, scope: &Scope<'_>) -> Option<Ordering> {
    let zone = scope.zone();
    let read = |value: &Value| dates::read(&value.to_string(), zone, zone.date(scope.now));
    let left = read(left)?;
    if let Ok(WallTime(time)) = right.to_string().trim().parse() {
        return Some(zone.local(left.start(zone)).time().cmp(&time));
    }
    let right = read(right)?;
    let day_alone = matches!(left, dates::When::Day(_)) || matches!(right, dates::When::Day(_));
    let moments: (Time, Time) = (left.start(zone), right.start(zone));
    Some(if day_alone { left.date(zone).cmp(&right.date(zone)) } else { moments.0.cmp(&moments.1) })
}

/// Whether a value lies between two others, both included; over midnight where they are times on the wall and the second is earlier.
fn between(left: &Value, right: &Value, scope: &Scope<'_>) -> bool {
    let bounds = options(right);
    let [low, high] = bounds.as_slice() else { return false };
    let wall = |value: &Value| value.to_string().trim().parse::<WallTime>().ok();
    let above = order(left, low, scope).is_some_and(Ordering::is_ge);
    let below = order(left, high, scope).is_some_and(Ordering::is_le);
    match (wall(low), wall(high)) {
        (Some(low), Some(high)) if high < low => above || below,
        _ => above && below,
    }
}

/// A pattern within bounds (SEC-16); the error says what is wrong with it.
pub fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX).build()
}

/// As much of a text as a pattern looks at (SEC-16).
pub fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(PATTERN_INPUT_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::value::tests::with_scope;
    use serde_json::json;

    fn holds_for(value: &str, op: &str, to: serde_json::Value) -> bool {
        let rule: Rule = serde_json::from_value(json!({"value": "run.x", "op": op, "to": to})).expect("a rule");
        with_scope(&[("x", value), ("y", "7")], |scope| holds(&rule, scope))
    }

    #[test]
    fn every_operator_tells_yes_from_no() {
        for (value, op, to, expected) in [
            ("Perché", "is", json!("PERCHE"), true),
            ("a", "is", json!("b"), false),
            ("10", "is", json!(10), true),
            ("7,0", "is", json!("{{ run.y }}"), true),
            ("a", "is_not", json!("b"), true),
            ("a", "is_not", json!("A"), false),
            ("quanto costà", "contains", json!("COSTA"), true),
            ("quanto", "contains", json!("x"), false),
            ("Buongiorno", "starts_with", json!("buon"), true),
            ("Buongiorno", "starts_with", json!("giorno"), false),
            ("AB12", "matches", json!("^[A-Z]+[0-9]+$"), true),
            ("ab12", "matches", json!("^[A-Z]+$"), false),
            ("ab12", "matches", json!("("), false),
            ("rosso", "in", json!(["Rosso", "blu"]), true),
            ("rosso", "in", json!("verde, rosso"), true),
            ("rosso", "in", json!(["blu"]), false),
            ("rosso", "has", json!("rosso"), true),
            ("rosso", "has_not", json!("rosso"), false),
            ("10", "gt", json!(9), true),
            ("9", "gt", json!(10), false),
            ("10", "gte", json!("10"), true),
            ("2", "lt", json!(10), true),
            ("10", "lte", json!(9), false),
            ("2026-12-24", "before", json!("25/12/2026"), true),
            ("2026-12-24", "after", json!("2026-12-24"), false),
            ("2026-12-24T10:00:00Z", "after", json!("2026-12-24T09:00:00Z"), true),
            ("2026-12-24", "between", json!(["2026-12-24", "2026-12-26"]), true),
            ("5", "between", json!([1, 4]), false),
            ("2026-12-24T22:30:00Z", "between", json!(["22:00", "06:00"]), true),
            ("2026-12-24T12:30:00Z", "between", json!(["22:00", "06:00"]), false),
            ("2026-12-24T12:30:00Z", "before", json!("14:00"), true),
            ("abc", "gt", json!(1), false),
            ("x", "exists", json!(null), true),
            (" ", "exists", json!(null), false),
            ("", "missing", json!(null), true),
            ("x", "missing", json!(null), false),
        ] {
            assert_eq!(holds_for(value, op, to.clone()), expected, "{value} {op} {to}");
        }
    }

    #[test]
    fn what_is_missing_is_nothing_but_not_something() {
        for (op, expected) in [("is", false), ("is_not", true), ("has", false), ("has_not", true), ("lt", false), ("contains", false)] {
            assert_eq!(holds_for("", op, json!("a")), expected, "{op}");
        }
        assert!(holds_for("", "is", json!("")));
    }
}
