//! Single actions: any sequence of verbs, saves of the flow, pauses of it, crashes and hours, beside a model that knows no flow, no timers
//! and no disk: which of two messages comes next, since when it is waited for, and what a person changed on it.

use crate::active::{Scene, person};
use crate::kit::heart::{MORNING, says};
use flusso::base::id::RunId;
use flusso::base::time::{Span, Time};
use flusso::executor::control::flow_runs::{Overdue, can_move, wake};
use flusso::executor::control::runs::act as obey;
use flusso::model::action::{ActionId, Verb};
use flusso::model::document;
use flusso::model::flow::{FlowHead, FlowState, FlowVersion};
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::run::Run;
use flusso::model::run_match::StateWord;
use flusso::store::{flows, runs};
use proptest::prelude::*;

/// The two messages that come by themselves, each two hours after what is before it.
const NODES: [&str; 2] = ["m1", "m2"];

/// A version of the flow: it says its number.
fn flow(version: u32) -> String {
    format!(
        r#"{{"flusso": 1, "name": "Seguito", "start": "m0", "nodes": [
        {{"id": "m0", "kind": "message", "text": "Eccomi {version}", "exits": {{"next": "w1"}}}},
        {{"id": "w1", "kind": "wait", "for": "2h", "exits": {{"elapsed": "m1"}}}},
        {{"id": "m1", "kind": "message", "text": "Uno {version}", "exits": {{"next": "w2"}}}},
        {{"id": "w2", "kind": "wait", "for": "2h", "exits": {{"elapsed": "m2"}}}},
        {{"id": "m2", "kind": "message", "text": "Due {version}"}}]}}"#
    )
}

#[derive(Clone, Debug)]
enum Act {
    Pass(i64),
    Crash,
    /// The flow is saved; those inside move to the new version, or finish on theirs.
    Save(bool),
    /// The flow is disabled for so many minutes, and its waits are shifted by them.
    Disable(i64),
    Hold,
    Resume,
    Stop,
    /// The run begins again; where it is over, another one does.
    Again,
    Jump(usize),
    SendNow(usize),
    Skip(usize),
    Remove(usize),
    Move(usize, i64),
    Rewrite(usize),
    HoldAction(usize),
    Release(usize),
    Undo(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let which = || 0..2_usize;
    prop_oneof![
        5 => (1..80_i64).prop_map(Act::Pass),
        2 => Just(Act::Crash),
        2 => any::<bool>().prop_map(Act::Save),
        1 => (1..30_i64).prop_map(Act::Disable),
        1 => Just(Act::Hold),
        2 => Just(Act::Resume),
        1 => prop_oneof![1 => Just(Act::Stop), 4 => Just(Act::Again)],
        1 => which().prop_map(Act::Jump),
        2 => which().prop_map(Act::SendNow),
        1 => which().prop_map(Act::Skip),
        1 => which().prop_map(Act::Remove),
        2 => (which(), 0..300_i64).prop_map(|(which, minutes)| Act::Move(which, minutes)),
        2 => which().prop_map(Act::Rewrite),
        1 => which().prop_map(Act::HoldAction),
        2 => which().prop_map(Act::Release),
        1 => which().prop_map(Act::Undo),
    ]
}

/// What a person changed on the next visit of one of the two.
#[derive(Clone, Debug, Default)]
struct Changed {
    due: Option<Time>,
    text: Option<String>,
    held: bool,
    skip: bool,
    remove: bool,
}

impl Changed {
    fn is_left_out(&self) -> bool {
        self.skip || self.remove
    }
}

/// The naive run.
#[derive(Debug)]
struct Model {
    now: Time,
    saved: u32,
    version: u32,
    over: bool,
    next: usize,
    since: Time,
    held: bool,
    /// A held run was put before its next wait, which begins when it is resumed.
    before: bool,
    visits: [u32; 2],
    changed: [Changed; 2],
    sent: Vec<(Time, String)>,
}

impl Model {
    fn begin(now: Time, saved: u32, sent: Vec<(Time, String)>) -> Model {
        let mut model = Model {
            now,
            saved,
            version: saved,
            over: false,
            next: 0,
            since: now,
            held: false,
            before: false,
            visits: [0; 2],
            changed: Default::default(),
            sent,
        };
        model.sent.push((now, format!("Eccomi {saved}")));
        model
    }

    fn due(&self) -> Option<Time> {
        let own = self.changed.get(self.next).filter(|own| !self.over && !self.held && !own.held)?;
        Some(own.due.unwrap_or(self.since + Span::HOUR.times(2)))
    }

