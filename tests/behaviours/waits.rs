//! Waits: none is lost, none fires twice, and a row of them keeps its times.

use super::counter::{ANNA, Counter, flow, keyword, message};
use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use flusso::base::time::{Span, Time};
use flusso::executor::advance;
use flusso::model::action::Verb;
use flusso::model::event::Event;
use flusso::model::flow::FlowState;
use flusso::model::operator::By;
use flusso::model::value::{Value, Values};
use flusso::store::{Store, flows, runs, settings};
use serde_json::json;

/// Kills the appliance again and again, at random moments of virtual time, while people wait. A kill leaves the bytes of the disk.
fn kill_during_waits(kills: usize, seed: u64) {
    const WAITS: [(&str, i64); 3] = [("Uno", 2), ("Due", 3), ("Tre", 5)];
    let mut nodes = vec![keyword("via", "w0")];
    for (index, (text, hours)) in WAITS.into_iter().enumerate() {
        let (wait, said, next) = (format!("w{index}"), format!("m{index}"), format!("w{}", index + 1));
        nodes.push(json!({"id": wait, "kind": "wait", "for": format!("{hours}h"), "exits": {"elapsed": said}}));
        nodes.push(message(&said, text, if index + 1 < WAITS.len() { &next } else { "" }));
    }
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(&flow("Attese", &nodes).to_string()).unwrap();
    let mut ledger = Ledger::default();
    let people: Vec<String> = (0..kills / 8).map(|person| format!("39333{person:07}")).collect();
    let mut begun: Vec<Time> = Vec::new();
    for kill in 0..kills {
        if kill % 8 == 0
            && let Some(person) = people.get(begun.len())
        {
            heart.webhook(&says(person, heart.now, &[(&format!("wamid.{kill}"), "via")])).unwrap();
            begun.push(heart.now);
        }
        let until = heart.now + Span(chance.i64(0..Span::HOUR.0));
        heart.pass(until, &mut ledger).unwrap();
        drop(heart);
        disk = Ram::of(disk.bytes());
        heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), until).unwrap();
    }
    let until = heart.now + DAY;
    heart.pass(until, &mut ledger).unwrap();
    for (person, begun) in people.iter().zip(begun) {
        let got: Vec<(&str, Time)> =
            ledger.sent.iter().filter(|sent| sent.to == *person).map(|sent| (sent.text.as_str(), sent.at)).collect();
        let mut at = begun;
        let wanted: Vec<(&str, Time)> = WAITS
            .into_iter()
            .map(|(text, hours)| {
                at = at + Span::HOUR.times(hours);
                (text, at)
            })
            .collect();
        assert_eq!(got, wanted, "{person}, after {kills} kills");
    }
    assert!(runs::list_live(&heart.reader.view().unwrap(), None, 10).unwrap().is_empty());
}

#[test]
fn killed_at_random_during_waits_every_due_action_fires_once_and_none_is_lost() {
    kill_during_waits(160, 1);
}

#[test]
#[ignore = "long"]
fn long_killed_a_thousand_times_at_random_during_waits_every_due_action_fires_once_and_none_is_lost() {
    for seed in 1..4 {
        kill_during_waits(1_000, seed);
    }
}

#[test]
fn two_delays_in_a_row_and_a_delay_of_0_keep_their_times() {
    let wait = |id: &str, long: &str, next: &str| json!({"id": id, "kind": "wait", "for": long, "exits": {"elapsed": next}});
    let nodes = [keyword("via", "w1"), wait("w1", "1h", "w2"), wait("w2", "2h", "w3"), wait("w3", "0s", "m1"), message("m1", "Fatto", "")];
    let mut counter = Counter::open(&[flow("Fila", &nodes)]);
    counter.say("via");
    counter.pass(Span(Span::HOUR.times(3).0 - 1));
    assert!(counter.texts().is_empty(), "not a moment early");
    counter.pass(DAY);
    assert_eq!(
        counter.ledger.sent.iter().map(|sent| (sent.text.as_str(), sent.at)).collect::<Vec<_>>(),
        [("Fatto", MORNING + Span::HOUR.times(3))]
    );
}

