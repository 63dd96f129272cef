//! `/flows`: the flows as documents, saved, disabled, copied, started.

use super::{Answer, Listing, Page};
use crate::base::id::FlowId;
use crate::base::time::Time;
use crate::executor::control::flow_check::unresolve;
use crate::executor::control::flow_runs::Overdue;
use crate::executor::control::flows::{Copied, Saved};
use crate::executor::control::rehearsal::Red;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::document;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::store::{View, flows, runs};
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::problem::{ProblemView, Trouble};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A flow in the list.
#[derive(Clone, Debug, Serialize)]
pub struct FlowView {
    id: FlowId,
    name: String,
    state: &'static str,
    since: Option<Time>,
    version: u32,
    runs: u64,
    created: Time,
    changed: Time,
    last_error: Option<ErrorView>,
}

/// The last failure of one of a flow's runs.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorView {
    at: Time,
    text: String,
}

impl FlowView {
    fn of(head: &FlowHead, runs: u64) -> FlowView {
        let (state, since) = match head.state {
            FlowState::Enabled => ("enabled", None),
            FlowState::Disabled { since } => ("disabled", Some(since)),
            FlowState::Binned { since } => ("binned", Some(since)),
        };
        FlowView {
            id: head.id,
            name: head.name.clone(),
            state,
            since,
            version: head.version,
            runs,
            created: head.created,
            changed: head.changed,
            last_error: head.last_error.clone().map(|(at, text)| ErrorView { at, text }),
        }
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowFilters {
    state: Option<StateFilter>,
    limit: Option<usize>,
    after: Option<String>,
}

/// The states of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateFilter {
    /// It runs.
    Enabled,
    /// It does not.
    Disabled,
    /// It is in the bin.
    Binned,
    /// Any of these.
    Any,
}

impl StateFilter {
    /// Without a filter all but those in the bin.
    fn holds(filter: Option<StateFilter>, state: &FlowState) -> bool {
        match filter {
            None => !matches!(state, FlowState::Binned { .. }),
            Some(StateFilter::Any) => true,
            Some(StateFilter::Enabled) => matches!(state, FlowState::Enabled),
            Some(StateFilter::Disabled) => matches!(state, FlowState::Disabled { .. }),
            Some(StateFilter::Binned) => matches!(state, FlowState::Binned { .. }),
        }
    }
}

/// `GET /flows`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<FlowFilters>) -> Answer<Listing<FlowView>> {
    let page = Page::<FlowId>::of(filters.limit, filters.after.as_deref())?;
    let facts = web.executor.facts();
    let listing = web.read(move |view| {
        let read = |after: Option<FlowId>, limit| {
            let rest = facts.heads.values().filter(|head| after.is_none_or(|after| head.id > after));
            Ok(rest.take(limit).cloned().collect::<Vec<_>>())
        };
        page.collect(
            read,
            |head| head.id,
            |head| {
                if !StateFilter::holds(filters.state, &head.state) {
                    return Ok(None);
                }
                Ok(Some(FlowView::of(head, runs::count_live_of_flow(view, head.id)?)))
            },
        )
    });
    Ok(Json(listing.await?))
}

/// Whether a new flow is enabled at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateOptions {
    #[serde(default)]
    enable: bool,
    red: Option<RedWord>,
}

/// The word by which somebody who has seen the red tests of a flow saves it all the same.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedWord {
    /// Save.
    Confirm,
}

/// What a word says of red tests; none refuses.
pub(super) fn red(word: Option<RedWord>) -> Red {
    match word {
        Some(RedWord::Confirm) => Red::Confirmed,
        None => Red::Refuse,
    }
}

/// A flow that was saved.
#[derive(Debug, Serialize)]
pub struct SavedView {
    id: FlowId,
    version: u32,
    warnings: Vec<ProblemView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_url: Option<String>,
}

