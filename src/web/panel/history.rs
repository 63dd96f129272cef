//! The versions of an automation: the list, one of them, two of them, and bringing one back.

use super::super::Web;
use super::super::ask::At;
use super::super::flow_diff;
use super::super::flow_map::{self, Marks};
use super::super::history::{ComparePage, HistoryPage, VersionPage, VersionRow, rows, sentences};
use super::super::node_form::Fields;
use super::super::node_words::{Speaker, cut};
use super::super::page::{Flash, Markup, Nav};
use super::super::problem::Trouble;
use super::super::words::Language;
use super::flow_edit::Open;
use super::{Panel, Shown, Table};
use crate::base::id::{FlowId, OperatorId};
use crate::executor::refusal::Refusal;
use crate::model::flow::Flow;
use crate::store::flows::VersionHead;
use crate::store::{View, flows, operators};
use axum::body::Bytes;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Versions of a page.
const SHOWN: usize = 20;
/// Versions that may be chosen to compare.
const CHOICES: usize = 200;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table
        .get("/flows/{id}/history", list)
        .get("/flows/{id}/history/compare", compare)
        .get("/flows/{id}/history/{number}", one)
        .post("/flows/{id}/restores", restore)
}

/// From which version on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    before: Option<u32>,
}

type People = BTreeMap<OperatorId, String>;

fn people(view: &View) -> Result<People, Refusal> {
    Ok(operators::all(view)?.into_iter().map(|operator| (operator.id, operator.name)).collect())
}

fn who(people: &People, by: Option<OperatorId>, w: Language) -> String {
    by.and_then(|by| people.get(&by).cloned()).unwrap_or_else(|| w.by_api().to_owned())
}

fn document(view: &View, id: FlowId, number: u32) -> Result<Flow, Refusal> {
    Ok(flows::version(view, id, number)?.ok_or(Refusal::NotFound("version"))?.document)
}

fn row(view: &View, head: &VersionHead, people: &People, around: &Around<'_>) -> Result<VersionRow, Refusal> {
    let (id, speaker) = (around.id, around.speaker);
    let changes = match head.number {
        0 | 1 => vec![speaker.language.history_first().to_owned()],
        number => {
            let new = document(view, id, number)?;
            match flows::version(view, id, number - 1)? {
                Some(old) => {
                    let found = flow_diff::compare(&old.document, &new);
                    let said = sentences(&found, &old.document, &new, speaker);
                    if said.is_empty() { vec![speaker.language.history_same().to_owned()] } else { said }
                }
                None => Vec::new(),
            }
        }
    };
    Ok(VersionRow {
        number: head.number,
        saved: head.saved,
        by: who(people, head.by, speaker.language),
        changes,
        is_newest: head.number == around.newest,
    })
}

/// What a row is told with.
struct Around<'a> {
    id: FlowId,
    newest: u32,
    speaker: Speaker<'a>,
}

/// `GET /flows/{id}/history?before=`
async fn list(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, Query(asked): Query<Before>) -> Shown {
    let (open, w) = (Arc::new(Open::read(&web, id).await?), panel.language);
    let known = open.clone();
    let (rows, older, numbers) = web
        .read(move |view| {
            let mut heads = flows::versions(view, id)?;
            heads.reverse();
            let numbers: Vec<u32> = heads.iter().map(|head| head.number).take(CHOICES).collect();
            let people = people(view)?;
            let around = Around { id, newest: known.head.version, speaker: known.speaker(w) };
            let rest: Vec<_> = heads.into_iter().filter(|head| asked.before.is_none_or(|before| head.number < before)).collect();
            let older = rest.get(SHOWN).and(rest.get(SHOWN - 1)).map(|head| head.number);
            let rows: Result<Vec<VersionRow>, Refusal> = rest.iter().take(SHOWN).map(|head| row(view, head, &people, &around)).collect();
            Ok((rows?, older, numbers))
        })
        .await?;
    let draft = open.saved.as_deref().map(|saved| {
        let found = flow_diff::compare(saved, &open.draft);
        sentences(&found, saved, &open.draft, open.speaker(w))
    });
    let mut choices = vec![("draft".to_owned(), w.history_draft().to_owned())];
    choices.extend(numbers.iter().map(|number| (number.to_string(), w.history_version(number))));
    let chrome = panel.chrome(Nav::Flows, w.history_of(&open.head.name));
    let page = HistoryPage {
        chrome: &chrome,
        id: id.to_string(),
        name: open.head.name.clone(),
        revision: open.head.draft_revision,
        draft: draft.unwrap_or_default(),
        rows,
        older,
        choices,
    };
    Ok(panel.show(&chrome, &page))
}

