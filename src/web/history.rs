//! The versions of a flow: when, by whom, what changed in words; two of them side by side; one of them drawn.

use super::flow_diff::{Difference, Happened, Line};
use super::node_words::Speaker;
use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::base::time::Time;
use crate::model::flow::Flow;
use askama::Template;

/// Differences that a line of the list names; the others are counted.
const NAMED: usize = 3;

/// A version in the list.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Its number.
    pub number: u32,
    /// When it was saved.
    pub saved: Time,
    /// Who saved it.
    pub by: String,
    /// What changed against the one before, in words.
    pub changes: Vec<String>,
    /// Whether it is the newest.
    pub is_newest: bool,
}

/// The list. Posts `number`, `revision` and `then` (`draft` or `save`) to `/flows/{id}/restores`.
#[derive(Template)]
#[template(path = "history/list.html")]
pub struct HistoryPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The revision of the draft.
    pub revision: u64,
    /// What the draft says otherwise than the newest version, in words; empty where it says the same.
    pub draft: Vec<String>,
    /// The versions, newest first.
    pub rows: Vec<VersionRow>,
    /// Where older ones begin, where there are any.
    pub older: Option<u32>,
    /// All versions that can be compared: value and words.
    pub choices: Vec<(String, String)>,
}

/// A difference as the page shows it.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// What happened to the node, in words.
    pub what: &'static str,
    /// How loud that is.
    pub tone: Tone,
    /// The icon: the kind of the node.
    pub icon: String,
    /// The node's name, or the flow.
    pub name: String,
    /// The members that say something else, in words.
    pub members: String,
    /// The JSON before and after.
    pub lines: Vec<Line>,
}

/// Two versions side by side.
#[derive(Template)]
#[template(path = "history/compare.html")]
pub struct ComparePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The older one, in words.
    pub from: String,
    /// The newer one, in words.
    pub to: String,
    /// What sets them apart.
    pub rows: Vec<DifferenceRow>,
}

/// One version, drawn.
#[derive(Template)]
#[template(path = "history/version.html")]
pub struct VersionPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The revision of the draft.
    pub revision: u64,
    /// The version.
    pub row: VersionRow,
    /// The drawing.
    pub map: Markup,
    /// Its nodes: kind, name, what each does.
    pub nodes: Vec<(String, String, String)>,
    /// Whether the draft says something that restoring would replace.
    pub draft_differs: bool,
}

/// What a difference is called: the node's name in the version that has it.
fn name(difference: &Difference, old: &Flow, new: &Flow, speaker: Speaker<'_>) -> (String, String) {
    let Some(id) = &difference.node else { return ("flow".to_owned(), speaker.language.diff_flow().to_owned()) };
    let node = new.node(id).or_else(|| old.node(id));
    node.map_or_else(|| ("note".to_owned(), id.to_string()), |node| (node.kind.word().to_owned(), speaker.name_in_list(node)))
}

/// The differences as the page shows them.
pub fn rows(differences: Vec<Difference>, old: &Flow, new: &Flow, speaker: Speaker<'_>) -> Vec<DifferenceRow> {
    let w = speaker.language;
    let row = |difference: Difference| {
        let (icon, name) = name(&difference, old, new, speaker);
        let (what, tone) = match difference.what {
            Happened::Added => (w.diff_added(), Tone::Good),
            Happened::Removed => (w.diff_removed(), Tone::Bad),
            Happened::Changed => (w.diff_changed(), Tone::Info),
        };
        let members: Vec<String> = difference.members.iter().map(|member| w.member(member).to_owned()).collect();
        DifferenceRow { what, tone, icon, name, members: w.list(&members), lines: difference.lines }
    };
    differences.into_iter().map(row).collect()
}

/// The differences in words, a sentence each; the first few by name, the others counted.
pub fn sentences(differences: &[Difference], old: &Flow, new: &Flow, speaker: Speaker<'_>) -> Vec<String> {
    let w = speaker.language;
    let sentence = |difference: &Difference| {
        let (_, name) = name(difference, old, new, speaker);
        let members: Vec<String> = difference.members.iter().map(|member| w.member(member).to_owned()).collect();
        match difference.what {
            Happened::Added => w.diff_says_added(&name),
            Happened::Removed => w.diff_says_removed(&name),
            Happened::Changed => w.diff_says_changed(&name, &w.list(&members)),
        }
    };
    let mut said: Vec<String> = differences.iter().take(NAMED).map(sentence).collect();
    if differences.len() > NAMED {
        said.push(w.diff_more(differences.len() - NAMED));
    }
    said
}

impl Language {
    /// A member of the document, as people call it; its own name where they have none.
    pub fn member(self, name: &str) -> &str {
        match name {
            "name" => self.member_name(),
            "reentry" | "reentry_after" | "reentry_key" => self.member_reentry(),
            "talks" => self.member_talks(),
            "leave_when" => self.member_leave(),
            "start" => self.member_start(),
            "exits" => self.member_exits(),
            "title" => self.member_title(),
            "note" => self.member_note(),
            "text" | "alternatives" => self.member_text(),
            "attachments" | "location" | "contact_card" => self.member_attachments(),
            "buttons" | "list" => self.member_buttons(),
            "window_closed" => self.member_window(),
            "phrases" => self.member_phrases(),
            "channels" => self.member_channels(),
            "cooldown" => self.member_cooldown(),
            "for" | "until" | "window" | "late" => self.member_wait(),
            "reply" => self.member_reply(),
            "met" => self.member_met(),
            "branches" | "weights" => self.member_branches(),
            "set" | "clear" | "increment" | "save" => self.member_values(),
            "add_tags" | "remove_tags" => self.member_tags(),
            "method" | "url" | "headers" | "query" | "body" => self.member_call(),
            "timeout" | "retry" | "safe_to_repeat" => self.member_tries(),
            "flow" | "mode" | "variables" | "stop" => self.member_launch(),
            "on" | "tag" | "field" | "offset" | "at" | "days" | "yearly" | "segment" => self.member_event(),
            other => other,
        }
    }
}
