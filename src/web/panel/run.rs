//! The story of one run, and what a person does to it as a whole.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::flow_map;
use super::super::node_form::Fields;
use super::super::node_words::Speaker;
use super::super::page::{Chrome, Flash, Markup, Nav};
use super::super::runs::{Entry, RunPage};
use super::super::words::Language;
use super::contacts::shown_as;
use super::run_path;
use super::runs::nodes;
use super::standing::name;
use super::{Panel, Shown, Table, actions, overdue};
use crate::base::id::{OperatorId, RunId};
use crate::base::time::{Span, Time};
use crate::engine::forecast::Fork;
use crate::engine::line;
use crate::executor::control::flow_check::unresolve;
use crate::executor::facts::{Connection, Facts};
use crate::executor::refusal::Refusal;
use crate::executor::{advance, run_list};
use crate::model::action::{Action, ActionSource, ActionState, Verb};
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId, NodeKind};
use crate::model::reason::Reason;
use crate::model::run::{EndedAs, Origin, Run, RunState};
use crate::model::value::Value;
use crate::store::{View, contacts, operators, runs};
use axum::body::Bytes;
use axum::extract::{Path, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/runs/{id}", show).get("/runs/{id}/stop", ask_stop).delete("/runs/{id}", stop);
    let table = table.post("/runs/{id}/hold", hold).delete("/runs/{id}/hold", resume);
    table.post("/runs/{id}/restart", restart).post("/runs/{id}/jumps", jump).post("/runs/{id}/variables", set_variable)
}

/// What the page needs, as it is read.
struct Read {
    run: Run,
    contact: Contact,
    /// What the run goes through; other flows stand in it by their names.
    flow: Flow,
    people: BTreeMap<OperatorId, String>,
    forks: Vec<Fork>,
    /// How much later than due the pace of its channel lets it out, and that channel.
    behind: Span,
    channel: Option<Arc<Connection>>,
}

fn read(view: &View, facts: &Facts, id: RunId, now: Time) -> Result<Read, Refusal> {
    let run = runs::get(view, id)?.ok_or(Refusal::NotFound("run"))?;
    let contact = contacts::get(view, run.contact)?.ok_or(Refusal::NotFound("contact"))?;
    let mut flow = facts.flow(view, run.flow, run.version)?.as_ref().clone();
    unresolve(&mut flow, facts);
    let people = operators::all(view)?.into_iter().map(|operator| (operator.id, operator.name)).collect();
    let forks = if run.is_over() { Vec::new() } else { advance::forks(view, facts, &run, &contact, now)? };
    let (behind, channel) = (run_list::behind(view, facts, &run)?, facts.channels.get(&run.channel).cloned());
    Ok(Read { run, contact, flow, people, forks, behind, channel })
}

/// `GET /runs/{id}`
async fn show(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>) -> Shown {
    let facts = web.executor.facts();
    let actions = web.executor.run_actions(id).await?;
    let (asked, now) = (facts.clone(), panel.now);
    let read = web.read(move |view| read(view, &asked, id, now)).await?;
    let w = panel.language;
    let named = facts.heads.get(&read.run.flow).map_or_else(|| read.flow.name.clone(), |head| head.name.clone());
    let mut chrome = panel.chrome(Nav::Runs, w.run_title(&named, &shown_as(&read.contact, w).0));
    chrome.stream = Some(format!("/events?page=run&run={id}&contact={}", read.contact.id));
    let house = chrome.zone;
    chrome.zone = read.contact.zone.unwrap_or(house);
    let clock = (chrome.zone != house).then(|| w.clock_of(&shown_as(&read.contact, w).0, &chrome.zone.to_string()));
    let page = RunPage { clock, ..page(&chrome, &read, named, &actions) };
    Ok(panel.show(&chrome, &page))
}

fn page<'a>(chrome: &'a Chrome, read: &Read, flow: String, actions: &[Action]) -> RunPage<'a> {
    let (w, run) = (chrome.language, &read.run);
    let (state, tone) = w.run_state(run);
    let entries = entries(read, actions, chrome);
    let of = |source: ActionSource| -> Vec<Entry> {
        let own = actions.iter().zip(&entries).filter(|(action, _)| action.source == source);
        own.map(|(_, entry)| entry.clone()).collect()
    };
    let silence = read.contact.silence(chrome.now).filter(|_| !run.is_over());
    let held_back = silence.is_some() || chrome.paused;
    let mut pending: Vec<Entry> = of(ActionSource::Pending);
    if let Some(next) = pending.first_mut().filter(|_| !held_back) {
        next.notes.extend(overdue::note(run, &read.flow, next.at, chrome.now, w));
    }
    RunPage {
        chrome,
        id: run.id.to_string(),
        contact: shown_as(&read.contact, w).0,
        contact_href: format!("/contacts/{}", run.contact),
        clock: None,
        flow,
        flow_href: format!("/flows/{}/edit", run.flow),
        version: run.version,
        started: run.started,
        origin: origin(run, read, w),
        state: state.to_owned(),
        tone,
        is_held: matches!(run.state, RunState::Held { .. }),
        is_over: run.is_over(),
        ended: ended(run, &read.flow, w),
        silence: silence.map(|silence| w.run_silent(w.silence(silence))),
        done: of(ActionSource::Done),
        pending,
        forecast: of(ActionSource::Forecast),
        values: run.variables.iter().map(|(name, value)| (name.clone(), w.dated(&value.to_string(), chrome.now, chrome.zone))).collect(),
        all_href: format!("/runs?contact={}", run.contact),
        nodes: nodes(&read.flow, w),
        map: Markup(flow_map::draw(&read.flow, Speaker::new(w), &run_path::marks(&read.flow, run, actions))),
    }
}

