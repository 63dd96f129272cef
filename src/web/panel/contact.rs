//! One contact: the chat, and what stands beside it.

use super::super::Web;
use super::super::chat::{self, Bubble};
use super::super::contacts::{ContactHead, ContactPage, ContactRun, initials};
use super::super::page::{Chrome, Flash, Nav};
use super::super::words::Language;
use super::contacts::{shown_as, tags_in_use};
use super::quick_replies::file_name;
use super::quick_replies::preview::for_contact;
use super::talk::{Names, SHOWN};
use super::{Panel, Shown, Table, standing};
use crate::base::id::{ContactId, MessageId, QuickReplyId};
use crate::base::time::Time;
use crate::engine::quick_reply::{is_blank, lacks_a_file};
use crate::executor::chance;
use crate::executor::facts::{Connection, Facts};
use crate::executor::refusal::Refusal;
use crate::model::contact::{Automations, Contact, Silence};
use crate::model::quick_reply::SavedReply;
use crate::store::{View, contacts, messages, quick_replies, runs, unanswered};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// Ended runs that are counted at most.
const ENDED_MAX: usize = 500;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/contacts/{id}", show)
}

/// From which message back.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: Option<MessageId>,
    /// The quick reply that fills the box.
    reply: Option<QuickReplyId>,
}

/// What the page needs, as it is read.
struct Read {
    contact: Contact,
    is_unanswered: bool,
    bubbles: Vec<Bubble>,
    runs: Vec<ContactRun>,
    ended: u64,
    tags: Vec<String>,
    quick: Vec<SavedReply>,
    /// The files of the quick reply that is chosen.
    files: Vec<(String, String)>,
}

/// `GET /contacts/{id}`
async fn show(State(web): State<Web>, panel: Panel, Path(id): Path<ContactId>, Query(asked): Query<Asked>) -> Shown {
    page(&web, &panel, id, asked, None).await
}

/// The page again after a message that was not sent: what was written stands in the box.
pub(super) async fn unsent(web: &Web, panel: Panel, id: ContactId, reply: QuickReplyId, text: String, why: String) -> Shown {
    let panel = Panel { flash: Some(Flash::bad(why)), ..panel };
    page(web, &panel, id, Asked { reply: Some(reply), ..Asked::default() }, Some(text)).await
}

async fn page(web: &Web, panel: &Panel, id: ContactId, asked: Asked, unsent: Option<String>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let status = if unsent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let known = facts.clone();
    let read = web.read(move |view| read(view, &known, id, asked, now, w)).await?;
    let mut chrome = panel.chrome(Nav::Contacts, shown_as(&read.contact, w).0);
    // Whoever looks at older messages is not pulled back to the newest.
    chrome.stream = asked.before.is_none().then(|| format!("/events?page=contact&contact={id}"));
    let oldest = read.bubbles.first().filter(|_| read.bubbles.len() == SHOWN);
    let said = |saved: &SavedReply| for_contact(&saved.reply, &read.contact, &panel.operator.name, &facts.settings, now);
    let chosen = read.quick.iter().find(|saved| Some(saved.id) == asked.reply);
    let page = ContactPage {
        draft: unsent.or_else(|| chosen.map(&said)).unwrap_or_default(),
        reply: chosen.map(|saved| saved.id.to_string()).unwrap_or_default(),
        files: read.files,
        lacks_a_file: chosen.is_some_and(|saved| lacks_a_file(&saved.reply)),
        quick: read
            .quick
            .iter()
            .map(|saved| (format!("/contacts/{id}?reply={}#text", saved.id), saved.reply.shortcut.clone(), said(saved)))
            .collect(),
        head: ContactHead { is_unanswered: read.is_unanswered, ..head(&read.contact, &facts, &chrome) },
        older: oldest.map(|bubble| format!("/contacts/{id}?before={}", bubble.id)),
        cannot_write: cannot_write(&read.contact, &facts, now, w),
        channels: channels(&read.contact, &facts).map(|known| (known.channel.id.to_string(), known.channel.name.clone())).collect(),
        message_key: chance::token()?,
        lines: chat::lines(read.bubbles, now, chrome.zone, w),
        runs: read.runs,
        ended_runs: read.ended,
        all_tags: read.tags,
        chrome: &chrome,
    };
    Ok(panel.show_with(status, &chrome, &page))
}

