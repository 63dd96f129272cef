//! The address book: the list, and what leads to one contact.

use super::super::Web;
use super::super::api::Page;
use super::super::api::contacts::is_called;
use super::super::contacts::{ContactRow, ContactsPage, initials};
use super::super::page::Nav;
use super::super::words::Language;
use super::answers::with_filters;
use super::{Panel, Shown, Table, Trouble};
use crate::base::id::{ContactId, FlowId};
use crate::base::time::Time;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::label::Label;
use crate::store::{View, contacts, runs, tags, unanswered};
use axum::extract::{Query, State};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Contacts whose tags are offered: reading all would take too long in a large book.
const TAGS_OF: usize = 2000;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/contacts", list)
}

/// Filters after the question mark; an empty one is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    tag: String,
    /// Anything: only those who wrote and got no answer.
    unanswered: String,
    after: String,
    /// Whom a flow is started for is chosen here, where its page sent to.
    flow: String,
}

/// The name by which a page shows a contact, and the number where it says more.
pub fn shown_as(contact: &Contact, w: Language) -> (String, String) {
    let number = contact.addresses.first().map(|address| address.shown()).unwrap_or_default();
    match contact.name.clone() {
        Some(name) => (name, number),
        None if number.is_empty() => (w.nameless().to_owned(), number),
        None => (number, String::new()),
    }
}

/// Every tag in use, as far as it is looked for.
pub fn tags_in_use(view: &View) -> Result<Vec<String>, Refusal> {
    let some = contacts::list(view, None, TAGS_OF)?;
    let known = tags::all(view)?.into_iter().map(|tag| tag.name);
    let tags: BTreeSet<String> = some.into_iter().flat_map(|contact| contact.tags).chain(known).collect();
    Ok(tags.into_iter().collect())
}

/// The tag that somebody means by what they typed: a tag of the pack is also meant by what it is called here, where it is in use.
pub async fn tag_meant(web: &Web, typed: &str, w: Language) -> Result<String, Trouble> {
    let mut known = web.read(tags_in_use).await?;
    if let Some(stock) = w.stock_tag(typed).filter(|stock| known.iter().all(|tag| tag != stock)) {
        let is_used = !web.executor.uses_of(Label::Tag(stock.to_owned())).await?.flows.is_empty();
        known.extend(is_used.then(|| stock.to_owned()));
    }
    Ok(w.tag_meant(typed, &known))
}

/// `GET /contacts`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let page = Page::<ContactId>::of(None, Some(asked.after.as_str()).filter(|after| !after.is_empty()))?;
    let (w, now, filters) = (panel.language, panel.now, asked.clone());
    let read = web.read(move |view| {
        let wanted = |contact: &Contact| {
            (filters.q.trim().is_empty() || is_called(contact, &filters.q))
                && (filters.tag.is_empty() || contact.tags.contains(&filters.tag))
        };
        let listing = page.collect(
            |after, limit| some(view, !filters.unanswered.is_empty(), after, limit),
            |contact| contact.id,
            |contact| wanted(contact).then(|| row(view, contact, now, w)).transpose(),
        )?;
        Ok((listing, contacts::count(view)?, tags_in_use(view)?))
    });
    let (listing, total, tags) = read.await?;
    let chrome = panel.chrome(Nav::Contacts, w.nav_contacts());
    let kept = [("q", asked.q.as_str()), ("tag", &asked.tag), ("unanswered", &asked.unanswered), ("flow", &asked.flow)];
    let next = listing.next.as_deref().map(|after| with_filters("/contacts", &[&kept[..], &[("after", after)]].concat()));
    let facts = web.executor.facts();
    let starts = asked.flow.parse().ok().and_then(|id: FlowId| Some((id.to_string(), facts.heads.get(&id)?.name.clone())));
    let (unanswered, only_unanswered) = (chrome.counts.unanswered, !asked.unanswered.is_empty());
    let rows = listing.items;
    let page =
        ContactsPage { chrome: &chrome, total, unanswered, only_unanswered, text: asked.q, tag: asked.tag, tags, starts, rows, next };
    Ok(panel.show(&chrome, &page))
}

/// Some contacts in order of id: all there are, or those who wrote and got no answer.
fn some(view: &View, only_unanswered: bool, after: Option<ContactId>, limit: usize) -> Result<Vec<Contact>, Refusal> {
    if !only_unanswered {
        return Ok(contacts::list(view, after, limit)?);
    }
    let ids = unanswered::list(view, after, limit)?;
    ids.into_iter().map(|id| contacts::get(view, id)?.ok_or(Refusal::NotFound("contact"))).collect()
}

fn row(view: &View, contact: &Contact, now: Time, w: Language) -> Result<ContactRow, Refusal> {
    let (name, number) = shown_as(contact, w);
    Ok(ContactRow {
        id: contact.id.to_string(),
        initials: initials(&name),
        name,
        number,
        tags: contact.tags.iter().cloned().collect(),
        silence: contact.silence(now).map(|silence| w.silence(silence).to_owned()),
        is_unanswered: unanswered::get(view, contact.id)?.is_some(),
        heard: contact.heard.values().map(|heard| heard.arrived).max(),
        runs: runs::live_of_contact(view, contact.id)?.len() as u64,
    })
}
