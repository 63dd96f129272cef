//! What stands in the way of flows, and who passes it: a pause of everything, a person who answers, a closed window, the end of consent.

use super::counter::{Counter, flow, keyword, message};
use crate::kit::heart::DAY;
use flusso::base::time::Span;
use flusso::executor::advance;
use flusso::model::contact::Handover;
use flusso::model::run::{EndedAs, Origin, Phase, RunState, StartOutcome};
use flusso::model::settings::Settings;
use flusso::store::settings;
use serde_json::{Value as Json, json};

fn greets() -> Json {
    let mut greets = flow("Saluto", &[message("m1", "Ciao", "")]);
    greets["start"] = json!("m1");
    greets
}

fn set_paused(counter: &mut Counter, paused: bool) {
    let wanted = Settings { paused, ..counter.heart.facts.settings.as_ref().clone() };
    let job = |desk: &mut flusso::executor::desk::Desk| {
        settings::put(&mut desk.work, &wanted)?;
        desk.facts_changed = true;
        Ok(())
    };
    counter.heart.change(job).unwrap();
}

#[test]
fn a_start_by_a_program_while_everything_is_paused_waits_for_the_end_of_the_pause() {
    let mut counter = Counter::open(&[greets()]);
    counter.say("buongiorno");
    set_paused(&mut counter, true);
    let (outcome, _) = counter.start("1");
    assert!(matches!(counter.live()[0].phase, Phase::Ready(_)), "it has not moved: {:?}", counter.live());
    counter.pass(Span::HOUR.times(2));
    assert_eq!((outcome, counter.texts()), (StartOutcome::Started, vec![]));
    set_paused(&mut counter, false);
    let anna = counter.anna();
    counter.heart.change(|desk| advance::wake_contact(desk, anna)).unwrap();
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Ciao"], "it was kept");
}

#[test]
fn a_start_by_a_program_does_not_speak_while_a_person_answers_and_one_by_a_person_does() {
    let mut counter = Counter::open(&[greets()]);
    counter.say("buongiorno");
    let since = counter.heart.now;
    counter.change(|anna| anna.handover = Some(Handover { since, until: None }));
    counter.start("1");
    counter.pass(Span::HOUR);
    assert_eq!(counter.texts(), Vec::<&str>::new());
    let anna = counter.anna();
    counter.heart.change(|desk| advance::end_handover(desk, anna)).unwrap();
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Ciao"]);
    let since = counter.heart.now;
    counter.change(|anna| anna.handover = Some(Handover { since, until: None }));
    counter.start_as(Origin::Operator(None), "2");
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Ciao", "Ciao"]);
}

#[test]
fn a_message_held_for_the_window_leaves_the_answer_to_who_asked() {
    let asks = json!({"id": "w1", "kind": "wait", "for": "30d", "reply": {"save": "contact.fields.nome", "ignore_keywords": true},
        "exits": {"replied": "m2"}});
    let asks = flow("Nome", &[keyword("nome", "m1"), message("m1", "Come ti chiami?", "w1"), asks, message("m2", "Piacere", "")]);
    let late = json!({"id": "w1", "kind": "wait", "for": "2d", "exits": {"elapsed": "m1"}});
    let reminds = flow("Promemoria", &[keyword("dopo", "w1"), late, message("m1", "Ci sei?", "")]);
    let mut counter = Counter::open(&[asks, reminds]);
    counter.say("dopo");
    counter.say("nome");
    counter.pass(DAY.times(3));
    assert_eq!(counter.texts(), ["Come ti chiami?"], "the window is closed");
    counter.say("Giovanni");
    assert_eq!(counter.record().fields.get("nome").map(ToString::to_string).as_deref(), Some("Giovanni"));
    let mut said = counter.texts();
    said.sort_unstable();
    assert_eq!(said, ["Ci sei?", "Come ti chiami?", "Piacere"], "and what was held goes too");
}

#[test]
fn a_run_that_takes_its_own_contact_off_ends_there() {
    let leaves = flow(
        "Basta",
        &[
            keyword("lasciatemi", "s1"),
            json!({"id": "s1", "kind": "save", "consent": "opted_out", "exits": {"next": "w1"}}),
            json!({"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m1"}}),
            message("m1", "Mai", ""),
        ],
    );
    let mut counter = Counter::open(&[leaves]);
    counter.say("lasciatemi");
    assert_eq!(counter.live().len(), 0, "{:?}", counter.live());
    let RunState::Ended { how, .. } = counter.all()[0].state else { panic!("{:?}", counter.all()) };
    assert_eq!(how, EndedAs::Stopped);
}

