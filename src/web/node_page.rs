//! The form of one node, with everything its menus offer.

use super::chat::Bubble;
use super::flow_edit::EditorFlow;
use super::node_form::Fields;
use super::node_words::Speaker;
use super::page::Chrome;
use super::phrase::OverlapLine;
use crate::model::flow::Flow;
use crate::model::message::Status;
use crate::model::node::{Node, NodeKind};
use askama::Template;

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
    /// Segments to choose from.
    pub segments: Vec<String>,
    /// Where a file is uploaded (multipart, field `file`); `None` shows no such form.
    pub upload: Option<String>,
    /// The message as a contact would see it.
    pub preview: Option<Bubble>,
    /// What the phrases overlap with; `None` is no keyword.
    pub overlaps: Option<Vec<OverlapLine>>,
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
            segments: Vec::new(),
            upload: matches!(node.kind, NodeKind::Message(_)).then(|| format!("/flows/{}/nodes/{}/files", flow.id, path_part(&node.id.0))),
            overlaps: None,
            preview: if let NodeKind::Message(message) = &node.kind { Some(Bubble::preview(message, speaker)) } else { None },
        }
    }
}

/// A text as one part of a path.
fn path_part(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The names of fields and variables that a draft writes or reads.
pub fn value_names(draft: &Flow) -> Vec<String> {
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
