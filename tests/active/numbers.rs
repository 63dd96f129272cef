//! At every node arrived = went on + waiting + left, whatever happens; and the list knows every run at its place.

use super::{Scene, person};
use crate::kit::fake_provider::{button_reply, webhook};
use crate::kit::heart::says;
use flusso::base::id::{FlowId, Id, Shard};
use flusso::base::time::Span;
use flusso::executor::advance;
use flusso::model::action::{ActionId, Verb};
use flusso::model::document;
use flusso::model::event::Event;
use flusso::model::flow::FlowVersion;
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run::Run;
use flusso::store::run_list::{self, Spot, Stretch};
use flusso::store::{counters, flows, runs};
use proptest::prelude::*;
use std::collections::BTreeMap;

const FLOW: &str = r#"{"flusso": 1, "name": "Ciao", "reentry": "restart", "nodes": [
    {"id": "k", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
    {"id": "m1", "kind": "message", "text": "Eccomi", "buttons": [{"id": "yes", "title": "Sì"}], "exits": {"next": "w1", "yes": "m2"}},
    {"id": "w1", "kind": "wait", "for": "2h", "reply": {}, "exits": {"elapsed": "c1", "replied": "m2"}},
    {"id": "c1", "kind": "condition", "branches": [{"exit": "tagged", "all": [{"value": "contact.tags", "op": "has", "to": "x"}]}], "exits": {"tagged": "m1", "else": "m2"}},
    {"id": "m2", "kind": "message", "text": "Ancora qui?", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "3h", "exits": {"elapsed": "e"}},
    {"id": "e", "kind": "end", "goal": "fatto"}]}"#;

/// What may happen.
#[derive(Clone, Debug)]
enum Act {
    Says(usize, &'static str),
    Pass(i64),
    Verb(usize, u8, u8),
    Save,
    Crash,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..3_usize, prop_oneof![Just("ciao"), Just("Sì"), Just("boh")]).prop_map(|(who, text)| Act::Says(who, text)),
        3 => (1..150_i64).prop_map(Act::Pass),
        5 => (0..3_usize, 0..9_u8, 0..5_u8).prop_map(|(which, verb, node)| Act::Verb(which, verb, node)),
        1 => Just(Act::Save),
        1 => Just(Act::Crash),
    ]
}

fn verb(kind: u8, node: u8, run: &Run, scene: &Scene) -> Verb {
    let name = ["m1", "w1", "m2", "w2", "c1"][usize::from(node)];
    let action = ActionId { node: NodeId(name.to_owned()), visit: run.visits.get(&NodeId(name.to_owned())).copied().unwrap_or(0).max(1) };
    match kind {
        0 => Verb::Hold,
        1 => Verb::Resume,
        2 => Verb::Stop("Basta.".to_owned()),
        3 => Verb::Jump(NodeId(name.to_owned())),
        4 => Verb::Skip(action),
        5 => Verb::SendNow(action),
        6 => Verb::Remove(action),
        7 => Verb::Move { action, due: scene.heart.now + Span::HOUR, following_keep: false },
        _ => Verb::HoldAction(action),
    }
}

/// A save with people inside: version n+1 without the node w1, where those who stood there jump to w2.
fn save(scene: &mut Scene) {
    let flow = scene.flow;
    let head = flows::head(&scene.heart.reader.view().unwrap(), flow).unwrap().unwrap();
    let text = if head.version % 2 == 1 { FLOW.replace("\"w1\"", "\"w9\"") } else { FLOW.to_owned() };
    let document = document::read_text(&text).expect("a flow");
    let number = head.version + 1;
    scene
        .heart
        .change(|desk| {
            let saved = desk.now;
            flows::put_version(&mut desk.work, &FlowVersion { flow, number, saved, by: None, document: document.clone() })?;
            flows::put_head(&mut desk.work, &flusso::model::flow::FlowHead { version: number, ..head.clone() })?;
            for run in runs::live_of_flow(&desk.work, flow, None, 100)? {
                let stays = run.node().is_some_and(|node| document.node(node).is_some());
                let id = run.id;
                desk.put_run(&Run { version: number, ..run })?;
                if !stays {
                    advance::happen(desk, id, &Event::Verb(Verb::Jump(NodeId("w2".to_owned())), By::System))?;
                }
            }
            desk.facts_changed = true;
            Ok(())
        })
        .unwrap();
}

