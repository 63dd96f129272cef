//! Tests a phrase: which automation would get it, and who loses.

use super::super::Web;
use super::super::page::Nav;
use super::super::phrase::{LoserLine, MatchPage, Verdict};
use super::super::words::Language;
use super::flows::{current, head};
use super::{Panel, Shown, Table};
use crate::base::id::FlowId;
use crate::executor::control::phrase::{self, Phrase};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::flow::{Flow, FlowState};
use crate::model::route::Route;
use crate::store::View;
use axum::extract::{Query, State};
use serde::Deserialize;

/// Characters of a phrase at most: as many as a message has.
const CHARS_MAX: usize = 4096;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/flows/match", ask)
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    text: String,
    channel: String,
    flow: Option<FlowId>,
}

/// `GET /flows/match?text=&channel=&flow=`
async fn ask(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let text: String = asked.text.trim().chars().take(CHARS_MAX).collect();
    let head = asked.flow.map(|id| head(&facts, id)).transpose()?;
    let chrome = panel.chrome(Nav::Flows, w.match_title());
    let channels = facts.channels.values().map(|known| (known.channel.id.to_string(), known.channel.name.clone())).collect();
    let flow = head.as_ref().map(|head| (head.id.to_string(), head.name.clone()));
    let (asks, channel) = (text.clone(), asked.channel.parse().ok());
    let verdict = web
        .read(move |view| {
            let draft = match &head {
                Some(head) => Some((head.id, current(view, &facts, head)?)),
                None => None,
            };
            let draft = draft.as_ref().map(|(id, flow)| (*id, flow));
            let route = phrase::who_gets(view, &facts, Phrase { text: &asks, channel, draft }, now)?;
            verdict(view, &facts, &asks, draft, &route, w)
        })
        .await?;
    let verdict = Some(verdict).filter(|_| !text.is_empty());
    let page = MatchPage { chrome: &chrome, text, channels, channel: asked.channel, flow, verdict };
    Ok(panel.show(&chrome, &page))
}

fn verdict(view: &View, facts: &Facts, text: &str, draft: Option<(FlowId, &Flow)>, route: &Route, w: Language) -> Result<Verdict, Refusal> {
    let flow = |id: FlowId| facts.heads.get(&id).map(|head| (format!("/flows/{id}/edit"), head.name.clone()));
    let losers = route.lost.iter().map(|lost| LoserLine { flow: lost.flow.and_then(flow), text: w.loser(route, lost) });
    let sleeping = phrase::triggers(view, facts, draft, |state| matches!(state, FlowState::Disabled { .. }))?;
    let mut off: Vec<FlowId> = sleeping.who_wins(text).into_iter().map(|found| found.flow).collect();
    off.retain(|id| Some(*id) != draft.map(|(own, _)| own));
    off.dedup();
    Ok(Verdict {
        winner: route.flow.and_then(flow),
        rule: w.rule(route.rule).to_owned(),
        losers: losers.collect(),
        off: off.into_iter().filter_map(flow).collect(),
    })
}
