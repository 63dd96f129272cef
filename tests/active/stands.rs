//! One table: each verb on the action that is pending and on one that is forecast. It is done, read again, the program dies and starts
//! again, and the time comes: what was changed stands, and the message goes out once or not at all, as promised.

use super::{Scene, person};
use crate::kit::appliance::Appliance;
use crate::kit::heart::{MORNING, says};
use flusso::base::time::{Span, Time};
use flusso::model::action::{Action, ActionId, Verb};
use flusso::model::node::NodeId;
use serde_json::{Value, json};

/// Three messages, each two hours after the one before: "m1" is pending, "m2" is forecast.
const FLOW: &str = r#"{"flusso": 1, "name": "Seguito", "start": "w1", "nodes": [
    {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
    {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m2"}},
    {"id": "m2", "kind": "message", "text": "Due", "exits": {"next": "w3"}},
    {"id": "w3", "kind": "wait", "for": "2h", "exits": {"elapsed": "m3"}},
    {"id": "m3", "kind": "message", "text": "Tre"}]}"#;

/// What a person does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    SendNow,
    Skip,
    Remove,
    /// To so many hours after the start.
    Move(i64),
    /// The same, and those after it keep their time.
    MoveOnly(i64),
    Rewrite,
    Hold,
    Release,
    Undo,
}

use Deed::*;

/// On which action, what is done one after the other, and what goes out so many hours after the start.
type Row = (&'static str, &'static [Deed], &'static [(i64, &'static str)]);

const TABLE: [Row; 22] = [
    ("m1", &[SendNow], &[(0, "Uno"), (2, "Due"), (4, "Tre")]),
    ("m1", &[Skip], &[(2, "Due"), (4, "Tre")]),
    ("m1", &[Remove], &[(4, "Due"), (6, "Tre")]),
    ("m1", &[Move(3)], &[(3, "Uno"), (5, "Due"), (7, "Tre")]),
    ("m1", &[Move(1)], &[(1, "Uno"), (3, "Due"), (5, "Tre")]),
    ("m1", &[MoveOnly(3)], &[(3, "Uno"), (4, "Due"), (6, "Tre")]),
    ("m1", &[Rewrite], &[(2, "Altro"), (4, "Due"), (6, "Tre")]),
    ("m1", &[Hold], &[]),
    ("m1", &[Hold, Release], &[(2, "Uno"), (4, "Due"), (6, "Tre")]),
    ("m1", &[Move(5), Rewrite, Undo], &[(2, "Uno"), (4, "Due"), (6, "Tre")]),
    ("m1", &[Remove, SendNow], &[(0, "Uno"), (2, "Due"), (4, "Tre")]),
    ("m2", &[SendNow], &[(0, "Due"), (2, "Tre")]),
    ("m2", &[Rewrite, Hold, SendNow], &[(0, "Altro"), (2, "Tre")]),
    ("m2", &[Skip], &[(2, "Uno"), (4, "Tre")]),
    ("m2", &[Remove], &[(2, "Uno"), (6, "Tre")]),
    ("m2", &[Move(5)], &[(2, "Uno"), (5, "Due"), (7, "Tre")]),
    ("m2", &[Move(3)], &[(2, "Uno"), (3, "Due"), (5, "Tre")]),
    ("m2", &[MoveOnly(5)], &[(2, "Uno"), (5, "Due"), (6, "Tre")]),
    ("m2", &[Rewrite], &[(2, "Uno"), (4, "Altro"), (6, "Tre")]),
    ("m2", &[Hold], &[(2, "Uno")]),
    ("m2", &[Hold, Release], &[(2, "Uno"), (4, "Due"), (6, "Tre")]),
    ("m2", &[Remove, Undo], &[(2, "Uno"), (4, "Due"), (6, "Tre")]),
];

/// After this many hours everything that was to go out has gone.
const HOURS: i64 = 9;

fn verb(deed: Deed, node: &str) -> Verb {
    let action = ActionId { node: NodeId(node.to_owned()), visit: 1 };
    let due = |hours| MORNING + Span::HOUR.times(hours);
    match deed {
        SendNow => Verb::SendNow(action),
        Skip => Verb::Skip(action),
        Remove => Verb::Remove(action),
        Move(hours) => Verb::Move { action, due: due(hours), following_keep: false },
        MoveOnly(hours) => Verb::Move { action, due: due(hours), following_keep: true },
        Rewrite => Verb::Rewrite(action, "Altro".to_owned()),
        Hold => Verb::HoldAction(action),
        Release => Verb::ReleaseAction(action),
        Undo => Verb::Undo(action),
    }
}

/// What a page would show: everything the run has before it.
fn ahead(scene: &Scene) -> Vec<Action> {
    let view = scene.heart.reader.view().unwrap();
    let Some(run) = scene.live().into_iter().next() else { return Vec::new() };
    let contact = flusso::store::contacts::get(&view, run.contact).unwrap().unwrap();
    flusso::executor::advance::forecast(&view, &scene.heart.facts, &run, &contact, scene.heart.now).unwrap()
}

