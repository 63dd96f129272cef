//! Runs, their timers and their history on every engine: found while they live, kept when they are over.

use super::{count, ids};
use crate::kit::engine::on_every_engine;
use crate::kit::sample::{NOW, done, over, run};
use flusso::base::id::{ContactId, FlowId, RunId};
use flusso::base::time::{Span, Time};
use flusso::model::run::{Run, RunState};
use flusso::store::catalogue::Family;
use flusso::store::{StoreError, Work, history, runs, timers};

#[test]
fn a_run_is_found_while_it_lives_and_kept_when_it_is_over() {
    on_every_engine(|reader, writer| {
        let mut work = writer.work().unwrap();
        let (person, flow): (ContactId, FlowId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<RunId> = ids(&mut work, 3);
        for id in &all {
            runs::put(&mut work, &run(*id, person, flow, Some(NOW + Span::HOUR))).unwrap();
            history::append(&mut work, *id, &done("m1")).unwrap();
        }
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        let last = runs::get(&work, all[2]).unwrap().unwrap();
        runs::put(&mut work, &over(last)).unwrap();
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        let names = |runs: Vec<Run>| runs.into_iter().map(|run| run.id).collect::<Vec<_>>();
        assert_eq!(names(runs::live_of_contact(&view, person).unwrap()), all[..2]);
        assert_eq!(names(runs::live_of_flow(&view, flow, Some(all[0]), 9).unwrap()), all[1..2]);
        assert_eq!(names(runs::list_live(&view, None, 9).unwrap()), all[..2]);
        assert_eq!(names(runs::all_of_contact(&view, person, None, 9).unwrap()), all);
        assert_eq!(names(runs::list_any(&view, Some(all[0]), 9).unwrap()), all[1..]);
        assert_eq!(runs::count_live_of_flow(&view, flow), Ok(2));
        let mut work = writer.work().unwrap();
        all.iter().for_each(|id| runs::delete(&mut work, *id).unwrap());
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        let families = [Family::Runs, Family::RunsLive, Family::RunsByContact, Family::RunsLiveByContact, Family::RunsLiveByFlow];
        assert_eq!(families.map(|family| count(&view, family)), [0; 5]);
        assert_eq!([Family::Timers, Family::History, Family::Tallies].map(|family| count(&view, family)), [0; 3]);
    });
}

#[test]
fn timers_come_in_the_order_they_are_due() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (person, flow): (ContactId, FlowId) = (work.mint().unwrap(), work.mint().unwrap());
        let all: Vec<RunId> = ids(&mut work, 4);
        for (id, due) in all.iter().zip([30, -5, 10, 10]) {
            runs::put(&mut work, &run(*id, person, flow, Some(Time(due)))).unwrap();
        }
        let due = |work: &Work, after, until| {
            timers::due_before(work, after, Time(until), 2).unwrap().into_iter().map(|(due, run, _)| (due.0, run)).collect::<Vec<_>>()
        };
        assert_eq!(due(&work, None, 30), [(-5, all[1]), (10, all[2])]);
        assert_eq!(due(&work, Some((Time(10), all[2], 3)), 30), [(10, all[3]), (30, all[0])]);
        assert_eq!(due(&work, Some((Time(10), all[3], 3)), 29), []);
        let first = runs::get(&work, all[1]).unwrap().unwrap();
        runs::put(&mut work, &run(all[1], person, flow, Some(Time(20)))).unwrap();
        assert_eq!(due(&work, None, 20), [(10, all[2]), (10, all[3])], "the old time is gone");
        runs::put(&mut work, &Run { state: RunState::Held { since: NOW }, ..first }).unwrap();
        assert_eq!(count(&work, Family::Timers), 3, "a held run wants no timer");
    });
}

#[test]
fn a_dropped_timer_stays_dropped_until_it_is_armed_or_moved() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let it = run(work.mint().unwrap(), work.mint().unwrap(), work.mint().unwrap(), Some(NOW));
        runs::put(&mut work, &it).unwrap();
        runs::drop_timer(&mut work, &it);
        runs::put(&mut work, &it).unwrap();
        assert_eq!(count(&work, Family::Timers), 0);
        runs::arm_timer(&mut work, &it).unwrap();
        assert_eq!(timers::due_before(&work, None, NOW, 9), Ok(vec![(NOW, it.id, 3)]));
    });
}

#[test]
fn a_run_that_changed_meanwhile_stops_the_work() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let it = run(work.mint().unwrap(), work.mint().unwrap(), work.mint().unwrap(), None);
        runs::put(&mut work, &it).unwrap();
        writer.commit(work).unwrap();
        let (mut late, mut early) = (writer.work().unwrap(), writer.work().unwrap());
        runs::put(&mut early, &over(it.clone())).unwrap();
        runs::put(&mut late, &it).unwrap();
        writer.commit(early).unwrap();
        assert_eq!(writer.commit(late), Err(StoreError::Conflict));
        assert!(runs::get(&writer.work().unwrap(), it.id).unwrap().unwrap().is_over());
    });
}

#[test]
fn history_is_told_in_order() {
    on_every_engine(|_, writer| {
        let mut work = writer.work().unwrap();
        let (first, second): (RunId, RunId) = (work.mint().unwrap(), work.mint().unwrap());
        for node in ["a", "b"] {
            history::append(&mut work, first, &done(node)).unwrap();
        }
        writer.commit(work).unwrap();
        let mut work = writer.work().unwrap();
        history::append(&mut work, first, &done("c")).unwrap();
        history::append(&mut work, second, &done("d")).unwrap();
        let told = |run| history::of_run(&work, run).unwrap().into_iter().map(|done| done.text).collect::<String>();
        assert_eq!((told(first), told(second)), ("abc".into(), "d".into()));
    });
}
