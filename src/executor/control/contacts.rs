//! The address book, as people and programs change it.

use crate::base::address::Address;
use crate::base::id::{ContactId, OutboxId};
use crate::base::zone::Zone;
use crate::executor::advance::Cause;
use crate::executor::desk::{Desk, Signal};
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, advance};
use crate::model::contact::{Automations, Consent, ConsentState, Contact};
use crate::model::event::Event;
use crate::model::operator::By;
use crate::model::value::{Value, Values};
use crate::store::{View, contacts, messages, outbox, runs, unanswered};
use std::collections::BTreeSet;

/// Characters of a name, a tag or the name of a field at most.
const NAME_CHARS_MAX: usize = 200;
/// Fields, and tags, of one contact at most.
const MANY_MAX: usize = 200;
/// Addresses of one contact at most.
const ADDRESSES_MAX: usize = 20;
/// Rows that are read at once while a contact is erased.
const PAGE: usize = 500;

/// What is asked of a contact. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ContactEdit {
    /// The name; `Some(None)` takes it away.
    pub name: Option<Option<String>>,
    /// All addresses, in place of those there are.
    pub addresses: Option<Vec<Address>>,
    /// Fields by name; those not named stay, null takes one away.
    pub fields: Vec<(String, Option<Value>)>,
    /// All tags, in place of those there are.
    pub tags: Option<BTreeSet<String>>,
    /// Language code; `Some(None)` is unknown.
    pub language: Option<Option<String>>,
    /// Their own time zone; `Some(None)` is unknown.
    pub zone: Option<Option<Zone>>,
    /// Permission to write, and the words it was given or taken back with.
    pub consent: Option<(ConsentState, String)>,
    /// Whether flows may act.
    pub automations: Option<Automations>,
    /// Whether messages are refused both ways.
    pub blocked: Option<bool>,
    /// Whether the person who answered hands the contact back to its flows.
    pub end_handover: bool,
}

impl Executor {
    /// Adds a contact. One of its addresses leading to somebody already is refused, naming them.
    pub async fn create_contact(&self, by: By, edit: ContactEdit) -> Result<Contact, Refusal> {
        self.line
            .change(move |desk| {
                let id = desk.mint()?;
                let mut contact = Contact::new(id, desk.now);
                apply(desk, by, &mut contact, &edit)?;
                contacts::put(&mut desk.work, &contact)?;
                desk.signal(Signal::Contact(id));
                desk.audit(by, "contact.created", id.to_string())?;
                advance::contact_changed(desk, &Contact::new(id, desk.now), &contact, Cause::default())?;
                contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))
            })
            .await
    }

    /// What a contact wrote needs no answer any more.
    pub async fn settle_unanswered(&self, by: By, id: ContactId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))?;
                unanswered::clear(&mut desk.work, id)?;
                desk.signal(Signal::Contact(id));
                desk.audit(by, "contact.needs_no_answer", id.to_string())
            })
            .await
    }

    /// Changes a contact. Its runs hear of it: who waits for a tag or a field goes on, who wants no messages is left in peace.
    pub async fn edit_contact(&self, by: By, id: ContactId, edit: ContactEdit) -> Result<Contact, Refusal> {
        self.line
            .change(move |desk| {
                let before = contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))?;
                let mut after = before.clone();
                apply(desk, by, &mut after, &edit)?;
                contacts::put(&mut desk.work, &after)?;
                desk.signal(Signal::Contact(id));
                desk.audit(by, "contact.changed", format!("{id}: {}", edit.words()))?;
                follow(desk, &before, &after, edit.end_handover)?;
                contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))
            })
            .await
    }

    /// Erases a contact with its messages, its runs, and what waits to go out to it.
    pub async fn delete_contact(&self, by: By, id: ContactId) -> Result<(), Refusal> {
        let view = self.view()?;
        let rows = tokio::task::spawn_blocking(move || outbox_rows(&view, id)).await.map_err(|_| Refusal::Fault)??;
        self.line
            .change(move |desk| {
                contacts::get(&desk.work, id)?.ok_or(Refusal::NotFound("contact"))?;
                let open = outbox::open_of_contact(&desk.work, id, usize::MAX)?;
                for row in open.iter().map(|row| row.id).chain(rows.clone()) {
                    outbox::delete(&mut desk.work, row)?;
                }
                erase_runs(desk, id)?;
                erase_messages(desk, id)?;
                contacts::delete(&mut desk.work, id)?;
                desk.signal(Signal::Contact(id));
                desk.audit(by, "contact.deleted", id.to_string())
            })
            .await
    }
}

impl ContactEdit {
    /// What is changed, for the audit log: names, no values.
    fn words(&self) -> String {
        let named = [
            ("name", self.name.is_some()),
            ("addresses", self.addresses.is_some()),
            ("fields", !self.fields.is_empty()),
            ("tags", self.tags.is_some()),
            ("language", self.language.is_some()),
            ("time_zone", self.zone.is_some()),
            ("consent", self.consent.is_some()),
            ("automations", self.automations.is_some()),
            ("blocked", self.blocked.is_some()),
            ("handover", self.end_handover),
        ];
        named.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }
}

