//! `/runs`: active automations, and those that are over.

use super::{Answer, Listing, Page};
use crate::base::id::{ChannelId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::action::{Action, ActionSource, ActionState, Change, Verb};
use crate::model::contact::Contact;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::run::{EndedAs, Origin, Phase, Run, RunState};
use crate::model::value::Values;
use crate::store::{View, contacts, runs};
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// A run, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct RunView {
    id: RunId,
    contact: ContactId,
    contact_name: Option<String>,
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
        }
    }
}

impl RunView {
    fn of(run: &Run, contact: Option<&Contact>, facts: &Facts) -> RunView {
        let (ended, reason) = match &run.state {
            RunState::Ended { at, word, .. } => (Some(*at), word.clone()),
            _ => (None, None),
        };
        RunView {
            id: run.id,
            contact: run.contact,
            contact_name: contact.and_then(|contact| contact.name.clone()),
            channel: run.channel,
            flow: run.flow,
            flow_name: facts.heads.get(&run.flow).map(|head| head.name.clone()),
            version: run.version,
            key: run.key.clone(),
            state: state(&run.state),
            node: node(&run.phase).cloned(),
            due: run.timer().map(|(due, _)| due),
            started: run.started,
            origin: origin(&run.origin),
            ended,
            reason,
            variables: run.variables.clone(),
            actions: None,
        }
    }
}

fn state(state: &RunState) -> &'static str {
    match state {
        RunState::Live => "active",
        RunState::Held { .. } => "held",
        RunState::Ended { how: EndedAs::Finished, .. } => "finished",
        RunState::Ended { how: EndedAs::Stopped, .. } => "stopped",
        RunState::Ended { how: EndedAs::Failed, .. } => "failed",
    }
}

fn node(phase: &Phase) -> Option<&NodeId> {
    match phase {
        Phase::Ready(node) => Some(node),
        Phase::Waiting(waiting) => Some(&waiting.action.node),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
        Phase::Over => None,
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
    state: Option<String>,
    node: Option<NodeId>,
    tag: Option<String>,
    text: Option<String>,
    due_before: Option<Time>,
    limit: Option<usize>,
    after: Option<String>,
}

/// The words of the state filter.
const STATES: [&str; 6] = ["active", "held", "finished", "stopped", "failed", "any"];

impl RunFilters {
    /// Whether runs that are over may be among those asked for.
    fn reaches_ended(&self) -> bool {
        !matches!(self.state.as_deref(), None | Some("active" | "held"))
    }

    fn page(&self, view: &View, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, Refusal> {
        let ids = |run: &Run| after.is_none_or(|after| run.id > after);
        Ok(match (self.contact, self.flow, self.reaches_ended()) {
            (Some(contact), _, true) => runs::all_of_contact(view, contact, after, limit)?,
            (Some(contact), _, false) => runs::live_of_contact(view, contact)?.into_iter().filter(ids).take(limit).collect(),
            (None, Some(flow), false) => runs::live_of_flow(view, flow, after, limit)?,
            (None, None, false) => runs::list_live(view, after, limit)?,
            (None, _, true) => runs::list_any(view, after, limit)?,
        })
    }

    fn holds(&self, run: &Run) -> bool {
        let state_holds = |word: &str| word == "any" || word == state(&run.state);
        self.flow.is_none_or(|flow| run.flow == flow)
            && self.state.as_deref().is_none_or(state_holds)
            && self.node.as_ref().is_none_or(|wanted| node(&run.phase) == Some(wanted))
            && self.due_before.is_none_or(|before| run.timer().is_some_and(|(due, _)| due < before))
    }

    fn suits(&self, contact: Option<&Contact>) -> bool {
        let tagged = |tag: &String| contact.is_some_and(|contact| contact.tags.contains(tag));
        let called = |text: &String| contact.is_some_and(|contact| super::contacts::is_called(contact, text));
        self.tag.as_ref().is_none_or(tagged) && self.text.as_ref().is_none_or(called)
    }
}

/// `GET /runs`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<RunFilters>) -> Answer<Listing<RunView>> {
    let page = Page::<RunId>::of(filters.limit, filters.after.as_deref())?;
    if let Some(state) = filters.state.as_deref().filter(|state| !STATES.contains(state)) {
        return Err(Trouble::invalid(format!("\"{state}\" is no state of a run. It is one of {}.", STATES.join(", "))));
    }
    let facts = web.executor.facts();
    let listing = web.read(move |view| {
        let read = |after, limit| filters.page(view, after, limit);
        page.collect(
            read,
            |run| run.id,
            |run| {
                if !filters.holds(run) {
                    return Ok(None);
                }
                let contact = contacts::get(view, run.contact)?;
                Ok(filters.suits(contact.as_ref()).then(|| RunView::of(run, contact.as_ref(), &facts)))
            },
        )
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
    let facts = web.executor.facts();
    let run = web.read(move |view| {
        let run = runs::get(view, id)?.ok_or(Refusal::NotFound("run"))?;
        let contact = contacts::get(view, run.contact)?;
        Ok(RunView::of(&run, contact.as_ref(), &facts))
    });
    let actions = Some(actions.into_iter().map(ActionView::from).collect());
    Ok(Json(RunView { actions, ..run.await? }))
}

/// What is done to a run: its state, or the node it stands at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunChanges {
    state: Option<StateWord>,
    node: Option<NodeId>,
    reason: Option<String>,
}

/// The states that a person can give a run.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
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
    let verb = match (changes.state, changes.node) {
        (Some(StateWord::Active), None) => Verb::Resume,
        (Some(StateWord::Held), None) => Verb::Hold,
        (Some(StateWord::Stopped), None) => Verb::Stop(changes.reason.unwrap_or_else(|| "It was stopped by hand.".to_owned())),
        (None, Some(node)) => Verb::Jump(node),
        _ => return Err(Trouble::invalid("Say either `state` (active, held or stopped) or `node`. Nothing was changed.")),
    };
    web.executor.run_verb(by, id, verb).await?;
    view(&web, id).await
}
