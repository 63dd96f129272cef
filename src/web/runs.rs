//! Active automations: the list of runs, and the story of one.

use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::action::{Action, ActionSource, ActionState, Change};
use askama::Template;

/// A time to move an action to at once.
#[derive(Clone, Debug)]
pub struct QuickMove {
    /// Its word in the form.
    pub word: &'static str,
    /// What it is called.
    pub said: String,
    /// When that is.
    pub when: String,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// The contact's name, or else the number.
    pub contact: String,
    /// The number.
    pub number: String,
    /// Where this person's actions are.
    pub contact_href: String,
    /// The flow's name.
    pub flow: String,
    /// Where those of the same flow are.
    pub flow_href: String,
    /// Where it stands: what the node is called or does.
    pub at: String,
    /// When something comes next.
    pub due: Option<Time>,
    /// What.
    pub next: String,
    /// When it began.
    pub started: Time,
    /// How it stands, in words (`Language::run_state`).
    pub state: String,
    /// And in tone.
    pub tone: Tone,
    /// The action that comes next, where verbs can be done to it.
    pub action: Option<String>,
    /// Whether a person holds that action.
    pub is_held: bool,
    /// Times to move it to at once.
    pub moves: Vec<QuickMove>,
}

/// The list of runs. Several at once post `verb`, and `run` (one for each) or `all` with the filters, to `/runs/changes`, which asks
/// before it does. A view is kept by posting the filters and `name` to `/runs/views`.
#[derive(Template)]
#[template(path = "runs/list.html")]
pub struct RunsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Flows to choose from: id and name.
    pub flows: Vec<(String, String)>,
    /// Nodes of the chosen flow: id and name.
    pub nodes: Vec<(String, String)>,
    /// Channels to choose from: id and name.
    pub channels: Vec<(String, String)>,
    /// The views that were given a name: address and name.
    pub views: Vec<(String, String)>,
    /// Whether there is a filter that could be given a name.
    pub can_save: bool,
    /// The filters: name and value.
    pub filters: Vec<(String, String)>,
    /// The address of this list.
    pub here: String,
    /// Where a verb comes back to: this page of it.
    pub back: String,
    /// The contact whose automations alone are shown: id, name, and the address without that filter.
    pub contact: Option<(String, String, String)>,
    /// The flow that is chosen; empty for all.
    pub flow: String,
    /// The node that is chosen.
    pub node: String,
    /// The channel that is chosen.
    pub channel: String,
    /// The tag that is looked for.
    pub tag: String,
    /// Tags to choose from.
    pub tags: Vec<String>,
    /// The state that is chosen: empty for live, or a word of the API.
    pub state: String,
    /// Before when it is due, by its word.
    pub due: String,
    /// The text that is looked for.
    pub text: String,
    /// How many are inside any automation.
    pub inside: u64,
    /// How many of them are held.
    pub held: u64,
    /// The lines.
    pub rows: Vec<RunRow>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Whether the page is short because enough was looked at.
    pub cut: bool,
    /// What is late and going out now, in words; empty where nothing is.
    pub late: Vec<String>,
}

/// A way out of a place where it is not decided how it goes on.
#[derive(Clone, Debug)]
pub struct Way {
    /// What must happen, in words.
    pub label: String,
    /// Whether the story goes on this way below.
    pub followed: bool,
    /// What comes first on it.
    pub lines: Vec<WayLine>,
    /// Whether the run ends by it.
    pub ends: bool,
}

/// An action that comes only if its way is taken.
#[derive(Clone, Debug)]
pub struct WayLine {
    /// What it is and says, in one line.
    pub said: String,
    /// The action, with its verbs.
    pub entry: Entry,
}

/// One action of a run, as the story shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, `node:visit`.
    pub id: String,
    /// Its own name on the page: one action may stand on two ways.
    pub place: String,
    /// The kind of the node.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// The text, or the words for what else is done.
    pub text: String,
    /// When it was done, or is due.
    pub at: Option<Time>,
    /// How it stands.
    pub state: ActionState,
    /// How it ended.
    pub result: Option<String>,
    /// What a person changed, or why it moved, in words.
    pub notes: Vec<String>,
    /// Ways out that are undecided.
    pub branches: Vec<Way>,
    /// Whether the verbs stand under it.
    pub can_change: bool,
    /// Whether it comes next.
    pub is_next: bool,
    /// Whether it can be sent now.
    pub can_send: bool,
    /// To whom it goes.
    pub contact: String,
    /// Times to move it to at once.
    pub moves: Vec<QuickMove>,
    /// What the verbs will do, to whom, in words.
    pub means: String,
    /// Why it happened, or will, in words.
    pub why: String,
    /// Whether a person changed it.
    pub was_changed: bool,
    /// When it is due, as a field of date and time wants it: in the reader's zone, without it.
    pub due_field: String,
}

