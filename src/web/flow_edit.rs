//! The editor of a flow: the drawing above the list of its nodes, the form of the node that is open, and what saving asks.

use super::checklist::TodoList;
use super::flow_map::{self, Marks};
use super::node_page::NodePage;
use super::node_words::{self, Speaker};
use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::model::flow::{Flow, Reentry};
use crate::model::node::{Node, NodeId, NodeKind};
use crate::model::problem::{Fault, Problem, Severity};
use askama::Template;
use std::collections::BTreeMap;

/// The kinds of node in the order of the palette.
pub const PALETTE: [&str; 13] = NodeKind::WORDS;

/// Whether a kind starts a flow, by its word.
pub fn is_trigger(kind: &str) -> bool {
    matches!(kind, "keyword" | "event")
}

/// The head of the flow that is edited.
#[derive(Clone, Debug)]
pub struct EditorFlow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub is_enabled: bool,
    /// The newest version; 0 where it was never saved.
    pub version: u32,
    /// Whether the draft says something else than the newest version.
    pub draft_differs: bool,
    /// Contacts inside.
    pub inside: u64,
    /// The revision of the draft, that every form carries.
    pub revision: u64,
    /// Whether a change of the draft can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be made again.
    pub can_redo: bool,
    /// Whether "overwrite if it exists" is ticked.
    pub restarts: bool,
    /// A way of re-entry that the box cannot say, in words.
    pub other_reentry: Option<String>,
}

impl EditorFlow {
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

    /// What the head says of re-entry: whether the box is ticked, and words where it is not the box's to say.
    pub fn reentry(reentry: &Reentry, w: Language) -> (bool, Option<String>) {
        match reentry {
            Reentry::Keep => (false, None),
            Reentry::Restart => (true, None),
            Reentry::Once(None) => (false, Some(w.reentry_once().to_owned())),
            Reentry::Once(Some(after)) => (false, Some(w.reentry_once_after(&w.length(*after)))),
            Reentry::Parallel(key) => (false, Some(w.reentry_parallel(key))),
        }
    }
}

/// A problem as the page shows it.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    /// Whether it keeps the flow from being saved.
    pub severity: Severity,
    /// Where: address of the node and its name.
    pub node: Option<(String, String)>,
    /// What, in the reader's language.
    pub text: String,
    /// The flow that has the phrase already: address and name.
    pub owner: Option<(String, String)>,
}

impl ProblemLine {
    fn tone(&self) -> Tone {
        match self.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
        }
    }
}

/// A fault beside its node.
#[derive(Clone, Debug)]
pub struct StepFault {
    /// How bad it is.
    pub tone: Tone,
    /// What, in the reader's language.
    pub text: String,
}

/// An exit in the list of nodes.
#[derive(Clone, Debug)]
pub struct StepExit {
    /// Its name in the document.
    pub name: String,
    /// Its words.
    pub label: String,
    /// Where it leads: address and name of the node.
    pub to: Option<(String, String)>,
}

/// A node in the list.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Its kind, by the word of the document.
    pub kind: &'static str,
    /// What people call it.
    pub title: Option<String>,
    /// Its title, or else its kind.
    pub name: String,
    /// What it does.
    pub line: String,
    /// Where its form is.
    pub href: String,
    /// Whether its form is open.
    pub is_open: bool,
    /// Contacts who stand there.
    pub inside: u64,
    /// Its exits.
    pub exits: Vec<StepExit>,
    /// What is wrong with it.
    pub faults: Vec<StepFault>,
}

/// What the editor knows beside the flow's own texts.
pub struct Around<'a> {
    /// Who speaks of nodes.
    pub speaker: Speaker<'a>,
    /// What checking the draft found.
    pub problems: &'a [Problem],
    /// How many contacts stand at each node.
    pub inside: &'a BTreeMap<NodeId, u64>,
    /// The node whose form is open.
    pub open: Option<&'a NodeId>,
}

/// The editor. Its forms post, each with `revision`: `/flows/{id}/versions` (save), `/flows/{id}/reentry` (`restart`),
/// `/flows/{id}/nodes` (`kind`, `after`, `exit`), `/flows/{id}/nodes/{node}` (the form of a node), `…/moves` (`direction` up or
/// down), `…/copies`, and `/flows/{id}/nodes/{node}?method=delete`.
#[derive(Template)]
#[template(path = "flow_edit/page.html")]
pub struct EditorPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The head.
    pub flow: EditorFlow,
    /// What checking found.
    pub problems: Vec<ProblemLine>,
    /// The drawing.
    pub map: Markup,
    /// The nodes, in the order of the drawing.
    pub steps: Vec<Step>,
    /// The form of the node that is open, rendered.
    pub open: Markup,
    /// The simulator beside it, rendered; empty shows none.
    pub beside: Markup,
    /// What is still to do for a flow that was added; `None` shows no list.
    pub todos: Option<TodoList>,
}

