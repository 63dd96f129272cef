//! Races: the verb comes while the action is being sent, two people act on the same action, the contact answers at the same moment. One
//! outcome, told to both. Each order is played one after the other here; `together` plays them at once on the built binary.

use super::{Scene, person};
use crate::kit::heart::{MORNING, says};
use flusso::base::id::{OutboxId, RunId};
use flusso::base::time::{Span, Time};
use flusso::executor::advance;
use flusso::executor::control::runs::{act, act_on_pending};
use flusso::executor::outbox::attempt;
use flusso::executor::outbox::verdict::Verdict;
use flusso::model::action::{ActionId, Verb};
use flusso::model::message::{Direction, Message, Status};
use flusso::model::node::NodeId;
use flusso::model::operator::By;
use flusso::model::outbox::OutboxState;
use flusso::model::route::Rule;
use flusso::provider::outcome::SendOutcome;
use flusso::store::{messages, outbox};

const FLOW: &str = r#"{"flusso": 1, "name": "Domanda", "start": "w1", "nodes": [
    {"id": "w1", "kind": "wait", "for": "2h", "reply": {}, "exits": {"elapsed": "m1", "replied": "m2"}},
    {"id": "m1", "kind": "message", "text": "Ancora qui?", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m3"}},
    {"id": "m3", "kind": "message", "text": "A presto"},
    {"id": "m2", "kind": "message", "text": "Grazie"}]}"#;

/// A contact who wrote this morning, and a run that waits for an answer.
fn waiting() -> (Scene, RunId) {
    let mut scene = Scene::new(FLOW);
    scene.heart.webhook(&says(&person(1), MORNING, &[("wamid.1", "salve")])).unwrap();
    scene.start(&[person(1)]);
    let run = scene.live()[0].id;
    (scene, run)
}

fn action() -> ActionId {
    ActionId { node: NodeId("m1".to_owned()), visit: 1 }
}

/// The verbs of one action, by their words.
fn verbs(now: Time) -> Vec<(&'static str, Verb)> {
    let later = now + Span::HOUR.times(5);
    vec![
        ("send now", Verb::SendNow(action())),
        ("skip", Verb::Skip(action())),
        ("remove", Verb::Remove(action())),
        ("move", Verb::Move { action: action(), due: later, following_keep: false }),
        ("rewrite", Verb::Rewrite(action(), "Altro".to_owned())),
        ("hold it", Verb::HoldAction(action())),
    ]
}

/// What the person hears: nothing where it was done, or why not.
fn wish(scene: &mut Scene, run: RunId, verb: &Verb, seen_pending: bool) -> Result<(), String> {
    let verb = verb.clone();
    scene
        .heart
        .change(|desk| {
            let mark = desk.mark();
            let done = if seen_pending { act_on_pending(desk, By::System, run, &action(), verb) } else { act(desk, By::System, run, verb) };
            Ok(done.map(drop).map_err(|refusal| {
                desk.roll_back(mark);
                refusal.to_string()
            }))
        })
        .unwrap()
}

fn told(scene: &Scene) -> Vec<Message> {
    let view = scene.heart.reader.view().unwrap();
    let contact = flusso::store::contacts::list(&view, None, 1).unwrap()[0].id;
    let mut all = messages::of_contact_latest(&view, contact, None, 100).unwrap();
    all.sort_by_key(|message| message.id);
    all
}

/// When each of our messages with these words was decided.
fn sent(scene: &Scene, words: &[&str]) -> Vec<(Time, String)> {
    let ours = told(scene).into_iter().filter(|message| message.direction == Direction::Out && words.contains(&message.text.as_str()));
    ours.map(|message| (message.stored_at, message.text)).collect()
}

/// The time of the action comes, and its request leaves: the answer of the provider is still out.
fn under_way(scene: &mut Scene, run: RunId) -> OutboxId {
    let (due, armed) = scene.run(run).timer().unwrap();
    scene.heart.now = due;
    scene.heart.change(|desk| advance::fire(desk, due, run, armed)).unwrap();
    let row = outbox::open(&scene.heart.reader.view().unwrap(), None, 10).unwrap()[0].id;
    let verdict = scene.heart.change(|desk| attempt::prepare(desk, row)).unwrap();
    assert!(matches!(verdict, Verdict::Go(_)));
    row
}

fn accept(scene: &mut Scene, row: OutboxId) {
    let outcome = SendOutcome::Accepted { provider_id: "wamid.out.first".to_owned(), contact: Vec::new() };
    scene.heart.change(|desk| attempt::finish(desk, row, outcome, 1)).unwrap();
}

#[test]
fn a_verb_that_comes_while_the_action_is_being_sent_is_refused_in_words_and_the_message_goes_once() {
    for (name, verb) in verbs(MORNING) {
        for seen_pending in [true, false] {
            let (mut scene, run) = waiting();
            let row = under_way(&mut scene, run);
            let before = scene.run(run);
            let why = wish(&mut scene, run, &verb, seen_pending).unwrap_err();
            assert!(why.contains("already done") || why.contains("no longer pending"), "{name}: {why}");
            assert_eq!(scene.run(run), before, "{name} changed something");
            accept(&mut scene, row);
            scene.pass(MORNING + Span::HOUR.times(20));
            let first = told(&scene).into_iter().find(|message| message.text == "Ancora qui?").unwrap();
            assert_eq!(first.status, Status::Sent, "{name}");
            assert_eq!(sent(&scene, &["Ancora qui?", "Altro"]).len(), 1, "{name}");
            assert_eq!(sent(&scene, &["A presto"]).len(), 1, "{name}");
        }
    }
}

