//! The counter at which these tests stand: the heart, one contact, and what the provider got.

use crate::kit::heart::{Heart, Ledger, MORNING, says};
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{ContactId, FlowId, RunId};
use flusso::base::time::{Span, Time};
use flusso::executor::control::runs::{ContactRef, StartRequest, start};
use flusso::executor::desk::Desk;
use flusso::executor::refusal::Refusal;
use flusso::model::contact::Contact;
use flusso::model::document::read_text;
use flusso::model::flow::{FlowHead, FlowVersion};
use flusso::model::operator::By;
use flusso::model::run::{Origin, Run, StartOutcome};
use flusso::model::value::{Value, Values};
use flusso::store::{Store, contacts, flows, runs};
use serde_json::{Value as Json, json};

/// Who speaks.
pub const ANNA: &str = "393331234567";

/// The counter.
pub struct Counter {
    pub heart: Heart,
    pub ledger: Ledger,
    pub flows: Vec<FlowId>,
    said: usize,
}

impl Counter {
    /// A shop with these flows, on a Monday morning.
    pub fn open(flows: &[Json]) -> Counter {
        Counter::on(Store::memory().unwrap(), MORNING, flows)
    }

    /// The same on a store and at a time of the caller's.
    pub fn on(store: Store, now: Time, flows: &[Json]) -> Counter {
        let mut heart = Heart::open(store, now).unwrap();
        heart.add_whatsapp().unwrap();
        let flows = flows.iter().map(|flow| heart.add_flow(&flow.to_string()).unwrap()).collect();
        Counter { heart, ledger: Ledger::default(), flows, said: 0 }
    }

    /// Anna writes now; what follows at once is sent.
    pub fn say(&mut self, text: &str) {
        self.write(text);
        self.pass(Span(0));
    }

    /// Anna writes now, and nothing is sent yet.
    pub fn write(&mut self, text: &str) {
        self.said += 1;
        let body = says(ANNA, self.heart.now, &[(&format!("wamid.in.{}", self.said), text)]);
        self.heart.webhook(&body).unwrap();
    }

    /// A webhook of WhatsApp with this field and value.
    pub fn hook(&mut self, field: &str, mut value: Json) {
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({"display_phone_number": "39055", "phone_number_id": "1055"});
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]});
        self.heart.webhook(body.to_string().as_bytes()).unwrap();
    }

    /// Our own side wrote to Anna: on the phone of the channel, or as the echo of a send of ours.
    pub fn echo(&mut self, id: &str, text: &str) {
        let at = (self.heart.now.0 / 1000).to_string();
        let echo = json!({"from": "39055", "to": ANNA, "id": id, "timestamp": at, "type": "text", "text": {"body": text}});
        self.hook("smb_message_echoes", json!({"message_echoes": [echo]}));
    }

    /// How far a send of ours got.
    pub fn status(&mut self, id: &str, word: &str) {
        let at = (self.heart.now.0 / 1000).to_string();
        self.hook("messages", json!({"statuses": [{"id": id, "status": word, "timestamp": at, "recipient_id": ANNA}]}));
    }

    /// Time passes.
    pub fn pass(&mut self, span: Span) {
        let until = self.heart.now + span;
        self.heart.pass(until, &mut self.ledger).unwrap();
    }

    /// All that Anna got, in order.
    pub fn texts(&self) -> Vec<&str> {
        self.ledger.sent.iter().map(|sent| sent.text.as_str()).collect()
    }

    /// What Anna got since `count` messages.
    pub fn since(&self, count: usize) -> Vec<&str> {
        self.texts().split_off(count)
    }

    /// Anna's id.
    pub fn anna(&self) -> ContactId {
        let view = self.heart.reader.view().unwrap();
        contacts::find(&view, &Address::new(ChannelKind::Whatsapp, ANNA).key()).unwrap().expect("Anna is known")
    }

    /// Anna's record.
    pub fn record(&self) -> Contact {
        contacts::get(&self.heart.reader.view().unwrap(), self.anna()).unwrap().unwrap()
    }

    /// Changes Anna's record as it lies, telling nobody.
    pub fn change(&mut self, change: impl FnOnce(&mut Contact)) {
        let mut record = self.record();
        change(&mut record);
        self.heart.change(|desk| Ok(contacts::put(&mut desk.work, &record)?)).unwrap();
    }

    /// Changes how the flow at this place stands, telling nobody.
    pub fn head(&mut self, place: usize, change: impl FnOnce(&mut FlowHead)) {
        let id = self.flows[place];
        let job = |desk: &mut Desk| rewrite(desk, id, change).map(|_| ());
        self.heart.change(job).unwrap();
    }

    /// Saves the flow at this place anew; nobody is inside.
    pub fn save(&mut self, place: usize, document: &Json) {
        let (flow, saved) = (self.flows[place], self.heart.now);
        let document = read_text(&document.to_string()).expect("a flow document");
        let job = |desk: &mut Desk| {
            let number = rewrite(desk, flow, |head| head.version += 1)?;
            Ok(flows::put_version(&mut desk.work, &FlowVersion { flow, number, saved, by: None, document })?)
        };
        self.heart.change(job).unwrap();
    }

    /// Anna's runs that are not over.
    pub fn live(&self) -> Vec<Run> {
        runs::live_of_contact(&self.heart.reader.view().unwrap(), self.anna()).unwrap()
    }

    /// One run.
    pub fn run(&self, id: RunId) -> Run {
        runs::get(&self.heart.reader.view().unwrap(), id).unwrap().unwrap()
    }

    /// All runs there ever were.
    pub fn all(&self) -> Vec<Run> {
        runs::list_any(&self.heart.reader.view().unwrap(), None, 1000).unwrap()
    }

    /// A program starts the first flow for Anna, with a variable `key`.
    pub fn start(&mut self, key: &str) -> (StartOutcome, Option<RunId>) {
        self.start_as(Origin::Api, key)
    }

    /// Somebody starts the first flow for Anna, with a variable `key`.
    pub fn start_as(&mut self, origin: Origin, key: &str) -> (StartOutcome, Option<RunId>) {
        let variables = Values::from([("key".to_owned(), Value::text(key))]);
        let request = StartRequest { flow: self.flows[0], contact: ContactRef::Id(self.anna()), variables, origin };
        let started = self.heart.change(|desk| start(desk, By::System, request)).unwrap();
        (started.outcome, started.run)
    }
}

/// Changes how a flow stands; the number of its version then.
fn rewrite(desk: &mut Desk, id: FlowId, change: impl FnOnce(&mut FlowHead)) -> Result<u32, Refusal> {
    let mut head = flows::head(&desk.work, id)?.expect("a flow");
    change(&mut head);
    desk.facts_changed = true;
    flows::put_head(&mut desk.work, &head)?;
    Ok(head.version)
}

/// A keyword that leads to this node.
pub fn keyword(word: &str, next: &str) -> Json {
    json!({"id": "k1", "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": next}})
}

/// A message that leads to this node; an empty name is the end.
pub fn message(id: &str, text: &str, next: &str) -> Json {
    json!({"id": id, "kind": "message", "text": text, "exits": {"next": (!next.is_empty()).then_some(next)}})
}

/// A flow of these nodes.
pub fn flow(name: &str, nodes: &[Json]) -> Json {
    json!({"flusso": 1, "name": name, "nodes": nodes})
}
