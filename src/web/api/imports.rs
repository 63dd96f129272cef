//! `/imports`: a set that comes in. Without `apply` it is only looked at; with it, it is taken in as was decided.

use super::Answer;
use crate::base::id::{FlowId, QuickReplyId};
use crate::engine::blueprint::Answers;
use crate::engine::blueprint::asked::read_answers;
use crate::engine::import::{Choice, Choices, Look, Missing, TakenPhrase, Thing};
use crate::executor::control::imports::{Imported, ImportedFlow};
use crate::model::field::FieldKind;
use crate::model::flow::Question;
use crate::model::operator::By;
use crate::model::settings::Settings;
use crate::web::Web;
use crate::web::problem::{ProblemView, Trouble};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers as they were given: flow, question, text.
type Given = Vec<(String, String, String)>;

/// What is asked beside the set itself: `apply=true`; `collisions=skip|both|replace` for all that collides; for single things
/// `flow.NAME=…`, `quick_reply.SHORTCUT=…`, `segment.NAME=…` and `field.NAME=…`; `live=true` where what is replaced stays enabled; and
/// `ask.FLOW.QUESTION=…` for each answer.
fn wish(query: &str) -> Result<(bool, Choices, Given), Trouble> {
    let (mut apply, mut choices, mut given) = (false, Choices::default(), Given::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let choice = || {
            let unknown = || Trouble::invalid(format!("`{name}` is skip, both or replace. Nothing was imported."));
            Choice::of_word(&value).ok_or_else(unknown)
        };
        let thing = name.split_once('.').and_then(|(word, own)| Some((Thing::ALL.into_iter().find(|thing| thing.word() == word)?, own)));
        let answer = name.strip_prefix("ask.").and_then(|rest| rest.rsplit_once('.'));
        match (&*name, thing) {
            ("apply", _) => apply = value == "true",
            ("live", _) => choices.live = value == "true",
            _ if answer.is_some() => given.extend(answer.map(|(flow, id)| (flow.to_owned(), id.to_owned(), value.to_string()))),
            ("collisions", _) => choices.rest = Some(choice()?),
            (_, Some((thing, own))) => drop(choices.named.insert((thing, own.to_owned()), choice()?)),
            _ => return Err(Trouble::invalid(format!("`{name}` is nothing that an import knows. Nothing was imported."))),
        }
    }
    Ok((apply, choices, given))
}

/// The answers, read and checked as those of a form; what is wrong with one is told.
fn answered(look: &Look, given: &Given, settings: &Settings) -> Result<BTreeMap<String, Answers>, Trouble> {
    let nothing = |flow: &str, id: &str| Trouble::invalid(format!("Nothing in this set asks `{id}` of \"{flow}\". Nothing was imported."));
    let mut answers = BTreeMap::new();
    for (name, id, _) in given {
        let flow = look.flows.iter().find(|flow| flow.name == *name).ok_or_else(|| nothing(name, id))?;
        if !flow.questions.iter().any(|question| question.id == *id) {
            return Err(nothing(name, id));
        }
        let said = |question: &str| {
            let found = given.iter().find(|(flow, id, _)| flow == name && id == question).map(|(_, _, text)| text.clone());
            let default = || flow.questions.iter().find(|asked| asked.id == question).and_then(|asked| asked.default.clone());
            found.or_else(|| default().map(|text| text.in_language(&[&settings.language]).to_owned())).unwrap_or_default()
        };
        let read = read_answers(&flow.questions, said, &settings.language, settings).map_err(|faults| {
            let words: Vec<String> = faults.iter().map(|(id, fault)| format!("{id}: {fault}")).collect();
            Trouble::invalid(format!("An answer for \"{name}\" is refused ({}). Nothing was imported.", words.join("; ")))
        })?;
        answers.insert(name.clone(), read);
    }
    Ok(answers)
}

/// What is inside, what is missing, and what collides.
#[derive(Debug, Serialize)]
struct LookView {
    flows: Vec<FlowInside>,
    quick_replies: Vec<ReplyInside>,
    segments: Vec<SegmentInside>,
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
    live: bool,
    taken: Vec<TakenView>,
    questions: Vec<Question>,
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
struct SegmentInside {
    name: String,
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
            live: flow.is_live,
            taken: flow.taken.iter().map(taken).collect(),
            questions: flow.questions.clone(),
        });
        let replies = look.replies.iter().map(|reply| ReplyInside {
            shortcut: reply.shortcut.clone(),
            here: reply.here.is_some(),
            same: reply.here.as_ref().is_some_and(|here| here.same),
        });
        let segments = look.segments.iter().map(|segment| SegmentInside {
            name: segment.name.clone(),
            here: segment.here.is_some(),
            same: segment.here.as_ref().is_some_and(|here| here.same),
        });
        let fields = look.fields.iter().map(|field| FieldInside { name: field.name.clone(), kind: field.kind, here: field.here });
        let collisions = look.collisions().into_iter();
        LookView {
            flows: flows.collect(),
            quick_replies: replies.collect(),
            segments: segments.collect(),
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
    segments: Vec<String>,
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
    enabled: bool,
    switched_off: bool,
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
            enabled: flow.enabled,
            switched_off: flow.switched_off,
            left_out: flow.lost,
            problems: flow.problems.iter().map(ProblemView::from).collect(),
        };
        ImportedView {
            flows: imported.flows.into_iter().map(flow).collect(),
            quick_replies: imported.replies.into_iter().map(|(id, shortcut)| ReplyView { id, shortcut }).collect(),
            segments: imported.segments,
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
    let (apply, mut choices, given) = wish(&query.unwrap_or_default())?;
    let bytes = Arc::new(body.to_vec());
    let look = web.executor.look_at_set(bytes.clone()).await?;
    choices.answers = answered(&look, &given, &web.executor.facts().settings)?;
    if apply {
        let imported = web.executor.import_set(by, bytes, choices).await?;
        return Ok((StatusCode::CREATED, Json(ImportedView::of(imported))).into_response());
    }
    let looked: Answer<LookView> = Ok(Json(LookView::of(&look)));
    Ok(looked.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decided_is_read_from_the_address() {
        let (apply, choices, given) =
            wish("apply=true&collisions=skip&flow.Due%20parole=replace&live=true&ask.Due.parole.prices=10").expect("a wish");
        assert!(apply && choices.live);
        assert_eq!(given, [("Due.parole".to_owned(), "prices".to_owned(), "10".to_owned())]);
        assert_eq!(choices.of(Thing::Flow, "Due parole"), Some(Choice::Replace));
        assert_eq!(choices.of(Thing::Flow, "Altra"), Some(Choice::Skip));
        for bad in ["collisions=maybe", "flow.x=maybe", "colour=red", "room.x=skip", "ask.x=1"] {
            assert!(wish(bad).is_err(), "{bad}");
        }
    }
}
