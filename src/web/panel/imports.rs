//! Importing a set: choose a file, see what is inside, decide what collides, done. And exporting everything.

use super::super::Web;
use super::super::api::exports::hand_over;
use super::super::imports::{Chosen, CollisionLine, DoneLine, DonePage, FlowLine, ImportPage, LookPage};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav, Tone};
use super::super::problem::Trouble;
use super::super::words::Language;
use super::{Panel, Shown, Table};
use crate::base::limits::SET_BYTES_MAX;
use crate::engine::import::{Choice, Choices, Look, TakenPhrase, Thing};
use crate::executor::chance;
use crate::executor::control::exports::{Wanted, export};
use crate::executor::control::imports::{Imported, ImportedFlow};
use crate::executor::refusal::Refusal;
use crate::model::problem::{Problem, Severity};
use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/imports", new).post("/imports", upload);
    table.get("/imports/{word}", show).post("/imports/{word}", decide).get("/exports", everything)
}

/// `GET /exports`: everything in one file.
async fn everything(State(web): State<Web>, panel: Panel) -> Shown {
    hand_over(&web, panel.by(), Wanted::Everything, None).await
}

/// `GET /imports`
async fn new(State(web): State<Web>, panel: Panel) -> Shown {
    choose(&web, &panel, Vec::new(), "").await
}

async fn choose(web: &Web, panel: &Panel, faults: Vec<(String, String)>, wrong: &str) -> Shown {
    let facts = web.executor.facts();
    let left_out = web.read(move |view| Ok(export(view, &facts, &Wanted::Everything)?.left_out)).await?;
    let chrome = panel.chrome(Nav::Flows, panel.language.import_title());
    let refused = !faults.is_empty() || !wrong.is_empty();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(panel.show_with(status, &chrome, &ImportPage { chrome: &chrome, faults, wrong: wrong.to_owned(), left_out }))
}

