//! `/secrets`: what API nodes name as `{{ secret.NAME }}`. Only names come back.

use super::Answer;
use crate::base::secret::Secret;
use crate::model::operator::By;
use crate::web::Web;
use crate::web::ask::{At, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// The names of all.
#[derive(Debug, Serialize)]
pub struct All {
    items: Vec<Named>,
    next: Option<String>,
}

/// One of them.
#[derive(Debug, Serialize)]
pub struct Named {
    name: String,
}

/// What one is set to.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    #[schemars(with = "String")]
    value: Secret<String>,
}

/// `GET /secrets`
pub async fn list(State(web): State<Web>) -> Answer<All> {
    let items = web.executor.call_secret_names().into_iter().map(|name| Named { name }).collect();
    Ok(Json(All { items, next: None }))
}

/// `PUT /secrets/{name}`
pub async fn set(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(name): At<String>,
    Told(given): Told<Given>,
) -> Result<StatusCode, Trouble> {
    web.executor.set_call_secret(by, &name, Some(given.value)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /secrets/{name}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(name): At<String>) -> Result<StatusCode, Trouble> {
    web.executor.set_call_secret(by, &name, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
