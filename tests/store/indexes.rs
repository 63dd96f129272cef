//! Whatever happens to runs and rows, what finds them says the same as the rows themselves.

use crate::kit::sample::{NOW, effect, outbox, over, run};
use flusso::base::id::{ContactId, FlowId, Id, OutboxId, RunId, Shard};
use flusso::base::time::{Span, Time};
use flusso::model::outbox::{OutboxRow, OutboxState};
use flusso::model::run::{Run, RunState};
use flusso::store::{Store, Work, outbox as rows, runs, timers};
use proptest::prelude::*;
use std::collections::BTreeMap;

const ZERO: Shard = Shard(0);

/// What becomes of a run: stored anew with these, held, ended, or removed.
#[derive(Clone, Debug)]
enum Turn {
    Store(u64, u64, u64, Option<i64>),
    Hold(u64),
    End(u64),
    Remove(u64),
}

fn turn() -> impl Strategy<Value = Turn> {
    let id = 1_u64..4;
    prop_oneof![
        (id.clone(), 1_u64..3, 1_u64..3, proptest::option::of(0_i64..5)).prop_map(|(id, who, flow, due)| Turn::Store(id, who, flow, due)),
        id.clone().prop_map(Turn::Hold),
        id.clone().prop_map(Turn::End),
        id.prop_map(Turn::Remove),
    ]
}

fn apply(work: &mut Work, all: &mut BTreeMap<RunId, Run>, turn: Turn) {
    let stored = match turn {
        Turn::Store(id, who, flow, due) => {
            Some(run(RunId::new(ZERO, id), ContactId::new(ZERO, who), FlowId::new(ZERO, flow), due.map(Time)))
        }
        Turn::Hold(id) => all.get(&RunId::new(ZERO, id)).map(|run| Run { state: RunState::Held { since: NOW }, ..run.clone() }),
        Turn::End(id) => all.get(&RunId::new(ZERO, id)).cloned().map(over),
        Turn::Remove(id) => {
            runs::delete(work, RunId::new(ZERO, id)).unwrap();
            all.remove(&RunId::new(ZERO, id));
            None
        }
    };
    if let Some(run) = stored {
        runs::put(work, &run).unwrap();
        all.insert(run.id, run);
    }
}

fn agree(work: &Work, all: &BTreeMap<RunId, Run>) {
    let of = |good: &dyn Fn(&Run) -> bool| all.values().filter(|run| good(run)).cloned().collect::<Vec<_>>();
    assert_eq!(runs::list_any(work, None, 99).unwrap(), of(&|_| true));
    assert_eq!(runs::list_live(work, None, 99).unwrap(), of(&|run| !run.is_over()));
    for number in 1..3 {
        let (who, flow) = (ContactId::new(ZERO, number), FlowId::new(ZERO, number));
        assert_eq!(runs::all_of_contact(work, who, None, 99).unwrap(), of(&|run| run.contact == who));
        assert_eq!(runs::live_of_contact(work, who).unwrap(), of(&|run| run.contact == who && !run.is_over()));
        let live = of(&|run| run.flow == flow && !run.is_over());
        assert_eq!(runs::live_of_flow(work, flow, None, 99).unwrap(), live);
        assert_eq!(runs::count_live_of_flow(work, flow).unwrap(), live.len() as u64);
    }
    let mut due: Vec<_> = all.values().filter_map(|run| run.timer().map(|(due, armed)| (due, run.id, armed))).collect();
    due.sort_unstable();
    assert_eq!(timers::due_before(work, None, NOW, 99).unwrap(), due);
}

fn state(word: u8) -> OutboxState {
    match word {
        0 => OutboxState::Ready { due: NOW },
        1 => OutboxState::Attempting { since: NOW },
        2 => OutboxState::Unknown { resolve_until: Some(NOW + Span::MINUTE), reason: "cut".to_owned() },
        3 => OutboxState::Sent { at: NOW },
        4 => OutboxState::Dead { at: NOW, reason: "refused".to_owned() },
        _ => OutboxState::Cancelled { at: NOW, reason: "stopped".to_owned() },
    }
}

const WORDS: [&str; 6] = ["ready", "attempting", "unknown", "sent", "dead", "cancelled"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn runs_are_found_as_they_are(groups in proptest::collection::vec(proptest::collection::vec(turn(), 1..6), 1..8)) {
        let (_reader, mut writer) = Store::memory().unwrap().split();
        let mut all = BTreeMap::new();
        for group in groups {
            let mut work = writer.work().unwrap();
            for turn in group {
                apply(&mut work, &mut all, turn);
                agree(&work, &all);
            }
            writer.commit(work).unwrap();
            agree(&writer.work().unwrap(), &all);
        }
    }

    #[test]
    fn rows_are_found_as_they_are(turns in proptest::collection::vec((1_u64..4, 1_u64..3, 0_u8..7), 1..40)) {
        let (_reader, writer) = Store::memory().unwrap().split();
        let (mut work, mut all) = (writer.work().unwrap(), BTreeMap::<OutboxId, OutboxRow>::new());
        for (id, who, word) in turns {
            let id = OutboxId::new(ZERO, id);
            let source = effect(RunId::new(ZERO, 1), id.sequence(), 0);
            if word == 6 {
                rows::delete(&mut work, id).unwrap();
                all.remove(&id);
                continue;
            }
            let who = all.get(&id).map_or(ContactId::new(ZERO, who), |row| row.contact);
            let row = OutboxRow { state: state(word), ..outbox(id, who, source) };
            if all.contains_key(&id) { rows::put(&mut work, &row).unwrap() } else { assert!(rows::insert(&mut work, &row).unwrap()) }
            all.insert(id, row);
            let of = |good: &dyn Fn(&OutboxRow) -> bool| all.values().filter(|row| good(row)).cloned().collect::<Vec<_>>();
            let open = |row: &OutboxRow| WORDS[..3].contains(&row.state.word());
            prop_assert_eq!(rows::open(&work, None, 99).unwrap(), of(&open));
            for word in WORDS {
                prop_assert_eq!(rows::list(&work, Some(word), None, 99).unwrap(), of(&|row| row.state.word() == word));
            }
            for who in 1..3 {
                let who = ContactId::new(ZERO, who);
                prop_assert_eq!(rows::open_of_contact(&work, who, 99).unwrap(), of(&|row| open(row) && row.contact == who));
            }
        }
    }
}
