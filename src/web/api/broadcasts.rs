//! `/broadcasts`: one flow started for many, with a look before at who is left out and why.

use super::{Answer, Listing, Page, channel_named, repeat_key};
use crate::base::id::{BroadcastId, ChannelId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use crate::executor::control::broadcasts::{Left, Preview, Wanted, outcome_word, written_numbers};
use crate::executor::facts::Facts;
use crate::executor::occasions::broadcasts::{Plan, STARTS_PER_MINUTE, STARTS_PER_MINUTE_MAX};
use crate::executor::refusal::Refusal;
use crate::model::broadcast::{Addressed, Broadcast, BroadcastState, Counts, LeftOut, Whom};
use crate::model::operator::By;
use crate::model::run::Origin;
use crate::model::value::Values;
use crate::store::broadcasts;
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A start for many.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BroadcastBody {
    /// The flow, by id or name.
    flow: String,
    #[serde(default)]
    contacts: Vec<ContactId>,
    #[serde(default)]
    numbers: Numbers,
    tag: Option<String>,
    segment: Option<String>,
    channel: Option<String>,
    #[serde(default)]
    variables: Values,
    per_minute: Option<u32>,
    #[serde(default)]
    preview: bool,
}

/// Numbers: a list, or a text with one to a line.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Numbers {
    List(Vec<String>),
    Text(String),
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers::List(Vec::new())
    }
}

impl BroadcastBody {
    fn plan(&self, facts: &Facts) -> Result<Plan, Trouble> {
        let by_id = || self.flow.parse::<FlowId>().ok().filter(|id| facts.names.contains_key(id));
        let flow = facts.flow_named(&self.flow).or_else(by_id);
        let flow = flow.ok_or_else(|| Trouble::invalid(format!("There is no flow \"{}\". Name one by its id or its name.", self.flow)))?;
        let per_minute = self.per_minute.unwrap_or(STARTS_PER_MINUTE);
        if !(1..=STARTS_PER_MINUTE_MAX).contains(&per_minute) {
            let detail = format!("`per_minute` is from 1 to {STARTS_PER_MINUTE_MAX}. Nothing was started.");
            return Err(Trouble::invalid(detail));
        }
        let channel = self.channel.as_deref().map(|word| channel_named(facts, word)).transpose()?;
        Ok(Plan { flow, origin: Origin::Api, channel, variables: self.variables.clone(), per_minute })
    }

    fn wanted(self) -> Result<Wanted, Trouble> {
        let numbers = match self.numbers {
            Numbers::List(list) => list,
            Numbers::Text(text) => written_numbers(&text),
        };
        let listed = !self.contacts.is_empty() || !numbers.is_empty();
        match (self.tag, self.segment) {
            (Some(tag), None) if !listed => Ok(Wanted::Tagged(tag)),
            (None, Some(segment)) if !listed => Ok(Wanted::Segment(segment)),
            (None, None) => Ok(Wanted::Listed(self.contacts, numbers)),
            _ => Err(Trouble::invalid("Say for whom in one way: `contacts` and `numbers`, or `tag`, or `segment`. Nothing was started.")),
        }
    }
}

/// Who would be started and who left out.
#[derive(Debug, Serialize)]
pub struct PreviewView {
    total: usize,
    starts: usize,
    left_out: BTreeMap<LeftOut, usize>,
    people: Vec<LeftView>,
    more: bool,
}

#[derive(Debug, Serialize)]
struct LeftView {
    contact: Option<ContactId>,
    name: String,
    reason: LeftOut,
    text: String,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> PreviewView {
        let Preview { total, starts, left_out, named, more } = preview;
        let people =
            named.into_iter().map(|Left { contact, shown, why }| LeftView { contact, name: shown, reason: why, text: why.to_string() });
        PreviewView { total, starts, left_out, people: people.collect(), more }
    }
}

/// `POST /broadcasts`: 202 with the broadcast, or, with `preview`, 200 with who would be left out and nothing started.
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    headers: HeaderMap,
    Told(body): Told<BroadcastBody>,
) -> Result<Response, Trouble> {
    let repeat = repeat_key(&headers, by, "broadcast")?;
    let plan = body.plan(&web.executor.facts())?;
    let preview = body.preview;
    let wanted = body.wanted()?;
    if preview {
        let preview = web.executor.preview_broadcast(plan, wanted).await?;
        return Ok(Json(PreviewView::from(preview)).into_response());
    }
    let id = web.executor.start_broadcast(by, plan, wanted, repeat).await?;
    let view = stored(&web, id).await?;
    Ok((StatusCode::ACCEPTED, Json(view)).into_response())
}

