//! A talk beside the editor: the draft plays it from its first line each time, messages find their way by `engine::route`, and what
//! came of every line is told in values, for a page to show. Nothing is remembered between two plays but the script itself.

use super::player::Player;
use super::script::{self, Input, Means};
use super::shown::Moment;
use super::{Library, TalkError};
use crate::base::time::Time;
use crate::engine::keyword::Triggers;
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::run::Run;

/// Lines of a talk that is kept or rehearsed at most: what a person would still read.
pub const LINES_MAX: usize = 600;
/// Bytes of it.
pub const BYTES_MAX: usize = 32 * 1024;

/// A talk as it goes now.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The talk, every `<` line written anew.
    pub script: String,
    /// What came in and what came of it, in order.
    pub scenes: Vec<Scene>,
    /// The clock at its end.
    pub now: Time,
    /// The contact at its end.
    pub contact: Contact,
    /// The run at its end, over or not.
    pub run: Option<Run>,
}

/// One line and what came of it.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Which line, from 1.
    pub line: usize,
    /// What came in.
    pub came: Came,
    /// When.
    pub at: Time,
    /// The steps it led to.
    pub moments: Vec<Moment>,
    /// What Flusso did, as a talk writes it.
    pub said: Vec<String>,
}

/// What came in, as far as a page tells it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// The contact wrote this.
    Words(String),
    /// The contact pressed the button of this id.
    Press(String),
    /// The clock was moved.
    Clock,
    /// Anything else, as a talk writes it.
    Other(String),
}

/// How a kept talk differs from how it goes now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which line, from 1.
    pub line: usize,
    /// What is written there; empty past its end.
    pub expected: String,
    /// What comes there now; empty past its end.
    pub got: String,
}

/// A script as it is kept: one kind of line end, nothing behind the last line.
pub fn tidy(script: &str) -> String {
    let lines: Vec<&str> = script.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    text.trim_matches('\n').to_owned()
}

/// Plays a talk on a flow. What cannot come in where it stands is told as a line `impossible`, so that a talk outlives an edit.
pub fn rehearse(script: &str, flow: &Flow) -> Result<Seen, TalkError> {
    let script = tidy(script);
    let lines = script::read(&script)?;
    let bound = [(script.len() > BYTES_MAX, "the talk is too long"), (lines.len() > LINES_MAX, "the talk has too many lines")];
    if let Some((_, reason)) = bound.into_iter().find(|(broken, _)| *broken) {
        return Err(TalkError { line: 1, reason: reason.to_owned() });
    }
    let heard_everywhere = heard_everywhere(flow);
    let triggers = Triggers::new([(super::stage::flow_id(), super::stage::START, &heard_everywhere)]);
    let trigger = |_: &Flow, text: &str| triggers.who_wins(text).into_iter().next().map(|found| found.trigger);
    let elsewhere = |_: &str| Err("a kept talk plays the flow it is kept with".to_owned());
    let library = Library { flow: Some(flow), load: &elsewhere, trigger: &trigger };
    let mut player = Player::rehearsing(library, &triggers);
    let (mut played, mut scenes) = (String::with_capacity(script.len()), Vec::new());
    for line in lines {
        if matches!(line.means, Means::FlowAt(_) | Means::FlowIs(_)) {
            return Err(TalkError { line: line.number, reason: "a kept talk plays the flow it is kept with".to_owned() });
        }
        if let Some(written) = &line.written {
            played.push_str(written);
            played.push('\n');
        }
        let came = came(&line.means, line.written.as_deref());
        let at = player.now();
        let said = match (player.take(line.means), &came) {
            (Ok(said), _) => said,
            (Err(reason), Some(_)) => vec![format!("impossible {}", super::shown::quoted(&reason))],
            (Err(reason), None) => return Err(TalkError { line: line.number, reason }),
        };
        for out in &said {
            played.push_str("< ");
            played.push_str(&out.replace('\n', "\\n"));
            played.push('\n');
        }
        let moments = player.drain();
        if let Some(came) = came {
            scenes.push(Scene { line: line.number, came, at, moments, said });
        }
    }
    let (now, contact, run) = player.end();
    Ok(Seen { script: tidy(&played), scenes, now, contact, run })
}

/// The flow as if its triggers listened on every channel: the stage has one channel, which bears no name of the house's.
fn heard_everywhere(flow: &Flow) -> Flow {
    use crate::model::node::NodeKind;
    let mut flow = flow.clone();
    for node in &mut flow.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) => keyword.channels.clear(),
            NodeKind::Event(event) => event.channels.clear(),
            _ => {}
        }
    }
    flow
}

