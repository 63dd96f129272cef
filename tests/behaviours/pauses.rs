//! A flow that is disabled and enabled again: what becomes of the waits by each choice, and that neither an end of the program nor an asker
//! who goes away leaves anybody behind.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use flusso::base::address::ChannelKind;
use flusso::base::id::FlowId;
use flusso::base::time::{Span, Time};
use flusso::executor::control::flow_runs::{Overdue, Running};
use flusso::executor::control::runs::{ContactRef, StartRequest};
use flusso::executor::occasions::rounds::{begin_runs, finish_carrying};
use flusso::executor::{Executor, advance};
use flusso::model::action::{ActionId, Verb};
use flusso::model::carry::Carry;
use flusso::model::document;
use flusso::model::event::Event;
use flusso::model::flow::FlowState;
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run::Origin;
use flusso::model::value::Values;
use flusso::store::seal::SealKey;
use flusso::store::{Store, flows, rounds, runs};
use futures_util::FutureExt;
use serde_json::Map;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const WAITS: &str = r#"{"flusso": 1, "name": "Attese", "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
    {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "1h", "exits": {"elapsed": "m2"}},
    {"id": "m2", "kind": "message", "text": "Due"}]}"#;

fn after(minutes: i64) -> Time {
    MORNING + Span::MINUTE.times(minutes)
}

fn put(heart: &mut Heart, flow: FlowId, state: FlowState, carry: Option<&Carry>) {
    heart
        .change(|desk| {
            let mut head = flows::head(&desk.work, flow)?.unwrap();
            head.state = state;
            flows::put_head(&mut desk.work, &head)?;
            desk.facts_changed = true;
            begin_runs(desk, flow, carry)
        })
        .unwrap();
}

fn reopened(heart: Heart, disk: &Arc<Ram>, now: Time) -> Heart {
    drop(heart);
    Heart::open(Store::on_disk(Ram::of(disk.bytes()), &OPTIONS).unwrap(), now).unwrap()
}

/// Four people begin 0, 10, 20 and 55 minutes after the morning; the flow is off from 60 to 150. Who got what, and when in minutes.
fn told(overdue: Overdue, crash: bool) -> Vec<(String, String, i64)> {
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(WAITS).unwrap();
    let mut ledger = Ledger::default();
    for (place, minutes) in [0, 10, 20, 55].into_iter().enumerate() {
        heart.pass(after(minutes), &mut ledger).unwrap();
        let from = format!("39333000000{place}");
        heart.webhook(&says(&from, heart.now, &[(&format!("wamid.{place}"), "via")])).unwrap();
    }
    heart.pass(after(60), &mut ledger).unwrap();
    put(&mut heart, flow, FlowState::Disabled { since: after(60) }, None);
    heart.pass(after(150), &mut ledger).unwrap();
    assert!(ledger.sent.is_empty(), "nothing goes out while it is off");
    put(&mut heart, flow, FlowState::Enabled, Some(&Carry::Wake { since: after(60), overdue }));
    if crash {
        heart = reopened(heart, &disk, after(150));
    }
    while heart.change(finish_carrying).unwrap() {}
    heart.pass(MORNING + DAY, &mut ledger).unwrap();
    let mut told: Vec<_> = ledger
        .sent
        .iter()
        .map(|sent| (sent.to.chars().last().unwrap().to_string(), sent.text.clone(), sent.at.since(MORNING).0 / 1000))
        .collect();
    told.sort();
    told
}

/// Who, what, and when: hours, minutes and seconds from the morning.
fn list(lines: &[(&str, &str, &str)]) -> Vec<(String, String, i64)> {
    let seconds = |at: &str| at.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().unwrap());
    lines.iter().map(|(who, what, at)| ((*who).to_owned(), (*what).to_owned(), seconds(at))).collect()
}

