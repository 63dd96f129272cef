//! Entering a flow again: a list of everything that ever began, looked through by the rules of spec.md 3.

use flusso::base::id::{ChannelId, FlowId, Id, RunId, Shard};
use flusso::base::time::{Span, Time};
use flusso::engine::entry::{Start, Target, Visitor, enter};
use flusso::engine::talk::stage;
use flusso::model::contact::{ConsentState, Passage};
use flusso::model::document;
use flusso::model::flow::{Flow, Reentry};
use flusso::model::run::{EndedAs, Origin, Run, RunState, StartOutcome};
use flusso::model::value::{Value, Values};
use proptest::prelude::*;
use serde_json::json;

/// One thing that happens, some minutes after the one before.
#[derive(Clone, Debug)]
enum Deed {
    Start { key: u8 },
    End { which: usize },
    Hold { which: usize },
    Block(bool),
    OptOut(bool),
    Disable(bool),
}

fn deed() -> impl Strategy<Value = (i64, Deed)> {
    let what = prop_oneof![
        8 => (0..3u8).prop_map(|key| Deed::Start { key }),
        3 => (0..4usize).prop_map(|which| Deed::End { which }),
        1 => (0..4usize).prop_map(|which| Deed::Hold { which }),
        1 => prop::bool::weighted(0.3).prop_map(Deed::Block),
        1 => prop::bool::weighted(0.3).prop_map(Deed::OptOut),
        1 => prop::bool::weighted(0.3).prop_map(Deed::Disable),
    ];
    (prop_oneof![20 => 0..2i64, 1 => 0..90i64, 1 => 1000..3000i64], what)
}

fn reentry() -> impl Strategy<Value = Reentry> {
    prop_oneof![
        Just(Reentry::Keep),
        Just(Reentry::Restart),
        Just(Reentry::Once(None)),
        (1..100i64).prop_map(|hours| Reentry::Once(Some(Span::HOUR.times(hours)))),
        Just(Reentry::Parallel("run.key".to_owned())),
    ]
}

/// A run as the list knows it.
#[derive(Clone, Debug)]
struct Entry {
    id: u64,
    key: Option<String>,
    began: Time,
    live: bool,
}

/// What the list says a start comes to: the answer, those that end, and the one that stays.
fn by_hand(
    list: &[Entry],
    reentry: &Reentry,
    key: Option<&String>,
    barred: Option<StartOutcome>,
    now: Time,
) -> (StartOutcome, Vec<u64>, Option<u64>) {
    if let Some(barred) = barred {
        return (barred, Vec::new(), None);
    }
    let parallel = matches!(reentry, Reentry::Parallel(_));
    let rivals: Vec<u64> =
        list.iter().filter(|entry| entry.live && (!parallel || entry.key.as_ref() == key)).map(|entry| entry.id).collect();
    let last = list.iter().map(|entry| entry.began).max();
    let kept = match reentry {
        Reentry::Keep | Reentry::Parallel(_) => !rivals.is_empty(),
        Reentry::Restart => false,
        Reentry::Once(None) => last.is_some(),
        Reentry::Once(Some(after)) => !rivals.is_empty() || last.is_some_and(|last| now < last + *after),
    };
    if kept {
        return (StartOutcome::Kept, Vec::new(), rivals.last().copied());
    }
    let lately = list.iter().filter(|entry| now.since(entry.began) < Span::HOUR).count();
    if lately >= 20 {
        return (StartOutcome::Blocked, Vec::new(), None);
    }
    (if rivals.is_empty() { StartOutcome::Started } else { StartOutcome::Restarted }, rivals, None)
}

fn flow(reentry: Reentry) -> Flow {
    let wait = json!({"id": "w1", "kind": "wait", "for": "1d"});
    Flow { reentry, ..document::read(&json!({"flusso": 1, "name": "Prova", "start": "w1", "nodes": [wait]})).unwrap() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_start_comes_to_what_the_list_says(reentry in reentry(), deeds in prop::collection::vec(deed(), 1..80)) {
        let flow = flow(reentry.clone());
        let (id, mut contact, mut enabled) = (FlowId::new(Shard(0), 1), stage::contact(), true);
        let (mut now, mut passage, mut list): (Time, Passage, Vec<Entry>) = (stage::START, Passage::default(), Vec::new());
        let mut inside: Vec<Run> = Vec::new();
        for (minutes, deed) in deeds {
            now = now + Span::MINUTE.times(minutes);
            match deed {
                Deed::Block(blocked) => contact.blocked = blocked,
                Deed::OptOut(out) => contact.consent.state = if out { ConsentState::OptedOut } else { ConsentState::Unknown },
                Deed::Disable(disabled) => enabled = !disabled,
                Deed::Hold { which } => {
                    if let Some(run) = inside.get_mut(which) {
                        run.state = RunState::Held { since: now };
                    }
                }
                Deed::End { which } if which < inside.len() => {
                    let run = inside.remove(which);
                    list.iter_mut().filter(|entry| entry.id == run.id.sequence()).for_each(|entry| entry.live = false);
                    passage.last_end = Some((now, EndedAs::Finished));
                }
                Deed::End { .. } => {}
                Deed::Start { key } => {
                    let key = (key > 0).then(|| key.to_string());
                    let number = list.len() as u64 + 1;
                    let barred = match (contact.blocked, contact.consent.state == ConsentState::OptedOut, enabled) {
                        (true, ..) => Some(StartOutcome::Blocked),
                        (_, true, _) => Some(StartOutcome::OptedOut),
                        (_, _, enabled) => (!enabled).then_some(StartOutcome::Blocked),
                    };
                    let (outcome, ends, kept) = by_hand(&list, &reentry, key.as_ref(), barred, now);
                    let variables: Values = key.iter().map(|key| ("key".to_owned(), Value::text(key.clone()))).collect();
                    let start = Start { id: RunId::new(Shard(0), number), channel: ChannelId::new(Shard(0), 1), origin: Origin::Api, at: None,
                        variables: variables.clone(), depth: 0, caller: None, seed: number, heard: None };
                    let target = Target { id, version: 1, flow: &flow, enabled };
                    let visitor = Visitor { contact: &contact, inside: &inside, runs_in_all: inside.len(), passage: &passage };
                    let entry = enter(&target, &visitor, start, now, |name| variables.get(name.strip_prefix("run.")?).cloned());
                    let numbers = |ids: &[RunId]| ids.iter().map(|id| id.sequence()).collect::<Vec<_>>();
                    prop_assert_eq!((entry.outcome, numbers(&entry.ends), entry.kept.map(|id| id.sequence())), (outcome, ends.clone(), kept));
                    prop_assert_eq!(entry.run.is_some(), matches!(outcome, StartOutcome::Started | StartOutcome::Restarted));
                    passage = entry.passage;
                    inside.retain(|run| !ends.contains(&run.id.sequence()));
                    list.iter_mut().filter(|old| ends.contains(&old.id)).for_each(|old| old.live = false);
                    if let Some(run) = entry.run {
                        list.push(Entry { id: number, key: run.key.clone(), began: now, live: true });
                        inside.push(run);
                    }
                }
            }
            let mut lanes: Vec<&Option<String>> = list.iter().filter(|entry| entry.live).map(|entry| &entry.key).collect();
            let all = lanes.len();
            lanes.sort();
            lanes.dedup();
            prop_assert!(lanes.len() == all && (all <= 1 || matches!(reentry, Reentry::Parallel(_))), "one live run of a lane");
        }
    }
}
