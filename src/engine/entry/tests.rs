//! Re-entry and limits, one by one and against a naive model.

use super::*;
use crate::base::id::{ContactId, Id, Shard};
use crate::model::document::read_text;
use proptest::prelude::*;

fn id<T: Id>(n: u64) -> T {
    T::new(Shard(0), n)
}

fn node(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

fn flow(reentry: Reentry) -> Flow {
    let text = r#"{"flusso":1,"name":"Prova","nodes":[
        {"id":"k1","kind":"keyword","phrases":[{"text":"a","match":"exact"}],"exits":{"next":"m1"}},
        {"id":"k2","kind":"keyword","phrases":[{"text":"b","match":"exact"}],"exits":{"next":"m2"}},
        {"id":"k3","kind":"keyword","phrases":[{"text":"c","match":"exact"}]},
        {"id":"m1","kind":"message","text":"1"},{"id":"m2","kind":"message","text":"2"}]}"#;
    Flow { reentry, ..read_text(text).expect("a flow") }
}

/// One contact and one flow through time: what an executor keeps between starts.
struct Life {
    flow: Flow,
    enabled: bool,
    contact: Contact,
    inside: Vec<Run>,
    elsewhere: usize,
    passage: Passage,
    minted: u64,
}

impl Life {
    fn new(reentry: Reentry) -> Life {
        Life {
            flow: flow(reentry),
            enabled: true,
            contact: Contact::new(id::<ContactId>(1), Time(0)),
            inside: Vec::new(),
            elsewhere: 0,
            passage: Passage::default(),
            minted: 0,
        }
    }

    fn start(&mut self, now: Time, change: impl FnOnce(&mut Start)) -> Entry {
        self.minted += 1;
        let mut start = Start {
            id: id(self.minted),
            channel: id(1),
            origin: Origin::Api,
            at: None,
            variables: Values::new(),
            depth: 0,
            caller: None,
            seed: 9,
            heard: None,
        };
        change(&mut start);
        let variables = start.variables.clone();
        let target = Target { id: id(1), version: 3, flow: &self.flow, enabled: self.enabled };
        let runs_in_all = self.inside.len() + self.elsewhere;
        let visitor = Visitor { contact: &self.contact, inside: &self.inside, runs_in_all, passage: &self.passage };
        let entry = enter(&target, &visitor, start, now, |name| variables.get(name.strip_prefix("run.")?).cloned());
        self.passage = entry.passage.clone();
        self.inside.retain(|run| !entry.ends.contains(&run.id));
        self.inside.extend(entry.run.clone());
        entry
    }

    fn at(&mut self, ms: i64) -> StartOutcome {
        self.start(Time(ms), |_| {}).outcome
    }

    fn keyed(&mut self, key: &str) -> StartOutcome {
        self.start(Time(0), |start| start.variables = [("order".to_owned(), Value::from(key))].into()).outcome
    }
}

#[test]
fn a_run_begins_where_its_trigger_leads_or_at_the_start() {
    let mut life = Life::new(Reentry::Keep);
    let from = |life: &mut Life, change: fn(&mut Start)| {
        life.inside.clear();
        life.start(Time(5), change).run.map(|run| run.phase)
    };
    assert_eq!(from(&mut life, |_| {}), Some(Phase::Ready(node("m1"))));
    assert_eq!(from(&mut life, |start| start.origin = Origin::Trigger(node("k2"))), Some(Phase::Ready(node("m2"))));
    assert_eq!(from(&mut life, |start| start.at = Some(node("m2"))), Some(Phase::Ready(node("m2"))));
    assert_eq!(from(&mut life, |start| start.at = Some(node("gone"))), None);
    assert_eq!(from(&mut life, |start| start.origin = Origin::Trigger(node("k3"))), None);
    life.flow.start = Some(node("gone"));
    let entry = life.start(Time(5), |_| {});
    assert_eq!(entry.outcome, StartOutcome::Blocked);
    assert_eq!(entry.reason.as_deref(), Some("The flow \"Prova\" has no node to begin at."));
}

