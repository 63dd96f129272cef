//! What was not delivered: why, and what a person decides about it.

use super::super::Web;
use super::super::page::{Flash, Nav};
use super::super::undelivered::{UndeliveredPage, UndeliveredRow};
use super::super::words::Language;
use super::contacts::shown_as;
use super::{Panel, Shown, Table};
use crate::base::id::OutboxId;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::outbox::{Load, OutboxRow, OutboxState, Source};
use crate::store::{View, contacts, outbox, runs};
use axum::extract::{Path, State};

/// Rows that are shown.
const SHOWN: usize = 300;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/undelivered", list).post("/undelivered/retries", retry_all);
    table.post("/undelivered/{id}/retry", retry).delete("/undelivered/{id}", discard)
}

fn rows(view: &View) -> Result<Vec<OutboxRow>, Refusal> {
    let mut rows = outbox::list(view, Some("dead"), None, SHOWN)?;
    rows.extend(outbox::list(view, Some("unknown"), None, SHOWN)?);
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}

/// `GET /undelivered`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    let (facts, w) = (web.executor.facts(), panel.language);
    let rows = web.read(move |view| rows(view)?.iter().map(|row| shown(view, &facts, row, w)).collect::<Result<Vec<_>, _>>()).await?;
    let mut chrome = panel.chrome(Nav::Undelivered, w.nav_undelivered());
    chrome.stream = Some("/events?page=undelivered".to_owned());
    Ok(panel.show(&chrome, &UndeliveredPage { chrome: &chrome, rows, next: None }))
}

fn shown(view: &View, facts: &Facts, row: &OutboxRow, w: Language) -> Result<UndeliveredRow, Refusal> {
    let contact = contacts::get(view, row.contact)?;
    let (at, reason) = match &row.state {
        OutboxState::Dead { at, reason } | OutboxState::Cancelled { at, reason } => (*at, reason.clone()),
        OutboxState::Unknown { reason, .. } => (row.created, reason.clone()),
        _ => (row.created, String::new()),
    };
    let run = if let Source::Effect(effect) = &row.source { runs::get(view, effect.run)? } else { None };
    let flow =
        |run: &crate::model::run::Run| facts.heads.get(&run.flow).map_or_else(|| w.deleted_flow().to_owned(), |head| head.name.clone());
    Ok(UndeliveredRow {
        id: row.id.to_string(),
        contact: contact.map_or_else(|| w.nameless().to_owned(), |contact| shown_as(&contact, w).0),
        contact_href: format!("/contacts/{}", row.contact),
        channel: facts.channels.get(&row.channel).map(|known| known.channel.name.clone()).unwrap_or_default(),
        text: match &row.load {
            Load::Message { content, .. } => content.text.clone(),
            Load::Call { call, .. } => w.call_to(&host(&call.url)),
        },
        reason: w.said(&reason),
        is_unknown: matches!(row.state, OutboxState::Unknown { .. }),
        at,
        attempts: row.attempts,
        run: run.map(|run| (format!("/runs/{}", run.id), flow(&run))),
    })
}

/// The address of a call without its path and query, which may hold secrets.
fn host(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| "?".to_owned(), |url| url.origin().ascii_serialization())
}

/// `POST /undelivered/{id}/retry`
async fn retry(State(web): State<Web>, panel: Panel, Path(id): Path<OutboxId>) -> Shown {
    let outcome = web.executor.retry_send(panel.by(), id).await;
    panel.after("/undelivered", outcome, panel.language.retried())
}

/// `DELETE /undelivered/{id}`
async fn discard(State(web): State<Web>, panel: Panel, Path(id): Path<OutboxId>) -> Shown {
    let outcome = web.executor.delete_send(panel.by(), id).await;
    panel.after("/undelivered", outcome, panel.language.given_up())
}

/// `POST /undelivered/retries`: all that can be sent again. What nobody knows of is left to a person, one by one.
async fn retry_all(State(web): State<Web>, panel: Panel) -> Shown {
    let dead = web.read(|view| Ok(outbox::list(view, Some("dead"), None, SHOWN)?)).await?;
    let mut again = 0_usize;
    for row in dead {
        match web.executor.retry_send(panel.by(), row.id).await {
            Ok(_) => again += 1,
            Err(Refusal::Conflict(_) | Refusal::NotFound(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(panel.done("/undelivered", Flash::good(panel.language.retried_several(again))))
}
