//! Properties of the engine that no single conversation shows: it always comes to rest, and the same in gives the same out.

#![allow(clippy::expect_used, reason = "a flow that this file writes can be read")]

use flusso::base::limits::{FORECAST_ACTIONS_MAX, RUN_BYTES_MAX, STEPS_PER_EVENT_MAX};
use flusso::base::time::{Span, Time};
use flusso::engine::forecast::forecast;
use flusso::engine::talk::stage;
use flusso::engine::{Step, step};
use flusso::model::action::{ActionId, Verb};
use flusso::model::contact::Contact;
use flusso::model::document;
use flusso::model::effect::Effect;
use flusso::model::event::{CallOutcome, Event, Heard};
use flusso::model::flow::Flow;
use flusso::model::message::MessageKind;
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run::{EndedAs, Origin, Run, RunState};
use flusso::model::value::{Value, Values};
use flusso::model::world::World;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const NODES: usize = 8;

fn name(index: usize) -> String {
    format!("n{index}")
}

/// A node of every kind that walks, with exits anywhere in the flow, in itself, or nowhere.
fn node(index: usize) -> impl Strategy<Value = Json> {
    let exit = prop_oneof![4 => (0..NODES).prop_map(|to| json!(name(to))), 1 => Just(Json::Null)];
    (0..14usize, exit.clone(), exit.clone(), exit).prop_map(move |(kind, a, b, c)| {
        let mut node = match kind {
            0 | 1 => json!({"kind": "message", "text": "Ciao {{ run.a }}", "exits": {"next": a}}),
            2 => json!({"kind": "message", "text": "Sì?", "buttons": [{"id": "yes", "title": "Sì"}], "exits": {"next": a, "yes": b}}),
            3 => json!({"kind": "wait", "for": "1h", "exits": {"elapsed": a}}),
            4 => json!({"kind": "wait", "for": "0s", "exits": {"elapsed": a}}),
            5 => json!({"kind": "wait", "for": "1h", "reply": {"check": "number", "save": "run.a", "retry": {"times": 1, "text": "?"}},
                "exits": {"elapsed": a, "replied": b, "invalid": c}}),
            6 => json!({"kind": "wait", "reply": {"burst": "3s"}, "met": {"callback": true}, "exits": {"replied": a, "met": b}}),
            7 => json!({"kind": "condition", "branches": [{"exit": "x", "all": [{"value": "run.a", "op": "gt", "to": 1}]}],
                "exits": {"x": a, "else": b}}),
            8 => json!({"kind": "save", "increment": [{"field": "run.a", "by": 1}], "exits": {"next": a}}),
            9 => json!({"kind": "api", "method": "GET", "url": "https://x.example/", "save": [{"path": "$.a", "to": "run.a"}],
                "exits": {"ok": a, "failed": b, "timed_out": c}}),
            10 => json!({"kind": "launch", "flow": "Altro", "mode": "call", "exits": {"next": a}}),
            11 => json!({"kind": "split", "weights": [{"exit": "x", "weight": 1}, {"exit": "y", "weight": 2}], "exits": {"x": a, "y": b}}),
            12 => json!({"kind": "handover", "for": "2h", "exits": {"next": a}}),
            _ => json!({"kind": "save", "set": [{"field": "run.b", "to": "{{ run.b }}{{ run.b }}!"}], "exits": {"next": a}}),
        };
        node["id"] = json!(name(index));
        node
    })
}

fn flow() -> impl Strategy<Value = Flow> {
    let nodes: Vec<_> = (0..NODES).map(node).collect();
    nodes.prop_map(|nodes| {
        let document = json!({"flusso": 1, "name": "Prova", "start": "n0", "nodes": nodes});
        document::read(&document).expect("a flow")
    })
}

