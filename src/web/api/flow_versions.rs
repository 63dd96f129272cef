//! `/flows/{id}` saved, its versions, and `/flows/match`: who would get a phrase.

use super::Answer;
use super::channel_named;
use super::flows::{RedWord, SavedView, read_document, red};
use super::messages::RouteView;
use crate::base::id::{FlowId, OperatorId};
use crate::base::time::Time;
use crate::executor::control::flow_check::unresolve;
use crate::executor::control::flow_runs::{Running, Way};
use crate::executor::control::flows::SaveAs;
use crate::executor::control::phrase::{self, Phrase};
use crate::executor::refusal::Refusal;
use crate::model::document;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::route::Outcome;
use crate::store::{View, flows};
use crate::web::Web;
use crate::web::ask::{At, Filters};
use crate::web::flow_diff::{self, Happened};
use crate::web::problem::Trouble;
use axum::body::Bytes;
use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Versions of a page where nobody says, and at most.
const VERSIONS: (usize, usize) = (50, 200);

/// What happens to those inside when a flow is saved.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SaveOptions {
    running: RunningWord,
    /// Where those go who stand at some nodes, where all move who can: `w9:stop,w2:finish,w4:to:m3`.
    ways: String,
    red: Option<RedWord>,
}

/// The ways of `ways=`.
fn ways(text: &str) -> Result<BTreeMap<NodeId, Way>, Trouble> {
    let way = |part: &str| {
        let (node, way) = part.split_once(':')?;
        let way = match way {
            "stop" => Way::Stop,
            "finish" => Way::Finish,
            other => Way::To(NodeId(other.strip_prefix("to:")?.to_owned())),
        };
        Some((NodeId(node.trim().to_owned()), way))
    };
    let bad =
        |part: &str| Trouble::invalid(format!("\"{part}\" is no way. Write NODE:finish, NODE:stop or NODE:to:NODE. Nothing was saved."));
    text.split(',').filter(|part| !part.trim().is_empty()).map(|part| way(part).ok_or_else(|| bad(part))).collect()
}

/// The words for it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunningWord {
    /// Those who can move, the others finish.
    #[default]
    Move,
    /// All finish where they are.
    Finish,
    /// All stop.
    Stop,
}

/// `PUT /flows/{id}`
pub async fn save(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<FlowId>,
    Filters(options): Filters<SaveOptions>,
    body: Bytes,
) -> Answer<SavedView> {
    let running = match options.running {
        RunningWord::Move => Running::Move,
        RunningWord::Finish => Running::Finish,
        RunningWord::Stop => Running::Stop,
    };
    let how = SaveAs { running, ways: ways(&options.ways)?, red: red(options.red), revision: None };
    let saved = web.executor.save_flow_with(by, id, read_document(&body)?, how).await?;
    Ok(Json(SavedView::of(&saved, &web)))
}

/// A version of a flow.
#[derive(Debug, Serialize)]
pub struct VersionView {
    number: u32,
    saved: Time,
    /// The operator; `null` is the API.
    by: Option<OperatorId>,
    /// What changed against the version before; of the first one, nothing.
    changes: Vec<ChangeView>,
}

/// A node that changed, or the flow itself.
#[derive(Debug, Serialize)]
pub struct ChangeView {
    /// `null` is the flow itself.
    node: Option<NodeId>,
    what: Happened,
    members: Vec<String>,
}

/// Which versions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionFilters {
    limit: Option<usize>,
    after: Option<u32>,
}

/// Versions, newest first.
#[derive(Debug, Serialize)]
pub struct VersionList {
    items: Vec<VersionView>,
    next: Option<String>,
}

fn changes(old: &Flow, new: &Flow) -> Vec<ChangeView> {
    let view = |found: flow_diff::Difference| ChangeView { node: found.node, what: found.what, members: found.members };
    flow_diff::compare(old, new).into_iter().map(view).collect()
}

/// `GET /flows/{id}/versions`
pub async fn versions(State(web): State<Web>, At(id): At<FlowId>, Filters(filters): Filters<VersionFilters>) -> Answer<VersionList> {
    let (facts, limit) = (web.executor.facts(), filters.limit.unwrap_or(VERSIONS.0).clamp(1, VERSIONS.1));
    let list = web.read(move |view| {
        facts.heads.get(&id).ok_or(Refusal::NotFound("flow"))?;
        let mut heads = flows::versions(view, id)?;
        heads.reverse();
        heads.retain(|head| filters.after.is_none_or(|after| head.number < after));
        let more = heads.len() > limit;
        let mut items = Vec::with_capacity(limit.min(heads.len()));
        for head in heads.into_iter().take(limit) {
            let before = if head.number > 1 { flows::version(view, id, head.number - 1)? } else { None };
            let changes = match before {
                Some(before) => changes(&before.document, &version(view, id, head.number)?),
                None => Vec::new(),
            };
            items.push(VersionView { number: head.number, saved: head.saved, by: head.by, changes });
        }
        let next = items.last().map(|last| last.number.to_string()).filter(|_| more);
        Ok(VersionList { items, next })
    });
    Ok(Json(list.await?))
}

fn version(view: &View, id: FlowId, number: u32) -> Result<Flow, Refusal> {
    Ok(flows::version(view, id, number)?.ok_or(Refusal::NotFound("version"))?.document)
}

/// `GET /flows/{id}/versions/{number}`: the document. Sending it back with `PUT /flows/{id}` restores it.
pub async fn one_version(State(web): State<Web>, At((id, number)): At<(FlowId, u32)>) -> Answer<Value> {
    let facts = web.executor.facts();
    let document = web.read(move |view| {
        let mut flow = version(view, id, number)?;
        unresolve(&mut flow, &facts);
        Ok(document::write(&flow))
    });
    Ok(Json(document.await?))
}

/// A phrase that is tested.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchFilters {
    text: String,
    channel: Option<String>,
}

/// Who would get it.
#[derive(Debug, Serialize)]
pub struct MatchView {
    #[serde(flatten)]
    route: RouteView,
    name: Option<String>,
    trigger: Option<NodeId>,
}

/// `GET /flows/match?text=&channel=`: which flow would get a phrase from somebody who wrote before and is in no flow, by which rule, and
/// who loses.
pub async fn who_gets(State(web): State<Web>, Filters(asked): Filters<MatchFilters>) -> Answer<MatchView> {
    let (facts, now) = (web.executor.facts(), web.executor.now());
    let channel = asked.channel.as_deref().map(|word| channel_named(&facts, word)).transpose()?;
    let view = web.read(move |view| {
        let route = phrase::who_gets(view, &facts, Phrase { text: &asked.text, channel, draft: None }, now)?;
        let name = route.flow.and_then(|flow| facts.names.get(&flow).cloned());
        let trigger = if let Outcome::Enter { trigger } = &route.outcome { Some(trigger.clone()) } else { None };
        Ok(MatchView { route: RouteView::of(&route), name, trigger })
    });
    Ok(Json(view.await?))
}
