//! The script that a rehearsal carries in its forms: the stage, how calls are answered, and what came in so far. What Flusso did is
//! never read from it, so that nobody can tell the page what happened.

use crate::base::address::ChannelKind;
use crate::base::time::Time;
use crate::engine::talk::{BYTES_MAX, quoted, tidy};
use crate::executor::control::flow_check::unresolve;
use crate::executor::facts::Facts;
use crate::model::contact::Contact;
use crate::model::event::CallOutcome;
use crate::model::flow::Flow;
use crate::model::node::{FlowRef, NodeKind};
use crate::model::settings::Settings;
use crate::web::rehearsal::Calls;
use serde_json::{Map, Value, json};

/// How the line begins that says how calls are answered: to a talk it is a word for people.
const CALLS: &str = "# calls ";
/// Settings that a conversation can feel.
const FELT: [&str; 8] =
    ["time_zone", "language", "business_hours", "holidays", "italian_holidays", "quiet_hours", "stop_words", "start_words"];

/// Who talks.
pub enum Who {
    /// An invented customer of this name.
    Sample(String),
    /// Somebody nobody knows anything of.
    Stranger,
    /// Somebody with the name, language, zone, tags and fields of a contact. No number is copied.
    Like(Box<Contact>),
}

/// A script, without what Flusso did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script(Vec<String>);

impl Script {
    /// Reads one. It is cut where it is longer than a talk may be.
    pub fn read(text: &str) -> Script {
        let text = tidy(&text[..text.floor_char_boundary(BYTES_MAX * 2)]);
        Script(text.lines().filter(|line| !line.trim_start().starts_with('<')).map(str::to_owned).collect())
    }

    /// A stage with nobody having said a word.
    pub fn fresh(facts: &Facts, draft: &Flow, who: &Who, channel: ChannelKind, at: Time) -> Script {
        let mut lines = vec![format!("at {at}"), format!("channel {}", channel.word())];
        lines.extend(settings_line(&facts.settings));
        lines.extend(known(facts, draft).into_iter().map(|name| format!("knows {}", quoted(&name))));
        match who {
            Who::Sample(name) => {
                lines.push(format!("contact name {}", quoted(name)));
                lines.push(format!("contact language {}", facts.settings.language));
            }
            Who::Stranger => {}
            Who::Like(contact) => lines.extend(likeness(contact)),
        }
        Script(lines)
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.0.join("\n")
    }

    /// Adds something that comes in.
    pub fn push(&mut self, line: impl Into<String>) {
        self.0.push(line.into().replace(['\n', '\r'], " "));
    }

    /// Whether anything came in yet.
    pub fn has_begun(&self) -> bool {
        self.0.iter().any(|line| comes_in(line))
    }

    /// Takes back the last thing that came in, with the answers that calls got since.
    pub fn take_back(&mut self) {
        while let Some(at) = self.0.iter().rposition(|line| comes_in(line)) {
            let line = self.0.remove(at);
            if !line.starts_with("> answer") {
                break;
            }
        }
    }

    /// Sets when it begins, while nothing came in.
    pub fn begin_at(&mut self, at: Time) {
        match self.0.iter_mut().find(|line| line.starts_with("at ")) {
            Some(line) => *line = format!("at {at}"),
            None => self.0.insert(0, format!("at {at}")),
        }
    }

    /// How calls are answered.
    pub fn calls(&self) -> Calls {
        let said = self.0.iter().find_map(|line| line.strip_prefix(CALLS)).unwrap_or_default();
        let mut words = said.splitn(3, ' ');
        match words.next() {
            Some("ask") => Calls::Ask,
            Some("real") => Calls::Real,
            Some("mock") => {
                let status = words.next().and_then(|status| status.parse().ok()).unwrap_or(200);
                Calls::Mock(status, words.next().unwrap_or("{}").to_owned())
            }
            _ => Calls::default(),
        }
    }

    /// Sets how calls are answered from now on.
    pub fn answer_calls(&mut self, calls: &Calls) {
        self.0.retain(|line| !line.starts_with(CALLS));
        let at = self.0.iter().position(|line| comes_in(line)).unwrap_or(self.0.len());
        let line = match calls {
            Calls::Mock(status, body) => format!("{CALLS}mock {status} {}", one_line(body)),
            Calls::Ask => format!("{CALLS}ask"),
            Calls::Real => format!("{CALLS}real"),
        };
        self.0.insert(at, line);
    }
}

