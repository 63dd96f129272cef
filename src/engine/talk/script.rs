//! The lines of a talk, read into what they mean.

use super::TalkError;
use crate::base::address::ChannelKind;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::model::action::{ActionId, Verb};
use crate::model::contact::ConsentState;
use crate::model::event::CallOutcome;
use crate::model::message::MessageKind;
use crate::model::node::NodeId;
use crate::model::value::{Value, Values};

/// One line, or a whole document between `flow` and `end`.
pub struct Line {
    /// Where it begins, from 1.
    pub number: usize,
    /// As it stands; none for what Flusso does, which is written anew.
    pub written: Option<String>,
    /// What it means.
    pub means: Means,
}

/// What a line means.
pub enum Means {
    /// Nothing: a blank line, a word for people, or what Flusso did.
    Nothing,
    /// The flow is read from there.
    FlowAt(String),
    /// The flow is this document.
    FlowIs(String),
    /// The stage is so.
    Stage(Prop),
    /// This comes in.
    In(Input),
    /// The clock moves on by this; what falls due meanwhile fires.
    Wake(Span),
    /// The clock moves to this time; what falls due meanwhile fires.
    WakeAt(Time),
}

/// A thing on the stage.
pub enum Prop {
    Channel(ChannelKind),
    At(Time),
    Name(String),
    Language(String),
    Tag(String),
    Field(String, Value),
    Blocked,
    Consent(ConsentState),
    Zone(Zone),
    Heard(Span),
    Settings(String),
    Knows(String),
    Inside(String),
    Finished(String),
    Steps(u32),
    Depth(u8),
    Called,
    ShowLive,
}

/// What comes in.
pub enum Input {
    Keyword(String),
    Message(MessageKind, String),
    Press(String, Option<NodeId>),
    Start(Values),
    Event(String),
    Timer,
    LateTimer(u64),
    Answer(CallOutcome),
    LateAnswer,
    Callback(Values),
    Returned(Values),
    Tag(String),
    Untag(String),
    Field(String, Value),
    HandoverBegins,
    HandoverEnds,
    Verb(Verb),
    Move { action: ActionId, by: Span, only: bool },
    Forecast,
}

/// Reads a talk.
pub fn read(script: &str) -> Result<Vec<Line>, TalkError> {
    let mut lines = Vec::new();
    let mut rest = script.lines().enumerate();
    while let Some((index, text)) = rest.next() {
        let number = index + 1;
        let fault = |reason: String| TalkError { line: number, reason };
        let mut written = Some(text.to_owned());
        let trimmed = text.trim();
        let means = if trimmed == "flow" {
            let document: Vec<&str> = rest.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "end").collect();
            let document = document.join("\n");
            written = Some(format!("flow\n{document}\nend"));
            Means::FlowIs(document)
        } else if trimmed.starts_with('<') {
            written = None;
            Means::Nothing
        } else if let Some(input) = trimmed.strip_prefix('>') {
            Means::In(input_of(&mut Words(input)).ok_or_else(|| fault(format!("nothing can come in as \"{}\"", input.trim())))?)
        } else if trimmed.is_empty() || trimmed.starts_with('#') {
            Means::Nothing
        } else {
            line_of(&mut Words(trimmed)).ok_or_else(|| fault(format!("\"{trimmed}\" is no line of a talk")))?
        };
        lines.push(Line { number, written, means });
    }
    Ok(lines)
}

fn line_of(words: &mut Words<'_>) -> Option<Means> {
    Some(match words.next()? {
        "flow" => Means::FlowAt(words.rest()),
        "wake" => match words.next()? {
            "in" => Means::Wake(words.rest().parse().ok()?),
            "at" => Means::WakeAt(words.rest().parse().ok()?),
            _ => return None,
        },
        word => Means::Stage(prop_of(word, words)?),
    })
}

fn prop_of(word: &str, words: &mut Words<'_>) -> Option<Prop> {
    Some(match word {
        "channel" => Prop::Channel(words.rest().parse().ok()?),
        "at" => Prop::At(words.rest().parse().ok()?),
        "contact" => match words.next()? {
            "name" => Prop::Name(words.text()?),
            "language" => Prop::Language(words.text()?),
            "tag" => Prop::Tag(words.text()?),
            "field" => Prop::Field(words.next()?.to_owned(), words.value()?),
            "blocked" => Prop::Blocked,
            "consent" => match words.rest().as_str() {
                "opted_in" => Prop::Consent(ConsentState::OptedIn),
                "opted_out" => Prop::Consent(ConsentState::OptedOut),
                _ => return None,
            },
            "zone" => Prop::Zone(words.rest().parse().ok()?),
            _ => return None,
        },
        "heard" => Prop::Heard(words.rest().parse().ok()?),
        "settings" => Prop::Settings(words.rest()),
        "knows" => Prop::Knows(words.text()?),
        "inside" => Prop::Inside(words.text()?),
        "finished" => Prop::Finished(words.text()?),
        "steps" => Prop::Steps(words.rest().parse().ok()?),
        "depth" => Prop::Depth(words.rest().parse().ok()?),
        "called" => Prop::Called,
        "show" => (words.rest() == "live").then_some(Prop::ShowLive)?,
        _ => return None,
    })
}