#[test]
fn enabling_shifts_by_the_pause_spreads_what_is_overdue_or_drops_it_also_where_the_program_ends_in_between() {
    let shifted = list(&[
        ("0", "Due", "4:30:00"),
        ("0", "Uno", "3:30:00"),
        ("1", "Due", "4:40:00"),
        ("1", "Uno", "3:40:00"),
        ("2", "Due", "4:50:00"),
        ("2", "Uno", "3:50:00"),
        ("3", "Due", "5:25:00"),
        ("3", "Uno", "4:25:00"),
    ]);
    let spread = list(&[
        ("0", "Due", "3:30:00"),
        ("0", "Uno", "2:30:00"),
        ("1", "Due", "3:30:05"),
        ("1", "Uno", "2:30:05"),
        ("2", "Due", "3:30:10"),
        ("2", "Uno", "2:30:10"),
        ("3", "Due", "3:55:00"),
        ("3", "Uno", "2:55:00"),
    ]);
    let dropped = list(&[
        ("0", "Due", "3:30:00"),
        ("1", "Due", "3:30:00"),
        ("2", "Due", "3:30:00"),
        ("3", "Due", "3:55:00"),
        ("3", "Uno", "2:55:00"),
    ]);
    for (overdue, expected) in [(Overdue::Shift, shifted), (Overdue::Spread, spread), (Overdue::Drop, dropped)] {
        for crash in [false, true] {
            assert_eq!(told(overdue, crash), expected, "{overdue:?}, crash {crash}");
        }
    }
}

#[test]
fn a_wait_that_began_during_the_pause_is_longer_by_the_rest_of_it_alone() {
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(WAITS).unwrap();
    let mut ledger = Ledger::default();
    heart.webhook(&says("393330000000", MORNING, &[("wamid.1", "via")])).unwrap();
    heart.pass(after(60), &mut ledger).unwrap();
    put(&mut heart, flow, FlowState::Disabled { since: after(60) }, None);
    heart.pass(after(90), &mut ledger).unwrap();
    let run = runs::live_of_flow(&heart.reader.view().unwrap(), flow, None, 1).unwrap()[0].id;
    let now = Verb::SendNow(ActionId { node: NodeId("m1".to_owned()), visit: 1 });
    heart.change(|desk| advance::happen(desk, run, &Event::Verb(now, By::System))).unwrap();
    heart.pass(after(120), &mut ledger).unwrap();
    put(&mut heart, flow, FlowState::Enabled, Some(&Carry::Wake { since: after(60), overdue: Overdue::Shift }));
    while heart.change(finish_carrying).unwrap() {}
    heart.pass(MORNING + DAY, &mut ledger).unwrap();
    let sent: Vec<_> = ledger.sent.iter().map(|sent| (sent.text.as_str(), sent.at)).collect();
    assert_eq!(sent, [("Uno", after(90)), ("Due", after(180))], "an hour from when a person sent it, and the half that was off");
}

/// Four people begin at the morning, two of them by the word that waits long; the flow, with this window at its short wait, is off until `on`.
/// Who got the message, and when.
fn told_of_four(overdue: Overdue, window: &str, on: i64) -> Vec<(char, Span)> {
    let flow = format!(
        r#"{{"flusso": 1, "name": "Attese", "nodes": [
        {{"id": "k1", "kind": "keyword", "phrases": [{{"text": "via", "match": "exact"}}], "exits": {{"next": "w1"}}}},
        {{"id": "k2", "kind": "keyword", "phrases": [{{"text": "lungo", "match": "exact"}}], "exits": {{"next": "w2"}}}},
        {{"id": "w1", "kind": "wait", "for": "2h"{window}, "exits": {{"elapsed": "m1"}}}},
        {{"id": "w2", "kind": "wait", "for": "90d"}},
        {{"id": "m1", "kind": "message", "text": "Uno"}}]}}"#
    );
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(&flow).unwrap();
    for (place, word) in ["lungo", "via", "lungo", "via"].into_iter().enumerate() {
        heart.webhook(&says(&format!("39333000000{place}"), MORNING, &[(&format!("wamid.{place}"), word)])).unwrap();
    }
    let mut ledger = Ledger::default();
    heart.pass(after(60), &mut ledger).unwrap();
    put(&mut heart, flow, FlowState::Disabled { since: after(60) }, None);
    heart.pass(after(on), &mut ledger).unwrap();
    put(&mut heart, flow, FlowState::Enabled, Some(&Carry::Wake { since: after(60), overdue }));
    while heart.change(finish_carrying).unwrap() {}
    heart.pass(MORNING + DAY + DAY, &mut ledger).unwrap();
    ledger.sent.iter().map(|sent| (sent.to.chars().last().unwrap(), sent.at.since(MORNING))).collect()
}

