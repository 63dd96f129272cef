//! Routing: all that could take a message, written on a list and looked through rule by rule from the beginning.

use flusso::base::address::ChannelKind;
use flusso::base::id::{ChannelId, FlowId, Id, RunId, Shard};
use flusso::base::time::{Span, Time};
use flusso::engine::keyword::Triggers;
use flusso::engine::route::{Arrival, Press, RunView, route};
use flusso::engine::talk::stage;
use flusso::model::action::ActionId;
use flusso::model::contact::{Automations, ConsentState, Contact, Handover, Passage, Passages};
use flusso::model::document;
use flusso::model::event::Heard;
use flusso::model::flow::Flow;
use flusso::model::message::MessageKind;
use flusso::model::node::NodeId;
use flusso::model::route::{Outcome, Rule};
use flusso::model::run::{Origin, Phase, Run, RunState, Waiting, WaitingFor};
use flusso::model::settings::Settings;
use proptest::prelude::*;
use serde_json::json;

const NOW: Time = Time(1_800_000_000_000);
const WORDS: [&str; 4] = ["ciao", "listino", "ordine", "cia"];
/// Patterns, and what they mean in plain code.
const PATTERNS: [(&str, fn(&str) -> bool); 3] = [
    ("^ciao", |text| text.starts_with("ciao")),
    ("[0-9]", |text| text.contains(|c: char| c.is_ascii_digit())),
    ("ordine$", |text| text.ends_with("ordine")),
];
const MODES: [&str; 5] = ["exact", "word", "starts", "contains", "regex"];
const EVENTS: [&str; 3] = ["first_message", "out_of_hours", "any_message"];

/// What starts a flow.
#[derive(Clone, Debug)]
enum Way {
    Phrase { mode: usize, words: Vec<usize> },
    Event(usize),
}

#[derive(Clone, Debug)]
struct Door {
    way: Way,
    /// Listens on the other channel only.
    elsewhere: bool,
    cooling: bool,
}

/// A run that is there.
#[derive(Clone, Debug)]
struct Inside {
    asks: bool,
    ignores: bool,
    held: bool,
    disabled: bool,
    elsewhere: bool,
    since: i64,
}

#[derive(Clone, Debug)]
struct Scene {
    doors: Vec<Door>,
    runs: Vec<Inside>,
    text: Vec<usize>,
    /// The run whose button was pressed, and whether it has such a button.
    pressed: Option<(usize, bool)>,
    speaks: bool,
    ours: bool,
    group: bool,
    silence: u8,
    first: bool,
    open: bool,
    paused: bool,
}

/// The words of a message: those of the phrases, two that unsubscribe and undo it, and others.
const SAID: [&str; 8] = ["ciao", "listino", "ordine", "cia", "stop", "start", "7", "grazie"];

fn text_of(scene: &Scene) -> String {
    scene.text.iter().map(|word| SAID[*word]).collect::<Vec<_>>().join(" ")
}

fn phrase_of(mode: usize, words: &[usize]) -> String {
    if MODES[mode] == "regex" {
        PATTERNS[words[0] % 3].0.to_owned()
    } else {
        words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ")
    }
}

fn matches(mode: usize, words: &[usize], text: &str) -> bool {
    let phrase = phrase_of(mode, words);
    match MODES[mode] {
        "exact" => text == phrase,
        "word" => format!(" {text} ").contains(&format!(" {phrase} ")),
        "starts" => text.starts_with(&phrase),
        "contains" => text.contains(&phrase),
        _ => PATTERNS[words[0] % 3].1(text),
    }
}

/// A line of the list: its rule, what breaks a tie (smaller first), what follows, and what bars it.
struct Line {
    rule: Rule,
    tie: (i64, i64),
    outcome: Outcome,
    withheld: bool,
    passed_over: bool,
}

fn run_id(index: usize) -> RunId {
    RunId::new(Shard(0), index as u64 + 1)
}

fn by_hand(scene: &Scene) -> (Rule, Outcome) {
    let text = text_of(scene);
    if scene.ours || scene.group || !scene.speaks {
        return (Rule::Recorded, Outcome::Rest);
    }
    let out = scene.silence == 1;
    match (text.as_str(), out) {
        ("stop", false) => return (Rule::StopWord, Outcome::OptOut),
        ("stop", true) => return (Rule::StopWord, Outcome::Rest),
        ("start", true) => return (Rule::StartWord, Outcome::OptIn),
        (_, true) => return (Rule::OptedOut, Outcome::Rest),
        _ => {}
    }
    if scene.silence > 1 && scene.silence < 6 {
        return (Rule::ForOperator, Outcome::Rest);
    }
    let mut list = lines(scene, &text);
    list.sort_by_key(|line| (line.rule, line.tie));
    list.retain(|line| !line.passed_over);
    // A question that ignores keywords stands before them; so do buttons.
    let first_asking = list.iter().position(|line| line.rule == Rule::Reply);
    if let Some(at) = first_asking {
        let Outcome::Answer { run } = list[at].outcome else { unreachable!() };
        let inside = &scene.runs[run.sequence() as usize - 1];
        if inside.ignores && !list[at].withheld {
            let line = list.remove(at);
            let after_buttons = list.iter().take_while(|line| line.rule == Rule::Button).count();
            list.insert(after_buttons, line);
        }
    }
    match list.into_iter().next() {
        None => (Rule::Nothing, Outcome::Rest),
        Some(_) if scene.paused => (Rule::Withheld, Outcome::Rest),
        Some(line) if line.withheld => (Rule::Withheld, Outcome::Rest),
        Some(line) => (line.rule, line.outcome),
    }
}

