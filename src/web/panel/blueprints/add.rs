//! Adding a blueprint: its answers read, its files kept, its blanks filled; then it is a flow like any other.

use super::super::super::Web;
use super::super::super::page::Flash;
use super::super::asking::Asking;
use super::super::sent::Sent;
use super::super::starters;
use super::super::{Panel, Shown};
use super::{Typed, beside, known, page};
use crate::base::address::ChannelKind;
use crate::engine::blueprint::asked::word_fault;
use crate::engine::blueprint::{fill, without_file};
use crate::executor::control::additions::{Added, Addition};
use crate::executor::control::flow_runs::Overdue;
use crate::executor::control::simulator::simulator;
use crate::executor::refusal::Refusal;
use crate::model::blueprint::segments_of;
use crate::model::flow::Flow;
use crate::model::node::{Exits, Keyword, MatchMode, Node, NodeId, NodeKind, Phrase};
use axum::extract::{Path, State};
use serde_json::Map;

/// `POST /blueprints/{word}`
pub async fn add(State(web): State<Web>, panel: Panel, Path(word): Path<String>, sent: Sent) -> Shown {
    let (starter, w) = (known(&word)?, panel.language);
    let open = starter.open_document(w)?;
    let mut typed = typed(&web, &panel, &open, &sent).await?;
    let on_simulator = sent.fields.get("then") == "simulator";
    let Some(answers) = typed.asking.answers(&open.questions, w, &web.executor.facts().settings) else {
        return page(&web, &panel, starter, &typed).await;
    };
    typed.wrong_channels = !on_simulator && typed.ticked().is_empty() && !typed.channels.is_empty();
    let phrase = Some(typed.own_word.clone()).filter(|word| !word.is_empty());
    if let Some(word) = &phrase {
        typed.wrong_word = wrong_word(&web, &panel, word, &typed.ticked()).await?;
    }
    if typed.is_refused() {
        return page(&web, &panel, starter, &typed).await;
    }
    let listens = if on_simulator { vec![simulator_name(&web, &panel).await?] } else { typed.ticked() };
    let files = without_file(&open, &answers);
    let mut flow = fill(&open, &answers, w.code()).map_err(Refusal::Problems)?;
    flow.talks.clear();
    starters::listen_on(&mut flow, &listens);
    let segments = segments_of(&flow);
    let addition = Addition { flow, blueprint: Some(starter.word().to_owned()), files, segments, phrase };
    let added = web.executor.add_flow(panel.by(), addition).await?;
    if on_simulator { live(&web, &panel, &added).await } else { Ok(done(&panel, &added)) }
}

/// What was typed, with the files kept that came with it.
async fn typed(web: &Web, panel: &Panel, open: &Flow, sent: &Sent) -> Result<Typed, super::Trouble> {
    let (facts, ticked) = (web.executor.facts(), sent.every("channel"));
    let asking = Asking::sent(web, panel, "ask", &open.questions, sent).await?;
    let mut typed = Typed { asking, own_word: sent.fields.get("own_word").trim().to_owned(), ..Typed::first(&facts) };
    for (name, on) in &mut typed.channels {
        *on = ticked.contains(name);
    }
    Ok(typed)
}

/// What is wrong with a word of one's own: it is none, or another flow has it.
async fn wrong_word(web: &Web, panel: &Panel, word: &str, channels: &[String]) -> Result<String, super::Trouble> {
    let (facts, w) = (web.executor.facts(), panel.language);
    if let Some(fault) = word_fault(word, &facts.settings) {
        return Ok(w.answer_fault(fault));
    }
    let phrases = vec![Phrase { text: word.to_owned(), r#match: MatchMode::Word }];
    let keyword = Keyword { phrases, channels: channels.to_vec(), ..Keyword::default() };
    let (id, kind) = (NodeId("own".to_owned()), NodeKind::Keyword(keyword));
    let node = Node { id, kind, exits: Exits::default(), title: None, note: None, x: None, y: None };
    let taken = beside(web, Flow { nodes: vec![node], ..Flow::default() }, w).await?.taken;
    let owner = taken.first().and_then(|left| facts.names.get(&left.owner));
    Ok(owner.map(|name| w.blueprint_own_word_taken(name)).unwrap_or_default())
}

/// The simulator, made where there is none.
async fn simulator_name(web: &Web, panel: &Panel) -> Result<String, super::Trouble> {
    if let Some(known) = simulator(&web.executor.facts()) {
        return Ok(known.channel.name.clone());
    }
    let name = panel.language.simulator_name();
    Ok(web.executor.create_channel(panel.by(), ChannelKind::Simulator, name, Map::new()).await?.name)
}

fn done(panel: &Panel, added: &Added) -> axum::response::Response {
    let w = panel.language;
    let mut said = w.blueprint_was_added(&added.name);
    if added.made > 0 {
        said.push_str(&w.blueprint_made(added.made));
    }
    panel.done(&format!("/flows/{}/edit", added.id), Flash::good(said))
}

/// Enables it and leads to the simulator, where it listens alone.
async fn live(web: &Web, panel: &Panel, added: &Added) -> Shown {
    let w = panel.language;
    if !added.is_saved {
        return Ok(panel.done(&format!("/flows/{}/edit", added.id), Flash::bad(w.blueprint_not_live(&added.name))));
    }
    web.executor.enable_flow(panel.by(), added.id, Overdue::Shift).await?;
    let (facts, id) = (web.executor.facts(), added.id);
    let flow = web.read(move |view| facts.flow(view, id, 1)).await?;
    let phrase = flow.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Keyword(keyword) => keyword.phrases.first().map(|phrase| phrase.text.clone()),
        _ => None,
    });
    let said = phrase.map_or_else(|| w.blueprint_is_live(&added.name), |phrase| w.blueprint_is_live_by(&added.name, &phrase));
    Ok(panel.done("/simulator", Flash::good(said)))
}
