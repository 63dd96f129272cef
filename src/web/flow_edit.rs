//! The editor of a flow: the drawing above the list of its nodes, the form of the node that is open, and what saving asks.

mod save;

pub use save::{SaveGroup, SavePage};

use super::chat::Bubble;
use super::flow_map::{self, Marks};
use super::node_form::Fields;
use super::node_words::{self, Speaker};
use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::model::flow::{Flow, Reentry};
use crate::model::message::Status;
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

/// An exit in the form of its node.
#[derive(Clone, Debug)]
pub struct ExitChoice {
    /// Its name in the document.
    pub name: String,
    /// Its words.
    pub label: String,
    /// The id of the node it leads to; empty where it ends.
    pub to: String,
}

/// The form of a node: posts every field of `node_form` to `action`, which reads them with `node_form::document_of`.
#[derive(Template)]
#[template(path = "flow_edit/node.html")]
pub struct NodePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Where it posts.
    pub action: String,
    /// Where "close" leads.
    pub back: String,
    /// The revision of the draft.
    pub revision: u64,
    /// The language of texts that have none.
    pub base: String,
    /// The kind of the node.
    pub kind: String,
    /// What stands in the fields.
    pub fields: Fields,
    /// What is wrong, where it was posted and refused.
    pub faults: Vec<String>,
    /// Its exits.
    pub exits: Vec<ExitChoice>,
    /// The nodes an exit may lead to: id and name.
    pub targets: Vec<(String, String)>,
    /// Files kept here: id and name.
    pub files: Vec<(String, String)>,
    /// Flows to launch: the text of the reference and the name; the first is none.
    pub flows_to_launch: Vec<(String, String)>,
    /// Flows to stop: the same, with `all`.
    pub flows_to_stop: Vec<(String, String)>,
    /// Names of fields and variables: `contact.fields.x`, `run.y`.
    pub names: Vec<String>,
    /// Tags in use.
    pub tags: Vec<String>,
    /// Where a file is uploaded (multipart, field `file`); `None` shows no such form.
    pub upload: Option<String>,
    /// The message as a contact would see it.
    pub preview: Option<Bubble>,
}

impl<'a> NodePage<'a> {
    /// The form of a node of a draft. `flows` are all flows: id and name; `files` those kept here.
    pub fn new(chrome: &'a Chrome, flow: &EditorFlow, draft: &Flow, node: &Node, speaker: Speaker<'_>) -> NodePage<'a> {
        let w = chrome.language;
        let names = node.kind.exit_names();
        let targets = draft.nodes.iter().filter(|other| !other.kind.is_trigger() && !matches!(other.kind, NodeKind::Note(_)));
        let mut to_launch = vec![(String::new(), w.choose_flow().to_owned())];
        to_launch.extend(speaker.flows.iter().filter(|(id, _)| **id != flow.id).map(|(id, name)| (format!("id:{id}"), name.clone())));
        if let NodeKind::Launch(launch) = &node.kind {
            let named = launch.flow.iter().chain(&launch.stop).map(ToString::to_string);
            to_launch.extend(
                named
                    .filter(|name| name != "all" && !to_launch.iter().any(|(own, _)| own == name))
                    .map(|name| (name.clone(), name))
                    .collect::<Vec<_>>(),
            );
        }
        let mut to_stop = to_launch.clone();
        to_stop[0].1 = w.stop_none().to_owned();
        to_stop.insert(1, ("all".to_owned(), w.stops_all().to_owned()));
        NodePage {
            chrome,
            action: format!("/flows/{}/nodes/{}", flow.id, path_part(&node.id.0)),
            back: format!("/flows/{}/edit#node-{}", flow.id, node.id),
            revision: flow.revision,
            base: speaker.texts.to_owned(),
            kind: node.kind.word().to_owned(),
            fields: super::node_form::fields_of(node),
            faults: Vec::new(),
            exits: names
                .iter()
                .map(|name| ExitChoice {
                    name: name.clone(),
                    label: w.first_upper(&speaker.exit(node, name)),
                    to: node.exit(name).map(|to| to.0.clone()).unwrap_or_default(),
                })
                .collect(),
            targets: targets.map(|other| (other.id.0.clone(), speaker.name_in_list(other))).collect(),
            files: Vec::new(),
            flows_to_launch: to_launch,
            flows_to_stop: to_stop,
            names: value_names(draft),
            tags: Vec::new(),
            upload: matches!(node.kind, NodeKind::Message(_)).then(|| format!("/flows/{}/nodes/{}/files", flow.id, path_part(&node.id.0))),
            preview: if let NodeKind::Message(message) = &node.kind { Some(Bubble::preview(message, speaker)) } else { None },
        }
    }
}

/// A text as one part of a path.
fn path_part(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The names of fields and variables that a draft writes or reads.
fn value_names(draft: &Flow) -> Vec<String> {
    let text = crate::model::document::write(draft).to_string();
    let mut names: Vec<String> = Vec::new();
    for start in ["contact.fields.", "run."] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
            names.push(format!("{start}{}", &rest[..end]));
        }
    }
    names.retain(|name| !name.ends_with('.'));
    names.sort();
    names.dedup();
    names
}
