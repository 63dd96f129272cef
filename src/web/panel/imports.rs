//! Importing a set: choose a file, see what is inside, decide what collides, done. And exporting everything.

use super::super::Web;
use super::super::api::exports::hand_over;
use super::super::imports::{AskLine, Chosen, CollisionLine, DoneLine, DonePage, FlowLine, ImportPage, LookPage};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav, Tone};
use super::super::problem::Trouble;
use super::super::words::Language;
use super::asking::Asking;
use super::sent::Sent;
use super::{Panel, Shown, Table};
use crate::base::limits::SET_BYTES_MAX;
use crate::engine::import::{Choice, Choices, FlowLook, Look, Missing, TakenPhrase, Thing};
use crate::executor::chance;
use crate::executor::control::exports::{Wanted, export};
use crate::executor::control::imports::{Imported, ImportedFlow};
use crate::executor::refusal::Refusal;
use crate::model::problem::{Problem, Severity};
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
    let everything = web.read(move |view| export(view, &facts, &Wanted::Everything)).await?;
    let exposed = everything.exposed.into_iter().map(|(id, flow, node, place)| {
        let at: String = url::form_urlencoded::byte_serialize(node.0.as_bytes()).collect();
        (format!("/flows/{id}/edit?node={at}#node-{at}"), flow, node.0, place)
    });
    let chrome = panel.chrome(Nav::Flows, panel.language.import_title());
    let refused = !faults.is_empty() || !wrong.is_empty();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(panel.show_with(
        status,
        &chrome,
        &ImportPage { chrome: &chrome, faults, wrong: wrong.to_owned(), left_out: everything.left_out, exposed: exposed.collect() },
    ))
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
            let asking = Decided {
                asking: look.flows.iter().enumerate().map(|(place, _)| Asking::first(&prefix(place))).collect(),
                ..Decided::default()
            };
            Ok(show_look(&panel, word, &look, &asking))
        }
        Some(Chosen::Done(imported)) => Ok(show_done(&panel, &imported)),
        None => Ok(panel.done("/imports", Flash::bad(panel.language.import_gone()))),
    }
}

/// What somebody decided, and what they answered to each flow.
#[derive(Default)]
struct Decided {
    choices: Choices,
    asking: Vec<Asking>,
}

/// What the fields of the flow at this place begin with.
fn prefix(place: usize) -> String {
    format!("ask.{place}")
}

fn show_look(panel: &Panel, word: String, look: &Look, decided: &Decided) -> Response {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.import_inside());
    let asks = look.flows.iter().zip(&decided.asking).filter(|(flow, _)| asks(flow));
    let live: Vec<String> = look.flows.iter().filter(|flow| flow.is_live && differs(flow)).map(|flow| flow.name.clone()).collect();
    let status = if decided.asking.iter().any(Asking::is_refused) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
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
        new_segments: look.segments.iter().filter(|segment| segment.here.is_none()).map(|segment| segment.name.clone()).collect(),
        new_fields: look.fields.iter().filter(|field| field.here.is_none()).map(|field| w.field_name(&field.name).to_owned()).collect(),
        new_tags: look.tags.iter().filter(|tag| !tag.is_here).map(|tag| w.tag_name(&tag.name).to_owned()).collect(),
        files: look.files.iter().map(|file| (file.name.clone(), w.bytes(file.bytes))).collect(),
        missing: look.missing.iter().map(|missing| w.said(&missing.to_string())).collect(),
        collisions: look.collisions().into_iter().map(|(thing, name)| collision(look, thing, name, decided, w)).collect(),
        asks: asks
            .map(|(flow, asking)| AskLine {
                flow: flow.name.clone(),
                questions: flow.questions.iter().map(|question| asking.shown(question, w)).collect(),
            })
            .collect(),
        live: w.list(&live),
        stays_live: decided.choices.live,
    };
    panel.show_with(status, &chrome, &page)
}

/// Whether a flow is here under the same name and is another.
fn differs(flow: &FlowLook) -> bool {
    flow.here.as_ref().is_some_and(|(_, here)| !here.same)
}

/// Whether the questions of a flow are asked: not where it is here just so already.
fn asks(flow: &FlowLook) -> bool {
    !flow.questions.is_empty() && (flow.here.is_none() || differs(flow))
}

