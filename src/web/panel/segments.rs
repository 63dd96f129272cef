//! Segments: the list with who belongs and what uses each, the form, and the end of one.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::labels::{LabelRow, SegmentForm, SegmentsPage};
use super::super::node_form::{self, Fields};
use super::super::node_words::Speaker;
use super::super::page::{Flash, Nav};
use super::super::words::Language;
use super::contacts::tags_in_use;
use super::labels::{contacts, used_by};
use super::{Panel, Shown, Table};
use crate::executor::refusal::Refusal;
use crate::model::label::Label;
use crate::model::node::Rule;
use crate::model::operator::Role;
use crate::model::segment::Segment;
use crate::store::segments;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/contacts/segments", list).get("/contacts/segments/new", new).post("/contacts/segments", create);
    let table = table.get("/contacts/segments/{name}/edit", edit).post("/contacts/segments/{name}", save);
    table.get("/contacts/segments/{name}/delete", ask).delete("/contacts/segments/{name}", delete)
}

async fn known(web: &Web, name: String) -> Result<Segment, super::Trouble> {
    web.read(move |view| segments::get(view, &name)?.ok_or(Refusal::NotFound("segment"))).await
}

fn place(name: &str, verb: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("/contacts/segments/{}{verb}", encoded.replace('+', "%20"))
}

/// `GET /contacts/segments`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    let (w, all) = (panel.language, web.read(|view| Ok(segments::all(view)?)).await?);
    let (counts, more) = web.executor.count_segments(&all).await?;
    let mut rows = Vec::with_capacity(all.len());
    for (segment, count) in all.iter().zip(counts) {
        rows.push(LabelRow {
            name: segment.name.clone(),
            called: segment.name.clone(),
            rules: rules_in_words(segment, w),
            contacts: contacts(count, more, w),
            used_by: used_by(web.executor.uses_of(Label::Segment(segment.name.clone())).await?),
            edit: if panel.operator.role >= Role::Operator { place(&segment.name, "/edit") } else { String::new() },
            delete: place(&segment.name, "/delete"),
        });
    }
    let chrome = panel.chrome(Nav::Contacts, w.segments());
    Ok(panel.show(&chrome, &SegmentsPage { chrome: &chrome, rows }))
}

fn rules_in_words(segment: &Segment, w: Language) -> String {
    let said = |rules: &[Rule], word: &str| {
        let rules: Vec<String> = rules.iter().map(|rule| Speaker::new(w).rule(rule)).collect();
        rules.join(&format!(" {word} "))
    };
    match (said(&segment.all, w.and()), said(&segment.any, w.or())) {
        (all, any) if any.is_empty() => all,
        (all, any) if all.is_empty() => any,
        (all, any) => format!("{all} {} ({any})", w.and()),
    }
}

/// `GET /contacts/segments/new`
async fn new(State(web): State<Web>, panel: Panel) -> Shown {
    show_form(&web, &panel, None, Fields::default(), String::new()).await
}

/// `GET /contacts/segments/{name}/edit`
async fn edit(State(web): State<Web>, panel: Panel, Path(name): Path<String>) -> Shown {
    let segment = known(&web, name).await?;
    let branch = json!({"exit": "x", "all": segment.all, "any": segment.any});
    let fields = node_form::fields_of_document(&json!({"kind": "condition", "branches": [branch]}));
    show_form(&web, &panel, Some(&segment.name), fields, String::new()).await
}

/// `POST /contacts/segments`
async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let name = fields.get("name").trim().to_owned();
    put(&web, &panel, name, true, fields).await
}

/// `POST /contacts/segments/{name}`
async fn save(State(web): State<Web>, panel: Panel, Path(name): Path<String>, body: Bytes) -> Shown {
    let before = known(&web, name).await?;
    put(&web, &panel, before.name, false, Fields::from_body(&body)).await
}