#[test]
fn a_delay_across_a_clock_change_ends_when_the_wall_says_so_and_a_length_stays_a_length() {
    let eve: Time = "2026-10-24T10:00:00Z".parse().unwrap();
    let nodes = [
        keyword("via", "w1"),
        json!({"id": "w1", "kind": "wait", "until": {"time": "09:00"}, "exits": {"elapsed": "m1"}}),
        message("m1", "Buongiorno", ""),
    ];
    let length = [
        json!({"id": "k1", "kind": "keyword", "phrases": [{"text": "dopo", "match": "exact"}], "exits": {"next": "w1"}}),
        json!({"id": "w1", "kind": "wait", "for": "21h", "exits": {"elapsed": "m1"}}),
        message("m1", "Ventuno ore", ""),
    ];
    let mut counter = Counter::on(Store::memory().unwrap(), eve, &[flow("Mattina", &nodes), flow("Lunghezza", &length)]);
    counter.say("via");
    counter.say("dopo");
    counter.pass(DAY);
    let sent: Vec<_> = counter.ledger.sent.iter().map(|sent| (sent.text.as_str(), sent.at.to_string())).collect();
    assert_eq!(sent, [("Ventuno ore", "2026-10-25T07:00:00.000Z".to_owned()), ("Buongiorno", "2026-10-25T08:00:00.000Z".to_owned())]);
}

/// Disables or enables the first flow; its runs are woken as they are when a flow is enabled with its dates kept.
fn put(counter: &mut Counter, state: FlowState) {
    let id = counter.flows[0];
    let changed = counter.heart.change(|desk| {
        let mut head = flows::head(&desk.work, id)?.unwrap();
        head.state = state;
        desk.facts_changed = true;
        Ok(flows::put_head(&mut desk.work, &head)?)
    });
    changed.unwrap();
    if state == FlowState::Enabled {
        let live = counter.live();
        counter.heart.change(|desk| live.into_iter().try_for_each(|run| advance::wake_run(desk, run))).unwrap();
    }
}

/// Pauses everything, or ends that, as the settings do.
fn pause(counter: &mut Counter, paused: bool) {
    let live = counter.live();
    let changed = counter.heart.change(|desk| {
        let mut chosen = settings::get(&desk.work)?;
        chosen.paused = paused;
        desk.facts_changed = true;
        settings::put(&mut desk.work, &chosen)?;
        if paused { Ok(()) } else { live.into_iter().try_for_each(|run| advance::wake_run(desk, run)) }
    });
    changed.unwrap();
}

#[test]
fn a_callback_that_comes_while_everything_is_paused_is_read_when_the_pause_ends() {
    let nodes = [
        keyword("via", "w1"),
        json!({"id": "w1", "kind": "wait", "met": {"callback": true}, "exits": {"met": "m1"}}),
        message("m1", "Pagato {{ run.euro }}", ""),
    ];
    let mut counter = Counter::open(&[flow("Paga", &nodes)]);
    counter.say("via");
    pause(&mut counter, true);
    let (run, called) = (counter.live()[0].id, Event::Callback(Values::from([("euro".to_owned(), Value::Number(5.0))])));
    counter.heart.change(|desk| advance::happen(desk, run, &called)).unwrap();
    counter.pass(Span::HOUR);
    assert!(counter.texts().is_empty(), "everything is paused");
    pause(&mut counter, false);
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Pagato 5"]);
}

