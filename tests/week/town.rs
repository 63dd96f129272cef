//! The town and its days: who speaks when, what the provider brings and takes, what operators do, and the clock that goes from one of
//! these to the next.

use super::carrier::{Carrier, Taken};
use super::shop::{freeze, set, verb};
use super::streets;
use crate::kit::fake_provider::webhook;
use crate::kit::heart::{Heart, MORNING};
use flusso::base::id::{ChannelId, ContactId, FlowId, OutboxId, RunId};
use flusso::base::time::{Span, Time};
use flusso::executor::advance;
use flusso::executor::desk::{Desk, Signal};
use flusso::executor::http::Reply;
use flusso::executor::outbox::attempt;
use flusso::executor::outbox::call;
use flusso::executor::outbox::lanes::{Lanes, Waiting};
use flusso::executor::outbox::verdict::{Prepared, Verdict};
use flusso::executor::refusal::Refusal;
use flusso::model::action::Verb;
use flusso::model::flow::FlowState;
use flusso::provider::outcome::{Scope, SendOutcome};
use flusso::store::{Store, contacts, outbox, runs, timers};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The phone number of the channel that `Heart::add_whatsapp` makes.
const PHONE: &str = "1055";

/// How large a town is, and how long it is watched.
#[derive(Clone, Copy)]
pub struct Size {
    pub people: usize,
    pub flows: usize,
    pub days: i64,
}

/// Something that happens at its time.
pub enum Deed {
    /// A person has something to say.
    Speak(usize),
    /// A webhook arrives.
    Hook(Vec<u8>),
    /// The answer to a send.
    Settle(Waiting, SendOutcome),
    /// The answer to a call.
    Answer(Waiting, Reply),
    /// An operator does something to somebody's run.
    Operate,
    /// A person's hold of a run ends.
    Resume(RunId),
    /// A flow is disabled, or everything paused; and the end of that.
    Freeze(FlowId),
    Thaw(FlowId),
    Pause,
    Unpause,
}

/// The town.
pub struct Town {
    pub heart: Heart,
    pub channel: ChannelId,
    pub carrier: Carrier,
    /// The ids of the messages that were acknowledged.
    pub acknowledged: Vec<String>,
    pub people: usize,
    pub flows: Vec<FlowId>,
    words: Vec<String>,
    pub chance: fastrand::Rng,
    agenda: BTreeMap<(Time, u64), Deed>,
    deeds: u64,
    said: u64,
    lanes: Lanes,
    channel_waits: Time,
    pub end: Time,
}

impl Town {
    /// A town with its channel, its flows and its people, on a Monday morning.
    pub fn founded(size: Size, seed: u64) -> Town {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut heart = Heart::open(Store::memory().expect("a store"), MORNING).expect("a heart");
        heart.told = Some(Vec::new());
        heart.open_doors();
        let channel = heart.add_whatsapp().expect("a channel");
        let (documents, words) = streets::flows(size.flows, &mut chance);
        let flows = documents.iter().map(|text| heart.add_flow(text).expect("a flow")).collect();
        let hours = json!([{"days": "mon-sat", "from": "09:00", "to": "19:00"}]);
        let quiet = json!({"from": "22:00", "to": "07:00"});
        let chosen = serde_json::from_value(json!({"business_hours": hours, "quiet_hours": quiet})).expect("settings");
        heart.change(|desk| set(desk, &chosen)).expect("set");
        let end = MORNING + Span::DAY.times(size.days);
        let mut town = Town {
            heart,
            channel,
            carrier: Carrier::default(),
            acknowledged: Vec::new(),
            people: size.people,
            flows,
            words,
            chance,
            agenda: BTreeMap::new(),
            deeds: 0,
            said: 0,
            lanes: Lanes::default(),
            channel_waits: MORNING,
            end,
        };
        for person in 0..size.people {
            let at = town.within(Span::DAY.times(2));
            town.plan(at, Deed::Speak(person));
        }
        town.plan(MORNING + Span::HOUR, Deed::Operate);
        let first = MORNING + Span::DAY;
        let frozen: Vec<FlowId> = town.flows.iter().copied().filter(|_| town.chance.u8(0..3) == 0).collect();
        for flow in frozen {
            let at = first + Span(town.chance.i64(0..Span::DAY.0 * 3));
            town.plan(at, Deed::Freeze(flow));
        }
        town.plan(first + Span::HOUR.times(3), Deed::Pause);
        town
    }

