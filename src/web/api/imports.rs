//! `/imports`: a set that comes in. Without `apply` it is only looked at; with it, it is taken in as was decided.

use super::Answer;
use crate::base::id::{FlowId, QuickReplyId};
use crate::engine::import::{Choice, Choices, Look, Missing, TakenPhrase, Thing};
use crate::executor::control::imports::{Imported, ImportedFlow};
use crate::model::field::FieldKind;
use crate::model::operator::By;
use crate::web::Web;
use crate::web::problem::{ProblemView, Trouble};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;
use std::sync::Arc;

/// What is asked beside the set itself: `apply=true`; `collisions=skip|both|replace` for all that collides; and for single things
/// `flow.NAME=…`, `quick_reply.SHORTCUT=…` and `field.NAME=…`.
fn wish(query: &str) -> Result<(bool, Choices), Trouble> {
    let (mut apply, mut choices) = (false, Choices::default());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let choice = || {
            let unknown = || Trouble::invalid(format!("`{name}` is skip, both or replace. Nothing was imported."));
            Choice::of_word(&value).ok_or_else(unknown)
        };
        let thing = name.split_once('.').and_then(|(word, own)| Some((Thing::ALL.into_iter().find(|thing| thing.word() == word)?, own)));
        match (&*name, thing) {
            ("apply", _) => apply = value == "true",
            ("collisions", _) => choices.rest = Some(choice()?),
            (_, Some((thing, own))) => drop(choices.named.insert((thing, own.to_owned()), choice()?)),
            _ => return Err(Trouble::invalid(format!("`{name}` is nothing that an import knows. Nothing was imported."))),
        }
    }
    Ok((apply, choices))
}

/// What is inside, what is missing, and what collides.
#[derive(Debug, Serialize)]
struct LookView {
    flows: Vec<FlowInside>,
    quick_replies: Vec<ReplyInside>,
    fields: Vec<FieldInside>,
    tags: Vec<TagInside>,
    files: Vec<FileInside>,
    missing: Vec<String>,
    collisions: Vec<CollisionView>,
}

#[derive(Debug, Serialize)]
struct FlowInside {
    name: String,
    nodes: usize,
    here: Option<FlowId>,
    same: bool,
    taken: Vec<TakenView>,
}

#[derive(Debug, Serialize)]
struct TakenView {
    phrase: String,
    flow: FlowId,
    name: String,
}

#[derive(Debug, Serialize)]
struct ReplyInside {
    shortcut: String,
    here: bool,
    same: bool,
}

#[derive(Debug, Serialize)]
struct FieldInside {
    name: String,
    kind: FieldKind,
    here: Option<FieldKind>,
}

#[derive(Debug, Serialize)]
struct TagInside {
    name: String,
    here: bool,
}

#[derive(Debug, Serialize)]
struct FileInside {
    name: String,
    bytes: usize,
}

#[derive(Debug, Serialize)]
struct CollisionView {
    kind: &'static str,
    name: String,
}

impl LookView {
    fn of(look: &Look) -> LookView {
        let taken = |taken: &TakenPhrase| TakenView { phrase: taken.phrase.clone(), flow: taken.flow, name: taken.name.clone() };
        let flows = look.flows.iter().map(|flow| FlowInside {
            name: flow.name.clone(),
            nodes: flow.nodes,
            here: flow.here.as_ref().map(|(id, _)| *id),
            same: flow.here.as_ref().is_some_and(|(_, here)| here.same),
            taken: flow.taken.iter().map(taken).collect(),
        });
        let replies = look.replies.iter().map(|reply| ReplyInside {
            shortcut: reply.shortcut.clone(),
            here: reply.here.is_some(),
            same: reply.here.as_ref().is_some_and(|here| here.same),
        });
        let fields = look.fields.iter().map(|field| FieldInside { name: field.name.clone(), kind: field.kind, here: field.here });
        let collisions = look.collisions().into_iter();
        LookView {
            flows: flows.collect(),
            quick_replies: replies.collect(),
            fields: fields.collect(),
            tags: look.tags.iter().map(|tag| TagInside { name: tag.name.clone(), here: tag.is_here }).collect(),
            files: look.files.iter().map(|file| FileInside { name: file.name.clone(), bytes: file.bytes }).collect(),
            missing: look.missing.iter().map(Missing::to_string).collect(),
            collisions: collisions.map(|(thing, name)| CollisionView { kind: thing.word(), name: name.to_owned() }).collect(),
        }
    }
}

/// What came of it.
#[derive(Debug, Serialize)]
struct ImportedView {
    flows: Vec<FlowView>,
    quick_replies: Vec<ReplyView>,
    fields: Vec<String>,
    tags: Vec<String>,
    skipped: Vec<CollisionView>,
    missing: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FlowView {
    id: FlowId,
    name: String,
    version: Option<u32>,
    replaced: bool,
    left_out: Vec<String>,
    problems: Vec<ProblemView>,
}

#[derive(Debug, Serialize)]
struct ReplyView {
    id: QuickReplyId,
    shortcut: String,
}

impl ImportedView {
    fn of(imported: Imported) -> ImportedView {
        let flow = |flow: ImportedFlow| FlowView {
            id: flow.id,
            name: flow.name,
            version: flow.version,
            replaced: flow.replaced,
            left_out: flow.lost,
            problems: flow.problems.iter().map(ProblemView::from).collect(),
        };
        ImportedView {
            flows: imported.flows.into_iter().map(flow).collect(),
            quick_replies: imported.replies.into_iter().map(|(id, shortcut)| ReplyView { id, shortcut }).collect(),
            fields: imported.fields,
            tags: imported.tags,
            skipped: imported.skipped.into_iter().map(|(thing, name)| CollisionView { kind: thing.word(), name }).collect(),
            missing: imported.missing.iter().map(Missing::to_string).collect(),
        }
    }
}

/// `POST /imports`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Trouble> {
    let (apply, choices) = wish(&query.unwrap_or_default())?;
    let bytes = Arc::new(body.to_vec());
    if apply {
        let imported = web.executor.import_set(by, bytes, choices).await?;
        return Ok((StatusCode::CREATED, Json(ImportedView::of(imported))).into_response());
    }
    let looked: Answer<LookView> = Ok(Json(LookView::of(&web.executor.look_at_set(bytes).await?)));
    Ok(looked.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decided_is_read_from_the_address() {
        let (apply, choices) = wish("apply=true&collisions=skip&flow.Due%20parole=replace").expect("a wish");
        assert!(apply);
        assert_eq!(choices.of(Thing::Flow, "Due parole"), Some(Choice::Replace));
        assert_eq!(choices.of(Thing::Flow, "Altra"), Some(Choice::Skip));
        for bad in ["collisions=maybe", "flow.x=maybe", "colour=red", "room.x=skip"] {
            assert!(wish(bad).is_err(), "{bad}");
        }
    }
}
