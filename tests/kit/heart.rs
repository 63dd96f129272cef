//! The heart of the appliance without threads, sockets or a clock: jobs run one by one at a virtual time, on any store. What is sent is
//! kept in a ledger that survives every crash, as a provider's own would.

use flusso::base::address::ChannelKind;
use flusso::base::id::{ChannelId, OutboxId, RunId};
use flusso::base::secret::Secret;
use flusso::base::time::{Span, Time};
use flusso::executor::advance;
use flusso::executor::desk::{Desk, Signals};
use flusso::executor::facts::{Connection, Facts};
use flusso::executor::http::Reply;
use flusso::executor::outbox::attempt;
use flusso::executor::outbox::born;
use flusso::executor::outbox::call;
use flusso::executor::outbox::doors::Doors;
use flusso::executor::outbox::verdict::{Prepared, Verdict};
use flusso::executor::receive;
use flusso::executor::recover;
use flusso::executor::refusal::Refusal;
use flusso::model::channel::{Channel, ChannelSecrets};
use flusso::model::document;
use flusso::model::flow::{Flow, FlowHead, FlowState, FlowVersion};
use flusso::model::outbox::OutboxState;
use flusso::provider::http::Answer;
use flusso::provider::outcome::SendOutcome;
use flusso::provider::{self, HookRead};
use flusso::store::seal::SealKey;
use flusso::store::{Reader, Store, Work, channels, flows, outbox, timers};
use std::sync::{Arc, Mutex};

/// The moment every scripted day begins: a Monday morning in Rome.
pub const MORNING: Time = Time(1_795_420_800_000);

/// The storage died under a job: nobody was answered, and nobody knows what is on disk.
#[derive(Debug, PartialEq, Eq)]
pub struct Died;

/// One thing a provider got: when, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    pub at: Time,
    pub to: String,
    pub text: String,
}

/// The provider's own book: it knows what it took, whatever we remember.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub sent: Vec<Sent>,
    pub calls: Vec<(Time, String)>,
}

#[expect(clippy::disallowed_types, reason = "a test is its own commit thread")]
type Writer = flusso::store::Writer;

/// The heart.
pub struct Heart {
    pub reader: Reader,
    writer: Writer,
    pub facts: Arc<Facts>,
    pub now: Time,
    watcher: Option<Watcher>,
    watched: Vec<Watched>,
    /// What was committed and may be told, where somebody asked for it.
    pub told: Option<Signals>,
    /// Live replies leave with the commit that decides them, where somebody opened the doors (OUT-2).
    doors: Option<Mutex<Doors>>,
    born: Vec<Prepared>,
}

/// What a watcher notes after each commit and each send: the place in the life of the disk, the time, sends and calls so far.
pub type Watched = (usize, Time, usize, usize);
type Watcher = Box<dyn Fn(Time, &Ledger) -> Watched>;

impl Heart {
    /// Opens a store and sets right what the last end left, as the appliance does at its start.
    pub fn open(store: Store, now: Time) -> Result<Heart, Died> {
        let (reader, writer) = store.split();
        let view = reader.view().map_err(|_| Died)?;
        let facts = Arc::new(Facts::first(&view, SealKey::new([7; 32])).map_err(|_| Died)?);
        let mut heart = Heart { reader, writer, facts, now, watcher: None, watched: Vec::new(), told: None, doors: None, born: Vec::new() };
        heart.change(recover::recover)?;
        Ok(heart)
    }

    /// Runs one job and commits it. A job that is refused is a fault of the script.
    pub fn change<T>(&mut self, job: impl FnOnce(&mut Desk) -> Result<T, Refusal>) -> Result<T, Died> {
        let work: Work = self.writer.work().map_err(|_| Died)?;
        let mut desk = Desk::new(work, self.facts.clone(), self.now);
        let result = job(&mut desk);
        if matches!(result, Err(Refusal::Unavailable)) {
            return Err(Died);
        }
        let result = result.unwrap_or_else(|refusal| panic!("a job of the script was refused: {refusal}"));
        let born = self.doors.as_ref().map(|doors| {
            doors.lock().expect("doors").make_room(64);
            born::at_once(&mut desk, doors)
        });
        let changed = desk.facts_changed;
        let (work, signals) = desk.finish();
        if !work.is_empty() {
            self.writer.commit(work).map_err(|_| Died)?;
        }
        self.born.extend(born.into_iter().flatten());
        if let Some(told) = &mut self.told {
            told.extend(signals);
        }
        if changed {
            let view = self.reader.view().map_err(|_| Died)?;
            self.facts = Arc::new(Facts::read(&view, &self.facts).map_err(|_| Died)?);
        }
        Ok(result)
    }

