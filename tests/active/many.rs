//! Many at once: each is changed once, whatever dies in between, and taken back where it can be.

use super::{Scene, person};
use flusso::base::id::JobId;
use flusso::base::time::{Span, Time};
use flusso::executor::audit::{self as log, AuditMatch};
use flusso::executor::control::bulk;
use flusso::model::action::{ActionId, Verb};
use flusso::model::audit::Thing;
use flusso::model::job::{BulkVerb, Job, JobItem, JobState};
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run_match::{RunMatch, StateWord};
use flusso::store::{audit, jobs};
use std::collections::BTreeMap;

const FLOW: &str = r#"{"flusso": 1, "name": "Attesa", "start": "w1", "nodes": [
    {"id": "w1", "kind": "wait", "for": "4h", "exits": {"elapsed": "s1"}},
    {"id": "s1", "kind": "save", "add_tags": ["fatto"]}]}"#;

fn begin(scene: &mut Scene, verb: BulkVerb, total: u64) -> JobId {
    let matching = RunMatch { flow: Some(scene.flow), ..RunMatch::default() };
    scene.heart.change(|desk| bulk::begin(desk, By::System, matching, verb, total)).unwrap().id
}

fn step(scene: &mut Scene, job: JobId) -> bool {
    scene.heart.change(|desk| bulk::go_on(desk, job)).unwrap()
}

fn finish(scene: &mut Scene, job: JobId) -> Job {
    while step(scene, job) {}
    jobs::get(&scene.heart.reader.view().unwrap(), job).unwrap().unwrap()
}

fn dues(scene: &Scene) -> BTreeMap<Option<Time>, usize> {
    let mut dues = BTreeMap::new();
    for run in scene.live() {
        *dues.entry(run.timer().map(|(due, _)| due)).or_default() += 1;
    }
    dues
}

#[test]
fn a_crash_in_the_middle_leaves_a_job_that_goes_on_and_moves_each_once() {
    let mut scene = Scene::new(FLOW);
    let people: Vec<String> = (0..450).map(person).collect();
    scene.start(&people);
    let planned = scene.heart.now + Span::HOUR.times(4);
    let job = begin(&mut scene, BulkVerb::Move { to: None, by: Some(Span::HOUR), only: false }, 450);
    assert!(step(&mut scene, job));
    scene.crash();
    assert_eq!(dues(&scene), BTreeMap::from([(Some(planned), 250), (Some(planned + Span::HOUR), 200)]), "whole rows only");
    scene.start(&[person(1000)]);
    let done = finish(&mut scene, job);
    assert_eq!((done.state, done.changed, done.refused), (JobState::Done, 450, 0));
    assert_eq!(dues(&scene), BTreeMap::from([(Some(planned), 1), (Some(planned + Span::HOUR), 450)]), "whoever came later is not meant");
    scene.heart.change(|desk| bulk::begin_undo(desk, By::System, job)).unwrap();
    assert!(step(&mut scene, job));
    scene.crash();
    let undone = finish(&mut scene, job);
    assert_eq!((undone.state, undone.undone), (JobState::Undone, 450));
    assert_eq!(dues(&scene), BTreeMap::from([(Some(planned), 451)]));
    assert!(scene.live().iter().all(|run| run.changes.is_empty()));
    let lines = audit::list(&scene.heart.reader.view().unwrap(), None, 10_000).unwrap();
    let of_many: Vec<&str> = lines.iter().map(|line| line.what.as_str()).filter(|what| !what.ends_with("run.started")).collect();
    assert_eq!(of_many, ["runs.changing", "runs.undoing"], "one line for each job, whatever their number");
}

#[test]
fn holding_and_stopping_many_is_taken_back_unless_they_went_on() {
    let mut scene = Scene::new(FLOW);
    scene.start(&(0..5).map(person).collect::<Vec<_>>());
    let held = begin(&mut scene, BulkVerb::Hold, 5);
    finish(&mut scene, held);
    assert!(scene.live().iter().all(|run| StateWord::of(&run.state) == StateWord::Held));
    let again = begin(&mut scene, BulkVerb::Hold, 5);
    assert_eq!(finish(&mut scene, again).refused, 5, "they are held already");
    scene.heart.change(|desk| bulk::begin_undo(desk, By::System, held)).unwrap();
    assert_eq!(finish(&mut scene, held).undone, 5);
    let due = dues(&scene);
    let stopped = begin(&mut scene, BulkVerb::Stop { reason: "Basta.".to_owned() }, 5);
    finish(&mut scene, stopped);
    assert_eq!(scene.live().len(), 0);
    scene.start(&[person(0)]);
    scene.crash();
    scene.heart.change(|desk| bulk::begin_undo(desk, By::System, stopped)).unwrap();
    assert_eq!(finish(&mut scene, stopped).undone, 4, "who is in the flow again stays there");
    assert_eq!(dues(&scene), due);
    scene.pass(scene.heart.now + Span::HOUR.times(5));
    assert_eq!(scene.live().len(), 0, "all came to the end");
    let counted = flusso::store::counters::of_flow(&scene.heart.reader.view().unwrap(), scene.flow, None).unwrap();
    for (node, counts) in counted {
        assert_eq!(counts.arrived, counts.went_on() + counts.left, "{node}");
    }
}