impl<'a> EditorPage<'a> {
    /// The editor of a draft. `open` is the form of the node that `around` names.
    pub fn new(chrome: &'a Chrome, flow: EditorFlow, draft: &Flow, around: &Around<'_>, open: Option<&NodePage<'_>>) -> EditorPage<'a> {
        let href = format!("/flows/{}/edit?node=", flow.id);
        let mut marks =
            Marks { href: Some(href.clone()), inside: around.inside.clone(), selected: around.open.cloned(), ..Marks::default() };
        for problem in around.problems {
            if let Some(node) = &problem.node {
                let worst = marks.problems.entry(node.clone()).or_insert(problem.fault.severity());
                *worst = (*worst).min(problem.fault.severity());
            }
        }
        let order = flow_map::reading_order(draft);
        EditorPage {
            chrome,
            problems: around.problems.iter().map(|problem| problem_line(draft, problem, &href, around.speaker)).collect(),
            map: Markup(flow_map::draw(draft, around.speaker, &marks)),
            steps: order.into_iter().map(|index| step(draft, &draft.nodes[index], &href, around)).collect(),
            open: Markup(open.and_then(|page| page.render().ok()).unwrap_or_default()),
            beside: Markup::default(),
            todos: None,
            flow,
        }
    }
}

/// The address of a node's form, with the place on the page.
fn address(href: &str, id: &NodeId) -> String {
    let query: String = url::form_urlencoded::byte_serialize(id.0.as_bytes()).collect();
    format!("{href}{query}#node-{query}")
}

/// A problem in the reader's language, with the way to its node and to whom a phrase belongs.
pub fn problem_line(draft: &Flow, problem: &Problem, href: &str, speaker: Speaker<'_>) -> ProblemLine {
    let node = problem.node.as_ref().and_then(|id| draft.node(id));
    let owner = match &problem.fault {
        Fault::PhraseTaken { flow, flow_id, .. } => Some((format!("/flows/{flow_id}/edit"), flow.clone())),
        _ => None,
    };
    ProblemLine {
        severity: problem.fault.severity(),
        node: node.map(|node| (address(href, &node.id), speaker.name_in_list(node))),
        text: speaker.language.fault(&problem.fault),
        owner,
    }
}

fn step(draft: &Flow, node: &Node, href: &str, around: &Around<'_>) -> Step {
    let speaker = around.speaker;
    let to = |name: &str| {
        let other = draft.node(node.exit(name)?)?;
        Some((address(href, &other.id), speaker.name_in_list(other)))
    };
    let exits = node.kind.exit_names();
    let fault = |problem: &Problem| StepFault {
        tone: if problem.fault.severity() == Severity::Error { Tone::Bad } else { Tone::Warn },
        text: speaker.language.fault(&problem.fault),
    };
    Step {
        id: node.id.0.clone(),
        kind: node.kind.word(),
        title: node.title.clone().filter(|title| !title.is_empty()),
        name: speaker.name(node),
        line: node_words::cut(&speaker.line(node), 300),
        href: address(href, &node.id),
        is_open: around.open == Some(&node.id),
        inside: around.inside.get(&node.id).copied().unwrap_or(0),
        exits: exits.iter().map(|name| StepExit { name: name.clone(), label: speaker.exit(node, name), to: to(name) }).collect(),
        faults: around.problems.iter().filter(|problem| problem.node.as_ref() == Some(&node.id)).map(fault).collect(),
    }
}

/// People who stand at one node while the flow is saved.
#[derive(Clone, Debug)]
pub struct SaveGroup {
    /// The node's id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Whether the draft still has the node, with the same kind.
    pub stays: bool,
}

/// What saving means for those inside. Posts `running` (`move`, `finish`, `stop`), `sure`, for each node `move.{node}` (empty: move to
/// the new version; `finish`; `stop`; `to:{node}`), and `red=confirm` where tests are red, to `/flows/{id}/versions`.
#[derive(Template)]
#[template(path = "flow_edit/save.html")]
pub struct SavePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The revision of the draft.
    pub revision: u64,
    /// Contacts inside.
    pub inside: u64,
    /// Warnings: the node's name and the words.
    pub warnings: Vec<(Option<String>, String)>,
    /// Tests that go otherwise now: name, line, what is expected, what comes.
    pub reds: Vec<(String, usize, String, String)>,
    /// Who stands where.
    pub groups: Vec<SaveGroup>,
    /// Nodes that people may be moved to.
    pub targets: Vec<(String, String)>,
}

impl SavePage<'_> {
    fn ways(&self) -> [(&'static str, &'static str, &'static str); 3] {
        let w = self.chrome.language;
        [
            ("move", w.running_move(), w.running_move_help()),
            ("finish", w.running_finish(), w.running_finish_help()),
            ("stop", w.running_stop(), w.running_stop_help()),
        ]
    }
}
