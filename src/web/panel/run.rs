//! The story of one run, and what a person does to it as a whole.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::flow_map::{self, Marks, Passed};
use super::super::node_form::Fields;
use super::super::node_words::Speaker;
use super::super::page::{Chrome, Markup, Nav};
use super::super::runs::{Entry, RunPage};
use super::super::words::Language;
use super::contacts::shown_as;
use super::standing::{name, node_of};
use super::{Panel, Shown, Table};
use crate::base::id::{OperatorId, RunId};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::action::{Action, ActionSource, ActionState, Verb};
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::run::{EndedAs, Origin, Run, RunState};
use crate::store::{View, contacts, operators, runs};
use axum::body::Bytes;
use axum::extract::{Path, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/runs/{id}", show).get("/runs/{id}/stop", ask_stop).delete("/runs/{id}", stop);
    let table = table.post("/runs/{id}/hold", hold).delete("/runs/{id}/hold", resume);
    table.post("/runs/{id}/restart", restart).post("/runs/{id}/jumps", jump)
}

/// What the page needs, as it is read.
struct Read {
    run: Run,
    contact: Contact,
    flow: Arc<Flow>,
    people: BTreeMap<OperatorId, String>,
}

fn read(view: &View, facts: &Facts, id: RunId) -> Result<Read, Refusal> {
    let run = runs::get(view, id)?.ok_or(Refusal::NotFound("run"))?;
    let contact = contacts::get(view, run.contact)?.ok_or(Refusal::NotFound("contact"))?;
    let flow = facts.flow(view, run.flow, run.version)?;
    let people = operators::all(view)?.into_iter().map(|operator| (operator.id, operator.name)).collect();
    Ok(Read { run, contact, flow, people })
}

/// `GET /runs/{id}`
async fn show(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    let facts = web.executor.facts();
    let actions = web.executor.run_actions(id).await?;
    let asked = facts.clone();
    let read = web.read(move |view| read(view, &asked, id)).await?;
    let w = panel.language;
    let named = facts.heads.get(&read.run.flow).map_or_else(|| read.flow.name.clone(), |head| head.name.clone());
    let mut chrome = panel.chrome(Nav::Runs, w.run_title(&named, &shown_as(&read.contact, w).0));
    chrome.stream = Some(format!("/events?page=run&run={id}&contact={}", read.contact.id));
    let page = page(&chrome, &read, named, &actions);
    Ok(panel.show(&chrome, &page))
}

fn page<'a>(chrome: &'a Chrome, read: &Read, flow: String, actions: &[Action]) -> RunPage<'a> {
    let (w, run) = (chrome.language, &read.run);
    let (state, tone) = w.run_state(run);
    let of =
        |source: ActionSource| actions.iter().filter(|action| action.source == source).map(|action| entry(action, read, chrome)).collect();
    let silence = read.contact.silence(chrome.now).filter(|_| !run.is_over());
    RunPage {
        chrome,
        id: run.id.to_string(),
        contact: shown_as(&read.contact, w).0,
        contact_href: format!("/contacts/{}", run.contact),
        flow,
        flow_href: format!("/flows/{}/edit", run.flow),
        version: run.version,
        started: run.started,
        origin: origin(run, read, w),
        state: state.to_owned(),
        tone,
        is_held: matches!(run.state, RunState::Held { .. }),
        is_over: run.is_over(),
        ended: ended(run, w),
        silence: silence.map(|silence| w.run_silent(w.silence(silence))),
        done: of(ActionSource::Done),
        pending: of(ActionSource::Pending),
        forecast: of(ActionSource::Forecast),
        values: run.variables.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        nodes: nodes(&read.flow, w),
        map: Markup(flow_map::draw(&read.flow, Speaker::new(w), &marks(run, actions))),
    }
}

fn entry(action: &Action, read: &Read, chrome: &Chrome) -> Entry {
    let w = chrome.language;
    let titled = read.flow.node(&action.id.node).map(|node| Speaker::new(w).name(node));
    let by = action.changed.as_ref().and_then(|change| change.by).and_then(|id| read.people.get(&id));
    let mut entry =
        Entry::of(action, titled.unwrap_or_else(|| w.kind(action.kind).to_owned()), by.map(String::as_str), w, chrome.now, chrome.zone);
    let node = read.flow.node(&action.id.node);
    let exit = |word: String| node.map_or_else(|| word.clone(), |node| Speaker::new(w).exit(node, &word));
    entry.result = entry.result.map(|result| w.action_result(&result).map_or_else(|| exit(result), str::to_owned));
    entry.branches = entry.branches.into_iter().map(exit).collect();
    entry
}