fn play(scene: &mut Scene, act: Act, number: usize) {
    match act {
        Act::Says(who, text) => {
            let body = says(&person(who), scene.heart.now, &[(&format!("wamid.{number}"), text)]);
            scene.heart.webhook(&body).unwrap();
        }
        Act::Pass(minutes) => scene.pass(scene.heart.now + Span::MINUTE.times(minutes)),
        Act::Verb(which, kind, node) => {
            let live = scene.live();
            let Some(run) = live.get(which % live.len().max(1)) else { return };
            let verb = verb(kind, node, run, scene);
            scene.verb(run.id, verb);
        }
        Act::Save => save(scene),
        Act::Crash => scene.crash(),
    }
}

fn adds_up(scene: &Scene) -> Result<(), TestCaseError> {
    let view = scene.heart.reader.view().unwrap();
    let live = scene.live();
    let mut standing: BTreeMap<NodeId, u64> = BTreeMap::new();
    for run in &live {
        *standing.entry(run.node().cloned().expect("a node")).or_default() += 1;
    }
    prop_assert_eq!(&counters::waiting(&view, scene.flow).unwrap(), &standing);
    for since in [None, Some(1)] {
        for (node, counts) in counters::of_flow(&view, scene.flow, since).unwrap() {
            let waiting = standing.get(&node).copied().unwrap_or(0);
            prop_assert_eq!(counts.arrived, counts.went_on() + waiting + counts.left, "{} {:?}", node, counts);
        }
    }
    let mut places: Vec<Spot> = live.iter().map(Spot::of).collect();
    places.sort_unstable();
    let all = Stretch { after: None, from: None, before: None };
    prop_assert_eq!(&run_list::all(&view, all, 1000).unwrap(), &places);
    prop_assert_eq!(&run_list::of_flow(&view, scene.flow, all, 1000).unwrap(), &places);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_the_numbers_of_every_node_add_up(acts in proptest::collection::vec(act(), 1..30)) {
        let mut scene = Scene::new(FLOW);
        for (number, act) in acts.into_iter().enumerate() {
            play(&mut scene, act, number);
            adds_up(&scene)?;
        }
    }
}

#[test]
fn a_press_goes_on_from_the_wait_and_is_told_at_the_message() {
    let mut scene = Scene::new(FLOW);
    for who in 0..3 {
        play(&mut scene, Act::Says(who, "ciao"), who);
    }
    scene.heart.pass(scene.heart.now + Span::MINUTE, &mut scene.ledger).unwrap();
    let run = scene.live()[0].id;
    let mut press = button_reply("wamid.press", &person(0), &format!("f1~{run}~1~m1~yes"), "Sì");
    press["timestamp"] = (scene.heart.now.0 / 1000).to_string().into();
    scene.heart.webhook(&webhook("1055", &[press], &[])).unwrap();
    scene.pass(scene.heart.now + Span::HOUR.times(2));
    let counted = counters::of_flow(&scene.heart.reader.view().unwrap(), scene.flow, None).unwrap();
    let of = |node: &str| counted[&NodeId(node.to_owned())].clone();
    assert_eq!((of("k").arrived, of("m1").arrived, of("w1").arrived, of("m2").arrived), (3, 3, 3, 3));
    assert_eq!((of("w1").exits["elapsed"], of("w1").exits["pressed"], of("m1").pressed["yes"]), (2, 1, 1));
    assert_eq!(of("m1").went_on(), 3, "a press is no second way on");
    assert_eq!(of("c1").exits["else"], 2);
}

#[test]
fn a_page_of_the_list_goes_on_where_the_last_one_ended() {
    let mut scene = Scene::new(FLOW);
    let people: Vec<String> = (0..7).map(person).collect();
    scene.start(&people);
    let view = scene.heart.reader.view().unwrap();
    let wanted = flusso::model::run_match::RunMatch { flow: Some(scene.flow), ..Default::default() };
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = flusso::executor::run_list::page(&view, &wanted, after.as_deref(), 3).unwrap();
        assert!(page.rows.len() == 3 || page.next.is_none());
        seen.extend(page.rows.iter().map(|(run, _)| run.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, scene.live().iter().map(|run| run.id).collect::<Vec<_>>());
    assert!(flusso::executor::run_list::page(&view, &wanted, Some("yesterday"), 3).is_err());
    let nobody = flusso::model::run_match::RunMatch { flow: Some(FlowId::new(Shard(0), 99)), ..Default::default() };
    assert!(flusso::executor::run_list::page(&view, &nobody, None, 3).unwrap().rows.is_empty());
}
