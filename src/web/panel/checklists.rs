//! The check-list of a flow that was added: read with its flow, ticked by hand, put away.

use super::super::Web;
use super::super::ask::At;
use super::super::checklist::{Seen, TodoList};
use super::super::node_form::Fields;
use super::super::page::{Flash, Tone};
use super::super::phrase::{self, OverlapLine};
use super::super::problem::Trouble;
use super::flow_edit::Open;
use super::flows::head;
use super::starters::Starter;
use super::{Panel, Shown, Table};
use crate::base::id::FlowId;
use crate::executor::control::{phrase as phrases, taken};
use crate::executor::facts::Facts;
use crate::model::checklist::{Checklist, LeftOut};
use crate::model::flow::{Flow, FlowState};
use crate::model::node::{Keyword, NodeKind, Phrase};
use axum::body::Bytes;
use axum::extract::State;
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.post("/flows/{id}/todos", tick).delete("/flows/{id}/todos", close)
}

/// The list of a flow that is open in the editor; nothing where it has none.
pub async fn of(web: &Web, open: &Open, panel: &Panel) -> Result<Option<TodoList>, Trouble> {
    let Some(list) = &open.checklist else { return Ok(None) };
    let facts = web.executor.facts();
    let made_from =
        list.blueprint.as_deref().and_then(Starter::of_word).map(|starter| starter.open_document(panel.language)).transpose()?;
    let lines = Seen {
        list,
        open: made_from.as_ref(),
        head: &open.head,
        draft: &open.draft,
        problems: &open.problems,
        facts: &facts,
        speaker: open.speaker(panel.language),
        blueprint: &|name| Starter::named(name).map(|starter| format!("/blueprints/{}", starter.word())),
    }
    .lines();
    let mut notes = left_out(web, list, &open.draft, &facts, panel).await?;
    notes.extend(overlaps(web, open, panel).await?);
    Ok(Some(TodoList { notes, lines }))
}

/// Phrases that were left out: those an owner still has, and those that are free meanwhile.
async fn left_out(web: &Web, list: &Checklist, draft: &Flow, facts: &Facts, panel: &Panel) -> Result<Vec<OverlapLine>, Trouble> {
    let w = panel.language;
    let has = |left: &LeftOut| {
        draft.nodes.iter().any(|node| matches!(&node.kind, NodeKind::Keyword(keyword) if keyword.phrases.iter().any(|own| left.is(own))))
    };
    let open: Vec<&LeftOut> = list.left_out.iter().filter(|left| !has(left)).collect();
    let owners = owners(web, list.flow, &open, draft).await?;
    let mut by_owner: BTreeMap<Option<FlowId>, Vec<String>> = BTreeMap::new();
    for (left, owner) in open.iter().zip(owners) {
        by_owner.entry(owner).or_default().push(format!("“{}”", left.phrase));
    }
    let line = |(owner, phrases): (Option<FlowId>, Vec<String>)| {
        let (count, said) = (phrases.len(), w.list(&phrases));
        let Some(owner) = owner else {
            let first = (format!("/flows/{}/edit#steps", list.flow), w.nodes().to_owned());
            return OverlapLine { tone: Tone::Info, text: w.todo_left_free(count, &said), flow: first };
        };
        let name = facts.names.get(&owner).cloned().unwrap_or_default();
        OverlapLine { tone: Tone::Warn, text: w.todo_left_out(count, &said), flow: (format!("/flows/{owner}/edit"), name) }
    };
    Ok(by_owner.into_iter().map(line).collect())
}

/// Who has each of these phrases now, on channels where the flow listens.
async fn owners(web: &Web, flow: FlowId, open: &[&LeftOut], draft: &Flow) -> Result<Vec<Option<FlowId>>, Trouble> {
    let channels =
        draft.nodes.iter().find_map(|node| if let NodeKind::Keyword(keyword) = &node.kind { Some(keyword.channels.clone()) } else { None });
    let channels = channels.unwrap_or_default();
    let mut probe = draft.clone();
    probe.nodes.clear();
    if let Some(like) = draft.nodes.first() {
        let phrases = open.iter().map(|left| Phrase { text: left.phrase.clone(), r#match: left.r#match }).collect();
        let mut node = like.clone();
        node.kind = NodeKind::Keyword(Keyword { phrases, channels, ..Keyword::default() });
        probe.nodes.push(node);
    }
    let facts = web.executor.facts();
    let taken = web.read(move |view| taken::taken(view, &facts, Some(flow), &probe)).await?;
    let owner = |left: &&LeftOut| taken.iter().find(|now| now.phrase == left.phrase && now.r#match == left.r#match).map(|now| now.owner);
    Ok(open.iter().map(owner).collect())
}

/// What its phrases overlap with in other modes, and who wins.
async fn overlaps(web: &Web, open: &Open, panel: &Panel) -> Result<Vec<OverlapLine>, Trouble> {
    let (facts, w, own) = (web.executor.facts(), panel.language, open.head.id);
    let keywords: Vec<Keyword> = open
        .draft
        .nodes
        .iter()
        .filter_map(|node| if let NodeKind::Keyword(keyword) = &node.kind { Some(keyword.clone()) } else { None })
        .collect();
    web.read(move |view| {
        let triggers = phrases::triggers(view, &facts, None, |state| !matches!(state, FlowState::Binned { .. }))?;
        let lines = keywords.iter().flat_map(|keyword| phrase::overlaps(keyword, &triggers, own, |id| facts.heads.get(&id).cloned(), w));
        Ok(lines.filter(|line| line.tone != Tone::Bad).collect())
    })
    .await
}

/// `POST /flows/{id}/todos`
async fn tick(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    head(&web.executor.facts(), id)?;
    web.executor.tick(id, fields.get("line").to_owned(), fields.is_on("done")).await?;
    Ok(panel.go(&format!("/flows/{id}/edit#todos")))
}

/// `DELETE /flows/{id}/todos`
async fn close(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    head(&web.executor.facts(), id)?;
    web.executor.close_checklist(id).await?;
    Ok(panel.done(&format!("/flows/{id}/edit"), Flash::good(panel.language.todo_closed())))
}
