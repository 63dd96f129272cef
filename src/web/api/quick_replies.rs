//! `/quick-replies`: saved messages that operators send by hand.

use super::{Answer, Listing, Page};
use crate::base::id::QuickReplyId;
use crate::base::time::Time;
use crate::executor::refusal::Refusal;
use crate::model::operator::By;
use crate::model::quick_reply::{QuickReply, SavedReply};
use crate::store::quick_replies;
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// A quick reply, as the API tells it: its document, and what is known beside.
#[derive(Clone, Debug, Serialize)]
pub struct QuickReplyView {
    id: QuickReplyId,
    #[serde(flatten)]
    reply: QuickReply,
    uses: u64,
    changed: Time,
}

impl From<SavedReply> for QuickReplyView {
    fn from(saved: SavedReply) -> QuickReplyView {
        let SavedReply { id, reply, uses, changed } = saved;
        QuickReplyView { id, reply, uses, changed }
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuickReplyFilters {
    limit: Option<usize>,
    after: Option<String>,
    text: Option<String>,
}

/// `GET /quick-replies`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<QuickReplyFilters>) -> Answer<Listing<QuickReplyView>> {
    let page = Page::<QuickReplyId>::of(filters.limit, filters.after.as_deref())?;
    let all = web.read(|view| Ok(quick_replies::all(view)?)).await?;
    let wanted = filters.text.unwrap_or_default();
    let read = |after: Option<QuickReplyId>, limit| {
        let rest = all.iter().filter(|saved| after.is_none_or(|after| saved.id > after));
        Ok(rest.take(limit).cloned().collect::<Vec<_>>())
    };
    let keep = |saved: &SavedReply| Ok(saved.reply.is_about(&wanted).then(|| QuickReplyView::from(saved.clone())));
    Ok(Json(page.collect(read, |saved| saved.id, keep)?))
}

/// `POST /quick-replies`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    Told(reply): Told<QuickReply>,
) -> Result<(StatusCode, Json<QuickReplyView>), Trouble> {
    Ok((StatusCode::CREATED, Json(web.executor.create_quick_reply(by, reply).await?.into())))
}

/// `GET /quick-replies/{id}`
pub async fn one(State(web): State<Web>, At(id): At<QuickReplyId>) -> Answer<QuickReplyView> {
    let saved = web.read(move |view| quick_replies::get(view, id)?.ok_or(Refusal::NotFound("quick reply"))).await?;
    Ok(Json(saved.into()))
}

/// `PUT /quick-replies/{id}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<QuickReplyId>,
    Told(reply): Told<QuickReply>,
) -> Answer<QuickReplyView> {
    Ok(Json(web.executor.edit_quick_reply(by, id, reply).await?.into()))
}

/// `POST /quick-replies/{id}/copies`
pub async fn copy(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<QuickReplyId>,
) -> Result<(StatusCode, Json<QuickReplyView>), Trouble> {
    Ok((StatusCode::CREATED, Json(web.executor.copy_quick_reply(by, id).await?.into())))
}

/// `DELETE /quick-replies/{id}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<QuickReplyId>) -> Result<StatusCode, Trouble> {
    web.executor.delete_quick_reply(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
