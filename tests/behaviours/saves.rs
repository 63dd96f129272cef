//! What a save, the bin and a restore do to those inside, and to what others changed or took meanwhile.

use super::counter::{flow as document_of, keyword, message};
use super::pauses::{WAITS, asked_and_gone, at_rest, finish, inside};
use flusso::base::id::FlowId;
use flusso::base::limits::TALKS_PER_FLOW_MAX;
use flusso::executor::control::channels::ChannelEdit;
use flusso::executor::control::flow_runs::{Overdue, Running, Way};
use flusso::executor::control::flows::SaveAs;
use flusso::executor::control::rehearsal::Red;
use flusso::executor::control::runs::{ContactRef, StartRequest};
use flusso::executor::refusal::Refusal;
use flusso::executor::{Executor, advance};
use flusso::model::contact::{Automations, Contact, Handover};
use flusso::model::document;
use flusso::model::flow::{Flow, FlowState, Talk};
use flusso::model::node::{MatchMode, NodeId, NodeKind, Phrase};
use flusso::model::operator::By;
use flusso::model::problem::Fault;
use flusso::model::reason::Reason;
use flusso::model::run::{Origin, Phase};
use flusso::model::value::Values;
use flusso::store::{contacts, flows, outbox, runs, timers};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

fn waits() -> Flow {
    document::read_text(WAITS).unwrap()
}

async fn begin(executor: &Executor, flow: FlowId, name: &str) {
    let channel = *executor.facts().channels.keys().next().unwrap();
    let contact = ContactRef::At { channel, address: name.to_owned(), name: None };
    let request = StartRequest { flow, contact, variables: Values::new(), origin: Origin::Api };
    executor.start_run(By::System, request).await.unwrap().run.expect("it began");
}

#[tokio::test]
async fn who_begins_on_the_new_version_is_not_stopped_by_the_save_that_made_it() {
    let (executor, _running, flow) = at_rest().await;
    asked_and_gone(&executor, executor.save_flow(By::System, flow, waits(), Running::Stop)).await;
    begin(&executor, flow, "bruno").await;
    finish(&executor).await;
    assert_eq!(inside(&executor, flow), [2]);
}

#[tokio::test]
async fn two_saves_close_together_put_nobody_back_to_the_older_version() {
    let (executor, _running, flow) = at_rest().await;
    asked_and_gone(&executor, executor.save_flow(By::System, flow, waits(), Running::Move)).await;
    executor.save_flow(By::System, flow, waits(), Running::Finish).await.unwrap();
    begin(&executor, flow, "bruno").await;
    finish(&executor).await;
    assert_eq!(inside(&executor, flow), [2, 3]);
}

fn said(executor: &Executor) -> usize {
    outbox::list(&executor.view().unwrap(), None, None, 10).unwrap().len()
}

async fn change_anna(executor: &Executor, change: impl FnOnce(&mut Contact) + Send + 'static) {
    let job = move |desk: &mut flusso::executor::desk::Desk| {
        let mut anna = contacts::list(&desk.work, None, 1)?.remove(0);
        change(&mut anna);
        contacts::put(&mut desk.work, &anna)?;
        advance::wake_contact(desk, anna.id)
    };
    executor.line.change(job).await.unwrap();
}

async fn pause(executor: &Executor, paused: bool) {
    executor.edit_settings(By::System, Map::from_iter([("paused".to_owned(), json!(paused))])).await.unwrap();
}

/// Timers that are due fire: nothing does it at rest.
async fn fire(executor: &Executor) {
    let job = |desk: &mut flusso::executor::desk::Desk| {
        let due = timers::due_before(&desk.work, None, desk.now, 10)?;
        due.into_iter().try_for_each(|(due, run, armed)| advance::fire(desk, due, run, armed))
    };
    executor.line.change(job).await.unwrap();
}

