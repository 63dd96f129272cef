//! Which flow gets a message: one decision, by the rules of spec.md 3 in their order. Nothing changes here; what follows from the
//! decision is the executor's, and whether a flow is entered twice is `entry`'s.

mod answer;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod tests;

use super::keyword::{Match, Triggers, fold};
use crate::base::id::RunId;
use crate::base::time::Time;
use crate::model::contact::{ConsentState, Contact, Passages, Silence};
use crate::model::event::Heard;
use crate::model::flow::Flow;
use crate::model::node::{EventKind, NodeId};
use crate::model::route::{Lost, Outcome, Route, Rule};
use crate::model::run::{Run, RunState};
use crate::model::settings::Settings;
use crate::model::world::ChannelFacts;

/// How many of those that would also have matched are kept with a message.
const LOST_MAX: usize = 10;

/// Why a message stays in the inbox although something would have taken it.
pub const HELD: &str = "the run is held";
/// See `HELD`.
pub const FLOW_DISABLED: &str = "the flow is disabled";
/// See `HELD`.
pub const ALL_PAUSED: &str = "everything is paused";
/// Why a trigger that matches is passed over.
pub const COOLING: &str = "its cooldown is not over";
/// See `COOLING`.
pub const SLEEPING: &str = "it does not listen at this hour";
/// Why the messages of a person are not for the flows.
pub const BLOCKED: &str = "the contact is blocked";
/// See `BLOCKED`.
pub const OPTED_OUT: &str = "the contact wants no messages";
/// See `BLOCKED`.
pub const AUTOMATIONS_OFF: &str = "automations are off for this contact";
/// See `BLOCKED`.
pub const AUTOMATIONS_PAUSED: &str = "automations are paused for this contact";
/// See `BLOCKED`.
pub const HANDOVER: &str = "a person answers this contact";

/// A live or held run of the contact, with the version of the flow it goes through.
#[derive(Clone, Copy, Debug)]
pub struct RunView<'a> {
    /// The run.
    pub run: &'a Run,
    /// The flow, in the run's version.
    pub flow: &'a Flow,
    /// Whether the flow runs.
    pub flow_enabled: bool,
}

impl RunView<'_> {
    /// Why it takes no answer, if it takes none.
    fn withheld(&self) -> Option<&'static str> {
        match self.run.state {
            RunState::Held { .. } => Some(HELD),
            _ if !self.flow_enabled => Some(FLOW_DISABLED),
            _ => None,
        }
    }
}

/// A press of which the provider handed back our own name: which run sent the button, from which node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The run.
    pub run: RunId,
    /// The message node.
    pub node: NodeId,
    /// The id of the button or row.
    pub choice: String,
}

/// A message that arrived, not seen before, and what must be known to place it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The owner's settings.
    pub settings: &'a Settings,
    /// The triggers of all enabled flows.
    pub triggers: &'a Triggers,
    /// Where it came.
    pub channel: &'a ChannelFacts,
    /// From whom.
    pub contact: &'a Contact,
    /// What this contact's past in flows left, for cooldowns.
    pub passages: &'a Passages,
    /// The runs of this contact that are not over.
    pub runs: &'a [RunView<'a>],
    /// The message.
    pub heard: &'a Heard,
    /// The button it is a press of, where the provider hands back our own name of it.
    pub pressed: Option<&'a Press>,
    /// Whether our own side wrote it.
    pub ours: bool,
    /// Whether it was said in a group.
    pub group: bool,
    /// Whether it is the first this contact ever sent.
    pub first_message: bool,
    /// Whether the business is open now, holidays counted.
    pub open: bool,
    /// When.
    pub now: Time,
}

/// Something that matches, in its place among all that do.
struct Candidate {
    lost: Lost,
    outcome: Outcome,
    bar: Bar,
}