    /// Lives until the end of the last day, and a day more in which nobody begins anything.
    pub fn live(&mut self) {
        let last = self.end + Span::DAY;
        loop {
            self.depart();
            let Some(next) = self.next().filter(|next| *next <= last) else { break };
            self.heart.now = self.heart.now.max(next);
            self.fire();
            while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.heart.now) {
                let deed = entry.remove();
                self.happen(deed);
            }
        }
        self.heart.now = last;
    }

    pub fn within(&mut self, span: Span) -> Time {
        self.heart.now + Span(self.chance.i64(1..=span.0))
    }

    pub fn plan(&mut self, at: Time, deed: Deed) {
        self.deeds += 1;
        self.agenda.insert((at, self.deeds), deed);
    }

    pub fn change<T>(&mut self, job: impl FnOnce(&mut Desk) -> Result<T, Refusal>) -> T {
        let done = self.heart.change(job).expect("the store lives");
        self.learn();
        done
    }

    fn next(&self) -> Option<Time> {
        let view = self.heart.reader.view().expect("a view");
        let timer = timers::due_before(&view, None, Time(i64::MAX - 1000), 1).expect("timers").first().map(|(due, ..)| *due);
        let deed = self.agenda.first_key_value().map(|((at, _), _)| *at);
        [timer, deed, self.lanes.next()].into_iter().flatten().min()
    }

    fn fire(&mut self) {
        let view = self.heart.reader.view().expect("a view");
        let due = timers::due_before(&view, None, self.heart.now, usize::MAX).expect("timers");
        drop(view);
        for (due, run, armed) in due {
            self.change(|desk| advance::fire(desk, due, run, armed));
        }
    }

    /// The lanes hear of the rows that were written.
    fn learn(&mut self) {
        for prepared in self.heart.take_born() {
            self.lanes.begin(prepared.row);
            self.leave(prepared);
        }
        let signals = self.heart.told.replace(Vec::new()).unwrap_or_default();
        let ids: Vec<OutboxId> =
            signals.into_iter().filter_map(|signal| if let Signal::Outbox(id) = signal { Some(id) } else { None }).collect();
        if ids.is_empty() {
            return;
        }
        let view = self.heart.reader.view().expect("a view");
        for id in ids {
            let Some(row) = outbox::get(&view, id).expect("a row") else { continue };
            match Waiting::of(&row) {
                Some(waiting) => self.lanes.put(waiting),
                None if row.state.word() == "attempting" => {}
                None => self.lanes.remove(row.id, row.contact),
            }
        }
    }

    fn depart(&mut self) {
        loop {
            let (now, wait) = (self.heart.now, self.channel_waits);
            let heads = self.lanes.take(now, 64, |row| (!row.call && !row.resolving && wait > now).then_some(wait));
            if heads.is_empty() {
                return;
            }
            for row in heads {
                match self.change(|desk| attempt::prepare(desk, row.id)) {
                    Verdict::Go(prepared) => self.leave(*prepared),
                    verdict => self.conclude(row, verdict),
                }
            }
        }
    }

    fn conclude(&mut self, row: Waiting, verdict: Verdict) {
        match verdict {
            Verdict::Waits(waiting) => self.lanes.put(waiting),
            Verdict::Go(_) | Verdict::Over => self.lanes.remove(row.id, row.contact),
        }
        self.lanes.free(&row);
    }

    fn leave(&mut self, prepared: Prepared) {
        let now = self.heart.now;
        if prepared.kind.is_none() {
            let (reply, after) = self.carrier.answer(&mut self.chance);
            return self.plan(now + after, Deed::Answer(prepared.row, reply));
        }
        let fate = self.carrier.carry(&prepared, now, &mut self.chance);
        if let Some(taken) = fate.taken {
            if fate.tells {
                self.tell(&taken);
            }
            self.react(&taken);
        }
        self.plan(now + fate.after, Deed::Settle(prepared.row, fate.outcome));
    }

    /// The provider tells how far a send got, in any order and sometimes twice.
    fn tell(&mut self, taken: &Taken) {
        for word in ["sent", "delivered", "read"] {
            for _ in 0..1 + usize::from(self.chance.u8(0..12) == 0) {
                let at = self.within(Span::MINUTE);
                let status = json!({"id": taken.id, "status": word, "timestamp": seconds(at), "recipient_id": taken.to,
                    "biz_opaque_callback_data": taken.ours});
                self.plan(at, Deed::Hook(webhook(PHONE, &[], &[status])));
            }
        }
    }

    /// The person may answer: a button, where there are some, or in words.
    fn react(&mut self, taken: &Taken) {
        if self.chance.u8(0..100) >= 30 || self.heart.now >= self.end {
            return;
        }
        let after = if self.chance.bool() { Span::MINUTE } else { Span::HOUR.times(5) };
        let at = self.within(after);
        match self.chance.choice(&taken.buttons).cloned() {
            Some((payload, title)) if self.chance.u8(0..3) > 0 => {
                let interactive = json!({"type": "button_reply", "button_reply": {"id": payload, "title": title}});
                self.say(&taken.to, at, json!({"type": "interactive", "interactive": interactive}));
            }
            _ => {
                let text = *self.chance.choice(&streets::SMALL_TALK).expect("words");
                self.say(&taken.to, at, json!({"type": "text", "text": {"body": text}}));
            }
        }
    }

    /// A message on its way to us: written at `at`, delivered then or later, sometimes more than once.
    fn say(&mut self, from: &str, at: Time, mut message: Value) {
        self.said += 1;
        message["from"] = json!(from);
        message["id"] = json!(format!("wamid.in.{}", self.said));
        message["timestamp"] = json!(seconds(at));
        let body = webhook(PHONE, &[message], &[]);
        let late = if self.chance.u8(0..10) == 0 { Span(self.chance.i64(0..Span::MINUTE.0 * 10)) } else { Span(0) };
        self.plan(at + late, Deed::Hook(body.clone()));
        self.acknowledged.push(format!("wamid.in.{}", self.said));
        while self.chance.u8(0..12) == 0 {
            let again = at + late + Span(self.chance.i64(1..Span::HOUR.0 * 2));
            self.plan(again, Deed::Hook(body.clone()));
        }
    }

    fn happen(&mut self, deed: Deed) {
        match deed {
            Deed::Speak(person) => self.speak(person),
            Deed::Hook(body) => {
                self.heart.webhook(&body).expect("taken");
                self.learn();
            }
            Deed::Settle(row, outcome) => {
                let (seed, now) = (self.chance.u64(..), self.heart.now);
                if let SendOutcome::Throttled { after, scope: Scope::Channel, .. } = &outcome {
                    self.channel_waits = self.channel_waits.max(now + after.unwrap_or_default());
                }
                let (verdict, _) = self.change(|desk| attempt::finish(desk, row.id, outcome, seed));
                self.conclude(row, verdict);
            }
            Deed::Answer(row, reply) => {
                let seed = self.chance.u64(..);
                let verdict = self.change(|desk| call::finish(desk, row.id, reply, seed));
                self.conclude(row, verdict);
            }
            Deed::Operate => self.operate(),
            Deed::Resume(run) => self.change(|desk| verb(desk, run, Verb::Resume)),
            Deed::Freeze(flow) => {
                self.change(|desk| freeze(desk, flow, FlowState::Disabled { since: desk.now }));
                let at = self.within(Span::DAY);
                self.plan(at, Deed::Thaw(flow));
            }
            Deed::Thaw(flow) => {
                self.change(|desk| freeze(desk, flow, FlowState::Enabled));
                self.change(|desk| {
                    runs::live_of_flow(&desk.work, flow, None, usize::MAX)?.into_iter().try_for_each(|run| advance::wake_run(desk, run))
                });
            }
            Deed::Pause => {
                self.pause(true);
                let at = self.within(Span::HOUR.times(6));
                self.plan(at, Deed::Unpause);
            }
            Deed::Unpause => self.pause(false),
        }
    }

    fn speak(&mut self, person: usize) {
        let (from, now) = (number(person), self.heart.now);
        let text = match self.chance.u8(0..100) {
            0 => "STOP".to_owned(),
            1..=3 => "START".to_owned(),
            4..=60 => self.chance.choice(&self.words).expect("words").clone(),
            _ => (*self.chance.choice(&streets::SMALL_TALK).expect("words")).to_owned(),
        };
        self.say(&from, now, json!({"type": "text", "text": {"body": text}}));
        let next = self.within(Span::HOUR.times(60));
        if next < self.end {
            self.plan(next, Deed::Speak(person));
        }
    }

    pub fn contact(&self, person: usize) -> Option<ContactId> {
        use flusso::base::address::{Address, ChannelKind};
        let view = self.heart.reader.view().expect("a view");
        contacts::find(&view, &Address::new(ChannelKind::Whatsapp, &number(person)).key()).expect("a look")
    }
}

fn number(person: usize) -> String {
    format!("39333{person:07}")
}

fn seconds(at: Time) -> String {
    (at.0 / 1000).to_string()
}
