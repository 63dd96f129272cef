//! Flows as they are changed, copied, and played beside the editor.

use super::counter::{Counter, flow, keyword, message};
use crate::kit::heart::DAY;
use flusso::base::address::ChannelKind;
use flusso::base::id::{ChannelId, FlowId, RunId};
use flusso::base::time::Span;
use flusso::engine::keyword::fold;
use flusso::engine::talk::{Library, play};
use flusso::executor::control::flow_runs::{Running as Inside, Way, standing};
use flusso::executor::control::flows::SaveAs;
use flusso::executor::control::runs::{ContactRef, StartRequest};
use flusso::executor::refusal::Refusal;
use flusso::executor::{Executor, Running};
use flusso::model::action::{ActionId, Verb};
use flusso::model::document;
use flusso::model::flow::{Flow, FlowState};
use flusso::model::label::Label;
use flusso::model::node::{NodeId, NodeKind, Operator, Rule};
use flusso::model::operator::By;
use flusso::model::run::{Origin, Run, RunState};
use flusso::model::segment::Segment;
use flusso::model::value::{Value, Values};
use flusso::store::seal::SealKey;
use flusso::store::{Store, flows, runs};
use futures_util::future::join_all;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

fn read(document: &Json) -> Flow {
    document::read(document).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn id(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

/// An appliance in memory with a simulator.
async fn appliance() -> (Executor, ChannelId, Running) {
    let (executor, running) = Executor::start(Store::memory().unwrap(), SealKey::new([7; 32])).await.unwrap();
    let channel = executor.create_channel(By::System, ChannelKind::Simulator, "Sim", Map::new()).await.unwrap();
    (executor, channel.id, running)
}

fn version_of(run: &Run) -> (u32, Option<String>) {
    (run.version, standing(run).map(|node| node.0.clone()))
}

#[tokio::test]
async fn a_duplicate_has_no_keyword_no_file_is_disabled_and_has_a_new_token() {
    let (executor, _, _running) = appliance().await;
    let file = json!([{"kind": "document", "file": "7"}]);
    let sends = json!({"id": "m1", "kind": "message", "text": "Ecco", "attachments": file, "exits": {"next": "w1"}});
    let original = flow("Listino", &[keyword("listino", "m1"), sends, json!({"id": "w1", "kind": "wait", "for": "1h"})]);
    let made = executor.create_draft(By::System, read(&original)).await.unwrap();
    let copied = executor.copy_flow(By::System, made).await.unwrap();
    let view = executor.view().unwrap();
    let (old, new) = (flows::head(&view, made).unwrap().unwrap(), flows::head(&view, copied.id).unwrap().unwrap());
    assert!(matches!(new.state, FlowState::Disabled { .. }));
    assert_ne!(old.start_token, new.start_token);
    assert_ne!(old.name, new.name);
    let draft = flows::draft(&view, copied.id).unwrap().unwrap();
    for node in &draft.nodes {
        match &node.kind {
            NodeKind::Keyword(keyword) => assert!(keyword.phrases.is_empty()),
            NodeKind::Message(message) => assert!(message.attachments.iter().all(|attachment| attachment.file.is_none())),
            NodeKind::Wait(_) => {}
            other => panic!("{other:?}"),
        }
    }
    let mut missing: Vec<&str> = copied.missing.iter().map(|(_, what)| *what).collect();
    missing.sort_unstable();
    assert_eq!(missing, ["file", "phrases", "token"], "and it says so");
}

fn course(nodes: &[&str]) -> Json {
    let mut list = vec![keyword("corso", nodes[0])];
    for (index, name) in nodes.iter().enumerate() {
        list.push(json!({"id": name, "kind": "wait", "for": "30d", "exits": {"elapsed": nodes.get(index + 1)}}));
    }
    flow("Corso", &list)
}

async fn thousand(executor: &Executor, flow: FlowId, channel: ChannelId) -> Vec<RunId> {
    let start = |person: usize| {
        let contact = ContactRef::At { channel, address: format!("persona {person}"), name: None };
        let request = StartRequest { flow, contact, variables: Values::new(), origin: Origin::Operator(None) };
        executor.start_run(By::System, request)
    };
    let mut people = Vec::with_capacity(1000);
    for hundred in 0..10 {
        let begun = join_all((0..100).map(|person| start(hundred * 100 + person))).await;
        people.extend(begun.into_iter().map(|started| started.unwrap().run.unwrap()));
    }
    people
}

async fn act(executor: &Executor, deeds: impl Iterator<Item = (RunId, Verb)>) {
    for (run, verb) in deeds {
        executor.run_verb(By::System, run, verb).await.unwrap();
    }
}

#[tokio::test]
async fn an_edit_with_a_thousand_people_inside_keeps_and_moves_and_a_node_deleted_under_a_waiting_run_strands_nobody() {
    let (executor, channel, _running) = appliance().await;
    let flow = executor.create_flow(By::System, read(&course(&["w1", "w2", "w3"])), true).await.unwrap().id;
    let people = thousand(&executor, flow, channel).await;
    act(&executor, people[..400].iter().map(|run| (*run, Verb::Jump(id("w2"))))).await;
    act(&executor, people[400..500].iter().map(|run| (*run, Verb::Jump(id("w3"))))).await;
    let count = |executor: &Executor| {
        let mut counts: BTreeMap<(u32, Option<String>), usize> = BTreeMap::new();
        for run in runs::live_of_flow(&executor.view().unwrap(), flow, None, usize::MAX).unwrap() {
            *counts.entry(version_of(&run)).or_default() += 1;
        }
        counts.into_iter().map(|((version, node), count)| (version, node.unwrap(), count)).collect::<Vec<_>>()
    };
    let place = |version: u32, node: &str, count: usize| (version, node.to_owned(), count);
    executor.save_flow(By::System, flow, read(&course(&["w1", "w3", "w4"])), Inside::Move).await.unwrap();
    assert_eq!(count(&executor), [place(1, "w2", 400), place(2, "w1", 500), place(2, "w3", 100)], "w2 is gone: they finish on theirs");
    let ways = BTreeMap::from([(id("w2"), Way::To(id("w4"))), (id("w3"), Way::Stop)]);
    let how = SaveAs { ways, ..SaveAs::default() };
    executor.save_flow_with(By::System, flow, read(&course(&["w1", "w4"])), how).await.unwrap();
    assert_eq!(count(&executor), [place(3, "w1", 500), place(3, "w4", 400)], "each goes where it was sent");
    executor.save_flow(By::System, flow, read(&course(&["w5"])), Inside::Finish).await.unwrap();
    let left = runs::live_of_flow(&executor.view().unwrap(), flow, None, usize::MAX).unwrap();
    let on = |run: &Run| ActionId { node: standing(run).unwrap().clone(), visit: run.visits[standing(run).unwrap()] };
    act(&executor, left.iter().map(|run| (run.id, Verb::SendNow(on(run))))).await;
    let view = executor.view().unwrap();
    let broken = |run: &&Run| {
        matches!(&runs::get(&view, run.id).unwrap().unwrap().state, RunState::Ended { how: flusso::model::run::EndedAs::Failed, .. })
    };
    assert_eq!(left.iter().filter(broken).count(), 0, "the node a run stands at is in its version");
    executor.save_flow(By::System, flow, read(&course(&["w6"])), Inside::Stop).await.unwrap();
    assert!(count(&executor).is_empty());
}

/// What comes in, line by line, as a talk writes it.
const SCRIPTS: [&str; 4] = [
    "> keyword \"via\"\nwake in 30m\nwake in 3h\n",
    "> keyword \"via\"\nwake in 10m\n> \"sì\"\nwake in 1d\n",
    "> keyword \"via\"\n> \"boh\"\n> \"7\"\nwake in 2h\nwake in 1d\n",
    "> keyword \"via\"\nwake in 20m\n> \"boh\"\n> \"mah\"\n> \"uffa\"\nwake in 1d\n",
];

fn played_flows() -> Vec<Json> {
    let number = json!({"id": "w1", "kind": "wait", "for": "1h", "reply": {"check": "number", "save": "contact.fields.n", "retry": {"times": 2, "text": "Un numero?"}},
        "exits": {"elapsed": "m2", "replied": "c1", "invalid": "m3"}});
    let branch = json!({"id": "c1", "kind": "condition", "branches": [{"exit": "tanti", "all": [{"value": "contact.fields.n", "op": "gt", "to": 5}]}],
        "exits": {"tanti": "m4", "else": "m3"}});
    let night = json!({"id": "w2", "kind": "wait", "until": {"time": "08:30"}, "exits": {"elapsed": "m5"}});
    let one = flow(
        "Uno",
        &[
            keyword("via", "m1"),
            message("m1", "Quanti?", "w1"),
            number,
            branch,
            message("m2", "Ci sei?", "w2"),
            night,
            message("m3", "Fa niente", ""),
            message("m4", "Sono {{ contact.fields.n }}!", "w2"),
            message("m5", "Buongiorno", ""),
        ],
    );
    let burst = json!({"id": "w1", "kind": "wait", "for": "1h", "reply": {"burst": "4s", "save": "run.a"}, "exits": {"elapsed": "m2", "replied": "m3"}});
    let two = flow(
        "Due",
        &[
            keyword("via", "s1"),
            json!({"id": "s1", "kind": "save", "increment": [{"field": "contact.fields.volte", "by": 1}], "exits": {"next": "m1"}}),
            message("m1", "Volta {{ contact.fields.volte }}: dimmi", "w1"),
            burst,
            message("m2", "Ancora niente", ""),
            message("m3", "Ho letto: {{ run.a }}", ""),
        ],
    );
    vec![one, two]
}

fn trigger(flow: &Flow, text: &str) -> Option<NodeId> {
    let starts = |kind: &NodeKind| matches!(kind, NodeKind::Keyword(keyword) if keyword.phrases.iter().any(|phrase| fold(&phrase.text) == fold(text)));
    flow.nodes.iter().find(|node| starts(&node.kind)).map(|node| node.id.clone())
}

/// The texts that a talk says are sent.
fn simulated(flow: &Flow, script: &str) -> Vec<String> {
    let load = |path: &str| -> Result<Flow, String> { Err(path.to_owned()) };
    let library = Library { flow: Some(flow), load: &load, trigger: &trigger };
    let talk = format!("channel whatsapp\nat {}\n{script}", crate::kit::heart::MORNING);
    let played = play(&talk, &library).unwrap();
    let sent = played.lines().filter_map(|line| line.strip_prefix("< send "));
    sent.map(|text| serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))).collect()
}