#[test]
fn a_new_run_carries_what_it_was_given_and_nothing_else() {
    let mut life = Life::new(Reentry::Keep);
    let entry = life.start(Time(5), |start| {
        start.origin = Origin::Launch(id(77));
        start.variables = [("order".to_owned(), Value::from("7"))].into();
        (start.depth, start.caller) = (2, Some(id(77)));
    });
    let run = entry.run.expect("a run");
    assert_eq!((run.id, run.contact, run.flow, run.version, run.sequence), (id(1), id(1), id(1), 3, 0));
    assert_eq!((run.depth, run.caller, run.started, run.key), (2, Some(id(77)), Time(5), None));
    assert_eq!(run.variables["order"], Value::from("7"));
    assert_eq!((entry.passage.starts, entry.passage.last_start), (vec![Time(5)], Some(Time(5))));
}

#[test]
fn unticked_the_run_stays_and_the_try_is_noted() {
    let mut life = Life::new(Reentry::Keep);
    assert_eq!(life.at(0), StartOutcome::Started);
    let before = (life.inside.clone(), life.passage.clone());
    let entry = life.start(Time(9), |_| {});
    assert_eq!((entry.outcome, entry.kept, entry.run), (StartOutcome::Kept, Some(id(1)), None));
    assert!(entry.reason.is_some() && entry.ends.is_empty());
    assert_eq!((life.inside.clone(), life.passage.clone()), before);
    life.inside.clear();
    assert_eq!(life.at(10), StartOutcome::Started);
}

#[test]
fn a_held_run_is_inside_and_an_ended_one_is_not() {
    let mut life = Life::new(Reentry::Keep);
    life.at(0);
    life.inside[0].state = RunState::Held { since: Time(1) };
    assert_eq!(life.at(2), StartOutcome::Kept);
    life.inside[0].state = RunState::Ended { how: crate::model::run::EndedAs::Finished, at: Time(3), word: None };
    assert_eq!(life.at(4), StartOutcome::Started);
}

#[test]
fn a_run_of_another_flow_is_not_inside_this_one() {
    let mut life = Life::new(Reentry::Restart);
    life.at(0);
    life.inside[0].flow = id(2);
    assert_eq!(life.at(1), StartOutcome::Started);
}

#[test]
fn ticked_the_run_ends_and_a_new_one_begins() {
    let mut life = Life::new(Reentry::Restart);
    life.at(0);
    let entry = life.start(Time(9), |start| start.origin = Origin::Trigger(node("k2")));
    assert_eq!((entry.outcome, entry.ends), (StartOutcome::Restarted, vec![id(1)]));
    assert_eq!(life.inside.len(), 1);
    assert_eq!(life.inside[0].phase, Phase::Ready(node("m2")));
}

#[test]
fn once_is_once_or_once_in_a_while() {
    let mut ever = Life::new(Reentry::Once(None));
    assert_eq!(ever.at(0), StartOutcome::Started);
    ever.inside.clear();
    assert_eq!(ever.start(Time(0) + Span::DAY.times(900), |_| {}).kept, None);
    assert_eq!(ever.at(Span::DAY.times(900).0), StartOutcome::Kept);
    let mut often = Life::new(Reentry::Once(Some(Span::DAY)));
    assert_eq!((often.at(0), often.at(Span::DAY.0)), (StartOutcome::Started, StartOutcome::Kept), "it is still inside");
    often.inside.clear();
    assert_eq!((often.at(Span::DAY.0 - 1), often.at(Span::DAY.0)), (StartOutcome::Kept, StartOutcome::Started));
}

#[test]
fn in_parallel_each_key_has_one_run() {
    let mut life = Life::new(Reentry::Parallel("run.order".to_owned()));
    assert_eq!(["7", "8", " 7 ", ""].map(|key| life.keyed(key)), {
        use StartOutcome::{Kept, Started};
        [Started, Started, Kept, Started]
    });
    assert_eq!(life.at(0), StartOutcome::Kept, "runs without a key are one lane");
    assert_eq!(life.inside.iter().map(|run| run.key.as_deref()).collect::<Vec<_>>(), [Some("7"), Some("8"), None]);
}

#[test]
fn a_flow_that_ran_in_parallel_before_an_edit_keeps_or_ends_all_its_runs() {
    let mut life = Life::new(Reentry::Parallel("run.order".to_owned()));
    assert_eq!(["7", "8"].map(|key| life.keyed(key)), [StartOutcome::Started; 2]);
    life.flow.reentry = Reentry::Keep;
    assert_eq!(life.start(Time(0), |_| {}).kept, Some(id(2)));
    life.flow.reentry = Reentry::Restart;
    assert_eq!(life.start(Time(0), |_| {}).ends, [id(1), id(2)]);
}

