//! Where a run stands and what comes next, in a line.

use super::super::contacts::ContactRun;
use super::super::node_words::{Speaker, cut};
use super::super::words::Language;
use crate::base::time::Time;
use crate::executor::advance;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::action::Action;
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::run::{Phase, Run};
use crate::store::View;

/// Lines of the forecast that are looked through for what comes next beside waiting.
const LINES: usize = 4;
/// Characters of what comes next.
const NEXT_CHARS: usize = 80;

/// Where a run stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What its node is called or does.
    pub at: String,
    /// When something comes next.
    pub due: Option<Time>,
    /// What.
    pub next: String,
}

impl Standing {
    /// Where a run stands now.
    pub fn of(view: &View, facts: &Facts, run: &Run, contact: &Contact, now: Time, w: Language) -> Result<Standing, Refusal> {
        if run.is_over() {
            return Ok(Standing::default());
        }
        let flow = facts.flow(view, run.flow, run.version)?;
        let ahead = advance::forecast_some(view, facts, run, contact, now, LINES)?;
        let next = ahead.iter().find(|action| action.kind != "wait").or(ahead.first());
        Ok(Standing {
            at: node_of(&run.phase).map(|node| name(&flow, node, w)).unwrap_or_default(),
            due: ahead.first().and_then(|action| action.due),
            next: next.map(|action| cut(&said(&flow, action, w), NEXT_CHARS)).unwrap_or_default(),
        })
    }
}

/// A run beside a chat.
pub fn beside(view: &View, facts: &Facts, run: &Run, contact: &Contact, now: Time, w: Language) -> Result<ContactRun, Refusal> {
    let standing = Standing::of(view, facts, run, contact, now, w)?;
    let (state, tone) = w.run_state(run);
    Ok(ContactRun {
        id: run.id.to_string(),
        flow: facts.heads.get(&run.flow).map_or_else(|| w.deleted_flow().to_owned(), |head| head.name.clone()),
        at: standing.at,
        due: standing.due,
        state: state.to_owned(),
        tone,
    })
}

/// The node at which a run stands.
pub fn node_of(phase: &Phase) -> Option<&NodeId> {
    match phase {
        Phase::Ready(node) => Some(node),
        Phase::Waiting(waiting) => Some(&waiting.action.node),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
        Phase::Over => None,
    }
}

/// What a node is called; its id where this version has it no more.
pub fn name(flow: &Flow, node: &NodeId, w: Language) -> String {
    flow.node(node).map_or_else(|| node.to_string(), |node| Speaker::new(w).name_in_list(node))
}

/// An action in a line: what its node is called, or its kind and its text.
pub(super) fn said(flow: &Flow, action: &Action, w: Language) -> String {
    let kind = w.kind(action.kind);
    match flow.node(&action.id.node).and_then(|node| node.title.clone()).filter(|title| !title.is_empty()) {
        Some(title) => title,
        None if action.text.is_empty() => kind.to_owned(),
        None => format!("{kind}: {}", action.text),
    }
}
