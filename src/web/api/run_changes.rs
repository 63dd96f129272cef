//! `/runs/changes`: many runs at once. Without `apply` it says who is meant; with it, it begins, and can be watched and taken back.

use super::runs::RunView;
use super::{Answer, Listing};
use crate::base::id::JobId;
use crate::base::time::{Span, Time};
use crate::executor::control::bulk::CONFIRM_ABOVE;
use crate::executor::refusal::Refusal;
use crate::model::job::{BulkVerb, Job, JobState};
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::run_match::RunMatch;
use crate::store::jobs;
use crate::web::Web;
use crate::web::ask::{At, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// Jobs of the list.
const JOBS_LISTED: usize = 50;

/// What is to be done, and to whom.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ChangeOfMany")]
#[serde(deny_unknown_fields)]
pub struct Wish {
    r#match: RunMatch,
    verb: String,
    to: Option<Time>,
    by: Option<Span>,
    #[serde(default)]
    only: bool,
    node: Option<NodeId>,
    reason: Option<String>,
    #[serde(default)]
    apply: bool,
    count: Option<u64>,
}

impl Wish {
    fn verb(&self) -> Result<BulkVerb, Trouble> {
        let said = |what: &str| Trouble::invalid(format!("{what} Nothing was changed."));
        match (self.verb.as_str(), &self.node, self.to, self.by) {
            ("hold", None, None, None) => Ok(BulkVerb::Hold),
            ("resume", None, None, None) => Ok(BulkVerb::Resume),
            ("skip", None, None, None) => Ok(BulkVerb::Skip),
            ("stop", None, None, None) => {
                Ok(BulkVerb::Stop { reason: self.reason.clone().unwrap_or_else(|| "It was stopped by hand.".to_owned()) })
            }
            ("jump", Some(node), None, None) => Ok(BulkVerb::Jump { node: node.clone() }),
            ("jump", None, ..) => Err(said("Say in `node` where to jump.")),
            ("move", None, Some(to), None) => Ok(BulkVerb::Move { to: Some(to), by: None, only: self.only }),
            ("move", None, None, Some(by)) => Ok(BulkVerb::Move { to: None, by: Some(by), only: self.only }),
            ("move", ..) => Err(said("Say in `to` at which time, or in `by` how much later.")),
            _ => Err(said("`verb` is one of hold, resume, skip, stop, jump (with `node`) and move (with `to` or `by`).")),
        }
    }
}

/// Who is meant.
#[derive(Debug, Serialize)]
struct Preview {
    runs: u64,
    first: Vec<RunView>,
    can_undo: bool,
    must_confirm: bool,
}

/// A job, as the API tells it.
#[derive(Debug, Serialize)]
pub struct JobView {
    id: JobId,
    verb: &'static str,
    state: JobState,
    created: Time,
    finished: Option<Time>,
    total: u64,
    changed: u64,
    refused: u64,
    undone: u64,
    can_undo: bool,
}

impl JobView {
    fn of(job: &Job) -> JobView {
        JobView {
            id: job.id,
            verb: job.verb.word(),
            state: job.state,
            created: job.created,
            finished: job.finished,
            total: job.total,
            changed: job.changed,
            refused: job.refused,
            undone: job.undone,
            can_undo: job.verb.can_undo() && matches!(job.state, JobState::Running | JobState::Done),
        }
    }
}

/// `POST /runs/changes`
pub async fn create(State(web): State<Web>, Extension(by): Extension<By>, Told(wish): Told<Wish>) -> Result<Response, Trouble> {
    let verb = wish.verb()?;
    if wish.apply {
        let job = web.executor.change_runs(by, wish.r#match, verb, wish.count).await?;
        return Ok((StatusCode::ACCEPTED, Json(JobView::of(&job))).into_response());
    }
    let meant = web.executor.preview_changes(wish.r#match).await?;
    let facts = web.executor.facts();
    let first = meant.first.iter().map(|(run, contact)| RunView::of(run, Some(contact), &facts)).collect();
    let must_confirm = meant.runs > CONFIRM_ABOVE;
    Ok(Json(Preview { runs: meant.runs, first, can_undo: verb.can_undo(), must_confirm }).into_response())
}

/// `GET /runs/changes`: the newest first.
pub async fn list(State(web): State<Web>) -> Answer<Listing<JobView>> {
    let items = web.read(|view| Ok(jobs::latest(view, JOBS_LISTED)?.iter().map(JobView::of).collect())).await?;
    Ok(Json(Listing { items, next: None }))
}

/// `GET /runs/changes/{id}`
pub async fn one(State(web): State<Web>, At(id): At<JobId>) -> Answer<JobView> {
    let job = web.read(move |view| jobs::get(view, id)?.ok_or(Refusal::NotFound("change"))).await?;
    Ok(Json(JobView::of(&job)))
}

/// `DELETE /runs/changes/{id}`: takes it back, as far as it can be.
pub async fn undo(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<JobId>) -> Answer<JobView> {
    Ok(Json(JobView::of(&web.executor.undo_changes(by, id).await?)))
}
