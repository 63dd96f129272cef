//! A flow among the others: what is wrong with it as things stand, and how it names them.

use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::id::FlowId;
use crate::engine::check::{self, Context, OwnedPhrase};
use crate::engine::{keyword, text};
use crate::model::flow::Flow;
use crate::model::node::{FlowRef, NodeKind};
use crate::model::problem::{Fault, Problem};
use crate::store::{Read, files};

/// What is wrong with a document as things stand, warnings included.
pub fn problems(read: &impl Read, facts: &Facts, id: Option<FlowId>, document: &Flow) -> Result<Vec<Problem>, Refusal> {
    let mut problems = Vec::new();
    if facts.names.iter().any(|(other, name)| Some(*other) != id && *name == document.name) {
        problems.push(Problem::whole(Fault::NameTaken(document.name.clone())));
    }
    let phrases = phrases_of_others(read, facts, id)?;
    let channels: Vec<_> =
        facts.channels.values().map(|known| (known.channel.id, known.channel.name.clone(), known.channel.kind)).collect();
    let context = Context {
        phrases: &phrases,
        flows: &facts.names,
        channels: &channels,
        has_file: &|file: &str| file.parse().is_ok_and(|id| files::meta(read, id).is_ok_and(|meta| meta.is_some())),
        names_in: &|template: &str| {
            text::read(template).map(|_| text::names(template).into_iter().map(str::to_owned).collect()).map_err(|bad| bad.to_string())
        },
    };
    problems.extend(check::check(document, &context));
    Ok(problems)
}

fn phrases_of_others(read: &impl Read, facts: &Facts, id: Option<FlowId>) -> Result<Vec<OwnedPhrase>, Refusal> {
    let mut owned = Vec::new();
    for (other, name) in facts.names.iter().filter(|(other, _)| Some(**other) != id) {
        let Some(head) = facts.heads.get(other).filter(|head| head.version > 0) else { continue };
        let flow = facts.flow(read, *other, head.version)?;
        for node in &flow.nodes {
            let NodeKind::Keyword(node) = &node.kind else { continue };
            owned.extend(node.phrases.iter().map(|phrase| OwnedPhrase {
                folded: keyword::fold(&phrase.text),
                mode: phrase.r#match,
                channels: node.channels.clone(),
                flow: *other,
                flow_name: name.clone(),
            }));
        }
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

fn for_each_reference(document: &mut Flow, mut change: impl FnMut(&mut FlowRef)) {
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
    let owned = phrases_of_others(&desk.work, &desk.facts, Some(id))?;
    let mut lost = Vec::new();
    for node in &mut document.nodes {
        let NodeKind::Keyword(keyword) = &mut node.kind else { continue };
        let channels = keyword.channels.clone();
        keyword.phrases.retain(|phrase| {
            let taken = owned.iter().any(|other| other.meets(&keyword::fold(&phrase.text), phrase.r#match, &channels));
            if taken {
                lost.push(phrase.text.clone());
            }
            !taken
        });
    }
    Ok(lost)
}