    /// From now on live replies leave with the commit that decides them.
    pub fn open_doors(&mut self) {
        self.doors = Some(Mutex::default());
    }

    /// What left with a commit and is to be carried on.
    pub fn take_born(&mut self) -> Vec<Prepared> {
        std::mem::take(&mut self.born)
    }

    /// Lets `watcher` note where things stand, before each send and after each settled one.
    pub fn watch(&mut self, watcher: impl Fn(Time, &Ledger) -> Watched + 'static) {
        self.watcher = Some(Box::new(watcher));
    }

    /// What was noted.
    pub fn watched(&self) -> &[Watched] {
        &self.watched
    }

    fn note(&mut self, ledger: &Ledger) {
        if let Some(watcher) = &self.watcher {
            self.watched.push(watcher(self.now, ledger));
        }
    }

    /// A WhatsApp channel with secrets.
    pub fn add_whatsapp(&mut self) -> Result<ChannelId, Died> {
        self.change(|desk| {
            let id: ChannelId = desk.mint()?;
            let channel = Channel {
                id,
                kind: ChannelKind::Whatsapp,
                name: "Shop".to_owned(),
                token: "hook-token".to_owned(),
                enabled: true,
                options: [("phone_number_id".to_owned(), "1055".to_owned())].into(),
                base_url: None,
                allow_private_addresses: false,
                language: None,
                public_url: None,
                rate: None,
                pair: None,
                unknown: Default::default(),
                stopped: None,
                created: desk.now,
            };
            channels::put(&mut desk.work, &channel)?;
            let secret = |name: &str| (name.to_owned(), Secret::new(format!("{name}-value")));
            let secrets: ChannelSecrets = ["access_token", "app_secret", "verify_token"].map(secret).into();
            channels::put_secrets(&mut desk.work, &desk.facts.key.clone(), [9; 24], id, &secrets)?;
            desk.facts_changed = true;
            Ok(id)
        })
    }

    /// An enabled flow, from its document.
    pub fn add_flow(&mut self, text: &str) -> Result<flusso::base::id::FlowId, Died> {
        let document: Flow = document::read_text(text).expect("a flow document");
        self.change(|desk| {
            let id = desk.mint()?;
            let head = FlowHead {
                id,
                name: document.name.clone(),
                state: FlowState::Enabled,
                version: 1,
                draft_revision: 0,
                start_token: [0; 32],
                created: desk.now,
                changed: desk.now,
                last_error: None,
            };
            flows::put_head(&mut desk.work, &head)?;
            flows::put_version(&mut desk.work, &FlowVersion { flow: id, number: 1, saved: desk.now, by: None, document })?;
            desk.facts_changed = true;
            Ok(id)
        })
    }

    /// A webhook body arrives, already known to be the provider's. `Ok` is the 200 it is answered with.
    pub fn webhook(&mut self, body: &[u8]) -> Result<(), Died> {
        let connection: Arc<Connection> = self.facts.channels.values().next().expect("a channel").clone();
        let HookRead::Events { events, unreadable, .. } = provider::reread(&connection.channel, body, "fallback") else {
            panic!("the script's own body is unreadable: {}", String::from_utf8_lossy(body));
        };
        assert!(unreadable.is_empty(), "{unreadable:?}");
        self.change(|desk| events.into_iter().try_for_each(|event| receive::apply(desk, &connection, event)))
    }

    /// Lets time pass until `until`: timers fire and the outbox empties at their times.
    pub fn pass(&mut self, until: Time, ledger: &mut Ledger) -> Result<(), Died> {
        loop {
            self.send_due(ledger)?;
            let Some(next) = self.next()?.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            self.note(ledger);
            self.fire_due()?;
        }
        self.now = self.now.max(until);
        self.note(ledger);
        Ok(())
    }