    /// The next one is done, or passed over, at a time. One that was skipped before its turn has no wait either.
    fn go_on(&mut self, at: Time, send: bool) {
        let own = std::mem::take(&mut self.changed[self.next]);
        if send {
            let text = own.text.unwrap_or_else(|| format!("{} {}", ["Uno", "Due"][self.next], self.version));
            self.sent.push((at, text));
        }
        self.visits[self.next] += 1;
        (self.next, self.since, self.over) = (self.next + 1, at, self.next == 1);
        self.pass_over_skipped(at);
    }

    fn pass_over_skipped(&mut self, at: Time) {
        if !self.over && self.changed[self.next].skip {
            self.go_on(at, false);
        }
    }

    fn pass(&mut self, until: Time) {
        while let Some(due) = self.due().filter(|due| *due <= until) {
            let send = !self.changed[self.next].remove;
            self.go_on(due.max(self.now).max(self.since), send);
        }
        self.now = until;
    }

    /// The wait before the next one begins.
    fn stand(&mut self) {
        if self.held {
            self.before = true;
        } else {
            (self.since, self.before) = (self.now, false);
            self.pass_over_skipped(self.now);
        }
    }

    fn act(&mut self, act: &Act) {
        let ahead = |which: usize| !self.over && which >= self.next;
        match *act {
            Act::Save(moves) => {
                self.saved += 1;
                self.version = if moves { self.saved } else { self.version };
            }
            Act::Disable(minutes) => {
                let pause = Span::MINUTE.times(minutes);
                self.now = self.now + pause;
                if !self.over && self.changed[self.next].due.is_none() {
                    self.since = self.since + pause;
                }
            }
            Act::Again => *self = Model::begin(self.now, self.saved, std::mem::take(&mut self.sent)),
            Act::Stop => self.over = true,
            Act::Hold if !self.over => self.held = true,
            Act::Resume if self.held && !self.over => {
                self.held = false;
                if self.before {
                    self.stand();
                }
            }
            Act::Jump(which) if !self.over => {
                self.next = which;
                self.stand();
            }
            // One that does not come next yet leaves out what stands before it.
            Act::SendNow(which) if ahead(which) && !self.held => {
                self.next = which;
                self.go_on(self.now, true);
            }
            Act::Skip(which) if ahead(which) && which == self.next && !self.held => self.go_on(self.now, false),
            Act::Skip(which) if ahead(which) && which > self.next => {
                (self.changed[which].skip, self.changed[which].remove, self.changed[which].held) = (true, false, false);
            }
            Act::Remove(which) if ahead(which) => {
                (self.changed[which].remove, self.changed[which].skip, self.changed[which].held) = (true, false, false);
            }
            // What is left out takes nothing else until that is undone.
            Act::Move(which, _) | Act::Rewrite(which) | Act::HoldAction(which) | Act::Release(which)
                if self.changed[which].is_left_out() => {}
            Act::Move(which, minutes) if ahead(which) => self.changed[which].due = Some(self.now + Span::MINUTE.times(minutes)),
            Act::Rewrite(which) if ahead(which) => self.changed[which].text = Some(format!("Altro {}", self.now.0)),
            Act::HoldAction(which) if ahead(which) => self.changed[which].held = true,
            Act::Release(which) if ahead(which) => self.changed[which].held = false,
            Act::Undo(which) if ahead(which) => self.changed[which] = Changed::default(),
            _ => {}
        }
    }

