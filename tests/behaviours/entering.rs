//! Who gets a message, and what becomes of a run that is already there.

use super::counter::{Counter, flow, keyword, message};
use crate::kit::heart::DAY;
use flusso::base::time::Span;
use flusso::executor::advance;
use flusso::model::action::Verb;
use flusso::model::contact::Handover;
use flusso::model::event::Event;
use flusso::model::flow::FlowState;
use flusso::model::operator::By;
use flusso::model::run::{EndedAs, RunState, StartOutcome};
use flusso::store::history;
use serde_json::{Value as Json, json};

fn asks_a_name(ignores: bool) -> Json {
    flow(
        "Nome",
        &[
            keyword("hola", "m1"),
            message("m1", "Come ti chiami?", "w1"),
            json!({"id": "w1", "kind": "wait", "for": "1h", "reply": {"save": "contact.fields.nome", "ignore_keywords": ignores},
            "exits": {"replied": "m2"}}),
            message("m2", "Piacere, {{ contact.fields.nome }}", ""),
        ],
    )
}

fn restarting(mut flow: Json) -> Json {
    flow["reentry"] = json!("restart");
    flow
}

#[test]
fn a_greeting_typed_as_an_answer_does_not_restart_the_flow_when_the_question_ignores_keywords() {
    let mut counter = Counter::open(&[restarting(asks_a_name(true))]);
    counter.say("hola");
    counter.say("Hola");
    assert_eq!(counter.texts(), ["Come ti chiami?", "Piacere, Hola"]);
    assert_eq!(counter.all().len(), 1);
}

#[test]
fn a_greeting_typed_as_an_answer_does_restart_the_flow_when_the_question_does_not_ignore_keywords() {
    let mut counter = Counter::open(&[restarting(asks_a_name(false))]);
    counter.say("hola");
    counter.say("Hola");
    assert_eq!(counter.texts(), ["Come ti chiami?", "Come ti chiami?"]);
    assert_eq!(counter.all().len(), 2);
}

/// Where the contact is when the flow is started again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Where {
    Waiting,
    Held,
    Handover,
    Finished,
    InACall,
}

const PLACES: [Where; 5] = [Where::Waiting, Where::Held, Where::Handover, Where::Finished, Where::InACall];

fn orders(reentry: &str, place: Where) -> Json {
    let next = if place == Where::Finished { "" } else { "n1" };
    let node = match place {
        Where::InACall => json!({"id": "n1", "kind": "api", "method": "GET", "url": "https://shop.example.com/", "exits": {"ok": "w2"}}),
        _ => json!({"id": "n1", "kind": "wait", "for": "1d", "exits": {"elapsed": "m2"}}),
    };
    let wait = json!({"id": "w2", "kind": "wait", "for": "1d", "exits": {"elapsed": "m2"}});
    let nodes = [keyword("ordine", "m1"), message("m1", "Ciao {{ run.key }}", next), node, wait, message("m2", "Dopo {{ run.key }}", "")];
    let mut document = flow("Ordini", &nodes);
    document["reentry"] = json!(reentry);
    if reentry == "parallel" {
        document["reentry_key"] = json!("run.key");
    }
    document
}

/// Somebody in this place, who began with the key 1.
fn somebody(reentry: &str, place: Where) -> Counter {
    let mut counter = Counter::open(&[orders(reentry, place)]);
    counter.say("buongiorno");
    let (outcome, run) = counter.start("1");
    assert_eq!(outcome, StartOutcome::Started);
    match place {
        Where::InACall => {}
        _ => counter.pass(Span::MINUTE),
    }
    match place {
        Where::Held => {
            let hold = Event::Verb(Verb::Hold, By::System);
            counter.heart.change(|desk| advance::happen(desk, run.unwrap(), &hold)).unwrap();
        }
        Where::Handover => {
            let since = counter.heart.now;
            counter.change(|anna| anna.handover = Some(Handover { since, until: None }));
        }
        _ => {}
    }
    counter
}

/// What a second start with this key comes to, by the rules of spec.md 3 alone.
fn expected(reentry: &str, place: Where, same_key: bool) -> StartOutcome {
    match (reentry, place == Where::Finished, same_key) {
        ("restart", false, _) => StartOutcome::Restarted,
        ("keep", false, _) | ("once", ..) | ("parallel", false, true) => StartOutcome::Kept,
        _ => StartOutcome::Started,
    }
}

#[test]
fn reentry_restart_keep_once_parallel_each_with_the_contact_waiting_held_silent_finished_and_in_a_call() {
    for reentry in ["keep", "restart", "once", "parallel"] {
        for place in PLACES {
            for key in ["1", "2"] {
                one_more_start(reentry, place, key);
            }
        }
    }
}