#[test]
fn what_is_done_to_the_run_while_its_message_is_being_sent_leaves_that_message_alone() {
    let stop = Verb::Stop("Basta.".to_owned());
    for (name, verb, later) in [("hold", Verb::Hold, 0), ("stop", stop, 0), ("jump", Verb::Jump(NodeId("m2".to_owned())), 0)] {
        let (mut scene, run) = waiting();
        let row = under_way(&mut scene, run);
        wish(&mut scene, run, &verb, false).unwrap();
        accept(&mut scene, row);
        scene.pass(MORNING + Span::HOUR.times(20));
        assert_eq!(sent(&scene, &["Ancora qui?"]).len(), 1, "{name}");
        assert_eq!(sent(&scene, &["A presto"]).len(), later, "{name}");
        let open = outbox::open(&scene.heart.reader.view().unwrap(), None, 10).unwrap();
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn a_crash_while_it_is_being_sent_sends_it_no_second_time_and_the_verb_is_still_refused() {
    let (mut scene, run) = waiting();
    let row = under_way(&mut scene, run);
    scene.crash();
    assert!(wish(&mut scene, run, &Verb::Skip(action()), true).unwrap_err().contains("no longer pending"));
    scene.pass(MORNING + Span::HOUR.times(20));
    let again = scene.ledger.sent.iter().filter(|sent| sent.text == "Ancora qui?").count();
    assert_eq!(again, 0, "nobody knows whether it left: a person decides");
    let kept = outbox::get(&scene.heart.reader.view().unwrap(), row).unwrap().unwrap();
    assert!(matches!(kept.state, OutboxState::Unknown { .. }), "{kept:?}");
}

/// The action as two people leave it, known without any flow.
#[derive(Debug, Default)]
struct Left {
    over: bool,
    held: bool,
    removed: bool,
    due: Option<Time>,
    text: Option<&'static str>,
    sent: Option<Time>,
}

impl Left {
    /// Whether a verb is done.
    fn take(&mut self, verb: &str, now: Time) -> bool {
        if self.over || (self.removed && !matches!(verb, "send now" | "skip" | "remove")) {
            return false;
        }
        match verb {
            "send now" => (self.over, self.sent) = (true, Some(now)),
            "skip" => self.over = true,
            "remove" => (self.removed, self.held) = (true, false),
            "move" => self.due = Some(now + Span::HOUR.times(5)),
            "rewrite" => self.text = Some("Altro"),
            _ => self.held = true,
        }
        true
    }

    /// When it goes out, once its time has come.
    fn end(&self, planned: Time) -> Option<Time> {
        let open = !self.over && !self.held && !self.removed;
        self.sent.or_else(|| open.then(|| self.due.unwrap_or(planned)))
    }
}

#[test]
fn two_people_on_the_same_action_have_one_outcome_and_whoever_comes_too_late_hears_so() {
    for (first, one) in verbs(MORNING) {
        for (second, other) in verbs(MORNING) {
            let (mut scene, run) = waiting();
            let planned = scene.run(run).timer().unwrap().0;
            let mut left = Left::default();
            for (name, verb) in [(first, &one), (second, &other)] {
                let heard = wish(&mut scene, run, verb, true);
                assert_eq!(heard.is_ok(), left.take(name, MORNING), "{name} in {first}, {second}: {heard:?}");
                assert!(
                    heard.err().is_none_or(|why| why.contains("no longer pending") || why.contains("skipped or removed")),
                    "{first}, {second}"
                );
                scene.crash();
            }
            scene.pass(MORNING + Span::HOUR.times(20));
            let expected: Vec<_> = left.end(planned).map(|at| (at, left.text.unwrap_or("Ancora qui?").to_owned())).into_iter().collect();
            assert_eq!(sent(&scene, &["Ancora qui?", "Altro"]), expected, "{first}, {second}");
        }
    }
}

#[test]
fn an_answer_just_before_a_verb_wins_and_the_person_hears_that_the_action_is_gone() {
    for (name, verb) in verbs(MORNING) {
        for seen_pending in [true, false] {
            let (mut scene, run) = waiting();
            scene.heart.webhook(&says(&person(1), MORNING, &[("wamid.2", "eccomi")])).unwrap();
            let why = wish(&mut scene, run, &verb, seen_pending).unwrap_err();
            assert!(why.ends_with('.') && why.len() > 20, "{name}: {why}");
            scene.pass(MORNING + Span::HOUR.times(20));
            assert_eq!(sent(&scene, &["Grazie"]).len(), 1, "{name}");
            assert!(sent(&scene, &["Ancora qui?", "Altro"]).is_empty(), "{name}");
        }
    }
}

#[test]
fn an_answer_just_after_a_verb_is_taken_where_the_question_still_stands_and_stays_in_the_inbox_where_not() {
    for (name, verb) in verbs(MORNING) {
        let (mut scene, run) = waiting();
        wish(&mut scene, run, &verb, true).unwrap();
        scene.heart.webhook(&says(&person(1), MORNING, &[("wamid.2", "eccomi")])).unwrap();
        scene.crash();
        scene.pass(MORNING + Span::HOUR.times(20));
        let gone = ["send now", "skip"].contains(&name);
        let answer = told(&scene).into_iter().find(|message| message.text == "eccomi").unwrap();
        let rule = answer.route.as_ref().map(|route| route.rule);
        assert_eq!(rule, Some(if gone { Rule::Nothing } else { Rule::Reply }), "{name}");
        assert_eq!(sent(&scene, &["Grazie"]).len(), usize::from(!gone), "{name}");
        assert_eq!(sent(&scene, &["Ancora qui?", "Altro"]).len(), usize::from(name == "send now"), "{name}");
    }
}