    fn verb(&self, act: &Act) -> Option<Verb> {
        let of = |which: usize| ActionId { node: NodeId(NODES[which].to_owned()), visit: self.visits[which] + 1 };
        Some(match *act {
            Act::Pass(_) | Act::Crash | Act::Save(_) | Act::Disable(_) => return None,
            Act::Hold => Verb::Hold,
            Act::Resume => Verb::Resume,
            Act::Stop => Verb::Stop("Basta.".to_owned()),
            Act::Again => Verb::Restart,
            Act::Jump(which) => Verb::Jump(NodeId(["w1", "w2"][which].to_owned())),
            Act::SendNow(which) => Verb::SendNow(of(which)),
            Act::Skip(which) => Verb::Skip(of(which)),
            Act::Remove(which) => Verb::Remove(of(which)),
            Act::Move(which, minutes) => {
                Verb::Move { action: of(which), due: self.now + Span::MINUTE.times(minutes), following_keep: false }
            }
            Act::Rewrite(which) => Verb::Rewrite(of(which), format!("Altro {}", self.now.0)),
            Act::HoldAction(which) => Verb::HoldAction(of(which)),
            Act::Release(which) => Verb::ReleaseAction(of(which)),
            Act::Undo(which) => Verb::Undo(of(which)),
        })
    }
}

/// Obeys as the panel and the API do; what is refused changes nothing. The run it then is about.
fn wish(scene: &mut Scene, run: RunId, verb: Verb) -> RunId {
    let done = scene.heart.change(|desk| {
        let mark = desk.mark();
        Ok(obey(desk, By::System, run, verb).unwrap_or_else(|_| {
            desk.roll_back(mark);
            run
        }))
    });
    done.unwrap()
}

fn head(scene: &Scene) -> FlowHead {
    flows::head(&scene.heart.reader.view().unwrap(), scene.flow).unwrap().unwrap()
}

fn save(scene: &mut Scene, number: u32, moves: bool) {
    let (id, head) = (scene.flow, head(scene));
    let document = document::read_text(&flow(number)).unwrap();
    let saved = scene.heart.change(|desk| {
        let version = FlowVersion { flow: id, number, saved: desk.now, by: None, document: document.clone() };
        flows::put_version(&mut desk.work, &version)?;
        flows::put_head(&mut desk.work, &FlowHead { version: number, ..head })?;
        for run in runs::live_of_flow(&desk.work, id, None, 10)? {
            let old = desk.facts.flow(&desk.work, id, run.version)?;
            if moves && can_move(&run, &old, &document) {
                desk.put_run(&Run { version: number, ..run })?;
            }
        }
        desk.facts_changed = true;
        Ok(())
    });
    saved.unwrap();
}

fn turn(scene: &mut Scene, state: FlowState) {
    let head = FlowHead { state, ..head(scene) };
    let turned = scene.heart.change(|desk| {
        flows::put_head(&mut desk.work, &head)?;
        desk.facts_changed = true;
        Ok(())
    });
    turned.unwrap();
}

fn disable(scene: &mut Scene, minutes: i64) {
    let since = scene.heart.now;
    turn(scene, FlowState::Disabled { since });
    scene.pass(since + Span::MINUTE.times(minutes));
    scene.crash();
    turn(scene, FlowState::Enabled);
    let id = scene.flow;
    let woken = scene.heart.change(|desk| {
        let inside = runs::live_of_flow(&desk.work, id, None, 10)?;
        inside.into_iter().enumerate().try_for_each(|(index, run)| wake(desk, run, since, Overdue::Shift, index))
    });
    woken.unwrap();
}

/// Does an act to the real one.
fn play(scene: &mut Scene, run: RunId, act: &Act, model: &Model) -> RunId {
    match act {
        Act::Crash => scene.crash(),
        Act::Save(moves) => save(scene, model.saved + 1, *moves),
        Act::Disable(minutes) => disable(scene, *minutes),
        Act::Again if model.over => {
            scene.start(&[person(1)]);
            return scene.live()[0].id;
        }
        _ => {
            if let Some(verb) = model.verb(act) {
                return wish(scene, run, verb);
            }
        }
    }
    run
}

fn compare(acts: &[Act]) -> Result<(), TestCaseError> {
    let mut scene = Scene::new(&flow(1));
    scene.heart.webhook(&says(&person(1), MORNING, &[("wamid.1", "salve")])).unwrap();
    scene.start(&[person(1)]);
    scene.pass(MORNING);
    let mut run: RunId = scene.live()[0].id;
    let mut model = Model::begin(MORNING, 1, Vec::new());
    for act in acts {
        run = play(&mut scene, run, act, &model);
        model.act(act);
        let until = if let Act::Pass(minutes) = act { model.now + Span::MINUTE.times(*minutes) } else { model.now };
        model.pass(until);
        scene.pass(until);
        let sent: Vec<_> = scene.ledger.sent.iter().map(|sent| (sent.at, sent.text.clone())).collect();
        prop_assert_eq!(&sent, &model.sent, "after {:?} of {:?}", act, acts);
        let now = scene.run(run);
        prop_assert_eq!(now.is_over(), model.over, "after {:?} of {:?}", act, acts);
        prop_assert_eq!(StateWord::of(&now.state) == StateWord::Held, model.held && !model.over, "after {:?} of {:?}", act, acts);
        prop_assert_eq!(now.timer().map(|(due, _)| due), model.due(), "after {:?} of {:?}", act, acts);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_verbs_saves_crashes_and_hours_are_as_the_naive_model_has_it(acts in proptest::collection::vec(act(), 1..14)) {
        compare(&acts)?;
    }
}
