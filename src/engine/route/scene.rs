//! A contact, their runs and the flows around them, for the tests of `route`.

use super::*;
use crate::base::address::ChannelKind;
use crate::base::id::{ContactId, Id, Shard};
use crate::model::action::ActionId;
use crate::model::channel::{Abilities, Pair, Rate};
use crate::model::document::read_text;
use crate::model::message::MessageKind;
use crate::model::run::{Origin, Phase, Waiting, WaitingFor};

pub fn id<T: Id>(n: u64) -> T {
    T::new(Shard(0), n)
}

pub fn node(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

pub const NOW: Time = Time(1_800_000_000_000);

/// A flow with one keyword `k1` for `phrase` in `mode`.
pub fn keyword_flow(phrase: &str, mode: &str) -> Flow {
    let text = format!(
        r#"{{"flusso":1,"name":"{phrase} {mode}","nodes":[{{"id":"k1","kind":"keyword","phrases":[{{"text":"{phrase}","match":"{mode}"}}],"exits":{{"next":"m1"}}}},{{"id":"m1","kind":"message","text":"x"}}]}}"#
    );
    read_text(&text).expect("a flow")
}

pub fn event_flow(on: &str) -> Flow {
    let text = format!(r#"{{"flusso":1,"name":"{on}","nodes":[{{"id":"e1","kind":"event","on":"{on}"}}]}}"#);
    read_text(&text).expect("a flow")
}

/// A question with two buttons, then a wait for the answer, then a second question without buttons and its wait.
pub fn question(reply: &str) -> Flow {
    let text = format!(
        r#"{{"flusso":1,"name":"Domanda","start":"m1","nodes":[
        {{"id":"m1","kind":"message","text":"Cosa?","buttons":[{{"id":"prices","title":"Prezzi"}},{{"id":"book","title":{{"it":"Prenota","en":"Book"}}}}],"exits":{{"next":"w1","prices":"m2","book":"m2"}}}},
        {{"id":"w1","kind":"wait","for":"10m","reply":{reply},"exits":{{"replied":"m2"}}}},
        {{"id":"m2","kind":"message","text":"Quanti?","exits":{{"next":"w2"}}}},
        {{"id":"w2","kind":"wait","for":"10m","reply":{{}}}},
        {{"id":"w3","kind":"wait","for":"10m"}}]}}"#
    );
    read_text(&text).expect("a flow")
}

pub fn run_at(n: u64, at: &str, since: i64) -> Run {
    let phase = Phase::Waiting(Waiting {
        action: ActionId { node: node(at), visit: 1 },
        since: Time(since),
        due: None,
        planned: None,
        armed: 1,
        what: WaitingFor::Node,
        tries: 0,
        burst: Vec::new(),
        moved: None,
    });
    Run {
        id: id(n),
        contact: id(1),
        channel: id(1),
        flow: id(100 + n),
        version: 1,
        key: None,
        state: RunState::Live,
        phase,
        sequence: 1,
        visits: [(node("m1"), 1), (node(at), 1)].into(),
        variables: Default::default(),
        changes: Default::default(),
        seed: 0,
        started: Time(0),
        origin: Origin::Api,
        depth: 0,
        caller: None,
        heard: None,
        offered: Some(node("m1")),
        kept: Vec::new(),
    }
}

/// Everything a decision needs, to be changed by each test.
pub struct Scene {
    pub settings: Settings,
    pub flows: Vec<Flow>,
    pub channel: ChannelFacts,
    pub contact: Contact,
    pub passages: Passages,
    pub runs: Vec<(Run, Flow, bool)>,
    pub pressed: Option<Press>,
    pub kind: MessageKind,
    pub button: Option<String>,
    pub ours: bool,
    pub group: bool,
    pub first: bool,
    pub open: bool,
}

impl Scene {
    pub fn new() -> Scene {
        let abilities = Abilities {
            buttons_max: 3,
            list_rows_max: 10,
            text_chars_max: 4096,
            attachments: true,
            window: None,
            rate: Rate { per_second: 1.0, burst: 1 },
            pair: Pair { seconds: 1.0, burst: 1 },
        };
        let channel = ChannelFacts { id: id(1), kind: ChannelKind::Simulator, name: "Negozio".to_owned(), language: None, abilities };
        Scene {
            settings: Settings::default(),
            flows: Vec::new(),
            channel,
            contact: Contact::new(id::<ContactId>(1), Time(0)),
            passages: Passages::new(),
            runs: Vec::new(),
            pressed: None,
            kind: MessageKind::Text,
            button: None,
            ours: false,
            group: false,
            first: false,
            open: true,
        }
    }

    /// Flows are numbered from 1, the first one the oldest.
    pub fn flow(mut self, flow: Flow) -> Scene {
        self.flows.push(flow);
        self
    }

    pub fn run(mut self, run: Run, flow: Flow) -> Scene {
        self.runs.push((run, flow, true));
        self
    }

    pub fn hears(&self, text: &str) -> Route {
        let triggers = Triggers::new(self.flows.iter().zip(1..).map(|(flow, n)| (id(n), Time(0), flow)));
        let runs: Vec<_> = self.runs.iter().map(|(run, flow, on)| RunView { run, flow, flow_enabled: *on }).collect();
        let heard = Heard { message: None, kind: self.kind, text: text.to_owned(), button: self.button.clone(), at: NOW };
        route(&Arrival {
            settings: &self.settings,
            triggers: &triggers,
            channel: &self.channel,
            contact: &self.contact,
            passages: &self.passages,
            runs: &runs,
            heard: &heard,
            pressed: self.pressed.as_ref(),
            ours: self.ours,
            group: self.group,
            first_message: self.first,
            open: self.open,
            now: NOW,
        })
    }
}
