//! The gallery: what there is, one of them with its drawing and its questions, a conversation with it before it is anybody's, and adding it.

mod add;
mod needs;
mod own_word;

use super::super::Web;
use super::super::blueprints::{BlueprintPage, Card, Chip, FirstPage, GalleryPage, Need, TakenLine};
use super::super::flow_map::{self, Marks};
use super::super::node_form::Fields;
use super::super::node_words::Speaker;
use super::super::page::{Markup, Nav};
use super::super::phrase::{self, OverlapLine};
use super::super::problem::Trouble;
use super::super::words::Language;
use super::answers::with_filters;
use super::asking::Asking;
use super::rehearsal::{self, House};
use super::starters::{self, Starter};
use super::{Panel, Shown, Table};
use crate::base::address::ChannelKind;
use crate::base::id::{FlowId, Id, Shard};
use crate::executor::control::{phrase as phrases, taken};
use crate::executor::facts::Facts;
use crate::model::blueprint::{GOALS, TRADES};
use crate::model::checklist::LeftOut;
use crate::model::flow::{Flow, FlowState};
use crate::model::node::NodeKind;
use crate::store::checklists;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a newcomer is offered first: each works in the simulator by itself.
const FIRST: [(&str, &str); 4] = [("welcome", "chat"), ("price-list", "document"), ("faq-menu", "info"), ("lead-qualification", "flow")];

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/first", first).get("/blueprints", list);
    let table = table.get("/blueprints/{word}", show).post("/blueprints/{word}", add::add);
    table.get("/blueprints/{word}/try", preview).post("/blueprints/{word}/try", talk)
}

/// The filters of the gallery.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filters {
    trade: String,
    goal: String,
}

fn known(word: &str) -> Result<Starter, Trouble> {
    Starter::of_word(word).ok_or_else(|| Trouble::not_found("blueprint"))
}

/// How many flows that are not in the bin were made from each blueprint.
async fn added(web: &Web) -> Result<BTreeMap<String, usize>, Trouble> {
    let facts = web.executor.facts();
    web.read(move |view| {
        let mut count = BTreeMap::new();
        for id in facts.names.keys() {
            if let Some(word) = checklists::get(view, *id)?.and_then(|list| list.blueprint) {
                *count.entry(word).or_default() += 1;
            }
        }
        Ok(count)
    })
    .await
}

/// `GET /blueprints?trade=&goal=`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Filters>) -> Shown {
    let (w, added) = (panel.language, added(&web).await?);
    let fits = |starter: &Starter| {
        (asked.trade.is_empty() || starter.suits(&asked.trade)) && (asked.goal.is_empty() || starter.goal() == asked.goal)
    };
    let card = |starter: Starter| Card {
        word: starter.word(),
        name: starter.name(&w),
        purpose: starter.purpose(&w),
        sketch: starter.sketch(),
        nodes: starter.nodes(),
        trades: w.list(&starter.trades().iter().map(|trade| w.trade(trade).to_owned()).collect::<Vec<_>>()),
        goal: w.goal(starter.goal()),
        added: added.get(starter.word()).copied().unwrap_or_default(),
    };
    let chip = |trade: &str, goal: &str, words: &str, is_on: bool| Chip {
        href: with_filters("/blueprints", &[("trade", trade), ("goal", goal)]),
        words: words.to_owned(),
        is_on,
    };
    let trades = std::iter::once(("", w.filter_all())).chain(TRADES.iter().map(|word| (*word, w.trade(word))));
    let goals = std::iter::once(("", w.filter_all())).chain(GOALS.iter().map(|word| (*word, w.goal(word))));
    let chrome = panel.chrome(Nav::Flows, w.ready_flows());
    let page = GalleryPage {
        trades: trades.map(|(word, words)| chip(word, &asked.goal, words, word == asked.trade)).collect(),
        goals: goals.map(|(word, words)| chip(&asked.trade, word, words, word == asked.goal)).collect(),
        cards: Starter::ALL.into_iter().filter(fits).map(card).collect(),
        chrome: &chrome,
    };
    Ok(panel.show(&chrome, &page))
}

