//! `/runs`: active automations, and those that are over.

use super::{Answer, ITEMS, ITEMS_MAX, Listing};
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::time::{Span, Time};
use crate::engine::forecast::{Branch, Fork};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::executor::{advance, run_list};
use crate::model::action::{Action, ActionSource, ActionState, Change, Verb};
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::run::{Origin, Run, RunState};
use crate::model::run_match::{RunMatch, SavedView, StateWord};
use crate::model::value::{Value, Values};
use crate::store::{contacts, run_views, runs};
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct RunView {
    id: RunId,
    contact: ContactId,
    contact_name: Option<String>,
    contact_address: Option<String>,
    channel: ChannelId,
    flow: FlowId,
    flow_name: Option<String>,
    version: u32,
    key: Option<String>,
    state: &'static str,
    node: Option<NodeId>,
    due: Option<Time>,
    started: Time,
    origin: &'static str,
    ended: Option<Time>,
    reason: Option<String>,
    variables: Values,
    /// How much later than due the pace of its channel lets its next action out; only where that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    behind: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<Vec<ActionView>>,
}

/// An action of a run, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    id: String,
    node: NodeId,
    kind: &'static str,
    state: ActionState,
    due: Option<Time>,
    text: String,
    source: ActionSource,
    changed: Option<Change>,
    result: Option<String>,
    branches: Vec<String>,
    ways: Vec<WayView>,
}

/// A way out of an action where it is not decided how the run goes on.
#[derive(Clone, Debug, Serialize)]
pub struct WayView {
    /// The node it leaves, and by which exit.
    node: NodeId,
    exit: String,
    /// Whether the forecast itself goes on this way, in the actions below.
    followed: bool,
    /// Whether the run ends by it.
    ends: bool,
    /// What comes first on it, as this contact would get it.
    next: Vec<ActionView>,
}

impl WayView {
    fn of(branch: Branch, flow: &Flow) -> WayView {
        let leads_on = flow.node(&branch.node).is_some_and(|node| node.exit(&branch.exit).is_some());
        WayView {
            ends: !branch.followed && !leads_on,
            next: branch.next.into_iter().map(ActionView::foreseen).collect(),
            node: branch.node,
            exit: branch.exit,
            followed: branch.followed,
        }
    }
}

impl ActionView {
    /// What nothing is pending for: it may come on a way that is not decided.
    fn foreseen(action: Action) -> ActionView {
        let state = if action.state == ActionState::Scheduled { ActionState::Forecast } else { action.state };
        ActionView { state, source: ActionSource::Forecast, ..ActionView::from(action) }
    }
}

impl From<Action> for ActionView {
    fn from(action: Action) -> ActionView {
        ActionView {
            id: action.id.to_string(),
            node: action.id.node,
            kind: action.kind,
            state: action.state,
            due: action.due,
            text: action.text,
            source: action.source,
            changed: action.changed,
            result: action.result,
            branches: action.branches,
            ways: Vec::new(),
        }
    }
}

impl RunView {
    /// A run with its contact, without its actions.
    pub(super) fn of(run: &Run, contact: Option<&Contact>, facts: &Facts) -> RunView {
        let (ended, reason) = match &run.state {
            RunState::Ended { at, word, .. } => (Some(*at), word.clone()),
            _ => (None, None),
        };
        RunView {
            id: run.id,
            contact: run.contact,
            contact_name: contact.and_then(|contact| contact.name.clone()),
            contact_address: contact.and_then(|contact| contact.addresses.first()).map(|address| address.address.clone()),
            channel: run.channel,
            flow: run.flow,
            flow_name: facts.heads.get(&run.flow).map(|head| head.name.clone()),
            version: run.version,
            key: run.key.clone(),
            state: StateWord::of(&run.state).word(),
            node: run.node().cloned(),
            due: run.timer().map(|(due, _)| due),
            started: run.started,
            origin: origin(&run.origin),
            ended,
            reason,
            variables: run.variables.clone(),
            behind: None,
            actions: None,
        }
    }
}

