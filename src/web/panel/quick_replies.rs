//! Quick replies: the list, the form, and what is done with one.

pub(super) mod preview;

use super::super::Web;
use super::super::blueprints::Asked;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::quick_replies::{RepliesPage, ReplyForm, ReplyRow};
use super::super::words::Language;
use super::asking::keep;
use super::sent::Sent;
use super::{Panel, Shown, Table};
use crate::base::id::{FileId, QuickReplyId};
use crate::engine::blueprint::asked::{AnswerFault, answer_fault};
use crate::engine::quick_reply::{answered, check, is_blank, lacks_a_file, to_type};
use crate::executor::refusal::Refusal;
use crate::model::blueprint;
use crate::model::file::FileMeta;
use crate::model::flow::{Question, QuestionKind};
use crate::model::node::{Attachment, Text};
use crate::model::quick_reply::{QuickReply, QuickReplyFault, SavedReply};
use crate::store::{View, files, quick_replies};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use preview::{As, preview, to_invented};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/quick-replies", list).post("/quick-replies", create).get("/quick-replies/new", new);
    let table = table.post("/quick-replies/pack", add_pack).get("/quick-replies/{id}/edit", edit);
    table.post("/quick-replies/{id}", save).delete("/quick-replies/{id}", delete).post("/quick-replies/{id}/copies", copy)
}

/// What is searched.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Searched {
    q: String,
}

async fn all(web: &Web) -> Result<Vec<SavedReply>, super::Trouble> {
    let mut all = web.read(|view| Ok(quick_replies::all(view)?)).await?;
    all.sort_by(|one, other| one.reply.shortcut.cmp(&other.reply.shortcut));
    Ok(all)
}

async fn known(web: &Web, id: QuickReplyId) -> Result<SavedReply, super::Trouble> {
    web.read(move |view| quick_replies::get(view, id)?.ok_or(Refusal::NotFound("quick reply"))).await
}

/// `GET /quick-replies`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Searched>) -> Shown {
    let (w, all) = (panel.language, all(&web).await?);
    let pack = blueprint::quick_replies().map_err(Refusal::Problems)?;
    let offers_pack = pack.iter().any(|ready| !all.iter().any(|saved| saved.reply.shortcut == ready.shortcut));
    let found = all.iter().filter(|saved| saved.reply.is_about(&asked.q));
    let rows = found.map(|saved| row(saved, &panel)).collect();
    let chrome = panel.chrome(Nav::Contacts, w.quick_replies());
    Ok(panel.show(&chrome, &RepliesPage { chrome: &chrome, text: asked.q, rows, offers_pack }))
}

fn row(saved: &SavedReply, panel: &Panel) -> ReplyRow {
    let (reply, w) = (&saved.reply, panel.language);
    ReplyRow {
        id: saved.id.to_string(),
        shortcut: reply.shortcut.clone(),
        text: to_invented(reply, w.code(), panel),
        uses: saved.uses,
        is_open: lacks_a_file(reply) || to_type(&reply.text, &[w.code()]).iter().any(|name| name.starts_with("ask.")),
        files: reply.attachments.iter().filter(|file| !is_blank(file)).count(),
    }
}

/// `POST /quick-replies/pack`
async fn add_pack(State(web): State<Web>, panel: Panel) -> Shown {
    let (added, left_out) = web.executor.add_quick_reply_pack(panel.by()).await?;
    let mut said = panel.language.quick_added(added);
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(|shortcut| format!("/{shortcut}")).collect();
        said.push_str(&panel.language.quick_left_out(&names.join(", ")));
    }
    Ok(panel.done("/quick-replies", Flash::good(said)))
}

/// `GET /quick-replies/new`
async fn new(State(web): State<Web>, panel: Panel) -> Shown {
    show_form(&web, &panel, Form::default()).await
}