#[test]
fn what_is_spread_waits_for_those_who_are_late_and_for_nobody_else() {
    let half_past_two = Span::MINUTE.times(150);
    assert_eq!(told_of_four(Overdue::Spread, "", 150), [('1', half_past_two), ('3', Span(half_past_two.0 + 5_000))]);
}

#[test]
fn what_an_enabling_shifts_or_spreads_obeys_the_window_of_its_wait() {
    let opening = Span::HOUR.times(23);
    let window = r#", "window": {"days": "all", "from": "08:00", "to": "18:00"}"#;
    assert_eq!(
        told_of_four(Overdue::Spread, window, 660),
        [('1', opening), ('3', Span(opening.0 + 5_000))],
        "one after the other, from the opening"
    );
    assert_eq!(told_of_four(Overdue::Shift, window, 660), [('1', opening), ('3', opening)]);
}

/// More people than one commit changes, inside a flow that is off; what they waited for is long overdue.
fn crowd(heart: &mut Heart) -> FlowId {
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(WAITS).unwrap();
    for number in 0..510 {
        heart.webhook(&says(&format!("39333{number:07}"), MORNING, &[(&format!("wamid.{number}"), "via")])).unwrap();
    }
    put(heart, flow, FlowState::Disabled { since: after(1) }, None);
    heart.now = after(300);
    flow
}

#[test]
fn more_people_than_one_commit_changes_go_on_one_after_the_other_and_an_end_in_the_middle_leaves_no_gap() {
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING).unwrap();
    let flow = crowd(&mut heart);
    put(&mut heart, flow, FlowState::Enabled, Some(&Carry::Wake { since: after(1), overdue: Overdue::Spread }));
    assert!(heart.change(finish_carrying).unwrap());
    let mut heart = reopened(heart, &disk, after(300));
    while heart.change(finish_carrying).unwrap() {}
    let view = heart.reader.view().unwrap();
    let mut due: Vec<i64> = runs::live_of_flow(&view, flow, None, 1000)
        .unwrap()
        .iter()
        .map(|run| run.timer().expect("it waits").0.since(after(300)).0 / 1000)
        .collect();
    due.sort_unstable();
    assert_eq!(due, (0..510).map(|place| place * 5).collect::<Vec<_>>());
}

#[test]
fn those_behind_the_first_commit_of_an_enabling_stay_asleep_until_it_comes_to_them() {
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    let flow = crowd(&mut heart);
    put(&mut heart, flow, FlowState::Enabled, Some(&Carry::Wake { since: after(1), overdue: Overdue::Shift }));
    assert!(heart.change(finish_carrying).unwrap());
    let mut ledger = Ledger::default();
    heart.pass(after(300), &mut ledger).unwrap();
    assert!(ledger.sent.is_empty(), "what was overdue for the last ten is theirs to get later, not at once");
    while heart.change(finish_carrying).unwrap() {}
    heart.pass(after(430), &mut ledger).unwrap();
    assert_eq!(ledger.sent.iter().map(|sent| sent.at).collect::<Vec<_>>(), vec![after(419); 510]);
}

/// An appliance at rest, with one person inside an enabled flow. Nothing goes on in it but what it is asked.
pub(super) async fn at_rest() -> (Executor, flusso::executor::Running, FlowId) {
    let (executor, running) = Executor::at_rest(Store::memory().unwrap(), SealKey::new([7; 32])).unwrap();
    let channel = executor.create_channel(By::System, ChannelKind::Simulator, "Sim", Map::new()).await.unwrap().id;
    let flow = executor.create_flow(By::System, document::read_text(WAITS).unwrap(), true).await.unwrap().id;
    let contact = ContactRef::At { channel, address: "anna".to_owned(), name: None };
    let request = StartRequest { flow, contact, variables: Values::new(), origin: Origin::Api };
    executor.start_run(By::System, request).await.unwrap().run.expect("it began");
    (executor, running, flow)
}

