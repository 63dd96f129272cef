//! `/contacts`: the address book.

use super::messages::MessageView;
use super::{Answer, Listing, Page, channel_named, named, repeat_key};
use crate::base::address::Address;
use crate::base::id::ContactId;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::executor::control::contacts::ContactEdit;
use crate::executor::refusal::Refusal;
use crate::model::contact::{Automations, ConsentState, Contact, Handover};
use crate::model::operator::By;
pub use crate::model::run_match::is_called;
use crate::model::value::{Value, Values};
use crate::store::contacts;
use crate::web::Web;
use crate::web::ask::{At, Filters, Told};
use crate::web::problem::Trouble;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A contact, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct ContactView {
    id: ContactId,
    name: Option<String>,
    addresses: Vec<Address>,
    fields: Values,
    tags: BTreeSet<String>,
    language: Option<String>,
    time_zone: Option<Zone>,
    consent: ConsentState,
    consent_record: ConsentView,
    automations: &'static str,
    automations_until: Option<Time>,
    handover: Option<HandoverView>,
    blocked: bool,
    created: Time,
}

/// When permission was given or taken back, how, and in which words.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentView {
    at: Option<Time>,
    how: String,
    words: String,
}

/// A person answers in place of flows.
#[derive(Clone, Debug, Serialize)]
pub struct HandoverView {
    since: Time,
    until: Option<Time>,
}

impl ContactView {
    /// The view of a contact as things stand at `now`.
    pub fn of(contact: &Contact, now: Time) -> ContactView {
        let (automations, automations_until) = match contact.automations {
            Automations::PausedUntil(until) if now < until => ("off", Some(until)),
            Automations::On | Automations::PausedUntil(_) => ("on", None),
            Automations::Off => ("off", None),
        };
        let lasts = |handover: &Handover| handover.until.is_none_or(|until| now < until);
        let handover = contact.handover.filter(lasts).map(|handover| HandoverView { since: handover.since, until: handover.until });
        let consent = &contact.consent;
        ContactView {
            id: contact.id,
            name: contact.name.clone(),
            addresses: contact.addresses.clone(),
            fields: contact.fields.clone(),
            tags: contact.tags.clone(),
            language: contact.language.clone(),
            time_zone: contact.zone,
            consent: consent.state,
            consent_record: ConsentView { at: consent.at, how: consent.how.clone(), words: consent.words.clone() },
            automations,
            automations_until,
            handover,
            blocked: contact.blocked,
            created: contact.created,
        }
    }
}

/// What is said of a contact, new or known.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactBody {
    #[serde(deserialize_with = "named")]
    name: Option<Option<String>>,
    addresses: Option<Vec<Address>>,
    fields: BTreeMap<String, Option<Value>>,
    tags: Option<BTreeSet<String>>,
    #[serde(deserialize_with = "named")]
    language: Option<Option<String>>,
    #[serde(deserialize_with = "named")]
    time_zone: Option<Option<Zone>>,
    consent: Option<ConsentBody>,
    automations: Option<AutomationsWord>,
    automations_until: Option<Time>,
    blocked: Option<bool>,
    handover: Option<HandoverWord>,
}

/// Permission: the word alone, or with the words it was given in.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
enum ConsentBody {
    Word(ConsentState),
    #[serde(rename_all = "snake_case")]
    Record {
        state: ConsentState,
        #[serde(default)]
        words: String,
    },
}

#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AutomationsWord {
    On,
    Off,
}

/// A person hands the contact back to its flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum HandoverWord {
    Ended,
}

impl ContactBody {
    /// On, off, or off until a time.
    fn automations(&self) -> Result<Option<Automations>, Trouble> {
        match (self.automations, self.automations_until) {
            (None, None) => Ok(None),
            (Some(AutomationsWord::On), None) => Ok(Some(Automations::On)),
            (Some(AutomationsWord::Off), None) => Ok(Some(Automations::Off)),
            (Some(AutomationsWord::Off), Some(until)) => Ok(Some(Automations::PausedUntil(until))),
            _ => Err(Trouble::invalid("`automations_until` goes with `automations: off`, and says until when. Nothing was changed.")),
        }
    }

    fn edit(self) -> Result<ContactEdit, Trouble> {
        let (automations, body) = (self.automations()?, self);
        Ok(ContactEdit {
            name: body.name,
            addresses: body.addresses,
            fields: body.fields.into_iter().collect(),
            tags: body.tags,
            language: body.language,
            zone: body.time_zone,
            consent: body.consent.map(|consent| match consent {
                ConsentBody::Word(state) => (state, String::new()),
                ConsentBody::Record { state, words } => (state, words),
            }),
            automations,
            blocked: body.blocked,
            end_handover: body.handover == Some(HandoverWord::Ended),
        })
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactFilters {
    tag: Option<String>,
    text: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /contacts`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<ContactFilters>) -> Answer<Listing<ContactView>> {
    let page = Page::<ContactId>::of(filters.limit, filters.after.as_deref())?;
    let now = web.executor.now();
    let listing = web.read(move |view| {
        let read = |after, limit| Ok(contacts::list(view, after, limit)?);
        let wanted = |contact: &Contact| {
            filters.tag.as_ref().is_none_or(|tag| contact.tags.contains(tag))
                && filters.text.as_ref().is_none_or(|text| is_called(contact, text))
        };
        page.collect(read, |contact| contact.id, |contact| Ok(wanted(contact).then(|| ContactView::of(contact, now))))
    });
    Ok(Json(listing.await?))
}

/// `POST /contacts`
pub async fn create(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    Told(body): Told<ContactBody>,
) -> Result<(StatusCode, Json<ContactView>), Trouble> {
    let contact = web.executor.create_contact(by, body.edit()?).await?;
    Ok((StatusCode::CREATED, Json(ContactView::of(&contact, web.executor.now()))))
}

/// `GET /contacts/{id}`
pub async fn one(State(web): State<Web>, At(id): At<ContactId>) -> Answer<ContactView> {
    let contact = web.read(move |view| contacts::get(view, id)?.ok_or(Refusal::NotFound("contact"))).await?;
    Ok(Json(ContactView::of(&contact, web.executor.now())))
}

/// `PATCH /contacts/{id}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<ContactId>,
    Told(body): Told<ContactBody>,
) -> Answer<ContactView> {
    let contact = web.executor.edit_contact(by, id, body.edit()?).await?;
    Ok(Json(ContactView::of(&contact, web.executor.now())))
}

/// `DELETE /contacts/{id}`
pub async fn delete(State(web): State<Web>, Extension(by): Extension<By>, At(id): At<ContactId>) -> Result<StatusCode, Trouble> {
    web.executor.delete_contact(by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A person's message.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterBody {
    text: String,
    channel: Option<String>,
}

/// `POST /contacts/{id}/messages`
pub async fn write(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At(id): At<ContactId>,
    headers: HeaderMap,
    Told(body): Told<LetterBody>,
) -> Result<(StatusCode, Json<MessageView>), Trouble> {
    let repeat = repeat_key(&headers, by, &format!("write {id}"))?;
    let channel = body.channel.as_deref().map(|word| channel_named(&web.executor.facts(), word)).transpose()?;
    let message = web.executor.write_to_contact(by, id, channel, body.text, repeat).await?;
    Ok((StatusCode::ACCEPTED, Json(MessageView::of(&message))))
}
