//! The list of active automations, and what is done to several at once.

use super::super::Web;
use super::super::api::Page;
use super::super::api::contacts::is_called;
use super::super::contacts::ConfirmPage;
use super::super::page::{Flash, Nav};
use super::super::runs::{RunRow, RunsPage};
use super::super::words::Language;
use super::answers::{every, with_filters};
use super::contacts::shown_as;
use super::standing::{self, Standing};
use super::{Panel, Shown, Table};
use crate::base::id::{ContactId, FlowId, RunId};
use crate::base::time::Time;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::action::Verb;
use crate::model::contact::Contact;
use crate::model::node::NodeId;
use crate::model::reason::Reason;
use crate::model::run::{EndedAs, Run, RunState};
use crate::store::{View, contacts, runs};
use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use serde::Deserialize;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/runs", list).post("/runs/changes", change).get("/runs/changes", ask)
}

/// Filters after the question mark; an empty one is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    flow: String,
    state: String,
    text: String,
    contact: String,
    node: String,
    after: String,
}

impl Asked {
    fn page(&self, view: &View, after: Option<RunId>, limit: usize) -> Result<Vec<Run>, Refusal> {
        let (contact, flow) = (self.contact.parse::<ContactId>().ok(), self.flow.parse::<FlowId>().ok());
        let ended = matches!(self.state.as_str(), "failed" | "any");
        Ok(match (contact, flow, ended) {
            (Some(contact), _, true) => runs::all_of_contact(view, contact, after, limit)?,
            (Some(contact), _, false) => {
                let live = runs::live_of_contact(view, contact)?.into_iter();
                live.filter(|run| after.is_none_or(|after| run.id > after)).take(limit).collect()
            }
            (None, Some(flow), false) => runs::live_of_flow(view, flow, after, limit)?,
            (None, None, false) => runs::list_live(view, after, limit)?,
            (None, _, true) => runs::list_any(view, after, limit)?,
        })
    }

    fn holds(&self, run: &Run) -> bool {
        let state = match self.state.as_str() {
            "held" => matches!(run.state, RunState::Held { .. }),
            "failed" => matches!(run.state, RunState::Ended { how: EndedAs::Failed, .. }),
            "any" => true,
            _ => !run.is_over(),
        };
        let flow = self.flow.is_empty() || run.flow.to_string() == self.flow;
        let node = self.node.is_empty() || standing::node_of(&run.phase) == Some(&NodeId(self.node.clone()));
        state && flow && node
    }

    fn next(&self, after: &str) -> String {
        let filters =
            [("flow", &*self.flow), ("state", &*self.state), ("text", &*self.text), ("contact", &*self.contact), ("node", &*self.node)];
        with_filters("/runs", &[&filters[..], &[("after", after)]].concat())
    }
}

/// `GET /runs`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let page = Page::<RunId>::of(None, Some(asked.after.as_str()).filter(|after| !after.is_empty()))?;
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let flows = facts.names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let filters = asked.clone();
    let listing = web.read(move |view| {
        page.collect(
            |after, limit| filters.page(view, after, limit),
            |run| run.id,
            |run| {
                let Some(contact) = contacts::get(view, run.contact)?.filter(|_| filters.holds(run)) else { return Ok(None) };
                let called = filters.text.trim().is_empty() || is_called(&contact, &filters.text);
                called.then(|| row(view, &facts, run, &contact, now, w)).transpose()
            },
        )
    });
    let listing = listing.await?;
    let mut chrome = panel.chrome(Nav::Runs, w.nav_runs());
    chrome.stream = Some("/events?page=runs".to_owned());
    let next = listing.next.as_deref().map(|after| asked.next(after));
    let Asked { flow, state, text, .. } = asked;
    Ok(panel.show(&chrome, &RunsPage { chrome: &chrome, flows, flow, state, text, rows: listing.items, next }))
}

fn row(view: &View, facts: &Facts, run: &Run, contact: &Contact, now: Time, w: Language) -> Result<RunRow, Refusal> {
    let standing = Standing::of(view, facts, run, contact, now, w)?;
    let (state, tone) = w.run_state(run);
    let (name, number) = shown_as(contact, w);
    Ok(RunRow {
        id: run.id.to_string(),
        contact: name,
        number,
        contact_href: format!("/contacts/{}", contact.id),
        flow: facts.heads.get(&run.flow).map_or_else(|| w.deleted_flow().to_owned(), |head| head.name.clone()),
        at: standing.at,
        due: standing.due,
        next: standing.next,
        state: state.to_owned(),
        tone,
    })
}

/// `GET /runs/changes?verb=stop&run=…`: says what a stop means, before it is one.
async fn ask(panel: Panel, RawQuery(query): RawQuery) -> Shown {
    let (w, query) = (panel.language, query.unwrap_or_default());
    let chosen = every(query.as_bytes(), "run");
    let chrome = panel.chrome(Nav::Runs, w.stop_several(chosen.len()));
    let pairs: Vec<(&str, &str)> = chosen.iter().map(|run| ("run", run.as_str())).collect();
    let action = with_filters("/runs/changes", &[&[("verb", "stop"), ("sure", "yes")], &pairs[..]].concat());
    let lines = vec![w.stop_several(chosen.len()), w.stop_means().to_owned()];
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: w.stop_run().to_owned(),
        lines,
        action,
        button: w.stop().to_owned(),
        back: "/runs".to_owned(),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `POST /runs/changes`: holds, resumes or stops those chosen. A stop is asked once more.
async fn change(State(web): State<Web>, panel: Panel, RawQuery(query): RawQuery, body: Bytes) -> Shown {
    let (w, query) = (panel.language, query.unwrap_or_default());
    let said = |name: &str| [every(&body, name), every(query.as_bytes(), name)].concat();
    let (chosen, verb) = (said("run"), said("verb"));
    let verb = verb.first().map_or("", String::as_str);
    if chosen.is_empty() {
        return Ok(panel.done("/runs", Flash::bad(w.none_selected())));
    }
    if verb == "stop" && said("sure").is_empty() {
        let pairs: Vec<(&str, &str)> = chosen.iter().map(|run| ("run", run.as_str())).collect();
        return Ok(panel.go(&with_filters("/runs/changes", &pairs)));
    }
    let mut changed = 0_usize;
    for id in chosen.iter().filter_map(|id| id.parse::<RunId>().ok()) {
        let verb = match verb {
            "hold" => Verb::Hold,
            "resume" => Verb::Resume,
            "stop" => Verb::Stop(Reason::StoppedBy { name: panel.operator.name.clone() }.to_string()),
            _ => return Ok(panel.go("/runs")),
        };
        match web.executor.run_verb(panel.by(), id, verb).await {
            Ok(()) => changed += 1,
            // It ended by itself meanwhile.
            Err(Refusal::Conflict(_) | Refusal::NotFound(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(panel.done("/runs", Flash::good(w.runs_changed(changed))))
}