/// Which two versions; `draft` is the draft.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pair {
    from: String,
    to: String,
}

/// `GET /flows/{id}/history/compare?from=&to=`: the older one first, whichever way they were asked for.
async fn compare(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, Query(pair): Query<Pair>) -> Shown {
    let (open, w) = (Open::read(&web, id).await?, panel.language);
    let number = |text: &str| if text == "draft" { Ok(u32::MAX) } else { text.parse::<u32>() };
    let unknown = |_| Trouble::not_found("version");
    let (one, other) = (number(&pair.from).map_err(unknown)?, number(&pair.to).map_err(unknown)?);
    let (from, to) = (one.min(other), one.max(other));
    let draft = open.draft.clone();
    let (old, new) = web
        .read(move |view| {
            let read = |number: u32| if number == u32::MAX { Ok(draft.clone()) } else { document(view, id, number) };
            Ok((read(from)?, read(to)?))
        })
        .await?;
    let called = |number: u32| if number == u32::MAX { w.history_draft().to_owned() } else { w.history_version(&number) };
    let title = w.history_compare_title(&called(from), &called(to));
    let chrome = panel.chrome(Nav::Flows, title);
    let page = ComparePage {
        chrome: &chrome,
        id: id.to_string(),
        name: open.head.name.clone(),
        from: called(from),
        to: called(to),
        rows: rows(flow_diff::compare(&old, &new), &old, &new, open.speaker(w)),
    };
    Ok(panel.show(&chrome, &page))
}

/// `GET /flows/{id}/history/{number}`
async fn one(State(web): State<Web>, panel: Panel, At((id, number)): At<(FlowId, u32)>) -> Shown {
    let (open, w) = (Arc::new(Open::read(&web, id).await?), panel.language);
    let known = open.clone();
    let (row, flow) = web
        .read(move |view| {
            let head = flows::versions(view, id)?.into_iter().find(|head| head.number == number).ok_or(Refusal::NotFound("version"))?;
            let around = Around { id, newest: known.head.version, speaker: known.speaker(w) };
            Ok((row(view, &head, &people(view)?, &around)?, document(view, id, number)?))
        })
        .await?;
    let speaker = open.speaker(w);
    let chrome = panel.chrome(Nav::Flows, w.history_version_of(&number, &open.head.name));
    let node = |index: usize| {
        let node = flow.nodes.get(index)?;
        Some((node.kind.word().to_owned(), speaker.name(node), cut(&speaker.line(node), 300)))
    };
    let page = VersionPage {
        chrome: &chrome,
        id: id.to_string(),
        name: open.head.name.clone(),
        revision: open.head.draft_revision,
        row,
        map: Markup(flow_map::draw(&flow, speaker, &Marks::default())),
        nodes: flow_map::reading_order(&flow).into_iter().filter_map(node).collect(),
        draft_differs: open.differs,
    };
    Ok(panel.show(&chrome, &page))
}

/// `POST /flows/{id}/restores`: a version becomes the draft, under the name of today; then it is edited, or saved by the page that
/// says what saving means.
async fn restore(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let open = Open::read(&web, id).await?;
    let number: u32 = fields.get("number").parse().map_err(|_| Trouble::not_found("version"))?;
    let version = web.read(move |view| document(view, id, number)).await?;
    let revision = fields.get("revision").parse().unwrap_or(u64::MAX);
    let to = if fields.get("then") == "save" { format!("/flows/{id}/save") } else { format!("/flows/{id}/edit") };
    match web.executor.put_draft(id, revision, Flow { name: open.head.name.clone(), ..version }).await {
        Ok(_) => Ok(panel.done(&to, Flash::good(w.history_restored(&number)))),
        Err(Refusal::Conflict(_)) => Ok(panel.done(&format!("/flows/{id}/history"), Flash::bad(w.changed_meanwhile()))),
        Err(refusal) => Err(refusal.into()),
    }
}
