//! The simulator's chat: who talks, what they write and press, and what they get.

use super::super::Web;
use super::super::chat::{self, Bubble};
use super::super::contacts::initials;
use super::super::node_form::Fields;
use super::super::page::Nav;
use super::super::simulator::{Person, SimulatorPage};
use super::super::words::Language;
use super::talk::{Names, SHOWN};
use super::{Panel, Shown, Table, standing};
use crate::base::address::ChannelKind;
use crate::base::id::{ContactId, MessageId};
use crate::base::time::Time;
use crate::executor::control::simulator::{Deed, simulator};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::flow::FlowState;
use crate::model::message::{Direction, Message};
use crate::model::node::NodeKind;
use crate::store::{View, contacts, messages, runs};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::Map;

/// Invented people that are shown.
const PEOPLE: usize = 60;
/// Phrases to try that are shown.
const PHRASES: usize = 12;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/simulator", show).post("/simulator", add).get("/simulator/{person}", show_one);
    table.post("/simulator/people", invent).post("/simulator/messages", say)
}

/// Who is talking.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    person: Option<ContactId>,
    message: Option<MessageId>,
}

/// What the page shows, as it is read.
struct Read {
    people: Vec<Contact>,
    who: Option<Contact>,
    bubbles: Vec<Bubble>,
    runs: Vec<super::super::contacts::ContactRun>,
    phrases: Vec<(String, String)>,
}

/// `GET /simulator?person=`
async fn show(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    page(web, panel, asked.person).await
}

/// `GET /simulator/{person}`
async fn show_one(State(web): State<Web>, panel: Panel, Path(person): Path<ContactId>) -> Shown {
    page(web, panel, Some(person)).await
}

async fn page(web: Web, panel: Panel, person: Option<ContactId>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let missing = simulator(&facts).is_none().then(|| w.simulator_none_text().to_owned());
    let read = web.read(move |view| read(view, &facts, person, now, w)).await?;
    let mut chrome = panel.chrome(Nav::Simulator, w.nav_simulator());
    let key = read.who.as_ref().map(|who| who.id.to_string()).unwrap_or_default();
    chrome.stream = Some(format!("/events?page=simulator&contact={key}")).filter(|_| read.who.is_some());
    let due = read.runs.iter().filter_map(|run| run.due).filter(|due| *due > now).min();
    let waits = due.map(|due| w.simulator_waits(&w.relative(due, now)));
    let simulator = SimulatorPage {
        chrome: &chrome,
        missing,
        people: read.people.iter().map(|one| of(one, w)).collect(),
        person: key,
        person_name: read.who.as_ref().map(|who| of(who, w).name).unwrap_or_else(|| w.first_person().to_owned()),
        lines: chat::lines(read.bubbles, now, chrome.zone, w),
        status: if chrome.paused { Some(w.everything_is_paused().to_owned()) } else { waits },
        phrases: read.phrases,
        runs: read.runs,
    };
    Ok(panel.show(&chrome, &simulator))
}

fn of(contact: &Contact, w: Language) -> Person {
    let name =
        contact.name.clone().unwrap_or_else(|| contact.addresses.first().map_or_else(|| w.contact().to_owned(), |address| address.shown()));
    Person { key: contact.id.to_string(), initials: initials(&name), name }
}

fn read(view: &View, facts: &Facts, person: Option<ContactId>, now: Time, w: Language) -> Result<Read, Refusal> {
    let people = contacts::by_kind(view, ChannelKind::Simulator, PEOPLE)?;
    let who = match person {
        Some(id) => contacts::get(view, id)?.filter(|contact| contact.address_on(ChannelKind::Simulator).is_some()),
        None => None,
    };
    let latest = || people.iter().max_by_key(|one| (one.heard.values().map(|heard| heard.arrived).max(), one.created)).cloned();
    let who = who.or_else(latest);
    let (mut bubbles, mut beside) = (Vec::new(), Vec::new());
    if let Some(who) = &who {
        let mut said = messages::of_contact_latest(view, who.id, None, SHOWN)?;
        said.reverse();
        let names = Names::of(view, facts, &said, w)?;
        bubbles = said.iter().map(|message| seen(names.bubble(message), message, who.id)).collect();
        for run in runs::live_of_contact(view, who.id)? {
            beside.push(standing::beside(view, facts, &run, who, now, w)?);
        }
    }
    Ok(Read { people, who, bubbles, runs: beside, phrases: phrases(view, facts)? })
}

/// A bubble as the invented person sees it: their own words at the right, and buttons that can be pressed.
fn seen(bubble: Bubble, message: &Message, person: ContactId) -> Bubble {
    let theirs = message.direction == Direction::In;
    let press = (!theirs && !bubble.choices.is_empty()).then(|| format!("/simulator/messages?person={person}&message={}", message.id));
    Bubble { is_out: theirs, status: None, press, ..bubble }
}

/// Words that start something now.
fn phrases(view: &View, facts: &Facts) -> Result<Vec<(String, String)>, Refusal> {
    let mut found = Vec::new();
    for head in facts.heads.values().filter(|head| head.state == FlowState::Enabled) {
        let flow = facts.flow(view, head.id, head.version)?;
        for node in &flow.nodes {
            if let NodeKind::Keyword(keyword) = &node.kind {
                found.extend(keyword.phrases.iter().take(2).map(|phrase| (phrase.text.clone(), head.name.clone())));
            }
        }
        if found.len() >= PHRASES {
            break;
        }
    }
    found.truncate(PHRASES);
    Ok(found)
}

/// `POST /simulator`: there is a simulator from now on.
async fn add(State(web): State<Web>, panel: Panel) -> Shown {
    let w = panel.language;
    if simulator(&web.executor.facts()).is_some() {
        return Ok(panel.go("/simulator"));
    }
    let made = web.executor.create_channel(panel.by(), ChannelKind::Simulator, w.nav_simulator(), Map::new()).await;
    panel.after("/simulator", made, w.simulator_added())
}

/// `POST /simulator/people`
async fn invent(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    match web.executor.invent_person(panel.by(), Fields::from_body(&body).get("name")).await {
        Ok(contact) => Ok(panel.go(&format!("/simulator?person={}", contact.id))),
        Err(refusal) => panel.refused("/simulator", refusal),
    }
}

/// `POST /simulator/messages`: a person writes or presses. Where nobody is invented yet, the first one is.
async fn say(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let person = match asked.person.or_else(|| fields.get("person").parse().ok()) {
        Some(person) => person,
        None => web.executor.invent_person(panel.by(), panel.language.first_person()).await?.id,
    };
    let deed = match (asked.message, fields.get("button")) {
        (Some(message), choice) if !choice.is_empty() => Deed::Choose { message, choice: choice.to_owned() },
        _ => Deed::Write(fields.get("text").to_owned()),
    };
    let back = format!("/simulator?person={person}");
    match web.executor.simulate(person, deed).await {
        Ok(()) => Ok(panel.go(&back)),
        Err(refusal) => panel.refused(&back, refusal),
    }
}