impl SavedView {
    pub(super) fn of(saved: &Saved, web: &Web) -> SavedView {
        let address = |token: &str| format!("{}/start/{token}", web.place.base_url(None));
        SavedView {
            id: saved.id,
            version: saved.version,
            warnings: saved.warnings.iter().map(ProblemView::from).collect(),
            start_url: saved.start_token.as_ref().map(|token| address(token.reveal())),
        }
    }
}

/// `POST /flows`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    Filters(options): Filters<CreateOptions>,
    body: Bytes,
) -> Result<(StatusCode, Json<SavedView>), Trouble> {
    let saved = web.executor.create_flow_with(by, read_document(&body)?, options.enable, red(options.red)).await?;
    Ok((StatusCode::CREATED, Json(SavedView::of(&saved, &web))))
}

/// `GET /flows/{id}`: the document as it was saved last, or the draft where none was saved yet.
pub async fn document(State(web): State<Web>, At(id): At<FlowId>) -> Answer<Value> {
    let facts = web.executor.facts();
    let document = web.read(move |view| {
        let mut flow = current(view, &facts, id)?;
        unresolve(&mut flow, &facts);
        Ok(document::write(&flow))
    });
    Ok(Json(document.await?))
}

fn current(view: &View, facts: &Facts, id: FlowId) -> Result<Flow, Refusal> {
    let head = facts.heads.get(&id).ok_or(Refusal::NotFound("flow"))?;
    if head.version > 0 {
        return Ok(facts.flow(view, id, head.version)?.as_ref().clone());
    }
    flows::draft(view, id)?.ok_or(Refusal::NotFound("flow"))
}

pub(super) fn read_document(body: &[u8]) -> Result<Flow, Trouble> {
    let json = super::super::ask::read_json(body)?;
    document::read(&json).map_err(Trouble::document)
}

/// `DELETE /flows/{id}`: into the bin.
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<FlowId>) -> Result<StatusCode, Trouble> {
    web.executor.bin_flow(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /flows/{id}/pause`: disabled from now on.
pub async fn pause(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<FlowId>) -> Answer<FlowView> {
    web.executor.pause_flow(by, id).await?;
    view(&web, id).await
}

/// What happens to the waits that fell due meanwhile.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnableOptions {
    overdue: OverdueWord,
}

/// The words for it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverdueWord {
    /// Every wait is longer by the pause.
    #[default]
    Shift,
    /// What is overdue goes out spread over time.
    Spread,
    /// What is overdue is not done.
    Drop,
}

/// `DELETE /flows/{id}/pause`: enabled from now on.
pub async fn enable(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<FlowId>,
    Filters(options): Filters<EnableOptions>,
) -> Answer<FlowView> {
    let overdue = match options.overdue {
        OverdueWord::Shift => Overdue::Shift,
        OverdueWord::Spread => Overdue::Spread,
        OverdueWord::Drop => Overdue::Drop,
    };
    web.executor.enable_flow(by, id, overdue).await?;
    view(&web, id).await
}

async fn view(web: &Web, id: FlowId) -> Answer<FlowView> {
    let facts = web.executor.facts();
    let view = web.read(move |view| {
        let head = facts.heads.get(&id).ok_or(Refusal::NotFound("flow"))?;
        Ok(FlowView::of(head, runs::count_live_of_flow(view, id)?))
    });
    Ok(Json(view.await?))
}

/// A copy, and what it lacks.
#[derive(Debug, Serialize)]
pub struct CopyView {
    id: FlowId,
    missing: Vec<MissingView>,
}

/// One thing that a copy lacks.
#[derive(Debug, Serialize)]
pub struct MissingView {
    node: Option<NodeId>,
    what: &'static str,
}

/// `POST /flows/{id}/copies`
pub async fn copy(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<FlowId>,
) -> Result<(StatusCode, Json<CopyView>), Trouble> {
    let Copied { id, missing } = web.executor.copy_flow(by, id).await?;
    let missing = missing.into_iter().map(|(node, what)| MissingView { node, what }).collect();
    Ok((StatusCode::CREATED, Json(CopyView { id, missing })))
}