fn came(means: &Means, written: Option<&str>) -> Option<Came> {
    Some(match means {
        Means::In(Input::Message(_, text) | Input::Keyword(text)) => Came::Words(text.clone()),
        Means::In(Input::Press(choice, _)) => Came::Press(choice.clone()),
        Means::In(_) => Came::Other(written.unwrap_or_default().trim_start_matches('>').trim().to_owned()),
        Means::Wake(_) | Means::WakeAt(_) => Came::Clock,
        _ => return None,
    })
}

/// The first line in which a kept talk and how it goes now differ; `None` where it holds.
pub fn difference(script: &str, flow: &Flow) -> Option<Difference> {
    let kept = tidy(script);
    let played = match rehearse(&kept, flow) {
        Ok(seen) => seen.script,
        Err(error) => {
            let expected = kept.lines().nth(error.line.saturating_sub(1)).unwrap_or_default().to_owned();
            return Some(Difference { line: error.line, expected, got: error.reason });
        }
    };
    let (mut expected, mut got) = (kept.lines(), played.lines());
    (1..).find_map(|line| match (expected.next(), got.next()) {
        (None, None) => Some(None),
        (one, other) if one == other => None,
        (one, other) => {
            let text = |line: Option<&str>| line.unwrap_or_default().to_owned();
            Some(Some(Difference { line, expected: text(one), got: text(other) }))
        }
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;

    fn flow() -> Flow {
        document::read_text(
            r#"{"flusso":1,"name":"Prova","nodes":[
            {"id":"k1","kind":"keyword","channels":["Negozio"],"phrases":[{"text":"listino","match":"exact"}],"exits":{"next":"m1"}},
            {"id":"m1","kind":"message","text":"Ecco il listino.","buttons":[{"id":"b1","title":"Prenota"}],"exits":{"next":"w1","b1":"m2"}},
            {"id":"w1","kind":"wait","for":"1d","reply":{},"exits":{"elapsed":"m3","replied":"m2"}},
            {"id":"m2","kind":"message","text":"Grazie.","buttons":[{"id":"b1","title":"Ancora"}]},
            {"id":"m3","kind":"message","text":"Ci sei?"}]}"#,
        )
        .expect("a flow")
    }

    #[test]
    fn a_message_finds_its_way_by_the_rules_of_routing() {
        let seen = rehearse("> \"ciao\"\n> \"Listino!\"\n> press b1\n> \"stop\"", &flow()).expect("a talk");
        let first: Vec<&str> = seen.scenes.iter().map(|scene| scene.said[0].as_str()).collect();
        assert_eq!(first[0], "nothing");
        assert!(first[1].starts_with("send \"Ecco") && first[2].starts_with("send \"Grazie"), "{first:?}");
        assert_eq!(first[3], "opted out");
        assert_eq!(seen.scenes[2].came, Came::Press("b1".to_owned()));
    }

    #[test]
    fn a_talk_that_was_kept_holds_until_the_flow_says_otherwise() {
        let kept = rehearse("> \"listino\"\nwake in 1d", &flow()).expect("a talk").script;
        assert_eq!(difference(&kept, &flow()), None);
        assert_eq!(difference(&kept.replace('\n', "\r\n"), &flow()), None);
        let mut edited = flow();
        edited.nodes.retain(|node| node.id.0 != "m3");
        let found = difference(&kept, &edited).expect("a difference");
        assert_eq!((found.line, found.expected.as_str()), (5, "< send \"Ci sei?\""));
    }

    #[test]
    fn what_cannot_come_in_any_more_does_not_end_the_talk() {
        let mut edited = flow();
        edited.nodes.retain(|node| !matches!(node.id.0.as_str(), "m1" | "m2"));
        let seen = rehearse("> press b1\n> \"listino\"", &edited).expect("a talk");
        assert_eq!(seen.scenes[0].said, ["impossible \"no message has this button\""]);
        assert_eq!(seen.scenes.len(), 2);
    }

    #[test]
    fn a_talk_without_end_is_cut() {
        let circle = document::read_text(
            r#"{"flusso":1,"name":"Giro","start":"w1","nodes":[{"id":"w1","kind":"wait","for":"1s","exits":{"elapsed":"w1"}}]}"#,
        )
        .expect("a flow");
        let script = format!("> start\n{}", "wake in 365d\n".repeat(500));
        let seen = rehearse(&script, &circle).expect("a talk");
        assert!(seen.scenes.last().expect("a scene").said[0].contains("too much happens"));
    }

    #[test]
    fn a_kept_talk_brings_no_flow_of_its_own() {
        assert!(rehearse("flow ../../secret.json\n> start", &flow()).is_err());
        assert!(rehearse(&"> \"x\"\n".repeat(LINES_MAX + 1), &flow()).is_err());
    }
}
