//! Joining short messages: those that come within the pause of the one before are one answer, at most twenty-one of them.

use flusso::base::time::{Span, Time};
use flusso::engine::step;
use flusso::engine::talk::stage;
use flusso::model::contact::Contact;
use flusso::model::document;
use flusso::model::effect::Effect;
use flusso::model::event::{Event, Heard};
use flusso::model::flow::Flow;
use flusso::model::message::MessageKind;
use flusso::model::node::NodeId;
use flusso::model::run::{Origin, Run};
use flusso::model::world::World;
use proptest::prelude::*;
use serde_json::json;

/// What somebody says, and how long after what they said before.
type Said = (i64, bool);

/// The answers as a list says them: a message later than the pause begins another, a press ends one, and so does the twenty-first.
fn by_hand(said: &[Said], pause: i64) -> Vec<String> {
    let (mut answers, mut parts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (number, (gap, press)) in said.iter().enumerate() {
        if *gap >= pause && !parts.is_empty() {
            answers.push(std::mem::take(&mut parts).join("\n"));
        }
        parts.push(format!("m{number}"));
        if *press || parts.len() == 21 {
            answers.push(std::mem::take(&mut parts).join("\n"));
        }
    }
    if !parts.is_empty() {
        answers.push(parts.join("\n"));
    }
    answers
}

/// Asks for ever, and says back each answer.
fn echo(pause: i64) -> Flow {
    let wait = json!({"id": "w1", "kind": "wait", "reply": {"burst": format!("{pause}ms"), "save": "run.a"}, "exits": {"replied": "m1"}});
    let said = json!({"id": "m1", "kind": "message", "text": "{{ run.a }}", "exits": {"next": "w1"}});
    document::read(&json!({"flusso": 1, "name": "Eco", "start": "w1", "nodes": [wait, said]})).unwrap()
}

struct Play {
    world: World,
    flow: Flow,
    contact: Contact,
    run: Run,
    answers: Vec<String>,
}

impl Play {
    fn take(&mut self, event: &Event, at: Time) {
        let step = step(&self.world, &self.flow, &self.run, &self.contact, event, at).unwrap();
        let sent = step
            .effects
            .iter()
            .filter_map(|effect| if let Effect::Send { content, .. } = effect { Some(content.text.clone()) } else { None });
        self.answers.extend(sent);
        (self.run, self.contact) = (step.run, step.contact);
    }

    fn fire_until(&mut self, until: Time) {
        while let Some((due, armed)) = self.run.timer().filter(|(due, _)| *due <= until) {
            self.take(&Event::Timer { armed }, due);
        }
    }
}

fn played(said: &[Said], pause: i64) -> Vec<String> {
    let contact = stage::contact();
    let run = stage::run(&contact, NodeId("w1".to_owned()), Origin::Api, stage::START, 1);
    let mut play = Play { world: stage::world(), flow: echo(pause), contact, run, answers: Vec::new() };
    play.take(&Event::Start, stage::START);
    let mut at = stage::START;
    for (number, (gap, press)) in said.iter().enumerate() {
        at = at + Span(*gap);
        play.fire_until(at);
        let button = press.then(|| "elsewhere".to_owned());
        let heard = Heard { message: None, kind: MessageKind::Text, text: format!("m{number}"), button, at };
        play.take(&Event::Message(heard), at);
    }
    play.fire_until(at + Span::DAY);
    play.answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_messages_of_one_breath_are_one_answer(
        pause in 2000..=8000i64,
        said in prop::collection::vec((prop_oneof![0..9000i64, 0..400i64, Just(5000), 1999..2002i64], prop::bool::weighted(0.05)), 1..60),
    ) {
        prop_assert_eq!(played(&said, pause), by_hand(&said, pause));
    }

    #[test]
    fn a_pause_of_exactly_the_length_begins_another_answer(pause in 2000..=8000i64, off in -1..=1i64) {
        let said = [(0, false), (pause + off, false)];
        prop_assert_eq!(played(&said, pause).len(), if off < 0 { 1 } else { 2 });
    }
}
