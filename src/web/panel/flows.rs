//! The list of automations and the bin: make, rename, enable, disable, duplicate, delete, restore, one or several at once.

mod new;
mod several;

use super::super::Web;
use super::super::api::exports;
use super::super::ask::At;
use super::super::flows::{BinPage, BinRow, CopyNotice, DeletePage, EnablePage, FlowFilter, FlowRow, FlowsPage, NamePage};
use super::super::node_form::Fields;
use super::super::node_words::Speaker;
use super::super::page::{Flash, Nav, Tone};
use super::super::problem::Trouble;
use super::{Panel, Shown, Table};
use crate::base::id::FlowId;
use crate::executor::control::exports::Wanted;
use crate::executor::control::flow_runs::Overdue;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::NodeKind;
use crate::model::run::Phase;
use crate::store::{View, flows, runs};
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Runs that are looked at to count what is overdue.
const LOOKED_AT_MAX: usize = 5_000;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table
        .get("/flows", list)
        .post("/flows", new::create)
        .get("/flows/new", new::show)
        .get("/flows/bin", bin)
        .post("/flows/changes", several::change)
        .get("/flows/{id}", open)
        .delete("/flows/{id}", throw)
        .get("/flows/{id}/name", show_name)
        .post("/flows/{id}/name", rename)
        .post("/flows/{id}/pause", disable)
        .get("/flows/{id}/enable", show_enable)
        .delete("/flows/{id}/pause", enable)
        .post("/flows/{id}/copies", duplicate)
        .get("/flows/{id}/export", export)
        .get("/flows/{id}/delete", show_delete)
        .delete("/flows/{id}/bin", restore)
        .get("/flows/{id}/erase", show_erase)
        .delete("/flows/{id}/bin/contents", erase)
}

/// What the list may be asked.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    /// Copies just made: their ids with commas between.
    #[serde(default)]
    copy: String,
}

/// The draft, or else the newest version.
pub fn current(view: &View, facts: &Facts, head: &FlowHead) -> Result<Flow, Refusal> {
    match flows::draft(view, head.id)? {
        Some(draft) => Ok(draft),
        None => Ok(facts.flow(view, head.id, head.version)?.as_ref().clone()),
    }
}

/// Names of all flows by the text of their ids.
pub fn names(facts: &Facts) -> BTreeMap<String, String> {
    facts.names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

/// The head of a flow that is not in the bin.
pub fn head(facts: &Facts, id: FlowId) -> Result<FlowHead, Trouble> {
    let head = facts.heads.get(&id).filter(|head| !matches!(head.state, FlowState::Binned { .. }));
    head.cloned().ok_or_else(|| Trouble::not_found("automation"))
}

async fn inside(web: &Web, id: FlowId) -> Result<u64, Trouble> {
    web.read(move |view| Ok(runs::count_live_of_flow(view, id)?)).await
}

fn row(view: &View, facts: &Facts, head: &FlowHead, speaker: Speaker<'_>) -> Result<FlowRow, Refusal> {
    let draft = current(view, facts, head)?;
    let saved = if head.version > 0 { Some(facts.flow(view, head.id, head.version)?) } else { None };
    let shown = saved.as_deref().unwrap_or(&draft);
    let phrases =
        shown.nodes.iter().filter_map(|node| if let NodeKind::Keyword(keyword) = &node.kind { Some(&keyword.phrases) } else { None });
    let event = shown.nodes.iter().find(|node| matches!(node.kind, NodeKind::Event(_)));
    Ok(FlowRow {
        id: head.id.to_string(),
        name: head.name.clone(),
        phrases: phrases.flatten().map(|phrase| phrase.text.clone()).collect(),
        other_trigger: event.map(|node| speaker.line(node)),
        is_enabled: head.state == FlowState::Enabled,
        version: head.version,
        draft_differs: saved.as_deref().is_none_or(|saved| *saved != draft),
        inside: runs::count_live_of_flow(view, head.id)?,
        last_error: head.last_error.clone().map(|(at, why)| (at, speaker.language.said(&why))),
    })
}

/// `GET /flows`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (facts, filter, w) = (web.executor.facts(), FlowFilter::of_word(&asked.state), panel.language);
    let copied: Vec<FlowId> = asked.copy.split(',').filter_map(|id| id.parse().ok()).collect();
    let (rows, binned, copies) = web
        .read(move |view| {
            let names = names(&facts);
            let speaker = Speaker { texts: w.code(), flows: &names, ..Speaker::new(w) };
            let (mut rows, mut binned, mut copies) = (Vec::new(), 0, Vec::new());
            for head in facts.heads.values() {
                if matches!(head.state, FlowState::Binned { .. }) {
                    binned += 1;
                    continue;
                }
                if copied.contains(&head.id) {
                    copies.push(copy_notice(&current(view, &facts, head)?, head, speaker));
                }
                rows.push(row(view, &facts, head, speaker)?);
            }
            Ok((rows, binned, copies))
        })
        .await?;
    let holds = |row: &FlowRow| match filter {
        FlowFilter::All => true,
        FlowFilter::Enabled => row.is_enabled,
        FlowFilter::Disabled => !row.is_enabled,
        FlowFilter::Errors => row.last_error.is_some(),
    };
    let mut rows: Vec<FlowRow> = rows.into_iter().filter(holds).collect();
    rows.sort_by_cached_key(|row| row.name.to_lowercase());
    let chrome = panel.chrome(Nav::Flows, w.nav_flows());
    Ok(panel.show(&chrome, &FlowsPage { chrome: &chrome, filter, rows, binned, copies }))
}