/// `GET /first`: what somebody wants first.
async fn first(State(web): State<Web>, panel: Panel) -> Shown {
    let (w, facts) = (panel.language, web.executor.facts());
    let has_examples = web.read(move |view| starters::has_examples(view, &facts)).await?;
    let title = |word: &str| match word {
        "welcome" => w.first_welcome(),
        "price-list" => w.first_prices(),
        "faq-menu" => w.first_questions(),
        _ => w.first_leads(),
    };
    let need = |(word, icon): (&'static str, &'static str)| {
        let starter = Starter::of_word(word)?;
        Some(Need { word: starter.word(), icon, title: title(word), text: starter.name(&w) })
    };
    let chrome = panel.chrome(Nav::Flows, w.first_title());
    Ok(panel.show(&chrome, &FirstPage { chrome: &chrome, needs: FIRST.into_iter().filter_map(need).collect(), has_examples }))
}

/// `GET /blueprints/{word}`
async fn show(State(web): State<Web>, panel: Panel, Path(word): Path<String>) -> Shown {
    let starter = known(&word)?;
    page(&web, &panel, starter, &Typed::first(&web.executor.facts())).await
}

/// What stands in the form of a blueprint.
struct Typed {
    asking: Asking,
    channels: Vec<(String, bool)>,
    wrong_channels: bool,
    own_word: String,
    wrong_word: String,
}

impl Typed {
    fn first(facts: &Facts) -> Typed {
        Typed {
            asking: Asking::first("ask"),
            channels: starters::choices(facts),
            wrong_channels: false,
            own_word: String::new(),
            wrong_word: String::new(),
        }
    }

    fn ticked(&self) -> Vec<String> {
        self.channels.iter().filter(|(_, ticked)| *ticked).map(|(name, _)| name.clone()).collect()
    }

    fn is_refused(&self) -> bool {
        self.asking.is_refused() || self.wrong_channels || !self.wrong_word.is_empty()
    }
}

/// Phrases of a flow that is not added yet and those of the others.
struct Beside {
    taken: Vec<LeftOut>,
    overlaps: Vec<OverlapLine>,
}

/// `example` is what the flow would take the place of.
async fn beside(web: &Web, flow: Flow, example: Option<FlowId>, w: Language) -> Result<Beside, Trouble> {
    let facts = web.executor.facts();
    web.read(move |view| {
        let taken = taken::taken(view, &facts, example, &flow)?;
        let triggers = phrases::triggers(view, &facts, None, |state| !matches!(state, FlowState::Binned { .. }))?;
        let mut overlaps = Vec::new();
        for node in &flow.nodes {
            let NodeKind::Keyword(keyword) = &node.kind else { continue };
            let mut free = keyword.clone();
            free.phrases.retain(|phrase| !taken.iter().any(|left| left.is(phrase)));
            let own = example.unwrap_or(FlowId::new(Shard(0), 0));
            overlaps.extend(phrase::overlaps(&free, &triggers, own, |id| facts.heads.get(&id).cloned(), w));
        }
        Ok(Beside { taken, overlaps })
    })
    .await
}

/// Phrases between quotation marks, in one sentence.
fn quoted<'a>(w: Language, phrases: impl IntoIterator<Item = &'a str>) -> String {
    w.list(&phrases.into_iter().map(|phrase| format!("“{phrase}”")).collect::<Vec<_>>())
}

/// Phrases that stay with their owners, an owner a line.
fn taken_lines(taken: &[LeftOut], facts: &Facts, w: Language) -> Vec<TakenLine> {
    let mut by_owner: BTreeMap<FlowId, Vec<&str>> = BTreeMap::new();
    for left in taken {
        by_owner.entry(left.owner).or_default().push(&left.phrase);
    }
    let line = |(owner, phrases): (FlowId, Vec<&str>)| TakenLine {
        text: w.blueprint_taken(phrases.len(), &quoted(w, phrases.iter().copied())),
        flow: (format!("/flows/{owner}/edit"), facts.names.get(&owner).cloned().unwrap_or_default()),
    };
    by_owner.into_iter().map(line).collect()
}

