//! Many at once: each is changed once, whatever dies in between, and taken back where it can be.

use super::{Scene, person};
use flusso::base::id::JobId;
use flusso::base::time::{Span, Time};
use flusso::executor::control::bulk;
use flusso::model::job::{BulkVerb, Job, JobState};
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