#[test]
fn a_jump_cannot_be_taken_back_and_says_so() {
    let mut scene = Scene::new(FLOW);
    scene.start(&[person(0)]);
    let node = flusso::model::node::NodeId("s1".to_owned());
    let job = begin(&mut scene, BulkVerb::Jump { node }, 1);
    assert_eq!(finish(&mut scene, job).changed, 1);
    let refused = scene.heart.change(|desk| Ok(bulk::begin_undo(desk, By::System, job).is_err())).unwrap();
    assert!(refused && scene.live().is_empty());
}

fn undo(scene: &mut Scene, job: JobId) -> Job {
    scene.heart.change(|desk| bulk::begin_undo(desk, By::System, job)).unwrap();
    finish(scene, job)
}

#[test]
fn who_refuses_is_left_whole_and_told_why() {
    let flow = r#"{"flusso": 1, "name": "Domanda", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "reply": {}, "exits": {"replied": "s1"}}, {"id": "s1", "kind": "save", "add_tags": ["fatto"]}]}"#;
    let mut scene = Scene::new(flow);
    scene.start(&[person(0), person(1)]);
    let before = scene.live();
    let job = begin(&mut scene, BulkVerb::Move { to: None, by: Some(Span::HOUR), only: true }, 2);
    let done = finish(&mut scene, job);
    assert_eq!((done.changed, done.refused), (0, 2), "a question has no time");
    assert_eq!(scene.live(), before);
    let items = jobs::items(&scene.heart.reader.view().unwrap(), job, None, 10).unwrap();
    assert!(items.iter().all(|(_, item)| matches!(item, JobItem::Refused(why) if why.ends_with('.'))), "{items:?}");
}

#[test]
fn an_undone_move_leaves_what_was_changed_before_it_and_who_was_changed_after_it() {
    let flow = r#"{"flusso": 1, "name": "Seguito", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "for": "4h", "exits": {"elapsed": "m1"}}, {"id": "m1", "kind": "message", "text": "Uno"}]}"#;
    let mut scene = Scene::new(flow);
    scene.start(&[person(0), person(1)]);
    let planned = scene.heart.now + Span::HOUR.times(4);
    let action = ActionId { node: NodeId("m1".to_owned()), visit: 1 };
    let rewrite = |text: &str| Verb::Rewrite(action.clone(), text.to_owned());
    let (first, second) = (scene.live()[0].id, scene.live()[1].id);
    assert!(scene.verb(first, rewrite("Prima")));
    let job = begin(&mut scene, BulkVerb::Move { to: None, by: Some(Span::HOUR), only: false }, 2);
    finish(&mut scene, job);
    assert!(scene.verb(second, rewrite("Dopo")));
    assert_eq!(undo(&mut scene, job).undone, 1);
    let stands = |id| {
        let run = scene.run(id);
        (run.timer().map(|(due, _)| due), run.changes[&action].text.clone())
    };
    assert_eq!(stands(first), (Some(planned), Some("Prima".to_owned())));
    assert_eq!(stands(second), (Some(planned + Span::HOUR), Some("Dopo".to_owned())), "it went on meanwhile");
    let again = scene.heart.change(|desk| Ok(bulk::begin_undo(desk, By::System, job).is_err())).unwrap();
    assert!(again, "what is taken back is not taken back again");
    let view = scene.heart.reader.view().unwrap();
    let wanted = AuditMatch { about: Some(Thing::Run(first)), what: Some("runs.".to_owned()), ..AuditMatch::default() };
    assert_eq!(log::page(&view, &wanted, None, 10).unwrap().lines.len(), 2, "a change of many is in the log of each");
}