fn comes_in(line: &str) -> bool {
    line.starts_with('>') || line.starts_with("wake ")
}

/// The end of a call as a line of a talk.
pub fn answer(outcome: &CallOutcome) -> String {
    match outcome {
        CallOutcome::Answered { status, body } => format!("> answer {status} {}", one_line(body)),
        CallOutcome::TimedOut => "> answer timed out".to_owned(),
        CallOutcome::Failed(why) => format!("> answer failed {}", quoted(why)),
    }
}

/// A body on one line: JSON written tightly, anything else with its line ends as spaces. A long one is cut.
fn one_line(body: &str) -> String {
    let tight = serde_json::from_str::<Value>(body).map_or_else(|_| body.replace(['\n', '\r'], " "), |json| json.to_string());
    tight[..tight.floor_char_boundary(BYTES_MAX / 4)].trim().to_owned()
}

/// What the conversation feels of the settings, where it is not what every house begins with.
fn settings_line(settings: &Settings) -> Option<String> {
    let (own, usual) = (json!(settings), json!(Settings::default()));
    let other = FELT.iter().filter(|name| own[**name] != usual[**name]);
    let felt: Map<String, Value> = other.map(|name| ((*name).to_owned(), own[*name].clone())).collect();
    (!felt.is_empty()).then(|| format!("settings {}", Value::Object(felt)))
}

/// Other flows that this one speaks of.
fn known(facts: &Facts, draft: &Flow) -> Vec<String> {
    let mut named = draft.clone();
    unresolve(&mut named, facts);
    let text = crate::model::document::write(&named).to_string();
    let launched = |name: &String| {
        let mut launches =
            named.nodes.iter().filter_map(|node| if let NodeKind::Launch(launch) = &node.kind { Some(launch) } else { None });
        launches.any(|launch| launch.flow.iter().chain(&launch.stop).any(|other| matches!(other, FlowRef::Name(own) if own == name)))
    };
    let spoken_of = |name: &&String| launched(name) || text.contains(&format!("flows.{name}."));
    facts.names.values().filter(spoken_of).filter(|name| **name != draft.name).cloned().collect()
}

fn likeness(contact: &Contact) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(contact.name.iter().map(|name| format!("contact name {}", quoted(name))));
    lines.extend(contact.language.iter().map(|language| format!("contact language {language}")));
    lines.extend(contact.zone.iter().map(|zone| format!("contact zone {zone}")));
    lines.extend(contact.tags.iter().map(|tag| format!("contact tag {}", quoted(tag))));
    lines.extend(contact.fields.iter().map(|(name, value)| format!("contact field {name} {}", json!(value))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flusso_did_is_not_read_from_a_form() {
        let script = Script::read("at 2026-11-23T09:00:00Z\r\n> \"ciao\"\r\n< send \"Denaro\"\r\nwake in 1h\r\n");
        assert_eq!(script.text(), "at 2026-11-23T09:00:00Z\n> \"ciao\"\nwake in 1h");
    }

    #[test]
    fn taking_back_takes_the_answers_of_calls_with_it() {
        let mut script = Script::read("at x\n> \"uno\"\n> \"due\"\n> answer 200 {}");
        script.take_back();
        assert_eq!(script.text(), "at x\n> \"uno\"");
        script.take_back();
        assert!(!script.has_begun());
    }

    #[test]
    fn how_calls_are_answered_stands_in_the_script() {
        let mut script = Script::read("at x\n> \"uno\"");
        assert_eq!(script.calls(), Calls::default());
        script.answer_calls(&Calls::Mock(404, "{\n \"a\": 1 }".to_owned()));
        assert_eq!(script.calls(), Calls::Mock(404, "{\"a\":1}".to_owned()));
        script.answer_calls(&Calls::Real);
        assert_eq!(script.text(), "at x\n# calls real\n> \"uno\"");
    }

    #[test]
    fn no_text_breaks_out_of_its_line() {
        let mut script = Script::read("at x");
        script.push("> \"a\n< send\"");
        assert_eq!(script.text().lines().count(), 2);
    }
}
