//! `/outbox`: what was decided and is not yet confirmed, and what was given up.

use super::{Answer, Listing, Page};
use crate::base::id::{ChannelId, ContactId, MessageId, OutboxId, RunId};
use crate::base::time::Time;
use crate::model::operator::By;
use crate::model::outbox::{Load, OutboxRow, OutboxState, Source};
use crate::store::outbox;
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// The words of the states.
const STATES: [&str; 6] = ["ready", "attempting", "unknown", "sent", "dead", "cancelled"];

/// A row of the outbox, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct OutboxView {
    id: OutboxId,
    state: &'static str,
    kind: &'static str,
    contact: ContactId,
    channel: ChannelId,
    run: Option<RunId>,
    message: Option<MessageId>,
    text: String,
    due: Option<Time>,
    /// When it was sent, given up or called off, or since when it is going out.
    at: Option<Time>,
    reason: Option<String>,
    attempts: u32,
    maybe_double: bool,
    created: Time,
    expires: Time,
}

impl OutboxView {
    /// The view of a row.
    pub fn of(row: &OutboxRow) -> OutboxView {
        let (due, at, reason) = match &row.state {
            OutboxState::Ready { due } => (Some(*due), None, None),
            OutboxState::Attempting { since } => (None, Some(*since), None),
            OutboxState::Unknown { reason, .. } => (None, None, Some(reason.clone())),
            OutboxState::Sent { at } => (None, Some(*at), None),
            OutboxState::Dead { at, reason } | OutboxState::Cancelled { at, reason } => (None, Some(*at), Some(reason.clone())),
        };
        let (kind, text) = match &row.load {
            Load::Message { content, .. } => ("message", content.text.clone()),
            Load::Call { call, .. } => ("call", format!("{} {}", call.method.word(), host(&call.url))),
        };
        let run = match &row.source {
            Source::Effect(effect) => Some(effect.run),
            _ => None,
        };
        OutboxView {
            id: row.id,
            state: row.state.word(),
            kind,
            contact: row.contact,
            channel: row.channel,
            run,
            message: row.message(),
            text,
            due,
            at,
            reason,
            attempts: row.attempts,
            maybe_double: row.maybe_double,
            created: row.created,
            expires: row.expires,
        }
    }
}

/// The address of a call without its path and query, which may hold secrets.
fn host(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| "?".to_owned(), |url| url.origin().ascii_serialization())
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxFilters {
    state: Option<String>,
    contact: Option<ContactId>,
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /outbox`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<OutboxFilters>) -> Answer<Listing<OutboxView>> {
    let page = Page::<OutboxId>::of(filters.limit, filters.after.as_deref())?;
    if let Some(state) = filters.state.as_deref().filter(|state| !STATES.contains(state)) {
        return Err(Trouble::invalid(format!("\"{state}\" is no state of the outbox. It is one of {}.", STATES.join(", "))));
    }
    let listing = web.read(move |view| {
        let read = |after, limit| Ok(outbox::list(view, filters.state.as_deref(), after, limit)?);
        let wanted = |row: &OutboxRow| filters.contact.is_none_or(|contact| row.contact == contact);
        page.collect(read, |row| row.id, |row| Ok(wanted(row).then(|| OutboxView::of(row))))
    });
    Ok(Json(listing.await?))
}

/// `POST /outbox/{id}/retry`
pub async fn retry(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<OutboxId>) -> Answer<OutboxView> {
    let row = web.executor.retry_send(by, id).await?;
    Ok(Json(OutboxView::of(&row)))
}

/// `DELETE /outbox/{id}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<OutboxId>) -> Result<StatusCode, Trouble> {
    web.executor.delete_send(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
