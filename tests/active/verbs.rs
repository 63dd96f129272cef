//! What a person does to the pending action and to later ones stands through crashes, and each message goes out once, or not at all as
//! was promised: compared with a model that knows no flow, no timers and no disk.

use super::{Scene, person};
use crate::kit::heart::MORNING;
use flusso::base::id::RunId;
use flusso::base::time::{Span, Time};
use flusso::model::action::{ActionId, Verb};
use flusso::model::node::NodeId;
use flusso::model::run_match::StateWord;
use proptest::prelude::*;

const FLOW: &str = r#"{"flusso": 1, "name": "Seguito", "start": "m0", "nodes": [
    {"id": "m0", "kind": "message", "text": "Eccomi", "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
    {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m2"}},
    {"id": "m2", "kind": "message", "text": "Due"}]}"#;
/// The two messages that come by themselves.
const NODES: [&str; 2] = ["m1", "m2"];

#[derive(Clone, Debug)]
enum Act {
    Pass(i64),
    Crash,
    Hold,
    Resume,
    SendNow,
    Skip(usize),
    Remove(usize),
    Move(i64),
    HoldAction(usize),
    Release(usize),
    Undo(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let which = || 0..2_usize;
    prop_oneof![
        4 => (1..90_i64).prop_map(Act::Pass),
        2 => Just(Act::Crash),
        1 => Just(Act::Hold),
        2 => Just(Act::Resume),
        1 => Just(Act::SendNow),
        1 => which().prop_map(Act::Skip),
        1 => which().prop_map(Act::Remove),
        2 => (0..300_i64).prop_map(Act::Move),
        1 => which().prop_map(Act::HoldAction),
        2 => which().prop_map(Act::Release),
        1 => which().prop_map(Act::Undo),
    ]
}

/// What a person changed on one of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Changed {
    due: Option<Time>,
    held: bool,
    skip: bool,
    remove: bool,
}

/// The naive run: which of the two is next, since when it is waited for, and what was changed.
#[derive(Debug)]
struct Model {
    now: Time,
    next: usize,
    since: Time,
    held: bool,
    changed: [Changed; 2],
    sent: Vec<(Time, usize)>,
}

impl Model {
    fn due(&self) -> Option<Time> {
        let own = self.changed.get(self.next)?;
        (!own.held && !self.held).then(|| own.due.unwrap_or(self.since + Span::HOUR.times(2)))
    }

    /// The next one is done, or passed over, at a time. One that was skipped before its turn has no wait either.
    fn go_on(&mut self, at: Time, send: bool) {
        if send {
            self.sent.push((at, self.next));
        }
        (self.next, self.since) = (self.next + 1, at);
        if self.changed.get(self.next).is_some_and(|changed| changed.skip) {
            self.go_on(at, false);
        }
    }

    fn pass(&mut self, until: Time) {
        while let Some(due) = self.due().filter(|due| *due <= until) {
            let send = !self.changed[self.next].remove;
            self.go_on(due.max(self.now), send);
        }
        self.now = until;
    }

    fn over(&self) -> bool {
        self.next > 1
    }

    /// Does an act; false where it is refused.
    fn act(&mut self, act: &Act) -> bool {
        let ahead = |model: &Model, which: usize| !model.over() && which >= model.next;
        match *act {
            Act::Pass(_) | Act::Crash => {}
            Act::Hold => self.held = !self.over(),
            Act::Resume => self.held = false,
            Act::SendNow if !self.over() && !self.held => {
                let send = !(self.changed[self.next].remove || self.changed[self.next].skip);
                self.go_on(self.now, send);
            }
            Act::Skip(which) if ahead(self, which) && which == self.next && !self.held => self.go_on(self.now, false),
            Act::Skip(which) if ahead(self, which) && which > self.next => {
                (self.changed[which].skip, self.changed[which].remove, self.changed[which].held) = (true, false, false);
            }
            Act::Remove(which) if ahead(self, which) => {
                (self.changed[which].remove, self.changed[which].skip, self.changed[which].held) = (true, false, false);
            }
            Act::Move(minutes) if !self.over() => self.changed[self.next].due = Some(self.now + Span::MINUTE.times(minutes)),
            Act::HoldAction(which) if ahead(self, which) => self.changed[which].held = true,
            Act::Release(which) if ahead(self, which) => self.changed[which].held = false,
            Act::Undo(which) if ahead(self, which) => self.changed[which] = Changed::default(),
            _ => return false,
        }
        true
    }
}