/// The actions of a run as entries, each with why it is there and what its verbs will do.
fn entries(read: &Read, actions: &[Action], chrome: &Chrome) -> Vec<Entry> {
    let w = chrome.language;
    let mut before: Option<(String, Option<String>)> = None;
    let mut entries = Vec::with_capacity(actions.len());
    for (place, action) in actions.iter().enumerate() {
        let mut entry = entry(action, read, chrome);
        if action.kind == "start" {
            // It was triggered again, or launched another: no node did it, and nothing follows from it.
            let answered = w.said(&action.text).to_string();
            entries.push(Entry { title: answered, text: String::new(), result: None, state: ActionState::Done, ..entry });
            continue;
        }
        entry.why = match (&before, action.source) {
            (None, _) => w.why_first(&origin(&read.run, read, w)),
            (Some((title, _)), ActionSource::Forecast) => w.why_foreseen(title),
            (Some((title, Some(how))), _) => w.why_after(title, how),
            (Some((title, None)), _) => w.why_after_plain(title),
        };
        entry.moves = actions::quick_moves(entry.at, actions::due_before(&actions[..place]), chrome.now, chrome.zone, w);
        before = Some((entry.title.clone(), entry.result.clone()));
        entries.push(entry);
    }
    entries
}

/// What comes after a node that is skipped.
fn onward(flow: &Flow, id: &NodeId, w: Language) -> String {
    let node = flow.node(id);
    let first = node.and_then(|node| ["next", "elapsed"].into_iter().find_map(|exit| node.exit(exit)));
    let to = first.or_else(|| node.and_then(|node| node.kind.exit_names().iter().find_map(|exit| node.exit(exit))));
    to.map_or_else(|| w.the_end().to_owned(), |to| format!("«{}»", name(flow, to, w)))
}

/// The words of the engine for why something is not when or as the flow alone would have it.
fn reason(word: &str, w: Language) -> Option<String> {
    let own = match word {
        "quiet hours" => w.moved_quiet(),
        "a holiday" => w.moved_holiday(),
        "business hours" => w.moved_business(),
        "held" => w.moved_held(),
        "moved" => w.moved_person(),
        "the 24-hour window is closed" => w.window_is_closed(),
        "will not be done" => w.will_not_be_done(),
        "Everything is paused." => w.reason_paused(),
        "The automation is disabled." => w.reason_disabled(),
        "A person is answering this contact." => w.reason_person(),
        "The contact has unsubscribed." => w.reason_unsubscribed(),
        "The contact is blocked." => w.reason_blocked(),
        "Automations are off for this contact." => w.reason_off(),
        "Automations are paused for this contact." => w.reason_off_until(),
        "pressed" => w.pressed_a_button(),
        other => {
            let is_window = other.contains(':') && other.contains('-') && other.contains(' ');
            return w.action_result(other).map(str::to_owned).or_else(|| is_window.then(|| w.moved_window(other)));
        }
    };
    Some(own.to_owned())
}

/// An action with the ways that lead on from it.
fn entry(action: &Action, read: &Read, chrome: &Chrome) -> Entry {
    // What stands first on a way that is not taken yet does not come next, and nobody knows when: no time is offered that counts from there.
    let foreseen = |action: &Action| {
        let state = if action.state == ActionState::Scheduled { ActionState::Forecast } else { action.state };
        let ahead = Action { source: ActionSource::Forecast, state, ..action.clone() };
        Entry { due_field: String::new(), ..bare(&ahead, read, chrome) }
    };
    let branches = run_path::ways(&read.flow, &read.forks, action, chrome.language, foreseen);
    Entry { branches, ..bare(action, read, chrome) }
}