/// `GET /quick-replies/{id}/edit`
async fn edit(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>, Query(read_as): Query<As>) -> Shown {
    let saved = known(&web, id).await?;
    let said = |language: &str| match &saved.reply.text {
        Text::Plain(text) => {
            if language == "it" {
                text.clone()
            } else {
                String::new()
            }
        }
        Text::ByLanguage(texts) => texts.get(language).cloned().unwrap_or_default(),
    };
    let fields = [("shortcut", saved.reply.shortcut.clone()), ("text_it", said("it")), ("text_en", said("en"))];
    let fields = Fields(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
    show_form(&web, &panel, Form { own: Some(&saved), fields, reply: Some(&saved.reply), read_as, ..Form::default() }).await
}

/// `POST /quick-replies`
async fn create(State(web): State<Web>, panel: Panel, sent: Sent) -> Shown {
    put(&web, &panel, None, sent).await
}

/// `POST /quick-replies/{id}`
async fn save(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>, sent: Sent) -> Shown {
    let saved = known(&web, id).await?;
    put(&web, &panel, Some(saved), sent).await
}

async fn put(web: &Web, panel: &Panel, before: Option<SavedReply>, sent: Sent) -> Shown {
    let own = before.as_ref().map(|saved| saved.id);
    let mut reply = read(before.as_ref().map(|saved| &saved.reply), &sent.fields);
    let settings = web.executor.facts().settings.clone();
    let questions = before.iter().flat_map(|saved| &saved.reply.questions).filter(|question| question.kind != QuestionKind::File);
    let wrong = |question: &Question| {
        let typed = sent.fields.get(&format!("ask.{}", question.id)).trim();
        Some((question.id.clone(), answer_fault(question.kind, typed, &settings).filter(|_| !typed.is_empty())?))
    };
    let wrong_answers: BTreeMap<String, AnswerFault> = questions.filter_map(wrong).collect();
    let wrong_file = attach(web, panel, before.as_ref().map(|saved| &saved.reply), &sent, &mut reply).await?;
    let mut faults = check([&reply]);
    let taken = all(web).await?.iter().any(|saved| saved.reply.shortcut == reply.shortcut && Some(saved.id) != own);
    faults.extend(taken.then(|| QuickReplyFault::SameShortcut(reply.shortcut.clone())));
    if !faults.is_empty() || !wrong_answers.is_empty() || wrong_file.is_some() {
        let form = Form {
            own: before.as_ref(),
            fields: sent.fields,
            reply: Some(&reply),
            faults: &faults,
            answers: wrong_answers,
            wrong_file,
            ..Form::default()
        };
        return show_form(web, panel, form).await;
    }
    let said = panel.language.quick_saved(&reply.shortcut);
    match own {
        Some(id) => web.executor.edit_quick_reply(panel.by(), id, reply).await?,
        None => web.executor.create_quick_reply(panel.by(), reply).await?,
    };
    Ok(panel.done("/quick-replies", Flash::good(said)))
}

/// The quick reply that a form says, its files left out.
fn read(before: Option<&QuickReply>, fields: &Fields) -> QuickReply {
    let said = |name: &str| fields.get(name).replace("\r\n", "\n").trim().to_owned();
    let text = match (said("text_it"), said("text_en")) {
        (it, en) if en.is_empty() => Text::Plain(it),
        (it, en) if it.is_empty() => Text::Plain(en),
        (it, en) => Text::ByLanguage([("it".to_owned(), it), ("en".to_owned(), en)].into()),
    };
    let shortcut = said("shortcut").trim_start_matches('/').to_lowercase();
    let questions = before.map(|before| before.questions.clone()).unwrap_or_default();
    let mut reply = QuickReply { shortcut, text, attachments: Vec::new(), questions: questions.clone() };
    for question in questions.iter().filter(|question| question.kind != QuestionKind::File) {
        let answer = said(&format!("ask.{}", question.id));
        if !answer.is_empty() {
            reply = answered(&reply, &question.id, &answer);
        }
    }
    reply
}

/// Puts the files of a form into a reply: those still ticked, those of blanks, and those that came with it. Says what is wrong with one.
async fn attach(
    web: &Web,
    panel: &Panel,
    before: Option<&QuickReply>,
    sent: &Sent,
    reply: &mut QuickReply,
) -> Result<Option<&'static str>, super::Trouble> {
    let had = before.map(|before| before.attachments.as_slice()).unwrap_or_default();
    let ticked = sent.every("attached");
    let kept = had.iter().enumerate().filter(|(place, file)| is_blank(file) || ticked.contains(&format!("before:{place}")));
    reply.attachments = kept.map(|(_, file)| file.clone()).collect();
    for id in ticked.iter().filter_map(|value| value.strip_prefix("file:")?.parse::<FileId>().ok()) {
        let meta = web.read(move |view| Ok(files::meta(view, id)?)).await?;
        reply.attachments.extend(meta.map(|meta| attachment(&meta)));
    }
    let mut wrong = None;
    for file in &sent.files {
        match keep(web, panel, &file.name, &file.bytes).await? {
            Ok(meta) => match file.field.strip_prefix("ask.") {
                Some(blank) => {
                    let is_this = |file: &&mut Attachment| file.file.as_deref().is_some_and(|file| file.contains(&format!("ask.{blank}")));
                    reply.attachments.iter_mut().filter(is_this).for_each(|file| file.kind = meta.kind);
                    *reply = answered(reply, blank, &meta.id.to_string());
                }
                None => reply.attachments.push(attachment(&meta)),
            },
            Err(words) => wrong = Some(words),
        }
    }
    Ok(wrong)
}

fn attachment(meta: &FileMeta) -> Attachment {
    Attachment { kind: meta.kind, file: Some(meta.id.to_string()), url: None, caption: None }
}

