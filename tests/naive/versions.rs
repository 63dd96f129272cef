//! Versions: while people wait, the flow is saved again and again with random edits. A list of (version, node) says where each must be.

use flusso::base::address::ChannelKind;
use flusso::base::id::RunId;
use flusso::executor::Executor;
use flusso::executor::control::flow_runs::{Running, Way, standing};
use flusso::executor::control::flows::SaveAs;
use flusso::executor::control::runs::{ContactRef, StartRequest};
use flusso::model::action::{ActionId, Verb};
use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run::{EndedAs, Origin, Phase, RunState};
use flusso::model::value::Values;
use flusso::store::seal::SealKey;
use flusso::store::{Store, runs};
use proptest::prelude::*;
use serde_json::{Map, json};
use std::collections::BTreeMap;

const NODES: usize = 5;
const PEOPLE: usize = 12;

/// What a node is in one version: absent, a wait, or a handover.
type Shape = [u8; NODES];

#[derive(Clone, Debug)]
struct Save {
    shape: Shape,
    running: u8,
    /// Where those at each node go: where all go, out, or to this node.
    ways: [Option<Option<usize>>; NODES],
}

fn name(index: usize) -> String {
    format!("n{index}")
}

fn flow(shape: &Shape) -> Flow {
    let mut nodes = vec![
        json!({"id": "k", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "fine"}}),
        json!({"id": "fine", "kind": "wait", "for": "300d"}),
    ];
    for (index, kind) in shape.iter().enumerate() {
        match kind {
            1 => nodes.push(json!({"id": name(index), "kind": "wait", "for": "300d", "exits": {"elapsed": "fine"}})),
            2 => nodes.push(json!({"id": name(index), "kind": "handover", "for": "200d", "exits": {"next": "fine"}})),
            _ => {}
        }
    }
    document::read(&json!({"flusso": 1, "name": "Corso", "nodes": nodes})).unwrap()
}

/// Where one person is: the version and the node; nobody is nowhere.
type Place = Option<(u32, String)>;

/// What the list says a save does to somebody.
fn by_hand(place: &Place, save: &Save, version: u32, shapes: &[Shape]) -> Place {
    let (old, node) = place.clone()?;
    let kind = |shape: &Shape| match node.as_str() {
        "fine" => 1,
        other => shape[other[1..].parse::<usize>().unwrap()],
    };
    match save.running {
        0 => {
            let stays = kind(&shapes[old as usize - 1]) == kind(&save.shape);
            let way = if node == "fine" { None } else { save.ways[node[1..].parse::<usize>().unwrap()] };
            match way {
                Some(None) => None,
                Some(Some(to)) if save.shape[to] > 0 => Some((version, name(to))),
                None if stays => Some((version, node)),
                _ => Some((old, node)),
            }
        }
        1 => Some((old, node)),
        _ => None,
    }
}

fn ways(save: &Save) -> BTreeMap<NodeId, Way> {
    let way = |to: &Option<usize>| to.map_or(Way::Stop, |to| Way::To(NodeId(name(to))));
    save.ways.iter().enumerate().filter_map(|(index, to)| Some((NodeId(name(index)), way(to.as_ref()?)))).collect()
}

async fn play(first: Shape, places: &[usize], saves: &[Save]) -> Result<(), TestCaseError> {
    let (executor, _tasks) = Executor::start(Store::memory().unwrap(), SealKey::new([7; 32])).await.unwrap();
    let channel = executor.create_channel(By::System, ChannelKind::Simulator, "Sim", Map::new()).await.unwrap().id;
    let id = executor.create_flow(By::System, flow(&first), true).await.unwrap().id;
    let mut people: Vec<(RunId, Place)> = Vec::new();
    for (person, place) in places.iter().enumerate() {
        let contact = ContactRef::At { channel, address: format!("persona {person}"), name: None };
        let request = StartRequest { flow: id, contact, variables: Values::new(), origin: Origin::Api };
        let run = executor.start_run(By::System, request).await.unwrap().run.unwrap();
        let node = if first[*place] > 0 { name(*place) } else { "fine".to_owned() };
        executor.run_verb(By::System, run, Verb::Jump(NodeId(node.clone()))).await.unwrap();
        people.push((run, Some((1, node))));
    }
    let mut shapes = vec![first];
    for save in saves {
        let running = [Running::Move, Running::Finish, Running::Stop][usize::from(save.running)];
        let how = SaveAs { running, ways: ways(save), ..SaveAs::default() };
        let version = executor.save_flow_with(By::System, id, flow(&save.shape), how).await.unwrap().version;
        prop_assert_eq!(version as usize, shapes.len() + 1);
        for (run, place) in &mut people {
            *place = by_hand(place, save, version, &shapes);
            let run = runs::get(&executor.view().unwrap(), *run).unwrap().unwrap();
            let really = (!run.is_over()).then(|| (run.version, standing(&run).unwrap().0.clone()));
            prop_assert_eq!(&really, &*place);
        }
        shapes.push(save.shape);
    }
    nobody_is_stranded(&executor, &people).await
}

/// Each goes on to its end through the version it is in.
async fn nobody_is_stranded(executor: &Executor, people: &[(RunId, Place)]) -> Result<(), TestCaseError> {
    for (id, _) in people {
        for _ in 0..3 {
            let run = runs::get(&executor.view().unwrap(), *id).unwrap().unwrap();
            let Some(node) = standing(&run) else { break };
            // Who was sent to a node while with a person stands before it.
            let visit = run.visits.get(node).copied().unwrap_or(0) + u32::from(matches!(run.phase, Phase::Ready(_)));
            let action = ActionId { node: node.clone(), visit };
            executor.run_verb(By::System, *id, Verb::SendNow(action)).await.unwrap();
        }
        let run = runs::get(&executor.view().unwrap(), *id).unwrap().unwrap();
        prop_assert!(matches!(run.state, RunState::Ended { how: EndedAs::Finished | EndedAs::Stopped, .. }), "{:?}", run.state);
    }
    Ok(())
}

fn shape() -> impl Strategy<Value = Shape> {
    prop::array::uniform5(prop_oneof![1 => Just(0u8), 3 => Just(1), 2 => Just(2)])
}

fn save() -> impl Strategy<Value = Save> {
    let running = prop_oneof![6 => Just(0u8), 2 => Just(1), 1 => Just(2)];
    let way = prop::option::of(prop::option::of(0..NODES));
    (shape(), running, prop::array::uniform5(way)).prop_map(|(shape, running, ways)| Save { shape, running, ways })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everybody_is_where_the_list_says_after_every_save(first in shape(), places in prop::collection::vec(0..NODES, PEOPLE), saves in prop::collection::vec(save(), 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(first, &places, &saves))?;
    }
}