fn lines(scene: &Scene, text: &str) -> Vec<Line> {
    let mut list = Vec::new();
    let pressed = scene.pressed.filter(|(run, has)| *has && *run < scene.runs.len()).map(|(run, _)| run);
    for (index, inside) in scene.runs.iter().enumerate() {
        let withheld = inside.held || inside.disabled;
        if pressed == Some(index) {
            let outcome = Outcome::Press { run: run_id(index), node: NodeId("m1".to_owned()), choice: "a".to_owned() };
            list.push(Line { rule: Rule::Button, tie: (0, 0), outcome, withheld, passed_over: false });
        } else if inside.asks && !inside.elsewhere {
            let tie = (-inside.since, -(index as i64));
            list.push(Line { rule: Rule::Reply, tie, outcome: Outcome::Answer { run: run_id(index) }, withheld, passed_over: false });
        }
    }
    for (age, door) in scene.doors.iter().enumerate() {
        let trigger = NodeId("t".to_owned());
        let (rule, tie) = match &door.way {
            Way::Phrase { mode, words } => {
                if door.elsewhere || !matches(*mode, words, text) {
                    continue;
                }
                let length = if MODES[*mode] == "regex" { 0 } else { phrase_of(*mode, words).len() as i64 };
                let rules = [Rule::KeywordExact, Rule::KeywordWord, Rule::KeywordStarts, Rule::KeywordContains, Rule::KeywordRegex];
                (rules[*mode], (-length, age as i64))
            }
            Way::Event(kind) => {
                let holds = [scene.first, !scene.open, true][*kind];
                if !holds {
                    continue;
                }
                ([Rule::FirstMessage, Rule::OutOfHours, Rule::AnyMessage][*kind], (0, age as i64))
            }
        };
        list.push(Line { rule, tie, outcome: Outcome::Enter { trigger }, withheld: false, passed_over: door.cooling });
    }
    list
}

fn flow_of(door: &Door) -> Flow {
    let trigger = match &door.way {
        Way::Phrase { mode, words } => {
            json!({"id": "t", "kind": "keyword", "phrases": [{"text": phrase_of(*mode, words), "match": MODES[*mode]}],
            "channels": (if door.elsewhere { vec!["Altrove"] } else { vec![] }), "cooldown": "1h", "exits": {"next": "m1"}})
        }
        Way::Event(kind) => json!({"id": "t", "kind": "event", "on": EVENTS[*kind], "cooldown": "1h", "exits": {"next": "m1"}}),
    };
    document::read(&json!({"flusso": 1, "name": "Prova", "nodes": [trigger, {"id": "m1", "kind": "message", "text": "x"}]})).unwrap()
}

fn question(inside: &Inside) -> Flow {
    let mut wait = json!({"id": "w1", "kind": "wait", "for": "1d"});
    if inside.asks {
        wait["reply"] = json!({"ignore_keywords": inside.ignores});
    }
    let asks = json!({"id": "m1", "kind": "message", "text": "?", "buttons": [{"id": "a", "title": "Zeta"}], "exits": {"next": "w1"}});
    document::read(&json!({"flusso": 1, "name": "Domanda", "start": "m1", "nodes": [asks, wait]})).unwrap()
}

fn run_of(index: usize, inside: &Inside, here: ChannelId) -> Run {
    let action = ActionId { node: NodeId("w1".to_owned()), visit: 1 };
    let phase = Phase::Waiting(Waiting {
        action,
        since: Time(inside.since),
        due: None,
        planned: None,
        armed: 1,
        what: WaitingFor::Node,
        tries: 0,
        burst: Vec::new(),
        moved: None,
    });
    let run = stage::run(&stage::contact(), NodeId("m1".to_owned()), Origin::Api, Time(0), index as u64 + 1);
    Run {
        channel: if inside.elsewhere { ChannelId::new(Shard(0), 99) } else { here },
        flow: FlowId::new(Shard(0), 1000 + index as u64),
        state: if inside.held { RunState::Held { since: Time(0) } } else { RunState::Live },
        phase,
        visits: [(NodeId("m1".to_owned()), 1), (NodeId("w1".to_owned()), 1)].into(),
        ..run
    }
}