impl Entry {
    /// An action with what its node is called and who changed it last.
    pub fn of(action: &Action, title: String, by: Option<&str>, language: Language, now: Time, zone: Zone) -> Entry {
        let pending = matches!(action.source, ActionSource::Pending);
        let is_timed = matches!(action.kind, "message" | "wait" | "api" | "notify" | "launch" | "save" | "handover");
        let ahead = action.source == ActionSource::Forecast && is_timed && action.state != ActionState::Failed;
        let due = action.due.map(|due| zone.local(due).format("%Y-%m-%dT%H:%M").to_string());
        Entry {
            id: action.id.to_string(),
            place: action.id.to_string(),
            kind: action.kind.to_owned(),
            title,
            text: action.text.clone(),
            at: action.due,
            state: action.state,
            result: action.result.clone(),
            notes: action.changed.as_ref().map(|change| notes(change, by, language, now, zone)).unwrap_or_default(),
            branches: Vec::new(),
            can_change: pending || ahead,
            is_next: pending,
            can_send: pending || (ahead && action.kind != "wait"),
            contact: String::new(),
            moves: Vec::new(),
            means: String::new(),
            why: String::new(),
            was_changed: action.changed.is_some(),
            due_field: due.unwrap_or_default(),
        }
    }

    /// Whether it is plain how it stands, so that no badge says it.
    pub fn is_plain(&self) -> bool {
        matches!(self.state, ActionState::Done | ActionState::Forecast)
    }

    /// Whether it is not done.
    pub fn is_off(&self) -> bool {
        matches!(self.state, ActionState::Skipped | ActionState::Removed)
    }

    /// Whether a person holds it.
    pub fn is_held(&self) -> bool {
        self.state == ActionState::Held
    }

    /// The tone of its badge.
    pub fn tone(&self) -> Tone {
        match self.state {
            ActionState::Failed => Tone::Bad,
            ActionState::Held | ActionState::Blocked => Tone::Warn,
            ActionState::Scheduled | ActionState::Running => Tone::Info,
            _ => Tone::Quiet,
        }
    }
}

fn notes(change: &Change, by: Option<&str>, w: Language, now: Time, zone: Zone) -> Vec<String> {
    let mut notes = Vec::new();
    let who = by.unwrap_or(w.by_the_appliance());
    if let Some(due) = change.due {
        notes.push(w.note_moved(&w.moment(due, now, zone).wall, who));
    }
    if change.text.is_some() {
        notes.push(w.note_rewritten(who));
    }
    if change.hold {
        notes.push(w.note_held(who));
    }
    // What nobody asked for has no time: a wait left it out because it was late.
    match (change.skip, change.at) {
        (true, None) => notes.push(w.note_too_late().to_owned()),
        (true, Some(_)) => notes.push(w.note_skipped(who)),
        (false, _) => {}
    }
    if change.remove {
        notes.push(w.note_removed(who));
    }
    notes.extend(change.at.map(|at| w.note_changed(who, &w.moment(at, now, zone).wall)));
    notes
}

/// The story of one run. Its verbs post to `/runs/{id}/hold` (and `?method=delete`), `…/restart`, `…/jumps` (`node`),
/// `/runs/{id}?method=delete` (stop), and for an action to `…/actions/{action}/run`, `…/skips`, `…/hold`, `…?method=delete`
/// (remove), `…/changes?method=delete` (undo), and `…/actions/{action}` with `text`, or with `move` (`hour`, `evening`,
/// `tomorrow`, `due`), `due` (`2026-11-22T09:30`, in the reader's zone) and `only`.
#[derive(Template)]
#[template(path = "runs/run.html")]
pub struct RunPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Its id.
    pub id: String,
    /// The contact's name.
    pub contact: String,
    /// The contact's page.
    pub contact_href: String,
    /// Whose clock the times are of, where it is not that of the business.
    pub clock: Option<String>,
    /// The flow's name.
    pub flow: String,
    /// The flow's page.
    pub flow_href: String,
    /// The version it goes through.
    pub version: u32,
    /// When it began.
    pub started: Time,
    /// What began it, in words.
    pub origin: String,
    /// How it stands, in words.
    pub state: String,
    /// And in tone.
    pub tone: Tone,
    /// Whether a person holds it.
    pub is_held: bool,
    /// Whether it is over.
    pub is_over: bool,
    /// How it ended, in words.
    pub ended: Option<String>,
    /// Why it is silent now, in words.
    pub silence: Option<String>,
    /// What was done, oldest first.
    pub done: Vec<Entry>,
    /// What is pending.
    pub pending: Vec<Entry>,
    /// What will come.
    pub forecast: Vec<Entry>,
    /// Its variables: name and value.
    pub values: Vec<(String, String)>,
    /// Where all automations of this contact are changed at once.
    pub all_href: String,
    /// Nodes to jump to: id and name.
    pub nodes: Vec<(String, String)>,
    /// The drawing, with how it stands at each node; empty for none.
    pub map: Markup,
}