/// Lets somebody ask for something while the writer is busy, and go away before it is answered.
pub(super) async fn asked_and_gone<T>(executor: &Executor, deed: impl Future<Output = T>) {
    let (go_on, busy) = std::sync::mpsc::channel::<()>();
    let mut before = Box::pin(executor.line.change(move |_| {
        let _ = busy.recv();
        Ok(())
    }));
    assert!((&mut before).now_or_never().is_none() && deed.now_or_never().is_none(), "it takes a moment");
    drop(go_on);
    before.await.unwrap();
    executor.line.change(|_| Ok(())).await.unwrap();
}

/// What was begun for those inside any flow is done.
pub(super) async fn finish(executor: &Executor) {
    while executor.line.change(finish_carrying).await.unwrap() {}
}

/// How many are inside, and in which version.
pub(super) fn inside(executor: &Executor, flow: FlowId) -> Vec<u32> {
    runs::live_of_flow(&executor.view().unwrap(), flow, None, 10).unwrap().iter().map(|run| run.version).collect()
}

#[tokio::test]
async fn an_asker_who_goes_away_leaves_what_was_asked_for_those_inside_to_be_done() {
    let (executor, _running, flow) = at_rest().await;
    let open = |executor: &Executor| rounds::first_of_runs(&executor.view().unwrap()).unwrap().is_some();
    let mut second = document::read_text(WAITS).unwrap();
    second.nodes[2].title = Some("Primo".to_owned());
    asked_and_gone(&executor, executor.save_flow(By::System, flow, second, Running::Move)).await;
    assert!(open(&executor), "the save itself is done, and what it means for those inside is noted");
    finish(&executor).await;
    assert_eq!(inside(&executor, flow), [2]);
    executor.pause_flow(By::System, flow).await.unwrap();
    asked_and_gone(&executor, executor.enable_flow(By::System, flow, Overdue::Shift)).await;
    assert!(!open(&executor), "the first five hundred go on in the very change that enables the flow");
    asked_and_gone(&executor, executor.bin_flow(By::System, flow)).await;
    assert!(open(&executor));
    finish(&executor).await;
    assert!(!open(&executor) && inside(&executor, flow).is_empty(), "nobody stays in a flow that is in the bin");
}

#[tokio::test]
async fn a_flow_deleted_for_good_at_once_leaves_nobody_inside() {
    let (executor, _running, flow) = at_rest().await;
    asked_and_gone(&executor, executor.bin_flow(By::System, flow)).await;
    assert_eq!(inside(&executor, flow), [1], "they are still to be stopped");
    executor.purge_flow(By::System, flow).await.unwrap();
    assert!(inside(&executor, flow).is_empty());
}

#[tokio::test]
async fn a_start_finishes_what_was_begun_for_those_inside_before_anything_falls_due() {
    let disk = Ram::of(born());
    let long_ago = MORNING - Span::DAY.times(300);
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), long_ago).unwrap();
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(WAITS).unwrap();
    heart.webhook(&says("393330000000", long_ago, &[("wamid.1", "via")])).unwrap();
    let carry = Carry::Move { by: By::System, version: 1, ways: BTreeMap::new() };
    put(&mut heart, flow, FlowState::Binned { since: long_ago }, Some(&Carry::Stop { reason: "It was deleted.".to_owned() }));
    put(&mut heart, flow, FlowState::Enabled, Some(&carry));
    drop(heart);
    let (executor, _running) =
        Executor::start(Store::on_disk(Ram::of(disk.bytes()), &OPTIONS).unwrap(), SealKey::new([7; 32])).await.unwrap();
    assert!(rounds::first_of_runs(&executor.view().unwrap()).unwrap().is_none());
    assert!(inside(&executor, flow).is_empty(), "it was stopped, and its wait of long ago said nothing");
}
