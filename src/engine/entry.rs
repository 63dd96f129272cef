//! Entering a flow: whether a contact may, what becomes of a run already inside, and the run that begins. Which trigger fired is
//! `route`'s; what the run does first is `step`'s.

use super::step::begins_at_leaving;
use crate::base::id::{ChannelId, FlowId, RunId};
use crate::base::limits::{LAUNCH_DEPTH_MAX, RUNS_PER_CONTACT_MAX, STARTS_PER_HOUR_MAX};
use crate::base::time::{Span, Time};
use crate::model::contact::{Automations, ConsentState, Contact, Passage};
use crate::model::event::Heard;
use crate::model::flow::{Flow, Reentry};
use crate::model::node::NodeId;
use crate::model::run::{Origin, Phase, Run, RunState, StartOutcome};
use crate::model::value::{Value, Values};
use std::collections::BTreeMap;

/// The flow to be entered, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its id.
    pub id: FlowId,
    /// Its newest version.
    pub version: u32,
    /// What that says.
    pub flow: &'a Flow,
    /// Whether it runs.
    pub enabled: bool,
}

/// Who enters, and what is known of their past with this flow.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// The contact.
    pub contact: &'a Contact,
    /// Their runs of this flow that are not over.
    pub inside: &'a [Run],
    /// Their runs of all flows that are not over.
    pub runs_in_all: usize,
    /// What their past in this flow left.
    pub passage: &'a Passage,
}

/// The run that shall begin, with the id minted for it.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its id.
    pub id: RunId,
    /// Where it talks.
    pub channel: ChannelId,
    /// What begins it.
    pub origin: Origin,
    /// Where it begins; `None` is where its trigger leads, or else the flow's start.
    pub at: Option<NodeId>,
    /// Variables it begins with.
    pub variables: Values,
    /// How deep in launches it lies.
    pub depth: u8,
    /// The run that called it and waits for its variables.
    pub caller: Option<RunId>,
    /// Where all its chance comes from.
    pub seed: u64,
    /// The message that started it.
    pub heard: Option<Heard>,
}

/// How a start was answered, and all that follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The answer.
    pub outcome: StartOutcome,
    /// The run that begins.
    pub run: Option<Run>,
    /// The runs that end in its favour.
    pub ends: Vec<RunId>,
    /// The run that stays, and on which the try is noted.
    pub kept: Option<RunId>,
    /// What the contact's past in this flow is from now on.
    pub passage: Passage,
    /// Why it was kept or blocked, a sentence for a person.
    pub reason: Option<String>,
    /// Whether a guard against what answers itself stopped it: the owner is told.
    pub guarded: bool,
}

impl Entry {
    fn refused(outcome: StartOutcome, visitor: &Visitor<'_>, reason: String) -> Entry {
        let passage = visitor.passage.clone();
        Entry { outcome, run: None, ends: Vec::new(), kept: None, passage, reason: Some(reason), guarded: false }
    }

    /// Refused by one of the guards.
    fn guarded(visitor: &Visitor<'_>, reason: String) -> Entry {
        Entry { guarded: true, ..Entry::refused(StartOutcome::Blocked, visitor, reason) }
    }
}

/// Decides about one start. `value` looks up the value of a name, as `run.order` (among the variables the run would begin with)
/// or `contact.fields.order`; it is asked for the key of a flow that runs in parallel.
///
/// At most one run of a contact is inside a flow, or one for each key; the caller passes what earlier starts of the same batch
/// left, so that two triggers at one time are one run.
pub fn enter(target: &Target<'_>, visitor: &Visitor<'_>, start: Start, now: Time, value: impl Fn(&str) -> Option<Value>) -> Entry {
    if let Some(refusal) = refusal(target, visitor, &start) {
        return refusal;
    }
    let Some(at) = begins_at(target.flow, &start) else {
        let reason = format!("The flow \"{}\" has no node to begin at.", target.flow.name);
        return Entry::refused(StartOutcome::Blocked, visitor, reason);
    };
    let key = key_of(target.flow, value);
    let lane = lane(target, visitor, key.as_deref());
    if let Some(kept) = kept(target.flow, visitor, &lane, now) {
        return kept;
    }
    let starts = starts_of_the_hour(visitor.passage, now);
    if let Some(reason) = limit(visitor, starts.len(), lane.len(), &target.flow.name) {
        return Entry::guarded(visitor, reason);
    }
    let outcome = if lane.is_empty() { StartOutcome::Started } else { StartOutcome::Restarted };
    let passage = passed(visitor.passage, starts, &start.origin, now);
    let ends = lane.iter().map(|run| run.id).collect();
    let run = begin(target, visitor.contact, start, at, key, now);
    Entry { outcome, run: Some(run), ends, kept: None, passage, reason: None, guarded: false }
}