    fn next(&self) -> Result<Option<Time>, Died> {
        let view = self.reader.view().map_err(|_| Died)?;
        let timer = timers::due_before(&view, None, Time(i64::MAX - 1000), 1).map_err(|_| Died)?.first().map(|(due, ..)| *due);
        let rows = outbox::open(&view, None, 1000).map_err(|_| Died)?;
        let row = rows.iter().filter_map(|row| match row.state {
            OutboxState::Ready { due } => Some(due),
            OutboxState::Unknown { resolve_until, .. } => resolve_until,
            _ => None,
        });
        Ok(row.chain(timer).min())
    }

    fn fire_due(&mut self) -> Result<(), Died> {
        let view = self.reader.view().map_err(|_| Died)?;
        let due: Vec<(Time, RunId, u64)> = timers::due_before(&view, None, self.now, 1000).map_err(|_| Died)?;
        drop(view);
        for (due, run, armed) in due {
            self.change(|desk| advance::fire(desk, due, run, armed))?;
        }
        Ok(())
    }

    fn send_due(&mut self, ledger: &mut Ledger) -> Result<(), Died> {
        loop {
            for prepared in self.take_born() {
                self.carry(prepared, ledger)?;
            }
            let view = self.reader.view().map_err(|_| Died)?;
            let now = self.now;
            let due = outbox::open(&view, None, 1000).map_err(|_| Died)?.into_iter().find(|row| match row.state {
                OutboxState::Ready { due } => due <= now,
                OutboxState::Unknown { resolve_until, .. } => resolve_until.is_some_and(|until| until <= now),
                _ => false,
            });
            drop(view);
            let Some(row) = due else { return Ok(()) };
            self.send_one(row.id, ledger)?;
        }
    }

    fn send_one(&mut self, id: OutboxId, ledger: &mut Ledger) -> Result<(), Died> {
        let Verdict::Go(prepared) = self.change(|desk| attempt::prepare(desk, id))? else { return Ok(()) };
        self.carry(*prepared, ledger)
    }

    /// The provider gets it, and its answer is written down.
    fn carry(&mut self, prepared: Prepared, ledger: &mut Ledger) -> Result<(), Died> {
        let id = prepared.row.id;
        if prepared.kind.is_none() {
            ledger.calls.push((self.now, prepared.request.url.clone()));
            self.note(ledger);
            let answer = Answer { status: 200, headers: Vec::new(), body: br#"{"status":"shipped","eta":"domani"}"#.to_vec() };
            self.change(|desk| call::finish(desk, id, Reply::Answered(answer), 1))?;
            return Ok(());
        }
        let body: serde_json::Value = serde_json::from_slice(&prepared.request.body).expect("a JSON body");
        let text = body.pointer("/text/body").or(body.pointer("/interactive/body/text")).or(body.pointer("/document/link"));
        let text = text.and_then(|text| text.as_str()).unwrap_or("?").to_owned();
        let to = body["to"].as_str().unwrap_or("?").to_owned();
        ledger.sent.push(Sent { at: self.now, to, text });
        self.note(ledger);
        let outcome = SendOutcome::Accepted { provider_id: format!("wamid.out.{}", ledger.sent.len()), contact: Vec::new() };
        self.change(|desk| attempt::finish(desk, id, outcome, 1))?;
        Ok(())
    }
}

/// A webhook body of one contact that says texts, each with its own id.
pub fn says(from: &str, at: Time, messages: &[(&str, &str)]) -> Vec<u8> {
    let list: Vec<_> = messages
        .iter()
        .map(|(id, text)| {
            serde_json::json!({"from": from, "id": id, "timestamp": (at.0 / 1000).to_string(), "type": "text", "text": {"body": text}})
        })
        .collect();
    let value = serde_json::json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "39055", "phone_number_id": "1055"},
        "contacts": [{"profile": {"name": "Anna"}, "wa_id": from}], "messages": list});
    serde_json::to_vec(&serde_json::json!({"object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}))
    .expect("JSON")
}

/// One day.
pub const DAY: Span = Span::DAY;
