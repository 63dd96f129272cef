//! The simulator beside the editor: a conversation with the draft as a page shows it, and the conversations kept as tests.

use super::chat::{Bubble, BubbleFile};
use super::node_words::Speaker;
use super::page::{Chrome, Tone};
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::engine::talk::{Came, Changed, Moment, Scene, Seen};
use crate::model::action::{ActionState, Done};
use crate::model::effect::{Content, Effect};
use crate::model::flow::Flow;
use crate::model::message::Choice;
use crate::model::node::{Node, NodeId, NodeKind};
use crate::model::run::{Phase, Run, RunState};
use crate::model::secret_name::SIGN;
use askama::Template;

/// How the calls of a rehearsed run are answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calls {
    /// At once, with this status and body.
    Mock(u16, String),
    /// By the person, each time.
    Ask,
    /// By the address itself: the call is truly made.
    Real,
}

impl Default for Calls {
    fn default() -> Calls {
        Calls::Mock(200, "{}".to_owned())
    }
}

impl Calls {
    /// The word of the form.
    pub const fn word(&self) -> &'static str {
        match self {
            Calls::Mock(..) => "mock",
            Calls::Ask => "ask",
            Calls::Real => "real",
        }
    }

    /// The answer that stands in the form: status and body.
    pub fn mocked(&self) -> (u16, &str) {
        match self {
            Calls::Mock(status, body) => (*status, body),
            _ => (200, "{}"),
        }
    }
}

/// A line of the conversation.
#[derive(Clone, Debug)]
pub enum TryLine {
    /// A new day.
    Day(String),
    /// Something said. What the contact writes stands at the right.
    Said(Box<Bubble>, Vec<(String, String)>),
    /// Something that happened: icon and words.
    Note(&'static str, String),
}

/// A visit of a node, in the log.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// When, on the clock of the conversation.
    pub at: String,
    /// The kind of the node.
    pub kind: String,
    /// Its name.
    pub node: String,
    /// Where its form is.
    pub href: String,
    /// What it did.
    pub text: String,
    /// By which exit it was left, or why it failed.
    pub result: String,
    /// Whether it failed.
    pub is_bad: bool,
    /// What has another value now: name and value.
    pub values: Vec<(String, String)>,
}

/// A conversation kept as a test.
#[derive(Clone, Debug)]
pub struct KeptTalk {
    /// Its place in the list.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// Where it goes otherwise now: the line, what is expected, what comes.
    pub red: Option<(usize, String, String)>,
}

/// Where the rehearsed run stands, for the buttons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// The clock can jump to something.
    pub waits: bool,
    /// A call waits for its answer.
    pub calls: bool,
    /// Another flow was called.
    pub called: bool,
    /// A person answers.
    pub handover: bool,
}

/// A conversation with the draft.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The flow's id.
    pub id: String,
    /// Where its page is: what its forms post to begins with it.
    pub base: String,
    /// Where the crumb leads.
    pub home: String,
    /// Whether conversations are kept as tests, and calls may be truly made: not those of a blueprint, which is nobody's yet.
    pub keeps: bool,
    /// The revision of the draft.
    pub revision: u64,
    /// The script so far, as every form carries it.
    pub script: String,
    /// Whether anything came in yet.
    pub has_begun: bool,
    /// What went wrong, in words.
    pub notice: Option<String>,
    /// The conversation.
    pub lines: Vec<TryLine>,
    /// Every step.
    pub log: Vec<LogLine>,
    /// The clock.
    pub clock: String,
    /// The clock, as the field for it wants it.
    pub clock_field: String,
    /// Where it stands, in words.
    pub status: String,
    /// What may come in now.
    pub stand: Stand,
    /// What starts the flow: words, and the value of the button.
    pub starts: Vec<(String, String)>,
    /// How calls are answered.
    pub calls: Calls,
    /// Whether the flow makes calls at all.
    pub has_calls: bool,
    /// The channels to choose from, and which one it is.
    pub channels: Vec<(String, String)>,
    /// The one it is.
    pub channel: String,
    /// Who may be talked as: value and name.
    pub people: Vec<(String, String)>,
    /// The conversations kept as tests.
    pub kept: Vec<KeptTalk>,
    /// Whether a conversation of an earlier page may take this one's place.
    pub is_fresh: bool,
}