fn read(view: &View, facts: &Facts, id: ContactId, asked: Asked, now: Time, w: Language) -> Result<Read, Refusal> {
    let contact = contacts::get(view, id)?.ok_or(Refusal::NotFound("contact"))?;
    let mut said = messages::of_contact_latest(view, id, asked.before, SHOWN)?;
    said.reverse();
    let names = Names::of(view, facts, &said, w)?;
    let mut beside = Vec::new();
    for run in runs::live_of_contact(view, id)? {
        beside.push(standing::beside(view, facts, &run, &contact, now, w)?);
    }
    let ended = runs::all_of_contact(view, id, None, ENDED_MAX)?.iter().filter(|run| run.is_over()).count() as u64;
    // What is sent most stands first.
    let mut quick = quick_replies::all(view)?;
    quick.sort_by(|one, other| other.uses.cmp(&one.uses).then_with(|| one.reply.shortcut.cmp(&other.reply.shortcut)));
    let mut files = Vec::new();
    let chosen = quick.iter().filter(|saved| Some(saved.id) == asked.reply).flat_map(|saved| saved.reply.attachments.iter().enumerate());
    for (place, file) in chosen.filter(|(_, file)| !is_blank(file)) {
        files.push((place.to_string(), file_name(view, file, w)?));
    }
    let bubbles = said.iter().map(|message| names.bubble(message)).collect();
    let is_unanswered = unanswered::get(view, id)?.is_some();
    Ok(Read { contact, is_unanswered, bubbles, runs: beside, ended, tags: tags_in_use(view)?, quick, files })
}

/// The channels that can send to a contact, the one they last wrote by first.
fn channels<'f>(contact: &'f Contact, facts: &'f Facts) -> impl Iterator<Item = &'f Arc<Connection>> {
    let mut found: Vec<_> =
        facts.channels.values().filter(|known| known.channel.enabled && contact.address_on(known.channel.kind).is_some()).collect();
    found.sort_by_key(|known| std::cmp::Reverse(contact.heard.get(&known.channel.id).map(|heard| heard.arrived)));
    found.into_iter()
}

/// How long the window of a channel is still open, or since when it is closed; nothing where it has none.
fn window(contact: &Contact, known: &Connection, now: Time) -> Option<(bool, crate::base::time::Span)> {
    let window = known.facts().abilities.window?;
    let closes = contact.heard.get(&known.channel.id)?.provider_time + window;
    Some(if now < closes { (true, closes.since(now)) } else { (false, now.since(closes)) })
}

fn cannot_write(contact: &Contact, facts: &Facts, now: Time, w: Language) -> Option<String> {
    let words = match contact.silence(now) {
        Some(Silence::OptedOut) => w.cannot_opted_out(),
        Some(Silence::Blocked) => w.cannot_blocked(),
        _ => {
            let open = |known: &Arc<Connection>| {
                known.facts().abilities.window.is_none() || window(contact, known, now).is_some_and(|(open, _)| open)
            };
            match (channels(contact, facts).next(), channels(contact, facts).any(open)) {
                (_, true) => return None,
                (Some(_), false) => w.cannot_window(),
                (None, _) => w.cannot_no_channel(),
            }
        }
    };
    Some(words.to_owned())
}

fn head(contact: &Contact, facts: &Facts, chrome: &Chrome) -> ContactHead {
    let (w, now) = (chrome.language, chrome.now);
    let (name, _) = shown_as(contact, w);
    let window = channels(contact, facts).find_map(|known| window(contact, known, now));
    let handed = contact.silence(now) == Some(Silence::Handover);
    let until = contact.silent_until(now).map(|until| w.moment(until, now, chrome.zone).wall);
    ContactHead {
        id: contact.id.to_string(),
        initials: initials(&name),
        name,
        addresses: contact.addresses.iter().map(|address| (w.channel_kind(address.channel_kind).to_owned(), address.shown())).collect(),
        window: window
            .map(|(open, length)| if open { w.window_open_for(&w.rounded(length)) } else { w.window_closed_since(&w.rounded(length)) }),
        is_unanswered: false,
        is_blocked: contact.blocked,
        silence: handed.then(|| until.map_or_else(|| w.silent_open().to_owned(), |until| w.silent_until(&until))),
        automations: match contact.automations {
            Automations::PausedUntil(until) if now < until => "pause",
            Automations::Off => "off",
            _ => "on",
        },
        paused_until: if let Automations::PausedUntil(until) = contact.automations {
            Some(until).filter(|until| now < *until)
        } else {
            None
        },
        consent: consent(contact, chrome),
        tags: contact.tags.iter().cloned().collect(),
        fields: contact
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), w.dated(&w.field_value(name, &value.to_string()), chrome.now, chrome.zone)))
            .collect(),
    }
}

/// Permission with when it was given or taken back, and the words.
fn consent(contact: &Contact, chrome: &Chrome) -> String {
    let (w, consent) = (chrome.language, &contact.consent);
    let mut said = w.consent(consent.state).to_owned();
    if let Some(at) = consent.at {
        said.push_str(", ");
        said.push_str(&w.moment(at, chrome.now, chrome.zone).wall);
    }
    if !consent.words.is_empty() {
        said.push_str(&format!(" (“{}”)", consent.words));
    }
    said
}
