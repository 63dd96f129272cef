//! A start by hand, for one contact or several: first the question, then how it went for each.

use super::super::Web;
use super::super::contacts::{StartPage, StartPerson, StartResult};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::words::Language;
use super::answers::every;
use super::contacts::shown_as;
use super::{Panel, Shown, Table};
use crate::base::id::{ChannelId, ContactId, FlowId};
use crate::executor::chance;
use crate::executor::control::repeat::RepeatKey;
use crate::executor::control::runs::{ContactRef, StartRequest};
use crate::executor::control::starts::{self, Started};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::flow::FlowState;
use crate::model::run::{Origin, StartOutcome};
use crate::model::value::Values;
use crate::store::contacts;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};

/// People of one start at most.
const PEOPLE_MAX: usize = 500;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/contacts/start", ask).post("/contacts/start", start)
}

async fn people(web: &Web, ids: &[String]) -> Result<Vec<Contact>, super::Trouble> {
    let ids: Vec<ContactId> = ids.iter().filter_map(|id| id.parse().ok()).take(PEOPLE_MAX).collect();
    web.read(move |view| {
        let mut people = Vec::with_capacity(ids.len());
        for id in ids {
            people.extend(contacts::get(view, id)?);
        }
        Ok(people)
    })
    .await
}

fn page<'a>(chrome: &'a super::Chrome, facts: &Facts, back: String) -> Result<StartPage<'a>, Refusal> {
    let enabled = facts.heads.values().filter(|head| head.state == FlowState::Enabled);
    let channels = facts.channels.values().filter(|known| known.channel.enabled);
    Ok(StartPage {
        chrome,
        back,
        key: chance::token()?,
        flow: String::new(),
        flows: enabled.map(|head| (head.id.to_string(), head.name.clone())).collect(),
        channels: channels.map(|known| (known.channel.id.to_string(), known.channel.name.clone())).collect(),
        people: Vec::new(),
        results: Vec::new(),
    })
}

/// `GET /contacts/start?contact=…&flow=…`
async fn ask(State(web): State<Web>, panel: Panel, RawQuery(query): RawQuery) -> Shown {
    let (query, w) = (query.unwrap_or_default(), panel.language);
    let chosen = people(&web, &every(query.as_bytes(), "contact")).await?;
    if chosen.is_empty() {
        return Ok(panel.done("/contacts", Flash::bad(w.nobody_selected())));
    }
    let chrome = panel.chrome(Nav::Contacts, w.start_automation());
    let back = if let [one] = &chosen[..] { format!("/contacts/{}", one.id) } else { "/contacts".to_owned() };
    let page = page(&chrome, &web.executor.facts(), back)?;
    let wanted = every(query.as_bytes(), "flow").pop().unwrap_or_default();
    let known = page.flows.iter().map(|(id, _)| id);
    // The page shows who is left out of what stands in its field: the first, where none was named.
    let flow = known.clone().find(|id| **id == wanted).or_else(|| known.clone().next()).cloned().unwrap_or_default();
    let (facts, now, id) = (web.executor.facts(), panel.now, flow.parse::<FlowId>().ok());
    let looked = web.read(move |view| {
        let look = |contact: &Contact| id.map(|id| starts::look(view, &facts, contact, id, now)).transpose();
        chosen.into_iter().map(|contact| Ok((look(&contact)?, contact))).collect::<Result<Vec<_>, Refusal>>()
    });
    let people: Vec<StartPerson> = looked.await?.iter().map(|(look, contact)| person(contact, look.as_ref(), w)).collect();
    Ok(panel.show(&chrome, &StartPage { people, flow, ..page }))
}

fn person(contact: &Contact, look: Option<&Started>, w: Language) -> StartPerson {
    let (name, number) = shown_as(contact, w);
    let why_not = match look.map(|look| (look.outcome, &look.reason)) {
        None | Some((StartOutcome::Started | StartOutcome::Restarted, _)) => String::new(),
        Some((_, Some(reason))) => w.said(reason),
        Some((outcome, None)) => w.start_outcome(outcome).to_owned(),
    };
    let starts_again = look.is_some_and(|look| look.outcome == StartOutcome::Restarted);
    StartPerson { id: contact.id.to_string(), name, number, why_not, starts_again }
}

/// `POST /contacts/start`
async fn start(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w, facts) = (Fields::from_body(&body), panel.language, web.executor.facts());
    let chosen = people(&web, &every(&body, "contact")).await?;
    let Some(flow) = fields.get("flow").parse::<FlowId>().ok().filter(|_| !chosen.is_empty()) else {
        return Ok(panel.done("/contacts", Flash::bad(w.nobody_selected())));
    };
    let channel = fields.get("channel").parse::<ChannelId>().ok();
    let mut results = Vec::with_capacity(chosen.len());
    for contact in &chosen {
        results.push(one(&web, &panel, &facts, flow, channel, contact, fields.get("key")).await?);
    }
    let chrome = panel.chrome(Nav::Contacts, w.start_automation());
    let back = if let [one] = &chosen[..] { format!("/contacts/{}", one.id) } else { "/contacts".to_owned() };
    Ok(panel.show(&chrome, &StartPage { results, ..page(&chrome, &facts, back)? }))
}

async fn one(
    web: &Web,
    panel: &Panel,
    facts: &Facts,
    flow: FlowId,
    channel: Option<ChannelId>,
    contact: &Contact,
    key: &str,
) -> Result<StartResult, super::Trouble> {
    let w = panel.language;
    let kind = channel.and_then(|id| facts.channels.get(&id)).map(|known| (known.channel.id, known.channel.kind));
    let at =
        kind.and_then(|(id, kind)| Some(ContactRef::At { channel: id, address: contact.address_on(kind)?.address.clone(), name: None }));
    let request = StartRequest {
        flow,
        contact: at.unwrap_or(ContactRef::Id(contact.id)),
        variables: Values::new(),
        origin: Origin::Operator(Some(panel.operator.id)),
    };
    let repeat = RepeatKey { scope: format!("start page {flow} {}", contact.id), key: key.to_owned() };
    let repeat = (!key.is_empty()).then_some(repeat);
    let name = shown_as(contact, w).0;
    match web.executor.start_run_once(panel.by(), request, repeat).await {
        Ok(started) => {
            let href = started.run.map_or_else(|| format!("/contacts/{}", contact.id), |run| format!("/runs/{run}"));
            let result = StartResult::of(&name, &href, started.outcome, w);
            let why = started.reason.map(|reason| format!("{}: {}", result.words, w.said(&reason)));
            Ok(StartResult { words: why.unwrap_or_else(|| result.words.clone()), ..result })
        }
        Err(Refusal::Conflict(why) | Refusal::Invalid(why)) => Ok(not_started(&name, contact, &why, w)),
        Err(other) => Err(other.into()),
    }
}

fn not_started(name: &str, contact: &Contact, why: &str, w: Language) -> StartResult {
    let result = StartResult::of(name, &format!("/contacts/{}", contact.id), StartOutcome::Blocked, w);
    StartResult { words: format!("{}: {}", result.words, w.said(why)), ..result }
}
