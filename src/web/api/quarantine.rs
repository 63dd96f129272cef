//! `/quarantine`: what could not be read.

use super::{Answer, Listing, Page};
use crate::base::id::{ChannelId, QuarantineId};
use crate::base::time::Time;
use crate::model::operator::{By, Quarantined};
use crate::store::quarantine;
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// A request that was kept unread. The body is text where it is text, and hexadecimal digits where it is not.
#[derive(Clone, Debug, Serialize)]
pub struct QuarantineView {
    id: QuarantineId,
    channel: ChannelId,
    at: Time,
    reason: String,
    build: String,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_hex: Option<String>,
}

impl QuarantineView {
    fn of(kept: &Quarantined) -> QuarantineView {
        let text = std::str::from_utf8(&kept.body).ok();
        QuarantineView {
            id: kept.id,
            channel: kept.channel,
            at: kept.at,
            reason: kept.reason.clone(),
            build: kept.build.clone(),
            bytes: kept.body.len(),
            body: text.map(str::to_owned),
            body_hex: text.is_none().then(|| hex::encode(&kept.body)),
        }
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuarantineFilters {
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /quarantine`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<QuarantineFilters>) -> Answer<Listing<QuarantineView>> {
    let page = Page::<QuarantineId>::of(filters.limit, filters.after.as_deref())?;
    let listing = web.read(move |view| {
        let read = |after, limit| Ok(quarantine::list(view, after, limit)?);
        page.collect(read, |kept| kept.id, |kept| Ok(Some(QuarantineView::of(kept))))
    });
    Ok(Json(listing.await?))
}

/// `POST /quarantine/{id}/retry`
pub async fn retry(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<QuarantineId>) -> Result<StatusCode, Trouble> {
    web.executor.retry_quarantined(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /quarantine/{id}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<QuarantineId>) -> Result<StatusCode, Trouble> {
    web.executor.delete_quarantined(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
