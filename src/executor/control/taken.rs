//! Phrases of a flow that is new in the house and that other flows have already.

use super::flow_check::owned_phrases;
use crate::base::id::FlowId;
use crate::engine::check::OwnedPhrase;
use crate::engine::keyword::{identity, scopes_meet};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::checklist::LeftOut;
use crate::model::flow::Flow;
use crate::model::node::{NodeKind, Phrase};
use crate::store::Read;

/// The phrases of a document that saved flows own, where their channels meet, with their owners. `id` is the flow it is for.
pub fn taken(read: &impl Read, facts: &Facts, id: Option<FlowId>, document: &Flow) -> Result<Vec<LeftOut>, Refusal> {
    let owned = owned_phrases(read, facts)?;
    let mut found = Vec::new();
    for node in &document.nodes {
        let NodeKind::Keyword(keyword) = &node.kind else { continue };
        let channels = by_id(facts, &keyword.channels);
        for phrase in &keyword.phrases {
            let same = |other: &&OwnedPhrase| Some(other.flow) != id && other.mode == phrase.r#match && other.identity == identity(phrase);
            let owner = owned.iter().filter(same).find(|other| scopes_meet(&by_id(facts, &other.channels), &channels));
            found.extend(owner.map(|owner| LeftOut {
                node: node.id.clone(),
                phrase: phrase.text.clone(),
                r#match: phrase.r#match,
                owner: owner.flow,
            }));
        }
    }
    Ok(found)
}

/// Leaves these phrases out of a document.
pub fn leave_out(document: &mut Flow, taken: &[LeftOut]) {
    for node in &mut document.nodes {
        let NodeKind::Keyword(keyword) = &mut node.kind else { continue };
        let is_taken = |phrase: &Phrase| taken.iter().any(|left| left.node == node.id && left.is(phrase));
        keyword.phrases.retain(|phrase| !is_taken(phrase));
    }
}

/// Channels by their ids where a name is known, so that one named two ways is one.
fn by_id(facts: &Facts, names: &[String]) -> Vec<String> {
    let id = |name: &String| facts.channels.iter().find(|(_, known)| known.channel.name == *name).map(|(id, _)| id.to_string());
    names.iter().map(|name| id(name).unwrap_or_else(|| name.clone())).collect()
}
