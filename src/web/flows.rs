//! The list of flows, the bin, and what is asked before one is enabled or deleted.

use super::page::{Chrome, Tone};
use super::words::Language;
use crate::base::time::Time;
use askama::Template;

/// Which flows the list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FlowFilter {
    #[default]
    All,
    Enabled,
    Disabled,
    Errors,
}

impl FlowFilter {
    /// All of them, in the order of the page.
    pub const ALL: [FlowFilter; 4] = [FlowFilter::All, FlowFilter::Enabled, FlowFilter::Disabled, FlowFilter::Errors];

    /// The word of the address, `?state=`.
    pub const fn word(self) -> &'static str {
        match self {
            FlowFilter::All => "",
            FlowFilter::Enabled => "enabled",
            FlowFilter::Disabled => "disabled",
            FlowFilter::Errors => "errors",
        }
    }

    /// The filter of a word; all for a word that is none.
    pub fn of_word(word: &str) -> FlowFilter {
        FlowFilter::ALL.into_iter().find(|filter| filter.word() == word).unwrap_or_default()
    }

    fn href(self) -> String {
        if self == FlowFilter::All { "/flows".to_owned() } else { format!("/flows?state={}", self.word()) }
    }
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct FlowRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The phrases that start it.
    pub phrases: Vec<String>,
    /// What else starts it, in words.
    pub other_trigger: Option<String>,
    /// Whether it runs.
    pub is_enabled: bool,
    /// The newest version; 0 where it was never saved.
    pub version: u32,
    /// Whether the draft says something else than the newest version.
    pub draft_differs: bool,
    /// Contacts inside.
    pub inside: u64,
    /// The last failure.
    pub last_error: Option<(Time, String)>,
}

impl FlowRow {
    fn tone(&self) -> Tone {
        match (self.is_enabled, self.version) {
            (true, _) => Tone::Good,
            (false, 0) => Tone::Info,
            (false, _) => Tone::Quiet,
        }
    }

    fn state_words(&self, w: &Language) -> &'static str {
        match (self.is_enabled, self.version) {
            (true, _) => w.flow_enabled(),
            (false, 0) => w.flow_draft(),
            (false, _) => w.flow_disabled(),
        }
    }
}

/// What a copy just made still needs.
#[derive(Clone, Debug)]
pub struct CopyNotice {
    /// The name of the copy.
    pub name: String,
    /// What is missing: in words, and where it is given.
    pub missing: Vec<(String, String)>,
}

/// The list of flows. Several at once post `verb` (`enable`, `disable`, `duplicate`, `export`, `delete`) and `flow` (one for each)
/// to `/flows/changes`.
#[derive(Template)]
#[template(path = "flows/list.html")]
pub struct FlowsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Which are shown.
    pub filter: FlowFilter,
    /// The lines.
    pub rows: Vec<FlowRow>,
    /// How many lie in the bin.
    pub binned: u64,
    /// Copies just made.
    pub copies: Vec<CopyNotice>,
}

impl FlowsPage<'_> {
    fn bulk_verbs(&self) -> [(&'static str, &'static str, &'static str); 5] {
        let w = self.chrome.language;
        [
            ("enable", w.enable(), "play"),
            ("disable", w.disable(), "pause"),
            ("duplicate", w.duplicate(), "copy"),
            ("export", w.export(), "backup"),
            ("delete", w.delete(), "trash"),
        ]
    }
}

/// A name is asked: for a new flow (posts `name` to `/flows`), or for one that has another (to `/flows/{id}/name`).
#[derive(Template)]
#[template(path = "flows/name.html")]
pub struct NamePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// The words of the button.
    pub button: String,
    /// The name as it was typed.
    pub name: String,
    /// What is wrong with it.
    pub wrong: String,
}

/// What becomes of what should have happened while a flow was off. Posts `overdue` (`shift`, `spread`, `drop`), and `flow` where
/// several are enabled, to `/flows/{id}/pause?method=delete` or `/flows/changes`.
#[derive(Template)]
#[template(path = "flows/enable.html")]
pub struct EnablePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Its name, or the names of several in one sentence.
    pub name: String,
    /// Where it posts.
    pub action: String,
    /// The ids where several are enabled; empty for one.
    pub flows: Vec<String>,
    /// How long it was off, in words.
    pub off_for: Option<String>,
    /// Contacts inside.
    pub inside: u64,
    /// Actions that are overdue.
    pub overdue: u64,
}

impl EnablePage<'_> {
    fn overdue_ways(&self) -> [(&'static str, &'static str, &'static str); 3] {
        let w = self.chrome.language;
        [
            ("shift", w.overdue_shift(), w.overdue_shift_help()),
            ("spread", w.overdue_spread(), w.overdue_spread_help()),
            ("drop", w.overdue_drop(), w.overdue_drop_help()),
        ]
    }
}

/// Asks before a flow is deleted: to the bin (posts to `/flows/{id}?method=delete`) or for good (`/flows/{id}/bin/contents?method=delete`).
#[derive(Template)]
#[template(path = "flows/delete.html")]
pub struct DeletePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// What it means, a line each; the first is the one that matters most.
    pub lines: Vec<String>,
    /// Where it posts.
    pub action: String,
    /// The ids where several are deleted; empty for one.
    pub flows: Vec<String>,
    /// The words of the button.
    pub button: String,
    /// Where "never mind" leads.
    pub back: String,
    /// What that place is called.
    pub back_words: String,
}

impl<'a> DeletePage<'a> {
    /// Asks before one flow, with so many contacts inside, goes to the bin.
    pub fn to_bin(chrome: &'a Chrome, id: &str, name: &str, inside: u64) -> DeletePage<'a> {
        let w = chrome.language;
        let who = if inside == 0 { w.delete_nobody().to_owned() } else { w.delete_inside(inside) };
        DeletePage {
            chrome,
            title: w.delete_title(name),
            lines: vec![who, w.delete_keeps().to_owned()],
            action: format!("/flows/{id}?method=delete"),
            flows: Vec::new(),
            button: w.to_bin().to_owned(),
            back: "/flows".to_owned(),
            back_words: w.nav_flows().to_owned(),
        }
    }

    /// Asks before one flow is gone for good.
    pub fn for_good(chrome: &'a Chrome, id: &str, name: &str) -> DeletePage<'a> {
        let w = chrome.language;
        DeletePage {
            chrome,
            title: w.forever_title(name),
            lines: vec![w.forever_text().to_owned()],
            action: format!("/flows/{id}/bin/contents?method=delete"),
            flows: Vec::new(),
            button: w.delete_forever().to_owned(),
            back: "/flows/bin".to_owned(),
            back_words: w.bin().to_owned(),
        }
    }
}

/// A flow in the bin.
#[derive(Clone, Debug)]
pub struct BinRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Since when it lies there.
    pub since: Time,
}

/// The bin. Restoring posts to `/flows/{id}/bin?method=delete`.
#[derive(Template)]
#[template(path = "flows/bin.html")]
pub struct BinPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What lies in it.
    pub rows: Vec<BinRow>,
}
