//! The editor of an automation: its page, and the forms that change the draft one step at a time.

mod draft;
mod files;
mod save;
mod settings;
mod shape;

use super::super::Web;
use super::super::ask::At;
use super::super::flow_edit::{Around, EditorFlow, EditorPage};
use super::super::node_form::{self, Fields};
use super::super::node_page::NodePage;
use super::super::page::{Flash, Markup, Nav};
use super::super::phrase::{self, OverlapLine};
use super::super::problem::Trouble;
use super::super::rehearsal::RehearsalPart;
use super::{Panel, Shown, Table, checklists, rehearsal};
use crate::base::id::FlowId;
use crate::executor::control;
use crate::executor::refusal::Refusal;
use crate::model::document;
use crate::model::flow::{Flow, FlowState, Reentry};
use crate::model::node::{Keyword, Node, NodeId, NodeKind};
use crate::model::problem::Problem;
use crate::store::drafts::Way;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
pub use draft::Open;
pub use files::fetch;
use serde::Deserialize;
use serde_json::json;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table
        .get("/flows/{id}/edit", show)
        .post("/flows/{id}/draft/back", back)
        .post("/flows/{id}/draft/on", on)
        .post("/flows/{id}/reentry", set_reentry)
        .post("/flows/{id}/nodes", add)
        .post("/flows/{id}/nodes/{node}", write)
        .post("/flows/{id}/nodes/{node}/overlaps", check)
        .delete("/flows/{id}/nodes/{node}", remove)
        .post("/flows/{id}/nodes/{node}/moves", shift)
        .post("/flows/{id}/nodes/{node}/copies", copy);
    settings::routes(save::routes(files::routes(table)))
}

/// Which form is open.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    node: String,
}

/// A form that was not stored: its node, what was typed, and why.
struct Refused {
    node: Node,
    fields: Fields,
    faults: Vec<String>,
    status: StatusCode,
}

/// `GET /flows/{id}/edit`
async fn show(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, Query(asked): Query<Asked>) -> Shown {
    let open = Open::read(&web, id).await?;
    let node = open.draft.node(&NodeId(asked.node)).cloned();
    page(&web, &panel, &open, node.as_ref(), None).await
}

/// The editor, with the form of a node open: as it is stored, or as it was typed and refused.
async fn page(web: &Web, panel: &Panel, open: &Open, node: Option<&Node>, refused: Option<&Refused>) -> Shown {
    let chrome = panel.chrome(Nav::Flows, &open.head.name);
    let speaker = open.speaker(panel.language);
    let flow = head(open, panel);
    let node = refused.map(|refused| &refused.node).or(node);
    let keyword = node.and_then(|node| keyword_of(node, refused.map(|refused| &refused.fields)));
    let overlaps = match keyword {
        Some(keyword) => Some(overlaps(web, panel, open, keyword).await?),
        None => None,
    };
    let mut form = node.map(|node| NodePage::new(&chrome, &flow, &open.draft, node, speaker));
    if let Some(form) = &mut form {
        form.overlaps = overlaps;
        form.files = open.files.names();
        form.tags.clone_from(&open.tags);
        form.segments.clone_from(&open.segments);
        if let Some(refused) = refused {
            form.fields = refused.fields.clone();
            form.faults.clone_from(&refused.faults);
        }
    }
    let around = Around { speaker, problems: &open.problems, inside: &open.inside, open: node.map(|node| &node.id) };
    let mut page = EditorPage::new(&chrome, flow.clone(), &open.draft, &around, form.as_ref());
    page.todos = checklists::of(web, open, panel).await?;
    if let Some(it) = rehearsal::beginning(&web.executor.facts(), open, panel.now, panel.language) {
        page.beside = Markup(RehearsalPart { chrome: &chrome, it }.render().unwrap_or_default());
    }
    Ok(panel.show_with(refused.map_or(StatusCode::OK, |refused| refused.status), &chrome, &page))
}

