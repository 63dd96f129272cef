//! A new automation: blank, or one of the pack, listening where its owner says.

use super::super::super::Web;
use super::super::super::node_form::Fields;
use super::super::super::page::{Chrome, Flash, Nav};
use super::super::answers::every;
use super::super::starters::{self, Starter};
use super::super::{Panel, Shown};
use crate::executor::control::flows::free_name;
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
    /// Channels to listen on: name, and whether it is ticked at first.
    channels: Vec<(String, bool)>,
}

/// `GET /flows/new`
pub async fn show(State(web): State<Web>, panel: Panel) -> Shown {
    Ok(show_new(&web, &panel, "", ""))
}

fn show_new(web: &Web, panel: &Panel, name: &str, wrong: &str) -> Response {
    let chrome = panel.chrome(Nav::Flows, panel.language.new_flow());
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = NewPage {
        chrome: &chrome,
        typed: name.to_owned(),
        wrong: wrong.to_owned(),
        starters: Starter::ALL,
        channels: starters::choices(&web.executor.facts()),
    };
    panel.show_with(status, &chrome, &page)
}

/// `POST /flows`: a draft, blank or from the pack.
pub async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let document = match Starter::of_word(fields.get("starter")) {
        Some(starter) => {
            let (facts, mut document) = (web.executor.facts(), starter.document(w)?);
            let chosen = starters::chosen(&facts, &every(&body, "channel"));
            // No channel at all would mean every one of them.
            if chosen.is_empty() && !facts.channels.is_empty() {
                return Ok(panel.done("/flows/new", Flash::bad(w.listens_nowhere())));
            }
            starters::listen_on(&mut document, &chosen);
            document
        }
        None => {
            let name = fields.get("name").trim().to_owned();
            if name.is_empty() {
                return Ok(show_new(&web, &panel, "", w.name_empty()));
            }
            if web.executor.facts().flow_named(&name).is_some() {
                return Ok(show_new(&web, &panel, &name, &w.fault(&Fault::NameTaken(name.clone()))));
            }
            Flow { name, ..Flow::default() }
        }
    };
    let name = free_name(&web.executor.facts(), &document.name);
    let id = web.executor.create_draft(panel.by(), document).await?;
    Ok(panel.done(&format!("/flows/{id}/edit"), Flash::good(w.created_flow(&name))))
}