/// What keeps a candidate from taking the message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bar {
    None,
    /// It takes the message away from the rest and does nothing with it.
    Withheld(&'static str),
    /// The rest may have it.
    PassedOver(&'static str),
}

impl Candidate {
    fn into_lost(mut self) -> Lost {
        if let Bar::Withheld(reason) | Bar::PassedOver(reason) = self.bar {
            self.lost.word = Some(reason.to_owned());
        }
        self.lost
    }

    fn of_run(view: &RunView<'_>, rule: Rule, outcome: Outcome, word: Option<String>) -> Candidate {
        let bar = view.withheld().map_or(Bar::None, Bar::Withheld);
        Candidate { lost: Lost { rule, flow: Some(view.run.flow), word }, outcome, bar }
    }
}

impl From<Match> for Candidate {
    fn from(found: Match) -> Candidate {
        let bar = match (found.sleeps, found.rests_until) {
            (true, _) => Bar::PassedOver(SLEEPING),
            (false, Some(_)) => Bar::PassedOver(COOLING),
            (false, None) => Bar::None,
        };
        let lost = Lost { rule: found.rule, flow: Some(found.flow), word: found.phrase };
        Candidate { lost, outcome: Outcome::Enter { trigger: found.trigger }, bar }
    }
}

/// Decides which flow gets a message, by which rule, and tells who lost. Seen-before messages are the caller's to drop.
pub fn route(arrival: &Arrival<'_>) -> Route {
    if arrival.ours || arrival.group || !arrival.heard.kind.speaks() {
        return Route { rule: Rule::Recorded, outcome: Outcome::Rest, flow: None, lost: Vec::new() };
    }
    let candidates = candidates(arrival);
    let opted_out = arrival.contact.consent.state == ConsentState::OptedOut;
    if is_word(&arrival.settings.stop_words, &arrival.heard.text) {
        // Who has already left is not told so again.
        let outcome = if opted_out { Outcome::Rest } else { Outcome::OptOut };
        return above(Rule::StopWord, outcome, None, candidates);
    }
    if opted_out && is_word(&arrival.settings.start_words, &arrival.heard.text) {
        return above(Rule::StartWord, Outcome::OptIn, None, candidates);
    }
    if opted_out {
        return above(Rule::OptedOut, Outcome::Rest, None, candidates);
    }
    if let Some(silence) = arrival.contact.silence(arrival.now) {
        return above(Rule::ForOperator, Outcome::Rest, Some(silence_words(silence)), candidates);
    }
    if arrival.settings.paused && candidates.iter().any(|candidate| !matches!(candidate.bar, Bar::PassedOver(_))) {
        return above(Rule::Withheld, Outcome::Rest, Some(ALL_PAUSED), candidates);
    }
    best(candidates)
}

/// Whether the whole message is one of these words.
fn is_word(words: &[String], text: &str) -> bool {
    let text = fold(text);
    !text.is_empty() && words.iter().any(|word| fold(word) == text)
}

/// Why a person's messages are not for the flows, in words.
const fn silence_words(silence: Silence) -> &'static str {
    match silence {
        Silence::Blocked => BLOCKED,
        Silence::OptedOut => OPTED_OUT,
        Silence::AutomationsOff => AUTOMATIONS_OFF,
        Silence::AutomationsPaused => AUTOMATIONS_PAUSED,
        Silence::Handover => HANDOVER,
    }
}

/// A rule that stands above every flow: all of them lose. The reason, where there is one, stands first among the lost.
fn above(rule: Rule, outcome: Outcome, reason: Option<&str>, candidates: Vec<Candidate>) -> Route {
    let reason = reason.map(|reason| Lost { rule, flow: None, word: Some(reason.to_owned()) });
    let lost = reason.into_iter().chain(candidates.into_iter().map(Candidate::into_lost)).take(LOST_MAX).collect();
    Route { rule, outcome, flow: None, lost }
}

/// The first that is not passed over gets the message, or keeps it in the inbox.
fn best(mut candidates: Vec<Candidate>) -> Route {
    let Some(first) = candidates.iter().position(|candidate| !matches!(candidate.bar, Bar::PassedOver(_))) else {
        return above(Rule::Nothing, Outcome::Rest, None, candidates);
    };
    let winner = candidates.remove(first);
    if matches!(winner.bar, Bar::Withheld(_)) {
        candidates.insert(0, winner);
        return above(Rule::Withheld, Outcome::Rest, None, candidates);
    }
    let lost = candidates.into_iter().map(Candidate::into_lost).take(LOST_MAX).collect();
    Route { rule: winner.lost.rule, outcome: winner.outcome, flow: winner.lost.flow, lost }
}

/// All that matches, best first.
fn candidates(arrival: &Arrival<'_>) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = answer::press(arrival).into_iter().collect();
    let pressed = all.first().and_then(|press| run_of(&press.outcome));
    let found = {
        let (channel, settings) = (Some(arrival.channel), Some(arrival.settings));
        arrival.triggers.matches(&arrival.heard.text, channel, arrival.passages, settings, arrival.now)
    };
    let (first, later): (Vec<_>, Vec<_>) = found.into_iter().partition(|each| each.rule <= Rule::KeywordWord);
    let mut asking = answer::asking(arrival).into_iter().filter(|view| Some(view.run.id) != pressed).peekable();
    // A run that takes no answer cannot keep keywords from theirs.
    if asking.peek().is_some_and(|view| view.withheld().is_none() && answer::ignores_keywords(view)) {
        all.extend(asking.next().map(|view| answer::reply(&view)));
    }
    all.extend(first.into_iter().map(Candidate::from));
    all.extend(asking.map(|view| answer::reply(&view)));
    all.extend(later.into_iter().map(Candidate::from));
    all.extend(wakings(arrival));
    all
}

fn run_of(outcome: &Outcome) -> Option<RunId> {
    match outcome {
        Outcome::Press { run, .. } | Outcome::Answer { run } => Some(*run),
        _ => None,
    }
}

/// The triggers that take what no phrase and no question took.
fn wakings(arrival: &Arrival<'_>) -> Vec<Candidate> {
    let kinds = [
        (Rule::FirstMessage, EventKind::FirstMessage, arrival.first_message),
        (Rule::OutOfHours, EventKind::OutOfHours, !arrival.open),
        (Rule::AnyMessage, EventKind::AnyMessage, true),
    ];
    let holding = kinds.into_iter().filter(|(_, _, holds)| *holds);
    let found = holding.flat_map(|(rule, kind, _)| arrival.triggers.on(kind).map(move |waking| (rule, waking)));
    found
        .filter(|(_, waking)| waking.door.listens_on(arrival.channel))
        .map(|(rule, waking)| {
            let door = &waking.door;
            let rests_until = door.rests_until(arrival.passages.get(&door.flow), arrival.now);
            Match { rule, flow: door.flow, trigger: door.trigger.clone(), phrase: None, rests_until, sleeps: false }.into()
        })
        .collect()
}