fn input_of(words: &mut Words<'_>) -> Option<Input> {
    if words.0.trim_start().starts_with('"') {
        return Some(Input::Message(MessageKind::Text, words.text()?));
    }
    Some(match words.next()? {
        "keyword" => Input::Keyword(words.text()?),
        "image" => Input::Message(MessageKind::Image, words.text().unwrap_or_default()),
        "press" => {
            let choice = words.text()?;
            match words.next() {
                None => Input::Press(choice, None),
                Some("at") => Input::Press(choice, Some(NodeId(words.rest()))),
                Some(_) => return None,
            }
        }
        "start" => Input::Start(words.values()?),
        "event" => Input::Event(words.rest()),
        "timer" => Input::Timer,
        "late" => match words.next()? {
            "timer" => Input::LateTimer(words.rest().parse().ok()?),
            "answer" => Input::LateAnswer,
            _ => return None,
        },
        "answer" => Input::Answer(outcome_of(words)?),
        "callback" => Input::Callback(words.values()?),
        "returned" => Input::Returned(words.values()?),
        "tag" => Input::Tag(words.text()?),
        "untag" => Input::Untag(words.text()?),
        "field" => Input::Field(words.next()?.to_owned(), words.value()?),
        "handover" => match words.rest().as_str() {
            "begins" => Input::HandoverBegins,
            "ends" => Input::HandoverEnds,
            _ => return None,
        },
        "forecast" => Input::Forecast,
        "move" => {
            let action = words.action()?;
            let (by, only) = words.rest_after("in")?;
            Input::Move { action, by: by.parse().ok()?, only }
        }
        verb => Input::Verb(verb_of(verb, words)?),
    })
}

fn outcome_of(words: &mut Words<'_>) -> Option<CallOutcome> {
    Some(match words.next()? {
        "timed" => CallOutcome::TimedOut,
        "failed" => CallOutcome::Failed(words.text()?),
        status => CallOutcome::Answered { status: status.parse().ok()?, body: words.rest() },
    })
}

fn verb_of(verb: &str, words: &mut Words<'_>) -> Option<Verb> {
    Some(match verb {
        "hold" => match words.rest().as_str() {
            "" => Verb::Hold,
            action => Verb::HoldAction(action.parse().ok()?),
        },
        "resume" => Verb::Resume,
        "stop" => Verb::Stop(words.text()?),
        "jump" => Verb::Jump(NodeId(words.rest())),
        "restart" => Verb::Restart,
        "send" if words.next()? == "now" => Verb::SendNow(words.action()?),
        "skip" => Verb::Skip(words.action()?),
        "remove" => Verb::Remove(words.action()?),
        "rewrite" => Verb::Rewrite(words.action()?, words.text()?),
        "release" => Verb::ReleaseAction(words.action()?),
        "undo" => Verb::Undo(words.action()?),
        _ => return None,
    })
}

/// The words of a line that are still to be read.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let text = self.0.trim_start();
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        self.0 = &text[end..];
        (end > 0).then(|| &text[..end])
    }

    fn rest(&mut self) -> String {
        std::mem::take(&mut self.0).trim().to_owned()
    }

    /// A quoted text, as JSON writes it, or one word.
    fn text(&mut self) -> Option<String> {
        let text = self.0.trim_start();
        if !text.starts_with('"') {
            return self.next().map(str::to_owned);
        }
        let mut read = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let words = read.next()?.ok()?;
        self.0 = &text[read.byte_offset()..];
        Some(words)
    }

    fn value(&mut self) -> Option<Value> {
        let rest = self.rest();
        match serde_json::from_str(&rest) {
            Ok(value) => Value::from_json(&value),
            Err(_) => Some(Value::text(rest)),
        }
    }

    fn values(&mut self) -> Option<Values> {
        let rest = self.rest();
        if rest.is_empty() { Some(Values::new()) } else { serde_json::from_str(&rest).ok() }
    }

    fn action(&mut self) -> Option<ActionId> {
        self.next()?.parse().ok()
    }

    /// What follows a word, and whether `only` ends it.
    fn rest_after(&mut self, word: &str) -> Option<(String, bool)> {
        (self.next()? == word).then_some(())?;
        let rest = self.rest();
        Some(rest.strip_suffix("only").map_or_else(|| (rest.clone(), false), |by| (by.trim().to_owned(), true)))
    }
}
