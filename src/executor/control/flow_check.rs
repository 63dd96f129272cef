//! A flow among the others: what is wrong with it as things stand, and how it names them.

use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::id::FlowId;
use crate::engine::check::{self, Context, OwnedPhrase};
use crate::engine::keyword::{identity, scopes_meet};
use crate::engine::{staff, text};
use crate::model::flow::Flow;
use crate::model::node::{FlowRef, NodeKind, Phrase};
use crate::model::problem::Problem;
use crate::provider;
use crate::store::{Read, files, segments};
use std::collections::BTreeMap;

/// What is wrong with a document as things stand, warnings included. `id` is the flow it is for, where there is one.
pub fn problems(read: &impl Read, facts: &Facts, id: Option<FlowId>, document: &Flow) -> Result<Vec<Problem>, Refusal> {
    problems_among(read, facts, (&facts.names, &owned_phrases(read, facts)?), id, document)
}

/// The same among flows of these names, which have these phrases.
pub(super) fn problems_among(
    read: &impl Read,
    facts: &Facts,
    (names, phrases): (&BTreeMap<FlowId, String>, &[OwnedPhrase]),
    id: Option<FlowId>,
    document: &Flow,
) -> Result<Vec<Problem>, Refusal> {
    let channels: Vec<_> = facts.channels.values().map(|known| (known.channel.id, known.channel.name.clone())).collect();
    let windowed = facts.channels.values().any(|known| provider::abilities(known.channel.kind).window.is_some());
    let context = Context {
        own: id,
        flows: names,
        phrases,
        channels: &channels,
        windowed,
        has_file: &|file: &str| file.parse().is_ok_and(|id| files::meta(read, id).is_ok_and(|meta| meta.is_some())),
        has_segment: &|name: &str| segments::get(read, name).is_ok_and(|found| found.is_some()),
        home: staff::home(&facts.settings),
        stop_words: &facts.settings.stop_words,
        names_in: &|template: &str| match text::read(template) {
            Ok(_) => Ok(text::names(template).into_iter().map(str::to_owned).collect()),
            Err(bad) => Err(bad.to_string()),
        },
    };
    Ok(check::check(document, &context))
}

/// The phrases of the saved versions of all flows that are not in the bin.
pub(super) fn owned_phrases(read: &impl Read, facts: &Facts) -> Result<Vec<OwnedPhrase>, Refusal> {
    let mut owned = Vec::new();
    for id in facts.names.keys() {
        let Some(head) = facts.heads.get(id).filter(|head| head.version > 0) else { continue };
        owned.extend(check::phrases_of(*id, facts.flow(read, *id, head.version)?.as_ref()));
    }
    Ok(owned)
}

/// Names of flows that exist become their ids, so that renaming one breaks nothing.
pub fn resolve(document: &mut Flow, facts: &Facts) {
    for_each_reference(document, |reference| {
        if let FlowRef::Name(name) = reference
            && let Some(id) = facts.flow_named(name)
        {
            *reference = FlowRef::Id(id);
        }
    });
}

/// Ids of flows become their names again, for a document that leaves the house.
pub fn unresolve(document: &mut Flow, facts: &Facts) {
    for_each_reference(document, |reference| {
        if let FlowRef::Id(id) = reference
            && let Some(name) = facts.names.get(id)
        {
            *reference = FlowRef::Name(name.clone());
        }
    });
}

pub(super) fn for_each_reference(document: &mut Flow, mut change: impl FnMut(&mut FlowRef)) {
    for node in &mut document.nodes {
        if let NodeKind::Launch(launch) = &mut node.kind {
            launch.flow.iter_mut().for_each(&mut change);
            let word = |reference: &&mut FlowRef| !matches!(reference, FlowRef::Name(name) if name == "all" || name == "flow");
            launch.stop.iter_mut().filter(word).for_each(&mut change);
        }
    }
}

/// Drops the phrases that other flows own now, and names them.
pub(super) fn drop_taken(desk: &Desk, id: FlowId, document: &mut Flow) -> Result<Vec<String>, Refusal> {
    Ok(drop_taken_by(&owned_phrases(&desk.work, &desk.facts)?, id, document))
}

/// Drops the phrases that others than this flow have among these, and names them.
pub(super) fn drop_taken_by(owned: &[OwnedPhrase], id: FlowId, document: &mut Flow) -> Vec<String> {
    let mut lost = Vec::new();
    for node in &mut document.nodes {
        let NodeKind::Keyword(keyword) = &mut node.kind else { continue };
        let channels = keyword.channels.clone();
        let taken = |phrase: &Phrase| {
            let written = identity(phrase);
            let same = |other: &OwnedPhrase| other.flow != id && other.mode == phrase.r#match && other.identity == written;
            owned.iter().any(|other| same(other) && scopes_meet(&other.channels, &channels))
        };
        lost.extend(keyword.phrases.iter().filter(|phrase| taken(phrase)).map(|phrase| phrase.text.clone()));
        keyword.phrases.retain(|phrase| !taken(phrase));
    }
    lost
}