fn verb_of(act: &Act, model: &Model) -> Option<Verb> {
    let of = |which: usize| ActionId { node: NodeId(NODES[which.min(1)].to_owned()), visit: 1 };
    Some(match *act {
        Act::Pass(_) | Act::Crash => return None,
        Act::Hold => Verb::Hold,
        Act::Resume => Verb::Resume,
        Act::SendNow => Verb::SendNow(of(model.next)),
        Act::Skip(which) => Verb::Skip(of(which)),
        Act::Remove(which) => Verb::Remove(of(which)),
        Act::Move(minutes) => Verb::Move { action: of(model.next), due: model.now + Span::MINUTE.times(minutes), following_keep: false },
        Act::HoldAction(which) => Verb::HoldAction(of(which)),
        Act::Release(which) => Verb::ReleaseAction(of(which)),
        Act::Undo(which) => Verb::Undo(of(which)),
    })
}

fn sent(scene: &Scene) -> Vec<(Time, String)> {
    scene.ledger.sent.iter().skip(1).map(|sent| (sent.at, sent.text.clone())).collect()
}

fn play(acts: &[Act]) -> Result<(), TestCaseError> {
    let mut scene = Scene::new(FLOW);
    let body = crate::kit::heart::says(&person(1), MORNING, &[("wamid.1", "salve")]);
    scene.heart.webhook(&body).unwrap();
    scene.start(&[person(1)]);
    scene.pass(MORNING);
    let run: RunId = scene.live()[0].id;
    let mut model = Model { now: MORNING, next: 0, since: MORNING, held: false, changed: Default::default(), sent: Vec::new() };
    for act in acts {
        if let Some(verb) = verb_of(act, &model) {
            scene.verb(run, verb);
            model.act(act);
        }
        let until = if let Act::Pass(minutes) = act { model.now + Span::MINUTE.times(*minutes) } else { model.now };
        if matches!(act, Act::Crash) {
            scene.crash();
        }
        model.pass(until);
        scene.pass(until);
        let expected: Vec<_> = model.sent.iter().map(|(at, which)| (*at, ["Uno", "Due"][*which].to_owned())).collect();
        prop_assert_eq!(sent(&scene), expected, "after {:?} of {:?}", act, acts);
        let now = scene.run(run);
        prop_assert_eq!(now.is_over(), model.over(), "after {:?} of {:?}", act, acts);
        prop_assert_eq!(StateWord::of(&now.state) == StateWord::Held, model.held && !model.over());
        prop_assert_eq!(now.timer().map(|(due, _)| due), model.due(), "after {:?} of {:?}", act, acts);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_verbs_crashes_and_hours_are_as_the_naive_model_has_it(acts in proptest::collection::vec(act(), 1..12)) {
        play(&acts)?;
    }
}

#[test]
fn a_variable_that_is_changed_is_in_the_next_message_after_a_crash() {
    let flow = r#"{"flusso": 1, "name": "Saluto", "start": "w1", "leave_when": [{"value": "run.via", "op": "is", "to": "sì"}], "nodes": [
        {"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ordine {{ run.order }}"}]}"#;
    let mut scene = Scene::new(flow);
    scene.heart.webhook(&crate::kit::heart::says(&person(1), MORNING, &[("wamid.1", "salve")])).unwrap();
    scene.start(&[person(1), person(2)]);
    let live = scene.live();
    let set = |name: &str, text: &str| Verb::Variable(name.to_owned(), Some(flusso::model::value::Value::text(text)));
    assert!(scene.verb(live[0].id, set("order", "77")) && scene.verb(live[1].id, set("via", "sì")));
    scene.crash();
    assert!(scene.run(live[1].id).is_over(), "the rule of leaving looks again");
    scene.pass(MORNING + Span::HOUR.times(2));
    let texts: Vec<_> = scene.ledger.sent.iter().map(|sent| sent.text.as_str()).collect();
    assert_eq!(texts, ["Ordine 77"]);
}

#[test]
fn a_change_is_of_this_run_and_never_of_a_former_one() {
    let mut scene = Scene::new(&FLOW.replace("\"start\"", "\"reentry\": \"restart\", \"start\""));
    scene.start(&[person(1)]);
    let former = scene.live()[0].id;
    let action = ActionId { node: NodeId("m1".to_owned()), visit: 1 };
    assert!(scene.verb(former, Verb::Remove(action.clone())));
    scene.start(&[person(1)]);
    let fresh = scene.live();
    assert_eq!(fresh.len(), 1);
    assert!(fresh[0].id != former && fresh[0].changes.is_empty());
    let due = scene.heart.now + Span::HOUR.times(9);
    scene.verb(former, Verb::Move { action, due, following_keep: false });
    assert_eq!(scene.live(), fresh, "a verb for the former run touches nothing");
}
