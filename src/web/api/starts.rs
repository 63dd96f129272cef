//! Starts by program: one contact by the API, or by a flow's own start address, which also calls back and tells of goals.

use super::{channel_named, repeat_key};
use crate::base::id::{ContactId, FlowId, RunId};
use crate::executor::advance::Started;
use crate::executor::control::runs::{ContactRef, StartRequest};
use crate::executor::facts::Facts;
use crate::model::operator::By;
use crate::model::run::{Origin, StartOutcome};
use crate::model::value::Values;
use crate::web::Web;
use crate::web::ask::{At, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// A start.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    contact: ContactBody,
    #[serde(default)]
    variables: Values,
}

/// For whom: a contact's id, or an address on a channel.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "Whom")]
#[serde(deny_unknown_fields)]
struct ContactBody {
    id: Option<ContactId>,
    channel: Option<String>,
    address: Option<String>,
    name: Option<String>,
}

impl StartBody {
    /// The request to start this flow.
    pub fn request(self, facts: &Facts, flow: FlowId) -> Result<StartRequest, Trouble> {
        let contact = match self.contact {
            ContactBody { id: Some(id), channel: None, address: None, name: None } => ContactRef::Id(id),
            ContactBody { id: None, channel: Some(channel), address: Some(address), name } => {
                ContactRef::At { channel: channel_named(facts, &channel)?, address, name }
            }
            _ => {
                let detail = "Say for whom: `contact` has either `id`, or `channel` and `address` and perhaps `name`. Nothing was started.";
                return Err(Trouble::invalid(detail));
            }
        };
        Ok(StartRequest { flow, contact, variables: self.variables, origin: Origin::Api })
    }
}

/// What a start address is told: a start, or that a goal is reached.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    contact: ContactBody,
    #[serde(default)]
    variables: Values,
    leave: Option<String>,
}

impl AddressBody {
    /// The request, and the goal where one is told.
    pub fn request(self, facts: &Facts, flow: FlowId) -> Result<(StartRequest, Option<String>), Trouble> {
        let goal = self.leave.map(|goal| goal.trim().to_owned());
        if goal.as_ref().is_some_and(String::is_empty) {
            return Err(Trouble::invalid("The goal in `leave` is empty. Name it, as paid. Nothing was changed."));
        }
        Ok((StartBody { contact: self.contact, variables: self.variables }.request(facts, flow)?, goal))
    }
}

/// The runs that a goal ended.
#[derive(Debug, Serialize)]
pub struct LeftView {
    /// Which.
    pub left: Vec<RunId>,
}

/// Another start address.
#[derive(Debug, Serialize)]
pub struct AddressView {
    start_url: String,
}

/// `POST /flows/{id}/start_address`: another one, told this once; the one before leads nowhere.
pub async fn renew(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<FlowId>,
) -> Result<(StatusCode, Json<AddressView>), Trouble> {
    let token = web.executor.renew_start_address(by, id).await?;
    let start_url = format!("{}/start/{}", web.place.base_url(None), token.reveal());
    Ok((StatusCode::CREATED, Json(AddressView { start_url })))
}

/// How a start was answered.
#[derive(Debug, Serialize)]
pub struct StartedView {
    outcome: StartOutcome,
    run: Option<RunId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<Started> for StartedView {
    fn from(started: Started) -> StartedView {
        StartedView { outcome: started.outcome, run: started.run, reason: started.reason }
    }
}

/// `POST /flows/{id}/runs`
pub async fn start(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<FlowId>,
    headers: HeaderMap,
    Told(body): Told<StartBody>,
) -> Result<(StatusCode, Json<StartedView>), Trouble> {
    let repeat = repeat_key(&headers, by, &format!("start {id}"))?;
    let request = body.request(&web.executor.facts(), id)?;
    let started = web.executor.start_run_once(by, request, repeat).await?;
    Ok((StatusCode::ACCEPTED, Json(started.into())))
}