/// `POST /imports`: looks at a file and keeps it until somebody decides.
async fn upload(State(web): State<Web>, panel: Panel, mut parts: Multipart) -> Shown {
    let unread = |_| Trouble::unreadable("The file broke off. Send it again.");
    let mut file = None;
    while let Some(field) = parts.next_field().await.map_err(unread)? {
        if field.name() == Some("file") {
            file = Some(field.bytes().await.map_err(unread)?);
        }
    }
    let Some(bytes) = file.filter(|bytes| !bytes.is_empty()) else {
        return choose(&web, &panel, Vec::new(), panel.language.import_none()).await;
    };
    if bytes.len() > SET_BYTES_MAX {
        return choose(&web, &panel, Vec::new(), &panel.language.archive_fault(&crate::model::archive::ArchiveFault::TooLarge)).await;
    }
    let bytes = Arc::new(bytes.to_vec());
    match web.executor.look_at_set(bytes.clone()).await {
        Ok(_) => {
            let word = chance::token()?;
            web.uploads.put(word.clone(), panel.operator.id, panel.now, Chosen::Waits(bytes));
            Ok(panel.go(&format!("/imports/{word}")))
        }
        Err(Refusal::Import(problems)) => choose(&web, &panel, faults(&problems, panel.language), "").await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// Each fault with the node it is at.
fn faults(problems: &[Problem], w: Language) -> Vec<(String, String)> {
    let place = |problem: &Problem| problem.node.as_ref().map(|node| w.import_at_node(&node.0)).unwrap_or_default();
    problems.iter().map(|problem| (place(problem), w.fault(&problem.fault))).collect()
}

/// `GET /imports/{word}`: what is inside; or, once it is done, what came of it.
async fn show(State(web): State<Web>, panel: Panel, Path(word): Path<String>) -> Shown {
    match web.uploads.get(&word, panel.operator.id, panel.now) {
        Some(Chosen::Waits(bytes)) => {
            let look = web.executor.look_at_set(bytes).await?;
            Ok(show_look(&panel, word, &look))
        }
        Some(Chosen::Done(imported)) => Ok(show_done(&panel, &imported)),
        None => Ok(panel.done("/imports", Flash::bad(panel.language.import_gone()))),
    }
}

fn show_look(panel: &Panel, word: String, look: &Look) -> Response {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.import_inside());
    let taken = |taken: &TakenPhrase| (taken.phrase.clone(), taken.flow.to_string(), taken.name.clone());
    let flows = look.flows.iter().map(|flow| FlowLine {
        name: flow.name.clone(),
        nodes: flow.nodes,
        is_here: flow.here.is_some(),
        same: flow.here.as_ref().is_some_and(|(_, here)| here.same),
        taken: flow.taken.iter().map(taken).collect(),
    });
    let page = LookPage {
        chrome: &chrome,
        word,
        flows: flows.collect(),
        replies: look.replies.iter().map(|reply| (reply.shortcut.clone(), reply.here.as_ref().is_some_and(|here| here.same))).collect(),
        new_fields: look.fields.iter().filter(|field| field.here.is_none()).map(|field| field.name.clone()).collect(),
        new_tags: look.tags.iter().filter(|tag| !tag.is_here).map(|tag| tag.name.clone()).collect(),
        files: look.files.iter().map(|file| (file.name.clone(), w.bytes(file.bytes))).collect(),
        missing: look.missing.iter().map(|missing| w.said(&missing.to_string())).collect(),
        collisions: look.collisions().into_iter().map(|(thing, name)| collision(look, thing, name, w)).collect(),
    };
    panel.show(&chrome, &page)
}

fn collision(look: &Look, thing: Thing, name: &str, w: Language) -> CollisionLine {
    let field = look.fields.iter().find(|field| field.name == name).and_then(|field| Some((field.here?, field.kind)));
    let (shown, choices) = match (thing, field) {
        (Thing::Flow, _) => (name.to_owned(), Choice::ALL.to_vec()),
        (Thing::Field, Some((here, there))) => {
            let shown = w.import_field_differs(name, w.field_kind(here), w.field_kind(there));
            (shown, vec![Choice::Skip, Choice::Replace])
        }
        _ => (format!("/{name}"), Choice::ALL.to_vec()),
    };
    CollisionLine { thing, control: format!("{}.{name}", thing.word()), shown, choices }
}

/// `POST /imports/{word}`: takes it in as was decided.
async fn decide(State(web): State<Web>, panel: Panel, Path(word): Path<String>, body: Bytes) -> Shown {
    let to = format!("/imports/{word}");
    let Some(Chosen::Waits(bytes)) = web.uploads.get(&word, panel.operator.id, panel.now) else {
        return Ok(panel.go(&to));
    };
    match web.executor.import_set(panel.by(), bytes, choices(&Fields::from_body(&body))).await {
        Ok(imported) => {
            web.uploads.put(word, panel.operator.id, panel.now, Chosen::Done(Arc::new(imported)));
            Ok(panel.go(&to))
        }
        Err(Refusal::Conflict(why) | Refusal::Invalid(why)) => Ok(panel.done(&to, Flash::bad(panel.language.said(&why)))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What a form decides: a control for each thing that collides.
fn choices(fields: &Fields) -> Choices {
    let mut choices = Choices::default();
    for (name, word) in &fields.0 {
        let thing = name.split_once('.').and_then(|(word, own)| Some((Thing::ALL.into_iter().find(|thing| thing.word() == word)?, own)));
        if let (Some((thing, own)), Some(choice)) = (thing, Choice::of_word(word)) {
            choices.named.insert((thing, own.to_owned()), choice);
        }
    }
    choices
}

fn show_done(panel: &Panel, imported: &Imported) -> Response {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.import_done());
    let skipped = |(thing, name): &(Thing, String)| if *thing == Thing::Reply { format!("/{name}") } else { name.clone() };
    let page = DonePage {
        chrome: &chrome,
        flows: imported.flows.iter().map(|flow| done(flow, w)).collect(),
        replies: imported.replies.iter().map(|(id, shortcut)| (format!("/quick-replies/{id}/edit"), shortcut.clone())).collect(),
        fields: imported.fields.clone(),
        tags: imported.tags.clone(),
        skipped: imported.skipped.iter().map(skipped).collect(),
        missing: imported.missing.iter().map(|missing| w.said(&missing.to_string())).collect(),
    };
    panel.show(&chrome, &page)
}

fn done(flow: &ImportedFlow, w: Language) -> DoneLine {
    let (state, tone) = match flow.version {
        None => (w.import_draft().to_owned(), Tone::Warn),
        Some(version) if flow.replaced => (w.import_replaced(version), Tone::Good),
        Some(version) => (w.import_version(version), Tone::Good),
    };
    let mut notes = Vec::new();
    if !flow.lost.is_empty() {
        let quoted: Vec<String> = flow.lost.iter().map(|phrase| format!("\"{phrase}\"")).collect();
        notes.push(w.import_lost(&w.list(&quoted)));
    }
    notes.extend(flow.problems.iter().filter(|problem| problem.fault.severity() == Severity::Error).map(|problem| {
        let place = problem.node.as_ref().map(|node| format!("{}: ", w.import_at_node(&node.0))).unwrap_or_default();
        format!("{place}{}", w.fault(&problem.fault))
    }));
    DoneLine { href: format!("/flows/{}/edit", flow.id), name: flow.name.clone(), state, tone, notes }
}