#[tokio::test]
async fn who_is_sent_to_a_node_by_a_save_stands_before_it_while_nothing_may_move_and_goes_on_then() {
    for obstacle in ["disabled", "paused", "handover", "off", "nothing"] {
        let (executor, _running, flow) = at_rest().await;
        match obstacle {
            "disabled" => executor.pause_flow(By::System, flow).await.unwrap(),
            "paused" => pause(&executor, true).await,
            "handover" => {
                let since = executor.now();
                change_anna(&executor, move |anna| anna.handover = Some(Handover { since, until: None })).await;
            }
            "off" => change_anna(&executor, |anna| anna.automations = Automations::Off).await,
            _ => {}
        }
        let ways = BTreeMap::from([(NodeId("w1".to_owned()), Way::To(NodeId("m1".to_owned())))]);
        executor.save_flow_with(By::System, flow, waits(), SaveAs { ways, ..SaveAs::default() }).await.unwrap();
        if obstacle != "nothing" {
            let run = runs::live_of_flow(&executor.view().unwrap(), flow, None, 1).unwrap().remove(0);
            assert_eq!((said(&executor), run.version, run.phase), (0, 2, Phase::Ready(NodeId("m1".to_owned()))), "{obstacle}");
        }
        match obstacle {
            "disabled" => executor.enable_flow(By::System, flow, Overdue::Shift).await.unwrap(),
            "paused" => pause(&executor, false).await,
            "handover" => change_anna(&executor, |anna| anna.handover = None).await,
            "off" => change_anna(&executor, |anna| anna.automations = Automations::On).await,
            _ => {}
        }
        fire(&executor).await;
        assert_eq!(said(&executor), 1, "{obstacle}");
        let run = runs::live_of_flow(&executor.view().unwrap(), flow, None, 1).unwrap().remove(0);
        assert_eq!((run.version, run.node().map(|node| node.0.as_str())), (2, Some("w2")), "{obstacle}");
    }
}

fn read(document: &Json) -> Flow {
    document::read(document).unwrap()
}

/// A flow that begins by these words.
fn answers(name: &str, words: &[&str]) -> Flow {
    let mut first = keyword("", "m1");
    first["phrases"] = words.iter().map(|word| json!({"text": word, "match": "exact"})).collect();
    read(&document_of(name, &[first, message("m1", "Ecco", "")]))
}