#[test]
fn who_is_blocked_or_wants_nothing_enters_nowhere() {
    let mut life = Life::new(Reentry::Keep);
    life.contact.consent.state = ConsentState::OptedOut;
    assert_eq!(life.at(0), StartOutcome::OptedOut);
    life.contact.blocked = true;
    assert_eq!(life.at(0), StartOutcome::Blocked);
    assert_eq!(life.passage, Passage::default());
}

#[test]
fn a_disabled_flow_starts_nothing() {
    let mut life = Life::new(Reentry::Restart);
    life.enabled = false;
    let entry = life.start(Time(0), |_| {});
    assert_eq!((entry.outcome, entry.run), (StartOutcome::Blocked, None));
}

#[test]
fn launches_go_eight_deep() {
    let mut life = Life::new(Reentry::Restart);
    assert_eq!(life.start(Time(0), |start| start.depth = LAUNCH_DEPTH_MAX).outcome, StartOutcome::Started);
    let entry = life.start(Time(0), |start| start.depth = LAUNCH_DEPTH_MAX + 1);
    assert_eq!((entry.outcome, entry.ends), (StartOutcome::Blocked, Vec::new()));
}

#[test]
fn a_flow_starts_twenty_times_an_hour_for_one_contact() {
    let mut life = Life::new(Reentry::Restart);
    let minute = Span::MINUTE.0;
    for n in 0..20 {
        assert_ne!(life.at(n * minute), StartOutcome::Blocked, "{n}");
    }
    let entry = life.start(Time(20 * minute), |_| {});
    assert_eq!((entry.outcome, entry.ends.len(), entry.passage.starts.len()), (StartOutcome::Blocked, 0, 20));
    assert!(entry.reason.expect("a sentence").contains("20 times"));
    assert_eq!(life.at(60 * minute - 1), StartOutcome::Blocked);
    assert_eq!(life.at(60 * minute), StartOutcome::Restarted);
    assert_eq!(life.passage.starts.len(), 20, "older ones are forgotten");
}

#[test]
fn a_kept_run_uses_up_no_starts() {
    let mut life = Life::new(Reentry::Keep);
    for n in 0..40 {
        assert_ne!(life.at(n), StartOutcome::Blocked, "{n}");
    }
}

#[test]
fn a_contact_is_in_a_thousand_runs_at_most() {
    let mut life = Life::new(Reentry::Restart);
    life.elsewhere = RUNS_PER_CONTACT_MAX - 1;
    assert_eq!(life.at(0), StartOutcome::Started);
    assert_eq!(life.at(1), StartOutcome::Restarted, "the one that ends makes room");
    life.inside.clear();
    life.elsewhere = RUNS_PER_CONTACT_MAX;
    assert_eq!(life.at(2), StartOutcome::Blocked);
}

#[test]
fn a_trigger_that_fired_is_remembered_for_its_cooldown() {
    let mut life = Life::new(Reentry::Keep);
    life.start(Time(7), |start| start.origin = Origin::Trigger(node("k1")));
    life.start(Time(8), |start| start.origin = Origin::Trigger(node("k2")));
    assert_eq!(life.passage.fired, [(node("k1"), Time(7))].into(), "a try that changed nothing did not fire");
}

/// The same rules told naively: the whole past as one list.
#[derive(Default)]
struct Model {
    past: Vec<(Time, Option<String>, bool)>,
}

impl Model {
    fn start(&mut self, reentry: &Reentry, key: Option<String>, now: Time) -> StartOutcome {
        let parallel = matches!(reentry, Reentry::Parallel(_));
        let key = key.filter(|_| parallel);
        let live = self.past.iter().filter(|(_, other, live)| *live && (!parallel || *other == key)).count();
        let last = self.past.last().map(|(at, _, _)| *at);
        let keeps = match reentry {
            Reentry::Restart => false,
            Reentry::Keep | Reentry::Parallel(_) => live > 0,
            Reentry::Once(None) => last.is_some(),
            Reentry::Once(Some(after)) => live > 0 || last.is_some_and(|last| now.0 - last.0 < after.0),
        };
        if keeps {
            return StartOutcome::Kept;
        }
        if self.past.iter().filter(|(at, _, _)| now.0 - at.0 < 3_600_000).count() >= 20 {
            return StartOutcome::Blocked;
        }
        for (_, other, alive) in &mut self.past {
            *alive &= parallel && *other != key;
        }
        self.past.push((now, key, true));
        if live > 0 { StartOutcome::Restarted } else { StartOutcome::Started }
    }

