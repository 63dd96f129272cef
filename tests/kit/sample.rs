//! Nouns to store: as many fields filled as matter to a row.

use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{ChannelId, ContactId, FlowId, Id, MessageId, OutboxId, RunId};
use flusso::base::time::{Span, Time};
use flusso::model::action::{ActionId, ActionState, Done};
use flusso::model::channel::{Channel, UnknownPolicy};
use flusso::model::contact::Contact;
use flusso::model::effect::{Content, EffectId};
use flusso::model::message::{Author, Direction, Message, MessageKind, Status};
use flusso::model::node::NodeId;
use flusso::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use flusso::model::run::{EndedAs, Origin, Phase, Run, RunState, Waiting, WaitingFor};
use flusso::model::value::Value;
use std::collections::BTreeMap;

pub const NOW: Time = Time(1_795_300_000_000);

pub fn channel(id: ChannelId) -> Channel {
    Channel {
        id,
        kind: ChannelKind::Telegram,
        name: format!("channel {id}"),
        token: format!("token-{id}"),
        enabled: true,
        options: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
        base_url: None,
        allow_private_addresses: false,
        language: Some("it".to_owned()),
        public_url: None,
        rate: None,
        pair: None,
        unknown: UnknownPolicy::default(),
        stopped: None,
        created: NOW,
    }
}

pub fn contact(id: ContactId, number: &str) -> Contact {
    let mut contact = Contact::new(id, NOW);
    contact.addresses.push(Address::new(ChannelKind::Whatsapp, number));
    contact.tags.insert("new".to_owned());
    contact.fields.insert("city".to_owned(), "Roma".into());
    contact
}

pub fn action(node: &str) -> ActionId {
    ActionId { node: NodeId(node.to_owned()), visit: 1 }
}

/// A run that waits until `due`.
pub fn run(id: RunId, contact: ContactId, flow: FlowId, due: Option<Time>) -> Run {
    let waiting = Waiting {
        action: action("w1"),
        since: NOW,
        due,
        planned: due,
        armed: 3,
        what: WaitingFor::Node,
        tries: 0,
        burst: Vec::new(),
        moved: None,
    };
    Run {
        id,
        contact,
        channel: ChannelId::new(id.shard(), 1),
        flow,
        version: 1,
        key: None,
        state: RunState::Live,
        phase: Phase::Waiting(waiting),
        sequence: 3,
        visits: BTreeMap::from([(NodeId("w1".to_owned()), 1)]),
        variables: BTreeMap::from([("x".to_owned(), Value::Number(1.5))]),
        changes: BTreeMap::new(),
        seed: 77,
        started: NOW,
        origin: Origin::Trigger(NodeId("k1".to_owned())),
        depth: 0,
        caller: None,
        heard: None,
        kept: Vec::new(),
        offered: None,
    }
}

/// The same run at its end.
pub fn over(mut run: Run) -> Run {
    run.state = RunState::Ended { how: EndedAs::Finished, at: NOW, word: None };
    run.phase = Phase::Over;
    run
}

pub fn message(id: MessageId, contact: ContactId, direction: Direction, provider_id: Option<&str>) -> Message {
    Message {
        id,
        direction,
        channel: ChannelId::new(id.shard(), 1),
        contact,
        kind: MessageKind::Text,
        text: format!("message {id}"),
        media: Vec::new(),
        choices: Vec::new(),
        provider_id: provider_id.map(str::to_owned),
        provider_time: None,
        stored_at: NOW,
        status: Status::Received,
        reason: None,
        author: Author::Contact,
        route: None,
    }
}

pub fn effect(run: RunId, sequence: u64, index: u32) -> Source {
    Source::Effect(EffectId { run, sequence, index })
}

pub fn outbox(id: OutboxId, contact: ContactId, source: Source) -> OutboxRow {
    OutboxRow {
        id,
        contact,
        channel: ChannelId::new(id.shard(), 1),
        source,
        load: Load::Message { message: MessageId::new(id.shard(), 1), content: Content { text: "Ciao".to_owned(), ..Content::default() } },
        state: OutboxState::Ready { due: NOW },
        attempts: 0,
        class: Class::Live,
        created: NOW,
        expires: NOW + Span::DAY,
        maybe_double: false,
    }
}

pub fn done(node: &str) -> Done {
    Done {
        action: action(node),
        kind: "message".to_owned(),
        at: NOW,
        state: ActionState::Done,
        text: node.to_owned(),
        result: None,
        changed: None,
    }
}