/// What may come in, whatever the run waits for. `armed` of timers and answers is filled in when it is played.
fn event() -> impl Strategy<Value = Event> {
    let action = || (0..NODES, 1..4u32).prop_map(|(node, visit)| ActionId { node: NodeId(name(node)), visit });
    let verb = prop_oneof![
        Just(Verb::Hold),
        Just(Verb::Resume),
        (0..NODES).prop_map(|node| Verb::Jump(NodeId(name(node)))),
        action().prop_map(Verb::SendNow),
        action().prop_map(Verb::Skip),
        action().prop_map(Verb::Remove),
        action().prop_map(Verb::HoldAction),
        action().prop_map(Verb::ReleaseAction),
        action().prop_map(Verb::Undo),
        Just(Verb::Restore(std::collections::BTreeMap::new())),
        Just(Verb::Variable("a".to_owned(), Some(Value::Number(9.0)))),
        action().prop_map(|action| Verb::Rewrite(action, "Altro".to_owned())),
        (action(), any::<bool>()).prop_map(|(action, following_keep)| {
            let due = stage::START + Span::HOUR.times(5);
            Verb::Move { action, due, following_keep }
        }),
    ];
    prop_oneof![
        4 => Just(Event::Timer { armed: 0 }),
        2 => prop_oneof![Just("7"), Just("boh")].prop_map(|text| Event::Message(heard(text))),
        1 => (0..NODES).prop_map(|node| Event::Button { node: NodeId(name(node)), choice: "yes".to_owned(), heard: heard("Sì") }),
        2 => prop_oneof![
            Just(CallOutcome::Answered { status: 200, body: "{\"a\": 2}".to_owned() }),
            Just(CallOutcome::Answered { status: 500, body: String::new() }),
            Just(CallOutcome::TimedOut),
        ].prop_map(|outcome| Event::CallEnded { armed: 0, outcome }),
        1 => Just(Event::ChildEnded { armed: 0, variables: Values::from([("a".to_owned(), Value::Number(3.0))]) }),
        1 => Just(Event::Callback(Values::new())),
        1 => Just(Event::ContactChanged),
        1 => Just(Event::HandoverEnded),
        3 => verb.prop_map(|verb| Event::Verb(verb, By::System)),
    ]
}

fn heard(text: &str) -> Heard {
    Heard { message: None, kind: MessageKind::Text, text: text.to_owned(), button: None, at: stage::START }
}

/// The event as it would come to this run: timers and answers carry what the run waits with.
fn aimed(event: &Event, run: &Run) -> Event {
    let armed = run.sequence;
    match event.clone() {
        Event::Timer { .. } => Event::Timer { armed: run.timer().map_or(0, |(_, armed)| armed) },
        Event::CallEnded { outcome, .. } => Event::CallEnded { armed, outcome },
        Event::ChildEnded { variables, .. } => Event::ChildEnded { armed, variables },
        other => other,
    }
}

/// What must be true of every step.
fn examine(before: (&Run, &Contact), step: &Step, world: &World) -> Result<(), TestCaseError> {
    let (run, contact) = before;
    if step.run.sequence == run.sequence {
        prop_assert_eq!((&step.run, &step.contact), (run, contact), "an event that changes nothing changes nothing");
        prop_assert!(step.effects.is_empty());
        return Ok(());
    }
    prop_assert_eq!(step.run.sequence, run.sequence + 1);
    let visits = |run: &Run| run.visits.values().map(|visits| u64::from(*visits)).sum::<u64>();
    let taken = u64::from(world.steps_left - step.steps_left);
    prop_assert_eq!(visits(&step.run) - visits(run), taken, "every visit takes a step of the budget");
    prop_assert!(step.effects.len() <= 3 * STEPS_PER_EVENT_MAX as usize + 3, "{} effects", step.effects.len());
    for effect in &step.effects {
        if let Effect::Call { armed, .. } | Effect::Launch { armed: Some(armed), .. } = effect {
            prop_assert_eq!(*armed, step.run.sequence);
        }
    }
    let bytes: usize = step.run.variables.iter().map(|(name, value)| name.len() + value.to_string().len()).sum();
    prop_assert!(step.run.is_over() || bytes <= RUN_BYTES_MAX);
    Ok(())
}

fn world() -> World {
    let mut world = stage::world();
    let other = flusso::base::id::Id::new(flusso::base::id::Shard(0), 9);
    world.flows = std::sync::Arc::new([(other, "Altro".to_owned())].into());
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_event_ends_and_the_same_in_gives_the_same_out(flow in flow(), events in prop::collection::vec((event(), 0..3i64), 1..25)) {
        let world = world();
        let mut contact = stage::contact();
        let mut now = stage::START;
        let mut run = stage::run(&contact, NodeId(name(0)), Origin::Api, now, 1);
        let start = (Event::Start, 0);
        for (event, hours) in std::iter::once(start).chain(events) {
            now = now + Span::HOUR.times(hours);
            let event = aimed(&event, &run);
            let first = step(&world, &flow, &run, &contact, &event, now);
            prop_assert_eq!(&first, &step(&world, &flow, &run, &contact, &event, now));
            let Ok(step) = first else { continue };
            examine((&run, &contact), &step, &world)?;
            (run, contact) = (step.run, step.contact);
            let lines = forecast(&world, &flow, &run, &contact, now);
            prop_assert!(lines.len() <= FORECAST_ACTIONS_MAX);
            prop_assert_eq!(lines.is_empty(), run.is_over(), "a live run has something pending");
        }
    }

    #[test]
    fn a_timer_is_never_early_and_never_late_by_another_sequence(flow in flow(), late in 1..1000i64, armed in 0..50u64) {
        let world = world();
        let contact = stage::contact();
        let run = stage::run(&contact, NodeId(name(0)), Origin::Api, stage::START, 1);
        let started = step(&world, &flow, &run, &contact, &Event::Start, stage::START).expect("a start");
        let Some((due, right)) = started.run.timer() else { return Ok(()) };
        let fires = |armed, at: Time| {
            let event = Event::Timer { armed };
            step(&world, &flow, &started.run, &started.contact, &event, at).expect("a step").run.sequence != started.run.sequence
        };
        prop_assert!(!fires(right, due - Span(1)));
        prop_assert!(fires(right, due + Span(late)));
        prop_assert!(armed == right || !fires(armed, due + Span(late)));
    }
}

