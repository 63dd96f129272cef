//! The bytes of rows, held still: a row that changes its bytes without a new version cannot be read by the next build.
//!
//! `BLESS=1 cargo test --test main golden` writes them anew; right only for rows that no release has written yet.

mod jobs;
mod many;

use crate::kit::sample::{NOW, action, channel, contact, done, effect, message, outbox, over, run};
use flusso::base::id::{ApiKeyId, ChannelId, ContactId, FlowId, Id, MessageId, OperatorId, OutboxId, Shard};
use flusso::base::limits::LIVE_REPLY;
use flusso::base::secret::Secret;
use flusso::base::zone::Zone;
use flusso::model::action::{ActionState, Change};
use flusso::model::channel::{Pair, Rate, RequestLine, UnknownPolicy};
use flusso::model::contact::{Automations, Consent, ConsentState, Handover, LastHeard, Passage};
use flusso::model::effect::{Call, CallBody, Content, ContentList, Place, TemplateContent};
use flusso::model::event::{CallOutcome, Event, Heard};
use flusso::model::flow::{FlowHead, FlowState};
use flusso::model::message::{Author, Choice, Direction, MediaRef, Message, MessageKind};
use flusso::model::node::{MediaKind, Method, NodeId};
use flusso::model::operator::{ApiKey, AuditLine, By, Operator, Quarantined, Role, Scope, Session};
use flusso::model::outbox::{Class, Load, OutboxRow, OutboxState, Source};
use flusso::model::route::{Lost, Outcome, Route, Rule};
use flusso::model::run::{EndedAs, Origin, Phase, Run, RunState, WaitingFor};
use flusso::model::value::Value;
use flusso::store::codec::Record;
use std::collections::BTreeMap;
use std::path::Path;

fn id<I: Id>(sequence: u64) -> I {
    I::new(Shard(0), sequence)
}

/// Rows by name, in the order they were added.
pub struct Rows(Vec<(String, String)>);

impl Rows {
    fn add<T: Record + PartialEq + std::fmt::Debug>(&mut self, name: impl Into<String>, row: &T) {
        let (name, bytes) = (name.into(), row.write().unwrap());
        assert_eq!(&T::read(T::VERSION, &bytes).unwrap(), row, "{name} does not read back");
        self.0.push((format!("{name} v{}", T::VERSION), hex::encode(bytes)));
    }
}