fn origin(origin: &Origin) -> &'static str {
    match origin {
        Origin::Trigger(_) => "trigger",
        Origin::Operator(_) => "operator",
        Origin::Api => "api",
        Origin::Launch(_) => "launch",
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFilters {
    contact: Option<ContactId>,
    flow: Option<FlowId>,
    channel: Option<ChannelId>,
    state: Option<String>,
    node: Option<NodeId>,
    tag: Option<String>,
    text: Option<String>,
    due_from: Option<Time>,
    due_before: Option<Time>,
    limit: Option<usize>,
    after: Option<String>,
}

impl RunFilters {
    fn wanted(self) -> Result<RunMatch, Trouble> {
        let words = || StateWord::ALL.map(StateWord::word).join(", ");
        let unknown = |word: &str| Trouble::invalid(format!("\"{word}\" is no state of a run. It is one of {}.", words()));
        let state = self.state.as_deref().map(|word| StateWord::of_word(word).ok_or_else(|| unknown(word))).transpose()?;
        Ok(RunMatch {
            runs: Vec::new(),
            contact: self.contact,
            flow: self.flow,
            node: self.node,
            channel: self.channel,
            tag: self.tag,
            state,
            due_from: self.due_from,
            due_before: self.due_before,
            text: self.text,
        })
    }
}

/// `GET /runs`: soonest first; those that are over, or of one contact, by their ids. A filter that has to look at each looks at so many
/// for a page: `next` then goes on, and the page may be short.
pub async fn list(State(web): State<Web>, Filters(filters): Filters<RunFilters>) -> Answer<Listing<RunView>> {
    let (limit, after) = (filters.limit.unwrap_or(ITEMS).clamp(1, ITEMS_MAX), filters.after.clone());
    let wanted = filters.wanted()?;
    let facts = web.executor.facts();
    let listing = web.read(move |view| {
        let page = run_list::page(view, &wanted, after.as_deref(), limit)?;
        let items = page.rows.iter().map(|(run, contact)| RunView::of(run, Some(contact), &facts)).collect();
        Ok(Listing { items, next: page.next })
    });
    Ok(Json(listing.await?))
}

/// `GET /runs/{id}`
pub async fn one(State(web): State<Web>, At(id): At<RunId>) -> Answer<RunView> {
    view(&web, id).await
}

/// The run with all its actions.
pub(super) async fn view(web: &Web, id: RunId) -> Answer<RunView> {
    let actions = web.executor.run_actions(id).await?;
    let (facts, now) = (web.executor.facts(), web.executor.now());
    let run = web.read(move |view| {
        let run = runs::get(view, id)?.ok_or(Refusal::NotFound("run"))?;
        let contact = contacts::get(view, run.contact)?;
        let mut actions: Vec<ActionView> = actions.into_iter().map(ActionView::from).collect();
        if let (Some(contact), false) = (&contact, run.is_over()) {
            let flow = facts.flow(view, run.flow, run.version)?;
            fork(&mut actions, advance::forks(view, &facts, &run, contact, now)?, &flow);
        }
        let behind = Some(run_list::behind(view, &facts, &run)?).filter(|behind| *behind >= run_list::PACE_TOLD);
        Ok(RunView { behind, actions: Some(actions), ..RunView::of(&run, contact.as_ref(), &facts) })
    });
    Ok(Json(run.await?))
}

/// Tells the ways out where they are not decided.
fn fork(actions: &mut [ActionView], forks: Vec<Fork>, flow: &Flow) {
    for fork in forks {
        let id = fork.line.to_string();
        if let Some(line) = actions.iter_mut().find(|action| action.id == id && action.source != ActionSource::Done) {
            line.ways = fork.branches.into_iter().map(|branch| WayView::of(branch, flow)).collect();
        }
    }
}

/// What is done to a run: its state, or the node it stands at.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunChanges {
    state: Option<StateWish>,
    node: Option<NodeId>,
    reason: Option<String>,
    variables: Option<BTreeMap<String, Option<Value>>>,
}

/// The states that a person can give a run.
#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateWish {
    /// It moves.
    Active,
    /// It keeps its place.
    Held,
    /// It is over.
    Stopped,
}

/// `PATCH /runs/{id}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<RunId>,
    Told(changes): Told<RunChanges>,
) -> Answer<RunView> {
    let stop = |reason: Option<String>| Verb::Stop(reason.unwrap_or_else(|| "It was stopped by hand.".to_owned()));
    let verbs = match (changes.state, changes.node, changes.variables) {
        (Some(StateWish::Active), None, None) => vec![Verb::Resume],
        (Some(StateWish::Held), None, None) => vec![Verb::Hold],
        (Some(StateWish::Stopped), None, None) => vec![stop(changes.reason)],
        (None, Some(node), None) => vec![Verb::Jump(node)],
        (None, None, Some(variables)) => variables.into_iter().map(|(name, value)| Verb::Variable(name, value)).collect(),
        _ => {
            let detail = "Say one of `state` (active, held or stopped), `node` and `variables`. Nothing was changed.";
            return Err(Trouble::invalid(detail));
        }
    };
    for verb in verbs {
        web.executor.run_verb(by, id, verb).await?;
    }
    view(&web, id).await
}

/// `POST /runs/{id}/restarts`: it ends, and another begins at the start, which is the answer.
pub async fn restart(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<RunId>) -> Answer<RunView> {
    let fresh = web.executor.run_verb(by, id, Verb::Restart).await?;
    view(&web, fresh).await
}

/// Filters of the list under a name: `query` as it stands after the question mark of the panel's list.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewBody {
    name: String,
    query: String,
}

/// `GET /runs/views`
pub async fn views(State(web): State<Web>) -> Answer<Listing<ViewBody>> {
    let views = web.read(|view| Ok(run_views::all(view)?)).await?;
    let items = views.into_iter().map(|SavedView { name, query }| ViewBody { name, query }).collect();
    Ok(Json(Listing { items, next: None }))
}

/// `POST /runs/views`: the one of the same name goes.
pub async fn save_view(State(web): State<Web>, Extension(by): Extension<By>, Told(body): Told<ViewBody>) -> Answer<ViewBody> {
    let kept = SavedView { name: body.name.trim().to_owned(), query: body.query.trim_start_matches('?').to_owned() };
    web.executor.save_view(by, kept.clone()).await?;
    Ok(Json(ViewBody { name: kept.name, query: kept.query }))
}

/// `DELETE /runs/views/{name}`
pub async fn delete_view(State(web): State<Web>, Extension(by): Extension<By>, At(name): At<String>) -> Result<StatusCode, Trouble> {
    web.executor.delete_view(by, name).await?;
    Ok(StatusCode::NO_CONTENT)
}
