//! `/settings`: what the owner set for the whole appliance.

use super::Answer;
use crate::model::operator::By;
use crate::model::settings::Settings;
use crate::web::Web;
use crate::web::ask::Told;
use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Map, Value};

/// `GET /settings`
pub async fn all(State(web): State<Web>) -> Json<Settings> {
    Json(web.executor.facts().settings.as_ref().clone())
}

/// `PATCH /settings`
pub async fn edit(State(web): State<Web>, Extension(by): Extension<By>, Told(changes): Told<Map<String, Value>>) -> Answer<Settings> {
    Ok(Json(web.executor.edit_settings(by, changes).await?))
}
