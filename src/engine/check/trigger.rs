//! Keywords and events: phrases that can match, and that no other flow has where channels meet.

use super::{Context, value, wait};
use crate::engine::keyword::{fold, identity, pattern, scopes_meet};
use crate::model::flow::Flow;
use crate::model::node::{EventKind, EventTrigger, Keyword, MatchMode, NodeKind, Phrase};
use crate::model::problem::{Fault, Problem};

pub(super) fn keyword(keyword: &Keyword, context: &Context<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if keyword.phrases.is_empty() {
        faults.push(Fault::NoPhrase);
    }
    let channels = context.channels_named(&keyword.channels);
    for phrase in &keyword.phrases {
        faults.extend(text(phrase, context));
        faults.extend(taken(phrase, &channels, context));
    }
    faults.extend(keyword.hours.as_ref().and_then(wait::empty_window));
    faults.extend(missing(&keyword.channels, context));
    faults
}

/// Channels that a trigger names and that do not exist.
fn missing(channels: &[String], context: &Context<'_>) -> impl Iterator<Item = Fault> {
    let exists = |name: &&String| context.channels.iter().any(|(id, other)| id.to_string() == **name || other == *name);
    channels.iter().filter(move |name| !exists(name)).cloned().map(Fault::ChannelMissing)
}

fn text(phrase: &Phrase, context: &Context<'_>) -> Option<Fault> {
    let same = identity(phrase);
    if same.is_empty() {
        return Some(Fault::EmptyPhrase);
    }
    match phrase.r#match {
        MatchMode::Regex => {
            let reason = pattern(&phrase.text).err()?;
            Some(Fault::BadPattern { pattern: phrase.text.clone(), reason })
        }
        MatchMode::Exact if context.stop_words.iter().any(|word| fold(word) == same) => Some(Fault::PhraseIsStopWord(phrase.text.clone())),
        _ => None,
    }
}

/// The other flow that has this phrase in this mode on a channel of its own.
fn taken(phrase: &Phrase, channels: &[String], context: &Context<'_>) -> Option<Fault> {
    let same = identity(phrase);
    let owner = context.phrases.iter().find(|owned| {
        Some(owned.flow) != context.own
            && owned.mode == phrase.r#match
            && owned.identity == same
            && scopes_meet(&context.channels_named(&owned.channels), channels)
    })?;
    let mode = mode_words(phrase.r#match).to_owned();
    let (flow, flow_id) = (owner.name.clone(), owner.flow);
    (!same.is_empty()).then(|| Fault::PhraseTaken { phrase: phrase.text.trim().to_owned(), mode, flow, flow_id })
}

/// A mode as people say it.
const fn mode_words(mode: MatchMode) -> &'static str {
    match mode {
        MatchMode::Exact => "exact",
        MatchMode::Word => "whole word",
        MatchMode::Starts => "starts with",
        MatchMode::Contains => "contains",
        MatchMode::Regex => "pattern",
    }
}

/// Phrases that stand twice within the flow, each told where it stands the second time.
pub(super) fn twice(flow: &Flow, context: &Context<'_>) -> Vec<Problem> {
    let mut seen: Vec<(MatchMode, String, Vec<String>)> = Vec::new();
    let mut problems = Vec::new();
    for node in &flow.nodes {
        let NodeKind::Keyword(keyword) = &node.kind else { continue };
        let channels = context.channels_named(&keyword.channels);
        for phrase in &keyword.phrases {
            let same = identity(phrase);
            let met = |(mode, other, theirs): &(MatchMode, String, Vec<String>)| {
                *mode == phrase.r#match && *other == same && scopes_meet(theirs, &channels)
            };
            if !same.is_empty() && seen.iter().any(met) {
                problems.push(Problem::at(&node.id, Fault::PhraseTwice(phrase.text.clone())));
            }
            seen.push((phrase.r#match, same, channels.clone()));
        }
    }
    problems
}

pub(super) fn event(event: &EventTrigger, context: &Context<'_>) -> Vec<Fault> {
    let lacks = |on, needs: &[(&'static str, bool)]| {
        let lacking = needs.iter().filter(|(_, there)| !there);
        lacking.map(|(needs, _)| Fault::EventNeeds { on, needs }).collect::<Vec<_>>()
    };
    let mut faults = match event.on {
        EventKind::Date => lacks("date", &[("field", event.field.is_some())]),
        EventKind::Schedule => {
            let named = event.segment.as_ref().is_some_and(|name| !name.trim().is_empty());
            lacks("schedule", &[("days", event.days.is_some()), ("at", event.at.is_some()), ("segment", named)])
        }
        _ => Vec::new(),
    };
    let bad = |name: &&String| !value::is_field(name) && !value::is_word(name);
    faults.extend(event.field.iter().filter(bad).cloned().map(Fault::BadValueName));
    faults.extend(missing(&event.channels, context));
    let named = event.segment.iter().filter(|_| event.on == EventKind::Schedule).map(|name| name.trim());
    faults.extend(named.filter(|name| !name.is_empty() && !(context.has_segment)(name)).map(|name| Fault::SegmentMissing(name.to_owned())));
    faults.extend(idle(event));
    faults
}

/// Members that say something of other events than this one.
fn idle(event: &EventTrigger) -> impl Iterator<Item = Fault> {
    use EventKind::{AnyMessage, Date, FieldChanged, FirstMessage, OutOfHours, Schedule, TagAdded, TagRemoved};
    let on = event.on;
    let members = [
        ("tag", event.tag.is_some(), matches!(on, TagAdded | TagRemoved)),
        ("field", event.field.is_some(), matches!(on, FieldChanged | Date)),
        ("offset", event.offset.is_some(), on == Date),
        ("yearly", event.yearly.is_some(), on == Date),
        ("at", event.at.is_some(), matches!(on, Date | Schedule)),
        ("days", event.days.is_some(), on == Schedule),
        ("segment", event.segment.is_some(), on == Schedule),
        ("channels", !event.channels.is_empty(), matches!(on, FirstMessage | AnyMessage | OutOfHours)),
    ];
    let idle = members.into_iter().filter(|(_, there, acts)| *there && !acts);
    idle.map(move |(member, ..)| Fault::Idle { member, beside: on.word() })
}