fn apply(desk: &Desk, by: By, contact: &mut Contact, edit: &ContactEdit) -> Result<(), Refusal> {
    if let Some(name) = &edit.name {
        contact.name = name.as_deref().map(short).transpose()?.filter(|name| !name.is_empty());
    }
    if let Some(addresses) = &edit.addresses {
        contact.addresses = addresses_of(desk, contact.id, addresses)?;
    }
    change_fields(&mut contact.fields, &edit.fields)?;
    if let Some(tags) = &edit.tags {
        contact.tags = tags.iter().map(|tag| short(tag)).collect::<Result<_, _>>()?;
        contact.tags.remove("");
    }
    if contact.tags.len() > MANY_MAX || contact.fields.len() > MANY_MAX {
        return Err(Refusal::Invalid(format!("A contact has {MANY_MAX} tags and {MANY_MAX} fields at most.")));
    }
    if let Some(language) = &edit.language {
        if let Some(code) = language.as_deref().filter(|code| !super::settings::language(code)) {
            return Err(Refusal::Invalid(format!("\"{code}\" is no language. Write its code, as it or en.")));
        }
        contact.language = language.clone();
    }
    contact.zone = edit.zone.unwrap_or(contact.zone);
    if let Some((state, words)) = &edit.consent {
        let how = if by.operator().is_some() { "operator" } else { "api" };
        contact.consent = Consent { state: *state, at: Some(desk.now), how: how.to_owned(), words: words.clone() };
    }
    contact.automations = edit.automations.unwrap_or(contact.automations);
    contact.blocked = edit.blocked.unwrap_or(contact.blocked);
    Ok(())
}

fn short(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > NAME_CHARS_MAX {
        return Err(Refusal::Invalid(format!("A name or tag has {NAME_CHARS_MAX} characters at most.")));
    }
    Ok(text.to_owned())
}

fn addresses_of(desk: &Desk, id: ContactId, addresses: &[Address]) -> Result<Vec<Address>, Refusal> {
    let mut all: Vec<Address> = Vec::with_capacity(addresses.len());
    for written in addresses {
        let address = Address::new(written.channel_kind, &written.address);
        if address.address.is_empty() || address.address.len() > NAME_CHARS_MAX {
            return Err(Refusal::Invalid("An address is empty or too long. Write a number as +39 333 1234567.".to_owned()));
        }
        if let Some(other) = contacts::find(&desk.work, &address.key())?.filter(|other| *other != id) {
            return Err(Refusal::Conflict(format!("{} belongs to the contact {other} already.", address.shown())));
        }
        if !all.contains(&address) {
            all.push(address);
        }
    }
    if all.len() > ADDRESSES_MAX {
        return Err(Refusal::Invalid(format!("A contact has {ADDRESSES_MAX} addresses at most.")));
    }
    Ok(all)
}

fn change_fields(fields: &mut Values, changes: &[(String, Option<Value>)]) -> Result<(), Refusal> {
    for (name, value) in changes {
        let name = short(name)?;
        if name.is_empty() || name.contains(['{', '}', '|', '.']) {
            return Err(Refusal::Invalid(format!("\"{name}\" cannot be the name of a field: no dots, braces or bars.")));
        }
        match value {
            Some(value) => drop(fields.insert(name, value.clone())),
            None => drop(fields.remove(&name)),
        }
    }
    Ok(())
}

/// What follows from a change, in the same commit.
fn follow(desk: &mut Desk, before: &Contact, after: &Contact, end_handover: bool) -> Result<(), Refusal> {
    let id = after.id;
    if after.consent.state == ConsentState::OptedOut && before.consent.state != ConsentState::OptedOut {
        leave_in_peace(desk, id, "The contact unsubscribed.")?;
    }
    if after.blocked && !before.blocked {
        leave_in_peace(desk, id, "The contact was blocked.")?;
    }
    if after.tags != before.tags || after.fields != before.fields {
        for run in runs::live_of_contact(&desk.work, id)? {
            advance::happen(desk, run.id, &Event::ContactChanged)?;
        }
    }
    if end_handover {
        advance::end_handover(desk, id)?;
    } else if before.silence(desk.now).is_some() && after.silence(desk.now).is_none() {
        advance::wake_contact(desk, id)?;
    }
    advance::contact_changed(desk, before, after, Cause::default())
}

/// Stops everything that would write to a contact.
fn leave_in_peace(desk: &mut Desk, id: ContactId, reason: &str) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, id)? {
        advance::stop(desk, &run, reason)?;
    }
    advance::call_off(desk, id, None, reason)
}

/// Every row of a contact, found by a walk over all of them: the index knows only those that are open.
fn outbox_rows(view: &View, contact: ContactId) -> Result<Vec<OutboxId>, Refusal> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = outbox::list(view, None, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.id);
        found.extend(page.iter().filter(|row| row.contact == contact).map(|row| row.id));
    }
}

fn erase_runs(desk: &mut Desk, contact: ContactId) -> Result<(), Refusal> {
    loop {
        let page = runs::all_of_contact(&desk.work, contact, None, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for run in page {
            runs::delete(&mut desk.work, run.id)?;
            desk.signal(Signal::Run(run.id));
        }
    }
}

fn erase_messages(desk: &mut Desk, contact: ContactId) -> Result<(), Refusal> {
    loop {
        let page = messages::of_contact_latest(&desk.work, contact, None, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for message in page {
            messages::delete(&mut desk.work, message.id)?;
        }
    }
}
