//! `/api/v1/schema/flow.json`: the JSON Schema of the flow document, for whoever writes one. It is open to everybody.

use crate::model::schema;
use axum::http::header;
use axum::response::IntoResponse;

/// `GET /schema/flow.json`, in the media type of JSON Schema (draft 2020-12, core 14.1).
pub async fn flow() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/schema+json")], schema::flow_document().to_string())
}
