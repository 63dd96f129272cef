//! A new automation: blank, or one of the pack.

use super::super::super::Web;
use super::super::super::node_form::Fields;
use super::super::super::page::{Chrome, Flash, Nav};
use super::super::starters::Starter;
use super::super::{Panel, Shown};
use crate::model::flow::Flow;
use crate::model::problem::Fault;
use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

/// A new automation: blank under a name, or one of the pack.
#[derive(Template)]
#[template(path = "flows/new.html")]
struct NewPage<'a> {
    chrome: &'a Chrome,
    typed: String,
    wrong: String,
    starters: [Starter; 18],
}

/// `GET /flows/new`
pub async fn show(panel: Panel) -> Shown {
    Ok(show_new(&panel, "", ""))
}

fn show_new(panel: &Panel, name: &str, wrong: &str) -> Response {
    let chrome = panel.chrome(Nav::Flows, panel.language.new_flow());
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = NewPage { chrome: &chrome, typed: name.to_owned(), wrong: wrong.to_owned(), starters: Starter::ALL };
    panel.show_with(status, &chrome, &page)
}

/// `POST /flows`: a blank draft.
pub async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let name = fields.get("name").trim().to_owned();
    if name.is_empty() {
        return Ok(show_new(&panel, "", w.name_empty()));
    }
    if web.executor.facts().flow_named(&name).is_some() {
        return Ok(show_new(&panel, &name, &w.fault(&Fault::NameTaken(name.clone()))));
    }
    let id = web.executor.create_draft(panel.by(), Flow { name: name.clone(), ..Flow::default() }).await?;
    Ok(panel.done(&format!("/flows/{id}/edit"), Flash::good(w.created_flow(&name))))
}