async fn put(web: &Web, panel: &Panel, name: String, is_new: bool, fields: Fields) -> Shown {
    let (own, w) = ((!is_new).then(|| name.clone()), panel.language);
    let outcome = match read(name, &fields) {
        Ok(segment) => web.executor.put_segment(panel.by(), segment, is_new).await,
        Err(why) => Err(Refusal::Invalid(why)),
    };
    match outcome {
        Ok(segment) => {
            let to = if fields.is_on("more") { place(&segment.name, "/edit") } else { "/contacts/segments".to_owned() };
            Ok(panel.done(&to, Flash::good(w.segment_saved(&segment.name))))
        }
        Err(Refusal::Invalid(why) | Refusal::Conflict(why)) => show_form(web, panel, own.as_deref(), fields, w.said(&why)).await,
        Err(other) => Err(other.into()),
    }
}

/// The segment that a form says: its rules stand there as those of a branch.
fn read(name: String, fields: &Fields) -> Result<Segment, String> {
    let mut asked = Fields(fields.0.iter().filter(|(own, _)| own.starts_with("branches.0.")).cloned().collect());
    for (own, text) in [("kind", "condition"), ("id", "s"), ("branches.0.exit", "x")] {
        asked.push(own, text);
    }
    let mut document = Value::Object(node_form::document_of(&asked));
    let mut of = |which: &str| -> Result<Vec<Rule>, String> {
        let found = document.pointer_mut(&format!("/branches/0/{which}")).map(Value::take).unwrap_or(Value::Null);
        if found.is_null() { Ok(Vec::new()) } else { serde_json::from_value(found).map_err(|error| error.to_string()) }
    };
    Ok(Segment { name, all: of("all")?, any: of("any")? })
}

async fn show_form(web: &Web, panel: &Panel, own: Option<&str>, fields: Fields, wrong: String) -> Shown {
    let w = panel.language;
    let (carried, tags) = (web.executor.carried().await?, web.read(tags_in_use).await?);
    let title = own.map_or_else(|| w.segment_new().to_owned(), |name| w.segment_edit(name));
    let known = w.values().into_iter().filter(|(name, _)| name.starts_with("contact."));
    let mut values: Vec<(String, String)> = known.map(|(name, said)| (name.to_owned(), said.to_owned())).collect();
    values.extend(carried.fields.into_keys().map(|field| (format!("contact.fields.{field}"), w.field_name(&field).to_owned())));
    let chrome = panel.chrome(Nav::Contacts, title.as_str());
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let action = own.map_or_else(|| "/contacts/segments".to_owned(), |name| place(name, ""));
    let form = SegmentForm { chrome: &chrome, title, action, is_new: own.is_none(), fields, wrong, values, tags };
    Ok(panel.show_with(status, &chrome, &form))
}

/// `GET /contacts/segments/{name}/delete`: says what uses it before it goes.
async fn ask(State(web): State<Web>, panel: Panel, Path(name): Path<String>) -> Shown {
    let (w, segment) = (panel.language, known(&web, name).await?);
    let label = Label::Segment(segment.name.clone());
    let (counts, more) = web.executor.count_segments(std::slice::from_ref(&segment)).await?;
    let names: Vec<String> = used_by(web.executor.uses_of(label.clone()).await?).into_iter().map(|(_, name)| name).collect();
    let chrome = panel.chrome(Nav::Contacts, w.delete_label(&segment.name));
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: w.delete_label(&segment.name),
        lines: w.label_end(&label, &contacts(counts.first().copied().unwrap_or(0), more, w), &names, &[]),
        action: place(&segment.name, "?method=delete"),
        button: w.delete().to_owned(),
        back: "/contacts/segments".to_owned(),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `DELETE /contacts/segments/{name}`
async fn delete(State(web): State<Web>, panel: Panel, Path(name): Path<String>) -> Shown {
    let outcome = web.executor.delete_segment(panel.by(), name.clone(), true).await;
    panel.after("/contacts/segments", outcome, panel.language.segment_deleted(&name))
}