/// The page. Its forms post to `{base}/try` and carry `script`; those that keep tests post to `/flows/{id}/talks`.
#[derive(Template)]
#[template(path = "rehearsal/page.html")]
pub struct RehearsalPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's name.
    pub name: String,
    /// The conversation.
    pub it: Rehearsal,
}

/// The conversation alone, for the editor.
#[derive(Template)]
#[template(path = "rehearsal/part.html")]
pub struct RehearsalPart<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The conversation.
    pub it: Rehearsal,
}

/// Who tells a conversation: the words, the draft, and the clock on the wall.
pub struct Teller<'a> {
    /// Who speaks of nodes.
    pub speaker: Speaker<'a>,
    /// The draft.
    pub flow: &'a Flow,
    /// Where its nodes are looked at.
    pub home: &'a str,
    /// The zone of the clock.
    pub zone: Zone,
    /// When the conversation began: days are named from it.
    pub began: Time,
}

impl Teller<'_> {
    fn w(&self) -> Language {
        self.speaker.language
    }

    /// A time on the clock of the conversation.
    pub fn when(&self, at: Time) -> String {
        let (w, local) = (self.w(), self.zone.local(at));
        format!("{} {}", w.date(local.date(), self.zone.date(self.began)), w.wall_time(local.time()))
    }

    /// The conversation.
    pub fn lines(&self, seen: &Seen) -> Vec<TryLine> {
        let (mut lines, mut day) = (Vec::new(), None);
        for scene in &seen.scenes {
            self.came(scene, &mut lines, &mut day);
            for moment in &scene.moments {
                for effect in &moment.effects {
                    self.effect(effect, moment.at, &mut lines, &mut day);
                }
            }
            lines.extend(self.outcome(scene));
        }
        lines
    }

    fn came(&self, scene: &Scene, lines: &mut Vec<TryLine>, day: &mut Option<chrono::NaiveDate>) {
        let mine = |text: String| Bubble { is_out: true, text, at: Some(scene.at), ..Bubble::default() };
        match &scene.came {
            Came::Words(text) => self.say(mine(text.clone()), Vec::new(), lines, day),
            Came::Press(choice) => {
                let offered = lines.iter().rev().find_map(|line| match line {
                    TryLine::Said(_, choices) => {
                        choices.iter().find(|(value, _)| value.split_once('/').is_some_and(|(_, id)| id == choice))
                    }
                    _ => None,
                });
                let title = offered.map_or_else(|| choice.clone(), |(_, title)| title.clone());
                self.say(mine(title), Vec::new(), lines, day);
            }
            Came::Clock => {
                let at = scene.moments.last().map_or(scene.at, |moment| moment.at);
                let quiet = scene.moments.is_empty();
                lines.push(TryLine::Note("clock", if quiet { self.w().try_time_passes().to_owned() } else { self.when(at) }));
            }
            Came::Other(what) => lines.push(TryLine::Note("info", self.w().try_came(what))),
        }
    }

    fn say(&self, bubble: Bubble, choices: Vec<(String, String)>, lines: &mut Vec<TryLine>, day: &mut Option<chrono::NaiveDate>) {
        let own = bubble.at.map(|at| self.zone.date(at));
        if let Some(date) = own.filter(|_| own != *day) {
            lines.push(TryLine::Day(self.w().first_upper(&self.w().long_date(date, self.zone.date(self.began)))));
            *day = own;
        }
        lines.push(TryLine::Said(Box::new(bubble), choices));
    }

    fn effect(&self, effect: &Effect, at: Time, lines: &mut Vec<TryLine>, day: &mut Option<chrono::NaiveDate>) {
        let w = self.w();
        match effect {
            Effect::Send { action, content, .. } => {
                let choices = choices(content).map(|choice| (format!("{}/{}", action.node, choice.id), choice.title.clone())).collect();
                self.say(self.bubble(content, at), choices, lines, day);
            }
            Effect::Call { call, .. } => lines.push(TryLine::Note("api", format!("{} {}", call.method.word(), call.url.replace(SIGN, "")))),
            Effect::Launch { flow, .. } => lines.push(TryLine::Note("launch", w.try_launches(&flow.to_string()))),
            Effect::Stop { flow } => {
                let words = flow.as_ref().map_or_else(|| w.stops_all().to_owned(), |flow| w.stops_flow(&flow.to_string()));
                lines.push(TryLine::Note("stop", words));
            }
            Effect::Notify { text, to, .. } => lines.push(TryLine::Note("notify", w.try_notifies(to, text))),
            Effect::Record(_) | Effect::Return { .. } => {}
        }
    }

    fn bubble(&self, content: &Content, at: Time) -> Bubble {
        let w = self.w();
        let plain = BubbleFile::named;
        let mut files = Vec::new();
        files.extend(content.media.iter().map(|media| {
            let kept = media.url.as_deref().and_then(|url| self.speaker.files.get(url));
            let said = media.caption.clone().or_else(|| media.name.clone());
            BubbleFile::of(media.kind, said.or_else(|| media.url.clone().filter(|url| url.contains("://"))), kept, w)
        }));
        files.extend(content.location.iter().map(|place| plain("location", place.name.clone().unwrap_or_else(|| w.location().to_owned()))));
        files.extend(content.card.iter().map(|(name, _)| plain("contact", name.clone())));
        files.extend(content.template.iter().map(|template| plain("document", w.try_template(&template.name))));
        Bubble { text: content.text.clone(), files, at: Some(at), ..Bubble::default() }
    }

    /// How a line ended, where that is worth a word.
    fn outcome(&self, scene: &Scene) -> Option<TryLine> {
        let (w, last) = (self.w(), scene.said.last()?.as_str());
        let (icon, words) = match last {
            "nothing" => ("info", w.try_nothing().to_owned()),
            "kept" => ("info", w.try_kept().to_owned()),
            "opted in" => ("check", w.consent_given().to_owned()),
            "opted out" => ("stop", w.consent_taken_back().to_owned()),
            "done" => ("check", w.try_done().to_owned()),
            "on hold" => ("pause", w.try_held().to_owned()),
            last if last.starts_with("done ") => ("check", w.try_done_with(&word(last, "done "))),
            last if last.starts_with("stopped") => ("stop", w.try_stopped().to_owned()),
            last if last.starts_with("failed ") => ("error", w.try_failed(&word(last, "failed "))),
            last if last.starts_with("impossible") || last.starts_with("refused") => ("warn", w.try_impossible().to_owned()),
            _ => return None,
        };
        Some(TryLine::Note(icon, words))
    }

    /// Every step with its values.
    pub fn log(&self, seen: &Seen) -> Vec<LogLine> {
        seen.scenes.iter().flat_map(|scene| &scene.moments).flat_map(|moment| self.steps(moment)).collect()
    }

    fn steps(&self, moment: &Moment) -> Vec<LogLine> {
        let done = moment.effects.iter().filter_map(|effect| if let Effect::Record(done) = effect { Some(done) } else { None });
        let mut lines: Vec<LogLine> = done.map(|done| self.step(done)).collect();
        let values: Vec<(String, String)> = moment.changed.iter().map(|changed| self.value(changed)).collect();
        match lines.last_mut() {
            Some(last) => last.values = values,
            None if values.is_empty() => {}
            None => lines.push(LogLine {
                at: self.when(moment.at),
                kind: "save".to_owned(),
                node: String::new(),
                href: String::new(),
                text: String::new(),
                result: String::new(),
                is_bad: false,
                values,
            }),
        }
        lines
    }

    fn step(&self, done: &Done) -> LogLine {
        let node = self.flow.node(&done.action.node);
        let said = |node: &Node| match &node.kind {
            NodeKind::Message(_) | NodeKind::Api(_) | NodeKind::Notify(_) if !done.text.is_empty() => done.text.clone(),
            _ => self.speaker.line(node),
        };
        let exit = |name: &String| {
            let known = node.filter(|node| node.kind.exit_names().contains(name));
            known.map_or_else(|| name.clone(), |node| self.speaker.exit(node, name))
        };
        let place: String = url::form_urlencoded::byte_serialize(done.action.node.0.as_bytes()).collect();
        LogLine {
            at: self.when(done.at),
            kind: done.kind.clone(),
            node: node.map_or_else(|| done.action.node.to_string(), |node| self.speaker.name(node)),
            href: format!("{}?node={place}#node-{place}", self.home),
            text: node.map(said).unwrap_or_default(),
            result: done.result.as_ref().map(exit).unwrap_or_default(),
            is_bad: done.state == ActionState::Failed,
            values: Vec::new(),
        }
    }

    fn value(&self, changed: &Changed) -> (String, String) {
        let w = self.w();
        match changed {
            Changed::Value(name, Some(value)) => (self.speaker.value_name(name), w.value_dated(name, value, self.began, self.zone)),
            Changed::Value(name, None) => (self.speaker.value_name(name), w.try_cleared().to_owned()),
            Changed::Tag(tag, on) => (w.tag().to_owned(), format!("{}{}", if *on { '+' } else { '−' }, w.tag_name(tag))),
            Changed::Language(language) => (w.value_language().to_owned(), language.clone().unwrap_or_default()),
            Changed::Consent(state) => (w.consent_label().to_owned(), w.consent(*state).to_owned()),
        }
    }

    /// Where the run stands, in words, and what may come in.
    pub fn standing(&self, run: Option<&Run>) -> (String, Stand) {
        let w = self.w();
        let Some(run) = run else { return (w.try_idle().to_owned(), Stand::default()) };
        if matches!(run.state, RunState::Ended { .. }) {
            return (w.try_over().to_owned(), Stand::default());
        }
        let name = |node: &NodeId| self.flow.node(node).map_or_else(|| node.to_string(), |node| self.speaker.name_in_list(node));
        let stand = Stand { waits: run.timer().is_some(), ..Stand::default() };
        let due = run.timer().map(|(due, _)| self.when(due));
        match &run.phase {
            Phase::Ready(node) => (w.try_at(&name(node)), stand),
            Phase::Waiting(waiting) => {
                let at = name(&waiting.action.node);
                (due.map_or_else(|| w.try_at(&at), |due| w.try_at_until(&at, &due)), stand)
            }
            Phase::Calling { .. } => (w.try_calling().to_owned(), Stand { calls: true, ..stand }),
            Phase::Called { .. } => (w.try_called().to_owned(), Stand { called: true, ..stand }),
            Phase::Handover { .. } => (w.try_handover().to_owned(), Stand { handover: true, ..stand }),
            Phase::Over => (w.try_over().to_owned(), stand),
        }
    }
}

/// The word behind the first, without its quotation marks.
fn word(line: &str, first: &str) -> String {
    let rest = line.strip_prefix(first).unwrap_or_default();
    serde_json::from_str::<String>(rest).unwrap_or_else(|_| rest.to_owned())
}

/// What can be pressed under a message.
fn choices(content: &Content) -> impl Iterator<Item = &Choice> {
    let rows = content.list.iter().flat_map(|list| &list.sections).flat_map(|(_, rows)| rows).map(|(row, _)| row);
    content.buttons.iter().chain(rows)
}
