//! Quick replies: the list, the form, and what is done with one.

use super::super::Web;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::quick_replies::{RepliesPage, ReplyForm, ReplyRow};
use super::{Panel, Shown, Table};
use crate::base::id::QuickReplyId;
use crate::engine::quick_reply::{OPERATOR_NAME, answered, check, filled, to_type};
use crate::executor::refusal::Refusal;
use crate::model::blueprint;
use crate::model::contact::Contact;
use crate::model::flow::QuestionKind;
use crate::model::node::Text;
use crate::model::quick_reply::{QuickReply, QuickReplyFault, SavedReply};
use crate::store::quick_replies;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/quick-replies", list).post("/quick-replies", create).get("/quick-replies/new", new);
    let table = table.post("/quick-replies/pack", add_pack).get("/quick-replies/{id}/edit", edit);
    table.post("/quick-replies/{id}", save).delete("/quick-replies/{id}", delete).post("/quick-replies/{id}/copies", copy)
}

/// What is searched.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
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
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
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
        text: preview(reply, w.code(), panel),
        uses: saved.uses,
        is_open: to_type(&reply.text, &[w.code()]).iter().any(|name| name.starts_with("ask.")),
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
async fn new(panel: Panel) -> Shown {
    Ok(show_form(&panel, None, Fields::default(), None, &[]))
}

/// `GET /quick-replies/{id}/edit`
async fn edit(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>) -> Shown {
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
    Ok(show_form(&panel, Some(&saved), fields, Some(&saved.reply), &[]))
}

/// `POST /quick-replies`
async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    put(&web, &panel, None, Fields::from_body(&body)).await
}

/// `POST /quick-replies/{id}`
async fn save(State(web): State<Web>, panel: Panel, Path(id): Path<QuickReplyId>, body: Bytes) -> Shown {
    let saved = known(&web, id).await?;
    put(&web, &panel, Some(saved), Fields::from_body(&body)).await
}

async fn put(web: &Web, panel: &Panel, before: Option<SavedReply>, fields: Fields) -> Shown {
    let own = before.as_ref().map(|saved| saved.id);
    let reply = read(before.as_ref().map(|saved| &saved.reply), &fields);
    let mut faults = check([&reply]);
    let taken = all(web).await?.iter().any(|saved| saved.reply.shortcut == reply.shortcut && Some(saved.id) != own);
    faults.extend(taken.then(|| QuickReplyFault::SameShortcut(reply.shortcut.clone())));
    if !faults.is_empty() {
        return Ok(show_form(panel, before.as_ref(), fields, Some(&reply), &faults));
    }
    let said = panel.language.quick_saved(&reply.shortcut);
    match own {
        Some(id) => web.executor.edit_quick_reply(panel.by(), id, reply).await?,
        None => web.executor.create_quick_reply(panel.by(), reply).await?,
    };
    Ok(panel.done("/quick-replies", Flash::good(said)))
}

/// The quick reply that a form says. What the form does not show, files and open blanks, stays.
fn read(before: Option<&QuickReply>, fields: &Fields) -> QuickReply {
    let said = |name: &str| fields.get(name).replace("\r\n", "\n").trim().to_owned();
    let text = match (said("text_it"), said("text_en")) {
        (it, en) if en.is_empty() => Text::Plain(it),
        (it, en) if it.is_empty() => Text::Plain(en),
        (it, en) => Text::ByLanguage([("it".to_owned(), it), ("en".to_owned(), en)].into()),
    };
    let shortcut = said("shortcut").trim_start_matches('/').to_lowercase();
    let (attachments, questions) = before.map(|before| (before.attachments.clone(), before.questions.clone())).unwrap_or_default();
    let mut reply = QuickReply { shortcut, text, attachments, questions: questions.clone() };
    for question in questions {
        let answer = said(&format!("ask.{}", question.id));
        if !answer.is_empty() {
            reply = answered(&reply, &question.id, &answer);
        }
    }
    reply
}

fn show_form(
    panel: &Panel,
    own: Option<&SavedReply>,
    fields: Fields,
    reply: Option<&QuickReply>,
    faults: &[QuickReplyFault],
) -> axum::response::Response {
    let w = panel.language;
    let title = own.map_or_else(|| w.quick_new().to_owned(), |saved| w.quick_edit(&saved.reply.shortcut));
    let of_shortcut = |fault: &&QuickReplyFault| {
        matches!(fault, QuickReplyFault::NoShortcut | QuickReplyFault::BadShortcut(_) | QuickReplyFault::SameShortcut(_))
    };
    let wrong_shortcut = faults.iter().find(of_shortcut).map(|fault| w.quick_reply_fault(fault)).unwrap_or_default();
    let wrong_text = faults.iter().find(|fault| !of_shortcut(fault)).map(|fault| w.quick_reply_fault(fault)).unwrap_or_default();
    let open = reply.iter().flat_map(|reply| &reply.questions).filter(|question| question.kind != QuestionKind::File);
    let chrome = panel.chrome(Nav::Contacts, title.as_str());
    let form = ReplyForm {
        action: own.map_or_else(|| "/quick-replies".to_owned(), |saved| format!("/quick-replies/{}", saved.id)),
        blanks: open.map(|question| (format!("ask.{}", question.id), question.label.in_language(&[w.code()]).to_owned())).collect(),
        previews: reply.map(|reply| previews(reply, panel)).unwrap_or_default(),
        chrome: &chrome,
        title,
        fields,
        wrong_shortcut,
        wrong_text,
    };
    panel.show_with(if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &chrome, &form)
}

/// How a contact reads it, once for each wording.
fn previews(reply: &QuickReply, panel: &Panel) -> Vec<(&'static str, String)> {
    let codes: &[&'static str] = if matches!(reply.text, Text::Plain(_)) { &["it"] } else { &["it", "en"] };
    codes.iter().map(|code| (*code, preview(reply, code, panel))).collect()
}

/// How an invented contact reads it.
fn preview(reply: &QuickReply, code: &str, panel: &Panel) -> String {
    let value = |name: &str| match name {
        "contact.name" => Some(panel.language.quick_sample().to_owned()),
        OPERATOR_NAME => Some(panel.operator.name.clone()),
        _ => None,
    };
    filled(&reply.text, &[code], value)
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

/// A quick reply as it is put into the box for this contact.
pub(super) fn for_contact(saved: &SavedReply, contact: &Contact, operator: &str, house: &str) -> String {
    let value = |name: &str| match name {
        OPERATOR_NAME => Some(operator.to_owned()),
        "contact.name" => contact.name.clone(),
        "contact.address" => contact.addresses.first().map(|address| address.address.clone()),
        "contact.language" => contact.language.clone(),
        _ => contact.fields.get(name.strip_prefix("contact.fields.")?).map(ToString::to_string),
    };
    let own = contact.language.as_deref().map(|language| language.split('-').next().unwrap_or(language));
    filled(&saved.reply.text, &[own.unwrap_or(house), house], value)
}