/// What a copy still lacks: whatever a copy is made without.
fn copy_notice(draft: &Flow, head: &FlowHead, speaker: Speaker<'_>) -> CopyNotice {
    let (w, mut missing) = (speaker.language, Vec::new());
    for node in &draft.nodes {
        let href = format!("/flows/{}/edit?node={}#node-{}", head.id, node.id, node.id);
        match &node.kind {
            NodeKind::Keyword(keyword) if keyword.phrases.is_empty() => missing.push((w.misses_phrases(&speaker.name(node)), href)),
            NodeKind::Message(message) if message.attachments.iter().any(|file| file.file.is_none() && file.url.is_none()) => {
                missing.push((w.misses_file(&speaker.name(node)), href));
            }
            _ => {}
        }
    }
    CopyNotice { name: head.name.clone(), missing }
}

/// `GET /flows/{id}`
async fn open(panel: Panel, At(id): At<FlowId>) -> Shown {
    Ok(panel.go(&format!("/flows/{id}/edit")))
}

/// `GET /flows/{id}/name`
async fn show_name(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let head = head(&web.executor.facts(), id)?;
    Ok(ask_name(&panel, id, &head.name, ""))
}

fn ask_name(panel: &Panel, id: FlowId, name: &str, wrong: &str) -> Response {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.rename());
    let page = NamePage {
        chrome: &chrome,
        title: w.rename().to_owned(),
        action: format!("/flows/{id}/name"),
        button: w.save_changes().to_owned(),
        name: name.to_owned(),
        wrong: wrong.to_owned(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    panel.show_with(status, &chrome, &page)
}

/// `POST /flows/{id}/name`
async fn rename(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let (name, w, facts) = (fields.get("name").trim().to_owned(), panel.language, web.executor.facts());
    let head = head(&facts, id)?;
    if name.is_empty() {
        return Ok(ask_name(&panel, id, "", w.name_empty()));
    }
    let (revision, known) = (head.draft_revision, facts.clone());
    let draft = web.read(move |view| current(view, &known, &head)).await?;
    match web.executor.put_draft(id, revision, Flow { name: name.clone(), ..draft }).await {
        Ok(_) => Ok(panel.done("/flows", Flash::good(w.renamed_flow(&name)))),
        Err(Refusal::Problems(problems)) => {
            let wrong: Vec<String> = problems.iter().map(|problem| w.fault(&problem.fault)).collect();
            Ok(ask_name(&panel, id, &name, &wrong.join(" ")))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /flows/{id}/pause`
async fn disable(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let head = head(&web.executor.facts(), id)?;
    web.executor.pause_flow(panel.by(), id).await?;
    Ok(panel.done("/flows", Flash::good(panel.language.disabled_flow(&head.name))))
}

/// `GET /flows/{id}/enable`
async fn show_enable(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let head = head(&web.executor.facts(), id)?;
    let action = format!("/flows/{id}/pause?method=delete");
    ask_enable(&web, &panel, &[head], action).await
}

async fn ask_enable(web: &Web, panel: &Panel, heads: &[FlowHead], action: String) -> Shown {
    let (w, now) = (panel.language, panel.now);
    let ids: Vec<FlowId> = heads.iter().map(|head| head.id).collect();
    let (inside, overdue) = web
        .read(move |view| {
            let (mut inside, mut overdue) = (0, 0);
            for id in ids {
                inside += runs::count_live_of_flow(view, id)?;
                let late = |phase: &Phase| matches!(phase, Phase::Waiting(waiting) if waiting.due.is_some_and(|due| due <= now));
                overdue += runs::live_of_flow(view, id, None, LOOKED_AT_MAX)?.iter().filter(|run| late(&run.phase)).count() as u64;
            }
            Ok((inside, overdue))
        })
        .await?;
    let names: Vec<String> = heads.iter().map(|head| head.name.clone()).collect();
    let chrome = panel.chrome(Nav::Flows, w.enable_title(&w.list(&names)));
    let off_for = match heads {
        [FlowHead { state: FlowState::Disabled { since }, version, .. }] if *version > 0 && inside > 0 => {
            Some(w.rounded(now.since(*since)))
        }
        _ => None,
    };
    let flows = if heads.len() > 1 { heads.iter().map(|head| head.id.to_string()).collect() } else { Vec::new() };
    Ok(panel.show(&chrome, &EnablePage { chrome: &chrome, name: w.list(&names), action, flows, off_for, inside, overdue }))
}

fn overdue_of(fields: &Fields) -> Overdue {
    match fields.get("overdue") {
        "spread" => Overdue::Spread,
        "drop" => Overdue::Drop,
        _ => Overdue::Shift,
    }
}

/// `DELETE /flows/{id}/pause`
async fn enable(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (head, w) = (head(&web.executor.facts(), id)?, panel.language);
    if head.version == 0 {
        return Ok(panel.done("/flows", Flash::bad(w.never_saved_enable())));
    }
    web.executor.enable_flow(panel.by(), id, overdue_of(&Fields::from_body(&body))).await?;
    Ok(panel.done("/flows", Flash::good(w.enabled_flow(&head.name))))
}

/// `POST /flows/{id}/copies`
async fn duplicate(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let copied = web.executor.copy_flow(panel.by(), id).await?;
    Ok(panel.go(&format!("/flows?copy={}", copied.id)))
}

/// `GET /flows/{id}/export`
async fn export(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    exports::hand_over(&web, panel.by(), Wanted::Flows(vec![id]), None).await
}

/// `GET /flows/{id}/delete`
async fn show_delete(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let head = head(&web.executor.facts(), id)?;
    let count = inside(&web, id).await?;
    let chrome = panel.chrome(Nav::Flows, panel.language.delete_title(&head.name));
    Ok(panel.show(&chrome, &DeletePage::to_bin(&chrome, &id.to_string(), &head.name, count)))
}

/// `DELETE /flows/{id}`
async fn throw(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let (head, w) = (head(&web.executor.facts(), id)?, panel.language);
    web.executor.bin_flow(panel.by(), id).await?;
    let undo = Some(format!("/flows/{id}/bin?method=delete"));
    Ok(panel.done("/flows", Flash { tone: Tone::Good, text: w.binned_flow(&head.name), undo }))
}

/// `GET /flows/bin`
async fn bin(State(web): State<Web>, panel: Panel) -> Shown {
    let facts = web.executor.facts();
    let row = |head: &FlowHead| match head.state {
        FlowState::Binned { since } => Some(BinRow { id: head.id.to_string(), name: head.name.clone(), since }),
        _ => None,
    };
    let mut rows: Vec<BinRow> = facts.heads.values().filter_map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.since));
    let chrome = panel.chrome(Nav::Flows, panel.language.bin());
    Ok(panel.show(&chrome, &BinPage { chrome: &chrome, rows }))
}

/// `DELETE /flows/{id}/bin`
async fn restore(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let (w, lost) = (panel.language, web.executor.restore_flow(panel.by(), id).await?);
    let name = head(&web.executor.facts(), id)?.name;
    if lost.is_empty() {
        return Ok(panel.done("/flows", Flash::good(w.restored_flow(&name))));
    }
    let text = format!("{} {}", w.restored_flow(&name), w.restored_without(&w.list(&lost)));
    Ok(panel.done("/flows", Flash { tone: Tone::Warn, text, undo: None }))
}

fn binned_name(facts: &Facts, id: FlowId) -> Result<String, Trouble> {
    let head = facts.heads.get(&id).filter(|head| matches!(head.state, FlowState::Binned { .. }));
    head.map(|head| head.name.clone()).ok_or_else(|| Trouble::not_found("automation in the bin"))
}

/// `GET /flows/{id}/erase`
async fn show_erase(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let name = binned_name(&web.executor.facts(), id)?;
    let chrome = panel.chrome(Nav::Flows, panel.language.forever_title(&name));
    Ok(panel.show(&chrome, &DeletePage::for_good(&chrome, &id.to_string(), &name)))
}

/// `DELETE /flows/{id}/bin/contents`
async fn erase(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let name = binned_name(&web.executor.facts(), id)?;
    web.executor.purge_flow(panel.by(), id).await?;
    Ok(panel.done("/flows/bin", Flash::good(panel.language.erased_flow(&name))))
}
