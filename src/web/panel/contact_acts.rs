//! What a person does to a contact: writes, tags, pauses, hands back, blocks, changes, deletes.

use super::super::Web;
use super::super::contacts::{ConfirmPage, ContactForm};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::words::Language;
use super::answers::every;
use super::contact;
use super::contact_fields::{FieldFaults, Known};
use super::contacts::{shown_as, tag_meant};
use super::{Panel, Shown, Table};
use crate::base::address::{Address, ChannelKind};
use crate::base::id::{ContactId, QuickReplyId};
use crate::base::time::Span;
use crate::engine::quick_reply::{is_blank, left_to_type};
use crate::executor::control::contacts::ContactEdit;
use crate::executor::control::letters::Saying;
use crate::executor::control::repeat::RepeatKey;
use crate::executor::refusal::Refusal;
use crate::model::contact::{Automations, ConsentState, Contact};
use crate::model::node::Attachment;
use crate::store::{contacts, quick_replies};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/contacts/new", new).post("/contacts", create);
    let table = table.get("/contacts/{id}/edit", edit).post("/contacts/{id}", save);
    let table = table.get("/contacts/{id}/delete", ask_delete).delete("/contacts/{id}", delete);
    let table = table.post("/contacts/{id}/messages", write).post("/contacts/{id}/automations", automations);
    let table = table.post("/contacts/{id}/tags", tag).delete("/contacts/{id}/tags", untag);
    let table = table.delete("/contacts/{id}/handover", hand_back).delete("/contacts/{id}/unanswered", needs_no_answer);
    table.post("/contacts/{id}/block", block).delete("/contacts/{id}/block", unblock)
}

async fn known(web: &Web, id: ContactId) -> Result<Contact, super::Trouble> {
    web.read(move |view| contacts::get(view, id)?.ok_or(Refusal::NotFound("contact"))).await
}

async fn change(web: &Web, panel: &Panel, id: ContactId, edit: ContactEdit) -> Shown {
    let outcome = web.executor.edit_contact(panel.by(), id, edit).await;
    panel.after(&format!("/contacts/{id}"), outcome, panel.language.contact_saved())
}

/// `POST /contacts/{id}/messages`
async fn write(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, body: Bytes) -> Shown {
    let (fields, back, w) = (Fields::from_body(&body), format!("/contacts/{id}"), panel.language);
    let text = fields.get("text").replace("\r\n", "\n");
    let reply: Option<QuickReplyId> = fields.get("reply").parse().ok();
    let ticked = every(&body, "file");
    let files = match reply.filter(|_| !ticked.is_empty()) {
        Some(reply) => files_of(&web, reply, &ticked).await?,
        None => Vec::new(),
    };
    if text.trim().is_empty() && files.is_empty() {
        return Ok(panel.done(&back, Flash::bad(w.message_empty())));
    }
    if let Some(reply) = reply {
        let left = web.read(move |view| Ok(quick_replies::get(view, reply)?)).await?.map(|saved| left_to_type(&saved.reply, &text));
        if let Some(left) = left.filter(|left| !left.is_empty()) {
            return contact::unsent(&web, panel, id, reply, text, w.still_to_type(&left.join(", "))).await;
        }
    }
    let key = fields.get("key").to_owned();
    let repeat = (!key.is_empty()).then(|| RepeatKey { scope: format!("page {id} {text}"), key });
    let saying = Saying { channel: fields.get("channel").parse().ok(), text, files };
    let sent = web.executor.write_with_files(panel.by(), id, saying, repeat).await;
    if let (Ok(_), Some(reply)) = (&sent, reply) {
        web.executor.count_quick_reply(reply).await?;
    }
    panel.after(&back, sent, w.message_sent())
}

/// The files of a quick reply that are ticked, by their places. One that is gone meanwhile has none.
async fn files_of(web: &Web, reply: QuickReplyId, ticked: &[String]) -> Result<Vec<Attachment>, super::Trouble> {
    let saved = web.read(move |view| Ok(quick_replies::get(view, reply)?)).await?;
    let files = saved.map(|saved| saved.reply.attachments).unwrap_or_default().into_iter().enumerate();
    Ok(files.filter(|(place, file)| ticked.contains(&place.to_string()) && !is_blank(file)).map(|(_, file)| file).collect())
}

/// `POST /contacts/{id}/automations`
async fn automations(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let zone = web.executor.facts().settings.time_zone;
    let automations = match fields.get("automations") {
        "until" => match super::actions::moved_to("due", fields.get("until"), panel.now, panel.now, zone) {
            Some(until) if until > panel.now => Automations::PausedUntil(until),
            _ => return Ok(panel.done(&format!("/contacts/{id}"), Flash::bad(panel.language.time_unreadable()))),
        },
        "pause" => Automations::PausedUntil(panel.now + Span::HOUR),
        "off" => Automations::Off,
        _ => Automations::On,
    };
    change(&web, &panel, id, ContactEdit { automations: Some(automations), ..ContactEdit::default() }).await
}