#[test]
fn a_handover_that_ends_while_its_flow_is_disabled_goes_on_when_the_flow_is_enabled() {
    let nodes = [keyword("via", "h1"), json!({"id": "h1", "kind": "handover", "exits": {"next": "m1"}}), message("m1", "Rieccomi", "")];
    let mut counter = Counter::open(&[flow("Passa", &nodes)]);
    counter.say("via");
    counter.echo("wamid.phone.1", "Ciao, sono Marta");
    put(&mut counter, FlowState::Disabled { since: MORNING });
    counter.pass(DAY);
    assert!(counter.texts().is_empty() && counter.record().handover.is_none(), "the person's hour is over, the flow's is not");
    put(&mut counter, FlowState::Enabled);
    counter.write("eccomi");
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Rieccomi"]);
}

#[test]
fn a_handover_without_an_end_is_over_when_that_of_another_flow_ends() {
    let brief = [json!({"id": "h1", "kind": "handover", "for": "1h"})];
    let mut brief = flow("Breve", &brief);
    brief["start"] = json!("h1");
    let open = [keyword("via", "h1"), json!({"id": "h1", "kind": "handover", "exits": {"next": "m1"}}), message("m1", "Rieccomi", "")];
    let mut counter = Counter::open(&[brief, flow("Aperta", &open)]);
    counter.say("via");
    counter.start_as(flusso::model::run::Origin::Operator(None), "breve");
    counter.pass(Span::MINUTE.times(59));
    assert!(counter.texts().is_empty());
    counter.pass(Span::HOUR);
    assert_eq!((counter.texts(), counter.live().len()), (vec!["Rieccomi"], 0), "nobody waits for a person who is gone");
}

#[test]
fn a_run_that_is_held_while_the_person_leaves_goes_on_when_it_is_resumed() {
    let open = [keyword("via", "h1"), json!({"id": "h1", "kind": "handover", "exits": {"next": "m1"}}), message("m1", "Rieccomi", "")];
    let mut counter = Counter::open(&[flow("Aperta", &open)]);
    counter.say("via");
    counter.echo("wamid.phone.1", "Ciao, sono Marta");
    let run = counter.live()[0].id;
    counter.heart.change(|desk| advance::happen(desk, run, &Event::Verb(Verb::Hold, By::System))).unwrap();
    counter.pass(Span::HOUR.times(3));
    counter.heart.change(|desk| advance::happen(desk, run, &Event::Verb(Verb::Resume, By::System))).unwrap();
    let live = counter.live();
    counter.heart.change(|desk| live.into_iter().try_for_each(|run| advance::wake_run(desk, run))).unwrap();
    counter.pass(Span::MINUTE);
    assert_eq!(counter.texts(), ["Rieccomi"]);
}

