//! What stands on every page: the switch that pauses everything, and the way out.

use super::super::Web;
use super::super::node_form::Fields;
use super::super::page::Flash;
use super::super::session::no_cookie;
use super::{Panel, Shown, Table, add_cookie, own_path, see};
use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Map, json};

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/", home).post("/pause", pause).delete("/pause", resume).delete("/session", log_out)
}

/// `GET /`
async fn home(panel: Panel) -> Shown {
    Ok(panel.go("/flows"))
}

/// `POST /pause`: nothing moves from now on.
async fn pause(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    set(&web, &panel, &body, true).await
}

/// `DELETE /pause`: everything moves again.
async fn resume(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    set(&web, &panel, &body, false).await
}

async fn set(web: &Web, panel: &Panel, body: &[u8], paused: bool) -> Shown {
    let changes = Map::from_iter([("paused".to_owned(), json!(paused))]);
    web.executor.edit_settings(panel.by(), changes).await?;
    let fields = Fields::from_body(body);
    let back = own_path(fields.get("back"));
    // The banner of the next page says that it is paused.
    Ok(if paused { panel.go(back) } else { panel.done(back, Flash::good(panel.language.resumed_everything())) })
}

/// `DELETE /session`
async fn log_out(State(web): State<Web>, panel: Panel) -> Shown {
    web.executor.log_out(panel.known().token.reveal()).await?;
    let mut response = see("/login");
    add_cookie(&mut response, no_cookie(panel.is_secure()));
    Ok(response)
}