/// An action with what its verbs will do.
fn bare(action: &Action, read: &Read, chrome: &Chrome) -> Entry {
    let w = chrome.language;
    let titled = read.flow.node(&action.id.node).map(|node| Speaker::new(w).name(node));
    let by = action.changed.as_ref().and_then(|change| change.by).and_then(|id| read.people.get(&id));
    let mut entry =
        Entry::of(action, titled.unwrap_or_else(|| w.kind(action.kind).to_owned()), by.map(String::as_str), w, chrome.now, chrome.zone);
    let node = read.flow.node(&action.id.node);
    let exit = |word: String| node.map_or_else(|| word.clone(), |node| Speaker::new(w).exit(node, &word));
    entry.text = told(action, node, w);
    entry.result = entry.result.map(|result| match w.said(&result) {
        said if said != result => said,
        _ => reason(&result, w).unwrap_or_else(|| exit(result)),
    });
    entry.notes.extend(pace(action, read, w));
    let (onward, contact) = (onward(&read.flow, &action.id.node, w), shown_as(&read.contact, w).0);
    // A later visit of the same node is brought forward by nobody.
    entry.can_send &= entry.is_next || line::next_visit(&read.run, &action.id.node) == action.id;
    entry.means = match (entry.is_next, entry.can_send) {
        (true, _) => w.verbs_mean(&contact, &onward),
        (false, true) => w.verbs_mean_ahead(&contact, &onward),
        (false, false) => w.verbs_mean_later(&contact, &onward),
    };
    entry.contact = contact;
    entry
}

/// That what comes next goes out later than it is due, because much is due on its channel then.
fn pace(action: &Action, read: &Read, w: Language) -> Option<String> {
    let channel = read.channel.as_ref().filter(|_| read.behind >= run_list::PACE_TOLD && action.source == ActionSource::Pending)?;
    Some(w.moved_pace(&w.rounded(read.behind), &channel.channel.name))
}

/// What an action says or does. What a contact reads stays as they read it; what the engine says of the rest is said in the reader's
/// language.
fn told(action: &Action, node: Option<&Node>, w: Language) -> String {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Wait(_) | NodeKind::Save(_) | NodeKind::Launch(_)) if action.state != ActionState::Failed => {
            node.map(|node| Speaker::new(w).line(node)).unwrap_or_default()
        }
        Some(NodeKind::Api(_)) => match action.text.split_once(": ") {
            Some((asked, outcome)) => format!("{asked}: {}", w.said(outcome)),
            None => action.text.clone(),
        },
        Some(NodeKind::Message(_)) => w.without_text(&action.text),
        _ => action.text.clone(),
    }
}

fn origin(run: &Run, read: &Read, w: Language) -> String {
    match &run.origin {
        Origin::Trigger(_) => w.origin_trigger().to_owned(),
        Origin::Operator(id) => w.origin_operator(id.and_then(|id| read.people.get(&id)).map_or(w.by_api(), String::as_str)),
        Origin::Api => w.origin_api().to_owned(),
        Origin::Launch(_) => w.origin_launch().to_owned(),
    }
}

fn ended(run: &Run, flow: &Flow, w: Language) -> Option<String> {
    let RunState::Ended { how, word, .. } = &run.state else { return None };
    let is_goal = |word: &str| flow.nodes.iter().any(|node| matches!(&node.kind, NodeKind::End(end) if end.goal.as_deref() == Some(word)));
    Some(match (how, word) {
        (EndedAs::Finished, Some(goal)) if is_goal(goal) || w.said(goal) != *goal => w.ended_goal(w.goal_name(goal)),
        (EndedAs::Finished, Some(flow)) => w.ended_in(flow),
        (EndedAs::Finished, None) => w.ended_at_its_end().to_owned(),
        (_, Some(reason)) => w.ended_because(&w.said(reason)),
        (how, None) => w.ended_because(w.ended(*how)),
    })
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
    let (facts, now) = (web.executor.facts(), panel.now);
    let read = web.read(move |view| read(view, &facts, id, now)).await?;
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
    act(&web, &panel, id, Verb::Stop(Reason::StoppedBy { name: panel.operator.name.clone() }.to_string()), w.run_was_stopped()).await
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
    let (facts, now) = (web.executor.facts(), panel.now);
    let flow = web.read(move |view| Ok(read(view, &facts, id, now)?.flow)).await?;
    let done = panel.language.run_jumped(&name(&flow, &node, panel.language));
    act(&web, &panel, id, Verb::Jump(node), done).await
}

/// `POST /runs/{id}/variables`: a variable holds something else; an empty value removes it.
async fn set_variable(State(web): State<Web>, panel: Panel, Path(id): Path<RunId>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let (name, text) = (fields.get("name").trim().to_owned(), fields.get("value").trim());
    let value = (!text.is_empty()).then(|| Value::text(text));
    if name.is_empty() {
        return Ok(panel.done(&format!("/runs/{id}"), Flash::bad(panel.language.setting_missing())));
    }
    act(&web, &panel, id, Verb::Variable(name, value), panel.language.value_was_set()).await
}
