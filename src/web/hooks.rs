//! What strangers call: webhooks of providers and gateways, and the start addresses of flows. Bytes go down unparsed; what comes back
//! is what they hear.

use super::Web;
use super::api::starts::{AddressBody, LeftView, StartedView};
use super::ask::{At, Told};
use super::auth;
use super::problem::Trouble;
use crate::base::address::ChannelKind;
use crate::base::limits::REPEAT_KEY_MAX;
use crate::executor::control::repeat::RepeatKey;
use crate::executor::control::starts::flow_of_token;
use crate::executor::receive::{Hook, HookReply};
use crate::executor::refusal::Refusal;
use crate::model::operator::Scope;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a provider is kept waiting (IN-2): beyond it, it is told to come again, and what was stored meanwhile is known by its id.
const ANSWER: Duration = Duration::from_secs(3);

/// `POST` and `GET /hooks/{token}`
pub async fn receive(
    State(web): State<Web>,
    At(token): At<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    let facts = web.executor.facts();
    let kind = facts.channel_by_token(&token).map(|connection| connection.channel.kind);
    if kind.is_none() {
        web.executor.meters.hooks_unknown.fetch_add(1, Ordering::Relaxed);
        return Err(Trouble::not_found("webhook address"));
    }
    if kind == Some(ChannelKind::Simulator) {
        auth::key_with(&web, &headers, Scope::Trigger).await?;
    }
    let hook = Hook {
        method: method.as_str().to_owned(),
        query: query.unwrap_or_default(),
        headers: headers.iter().map(|(name, value)| (name.as_str().to_owned(), latin1(value))).collect(),
        body: body.into(),
    };
    let executor = web.executor.clone();
    // On a task of its own: a provider that hangs up must not cut the work in the middle.
    let work = tokio::spawn(async move { executor.receive(&token, hook).await });
    let reply = tokio::time::timeout(ANSWER, work).await.map_err(|_| Trouble::from(Refusal::Busy))?;
    said(reply.map_err(|_| Trouble::fault())?)
}

/// A header's value as text; bytes beyond ASCII as Latin-1, as HTTP once meant them.
fn latin1(value: &HeaderValue) -> String {
    value.as_bytes().iter().map(|byte| char::from(*byte)).collect()
}

fn said(reply: HookReply) -> Result<Response, Trouble> {
    let status = StatusCode::from_u16(reply.status).map_err(|_| Trouble::fault())?;
    match status {
        StatusCode::SERVICE_UNAVAILABLE => Err(Trouble::from(Refusal::Busy)),
        StatusCode::NOT_FOUND => Err(Trouble::not_found("webhook address")),
        _ if status.is_client_error() => Err(Trouble::new(status, "Refused", reply.body)),
        _ => Ok((status, [(CONTENT_TYPE, reply.content_type)], reply.body).into_response()),
    }
}

/// `POST /start/{token}`
pub async fn start(
    State(web): State<Web>,
    At(token): At<String>,
    headers: HeaderMap,
    Told(body): Told<AddressBody>,
) -> Result<Response, Trouble> {
    let flow = web.read(move |view| flow_of_token(view, &token)).await?.ok_or_else(|| Trouble::not_found("start address"))?;
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| !key.is_empty() && key.len() <= REPEAT_KEY_MAX);
    let repeat = key.map(|key| RepeatKey { scope: format!("start address {flow}"), key: key.to_owned() });
    let (request, goal) = body.request(&web.executor.facts(), flow)?;
    if let Some(goal) = goal {
        let left = web.executor.leave_by_address(request, goal, repeat).await?;
        return Ok((StatusCode::ACCEPTED, Json(LeftView { left })).into_response());
    }
    let started = web.executor.start_by_address(request, repeat).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedView::from(started))).into_response())
}