/// The keyword of a form as it is typed, or else as it is stored.
fn keyword_of(node: &Node, typed: Option<&Fields>) -> Option<Keyword> {
    let typed = typed.and_then(|fields| {
        let mut members = node_form::document_of(fields);
        members.insert("id".to_owned(), json!(node.id));
        document::read_node(members, &mut Vec::new())
    });
    match typed.map_or_else(|| node.kind.clone(), |node| node.kind) {
        NodeKind::Keyword(keyword) => Some(keyword),
        _ => None,
    }
}

/// What the phrases of a keyword overlap with, in enabled flows and in those that are off.
pub(super) async fn overlaps(web: &Web, panel: &Panel, open: &Open, keyword: Keyword) -> Result<Vec<OverlapLine>, Trouble> {
    let (facts, w, own) = (web.executor.facts(), panel.language, open.head.id);
    web.read(move |view| {
        let triggers = control::phrase::triggers(view, &facts, None, |state| !matches!(state, FlowState::Binned { .. }))?;
        Ok(phrase::overlaps(&keyword, &triggers, own, |id| facts.heads.get(&id).cloned(), w))
    })
    .await
}

/// `POST /flows/{id}/nodes/{node}/overlaps`: the form as it is typed, with what its phrases overlap with. Nothing is stored.
async fn check(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let typed = Refused { node: node_of(&open, &name)?, fields, faults: Vec::new(), status: StatusCode::OK };
    page(&web, &panel, &open, None, Some(&typed)).await
}

fn head(open: &Open, panel: &Panel) -> EditorFlow {
    let (restarts, other_reentry) = EditorFlow::reentry(&open.draft.reentry, panel.language);
    EditorFlow {
        id: open.head.id.to_string(),
        name: open.head.name.clone(),
        is_enabled: open.is_enabled(),
        version: open.head.version,
        draft_differs: open.differs,
        inside: open.inside_all,
        revision: open.head.draft_revision,
        can_undo: open.can_undo,
        can_redo: open.can_redo,
        restarts,
        other_reentry,
    }
}

/// The address of a node in the editor.
fn place(id: FlowId, node: Option<&NodeId>) -> String {
    let Some(node) = node else { return format!("/flows/{id}/edit") };
    let name: String = url::form_urlencoded::byte_serialize(node.0.as_bytes()).collect();
    format!("/flows/{id}/edit?node={name}#node-{name}")
}

fn revision(fields: &Fields) -> u64 {
    fields.get("revision").parse().unwrap_or(u64::MAX)
}

