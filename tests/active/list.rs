//! The list and the agenda: whom a filter finds, what is counted in which hour, and where a page says that it did not look at all.

use super::{Scene, person};
use flusso::base::id::{Id, RunId, Shard};
use flusso::base::time::{Span, Time};
use flusso::executor::run_list::{LOOKED_AT_MAX, page, per_stretch, tally};
use flusso::model::action::Verb;
use flusso::model::run_match::{RunMatch, StateWord};

const FLOW: &str = r#"{"flusso": 1, "name": "Attesa", "start": "w1", "nodes": [
    {"id": "w1", "kind": "wait", "for": "4h", "exits": {"elapsed": "s1"}},
    {"id": "s1", "kind": "save", "add_tags": ["fatto"]}]}"#;

#[test]
fn an_action_on_the_hour_is_of_that_hour_and_what_was_not_counted_whole_says_so() {
    let mut scene = Scene::new(FLOW);
    scene.start(&(0..3).map(person).collect::<Vec<_>>());
    let due = scene.heart.now + Span::HOUR.times(4);
    let bounds: Vec<Time> = (-1..=2).map(|hour| due + Span::HOUR.times(hour)).collect();
    let view = scene.heart.reader.view().unwrap();
    let count = |wanted: &RunMatch, most| per_stretch(&view, wanted, &bounds, most).unwrap();
    assert_eq!(count(&RunMatch::default(), 100), (vec![0, 3, 0], true));
    assert!(!count(&RunMatch::default(), 3).1, "there may be more");
    let nobody = RunMatch { runs: vec![RunId::new(Shard(0), 0)], ..RunMatch::default() };
    assert_eq!(count(&nobody, 100), (vec![0, 0, 0], true), "whoever is not listed is not counted");
    let of_one = RunMatch { contact: Some(scene.live()[0].contact), ..RunMatch::default() };
    assert_eq!(count(&of_one, 100).0, [0, 1, 0]);
}

#[test]
fn a_filter_that_looks_at_each_says_where_to_go_on_and_finds_whoever_is_far_behind() {
    let mut scene = Scene::new(FLOW);
    let last = LOOKED_AT_MAX + 5;
    scene.start(&(0..=last).map(person).collect::<Vec<_>>());
    let held = scene.live()[7].id;
    assert!(scene.verb(held, Verb::Hold));
    let view = scene.heart.reader.view().unwrap();
    let wanted = RunMatch { text: Some(person(last)), ..RunMatch::default() };
    let first = page(&view, &wanted, None, 50).unwrap();
    assert!(first.rows.is_empty() && first.cut && first.next.is_some(), "it looked at enough");
    let second = page(&view, &wanted, first.next.as_deref(), 50).unwrap();
    assert_eq!((second.rows.len(), second.cut, second.next), (1, false, None));
    assert_eq!(tally(&view, &scene.heart.facts, &wanted, 20).unwrap().runs, 1, "a preview looks at all");
    let all = tally(&view, &scene.heart.facts, &RunMatch::default(), 20).unwrap();
    assert_eq!((all.runs, all.first.len()), (last as u64 + 1, 20), "and counts beyond the names it shows");
    let wanted = RunMatch { state: Some(StateWord::Held), ..RunMatch::default() };
    let found = page(&view, &wanted, None, 50).unwrap();
    assert_eq!(found.rows.iter().map(|(run, _)| run.id).collect::<Vec<_>>(), [held]);
    assert!(!found.cut, "the held ones stand together: nobody else is looked at");
}