#[test]
fn a_run_that_was_stopped_by_what_it_launched_says_nothing_more() {
    let stops = json!({"id": "l1", "kind": "launch", "stop": "all"});
    let mut stops = flow("Ferma", &[stops]);
    stops["start"] = json!("l1");
    let launch = json!({"id": "l1", "kind": "launch", "flow": "Ferma", "mode": "continue", "exits": {"next": "m2"}});
    let rest = json!({"id": "w1", "kind": "wait", "for": "1h"});
    let here = flow("Qui", &[keyword("via", "l1"), launch, message("m2", "Dopo", "w1"), rest]);
    let mut counter = Counter::open(&[here, stops]);
    counter.say("via");
    counter.pass(DAY);
    assert_eq!((counter.texts(), counter.live().len()), (vec![], 0));
}

#[test]
fn who_calls_another_after_skipping_a_call_waits_for_the_second() {
    let call =
        |id: &str, flow: &str, next: &str| json!({"id": id, "kind": "launch", "flow": flow, "mode": "call", "exits": {"next": next}});
    let here = flow("Qui", &[keyword("via", "l1"), call("l1", "B", "l2"), call("l2", "C", "m1"), message("m1", "Fatto", "")]);
    let waits = |name: &str, long: &str| {
        let mut waits = flow(name, &[json!({"id": "w1", "kind": "wait", "for": long})]);
        waits["start"] = json!("w1");
        waits
    };
    let mut counter = Counter::open(&[here, waits("B", "1h"), waits("C", "3h")]);
    counter.say("via");
    let parent = counter.all().into_iter().find(|run| run.flow == counter.flows[0]).unwrap().id;
    let action = flusso::model::action::ActionId { node: flusso::model::node::NodeId("l1".to_owned()), visit: 1 };
    let skip = flusso::model::event::Event::Verb(flusso::model::action::Verb::Skip(action), flusso::model::operator::By::System);
    counter.heart.change(|desk| advance::happen(desk, parent, &skip)).unwrap();
    counter.pass(Span::HOUR.times(2));
    assert_eq!(counter.texts(), Vec::<&str>::new(), "the first it called ended, and the second lives");
    counter.pass(Span::HOUR.times(2));
    assert_eq!(counter.texts(), ["Fatto"]);
}

#[test]
fn who_called_a_flow_that_jumps_on_waits_for_where_it_went_and_gets_its_variables() {
    let named = |name: &str, nodes: &[Json], start: &str| {
        let mut document = flow(name, nodes);
        document["start"] = json!(start);
        document
    };
    let call = json!({"id": "l1", "kind": "launch", "flow": "B", "mode": "call", "exits": {"next": "m1"}});
    let here = flow("Qui", &[keyword("via", "l1"), call, message("m1", "Esito: {{ run.esito | default: \"nessuno\" }}", "")]);
    let jumps = named("B", &[json!({"id": "l1", "kind": "launch", "flow": "C", "mode": "jump"})], "l1");
    let set = json!({"id": "s1", "kind": "save", "set": [{"field": "run.esito", "to": "pagato"}]});
    let far = named("C", &[json!({"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "s1"}}), set], "w1");
    let mut counter = Counter::open(&[here, jumps, far]);
    counter.say("via");
    assert_eq!(counter.texts(), Vec::<&str>::new());
    counter.pass(Span::HOUR.times(2));
    assert_eq!(counter.texts(), ["Esito: pagato"]);
}

#[test]
fn a_handover_for_a_time_lasts_as_long_as_the_person_who_answers() {
    let hands = json!({"id": "h1", "kind": "handover", "for": "10m", "save": "run.taken", "exits": {"next": "m1"}});
    let here = flow("Qui", &[keyword("persona", "h1"), hands, message("m1", "{{ run.taken }}", "")]);
    let mut counter = Counter::open(std::slice::from_ref(&here));
    counter.say("persona");
    counter.pass(Span::MINUTE.times(9));
    let mut anna = counter.record();
    counter.heart.change(|desk| advance::person_spoke(desk, &mut anna)).unwrap();
    counter.pass(Span::MINUTE.times(50));
    assert_eq!(counter.texts(), Vec::<&str>::new(), "nobody talks over a person");
    counter.pass(Span::MINUTE.times(15));
    assert_eq!(counter.texts(), ["answered"]);
    let mut nobody = Counter::open(&[here]);
    nobody.say("persona");
    nobody.pass(Span::MINUTE.times(11));
    assert_eq!(nobody.texts(), ["unanswered"]);
}