/// What a blueprint would take the place of: its example, where nobody but people of the simulator writes.
async fn example(web: &Web, starter: Starter) -> Result<Option<FlowId>, Trouble> {
    let facts = web.executor.facts();
    if writes_to_customers(&facts) {
        return Ok(None);
    }
    web.read(move |view| starters::example(view, &facts, starter)).await
}

fn writes_to_customers(facts: &Facts) -> bool {
    facts.channels.values().any(|known| known.channel.kind != ChannelKind::Simulator)
}

async fn page(web: &Web, panel: &Panel, starter: Starter, typed: &Typed) -> Shown {
    let (w, facts) = (panel.language, web.executor.facts());
    let mut shown = starter.document(w)?;
    starters::listen_on(&mut shown, &typed.ticked());
    let example = example(web, starter).await?;
    let beside = beside(web, shown.clone(), example, w).await?;
    let chrome = panel.chrome(Nav::Flows, starter.name(&w));
    let own_word = own_word::offered(web, &shown, &beside.taken, typed).await?;
    let page = BlueprintPage {
        word: starter.word(),
        name: starter.name(&w),
        purpose: starter.purpose(&w),
        map: Markup(flow_map::draw(&shown, Speaker::new(w), &Marks::default())),
        needs: needs::words(starter, &shown, w),
        questions: starter.open_document(w)?.questions.iter().map(|question| typed.asking.shown(question, w)).collect(),
        channels: typed.channels.clone(),
        wrong_channels: if typed.wrong_channels { w.listens_nowhere().to_owned() } else { String::new() },
        taken: taken_lines(&beside.taken, &facts, w),
        overlaps: beside.overlaps,
        own_word: own_word.map(|word| (word, typed.wrong_word.clone())),
        takes_over: example.and_then(|id| facts.names.get(&id)).map(|name| w.blueprint_takes_over(name)),
        offers_simulator: !writes_to_customers(&facts),
        added: added(web).await?.get(starter.word()).copied().unwrap_or_default(),
        chrome: &chrome,
    };
    let status = if typed.is_refused() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(panel.show_with(status, &chrome, &page))
}

fn house(web: &Web, panel: &Panel, word: &str) -> Result<House, Trouble> {
    let starter = known(word)?;
    Ok(House::of_blueprint(web, panel, starter.document(panel.language)?, format!("/blueprints/{}", starter.word())))
}

/// `GET /blueprints/{word}/try`
async fn preview(State(web): State<Web>, panel: Panel, Path(word): Path<String>) -> Shown {
    let house = house(&web, &panel, &word)?;
    rehearsal::opening(&web, &panel, &house, None).await
}

/// `POST /blueprints/{word}/try`
async fn talk(State(web): State<Web>, panel: Panel, Path(word): Path<String>, body: Bytes) -> Shown {
    let house = house(&web, &panel, &word)?;
    rehearsal::turn(&web, &panel, &house, &Fields::from_body(&body)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::blueprint::ANY;

    #[test]
    fn every_filter_finds_something_and_every_blueprint_is_found() {
        for trade in TRADES {
            assert!(Starter::ALL.iter().any(|starter| starter.trades().iter().any(|own| own == trade)), "{trade}");
        }
        for goal in GOALS {
            assert!(Starter::ALL.iter().any(|starter| starter.goal() == goal), "{goal}");
        }
        for starter in Starter::ALL {
            assert!(GOALS.contains(&starter.goal()), "{}", starter.word());
            assert!(starter.trades().iter().all(|trade| trade == ANY || TRADES.contains(&trade.as_str())), "{}", starter.word());
        }
    }

    #[test]
    fn what_is_offered_first_starts_by_what_somebody_writes() {
        for (word, _) in FIRST {
            let flow = Starter::of_word(word).and_then(|starter| starter.document(Language::Italian).ok()).expect("a blueprint");
            assert!(flow.nodes.iter().any(|node| matches!(node.kind, NodeKind::Keyword(_))), "{word}");
        }
    }
}
