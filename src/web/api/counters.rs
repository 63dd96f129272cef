//! `/flows/{id}/counters`: who came to each node of a flow, and where they went.

use super::Answer;
use crate::base::id::FlowId;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::executor::advance::day_of;
use crate::executor::refusal::Refusal;
use crate::model::node::NodeId;
use crate::store::{counters, flows};
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::flow_counts::{NodeNumbers, Window, numbers};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which stretch of time.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CounterFilters {
    window: Window,
}

/// The counters of a flow, as the API tells them.
#[derive(Debug, Serialize)]
pub struct CountersView {
    flow: FlowId,
    window: Window,
    nodes: Vec<NodeView>,
}

#[derive(Debug, Serialize)]
struct NodeView {
    node: NodeId,
    #[serde(flatten)]
    numbers: NodeNumbers,
}

/// `GET /flows/{id}/counters?window=now|7d|30d|all`: arrived + before = the sum of exits + waiting + left, where `before` are those who
/// stood there when the window began.
pub async fn of_flow(State(web): State<Web>, At(id): At<FlowId>, Filters(filters): Filters<CounterFilters>) -> Answer<CountersView> {
    let (window, now, zone) = (filters.window, web.executor.now(), web.executor.facts().settings.time_zone);
    let found = web.read(move |view| {
        flows::head(view, id)?.ok_or(Refusal::NotFound("flow"))?;
        let counted = counters::of_flow(view, id, since(window, now, zone))?;
        Ok(numbers(counted, &counters::waiting(view, id)?, window))
    });
    let found: BTreeMap<NodeId, NodeNumbers> = found.await?;
    let nodes = found.into_iter().map(|(node, numbers)| NodeView { node, numbers }).collect();
    Ok(Json(CountersView { flow: id, window, nodes }))
}

/// The first day of a window; none is since ever.
pub fn since(window: Window, now: Time, zone: Zone) -> Option<u32> {
    window.days().map(|days| day_of(zone, now - Span::DAY.times(days - 1)))
}