fn played(document: &Json, event: &Event, prepare: impl FnOnce(&mut Run)) -> Step {
    let flow = document::read(document).expect("a flow");
    let contact = stage::contact();
    let mut run = stage::run(&contact, NodeId("n0".to_owned()), Origin::Api, stage::START, 1);
    prepare(&mut run);
    step(&world(), &flow, &run, &contact, event, stage::START).expect("a step")
}

fn failure(step: &Step) -> Option<&str> {
    match &step.run.state {
        RunState::Ended { how: EndedAs::Failed, word, .. } => word.as_deref(),
        _ => None,
    }
}

#[test]
fn a_run_that_keeps_too_much_fails_in_words() {
    let flow = json!({"flusso": 1, "name": "Prova", "start": "n0", "nodes": [{"id": "n0", "kind": "wait", "for": "1h"}]});
    let full = |count: usize| {
        played(&flow, &Event::Start, |run| {
            run.variables = (0..count).map(|n| (format!("v{n}"), Value::text("x".repeat(8000)))).collect();
        })
    };
    assert_eq!(failure(&full(8)), None);
    assert_eq!(failure(&full(9)), Some("the automation keeps more than 64 KiB of variables"));
}

#[test]
fn a_call_has_one_key_for_one_visit_of_one_run() {
    let api = json!({"id": "n0", "kind": "api", "method": "POST", "url": "https://x.example/", "timeout": "1m"});
    let flow = json!({"flusso": 1, "name": "Prova", "start": "n0", "nodes": [api]});
    let call = |prepare: &dyn Fn(&mut Run)| {
        let step = played(&flow, &Event::Start, prepare);
        step.effects.into_iter().find_map(|effect| match effect {
            Effect::Call { call, .. } => Some(call),
            _ => None,
        })
    };
    let plain = call(&|_| {}).expect("a call");
    let key = plain.headers.get("Idempotency-Key").expect("a key");
    assert_eq!(key.len(), 32);
    assert_eq!(Some(&plain), call(&|_| {}).as_ref());
    let again = call(&|run| _ = run.visits.insert(NodeId("n0".to_owned()), 1)).expect("a call");
    let elsewhere = call(&|run| run.seed = 77).expect("a call");
    assert!(again.headers["Idempotency-Key"] != *key && elsewhere.headers["Idempotency-Key"] != *key);
    let bounds = (plain.timeout, plain.retries, plain.until, plain.safe_to_repeat);
    assert_eq!(bounds, (Span(15_000), 3, stage::START + Span(30_000), false), "a call is bounded whatever the node says");
}

/// A run that waits for an answer in several messages, after these were said to it.
fn said(messages: &[Heard]) -> Run {
    let wait = json!({"id": "n0", "kind": "wait", "reply": {"burst": "5s", "save": "run.a"}, "exits": {"replied": null}});
    let flow = document::read(&json!({"flusso": 1, "name": "Prova", "start": "n0", "nodes": [wait]})).expect("a flow");
    let (world, contact) = (world(), stage::contact());
    let mut run = stage::run(&contact, NodeId("n0".to_owned()), Origin::Api, stage::START, 1);
    let messages = messages.iter().cloned().map(Event::Message);
    for event in std::iter::once(Event::Start).chain(messages) {
        run = step(&world, &flow, &run, &contact, &event, stage::START).expect("a step").run;
    }
    run
}

#[test]
fn a_press_is_a_whole_answer_even_where_messages_are_joined() {
    assert!(!said(&[heard("Sì")]).is_over());
    let pressed = Heard { button: Some("elsewhere".to_owned()), ..heard("Sì") };
    assert!(said(&[pressed]).is_over());
}

#[test]
fn an_answer_in_very_many_parts_ends_by_itself() {
    assert!(!said(&vec![heard("e poi"); 20]).is_over());
    assert!(said(&vec![heard("e poi"); 21]).is_over());
}
