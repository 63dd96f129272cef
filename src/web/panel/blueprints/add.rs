//! Adding a blueprint: its answers read, its files kept, its blanks filled; then it is a flow like any other.

use super::super::super::Web;
use super::super::super::page::Flash;
use super::super::asking::Asking;
use super::super::sent::Sent;
use super::super::starters;
use super::super::{Panel, Shown};
use super::{Typed, example, known, own_word, page};
use crate::base::address::ChannelKind;
use crate::engine::blueprint::{fill, without_file};
use crate::executor::control::additions::{Added, Addition};
use crate::executor::control::flow_runs::Overdue;
use crate::executor::control::simulator::simulator;
use crate::executor::refusal::Refusal;
use crate::model::blueprint::segments_of;
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
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
    let listens = match (on_simulator, simulator(&web.executor.facts())) {
        (false, _) => typed.ticked(),
        (true, Some(known)) => vec![known.channel.name.clone()],
        (true, None) => Vec::new(),
    };
    let files = without_file(&open, &answers);
    let mut flow = fill(&open, &answers, w.code()).map_err(Refusal::Problems)?;
    flow.talks.clear();
    starters::listen_on(&mut flow, &listens);
    let instead_of = example(&web, starter).await?;
    typed.wrong_word = own_word::fault(&web, &flow, instead_of, &typed.own_word, w).await?;
    if typed.is_refused() {
        return page(&web, &panel, starter, &typed).await;
    }
    if on_simulator && listens.is_empty() {
        starters::listen_on(&mut flow, &[new_simulator(&web, &panel).await?]);
    }
    let phrase = Some(typed.own_word).filter(|word| !word.is_empty());
    let segments = segments_of(&flow);
    let addition = Addition { flow, blueprint: Some(starter.word().to_owned()), files, segments, phrase, instead_of };
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

/// The simulator, made where there is none.
async fn new_simulator(web: &Web, panel: &Panel) -> Result<String, super::Trouble> {
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
    let version = facts.heads.get(&id).map_or(1, |head| head.version);
    let flow = web.read(move |view| facts.flow(view, id, version)).await?;
    let phrase = flow.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Keyword(keyword) => keyword.phrases.first().map(|phrase| phrase.text.clone()),
        _ => None,
    });
    let said = phrase.map_or_else(|| w.blueprint_is_live(&added.name), |phrase| w.blueprint_is_live_by(&added.name, &phrase));
    Ok(panel.done("/simulator", Flash::good(said)))
}