fn contact_of(silence: u8) -> Contact {
    let mut contact = stage::contact();
    let hour = Span::HOUR;
    match silence {
        1 => contact.consent.state = ConsentState::OptedOut,
        2 => contact.blocked = true,
        3 => contact.automations = Automations::Off,
        4 => contact.automations = Automations::PausedUntil(NOW + hour),
        5 => contact.handover = Some(Handover { since: NOW, until: None }),
        6 => contact.automations = Automations::PausedUntil(NOW),
        7 => contact.handover = Some(Handover { since: NOW - hour, until: Some(NOW) }),
        _ => {}
    }
    contact
}

fn routed(scene: &Scene) -> (Rule, Outcome) {
    let channel = stage::channel(ChannelKind::Whatsapp);
    let flows: Vec<Flow> = scene.doors.iter().map(flow_of).collect();
    let id = |index: usize| FlowId::new(Shard(0), index as u64 + 1);
    let triggers = Triggers::new(flows.iter().enumerate().map(|(index, flow)| (id(index), Time(index as i64), flow)));
    let cooling = scene.doors.iter().enumerate().filter(|(_, door)| door.cooling);
    let fired = |at: Time| Passage { fired: [(NodeId("t".to_owned()), at)].into(), ..Passage::default() };
    let passages: Passages = cooling.map(|(index, _)| (id(index), fired(NOW - Span::MINUTE))).collect();
    let own: Vec<(Run, Flow)> =
        scene.runs.iter().enumerate().map(|(index, inside)| (run_of(index, inside, channel.id), question(inside))).collect();
    let views: Vec<RunView<'_>> =
        own.iter().zip(&scene.runs).map(|((run, flow), inside)| RunView { run, flow, flow_enabled: !inside.disabled }).collect();
    let pressed = scene.pressed.map(|(run, has)| Press {
        run: run_id(run),
        node: NodeId("m1".to_owned()),
        choice: if has { "a" } else { "b" }.to_owned(),
    });
    let kind = if scene.speaks { MessageKind::Text } else { MessageKind::Reaction };
    let hours = json!([{"days": "mon-fri", "from": "09:00", "to": "18:00"}]);
    let settings: Settings = serde_json::from_value(json!({"business_hours": hours, "paused": scene.paused})).unwrap();
    let route = route(&Arrival {
        settings: &settings,
        triggers: &triggers,
        channel: &channel,
        contact: &contact_of(scene.silence),
        passages: &passages,
        runs: &views,
        heard: &Heard { message: None, kind, text: text_of(scene), button: None, at: NOW },
        pressed: pressed.as_ref(),
        ours: scene.ours,
        group: scene.group,
        first_message: scene.first,
        open: scene.open,
        now: NOW,
    });
    (route.rule, route.outcome)
}

fn door() -> impl Strategy<Value = Door> {
    let phrase = (0..5usize, prop::collection::vec(0..4usize, 1..3)).prop_map(|(mode, words)| Way::Phrase { mode, words });
    let way = prop_oneof![4 => phrase, 1 => (0..3usize).prop_map(Way::Event)];
    (way, prop::bool::weighted(0.2), prop::bool::weighted(0.2)).prop_map(|(way, elsewhere, cooling)| Door { way, elsewhere, cooling })
}

fn inside() -> impl Strategy<Value = Inside> {
    let rarely = || prop::bool::weighted(0.2);
    (any::<bool>(), any::<bool>(), rarely(), rarely(), rarely(), 0..4i64)
        .prop_map(|(asks, ignores, held, disabled, elsewhere, since)| Inside { asks, ignores, held, disabled, elsewhere, since })
}

fn scene() -> impl Strategy<Value = Scene> {
    let rarely = || prop::bool::weighted(0.05);
    let who = (prop::collection::vec(door(), 0..8), prop::collection::vec(inside(), 0..4), prop::collection::vec(0..8usize, 1..4));
    let how = (prop::option::weighted(0.3, (0..4usize, prop::bool::weighted(0.8))), prop::bool::weighted(0.95), rarely(), rarely());
    let when = (prop_oneof![6 => Just(0u8), 3 => 1..8u8], any::<bool>(), any::<bool>(), rarely());
    (who, how, when).prop_map(|((doors, runs, text), (pressed, speaks, ours, group), (silence, first, open, paused))| Scene {
        doors,
        runs,
        text,
        pressed,
        speaks,
        ours,
        group,
        silence,
        first,
        open,
        paused,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_message_goes_where_the_list_says(scene in scene()) {
        prop_assert_eq!(routed(&scene), by_hand(&scene));
    }
}
