//! The numbers of a flow, on its drawing and in a list.

use super::super::Web;
use super::super::api::counters::since;
use super::super::ask::At;
use super::super::flow_counts::{NumbersPage, Window, funnel, numbers, rows};
use super::super::flow_map::{self, Marks};
use super::super::node_words::Speaker;
use super::super::page::{Markup, Nav};
use super::flows::names;
use super::{Panel, Shown, Table};
use crate::base::id::FlowId;
use crate::executor::refusal::Refusal;
use crate::store::{counters, flows, runs};
use axum::extract::{Query, State};
use serde::Deserialize;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/flows/{id}/numbers", show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    window: String,
}

/// `GET /flows/{id}/numbers?window=now|7d|30d|all`
async fn show(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, Query(asked): Query<Asked>) -> Shown {
    let (w, facts, window) = (panel.language, web.executor.facts(), Window::of_word(&asked.window));
    let (from, read_facts) = (since(window, panel.now, facts.settings.time_zone), facts.clone());
    let read = web.read(move |view| {
        let head = flows::head(view, id)?.ok_or(Refusal::NotFound("flow"))?;
        let flow = if head.version > 0 { Some(read_facts.flow(view, id, head.version)?) } else { None };
        let counted = numbers(counters::of_flow(view, id, from)?, &counters::waiting(view, id)?, window);
        Ok((head, flow, counted, runs::count_live_of_flow(view, id)?))
    });
    let (head, flow, counted, inside) = read.await?;
    let mut chrome = panel.chrome(Nav::Flows, w.numbers_title(&head.name));
    chrome.stream = Some("/events?page=numbers".to_owned());
    let (flow_id, names) = (id.to_string(), names(&facts));
    let speaker = Speaker { texts: &facts.settings.language, flows: &names, ..Speaker::new(w) };
    let listed = flow.as_ref().map(|flow| rows(flow, &flow_id, &counted, speaker)).unwrap_or_default();
    let marks = Marks { numbers: Some(counted), people: Some(flow_id.clone()), ..Marks::default() };
    let page = NumbersPage {
        chrome: &chrome,
        name: head.name,
        window,
        inside,
        funnel: funnel(&listed, w),
        map: flow.as_ref().map(|flow| Markup(flow_map::draw(flow, speaker, &marks))).unwrap_or_default(),
        rows: listed,
        id: flow_id,
    };
    Ok(panel.show(&chrome, &page))
}