fn node(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

fn heard() -> Heard {
    Heard { message: Some(id(1)), kind: MessageKind::Text, text: "sì".to_owned(), button: None, at: NOW }
}

fn contacts(rows: &mut Rows) {
    let mut it = contact(id(1), "393331234567");
    rows.add("contact", &it);
    it.zone = Some(Zone::ROME);
    it.fields.insert("list".to_owned(), Value::List(vec![Value::Bool(true), Value::Number(-0.5)]));
    it.heard.insert(id(1), LastHeard { provider_time: NOW, arrived: NOW });
    it.handover = Some(Handover { since: NOW, until: Some(NOW) });
    for (number, automations) in [Automations::On, Automations::PausedUntil(NOW), Automations::Off].into_iter().enumerate() {
        it.automations = automations;
        rows.add(format!("contact automations {number}"), &it);
    }
    for state in [ConsentState::Unknown, ConsentState::OptedIn, ConsentState::OptedOut] {
        it.consent = Consent { state, at: Some(NOW), how: "api".to_owned(), words: "ok".to_owned() };
        rows.add(format!("contact consent {state:?}"), &it);
    }
    for how in [EndedAs::Finished, EndedAs::Stopped, EndedAs::Failed] {
        let (fired, ways) = (BTreeMap::from([(node("k1"), NOW)]), BTreeMap::from([(node("p1"), "a".to_owned())]));
        rows.add(
            format!("passage {how:?}"),
            &Passage { starts: vec![NOW], last_start: Some(NOW), last_end: Some((NOW, how)), fired, ways },
        );
    }
}

fn phases() -> Vec<Phase> {
    let action = || action("n1");
    let Phase::Waiting(waiting) = run(id(1), id(1), id(1), Some(NOW)).phase else { panic!("it waits") };
    let mut phases: Vec<Phase> = [WaitingFor::Node, WaitingFor::Burst, WaitingFor::Window, WaitingFor::Person]
        .into_iter()
        .map(|what| {
            Phase::Waiting(flusso::model::run::Waiting {
                what,
                burst: vec!["a".to_owned()],
                moved: Some("by hand".to_owned()),
                ..waiting.clone()
            })
        })
        .collect();
    phases.extend([
        Phase::Ready(node("m1")),
        Phase::Calling { action: action(), armed: 2 },
        Phase::Called { action: action(), armed: 2 },
        Phase::Handover { action: action(), until: Some(NOW), armed: 2 },
        Phase::Over,
    ]);
    phases
}

fn events() -> Vec<Event> {
    let values = || BTreeMap::from([("x".to_owned(), Value::Bool(true))]);
    let ended = |outcome| Event::CallEnded { armed: 1, outcome };
    vec![
        Event::Start,
        Event::Message(heard()),
        Event::Button { node: node("m1"), choice: "yes".to_owned(), heard: heard() },
        Event::Timer { armed: 1 },
        ended(CallOutcome::Answered { status: 200, body: "{}".to_owned() }),
        ended(CallOutcome::TimedOut),
        ended(CallOutcome::Failed("no name".to_owned())),
        Event::Callback(values()),
        Event::ContactChanged,
        Event::HandoverEnded,
        Event::ChildEnded { armed: 1, variables: values() },
    ]
}

fn runs(rows: &mut Rows) {
    let plain = run(id(1), id(2), id(3), Some(NOW));
    for (number, phase) in phases().into_iter().enumerate() {
        rows.add(format!("run phase {number}"), &Run { phase, ..plain.clone() });
    }
    let word = Some("goal".to_owned());
    let ended = [EndedAs::Finished, EndedAs::Stopped, EndedAs::Failed].map(|how| RunState::Ended { how, at: NOW, word: word.clone() });
    for (number, state) in [RunState::Live, RunState::Held { since: NOW }].into_iter().chain(ended).enumerate() {
        rows.add(format!("run state {number}"), &Run { state, ..plain.clone() });
    }
    let origins = [Origin::Trigger(node("k")), Origin::Operator(Some(id(1))), Origin::Api, Origin::Launch(id(1))];
    for (number, origin) in origins.into_iter().enumerate() {
        rows.add(format!("run origin {number}"), &Run { origin, ..plain.clone() });
    }
    for (number, event) in events().into_iter().enumerate() {
        rows.add(format!("run kept {number}"), &Run { kept: vec![event], heard: Some(heard()), ..plain.clone() });
    }
    let change = Change { due: Some(NOW), text: Some("x".to_owned()), hold: true, skip: false, remove: true, by: Some(id(1)), at: None };
    rows.add("run changed", &Run { changes: BTreeMap::from([(action("m1"), change.clone())]), caller: Some(id(9)), ..plain.clone() });
    rows.add("run over", &over(plain));
    use ActionState::*;
    for state in [Forecast, Scheduled, Held, Blocked, Running, Done, Skipped, Removed, Failed] {
        rows.add(format!("done {state:?}"), &flusso::model::action::Done { state, changed: Some(change.clone()), ..done("m1") });
    }
}

fn messages(rows: &mut Rows) {
    let plain = message(id(1), id(2), Direction::Out, Some("wamid.1"));
    use MessageKind::*;
    let kinds = [
        Text,
        Image,
        Video,
        Audio,
        Document,
        Sticker,
        Location,
        Contacts,
        ButtonReply,
        ListReply,
        FlowReply,
        Reaction,
        Order,
        System,
        Edit,
        Delete,
        Unsupported,
        Status,
        Blocked,
        Unblocked,
    ];
    for kind in kinds {
        rows.add(format!("message {}", kind.word()), &Message { kind, ..plain.clone() });
    }
    use flusso::model::message::Status as Far;
    for status in [Far::Received, Far::Queued, Far::Sent, Far::Failed, Far::Delivered, Far::Read] {
        rows.add(format!("message {status:?}"), &Message { status, direction: Direction::In, ..plain.clone() });
    }
    let by_run = Author::Run { run: id(1), action: action("m1") };
    let authors = [Author::Contact, by_run, Author::Operator(Some(id(1))), Author::Phone, Author::System];
    for (number, author) in authors.into_iter().enumerate() {
        rows.add(format!("message author {number}"), &Message { author, ..plain.clone() });
    }
    for kind in [MediaKind::Image, MediaKind::Audio, MediaKind::Video, MediaKind::Document, MediaKind::Sticker] {
        let media = vec![MediaRef { kind, provider_id: Some("1".to_owned()), url: None, mime: None, name: None, caption: None }];
        let choices = vec![Choice { id: "y".to_owned(), title: "Sì".to_owned() }];
        rows.add(format!("message with {}", kind.word()), &Message { media, choices, ..plain.clone() });
    }
    for (number, route) in routes().into_iter().enumerate() {
        rows.add(format!("message route {number}"), &Message { route: Some(route), ..plain.clone() });
    }
}

fn routes() -> Vec<Route> {
    use Rule::*;
    let rules = [
        Recorded,
        StopWord,
        StartWord,
        OptedOut,
        ForOperator,
        Button,
        KeywordExact,
        KeywordWord,
        Reply,
        KeywordStarts,
        KeywordContains,
        KeywordRegex,
        FirstMessage,
        OutOfHours,
        AnyMessage,
        Nothing,
        Withheld,
    ];
    let outcomes = [
        Outcome::Rest,
        Outcome::OptOut,
        Outcome::OptIn,
        Outcome::Enter { trigger: node("k") },
        Outcome::Answer { run: id(1) },
        Outcome::Press { run: id(1), node: node("m"), choice: "y".to_owned() },
    ];
    let lost = |rule| vec![Lost { rule, flow: Some(id(1)), word: Some("ciao".to_owned()) }];
    let route = |(rule, outcome)| Route { rule, outcome, flow: Some(id(2)), lost: lost(rule) };
    rules.into_iter().zip(outcomes.into_iter().cycle()).map(route).collect()
}

fn full_content() -> Content {
    let choice = || Choice { id: "y".to_owned(), title: "Sì".to_owned() };
    let sections = vec![(Some("A".to_owned()), vec![(choice(), None)])];
    let place = Place { latitude: 41.9, longitude: 12.5, name: Some("Roma".to_owned()), address: None };
    let template = TemplateContent { name: "t".to_owned(), language: "it".to_owned(), parameters: vec!["p".to_owned()] };
    Content {
        text: "Ciao".to_owned(),
        media: None,
        buttons: vec![choice()],
        list: Some(ContentList { button: "Apri".to_owned(), sections }),
        location: Some(place),
        card: Some(("Anna".to_owned(), "39".to_owned())),
        template: Some(template),
        typing: Some(LIVE_REPLY),
    }
}

fn outboxes(rows: &mut Rows) {
    let plain = outbox(id(1), id(2), effect(id(3), 4, 5));
    let reason = "cut".to_owned();
    let states = [
        OutboxState::Ready { due: NOW },
        OutboxState::Attempting { since: NOW },
        OutboxState::Unknown { resolve_until: Some(NOW), reason: reason.clone() },
        OutboxState::Sent { at: NOW },
        OutboxState::Dead { at: NOW, reason: reason.clone() },
        OutboxState::Cancelled { at: NOW, reason },
    ];
    for state in states {
        rows.add(format!("outbox {}", state.word()), &OutboxRow { state, ..plain.clone() });
    }
    for (number, source) in [Source::Operator("r".to_owned()), Source::Consent(id(1))].into_iter().enumerate() {
        rows.add(format!("outbox source {number}"), &OutboxRow { source, ..plain.clone() });
    }
    for class in [Class::Live, Class::FollowUp, Class::Broadcast] {
        rows.add(format!("outbox {class:?}"), &OutboxRow { class, maybe_double: true, ..plain.clone() });
    }
    rows.add("outbox content", &OutboxRow { load: Load::Message { message: id(1), content: full_content() }, ..plain.clone() });
    for method in [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let call = Call {
            method,
            url: "https://example.com".to_owned(),
            headers: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
            body: Some(CallBody { kind: "application/json".to_owned(), text: "{}".to_owned() }),
            timeout: LIVE_REPLY,
            retries: 2,
            until: NOW,
            safe_to_repeat: true,
        };
        rows.add(format!("outbox {}", method.word()), &OutboxRow { load: Load::Call { armed: 1, call }, ..plain.clone() });
    }
}

fn channels_and_flows(rows: &mut Rows) {
    let plain = channel(id(1));
    for kind in flusso::base::address::ChannelKind::ALL {
        rows.add(format!("channel {kind}"), &flusso::model::channel::Channel { kind, ..plain.clone() });
    }
    for unknown in [UnknownPolicy::LiveReplies, UnknownPolicy::Always, UnknownPolicy::Never] {
        let (rate, pair) = (Some(Rate { per_second: 1.5, burst: 2 }), Some(Pair { seconds: 6.0, burst: 45 }));
        rows.add(format!("channel {unknown:?}"), &flusso::model::channel::Channel { unknown, rate, pair, ..plain.clone() });
    }
    rows.add("request", &RequestLine { at: NOW, method: "POST".to_owned(), status: 200, reason: "ok".to_owned(), body_bytes: 300 });
    for state in [FlowState::Enabled, FlowState::Disabled { since: NOW }, FlowState::Binned { since: NOW }] {
        let head = FlowHead {
            id: id(1),
            name: "Listino".to_owned(),
            state,
            version: 2,
            draft_revision: 3,
            start_token: [7; 32],
            created: NOW,
            changed: NOW,
            last_error: Some((NOW, "no".to_owned())),
        };
        rows.add(format!("flow {state:?}"), &head);
    }
}

fn people(rows: &mut Rows) {
    let secret = || Secret::new("s".to_owned());
    for role in [Role::Viewer, Role::Operator, Role::Manager, Role::Owner] {
        let it = Operator { id: id(1), name: "Anna".to_owned(), role, password: secret(), language: "it".to_owned(), created: NOW };
        rows.add(format!("operator {role:?}"), &it);
    }
    rows.add("session", &Session { operator: id(1), csrf: secret(), created: NOW, seen: NOW });
    let (name, prefix, scopes) = ("shop".to_owned(), "fl_1".to_owned(), Scope::ALL.to_vec());
    rows.add("api key", &ApiKey { id: id(1), name, prefix, scopes, created: NOW, expires: Some(NOW) });
    for by in [By::Operator(id::<OperatorId>(1)), By::Key(id::<ApiKeyId>(1)), By::Command, By::System] {
        rows.add(format!("audit {by:?}"), &AuditLine { id: id(1), at: NOW, by, what: "a".to_owned(), detail: "b".to_owned() });
    }
    let body = vec![0, 255];
    rows.add("quarantined", &Quarantined { id: id(1), channel: id(1), at: NOW, reason: "r".to_owned(), build: "1".to_owned(), body });
}

fn small(rows: &mut Rows) {
    rows.add("number", &300_u64);
    rows.add("text", &"perché".to_owned());
    rows.add("contact id", &ContactId::new(Shard(3), 1 << 40));
    rows.add("channel id", &id::<ChannelId>(1));
    rows.add("flow id", &id::<FlowId>(1));
    rows.add("message id", &id::<MessageId>(1));
    rows.add("outbox id", &id::<OutboxId>(1));
    let hash = [5; 32];
    let file = flusso::model::file::FileMeta {
        id: id(1),
        name: "a.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        kind: MediaKind::Document,
        size_bytes: 7,
        hash,
        created: NOW,
        token: "t".to_owned(),
    };
    rows.add("file", &file);
    let facts = flusso::store::meta::Meta {
        schema: 1,
        file: [1; 16],
        epoch: 2,
        last_now: NOW,
        created: NOW,
        setup_done: true,
        wrapped_key: Some(vec![1]),
        build: "1".to_owned(),
    };
    rows.add("meta", &facts);
    rows.add("sealed", &flusso::store::channels::Sealed { nonce: [1; 24], text: vec![2] });
    rows.add("settings", &flusso::model::settings::Settings::default());
    let reply = serde_json::from_str(r#"{"shortcut": "iban", "text": {"it": "Ecco {{ ask.iban }}", "en": "Here"}, "attachments": [{"kind": "image", "file": "1"}], "questions": [{"id": "iban", "label": "IBAN?", "kind": "text", "default": "IT"}]}"#).unwrap();
    rows.add("quick reply", &flusso::model::quick_reply::SavedReply { id: id(1), reply, uses: 3, changed: NOW });
}

#[test]
fn a_passage_written_before_splits_were_kept_is_read() {
    let old = hex::decode("01fd000270004403000001fd000270004403000001fd00027000440300000001026b31fd0002700044030000").unwrap();
    let fired = BTreeMap::from([(node("k1"), NOW)]);
    let last_end = Some((NOW, EndedAs::Finished));
    let passage = Passage { starts: vec![NOW], last_start: Some(NOW), last_end, fired, ways: BTreeMap::new() };
    assert_eq!(Passage::read(1, &old), Ok(passage));
}

#[test]
fn golden_rows_keep_their_bytes() {
    let mut rows = Rows(Vec::new());
    contacts(&mut rows);
    runs(&mut rows);
    messages(&mut rows);
    outboxes(&mut rows);
    channels_and_flows(&mut rows);
    people(&mut rows);
    small(&mut rows);
    many::rows(&mut rows);
    jobs::rows(&mut rows);
    let now: String = rows.0.iter().map(|(name, bytes)| format!("{name}: {bytes}\n")).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/saved/rows.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let saved = std::fs::read_to_string(&path).unwrap();
    for (line, (saved, now)) in saved.lines().zip(now.lines()).enumerate() {
        assert_eq!(saved, now, "line {}", line + 1);
    }
    assert_eq!(saved.lines().count(), now.lines().count());
}
