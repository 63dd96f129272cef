//! `/exports`: flows as documents that can travel, alone, several, or with everything else.

use crate::base::id::FlowId;
use crate::executor::control::exports::{Wanted, export};
use crate::model::operator::By;
use crate::web::Web;
use crate::web::problem::Trouble;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// What is wanted: `flow=ID` once or more, or nothing for everything; and whether it must be a document or an archive.
fn wish(query: &str) -> Result<(Wanted, Option<bool>), Trouble> {
    let (mut flows, mut archive) = (Vec::new(), None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (&*name, &*value) {
            ("flow", id) => flows.push(id.parse::<FlowId>().map_err(|_| Trouble::not_found("flow"))?),
            ("form", "json") => archive = Some(false),
            ("form", "archive") => archive = Some(true),
            _ => return Err(Trouble::invalid("An export knows `flow=ID` and `form=json` or `form=archive`.")),
        }
    }
    Ok((if flows.is_empty() { Wanted::Everything } else { Wanted::Flows(flows) }, archive))
}

/// `GET /exports`
pub async fn get(State(web): State<Web>, Extension(by): Extension<By>, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let (wanted, form) = wish(&query.unwrap_or_default())?;
    hand_over(&web, by, wanted, form).await
}

/// Hands an export over as a file, and notes it down. Without a form it is an archive where files go with it.
pub async fn hand_over(web: &Web, by: By, wanted: Wanted, form: Option<bool>) -> Result<Response, Trouble> {
    let facts = web.executor.facts();
    let (exported, archive, bytes) = web
        .read(move |view| {
            let exported = export(view, &facts, &wanted)?;
            let (archive, bytes) = match form {
                None => exported.bytes(view)?,
                Some(false) => (false, exported.document().into_bytes()),
                Some(true) => (true, exported.archive(view)?),
            };
            Ok((exported, archive, bytes))
        })
        .await?;
    web.executor.note_export(by, &exported);
    let (kind, name) = match archive {
        true => ("application/zip", "attachment; filename=\"flusso.zip\""),
        false => ("application/json", "attachment; filename=\"flusso.json\""),
    };
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
