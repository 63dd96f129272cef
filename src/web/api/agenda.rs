//! `/agenda`: what is due on a day, by the hour.

use super::runs::RunView;
use super::{Answer, ITEMS, ITEMS_MAX};
use crate::base::id::{ChannelId, FlowId};
use crate::base::time::Time;
use crate::executor::run_list;
use crate::model::node::NodeId;
use crate::model::run_match::RunMatch;
use crate::web::Web;
use crate::web::agenda::{COUNTED_MAX, hours};
use crate::web::ask::Filters;
use crate::web::problem::Trouble;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which day, and whose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaFilters {
    day: Option<String>,
    flow: Option<FlowId>,
    node: Option<NodeId>,
    channel: Option<ChannelId>,
    tag: Option<String>,
    text: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// What is due on a day, as the API tells it.
#[derive(Debug, Serialize)]
pub struct AgendaView {
    day: NaiveDate,
    hours: Vec<HourView>,
    /// Whether all that is due was counted.
    complete: bool,
    items: Vec<RunView>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct HourView {
    from: Time,
    due: u64,
}

/// `GET /agenda?day=2026-11-23`: the day of the owner's time zone, today where none is said.
pub async fn day(State(web): State<Web>, Filters(filters): Filters<AgendaFilters>) -> Answer<AgendaView> {
    let (facts, now) = (web.executor.facts(), web.executor.now());
    let zone = facts.settings.time_zone;
    let bad = |word: &str| Trouble::invalid(format!("\"{word}\" is no day. Write it as 2026-11-23."));
    let day: Option<NaiveDate> = filters.day.as_deref().map(|word| word.parse().map_err(|_| bad(word))).transpose()?;
    let day = day.unwrap_or_else(|| zone.date(now));
    let bounds = hours(day, zone);
    let limit = filters.limit.unwrap_or(ITEMS).clamp(1, ITEMS_MAX);
    let AgendaFilters { flow, node, channel, tag, text, after, .. } = filters;
    let (due_from, due_before) = (bounds.first().copied(), bounds.last().copied());
    let wanted = RunMatch { flow, node, channel, tag, text, due_from, due_before, ..RunMatch::default() };
    let read = web.read(move |view| {
        let (counts, complete) = run_list::per_stretch(view, &wanted, &bounds, COUNTED_MAX)?;
        let page = run_list::page(view, &wanted, after.as_deref(), limit)?;
        let hours = bounds.iter().zip(counts).map(|(from, due)| HourView { from: *from, due }).collect();
        let items = page.rows.iter().map(|(run, contact)| RunView::of(run, Some(contact), &facts)).collect();
        Ok(AgendaView { day, hours, complete, items, next: page.next })
    });
    Ok(Json(read.await?))
}
