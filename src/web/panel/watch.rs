//! The stream by which an open page hears that something changed.

use super::super::Web;
use super::super::events::{self, Watched};
use super::{Panel, Shown, Table};
use axum::extract::{Query, State};

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/events", watch)
}

/// `GET /events?page=…`
async fn watch(State(web): State<Web>, panel: Panel, Query(watched): Query<Watched>) -> Shown {
    Ok(events::stream(&web, panel.known().session.csrf.reveal(), watched))
}