fn words(flow: &Flow) -> Vec<&str> {
    match flow.nodes.first().map(|node| &node.kind) {
        Some(NodeKind::Keyword(keyword)) => keyword.phrases.iter().map(|phrase| phrase.text.as_str()).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_restore_looks_at_what_is_saved_and_leaves_a_draft_a_draft() {
    let (executor, _running, _) = at_rest().await;
    for draft in [answers("Listino", &["catalogo"]), read(&json!({"flusso": 1, "name": "Listino", "nodes": []}))] {
        let old = executor.create_flow(By::System, answers("Listino", &["listino", "prezzi"]), true).await.unwrap().id;
        executor.put_draft(old, 0, draft.clone()).await.unwrap();
        executor.bin_flow(By::System, old).await.unwrap();
        let taker = executor.create_flow(By::System, answers("Altro", &["listino", "catalogo"]), true).await.unwrap().id;
        let lost = executor.restore_flow(By::System, old).await.unwrap();
        let view = executor.view().unwrap();
        let head = flows::head(&view, old).unwrap().unwrap();
        let saved = flows::version(&view, old, head.version).unwrap().unwrap().document;
        assert_eq!((head.version, words(&saved)), (2, vec!["prezzi"]), "the phrase has one owner");
        let left = flows::draft(&view, old).unwrap().unwrap();
        assert!(words(&left).is_empty() && left.nodes.len() == draft.nodes.len(), "what was never saved is not saved by this");
        assert_eq!(lost.len(), 1 + words(&draft).len(), "{lost:?}");
        drop(view);
        executor.enable_flow(By::System, old, Overdue::Shift).await.unwrap();
        for flow in [old, taker] {
            executor.bin_flow(By::System, flow).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_restore_of_a_flow_that_is_not_in_the_bin_is_refused_and_changes_nothing() {
    let (executor, _running, flow) = at_rest().await;
    executor.bin_flow(By::System, flow).await.unwrap();
    executor.restore_flow(By::System, flow).await.unwrap();
    executor.enable_flow(By::System, flow, Overdue::Shift).await.unwrap();
    let before = flows::head(&executor.view().unwrap(), flow).unwrap().unwrap();
    let refused = executor.restore_flow(By::System, flow).await;
    assert!(matches!(&refused, Err(Refusal::Conflict(words)) if *words == Reason::NotInBin.to_string()), "{refused:?}");
    let after = flows::head(&executor.view().unwrap(), flow).unwrap().unwrap();
    assert!(after.state == FlowState::Enabled && after.name == before.name, "{after:?}");
}

#[tokio::test]
async fn a_save_of_a_draft_that_somebody_changed_meanwhile_is_refused() {
    let (executor, _running, flow) = at_rest().await;
    let read = flows::head(&executor.view().unwrap(), flow).unwrap().unwrap().draft_revision;
    let mut newer = waits();
    newer.nodes[2].title = Some("Primo".to_owned());
    executor.put_draft(flow, read, newer.clone()).await.unwrap();
    let how = |revision| SaveAs { revision: Some(revision), ..SaveAs::default() };
    let refused = executor.save_flow_with(By::System, flow, waits(), how(read)).await;
    assert!(matches!(&refused, Err(Refusal::Conflict(words)) if *words == Reason::ChangedElsewhere.to_string()), "{refused:?}");
    let view = executor.view().unwrap();
    assert_eq!(flows::draft(&view, flow).unwrap().unwrap(), newer, "what was written meanwhile is still there");
    assert_eq!(flows::head(&view, flow).unwrap().unwrap().version, 1);
    executor.save_flow_with(By::System, flow, newer, how(read + 1)).await.expect("what was read is what is there");
}

#[tokio::test]
async fn a_flow_with_more_tests_than_are_replayed_is_refused() {
    let (executor, _running, flow) = at_rest().await;
    let mut document = waits();
    let talk = |place: usize| Talk { name: format!("prova {place}"), script: "> \"ciao\"\n".to_owned() };
    document.talks = (0..=TALKS_PER_FLOW_MAX).map(talk).collect();
    let how = |red| SaveAs { red, ..SaveAs::default() };
    let refused = executor.save_flow_with(By::System, flow, document.clone(), how(Red::Confirmed)).await;
    let Err(Refusal::Problems(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems.iter().filter(|problem| problem.fault == Fault::TooManyTalks(51)).count(), 1);
    document.talks.pop();
    executor.save_flow_with(By::System, flow, document, how(Red::Confirmed)).await.expect("as many as are replayed");
}

#[tokio::test]
async fn a_channel_that_is_called_otherwise_is_so_in_every_flow_that_names_it_and_a_draft_stays_a_draft() {
    let (executor, _running, other) = at_rest().await;
    let channel = *executor.facts().channels.keys().next().unwrap();
    let named = |text: &str, names: [&str; 2]| {
        let mut first = keyword("ciao", "m1");
        first["channels"] = json!(names);
        let tells = json!({"id": "n1", "kind": "notify", "text": "Ecco", "to": format!("{}: capo", names[0])});
        read(&document_of("Saluti", &[first, message("m1", text, "n1"), tells]))
    };
    let flow = executor.create_flow(By::System, named("Ciao", ["sim", "Altrove"]), true).await.unwrap().id;
    executor.put_draft(flow, 0, named("Salve", ["Sim", "Altrove"])).await.unwrap();
    let edit = ChannelEdit { name: Some("Bottega".to_owned()), ..ChannelEdit::default() };
    executor.edit_channel(By::System, channel, edit).await.unwrap();
    let view = executor.view().unwrap();
    let head = flows::head(&view, flow).unwrap().unwrap();
    assert_eq!((head.version, head.draft_revision), (2, 2));
    assert_eq!(flows::version(&view, flow, 2).unwrap().unwrap().document, named("Ciao", ["Bottega", "Altrove"]));
    assert_eq!(flows::draft(&view, flow).unwrap().unwrap(), named("Salve", ["Bottega", "Altrove"]));
    assert_eq!(flows::head(&view, other).unwrap().unwrap().version, 1, "who names it not stays as it is");
    let (facts, word) = (executor.facts(), Phrase { text: "ciao".to_owned(), r#match: MatchMode::Exact });
    assert_eq!(facts.triggers.overlaps(&word, &["Bottega".to_owned()], None).len(), 1, "it listens there now");
}

#[tokio::test]
async fn who_is_with_a_person_may_be_sent_to_another_at_once_and_hears_nothing_of_a_message_before_being_handed_back() {
    let person = |id: &str| json!({"id": id, "kind": "handover", "for": "9d", "exits": {"next": "m1"}});
    let nodes = [keyword("aiuto", "h1"), person("h1"), person("h2"), message("m1", "Fatto", "")];
    let document = read(&document_of("Aiuto", &nodes));
    for to in ["h2", "m1"] {
        let (executor, _running, _) = at_rest().await;
        let flow = executor.create_flow(By::System, document.clone(), true).await.unwrap().id;
        begin(&executor, flow, "bruno").await;
        let ways = BTreeMap::from([(NodeId("h1".to_owned()), Way::To(NodeId(to.to_owned())))]);
        executor.save_flow_with(By::System, flow, document.clone(), SaveAs { ways, ..SaveAs::default() }).await.unwrap();
        let run = runs::live_of_flow(&executor.view().unwrap(), flow, None, 1).unwrap().remove(0);
        assert_eq!(run.node().map(|node| node.0.as_str()), Some(to));
        assert_eq!((matches!(run.phase, Phase::Handover { .. }), said(&executor)), (to == "h2", 0), "{to}");
        executor.line.change(move |desk| advance::end_handover(desk, run.contact)).await.unwrap();
        assert_eq!(said(&executor), 1, "{to}");
    }
}
