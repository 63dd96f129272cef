//! What came in and could not be read: tried again, kept on one's own machine, or discarded.

use super::super::Web;
use super::super::page::Nav;
use super::super::unread::{UnreadPage, UnreadRow};
use super::{Panel, Shown, Table};
use crate::base::id::QuarantineId;
use crate::executor::refusal::Refusal;
use crate::store::quarantine;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

/// Rows that are shown.
const SHOWN: usize = 200;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/unread", list).get("/unread/{id}/bytes", bytes);
    table.post("/unread/{id}/retry", retry).delete("/unread/{id}", discard)
}

/// `GET /unread`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    let (facts, w) = (web.executor.facts(), panel.language);
    let mut kept = web.read(|view| Ok(quarantine::list(view, None, SHOWN)?)).await?;
    kept.reverse();
    let channel = |id| facts.channels.get(&id).map_or(w.deleted_channel(), |known| known.channel.name.as_str());
    let rows = kept.iter().map(|kept| UnreadRow::of(kept, channel(kept.channel), w)).collect();
    let mut chrome = panel.chrome(Nav::Unread, w.nav_unread());
    chrome.stream = Some("/events?page=unread".to_owned());
    Ok(panel.show(&chrome, &UnreadPage { chrome: &chrome, rows, next: None }))
}

/// `GET /unread/{id}/bytes`: what came, byte for byte, for a file and never for the browser to look into.
async fn bytes(State(web): State<Web>, _panel: Panel, Path(id): Path<QuarantineId>) -> Shown {
    let kept = web.read(move |view| quarantine::get(view, id)?.ok_or(Refusal::NotFound("kept request"))).await?;
    let headers =
        [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"unread-{id}.bin\""))];
    Ok((headers, kept.body).into_response())
}

/// `POST /unread/{id}/retry`
async fn retry(State(web): State<Web>, panel: Panel, Path(id): Path<QuarantineId>) -> Shown {
    let outcome = web.executor.retry_quarantined(panel.by(), id).await;
    panel.after("/unread", outcome, panel.language.reread())
}

/// `DELETE /unread/{id}`
async fn discard(State(web): State<Web>, panel: Panel, Path(id): Path<QuarantineId>) -> Shown {
    let outcome = web.executor.delete_quarantined(panel.by(), id).await;
    panel.after("/unread", outcome, panel.language.forgotten())
}