/// A broadcast.
#[derive(Debug, Serialize)]
pub struct BroadcastView {
    id: BroadcastId,
    flow: FlowId,
    state: &'static str,
    reason: Option<String>,
    due: Option<Time>,
    created: Time,
    ended: Option<Time>,
    whom: BTreeMap<&'static str, serde_json::Value>,
    channel: Option<ChannelId>,
    per_minute: u32,
    done: u32,
    counts: Counts,
}

impl From<Broadcast> for BroadcastView {
    fn from(broadcast: Broadcast) -> BroadcastView {
        let (due, ended, reason) = match &broadcast.state {
            BroadcastState::Running { due } => (Some(*due), None, None),
            BroadcastState::Done { at } => (None, Some(*at), None),
            BroadcastState::Stopped { at, reason } => (None, Some(*at), Some(reason.clone())),
        };
        let whom = match &broadcast.whom {
            Whom::Listed(count) => ("listed", (*count).into()),
            Whom::Tagged(tag) => ("tag", tag.clone().into()),
            Whom::Segment(segment) => ("segment", segment.name.clone().into()),
        };
        BroadcastView {
            id: broadcast.id,
            flow: broadcast.flow,
            state: broadcast.state.word(),
            reason,
            due,
            created: broadcast.created,
            ended,
            whom: [whom].into(),
            channel: broadcast.channel,
            per_minute: broadcast.per_minute,
            done: broadcast.counts.all(),
            counts: broadcast.counts,
        }
    }
}

async fn stored(web: &Web, id: BroadcastId) -> Result<BroadcastView, Trouble> {
    let found = web.read(move |view| Ok(broadcasts::get(view, id)?)).await?;
    found.map(BroadcastView::from).ok_or_else(|| Trouble::not_found("broadcast"))
}

/// `GET /broadcasts/{id}`
pub async fn one(State(web): State<Web>, At(id): At<BroadcastId>) -> Answer<BroadcastView> {
    Ok(Json(stored(&web, id).await?))
}

/// Which page is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paged {
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /broadcasts`
pub async fn list(State(web): State<Web>, Filters(paged): Filters<Paged>) -> Answer<Listing<BroadcastView>> {
    let page = Page::<BroadcastId>::of(paged.limit, paged.after.as_deref())?;
    let listing = web.read(move |view| {
        let read = |after, limit| Ok(broadcasts::list(view, after, limit)?);
        page.collect(read, |broadcast| broadcast.id, |broadcast| Ok(Some(BroadcastView::from(broadcast.clone()))))
    });
    Ok(Json(listing.await?))
}

/// One of the people of a broadcast.
#[derive(Debug, Serialize)]
pub struct PersonView {
    place: u32,
    contact: Option<ContactId>,
    written: Option<String>,
    outcome: &'static str,
    run: Option<RunId>,
    reason: Option<LeftOut>,
    text: Option<String>,
}

impl PersonView {
    fn of(place: u32, person: Addressed) -> PersonView {
        PersonView {
            place,
            contact: person.contact,
            written: Some(person.written).filter(|written| !written.is_empty()),
            outcome: outcome_word(person.outcome),
            run: person.run,
            reason: person.left_out,
            text: person.left_out.map(|why| why.to_string()),
        }
    }
}

/// `GET /broadcasts/{id}/people`: those who had their turn, and those of a list who wait for it.
pub async fn people(State(web): State<Web>, At(id): At<BroadcastId>, Filters(paged): Filters<Paged>) -> Answer<Listing<PersonView>> {
    let limit = paged.limit.unwrap_or(super::ITEMS).clamp(1, super::ITEMS_MAX);
    let unknown = |_| Trouble::invalid("The cursor in `after` is none of this list. Take it from `next`, unchanged.");
    let from = paged.after.map(|after| after.parse::<u32>().map_err(unknown)).transpose()?.map_or(0, |after| after.saturating_add(1));
    let found = web.read(move |view| {
        broadcasts::get(view, id)?.ok_or(Refusal::NotFound("broadcast"))?;
        Ok(broadcasts::people(view, id, from, limit + 1)?)
    });
    let mut found = found.await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(place, _)| place.to_string());
    let items = found.into_iter().map(|(place, person)| PersonView::of(place, person)).collect();
    Ok(Json(Listing { items, next }))
}

/// `DELETE /broadcasts/{id}`: those who had no turn yet get none.
pub async fn stop(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<BroadcastId>) -> Answer<BroadcastView> {
    web.executor.stop_broadcast(by, id).await?;
    Ok(Json(stored(&web, id).await?))
}