/// The texts that the provider gets of the same script.
fn real(document: &Json, script: &str) -> Vec<String> {
    let mut counter = Counter::open(std::slice::from_ref(document));
    for line in script.lines() {
        match line.strip_prefix("> ") {
            Some(said) => counter.say(&serde_json::from_str::<String>(said.trim_start_matches("keyword ")).unwrap()),
            None => counter.pass(line.strip_prefix("wake in ").unwrap().parse::<Span>().unwrap()),
        }
    }
    counter.texts().into_iter().map(str::to_owned).collect()
}

#[test]
fn the_simulators_result_equals_the_real_one_on_the_same_script() {
    for document in played_flows() {
        for script in SCRIPTS {
            let (simulated, real) = (simulated(&read(&document), script), real(&document, script));
            assert!(!real.is_empty());
            assert_eq!(simulated, real, "{} on\n{script}", document["name"]);
        }
    }
}

fn names_a_field() -> Json {
    flow(
        "Campo",
        &[
            keyword("via", "w1"),
            json!({"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "c1"}}),
            json!({"id": "c1", "kind": "condition", "branches": [{"exit": "sì", "all": [{"value": "contact.tags", "op": "has", "to": "vip"}]}],
            "exits": {"sì": "m1", "else": "m2"}}),
            message("m1", "Caro {{ contact.fields.titolo }}", ""),
            message("m2", "Ciao{{ contact.fields.titolo }}", ""),
        ],
    )
}

#[test]
fn a_tag_or_field_that_a_flow_uses_and_that_is_taken_away_fails_no_run() {
    let mut counter = Counter::open(&[names_a_field()]);
    counter.say("via");
    counter.change(|anna| {
        anna.tags.insert("vip".to_owned());
        anna.fields.insert("titolo".to_owned(), "dottoressa".into());
    });
    counter.change(|anna| {
        anna.tags.clear();
        anna.fields.clear();
    });
    counter.pass(DAY);
    assert_eq!(counter.texts(), ["Ciao"]);
    assert!(counter.all().iter().all(|run| matches!(run.state, RunState::Ended { how: flusso::model::run::EndedAs::Finished, .. })));
}

#[tokio::test]
async fn deleting_a_tag_a_field_or_a_segment_that_a_flow_uses_is_refused_and_names_it() {
    let (executor, _channel, _running) = appliance().await;
    executor.create_flow(By::System, read(&names_a_field()), true).await.unwrap();
    let segment = Segment { name: "oro".to_owned(), all: vec![vip()], any: Vec::new() };
    executor.put_segment(By::System, segment, true).await.unwrap();
    for label in [Label::Tag("vip".to_owned()), Label::Field("titolo".to_owned())] {
        let uses = executor.uses_of(label.clone()).await.unwrap();
        assert!(!uses.is_empty(), "{label:?}");
        let refused = executor.remove_label(By::System, label.clone(), false).await;
        assert!(matches!(refused, Err(Refusal::Conflict(_))), "{label:?}: {refused:?}");
        executor.remove_label(By::System, label, true).await.expect("somebody who was told may");
    }
    let unused = Label::Tag("mai visto".to_owned());
    assert!(executor.uses_of(unused.clone()).await.unwrap().is_empty());
    executor.remove_label(By::System, unused, false).await.expect("what nothing uses goes at once");
    executor.delete_segment(By::System, "oro".to_owned(), false).await.expect("no flow starts for it");
}

fn vip() -> Rule {
    Rule { value: "contact.tags".to_owned(), op: Operator::Has, to: Some(Value::text("vip")) }
}

#[tokio::test]
async fn a_variable_that_nobody_sets_and_a_flow_that_is_gone_are_flagged_at_save() {
    let (executor, channel, _running) = appliance().await;
    let target = executor.create_flow(By::System, read(&course(&["w1"])), true).await.unwrap().id;
    let launches = flow(
        "Lancia",
        &[
            keyword("lancia", "l1"),
            json!({"id": "l1", "kind": "launch", "flow": "Corso", "exits": {"next": "m1"}}),
            message("m1", "{{ run.x }}", ""),
        ],
    );
    let saved = executor.create_flow(By::System, read(&launches), true).await.unwrap();
    assert!(saved.warnings.iter().any(|problem| problem.fault.to_string().contains("run.x")), "{:?}", saved.warnings);
    executor.bin_flow(By::System, target).await.unwrap();
    let again = executor.save_flow(By::System, saved.id, read(&launches), Inside::Move).await;
    let flagged = match &again {
        Ok(saved) => saved.warnings.iter().any(|problem| problem.fault.to_string().contains("Corso")),
        Err(refusal) => format!("{refusal:?}").contains("Corso"),
    };
    assert!(flagged, "what a flow names must be there: {again:?}");
    let contact = ContactRef::At { channel, address: "anna".to_owned(), name: None };
    let request = StartRequest { flow: saved.id, contact, variables: Values::new(), origin: Origin::Api };
    let run = executor.start_run(By::System, request).await.unwrap().run.unwrap();
    let run = runs::get(&executor.view().unwrap(), run).unwrap().unwrap();
    assert!(matches!(run.state, RunState::Ended { how: flusso::model::run::EndedAs::Finished, .. }), "{:?}", run.state);
}

#[tokio::test]
async fn a_flow_comes_out_of_the_bin_disabled_and_without_the_phrases_taken_meanwhile_which_are_told() {
    let (executor, _channel, _running) = appliance().await;
    let phrases = json!([{"text": "listino", "match": "exact"}, {"text": "prezzi", "match": "exact"}]);
    let nodes = [json!({"id": "k1", "kind": "keyword", "phrases": phrases, "exits": {"next": "m1"}}), message("m1", "Ecco", "")];
    let old = executor.create_flow(By::System, read(&flow("Listino", &nodes)), true).await.unwrap().id;
    let taker = flow("Nuovo listino", &[keyword("Listino!", "m1"), message("m1", "Eccolo", "")]);
    assert!(executor.create_flow(By::System, read(&taker), true).await.is_err(), "the phrase has an owner");
    executor.bin_flow(By::System, old).await.unwrap();
    executor.create_flow(By::System, read(&taker), true).await.expect("the bin frees phrases at once");
    let lost = executor.restore_flow(By::System, old).await.unwrap();
    assert!(lost.len() == 1 && lost[0].contains("listino"), "{lost:?}");
    let view = executor.view().unwrap();
    let head = flows::head(&view, old).unwrap().unwrap();
    assert!(matches!(head.state, FlowState::Disabled { .. }), "{:?}", head.state);
    let saved = flows::version(&view, old, head.version).unwrap().unwrap().document;
    let NodeKind::Keyword(left) = &saved.nodes[0].kind else { panic!("a keyword") };
    assert_eq!(left.phrases.iter().map(|phrase| phrase.text.as_str()).collect::<Vec<_>>(), ["prezzi"]);
    drop(view);
    executor.bin_flow(By::System, old).await.unwrap();
    executor.purge_flow(By::System, old).await.unwrap();
    assert!(flows::head(&executor.view().unwrap(), old).unwrap().is_none(), "and it can go for good at once");
}