/// What the form shows.
#[derive(Default)]
struct Form<'a> {
    own: Option<&'a SavedReply>,
    fields: Fields,
    reply: Option<&'a QuickReply>,
    faults: &'a [QuickReplyFault],
    answers: BTreeMap<String, AnswerFault>,
    wrong_file: Option<&'static str>,
    read_as: As,
}

async fn show_form(web: &Web, panel: &Panel, shown: Form<'_>) -> Shown {
    let (w, Form { own, fields, reply, faults, answers, wrong_file, read_as }) = (panel.language, shown);
    let title = own.map_or_else(|| w.quick_new().to_owned(), |saved| w.quick_edit(&saved.reply.shortcut));
    let of_shortcut = |fault: &&QuickReplyFault| {
        matches!(fault, QuickReplyFault::NoShortcut | QuickReplyFault::BadShortcut(_) | QuickReplyFault::SameShortcut(_))
    };
    let wrong_shortcut = faults.iter().find(of_shortcut).map(|fault| w.quick_reply_fault(fault)).unwrap_or_default();
    let wrong_text = faults.iter().find(|fault| !of_shortcut(fault)).map(|fault| w.quick_reply_fault(fault)).unwrap_or_default();
    let questions = || own.into_iter().flat_map(|saved| &saved.reply.questions);
    let blank = |question: &Question| {
        let (name, kind) = (format!("ask.{}", question.id), question.kind);
        let wrong = answers.get(&question.id).map(|fault| w.answer_fault(*fault)).unwrap_or_default();
        let label = question.label.in_language(&[w.code()]).to_owned();
        Asked { label, kind, value: fields.get(&name).to_owned(), wrong, is_needed: false, name }
    };
    let chrome = panel.chrome(Nav::Contacts, title.as_str());
    let form = ReplyForm {
        action: own.map_or_else(|| "/quick-replies".to_owned(), |saved| format!("/quick-replies/{}", saved.id)),
        blanks: questions().filter(|question| question.kind != QuestionKind::File).map(blank).collect(),
        file_blanks: questions().filter(|question| question.kind == QuestionKind::File).map(blank).collect(),
        files: attached(web, own, reply, w).await?,
        wrong_file: wrong_file.unwrap_or_default().to_owned(),
        preview: match reply {
            Some(reply) => Some(preview(web, panel, own.map(|saved| saved.id), reply, &read_as).await?),
            None => None,
        },
        chrome: &chrome,
        title,
        fields,
        wrong_shortcut,
        wrong_text,
    };
    let status =
        if faults.is_empty() && answers.is_empty() && wrong_file.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(panel.show_with(status, &chrome, &form))
}

/// The files of a reply, as boxes that are ticked: the value of the box and the name of the file.
async fn attached(
    web: &Web,
    own: Option<&SavedReply>,
    reply: Option<&QuickReply>,
    w: Language,
) -> Result<Vec<(String, String)>, super::Trouble> {
    let all: Vec<Attachment> = reply.map(|reply| reply.attachments.clone()).unwrap_or_default();
    let had: Vec<Attachment> = own.map(|own| own.reply.attachments.clone()).unwrap_or_default();
    let value = move |file: &Attachment| match (had.iter().position(|before| before == file), &file.file) {
        (Some(place), _) => format!("before:{place}"),
        (None, file) => format!("file:{}", file.clone().unwrap_or_default()),
    };
    let files: Vec<Attachment> = all.into_iter().filter(|file| !is_blank(file)).collect();
    let values: Vec<String> = files.iter().map(value).collect();
    let names = web.read(move |view| files.iter().map(|file| file_name(view, file, w)).collect::<Result<Vec<_>, _>>()).await?;
    Ok(values.into_iter().zip(names).collect())
}

/// What a file is called: its name where it is kept here, its address elsewhere, or its kind.
pub(super) fn file_name(view: &View, file: &Attachment, w: Language) -> Result<String, Refusal> {
    let meta = match file.file.as_ref().and_then(|id| id.parse::<FileId>().ok()) {
        Some(id) => files::meta(view, id)?,
        None => None,
    };
    Ok(meta.map(|meta| meta.name).or_else(|| file.url.clone()).unwrap_or_else(|| w.media(file.kind).to_owned()))
}

/// `POST /quick-replies/{id}/copies`
async fn copy(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>) -> Shown {
    let copy = web.executor.copy_quick_reply(panel.by(), id).await?;
    Ok(panel.done("/quick-replies", Flash::good(panel.language.quick_copied(&copy.reply.shortcut))))
}

/// `DELETE /quick-replies/{id}`
async fn delete(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>) -> Shown {
    let saved = known(&web, id).await?;
    web.executor.delete_quick_reply(panel.by(), id).await?;
    Ok(panel.done("/quick-replies", Flash::good(panel.language.quick_deleted(&saved.reply.shortcut))))
}