#[test]
fn each_verb_stands_through_a_crash_and_its_message_goes_out_once_or_not_at_all() {
    for (node, deeds, expected) in TABLE {
        let mut scene = Scene::new(FLOW);
        scene.heart.webhook(&says(&person(1), MORNING, &[("wamid.1", "salve")])).unwrap();
        scene.start(&[person(1)]);
        let run = scene.live()[0].id;
        for deed in deeds {
            assert!(scene.verb(run, verb(*deed, node)), "{deed:?} of {deeds:?} on {node}");
            let shown = ahead(&scene);
            scene.crash();
            assert_eq!(ahead(&scene), shown, "{deed:?} of {deeds:?} on {node} shows otherwise after a crash");
        }
        let promised = promised(&ahead(&scene));
        for hour in 1..=HOURS {
            scene.pass(MORNING + Span::HOUR.times(hour));
            scene.crash();
        }
        let sent: Vec<(Time, &str)> = scene.ledger.sent.iter().map(|sent| (sent.at, sent.text.as_str())).collect();
        let wanted: Vec<_> = expected.iter().map(|(hours, text)| (MORNING + Span::HOUR.times(*hours), *text)).collect();
        assert_eq!(sent, wanted, "{deeds:?} on {node}");
        let later: Vec<_> = wanted.into_iter().filter(|(at, _)| *at > MORNING).map(|(at, text)| (at, text.to_owned())).collect();
        assert_eq!(promised, later, "{deeds:?} on {node}: the forecast promised otherwise");
    }
}

/// The messages of a forecast that will go out, up to the first that somebody holds.
fn promised(ahead: &[Action]) -> Vec<(Time, String)> {
    use flusso::model::action::ActionState::{Held, Removed, Skipped};
    let messages = ahead.iter().take_while(|action| action.state != Held).filter(|action| action.kind == "message");
    let kept = messages.filter(|action| ![Skipped, Removed].contains(&action.state));
    kept.map(|action| (action.due.unwrap(), action.text.clone())).collect()
}

/// The same by the HTTP API of the built binary.
fn ask(flusso: &Appliance, run: &str, node: &str, deed: Deed, begin: Time) {
    let path = format!("/runs/{run}/actions/{node}:1");
    let due = |hours| (begin + Span::HOUR.times(hours)).to_string();
    let (method, path, body) = match deed {
        SendNow => ("POST", format!("{path}/run"), Value::Null),
        Skip => ("POST", format!("{path}/skips"), Value::Null),
        Remove => ("DELETE", path, Value::Null),
        Move(hours) => ("PATCH", path, json!({"due": due(hours)})),
        MoveOnly(hours) => ("PATCH", path, json!({"due": due(hours), "following": "keep"})),
        Rewrite => ("PATCH", path, json!({"text": "Altro"})),
        Hold => ("PATCH", path, json!({"state": "held"})),
        Release => ("PATCH", path, json!({"state": "scheduled"})),
        Undo => ("DELETE", format!("{path}/changes"), Value::Null),
    };
    flusso.call(method, &path, &body).expect(200);
}

/// What the page of a run has before it.
fn shown(flusso: &Appliance, run: &str) -> Vec<Value> {
    let run = flusso.get(&format!("/runs/{run}")).expect(200);
    run["actions"].as_array().unwrap().iter().filter(|action| action["source"] != "done").cloned().collect()
}

#[test]
fn each_verb_stands_through_a_kill_of_the_built_binary() {
    let mut flusso = Appliance::start();
    let (channel, _) = flusso.simulator("Sim");
    let flow = flusso.call("POST", "/flows?enable=true", &serde_json::from_str(FLOW).unwrap()).expect(201)["id"].clone();
    let mut runs = Vec::new();
    for (row, (node, deeds, _)) in TABLE.iter().enumerate() {
        let body = json!({"contact": {"channel": channel, "address": format!("persona {row}")}});
        let started = flusso.call("POST", &format!("/flows/{}/runs", flow.as_str().unwrap()), &body).expect(202);
        let run = started["run"].as_str().unwrap().to_owned();
        let due: Time = flusso.get(&format!("/runs/{run}")).expect(200)["due"].as_str().unwrap().parse().unwrap();
        deeds.iter().for_each(|deed| ask(&flusso, &run, node, *deed, due + Span(-Span::HOUR.times(2).0)));
        runs.push((shown(&flusso, &run), run));
    }
    flusso.kill_and_restart();
    for ((before, run), row) in runs.iter().zip(TABLE) {
        assert_eq!(&shown(&flusso, run), before, "{row:?} shows otherwise after the kill");
    }
    for _ in 0..2 * HOURS {
        let moved = flusso.ask("POST", "/test/clock", &[("Content-Type", "application/json")], br#"{"ahead": "30m"}"#);
        let now = moved.expect(200)["now"].as_str().unwrap().to_owned();
        flusso.wait_for(&format!("/runs?due_before={now}"), |page| page["items"].as_array().is_some_and(Vec::is_empty));
    }
    for ((_, run), (node, deeds, expected)) in runs.iter().zip(TABLE) {
        let contact = flusso.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
        let told = flusso.all(&format!("/messages?direction=out&contact={contact}"));
        let texts: Vec<&str> = told.iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(texts, expected.iter().map(|(_, text)| *text).collect::<Vec<_>>(), "{deeds:?} on {node}");
    }
}