#[test]
fn a_delay_across_a_paused_flow_fires_once_when_the_flow_goes_on() {
    let nodes =
        [keyword("via", "w1"), json!({"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}}), message("m1", "Eccoci", "")];
    let mut counter = Counter::open(&[flow("Pausa", &nodes)]);
    counter.say("via");
    put(&mut counter, FlowState::Disabled { since: MORNING });
    counter.pass(Span::HOUR.times(5));
    assert!(counter.texts().is_empty());
    put(&mut counter, FlowState::Enabled);
    counter.pass(DAY);
    assert_eq!(counter.ledger.sent.iter().map(|sent| sent.at).collect::<Vec<_>>(), [MORNING + Span::HOUR.times(5)]);
}

/// The question waits half an hour, then is asked about once.
fn question() -> serde_json::Value {
    flow(
        "Domanda",
        &[
            keyword("ciao", "m1"),
            message("m1", "Come ti chiami?", "w1"),
            json!({"id": "w1", "kind": "wait", "for": "30m", "reply": {"save": "contact.fields.nome"}, "exits": {"elapsed": "m2", "replied": "m3"}}),
            message("m2", "Ci sei?", ""),
            message("m3", "Grazie", ""),
        ],
    )
}

#[test]
fn an_operator_who_writes_from_the_phone_during_a_wait_mutes_the_flow_which_asks_nothing_again_and_resumes_on_time() {
    let mut counter = Counter::open(&[question()]);
    counter.say("ciao");
    counter.pass(Span::MINUTE.times(10));
    counter.echo("wamid.phone.1", "Ciao Anna, sono Marta");
    counter.pass(Span::MINUTE.times(10));
    counter.say("piacere!");
    assert_eq!(counter.texts(), ["Come ti chiami?"], "the answer is the person's");
    counter.pass(Span(Span::MINUTE.times(50).0 - 1));
    assert_eq!(counter.texts(), ["Come ti chiami?"], "an hour of silence");
    counter.pass(DAY);
    assert_eq!(counter.since(1), ["Ci sei?"], "what fell due goes out once, and the question not again");
    assert_eq!(counter.ledger.sent[1].at, MORNING + Span::MINUTE.times(70));
}

#[test]
fn an_echo_of_our_own_send_mutes_nothing() {
    let mut counter = Counter::open(&[question()]);
    counter.say("ciao");
    counter.echo("wamid.out.1", "Come ti chiami?");
    counter.say("Anna");
    assert_eq!(counter.texts(), ["Come ti chiami?", "Grazie"]);
}

#[test]
fn an_answer_of_a_call_that_comes_while_an_operator_writes_is_read_when_the_silence_ends() {
    let nodes = [
        keyword("ordine", "a1"),
        json!({"id": "a1", "kind": "api", "method": "GET", "url": "https://shop.example.com/", "save": [{"path": "$.status", "to": "run.s"}],
            "exits": {"ok": "m1", "failed": "m1", "timed_out": "m1"}}),
        message("m1", "Stato: {{ run.s }}", ""),
    ];
    let mut counter = Counter::open(&[flow("Ordine", &nodes)]);
    counter.write("ordine");
    counter.echo("wamid.phone.1", "Guardo subito");
    counter.pass(Span::MINUTE.times(59));
    assert!(counter.texts().is_empty() && counter.ledger.calls.len() == 1);
    counter.pass(Span::MINUTE.times(2));
    assert_eq!(counter.texts(), ["Stato: shipped"]);
    assert_eq!(counter.live().len(), 0, "nobody is stuck: {ANNA}");
}

#[test]
fn a_tag_that_is_set_while_an_operator_writes_moves_the_flow_when_the_silence_ends() {
    let nodes = [
        keyword("via", "w1"),
        json!({"id": "w1", "kind": "wait", "met": {"tag": "pagato"}, "exits": {"met": "m1"}}),
        message("m1", "Pagato, grazie", ""),
    ];
    let mut counter = Counter::open(&[flow("Paga", &nodes)]);
    counter.say("via");
    counter.echo("wamid.phone.1", "Un attimo");
    counter.change(|anna| _ = anna.tags.insert("pagato".to_owned()));
    let run = counter.live()[0].id;
    let told = Event::ContactChanged;
    counter.heart.change(|desk| advance::happen(desk, run, &told)).unwrap();
    counter.pass(Span::MINUTE.times(59));
    assert!(counter.texts().is_empty(), "flows are silent");
    counter.pass(Span::MINUTE.times(2));
    assert_eq!(counter.texts(), ["Pagato, grazie"]);
}

#[test]
fn an_answer_and_the_end_of_the_wait_in_the_same_millisecond_are_one_outcome_that_of_who_came_first() {
    let nodes = [
        keyword("via", "w1"),
        json!({"id": "w1", "kind": "wait", "for": "1h", "reply": {}, "exits": {"elapsed": "m1", "replied": "m2"}}),
        message("m1", "Scaduto", ""),
        message("m2", "Risposto", ""),
    ];
    for (answer_first, outcome) in [(true, "Risposto"), (false, "Scaduto")] {
        let mut counter = Counter::open(&[flow("Gara", &nodes)]);
        counter.say("via");
        counter.pass(Span(Span::HOUR.0 - 1));
        counter.heart.now = MORNING + Span::HOUR;
        if !answer_first {
            counter.pass(Span(0));
        }
        counter.say("eccomi");
        counter.pass(DAY);
        assert_eq!(counter.texts(), [outcome]);
        assert!(counter.live().is_empty());
    }
}