fn one_more_start(reentry: &str, place: Where, key: &str) {
    let what = format!("{reentry}, {place:?}, with the key {key}");
    let mut counter = somebody(reentry, place);
    let before: Vec<_> = counter.live();
    let (outcome, run) = counter.start(key);
    assert_eq!(outcome, expected(reentry, place, key == "1"), "{what}");
    let after = counter.live();
    let untouched =
        before.iter().all(|old| after.iter().any(|run| run.id == old.id && run.timer() == old.timer() && run.phase == old.phase));
    match outcome {
        StartOutcome::Kept => {
            assert_eq!(run, before.first().map(|run| run.id), "{what}");
            assert!(untouched && after.len() == before.len(), "{what}: it stays where it is, and its time with it");
        }
        StartOutcome::Restarted => {
            assert!(after.len() == 1 && Some(after[0].id) == run, "{what}: one run, the new one");
            let old = counter.run(before[0].id);
            assert!(matches!(old.state, RunState::Ended { how: EndedAs::Stopped, .. }), "{what}");
        }
        _ => assert!(untouched && after.len() == before.len() + usize::from(place != Where::Finished), "{what}: one beside the other"),
    }
    if place == Where::Handover {
        counter.pass(Span::MINUTE);
        assert_eq!(counter.texts(), ["Ciao 1"], "{what}: nothing is said while a person answers");
        let anna = counter.anna();
        counter.heart.change(|desk| advance::end_handover(desk, anna)).unwrap();
    }
    counter.pass(Span::MINUTE);
    let greetings = counter.texts().iter().filter(|text| text.starts_with("Ciao ")).count();
    let new = usize::from(outcome != StartOutcome::Kept);
    // In the middle of a call the first greeting had not left yet: with the run that is stopped it is called off.
    let called_off = usize::from(place == Where::InACall && outcome == StartOutcome::Restarted);
    assert_eq!(greetings, 1 + new - called_off, "{what}: the first message of a new run is never skipped");
    if new > 0 {
        assert_eq!(counter.texts().last(), Some(&format!("Ciao {key}").as_str()), "{what}");
    }
}

#[test]
fn a_late_answer_of_a_call_of_the_old_run_does_not_move_the_new_one() {
    let mut counter = somebody("restart", Where::InACall);
    let old = counter.live()[0].id;
    let (_, new) = counter.start("2");
    let outcome = flusso::model::event::CallOutcome::Answered { status: 200, body: "{}".to_owned() };
    let late = Event::CallEnded { armed: counter.run(old).sequence, outcome };
    counter.heart.change(|desk| advance::happen(desk, old, &late)).unwrap();
    counter.pass(Span::MINUTE);
    let live = counter.live();
    assert_eq!((live.len(), Some(live[0].id), live[0].visits.len()), (1, new, 3));
}

fn on_any_message(name: &str, text: &str) -> Json {
    let event = json!({"id": "e1", "kind": "event", "on": "any_message", "exits": {"next": "m1"}});
    flow(name, &[event, message("m1", text, "w1"), json!({"id": "w1", "kind": "wait", "for": "1d"})])
}

#[test]
fn two_flows_on_the_same_event_start_exactly_one_run() {
    let mut counter = Counter::open(&[on_any_message("Primo", "Uno"), on_any_message("Secondo", "Due")]);
    counter.say("buongiorno");
    assert_eq!(counter.texts(), ["Uno"], "the older flow's");
    assert_eq!(counter.live().len(), 1);
}

#[test]
fn a_question_that_times_out_is_no_message_and_starts_nothing_again() {
    let event = json!({"id": "e1", "kind": "event", "on": "any_message", "cooldown": "3d", "exits": {"next": "m1"}});
    let wait = json!({"id": "w1", "kind": "wait", "for": "10m", "reply": {}, "exits": {"replied": "m2"}});
    let mut counter = Counter::open(&[flow("Qualsiasi", &[event, message("m1", "Dimmi", "w1"), wait, message("m2", "Grazie", "")])]);
    counter.say("buongiorno");
    counter.pass(DAY);
    assert_eq!((counter.texts(), counter.live().len(), counter.all().len()), (vec!["Dimmi"], 0, 1), "it ended, and that is all");
    counter.say("sono qui");
    assert_eq!((counter.texts(), counter.all().len()), (vec!["Dimmi"], 1), "its cooldown counts from the start, not from the end");
    counter.pass(DAY.times(3));
    counter.say("eccomi");
    assert_eq!(counter.texts(), ["Dimmi", "Dimmi"]);
}

#[test]
fn two_flows_launching_each_other_stop_with_a_clear_error() {
    for mode in ["continue", "call", "jump"] {
        let launch = |to: &str| json!({"id": "l1", "kind": "launch", "flow": to, "mode": mode});
        let here = [keyword("via", "m1"), message("m1", "Qui", "l1"), launch("Là")];
        let there = [message("m1", "Là", "l1"), launch("Qui")];
        let (mut one, mut other) = (flow("Qui", &here), flow("Là", &there));
        (one["reentry"], other["reentry"], other["start"]) = (json!("restart"), json!("restart"), json!("m1"));
        let mut counter = Counter::open(&[one, other]);
        counter.say("via");
        counter.pass(DAY);
        assert!(counter.live().is_empty(), "{mode}: {:?}", counter.live());
        assert!(counter.texts().len() <= 10, "{mode}: {:?}", counter.texts());
        let failed = counter.all().into_iter().find_map(|run| match run.state {
            RunState::Ended { how: EndedAs::Failed, word, .. } => word,
            _ => None,
        });
        let words = failed.unwrap_or_else(|| panic!("{mode}: no run says why: {:?}", counter.all()));
        assert!(words.contains("launched one from another"), "{mode}: {words}");
        let heads = &counter.heart.facts.heads;
        let view = counter.heart.reader.view().unwrap();
        let told = heads.keys().filter_map(|id| flusso::store::flows::head(&view, *id).unwrap()?.last_error);
        assert_eq!(told.count(), 1, "{mode}: the flow shows it");
    }
}

