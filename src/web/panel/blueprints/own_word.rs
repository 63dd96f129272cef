//! A word of one's own for a blueprint whose words are all taken: one that is free is offered, and what is typed is checked.

use super::super::super::Web;
use super::super::super::problem::Trouble;
use super::super::super::words::Language;
use super::{Typed, beside};
use crate::base::id::FlowId;
use crate::engine::blueprint::asked::{AnswerFault, word_fault};
use crate::executor::control::taken;
use crate::model::checklist::LeftOut;
use crate::model::flow::Flow;
use crate::model::node::{Exits, Keyword, MatchMode, Node, NodeId, NodeKind, Phrase};

/// Words that are tried before none is offered.
const TRIES: usize = 50;

fn keywords(flow: &Flow) -> impl Iterator<Item = &Keyword> {
    flow.nodes.iter().filter_map(|node| if let NodeKind::Keyword(keyword) = &node.kind { Some(keyword) } else { None })
}

/// Whether a flow has keywords and all of them are taken.
fn lost_every_phrase(flow: &Flow, taken: &[LeftOut]) -> bool {
    let all: Vec<&Phrase> = keywords(flow).flat_map(|keyword| &keyword.phrases).collect();
    !all.is_empty() && all.iter().all(|phrase| taken.iter().any(|left| left.is(phrase)))
}

/// What stands in the field of the word; nothing where none is asked. What was typed stays; else it is the flow's first word with a number.
pub async fn offered(web: &Web, flow: &Flow, taken: &[LeftOut], typed: &Typed) -> Result<Option<String>, Trouble> {
    if typed.wrong_word.is_empty() && !lost_every_phrase(flow, taken) {
        return Ok(None);
    }
    if !typed.own_word.is_empty() {
        return Ok(Some(typed.own_word.clone()));
    }
    let Some(keyword) = keywords(flow).find(|keyword| !keyword.phrases.is_empty()).cloned() else { return Ok(Some(String::new())) };
    // One word: with a space, its beginning would be the word of the other flow still.
    let stem: String = keyword.phrases.iter().take(1).flat_map(|phrase| phrase.text.split_whitespace()).collect();
    let words: Vec<String> = (2..TRIES + 2).map(|number| format!("{stem}{number}")).collect();
    let (probe, facts) = (probe(&words, keyword.channels), web.executor.facts());
    let gone = web.read(move |view| taken::taken(view, &facts, None, &probe)).await?;
    Ok(Some(words.into_iter().find(|word| gone.iter().all(|left| left.phrase != *word)).unwrap_or_default()))
}

/// What is wrong with the word that was typed: none was, though nothing else starts the flow, or it is no word, or another flow has it.
pub async fn fault(web: &Web, flow: &Flow, example: Option<FlowId>, word: &str, w: Language) -> Result<String, Trouble> {
    let facts = web.executor.facts();
    if word.is_empty() {
        let others = flow.nodes.iter().any(|node| node.kind.is_trigger() && !matches!(node.kind, NodeKind::Keyword(_)));
        let lost = !others && lost_every_phrase(flow, &beside(web, flow.clone(), example, w).await?.taken);
        return Ok(if lost { w.answer_fault(AnswerFault::Missing) } else { String::new() });
    }
    if let Some(fault) = word_fault(word, &facts.settings) {
        return Ok(w.answer_fault(fault));
    }
    let channels = keywords(flow).next().map(|keyword| keyword.channels.clone()).unwrap_or_default();
    let taken = beside(web, probe(&[word.to_owned()], channels), example, w).await?.taken;
    let owner = taken.first().and_then(|left| facts.names.get(&left.owner));
    Ok(owner.map(|name| w.blueprint_own_word_taken(name)).unwrap_or_default())
}

/// A flow that has nothing but these words.
fn probe(words: &[String], channels: Vec<String>) -> Flow {
    let phrases = words.iter().map(|word| Phrase { text: word.clone(), r#match: MatchMode::Word }).collect();
    let kind = NodeKind::Keyword(Keyword { phrases, channels, ..Keyword::default() });
    let id = NodeId("own".to_owned());
    Flow { nodes: vec![Node { id, kind, exits: Exits::default(), title: None, note: None, x: None, y: None }], ..Flow::default() }
}
