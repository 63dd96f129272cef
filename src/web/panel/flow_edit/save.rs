//! *Save flow*: what is wrong, what it means for who is inside, and the new version.

use super::super::super::Web;
use super::super::super::ask::At;
use super::super::super::flow_edit::{SaveGroup, SavePage};
use super::super::super::node_form::Fields;
use super::super::super::page::{Flash, Nav};
use super::super::super::problem::Trouble;
use super::super::{Panel, Shown, Table};
use super::draft::Open;
use super::place;
use crate::base::id::FlowId;
use crate::executor::control::flow_runs::{Running, Way};
use crate::executor::control::flows::SaveAs;
use crate::executor::control::rehearsal::{Red, red_talks};
use crate::executor::refusal::Refusal;
use crate::model::node::{NodeId, NodeKind};
use crate::model::problem::{Fault, Problem, Severity};
use crate::model::reason::Reason;
use axum::body::Bytes;
use axum::extract::State;
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/flows/{id}/save", ask).post("/flows/{id}/versions", save)
}

fn errors(problems: &[Problem]) -> usize {
    problems.iter().filter(|problem| problem.fault.severity() == Severity::Error).count()
}

fn unsaved(panel: &Panel, id: FlowId, count: usize) -> axum::response::Response {
    panel.done(&format!("/flows/{id}/edit#problems"), Flash::bad(panel.language.flow_not_saved(count)))
}

/// `GET /flows/{id}/save`: what saving means.
async fn ask(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let open = Open::read(&web, id).await?;
    let reds = reds(&web, &open).await?;
    let (speaker, w) = (open.speaker(panel.language), panel.language);
    let chrome = panel.chrome(Nav::Flows, w.save_title(&open.head.name));
    let named = |problem: &Problem| problem.node.as_ref().and_then(|node| open.draft.node(node)).map(|node| speaker.name_in_list(node));
    let warnings = open.problems.iter().map(|problem| (named(problem), w.fault(&problem.fault))).collect();
    let kind = |flow: &crate::model::flow::Flow, node: &NodeId| flow.node(node).map(|node| node.kind.word());
    let groups = open.inside.iter().map(|(node, count)| {
        let saved = open.saved.as_deref();
        let was = saved.and_then(|saved| saved.node(node)).or_else(|| open.draft.node(node));
        SaveGroup {
            id: node.0.clone(),
            kind: was.map_or("end", |node| node.kind.word()).to_owned(),
            name: was.map_or_else(|| node.0.clone(), |node| speaker.name_in_list(node)),
            count: *count,
            stays: saved.is_some_and(|saved| kind(saved, node).is_some() && kind(saved, node) == kind(&open.draft, node)),
        }
    });
    let reachable = open.draft.nodes.iter().filter(|node| !node.kind.is_trigger() && !matches!(node.kind, NodeKind::Note(_)));
    let page = SavePage {
        chrome: &chrome,
        id: id.to_string(),
        name: open.head.name.clone(),
        revision: open.head.draft_revision,
        inside: open.inside_all,
        warnings,
        reds,
        groups: groups.collect(),
        targets: reachable.map(|node| (node.id.0.clone(), speaker.name_in_list(node))).collect(),
    };
    Ok(panel.show(&chrome, &page))
}

/// `POST /flows/{id}/versions`
async fn save(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let open = Open::read(&web, id).await?;
    if super::revision(&fields) != open.head.draft_revision {
        return Ok(panel.done(&place(id, None), Flash::bad(w.changed_meanwhile())));
    }
    let count = errors(&open.problems);
    if count > 0 {
        return Ok(unsaved(&panel, id, count));
    }
    if open.inside_all > 0 && !fields.is_on("sure") {
        return Ok(panel.go(&format!("/flows/{id}/save")));
    }
    let red = if fields.get("red") == "confirm" { Red::Confirmed } else { Red::Refuse };
    let running = match fields.get("running") {
        "finish" => Running::Finish,
        "stop" => Running::Stop,
        _ => Running::Move,
    };
    let is_enabled = open.is_enabled();
    let how = SaveAs { running, ways: ways(&fields), red, revision: Some(open.head.draft_revision) };
    match web.executor.save_flow_with(panel.by(), id, open.draft, how).await {
        Ok(saved) if is_enabled => Ok(panel.done(&place(id, None), Flash::good(w.flow_saved(&saved.version)))),
        Ok(saved) => Ok(panel.done(&format!("/flows/{id}/enable"), Flash::good(w.flow_saved_off(&saved.version)))),
        Err(Refusal::Problems(problems)) => Ok(unsaved(&panel, id, errors(&problems))),
        Err(Refusal::RedTalks(_)) => Ok(panel.done(&format!("/flows/{id}/save"), Flash::bad(w.tests_red_first()))),
        Err(Refusal::Conflict(words)) if words == Reason::ChangedElsewhere.to_string() => {
            Ok(panel.done(&place(id, None), Flash::bad(w.changed_meanwhile())))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The tests kept with the draft that go otherwise now: name, line, what is expected, what comes.
async fn reds(web: &Web, open: &Open) -> Result<Vec<(String, usize, String, String)>, Trouble> {
    let (facts, draft) = (web.executor.facts(), open.draft.clone());
    let found = tokio::task::spawn_blocking(move || red_talks(&facts, &draft)).await.map_err(|_| Trouble::fault())?;
    let told = found.into_iter().filter_map(|problem| match problem.fault {
        Fault::TalkRed { name, line, expected, got } => Some((name, line, expected, got)),
        _ => None,
    });
    Ok(told.collect())
}

/// Where those go who stand at some nodes.
fn ways(fields: &Fields) -> BTreeMap<NodeId, Way> {
    let way = |text: &str| match text {
        "stop" => Some(Way::Stop),
        "finish" => Some(Way::Finish),
        other => other.strip_prefix("to:").map(|node| Way::To(NodeId(node.to_owned()))),
    };
    let chosen = fields.0.iter().filter_map(|(name, text)| Some((NodeId(name.strip_prefix("move.")?.to_owned()), way(text)?)));
    chosen.collect()
}