/// `POST /contacts/{id}/tags`
async fn tag(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, body: Bytes) -> Shown {
    let mut tags = known(&web, id).await?.tags;
    tags.insert(tag_meant(&web, Fields::from_body(&body).get("tag"), panel.language).await?);
    change(&web, &panel, id, ContactEdit { tags: Some(tags), ..ContactEdit::default() }).await
}

/// `DELETE /contacts/{id}/tags`
async fn untag(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, body: Bytes) -> Shown {
    let mut tags = known(&web, id).await?.tags;
    tags.remove(Fields::from_body(&body).get("tag"));
    change(&web, &panel, id, ContactEdit { tags: Some(tags), ..ContactEdit::default() }).await
}

/// `DELETE /contacts/{id}/handover`
async fn hand_back(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    let outcome = web.executor.edit_contact(panel.by(), id, ContactEdit { end_handover: true, ..ContactEdit::default() }).await;
    panel.after(&format!("/contacts/{id}"), outcome, panel.language.handed_back())
}

/// `DELETE /contacts/{id}/unanswered`
async fn needs_no_answer(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    let outcome = web.executor.settle_unanswered(panel.by(), id).await;
    panel.after(&format!("/contacts/{id}"), outcome, panel.language.needs_no_answer_done())
}

/// `POST /contacts/{id}/block`
async fn block(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    change(&web, &panel, id, ContactEdit { blocked: Some(true), ..ContactEdit::default() }).await
}

/// `DELETE /contacts/{id}/block`
async fn unblock(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    change(&web, &panel, id, ContactEdit { blocked: Some(false), ..ContactEdit::default() }).await
}

/// `GET /contacts/{id}/delete`
async fn ask_delete(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    let (contact, w) = (known(&web, id).await?, panel.language);
    let title = w.delete_contact(&shown_as(&contact, w).0);
    let chrome = panel.chrome(Nav::Contacts, title.clone());
    let (action, back) = (format!("/contacts/{id}?method=delete"), format!("/contacts/{id}"));
    let lines = vec![w.delete_contact_text().to_owned()];
    Ok(panel.show(&chrome, &ConfirmPage { chrome: &chrome, title, lines, action, button: w.delete().to_owned(), back }))
}

/// `DELETE /contacts/{id}`
async fn delete(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    let outcome = web.executor.delete_contact(panel.by(), id).await;
    panel.after("/contacts", outcome, panel.language.contact_deleted())
}

/// `GET /contacts/new`
async fn new(State(web): State<Web>, panel: Panel) -> Shown {
    let known = Known::of(&web, &panel).await?;
    form(&panel, None, Fields::default(), &known, Wrong::default()).await
}

/// `GET /contacts/{id}/edit`
async fn edit(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>) -> Shown {
    let (contact, known) = (known(&web, id).await?, Known::of(&web, &panel).await?);
    let fields = fields_of(&contact, &known);
    form(&panel, Some(&contact), fields, &known, Wrong::default()).await
}

/// What is wrong with a form.
#[derive(Debug, Default)]
struct Wrong {
    /// With its addresses, or as a whole.
    words: String,
    /// With the values of fields.
    fields: FieldFaults,
}

async fn form(panel: &Panel, contact: Option<&Contact>, fields: Fields, known: &Known, wrong: Wrong) -> Shown {
    let w = panel.language;
    let title = contact.map_or_else(|| w.new_contact().to_owned(), |contact| w.edit_contact(&shown_as(contact, w).0));
    let back = contact.map_or_else(|| "/contacts".to_owned(), |contact| format!("/contacts/{}", contact.id));
    let chrome = panel.chrome(Nav::Contacts, title.clone());
    let status = match wrong.words.is_empty() && wrong.fields.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let inputs = known.inputs(&fields, &wrong.fields, w);
    let (action, known, wrong) = (back.clone(), known.names(), wrong.words);
    Ok(panel.show_with(status, &chrome, &ContactForm { chrome: &chrome, title, action, back, fields, inputs, known, wrong }))
}

fn fields_of(contact: &Contact, known: &Known) -> Fields {
    let mut fields = Fields::default();
    fields.push("name", contact.name.clone().unwrap_or_default());
    for (index, address) in contact.addresses.iter().enumerate() {
        fields.push(format!("addresses.{index}.kind"), address.channel_kind.word());
        fields.push(format!("addresses.{index}.address"), address.shown());
    }
    fields.push("language", contact.language.clone().unwrap_or_default());
    fields.push("time_zone", contact.zone.map(|zone| zone.to_string()).unwrap_or_default());
    known.fill(&mut fields, contact);
    let consent = match contact.consent.state {
        ConsentState::Unknown => "unknown",
        ConsentState::OptedIn => "opted_in",
        ConsentState::OptedOut => "opted_out",
    };
    fields.push("consent", consent);
    fields
}