/// What forbids any start, whatever the flow says of re-entry.
fn refusal(target: &Target<'_>, visitor: &Visitor<'_>, start: &Start) -> Option<Entry> {
    let (outcome, reason) = if visitor.contact.blocked {
        (StartOutcome::Blocked, "The contact is blocked.".to_owned())
    } else if visitor.contact.consent.state == ConsentState::OptedOut && !begins_at_leaving(target.flow, &start.origin) {
        (StartOutcome::OptedOut, "The contact wants no messages.".to_owned())
    } else if visitor.contact.automations == Automations::Off {
        (StartOutcome::Blocked, "Automations are off for this contact.".to_owned())
    } else if !target.enabled {
        (StartOutcome::Blocked, format!("The flow \"{}\" is disabled.", target.flow.name))
    } else if start.depth > LAUNCH_DEPTH_MAX {
        let reason = format!(
            "Flows that start each other go {LAUNCH_DEPTH_MAX} deep at most, and \"{}\" would be one deeper. Look for two that start each other.",
            target.flow.name
        );
        return Some(Entry::guarded(visitor, reason));
    } else {
        return None;
    };
    Some(Entry::refused(outcome, visitor, reason))
}

/// The node where the run begins, where there is one.
fn begins_at(flow: &Flow, start: &Start) -> Option<NodeId> {
    let led = match &start.origin {
        Origin::Trigger(trigger) => flow.node(trigger).and_then(|node| node.exit("next")),
        _ => flow.start_node(),
    };
    let at = start.at.as_ref().or(led)?;
    flow.node(at).map(|node| node.id.clone())
}

/// What sets the run apart, in a flow that runs in parallel. Runs without a value are one lane of their own.
pub fn key_of(flow: &Flow, value: impl Fn(&str) -> Option<Value>) -> Option<String> {
    let Reentry::Parallel(name) = &flow.reentry else { return None };
    value(name).map(|value| value.to_string().trim().to_owned()).filter(|key| !key.is_empty())
}

/// The runs of which only one may live: all inside the flow, or those with the same key.
fn lane<'a>(target: &Target<'_>, visitor: &Visitor<'a>, key: Option<&str>) -> Vec<&'a Run> {
    let parallel = matches!(target.flow.reentry, Reentry::Parallel(_));
    let same = |run: &&Run| run.flow == target.id && !run.is_over() && (!parallel || run.key.as_deref() == key);
    visitor.inside.iter().filter(same).collect()
}

/// The answer that leaves everything as it is, where the flow's re-entry says so.
fn kept(flow: &Flow, visitor: &Visitor<'_>, lane: &[&Run], now: Time) -> Option<Entry> {
    let inside = lane.iter().max_by_key(|run| (run.started, run.id)).map(|run| run.id);
    let name = &flow.name;
    let reason = match (&flow.reentry, inside) {
        (Reentry::Restart, _) => return None,
        (Reentry::Parallel(_), Some(_)) => format!("The contact is in the flow \"{name}\" with the same value already and stays there."),
        (_, Some(_)) => format!("The contact is in the flow \"{name}\" already and stays there."),
        (Reentry::Once(after), None) => once(name, *after, visitor.passage.last_start?, now)?,
        _ => return None,
    };
    Some(Entry { kept: inside, ..Entry::refused(StartOutcome::Kept, visitor, reason) })
}

/// Why a flow that runs once does not run again, if it does not.
fn once(name: &str, after: Option<Span>, last: Time, now: Time) -> Option<String> {
    match after {
        None => Some(format!("The contact has been through the flow \"{name}\", which runs once only.")),
        Some(after) if now < last + after => Some(format!("The contact has been through the flow \"{name}\", which runs once in {after}.")),
        Some(_) => None,
    }
}

fn starts_of_the_hour(passage: &Passage, now: Time) -> Vec<Time> {
    passage.starts.iter().copied().filter(|start| now.since(*start) < Span::HOUR).collect()
}

/// The limit that one more start would break, in words.
fn limit(visitor: &Visitor<'_>, starts: usize, ends: usize, name: &str) -> Option<String> {
    if starts >= STARTS_PER_HOUR_MAX {
        return Some(format!(
            "The flow \"{name}\" started {STARTS_PER_HOUR_MAX} times for this contact within an hour. Look for something that answers itself."
        ));
    }
    let runs = visitor.runs_in_all.saturating_sub(ends);
    (runs >= RUNS_PER_CONTACT_MAX).then(|| format!("The contact is in {runs} runs, and {RUNS_PER_CONTACT_MAX} is the most."))
}

/// The contact's past in this flow once the run has begun.
fn passed(passage: &Passage, mut starts: Vec<Time>, origin: &Origin, now: Time) -> Passage {
    starts.push(now);
    let mut fired = passage.fired.clone();
    if let Origin::Trigger(trigger) = origin {
        fired.insert(trigger.clone(), now);
    }
    Passage { starts, last_start: Some(now), last_end: passage.last_end, fired, ways: passage.ways.clone() }
}

fn begin(target: &Target<'_>, contact: &Contact, start: Start, at: NodeId, key: Option<String>, now: Time) -> Run {
    Run {
        id: start.id,
        contact: contact.id,
        channel: start.channel,
        flow: target.id,
        version: target.version,
        key,
        state: RunState::Live,
        phase: Phase::Ready(at),
        sequence: 0,
        visits: BTreeMap::new(),
        variables: start.variables,
        changes: BTreeMap::new(),
        seed: start.seed,
        started: now,
        origin: start.origin,
        depth: start.depth,
        caller: start.caller,
        heard: start.heard,
        offered: None,
        kept: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