fn collision(look: &Look, thing: Thing, name: &str, decided: &Decided, w: Language) -> CollisionLine {
    let field = look.fields.iter().find(|field| field.name == name).and_then(|field| Some((field.here?, field.kind)));
    let (shown, choices) = match (thing, field) {
        (Thing::Flow, _) => (name.to_owned(), Choice::ALL.to_vec()),
        (Thing::Segment, _) => (w.segment_edit(name), vec![Choice::Skip, Choice::Replace]),
        (Thing::Field, Some((here, there))) => {
            let shown = w.import_field_differs(w.field_name(name), w.field_kind(here), w.field_kind(there));
            (shown, vec![Choice::Skip, Choice::Replace])
        }
        _ => (format!("/{name}"), Choice::ALL.to_vec()),
    };
    let chosen = decided.choices.of(thing, name).unwrap_or(Choice::Skip);
    CollisionLine { thing, control: format!("{}.{name}", thing.word()), shown, choices, chosen }
}

/// `POST /imports/{word}`: takes it in as was decided.
async fn decide(State(web): State<Web>, panel: Panel, Path(word): Path<String>, sent: Sent) -> Shown {
    let to = format!("/imports/{word}");
    let Some(Chosen::Waits(bytes)) = web.uploads.get(&word, panel.operator.id, panel.now) else {
        return Ok(panel.go(&to));
    };
    let look = web.executor.look_at_set(bytes.clone()).await?;
    let decided = decided(&web, &panel, &look, &sent).await?;
    if decided.asking.iter().any(Asking::is_refused) {
        return Ok(show_look(&panel, word, &look, &decided));
    }
    match web.executor.import_set(panel.by(), bytes, decided.choices).await {
        Ok(mut imported) => {
            // What stood in the form by default was before their eyes.
            imported.missing.retain(|missing| !matches!(missing, Missing::Answers { .. }));
            web.uploads.put(word, panel.operator.id, panel.now, Chosen::Done(Arc::new(imported)));
            Ok(panel.go(&to))
        }
        Err(Refusal::Conflict(why) | Refusal::Invalid(why)) => Ok(panel.done(&to, Flash::bad(panel.language.said(&why)))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What the form decides and answers. A flow that is left out is not asked.
async fn decided(web: &Web, panel: &Panel, look: &Look, sent: &Sent) -> Result<Decided, Trouble> {
    let (facts, w) = (web.executor.facts(), panel.language);
    let mut decided = Decided { choices: choices(&sent.fields), asking: Vec::new() };
    for (place, flow) in look.flows.iter().enumerate() {
        let is_asked = asks(flow) && decided.choices.of_flow(flow) != Some(Choice::Skip);
        let mut asking = match is_asked {
            true => Asking::sent(web, panel, &prefix(place), &flow.questions, sent).await?,
            false => Asking::first(&prefix(place)),
        };
        if is_asked && let Some(answers) = asking.answers(&flow.questions, w, &facts.settings) {
            decided.choices.answers.insert(flow.name.clone(), answers);
        }
        decided.asking.push(asking);
    }
    Ok(decided)
}

/// What a form decides: a control for each thing that collides.
fn choices(fields: &Fields) -> Choices {
    let mut choices = Choices { live: fields.is_on("live"), ..Choices::default() };
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
    let skipped = |(thing, name): &(Thing, String)| match thing {
        Thing::Reply => format!("/{name}"),
        Thing::Field => w.field_name(name).to_owned(),
        Thing::Flow | Thing::Segment => name.clone(),
    };
    let page = DonePage {
        chrome: &chrome,
        flows: imported.flows.iter().map(|flow| done(flow, w)).collect(),
        replies: imported.replies.iter().map(|(id, shortcut)| (format!("/quick-replies/{id}/edit"), shortcut.clone())).collect(),
        segments: imported.segments.clone(),
        fields: imported.fields.iter().map(|name| w.field_name(name).to_owned()).collect(),
        tags: imported.tags.iter().map(|name| w.tag_name(name).to_owned()).collect(),
        skipped: imported.skipped.iter().map(skipped).collect(),
        missing: imported.missing.iter().map(|missing| w.said(&missing.to_string())).collect(),
    };
    panel.show(&chrome, &page)
}

fn done(flow: &ImportedFlow, w: Language) -> DoneLine {
    let (state, tone) = match flow.version {
        None => (w.import_draft().to_owned(), Tone::Warn),
        Some(version) if flow.switched_off => (w.import_replaced_off(version), Tone::Warn),
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