fn origin(run: &Run, read: &Read, w: Language) -> String {
    match &run.origin {
        Origin::Trigger(_) => w.origin_trigger().to_owned(),
        Origin::Operator(id) => w.origin_operator(id.and_then(|id| read.people.get(&id)).map_or(w.by_api(), String::as_str)),
        Origin::Api => w.origin_api().to_owned(),
        Origin::Launch(_) => w.origin_launch().to_owned(),
    }
}

fn ended(run: &Run, w: Language) -> Option<String> {
    let RunState::Ended { how, word, .. } = &run.state else { return None };
    Some(match (how, word) {
        (EndedAs::Finished, Some(goal)) => w.ended_goal(goal),
        (_, Some(reason)) => w.ended_because(reason),
        (how, None) => w.ended_because(w.ended(*how)),
    })
}

/// Nodes to jump to: those that a run can stand at.
fn nodes(flow: &Flow, w: Language) -> Vec<(String, String)> {
    let reached = flow.nodes.iter().filter(|node| !node.kind.is_trigger() && node.kind.word() != "note");
    reached.map(|node| (node.id.to_string(), name(flow, &node.id, w))).collect()
}

/// How the run stands at each node, the last visit counting.
fn marks(run: &Run, actions: &[Action]) -> Marks {
    let mut passed: BTreeMap<NodeId, Passed> = BTreeMap::new();
    for action in actions.iter().filter(|action| action.source == ActionSource::Done) {
        let how = match action.state {
            ActionState::Failed => Passed::Failed,
            ActionState::Skipped | ActionState::Removed => Passed::Skipped,
            _ => Passed::Done,
        };
        passed.insert(action.id.node.clone(), how);
    }
    if let Some(node) = node_of(&run.phase) {
        passed.insert(node.clone(), Passed::Now);
    }
    Marks { passed, ..Marks::default() }
}

async fn act(web: &Web, panel: &Panel, id: RunId, verb: Verb, done: impl Into<String>) -> Shown {
    let outcome = web.executor.run_verb(panel.by(), id, verb).await;
    panel.after(&format!("/runs/{id}"), outcome, done)
}

/// `POST /runs/{id}/hold`
async fn hold(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    act(&web, &panel, id, Verb::Hold, panel.language.run_was_held()).await
}

/// `DELETE /runs/{id}/hold`
async fn resume(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    act(&web, &panel, id, Verb::Resume, panel.language.run_was_resumed()).await
}

/// `GET /runs/{id}/stop`: says what a stop means, before it is one.
async fn ask_stop(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    let facts = web.executor.facts();
    let read = web.read(move |view| read(view, &facts, id)).await?;
    let (w, ahead) = (panel.language, web.executor.run_actions(id).await?);
    let left = ahead.iter().filter(|action| action.source != ActionSource::Done && action.kind == "message").count();
    let chrome = panel.chrome(Nav::Runs, w.stop_run());
    let lines = vec![w.run_title(&read.flow.name, &shown_as(&read.contact, w).0), w.stop_leaves_out(left), w.stop_means().to_owned()];
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: w.stop_run().to_owned(),
        lines,
        action: format!("/runs/{id}?method=delete"),
        button: w.stop().to_owned(),
        back: format!("/runs/{id}"),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `DELETE /runs/{id}`
async fn stop(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    let w = panel.language;
    act(&web, &panel, id, Verb::Stop(w.stopped_by(&panel.operator.name)), w.run_was_stopped()).await
}

/// `POST /runs/{id}/restart`: this run ends and another begins, whose story is shown.
async fn restart(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    match web.executor.run_verb(panel.by(), id, Verb::Restart).await {
        Ok(fresh) => panel.after(&format!("/runs/{fresh}"), Ok(()), panel.language.run_was_restarted()),
        Err(refusal) => panel.refused(&format!("/runs/{id}"), refusal),
    }
}

/// `POST /runs/{id}/jumps`
async fn jump(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>, body: Bytes) -> Shown {
    let node = NodeId(Fields::from_body(&body).get("node").to_owned());
    let facts = web.executor.facts();
    let flow = web.read(move |view| Ok(read(view, &facts, id)?.flow)).await?;
    let done = panel.language.run_jumped(&name(&flow, &node, panel.language));
    act(&web, &panel, id, Verb::Jump(node), done).await
}
