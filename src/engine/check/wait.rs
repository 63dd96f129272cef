//! Waits: one end at least, no two that contradict each other, and each within bounds.

use super::{branch, message, value};
use crate::base::limits::{WAIT_MAX, WAIT_MIN};
use crate::base::time::Span;
use crate::engine::keyword::pattern;
use crate::engine::line;
use crate::model::flow::Flow;
use crate::model::node::{Check, Late, Met, Node, Reply, Until, Wait, Window};
use crate::model::problem::Fault;
use chrono::{NaiveDate, NaiveDateTime};

/// Short messages of one answer follow each other this fast (spec.md 2, Wait).
const BURST: std::ops::RangeInclusive<Span> = Span(2000)..=Span(8000);

pub(super) fn check(wait: &Wait, node: &Node, flow: &Flow) -> Vec<Fault> {
    let mut faults = Vec::new();
    if wait.r#for.is_some() && wait.until.is_some() {
        faults.push(Fault::WaitTwice);
    }
    let met = wait.met.as_ref().filter(|met| **met != Met::default());
    if wait.r#for.is_none() && wait.until.is_none() && wait.reply.is_none() && met.is_none() {
        faults.push(Fault::WaitForNothing);
    }
    let timeless = wait.r#for.is_none() && wait.until.is_none();
    faults.extend((wait.window.is_some() && timeless).then_some(Fault::WindowWithoutTime));
    let unchecked = |reply: &&Reply| reply.retry.is_some() && reply.check.is_none();
    faults.extend(wait.reply.iter().find(unchecked).map(|_| Fault::RetryWithoutCheck));
    faults.extend(wait.r#for.and_then(length));
    faults.extend(wait.until.iter().flat_map(until));
    faults.extend(wait.window.as_ref().and_then(empty_window));
    faults.extend(wait.late.and_then(|late| lateness(late, wait, node, flow)));
    faults.extend(wait.reply.iter().flat_map(reply));
    faults.extend(met.into_iter().flat_map(what_is_met));
    faults
}

/// A rule for what is late, where nothing has a time or nothing could be left out.
fn lateness(late: Late, wait: &Wait, node: &Node, flow: &Flow) -> Option<Fault> {
    if wait.r#for.is_none() && wait.until.is_none() {
        return Some(Fault::LateWithoutTime);
    }
    match late {
        Late::SkipAfter(_) if line::message_after(flow, node).is_none() => Some(Fault::LateWithoutMessage),
        Late::SkipAfter(after) => length(after),
        Late::Run | Late::NextWindow => None,
    }
}

/// A window that is never open.
pub(super) fn empty_window(window: &Window) -> Option<Fault> {
    matches!(window, Window::Hours(hours) if hours.from == hours.to).then_some(Fault::EmptyWindow)
}

/// A length of time that no wait has.
pub(super) fn length(span: Span) -> Option<Fault> {
    (!(WAIT_MIN..=WAIT_MAX).contains(&span)).then_some(Fault::WaitOutOfRange)
}

fn until(until: &Until) -> Vec<Fault> {
    let mut faults = Vec::new();
    let ways = [until.date.is_some(), until.time.is_some(), until.weekday.is_some(), until.value.is_some()];
    if ways.into_iter().filter(|there| *there).count() != 1 {
        faults.push(Fault::UntilNotOne);
    }
    faults.extend((until.time.is_some() && until.at.is_some()).then_some(Fault::Idle { member: "at", beside: "time" }));
    faults.extend(until.date.iter().filter(|date| !is_date(date)).cloned().map(Fault::BadDate));
    let holds_date = |name: &&String| !value::is_variable(name) && !value::is_field(name);
    faults.extend(until.value.iter().filter(holds_date).cloned().map(Fault::BadValueName));
    faults.extend(until.offset.and_then(|offset| (Span(offset.0.0.abs()) > WAIT_MAX).then_some(Fault::WaitOutOfRange)));
    faults
}

fn is_date(text: &str) -> bool {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").is_ok()
}

fn reply(reply: &Reply) -> Vec<Fault> {
    let mut faults = Vec::new();
    match &reply.check {
        Some(Check::OneOf(words)) if words.iter().all(|word| word.trim().is_empty()) => {
            faults.push(Fault::NothingToCompare("message.text".to_owned()));
        }
        Some(Check::Regex(text)) => {
            faults.extend(pattern(text).err().map(|reason| Fault::BadPattern { pattern: text.clone(), reason }));
        }
        _ => {}
    }
    faults.extend(reply.save.iter().filter(|name| !value::is_writable(name)).cloned().map(Fault::NotWritable));
    let asks_nothing = reply.retry.as_ref().is_some_and(|retry| retry.times > 0 && message::is_blank(&retry.text));
    faults.extend(asks_nothing.then_some(Fault::EmptyMessage));
    faults.extend(reply.burst.filter(|burst| !BURST.contains(burst)).map(|_| Fault::BurstOutOfRange));
    faults
}

fn what_is_met(met: &Met) -> Vec<Fault> {
    let Some(field) = &met.field else {
        let nothing = met.tag.as_ref().is_none_or(|tag| tag.trim().is_empty()) && !met.callback;
        return nothing.then_some(Fault::WaitForNothing).into_iter().collect();
    };
    match met.op {
        Some(op) => branch::rule(field, op, met.to.as_ref()),
        None => vec![Fault::NothingToCompare(field.clone())],
    }
}
