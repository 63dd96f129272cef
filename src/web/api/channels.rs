//! `/channels`: connected accounts. Secrets come back masked.

use super::{Answer, Listing, Page};
use crate::base::address::ChannelKind;
use crate::base::id::ChannelId;
use crate::base::time::Time;
use crate::executor::control::channels::{ChannelEdit, shown};
use crate::executor::facts::Connection;
use crate::model::operator::By;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use crate::web::{Place, Web};
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A channel, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    id: ChannelId,
    kind: ChannelKind,
    name: String,
    enabled: bool,
    hook_url: String,
    settings: Map<String, Value>,
    stopped: Option<String>,
    created: Time,
}

impl ChannelView {
    /// The view of a channel, for someone who stands at this place.
    pub fn of(connection: &Connection, place: &Place) -> ChannelView {
        let channel = &connection.channel;
        ChannelView {
            id: channel.id,
            kind: channel.kind,
            name: channel.name.clone(),
            enabled: channel.enabled,
            hook_url: format!("{}/hooks/{}", place.base_url(channel.public_url.as_deref()), channel.token),
            settings: shown(connection),
            stopped: channel.stopped.clone(),
            created: channel.created,
        }
    }
}

/// A channel to be connected.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    kind: ChannelKind,
    name: String,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// Changes to a channel.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelChanges {
    name: Option<String>,
    enabled: Option<bool>,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelFilters {
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /channels`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<ChannelFilters>) -> Answer<Listing<ChannelView>> {
    let page = Page::<ChannelId>::of(filters.limit, filters.after.as_deref())?;
    let facts = web.executor.facts();
    let read = |after: Option<ChannelId>, limit| {
        let rest = facts.channels.iter().filter(|(id, _)| after.is_none_or(|after| **id > after));
        Ok(rest.take(limit).map(|(_, connection)| connection.clone()).collect::<Vec<_>>())
    };
    let listing = page.collect(read, |known| known.channel.id, |known| Ok(Some(ChannelView::of(known, &web.place))))?;
    Ok(Json(listing))
}

/// `POST /channels`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    Told(new): Told<NewChannel>,
) -> Result<(StatusCode, Json<ChannelView>), Trouble> {
    let channel = web.executor.create_channel(by, new.kind, &new.name, new.settings).await?;
    view(&web, channel.id).map(|view| (StatusCode::CREATED, view))
}

/// `GET /channels/{id}`
pub async fn one(State(web): State<Web>, At(id): At<ChannelId>) -> Answer<ChannelView> {
    view(&web, id)
}

/// `PATCH /channels/{id}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<ChannelId>,
    Told(changes): Told<ChannelChanges>,
) -> Answer<ChannelView> {
    let edit = ChannelEdit { name: changes.name, enabled: changes.enabled, settings: changes.settings };
    web.executor.edit_channel(by, id, edit).await?;
    view(&web, id)
}

/// `DELETE /channels/{id}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<ChannelId>) -> Result<StatusCode, Trouble> {
    web.executor.delete_channel(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(web: &Web, id: ChannelId) -> Answer<ChannelView> {
    let facts = web.executor.facts();
    let connection = facts.channel(id)?;
    Ok(Json(ChannelView::of(connection, &web.place)))
}