/// `POST /contacts`
async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, known) = (Fields::from_body(&body), Known::of(&web, &panel).await?);
    let edit = match edit_of(&fields, None, &known, panel.language) {
        Ok(edit) if edit.name.as_ref().is_some_and(Option::is_some) || edit.addresses.as_ref().is_some_and(|all| !all.is_empty()) => edit,
        Ok(_) => {
            let wrong = Wrong { words: panel.language.address_empty().to_owned(), ..Wrong::default() };
            return form(&panel, None, fields, &known, wrong).await;
        }
        Err(wrong) => return form(&panel, None, fields, &known, wrong).await,
    };
    match web.executor.create_contact(panel.by(), edit).await {
        Ok(contact) => Ok(panel.done(&format!("/contacts/{}", contact.id), Flash::good(panel.language.contact_saved()))),
        Err(refusal) => again(&panel, None, fields, &known, refusal).await,
    }
}

/// `POST /contacts/{id}`
async fn save(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, body: Bytes) -> Shown {
    let (contact, fields) = (known(&web, id).await?, Fields::from_body(&body));
    let known = Known::of(&web, &panel).await?;
    let edit = match edit_of(&fields, Some(&contact), &known, panel.language) {
        Ok(edit) => edit,
        Err(wrong) => return form(&panel, Some(&contact), fields, &known, wrong).await,
    };
    match web.executor.edit_contact(panel.by(), id, edit).await {
        Ok(_) => Ok(panel.done(&format!("/contacts/{id}"), Flash::good(panel.language.contact_saved()))),
        Err(refusal) => again(&panel, Some(&contact), fields, &known, refusal).await,
    }
}

/// The form once more, with what was typed and what is wrong with it.
async fn again(panel: &Panel, contact: Option<&Contact>, fields: Fields, known: &Known, refusal: Refusal) -> Shown {
    match refusal {
        Refusal::Conflict(why) | Refusal::Invalid(why) => {
            form(panel, contact, fields, known, Wrong { words: panel.language.said(&why), ..Wrong::default() }).await
        }
        other => Err(other.into()),
    }
}

/// What a form says of a contact. A field whose text did not change keeps its type.
fn edit_of(fields: &Fields, before: Option<&Contact>, known: &Known, w: Language) -> Result<ContactEdit, Wrong> {
    let wrong = |why: &str| Wrong { words: w.said(why), ..Wrong::default() };
    let text = |name: &str| Some(fields.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let zone = text("time_zone").map(|zone| zone.parse().map_err(|_| wrong(&format!("\"{zone}\" is no time zone.")))).transpose()?;
    let mut addresses = Vec::new();
    for row in fields.rows("addresses", 0).iter().filter(|row| !fields.is_on_in(&row.prefix, "remove")) {
        let written = fields.get_in(&row.prefix, "address").trim();
        let kind: ChannelKind = fields.get_in(&row.prefix, "kind").parse().map_err(|_| wrong("Choose a channel."))?;
        if !written.is_empty() {
            addresses.push(Address::new(kind, written));
        }
    }
    let consent = match fields.get("consent") {
        "opted_in" => ConsentState::OptedIn,
        "opted_out" => ConsentState::OptedOut,
        _ => ConsentState::Unknown,
    };
    let was = before.map_or(ConsentState::Unknown, |contact| contact.consent.state);
    Ok(ContactEdit {
        name: Some(text("name")),
        addresses: Some(addresses),
        fields: known.edits(fields, before).map_err(|faults| Wrong { fields: faults, ..Wrong::default() })?,
        language: Some(text("language")),
        zone: Some(zone),
        consent: (consent != was).then(|| (consent, String::new())),
        ..ContactEdit::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};
    use crate::base::time::Time;
    use crate::model::value::Value;

    #[test]
    fn a_form_sent_back_unchanged_changes_nothing() {
        let mut contact = Contact::new(ContactId::new(Shard(0), 1), Time(0));
        contact.name = Some("Anna".to_owned());
        contact.addresses = vec![Address::new(ChannelKind::Whatsapp, "393331234567")];
        contact.fields.insert("visits".to_owned(), Value::Number(3.0));
        let known = Known::none();
        let edit = edit_of(&fields_of(&contact, &known), Some(&contact), &known, Language::Italian).expect("an edit");
        assert_eq!((edit.name, edit.addresses), (Some(Some("Anna".to_owned())), Some(contact.addresses.clone())));
        assert!(edit.fields.is_empty() && edit.consent.is_none(), "{:?}", edit.fields);
    }
}
