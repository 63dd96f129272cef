//! `/tags` and `/fields`: what the contacts carry, what uses it, and taking one away from all of them.

use super::Answer;
use crate::base::id::FlowId;
use crate::executor::control::labels::Uses;
use crate::model::label::Label;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tag or a field.
#[derive(Debug, Serialize)]
pub struct LabelView {
    name: String,
    contacts: u64,
    used_by: Vec<UseView>,
    segments: Vec<String>,
}

/// A flow that names it.
#[derive(Debug, Serialize)]
pub struct UseView {
    flow: FlowId,
    name: String,
    nodes: Vec<NodeId>,
}

/// All of them: there are few, so they come at once. `complete` is false where there are more contacts than were counted.
#[derive(Debug, Serialize)]
pub struct All {
    items: Vec<LabelView>,
    complete: bool,
    next: Option<String>,
}

/// Whether something is taken away though flows use it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Force {
    /// It is.
    pub force: bool,
}

/// How many contacts had it.
#[derive(Debug, Serialize)]
pub struct Removed {
    contacts: u64,
}

/// `GET /tags`
pub async fn tags(State(web): State<Web>) -> Answer<All> {
    let carried = web.executor.carried().await?;
    all(&web, carried.tags, carried.more, Label::Tag).await
}

/// `GET /fields`
pub async fn fields(State(web): State<Web>) -> Answer<All> {
    let carried = web.executor.carried().await?;
    all(&web, carried.fields, carried.more, Label::Field).await
}

async fn all(web: &Web, counts: BTreeMap<String, u64>, more: bool, label: fn(String) -> Label) -> Answer<All> {
    let mut items = Vec::with_capacity(counts.len());
    for (name, contacts) in counts {
        let Uses { flows, segments } = web.executor.uses_of(label(name.clone())).await?;
        let used_by = flows.into_iter().map(|used| UseView { flow: used.flow, name: used.name, nodes: used.nodes }).collect();
        items.push(LabelView { name, contacts, used_by, segments });
    }
    Ok(Json(All { items, complete: !more, next: None }))
}

/// `DELETE /tags/{name}`
pub async fn remove_tag(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(name): At<String>,
    Filters(asked): Filters<Force>,
) -> Result<Json<Removed>, Trouble> {
    Ok(Json(Removed { contacts: web.executor.remove_label(by, Label::Tag(name), asked.force).await? }))
}

/// `DELETE /fields/{name}`
pub async fn remove_field(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(name): At<String>,
    Filters(asked): Filters<Force>,
) -> Result<Json<Removed>, Trouble> {
    Ok(Json(Removed { contacts: web.executor.remove_label(by, Label::Field(name), asked.force).await? }))
}
