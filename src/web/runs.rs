//! Active automations: the list of runs, and the story of one.

use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::action::{Action, ActionSource, ActionState, Change};
use askama::Template;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// The contact's name, or else the number.
    pub contact: String,
    /// The number.
    pub number: String,
    /// Where the contact's runs are.
    pub contact_href: String,
    /// The flow's name.
    pub flow: String,
    /// Where it stands: what the node is called or does.
    pub at: String,
    /// When something comes next.
    pub due: Option<Time>,
    /// What.
    pub next: String,
    /// How it stands, in words (`Language::run_state`).
    pub state: String,
    /// And in tone.
    pub tone: Tone,
}

/// The list of runs. Several at once post `verb` (`hold`, `resume`, `stop`) and `run` (one for each) to `/runs/changes`.
#[derive(Template)]
#[template(path = "runs/list.html")]
pub struct RunsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Flows to choose from: id and name.
    pub flows: Vec<(String, String)>,
    /// The flow that is chosen; empty for all.
    pub flow: String,
    /// The state that is chosen: empty for live, `held`, `failed`, `any`.
    pub state: String,
    /// The text that is looked for.
    pub text: String,
    /// The lines.
    pub rows: Vec<RunRow>,
    /// Where the next page is.
    pub next: Option<String>,
}

/// One action of a run, as the story shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, `node:visit`.
    pub id: String,
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
    /// Exits that are undecided, in words.
    pub branches: Vec<String>,
    /// Whether the verbs stand under it.
    pub can_change: bool,
    /// Whether a person changed it.
    pub was_changed: bool,
    /// When it is due, as a field of date and time wants it: in the reader's zone, without it.
    pub due_field: String,
}

impl Entry {
    /// An action with what its node is called and who changed it last.
    pub fn of(action: &Action, title: String, by: Option<&str>, language: Language, now: Time, zone: Zone) -> Entry {
        let pending = matches!(action.source, ActionSource::Pending);
        let due = action.due.map(|due| zone.local(due).format("%Y-%m-%dT%H:%M").to_string());
        Entry {
            id: action.id.to_string(),
            kind: action.kind.to_owned(),
            title,
            text: action.text.clone(),
            at: action.due,
            state: action.state,
            result: action.result.clone(),
            notes: action.changed.as_ref().map(|change| notes(change, by, language, now, zone)).unwrap_or_default(),
            branches: action.branches.clone(),
            can_change: pending || matches!(action.state, ActionState::Held | ActionState::Blocked),
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
    if change.skip {
        notes.push(w.note_skipped(who));
    }
    if change.remove {
        notes.push(w.note_removed(who));
    }
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
    /// Nodes to jump to: id and name.
    pub nodes: Vec<(String, String)>,
    /// The drawing, with how it stands at each node; empty for none.
    pub map: Markup,
}