/// Stores a changed draft and leads on; one that somebody changed meanwhile is left alone, and that is said.
async fn keep(web: &Web, panel: &Panel, id: FlowId, fields: &Fields, draft: Flow, to: &str, flash: Flash) -> Shown {
    match web.executor.put_draft(id, revision(fields), draft).await {
        Ok(_) => Ok(panel.done(to, flash)),
        Err(Refusal::Conflict(_)) => Ok(panel.done(to, Flash::bad(panel.language.changed_meanwhile()))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /flows/{id}/draft/back`: the last change of the draft is taken back.
async fn back(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    step(&web, &panel, id, &body, Way::Back, panel.language.draft_undone()).await
}

/// `POST /flows/{id}/draft/on`: the change that was taken back last is made again.
async fn on(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    step(&web, &panel, id, &body, Way::On, panel.language.draft_redone()).await
}

async fn step(web: &Web, panel: &Panel, id: FlowId, body: &Bytes, way: Way, done: &str) -> Shown {
    let to = place(id, None);
    match web.executor.step_draft(id, revision(&Fields::from_body(body)), way).await {
        Ok(_) => Ok(panel.done(&to, Flash::good(done))),
        Err(refusal) => panel.refused(&to, refusal),
    }
}

/// `POST /flows/{id}/reentry`
async fn set_reentry(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let mut draft = open.draft;
    draft.reentry = match (fields.is_on("restart"), draft.reentry) {
        (true, _) => Reentry::Restart,
        (false, Reentry::Restart) => Reentry::Keep,
        (false, other) => other,
    };
    keep(&web, &panel, id, &fields, draft, &place(id, None), Flash::good(panel.language.draft_kept())).await
}

/// `POST /flows/{id}/nodes`: a new node, at an exit of another or at the end.
async fn add(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let (kind, mut draft) = (fields.get("kind"), open.draft);
    let name = node_form::free_id(kind, &draft.nodes);
    let mut problems = Vec::new();
    let node = document::read_node(node_form::fresh(kind, &name, panel.language), &mut problems).filter(|_| problems.is_empty());
    let Some(mut node) = node else { return Err(Trouble::document(problems)) };
    shape::word_of_its_own(&mut node, &draft);
    let (node_id, words) = (node.id.clone(), panel.language.kind(node.kind.word()).to_owned());
    let after = NodeId(fields.get("after").to_owned());
    match draft.node(&after).is_some() {
        true => shape::insert_after(&mut draft, node, &after, fields.get("exit")),
        false => shape::append(&mut draft, node),
    }
    keep(&web, &panel, id, &fields, draft, &place(id, Some(&node_id)), Flash::good(panel.language.node_added(&words))).await
}

fn node_of(open: &Open, name: &str) -> Result<Node, Trouble> {
    open.draft.node(&NodeId(name.to_owned())).cloned().ok_or_else(|| Trouble::not_found("node"))
}

/// `POST /flows/{id}/nodes/{node}`: the form of a node. What cannot be stored comes back as it was typed, with the reason.
async fn write(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let was = node_of(&open, &name)?;
    let mut members = node_form::document_of(&fields);
    members.insert("id".to_owned(), json!(name));
    let mut problems: Vec<Problem> = Vec::new();
    let read = document::read_node(members, &mut problems).filter(|_| problems.is_empty());
    let Some(mut node) = read else {
        let faults = problems.iter().map(|problem| panel.language.fault(&problem.fault)).collect();
        let refused = Refused { node: was, fields, faults, status: StatusCode::UNPROCESSABLE_ENTITY };
        return page(&web, &panel, &open, None, Some(&refused)).await;
    };
    let names = node.kind.exit_names();
    node.exits.retain(|exit, to| names.contains(exit) && to.is_some());
    let mut draft = open.draft.clone();
    for each in draft.nodes.iter_mut().filter(|each| each.id == node.id) {
        *each = node.clone();
    }
    match web.executor.put_draft(id, revision(&fields), draft).await {
        Ok(_) => Ok(panel.done(&place(id, Some(&node.id)), Flash::good(panel.language.draft_kept()))),
        Err(Refusal::Conflict(_)) => {
            let faults = vec![panel.language.changed_kept().to_owned()];
            page(&web, &panel, &open, None, Some(&Refused { node, fields, faults, status: StatusCode::CONFLICT })).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `DELETE /flows/{id}/nodes/{node}`
async fn remove(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let node = node_of(&open, &name)?;
    let words = open.speaker(panel.language).name(&node);
    let mut draft = open.draft;
    shape::remove(&mut draft, &node.id);
    keep(&web, &panel, id, &fields, draft, &place(id, None), Flash::good(panel.language.node_removed(&words))).await
}

/// `POST /flows/{id}/nodes/{node}/moves`
async fn shift(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let node = node_of(&open, &name)?.id;
    let (mut draft, to) = (open.draft, format!("/flows/{id}/edit#node-{node}"));
    let moved = if fields.get("direction") == "up" { shape::move_up(&mut draft, &node) } else { shape::move_down(&mut draft, &node) };
    if !moved {
        return Ok(panel.done(&to, Flash::bad(panel.language.cannot_move())));
    }
    keep(&web, &panel, id, &fields, draft, &to, Flash::good(panel.language.node_moved())).await
}

/// `POST /flows/{id}/nodes/{node}/copies`
async fn copy(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let node = node_of(&open, &name)?;
    let words = open.speaker(panel.language).name(&node);
    let mut draft = open.draft;
    let fresh = NodeId(node_form::free_id(node.kind.word(), &draft.nodes));
    shape::copy(&mut draft, &node.id, &fresh);
    keep(&web, &panel, id, &fields, draft, &place(id, Some(&fresh)), Flash::good(panel.language.node_added(&words))).await
}
