//! A town of people who wait: written through the store's own rows and the engine's own steps, thousands to a commit.

use crate::kit::appliance::Appliance;
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{ChannelId, ContactId, FlowId};
use flusso::base::time::{Span, Time};
use flusso::executor::advance::{self, Start};
use flusso::executor::clock::Clock;
use flusso::executor::desk::Desk;
use flusso::executor::facts::Facts;
use flusso::model::action::Verb;
use flusso::model::contact::Contact;
use flusso::model::event::Event;
use flusso::model::operator::By;
use flusso::model::run::Origin;
use flusso::model::value::Values;
use flusso::store::seal::SealKey;
use flusso::store::{Options, Store, contacts};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Flows that the people are spread over.
pub const FLOWS: usize = 10;
/// Actions of each: what a forecast shows at most.
const ACTIONS: usize = 50;
/// People written in one commit.
const GROUP: usize = 2_000;
/// Over how long their starts are spread: their next actions are due just as far apart.
const SPREAD: Span = Span(3 * Span::DAY.0);

/// A town with so many people, each in one automation.
pub struct Town {
    pub flusso: Appliance,
    pub flows: Vec<String>,
    pub people: usize,
}

/// Fifty messages, each after its wait.
fn document(number: usize) -> Value {
    let mut nodes = Vec::new();
    for action in 1..=ACTIONS {
        let (wait, message) = (format!("w{action}"), format!("m{action}"));
        let next = if action < ACTIONS { json!({"next": format!("w{}", action + 1)}) } else { json!({}) };
        nodes.push(json!({"id": wait, "kind": "wait", "for": "5d", "exits": {"elapsed": message}}));
        nodes.push(json!({"id": message, "kind": "message", "text": format!("Ciao {{{{ contact.name }}}}, siamo al numero {action}."), "exits": next}));
    }
    json!({"flusso": 1, "name": format!("Percorso {number}"), "start": "w1", "nodes": nodes})
}

impl Town {
    /// Builds it: the binary makes the file, the channel and the flows, and serves it again when the people are in.
    pub fn build(people: usize) -> Town {
        let mut flusso = Appliance::start();
        let (channel, _) = flusso.simulator("Sim");
        let flows: Vec<String> = (0..FLOWS).map(|number| made(&flusso, &document(number))).collect();
        flusso.stop("TERM");
        fill(&flusso.data(), channel.parse().unwrap(), &flows, people);
        flusso.kill_and_restart();
        Town { flusso, flows, people }
    }
}

fn made(flusso: &Appliance, document: &Value) -> String {
    let flow = flusso.call("POST", "/flows?enable=true", document).expect(201);
    flow["id"].as_str().unwrap().to_owned()
}

fn fill(data: &Path, channel: ChannelId, flows: &[String], people: usize) {
    let flows: Vec<FlowId> = flows.iter().map(|flow| flow.parse().unwrap()).collect();
    let store = Store::open(data, &Options { cache_bytes: 512 << 20, birth: None }).unwrap();
    let key = SealKey::read(&data.with_extension("redb.key")).unwrap();
    let (reader, mut writer) = store.split();
    let facts = Arc::new(Facts::first(&reader.view().unwrap(), key).unwrap());
    let now = Clock::new(Time::default()).now();
    for group in (0..people).step_by(GROUP) {
        let mut desk = Desk::new(writer.work().unwrap(), facts.clone(), now);
        for number in group..people.min(group + GROUP) {
            desk.now = now + Span(-SPREAD.0 * number as i64 / people as i64);
            settle(&mut desk, channel, flows[number % FLOWS], number);
        }
        let (work, _) = desk.finish();
        writer.commit(work).unwrap();
    }
    writer.close().unwrap();
}

/// One person moves in: some have a tag, and some are held.
fn settle(desk: &mut Desk, channel: ChannelId, flow: FlowId, number: usize) {
    let id: ContactId = desk.mint().unwrap();
    let mut contact = Contact::new(id, desk.now);
    contact.name = Some(format!("Persona {number}"));
    contact.addresses = vec![Address::new(ChannelKind::Simulator, &format!("persona-{number:07}"))];
    if number % 10 == 3 {
        contact.tags.insert("vip".to_owned());
    }
    contacts::put(&mut desk.work, &contact).unwrap();
    let start = Start { flow, contact: id, channel, origin: Origin::Api, variables: Values::new(), heard: None, depth: 0, caller: None };
    let run = advance::enter(desk, start).unwrap().run.unwrap();
    if number % 10 == 7 {
        advance::happen(desk, run, &Event::Verb(Verb::Hold, By::System)).unwrap();
    }
}