/// Anna's runs by the name of their flow, each with how it ended, and the lines of its history that answer a start.
fn told(counter: &Counter) -> Vec<(String, String)> {
    let view = counter.heart.reader.view().unwrap();
    let mut told = Vec::new();
    for run in counter.all() {
        let name = counter.heart.facts.names[&run.flow].clone();
        let lines = history::of_run(&view, run.id).unwrap().into_iter().filter(|line| line.kind == "start");
        told.extend(lines.map(|line| (name.clone(), format!("{}: {}", line.result.unwrap_or_default(), line.text))));
    }
    told
}

#[test]
fn a_launch_tells_in_the_history_of_the_run_how_it_was_answered() {
    for mode in ["continue", "call", "jump"] {
        let launch = json!({"id": "l1", "kind": "launch", "flow": "Altro", "mode": mode, "exits": {"next": "m1"}});
        let mut here = flow("Qui", &[keyword("via", "l1"), launch, message("m1", "Avanti", "")]);
        here["reentry"] = json!("restart");
        let waits = json!({"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": null}});
        for (rule, second) in [("keep", "kept: The contact is in the flow"), ("restart", "restarted: The flow \"Altro\" began again")] {
            let mut other = flow("Altro", &[message("m1", "Altro", "w1"), waits.clone()]);
            (other["start"], other["reentry"]) = (json!("m1"), json!(rule));
            let mut counter = Counter::open(&[here.clone(), other]);
            counter.say("via");
            let told_first = told(&counter);
            assert_eq!(told_first.len(), 1, "{mode} {rule}: {told_first:?}");
            assert_eq!(told_first[0], ("Qui".to_owned(), "started: The flow \"Altro\" began.".to_owned()), "{mode} {rule}");
            counter.say("via");
            let told_then = told(&counter);
            assert!(told_then.iter().any(|(name, line)| name == "Qui" && line.starts_with(second)), "{mode} {rule}: {told_then:?}");
        }
    }
}

#[test]
fn who_would_go_to_a_flow_that_is_disabled_is_told_of_and_so_is_the_owner() {
    for mode in ["continue", "call", "jump"] {
        let launch = json!({"id": "l1", "kind": "launch", "flow": "Altro", "mode": mode, "exits": {"next": "m1"}});
        let here = flow("Qui", &[keyword("via", "l1"), launch, message("m1", "Avanti", "")]);
        let mut other = flow("Altro", &[message("m1", "Altro", "")]);
        other["start"] = json!("m1");
        let mut counter = Counter::open(&[here, other]);
        let (own, since) = (counter.flows[0], counter.heart.now);
        counter.head(1, |head| head.state = FlowState::Disabled { since });
        counter.say("via");
        let sentence = "The flow \"Altro\" is disabled.";
        assert!(told(&counter).contains(&("Qui".to_owned(), format!("blocked: {sentence}"))), "{mode}: {:?}", told(&counter));
        let head = flusso::store::flows::head(&counter.heart.reader.view().unwrap(), own).unwrap().unwrap();
        assert_eq!(head.last_error.map(|(_, told)| told).as_deref(), Some(sentence), "{mode}: the owner is told");
        let run = &counter.all()[0];
        let RunState::Ended { how, word, .. } = &run.state else { panic!("{mode}: {run:?}") };
        match mode {
            "jump" => assert_eq!((*how, word.as_deref(), counter.texts()), (EndedAs::Failed, Some(sentence), vec![]), "{mode}"),
            _ => assert_eq!((*how, counter.texts()), (EndedAs::Finished, vec!["Avanti"]), "{mode}: it goes on"),
        }
    }
}

#[test]
fn a_split_sends_a_contact_the_same_way_whatever_its_weights_have_become() {
    let split = |a: u32, b: u32| {
        let weights = json!([{"exit": "a", "weight": a}, {"exit": "b", "weight": b}]);
        let split = json!({"id": "p1", "kind": "split", "weights": weights, "exits": {"a": "m1", "b": "m2"}});
        flow("Prova", &[keyword("via", "p1"), split, message("m1", "A", ""), message("m2", "B", "")])
    };
    let mut counter = Counter::open(&[split(1, 0)]);
    counter.say("via");
    counter.save(0, &split(1, 1_000_000));
    counter.say("via");
    assert_eq!(counter.texts(), ["A", "A"], "who went one way goes it again");
    counter.save(0, &split(0, 1));
    counter.say("via");
    counter.save(0, &split(1_000_000, 1));
    counter.say("via");
    assert_eq!(counter.texts(), ["A", "A", "B", "B"], "a way that nobody is sent any more is left, and the new one is kept");
}
