//! Waits one after the other: what a sum of lengths says, whatever people hold, resume, or say on the phone meanwhile, and whenever the
//! program is started anew.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use flusso::base::id::RunId;
use flusso::base::time::{Span, Time};
use flusso::executor::advance;
use flusso::model::action::Verb;
use flusso::model::event::Event;
use flusso::model::operator::By;
use flusso::store::{Store, contacts, history, runs};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

const ANNA: &str = "393331234567";

#[derive(Clone, Debug)]
enum Deed {
    Hold,
    Resume,
    /// An operator writes on the phone: an hour of silence.
    Speak,
    /// The program ends and is started again.
    Restart,
}

/// What a sum says: when each wait ends, all at `until` the latest.
struct Sum {
    lengths: Vec<i64>,
    ends: Vec<Time>,
    due: Time,
    held: bool,
    silent: Time,
}

impl Sum {
    fn of(lengths: &[i64], now: Time) -> Sum {
        let mut sum = Sum { lengths: lengths.to_vec(), ends: Vec::new(), due: now + Span(lengths[0]), held: false, silent: now };
        sum.pass(now, now);
        sum
    }

    /// Time goes from `from` to `until`.
    fn pass(&mut self, from: Time, until: Time) {
        while self.ends.len() < self.lengths.len() && !self.held {
            // A wait that is over as soon as it begins needs no timer, so no silence holds it.
            let at_once = self.lengths[self.ends.len()] == 0;
            let at = if at_once { self.due } else { self.due.max(from).max(self.silent) };
            if at > until {
                break;
            }
            self.ends.push(at);
            self.due = at + Span(self.lengths.get(self.ends.len()).copied().unwrap_or(0));
        }
    }
}

fn open(disk: &Arc<Ram>, now: Time) -> Heart {
    Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), now).unwrap()
}

fn the_run(heart: &Heart) -> RunId {
    runs::list_any(&heart.reader.view().unwrap(), None, 1).unwrap()[0].id
}

/// When each wait ended.
fn played(lengths: &[i64], deeds: &[(i64, Deed)]) -> Vec<Time> {
    let mut nodes = vec![json!({"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w0"}})];
    for (index, length) in lengths.iter().enumerate() {
        let next = (index + 1 < lengths.len()).then(|| format!("w{}", index + 1));
        nodes.push(json!({"id": format!("w{index}"), "kind": "wait", "for": format!("{length}ms"), "exits": {"elapsed": next}}));
    }
    let mut disk = Ram::of(born());
    let mut heart = open(&disk, MORNING);
    heart.add_whatsapp().unwrap();
    heart.add_flow(&json!({"flusso": 1, "name": "Attese", "nodes": nodes}).to_string()).unwrap();
    heart.webhook(&says(ANNA, MORNING, &[("wamid.1", "via")])).unwrap();
    let (run, mut ledger) = (the_run(&heart), Ledger::default());
    for (gap, deed) in deeds {
        let until = heart.now + Span(*gap);
        heart.pass(until, &mut ledger).unwrap();
        let over = runs::get(&heart.reader.view().unwrap(), run).unwrap().unwrap().is_over();
        match deed {
            Deed::Restart => {
                drop(heart);
                disk = Ram::of(disk.bytes());
                heart = open(&disk, until);
            }
            _ if over => {}
            Deed::Hold => heart.change(|desk| advance::happen(desk, run, &Event::Verb(Verb::Hold, By::System))).unwrap(),
            Deed::Resume => heart
                .change(|desk| {
                    advance::happen(desk, run, &Event::Verb(Verb::Resume, By::System))?;
                    runs::get(&desk.work, run)?.map_or(Ok(()), |run| advance::wake_run(desk, run))
                })
                .unwrap(),
            Deed::Speak => heart
                .change(|desk| {
                    let contact = runs::get(&desk.work, run)?.unwrap().contact;
                    let mut record = contacts::get(&desk.work, contact)?.unwrap();
                    advance::person_spoke(desk, &mut record)
                })
                .unwrap(),
        }
    }
    let until = heart.now + DAY.times(20);
    heart.pass(until, &mut ledger).unwrap();
    let done = history::of_run(&heart.reader.view().unwrap(), run).unwrap();
    done.into_iter().map(|done| done.at).collect()
}

fn by_hand(lengths: &[i64], deeds: &[(i64, Deed)]) -> Vec<Time> {
    let (mut now, mut sum) = (MORNING, Sum::of(lengths, MORNING));
    for (gap, deed) in deeds {
        sum.pass(now, now + Span(*gap));
        now = now + Span(*gap);
        match deed {
            _ if sum.ends.len() == lengths.len() => {}
            Deed::Hold => sum.held = true,
            Deed::Resume => sum.held = false,
            Deed::Speak => sum.silent = sum.silent.max(now + Span::HOUR),
            Deed::Restart => {}
        }
    }
    sum.pass(now, now + DAY.times(20));
    sum.ends
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![2 => Just(Deed::Hold), 3 => Just(Deed::Resume), 2 => Just(Deed::Speak), 1 => Just(Deed::Restart)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_wait_ends_when_the_sum_says(
        lengths in prop::collection::vec(prop_oneof![1 => Just(0i64), 4 => 1000..7_200_000i64, 2 => Just(3_600_000), 1 => 80_000_000..300_000_000i64], 1..6),
        deeds in prop::collection::vec((prop_oneof![0..3_000_000i64, Just(3_600_000), Just(0), 0..40_000_000i64], deed()), 0..12),
    ) {
        prop_assert_eq!(played(&lengths, &deeds), by_hand(&lengths, &deeds));
    }
}
