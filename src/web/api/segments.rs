//! `/segments`: filters of contacts, kept under a name.

use super::Answer;
use super::labels::Force;
use crate::model::node::Rule;
use crate::model::operator::By;
use crate::model::segment::Segment;
use crate::store::segments;
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// All segments: there are few, so they come at once.
#[derive(Debug, Serialize)]
pub struct All {
    items: Vec<Segment>,
    next: Option<String>,
}

/// `GET /segments`
pub async fn list(State(web): State<Web>) -> Answer<All> {
    let items = web.read(|view| Ok(segments::all(view)?)).await?;
    Ok(Json(All { items, next: None }))
}

/// `POST /segments`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    Told(body): Told<Segment>,
) -> Result<(StatusCode, Json<Segment>), Trouble> {
    Ok((StatusCode::CREATED, Json(web.executor.put_segment(by, body, true).await?)))
}

/// `GET /segments/{name}`
pub async fn one(State(web): State<Web>, At(name): At<String>) -> Answer<Segment> {
    Ok(Json(stored(&web, name).await?))
}

async fn stored(web: &Web, name: String) -> Result<Segment, Trouble> {
    web.read(move |view| Ok(segments::get(view, &name)?)).await?.ok_or_else(|| Trouble::not_found("segment"))
}

/// The rules of a segment; those not named stay.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentEdit {
    all: Option<Vec<Rule>>,
    any: Option<Vec<Rule>>,
}

/// `PATCH /segments/{name}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(name): At<String>,
    Told(edit): Told<SegmentEdit>,
) -> Answer<Segment> {
    let before = stored(&web, name).await?;
    let after = Segment { all: edit.all.unwrap_or(before.all), any: edit.any.unwrap_or(before.any), name: before.name };
    Ok(Json(web.executor.put_segment(by, after, false).await?))
}

/// `DELETE /segments/{name}`
pub async fn delete(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(name): At<String>,
    Filters(asked): Filters<Force>,
) -> Result<StatusCode, Trouble> {
    web.executor.delete_segment(by, name, asked.force).await?;
    Ok(StatusCode::NO_CONTENT)
}