    fn end(&mut self, nth: usize) {
        if let Some((_, _, alive)) = self.past.iter_mut().filter(|(_, _, alive)| *alive).nth(nth) {
            *alive = false;
        }
    }
}

#[derive(Clone, Debug)]
enum Deed {
    Start(u8),
    End(usize),
    Pass(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0u8..4).prop_map(Deed::Start),
        1 => (0usize..3).prop_map(Deed::End),
        2 => (0i64..1_500_000).prop_map(Deed::Pass),
    ];
    prop::collection::vec(deed, 0..80)
}

fn reentries() -> impl Strategy<Value = Reentry> {
    prop_oneof![
        Just(Reentry::Keep),
        Just(Reentry::Restart),
        Just(Reentry::Once(None)),
        Just(Reentry::Once(Some(Span::HOUR))),
        Just(Reentry::Parallel("run.order".to_owned())),
    ]
}

proptest! {
    // A case worth keeping is written above as a sentence, not into a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn entry_agrees_with_a_naive_model(reentry in reentries(), deeds in deeds()) {
        let (mut life, mut model, mut now) = (Life::new(reentry.clone()), Model::default(), Time(0));
        for deed in deeds {
            match deed {
                Deed::Pass(ms) => now = now + Span(ms),
                Deed::End(nth) => {
                    model.end(nth);
                    if nth < life.inside.len() {
                        life.inside.remove(nth);
                    }
                }
                Deed::Start(key) => {
                    // Key 0 is none.
                    let key = (key > 0).then(|| key.to_string());
                    let variables = key.iter().map(|key| ("order".to_owned(), Value::from(key.as_str()))).collect();
                    let entry = life.start(now, |start| start.variables = variables);
                    prop_assert_eq!(entry.outcome, model.start(&reentry, key, now));
                }
            }
            let mut keys: Vec<_> = life.inside.iter().map(|run| run.key.clone()).collect();
            keys.sort();
            keys.dedup();
            prop_assert_eq!(keys.len(), life.inside.len(), "one live run for each key");
        }
    }

    #[test]
    fn two_triggers_in_one_batch_give_one_run(restart in any::<bool>(), order in Just(vec!["k1", "k2", "k1", "k2"]).prop_shuffle()) {
        let mut life = Life::new(if restart { Reentry::Restart } else { Reentry::Keep });
        for trigger in order {
            life.start(Time(0), |start| start.origin = Origin::Trigger(node(trigger)));
            prop_assert_eq!(life.inside.len(), 1);
        }
    }
}

#[test]
fn who_left_is_started_by_their_leaving_alone() {
    let mut life = Life::new(Reentry::Keep);
    life.contact.consent.state = ConsentState::OptedOut;
    let event = r#"{"flusso":1,"name":"Prova","nodes":[
        {"id":"k1","kind":"event","on":"opted_out","exits":{"next":"m1"}},
        {"id":"k2","kind":"event","on":"tag_added","exits":{"next":"m1"}},
        {"id":"m1","kind":"message","text":"1"}]}"#;
    life.flow = read_text(event).expect("a flow");
    let by = |life: &mut Life, trigger: &str| life.start(Time(0), |start| start.origin = Origin::Trigger(node(trigger))).outcome;
    assert_eq!((by(&mut life, "k2"), life.at(0)), (StartOutcome::OptedOut, StartOutcome::OptedOut));
    assert_eq!(by(&mut life, "k1"), StartOutcome::Started);
}

#[test]
fn a_guard_says_that_it_was_one_and_a_switch_does_not() {
    let mut life = Life::new(Reentry::Restart);
    let deep = life.start(Time(0), |start| start.depth = LAUNCH_DEPTH_MAX + 1);
    assert!(deep.guarded && deep.outcome == StartOutcome::Blocked);
    for _ in 0..STARTS_PER_HOUR_MAX {
        assert_eq!(life.at(0), if life.minted == 2 { StartOutcome::Started } else { StartOutcome::Restarted });
    }
    assert!(life.start(Time(0), |_| {}).guarded);
    life.contact.automations = Automations::Off;
    let off = life.start(Time(0), |_| {});
    assert_eq!(
        (off.outcome, off.guarded, off.reason.as_deref()),
        (StartOutcome::Blocked, false, Some("Automations are off for this contact."))
    );
}
