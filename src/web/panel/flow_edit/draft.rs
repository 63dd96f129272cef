//! A draft with all that its editor must know of it, from one look at the data.

use super::super::super::Web;
use super::super::super::chat::Kept;
use super::super::super::node_words::Speaker;
use super::super::super::problem::Trouble;
use super::super::super::words::Language;
use super::super::flows::{current, head, names};
use crate::base::id::{FlowId, Id, Shard};
use crate::base::time::Time;
use crate::executor::control::flow_check;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::checklist::Checklist;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::{NodeId, NodeKind};
use crate::model::problem::Problem;
use crate::store::drafts::{self, Way};
use crate::store::{View, checklists, counters, files, runs, segments, tags as store_tags};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files that a form offers.
const FILES_MAX: usize = 200;

/// A draft that is edited.
#[derive(Debug)]
pub struct Open {
    /// The head of its flow.
    pub head: FlowHead,
    /// The draft.
    pub draft: Flow,
    /// The newest version, where one was saved.
    pub saved: Option<Arc<Flow>>,
    /// Whether the draft says something else than the newest version.
    pub differs: bool,
    /// Whether its last change can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be made again.
    pub can_redo: bool,
    /// What checking the draft found.
    pub problems: Vec<Problem>,
    /// How many stand at each node.
    pub inside: BTreeMap<NodeId, u64>,
    /// How many are inside.
    pub inside_all: u64,
    /// Files kept here.
    pub files: Kept,
    /// Tags that the draft gives, and those known by name.
    pub tags: Vec<String>,
    /// Segments there are.
    pub segments: Vec<String>,
    /// What is still to do, where it was added from the pack or a document.
    pub checklist: Option<Checklist>,
    names: BTreeMap<String, String>,
    texts: String,
}

impl Open {
    /// Reads the draft of a flow.
    pub async fn read(web: &Web, id: FlowId) -> Result<Open, Trouble> {
        let facts = web.executor.facts();
        let head = head(&facts, id)?;
        web.read(move |view| Open::of(view, &facts, head)).await
    }

    fn of(view: &View, facts: &Facts, head: FlowHead) -> Result<Open, Refusal> {
        let draft = current(view, facts, &head)?;
        let saved = if head.version > 0 { Some(facts.flow(view, head.id, head.version)?) } else { None };
        let mut resolved = draft.clone();
        flow_check::resolve(&mut resolved, facts);
        let problems = flow_check::problems(view, facts, Some(head.id), &resolved)?;
        let inside = counters::waiting(view, head.id)?;
        let kept = files::list(view, None, FILES_MAX)?;
        Ok(Open {
            differs: saved.as_deref().is_none_or(|saved| *saved != draft),
            can_undo: drafts::has(view, Way::Back, head.id)?,
            can_redo: drafts::has(view, Way::On, head.id)?,
            inside_all: runs::count_live_of_flow(view, head.id)?,
            tags: known_tags(view, &draft)?,
            segments: segments::all(view)?.into_iter().map(|segment| segment.name).collect(),
            checklist: checklists::get(view, head.id)?,
            files: Kept::of(kept),
            names: names(facts),
            texts: facts.settings.language.clone(),
            head,
            draft,
            saved,
            problems,
            inside,
        })
    }

    /// A flow that is not kept anywhere yet.
    pub fn unsaved(facts: &Facts, draft: Flow, now: Time) -> Open {
        let head = FlowHead {
            id: FlowId::new(Shard(0), 0),
            name: draft.name.clone(),
            state: FlowState::Disabled { since: now },
            version: 0,
            draft_revision: 0,
            start_token: [0; 32],
            created: now,
            changed: now,
            last_error: None,
        };
        Open {
            head,
            saved: None,
            differs: true,
            can_undo: false,
            can_redo: false,
            problems: Vec::new(),
            inside: BTreeMap::new(),
            inside_all: 0,
            files: Kept::default(),
            tags: tags(&draft),
            segments: Vec::new(),
            checklist: None,
            names: names(facts),
            texts: facts.settings.language.clone(),
            draft,
        }
    }

    /// Whether it runs.
    pub fn is_enabled(&self) -> bool {
        self.head.state == FlowState::Enabled
    }

    /// Who speaks of its nodes.
    pub fn speaker(&self, language: Language) -> Speaker<'_> {
        Speaker { language, texts: &self.texts, flows: &self.names, files: &self.files }
    }
}

fn known_tags(view: &View, draft: &Flow) -> Result<Vec<String>, Refusal> {
    let known = store_tags::all(view)?.into_iter().map(|tag| tag.name);
    let all: BTreeSet<String> = known.chain(tags(draft)).collect();
    Ok(all.into_iter().collect())
}

fn tags(draft: &Flow) -> Vec<String> {
    let given = draft.nodes.iter().filter_map(|node| if let NodeKind::Save(save) = &node.kind { Some(save) } else { None });
    let mut tags: Vec<String> = given.flat_map(|save| save.add_tags.iter().chain(&save.remove_tags).cloned()).collect();
    tags.sort();
    tags.dedup();
    tags
}
