//! A flow that comes from outside, from the starter pack or from a document of somebody else: named anew where its name is taken, without
//! the phrases that other flows own, with its fields and tags made known, disabled, and with a list of what is still to do.

use super::flow_check::{problems, resolve};
use super::flow_runs::{Running, of_save};
use super::flows::{free_beside, fresh_token, new_head, publish, put_head};
use super::taken::{leave_out, taken};
use crate::base::id::FlowId;
use crate::engine::needs;
use crate::executor::Executor;
use crate::executor::desk::Desk;
use crate::executor::occasions::rounds;
use crate::executor::refusal::Refusal;
use crate::model::carry::Carry;
use crate::model::checklist::{Checklist, LeftOut};
use crate::model::field::Field;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::{NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::problem::Severity;
use crate::model::segment::Segment;
use crate::model::tag::Tag;
use crate::store::{checklists, fields, flows, segments, tags};
use std::collections::BTreeMap;

/// What is added.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    /// The flow, its blanks filled.
    pub flow: Flow,
    /// The blueprint it was made from, by its word.
    pub blueprint: Option<String>,
    /// Messages whose file nobody gave.
    pub files: Vec<NodeId>,
    /// Segments its schedules are for; one whose name is taken is left as it is.
    pub segments: Vec<Segment>,
    /// A phrase of its owner's choice, put into the first keyword that loses all of its own.
    pub phrase: Option<String>,
    /// A ready example that it takes the place of, with the phrases and those inside, as long as nobody changed that one.
    pub instead_of: Option<FlowId>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Added {
    /// The flow.
    pub id: FlowId,
    /// What it is called now.
    pub name: String,
    /// Whether its first version was saved; otherwise it is a draft with something wrong.
    pub is_saved: bool,
    /// Phrases that other flows own.
    pub left_out: Vec<LeftOut>,
    /// Fields and tags that nobody knew before.
    pub made: usize,
}

impl Executor {
    /// Adds a flow, disabled.
    pub async fn add_flow(&self, by: By, addition: Addition) -> Result<Added, Refusal> {
        let (_, digest) = fresh_token()?;
        let (added, carry) = self.line.change(move |desk| add_in_place(desk, by, addition, digest)).await?;
        self.carry_through(added.id, carry).await?;
        Ok(added)
    }

    /// Ticks a line of a check-list, or takes the tick away.
    pub async fn tick(&self, flow: FlowId, line: String, done: bool) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let mut list = checklists::get(&desk.work, flow)?.ok_or(Refusal::NotFound("check-list"))?;
                if done {
                    list.ticked.insert(line)
                } else {
                    list.ticked.remove(&line)
                };
                Ok(checklists::put(&mut desk.work, &list)?)
            })
            .await
    }

    /// Puts a check-list away for good.
    pub async fn close_checklist(&self, flow: FlowId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                checklists::delete(&mut desk.work, flow);
                Ok(())
            })
            .await
    }
}

/// Where an example is still as it was put up, the flow becomes its next version, and those inside go along; otherwise it is a flow of its own.
fn add_in_place(desk: &mut Desk, by: By, addition: Addition, start_token: [u8; 32]) -> Result<(Added, Option<Carry>), Refusal> {
    let example = match addition.instead_of {
        Some(id) => flows::head(&desk.work, id)?.filter(FlowHead::is_as_made),
        None => None,
    };
    let Some(head) = example else { return Ok((add(desk, by, addition, start_token)?, None)) };
    let version = head.version + 1;
    let added = put_up(desk, by, addition, Place::Of(head))?;
    let carry = if added.is_saved { of_save(by, version, Running::Move, BTreeMap::new()) } else { None };
    rounds::begin_runs(desk, added.id, carry.as_ref())?;
    Ok((added, carry))
}

/// The same within a change that does more. `start_token` is the digest of the token of its start address.
pub fn add(desk: &mut Desk, by: By, addition: Addition, start_token: [u8; 32]) -> Result<Added, Refusal> {
    put_up(desk, by, addition, Place::New { start_token })
}

/// Where a flow that is added goes.
enum Place {
    /// It is a flow of its own.
    New { start_token: [u8; 32] },
    /// It is the next version of this one.
    Of(FlowHead),
}

fn put_up(desk: &mut Desk, by: By, addition: Addition, place: Place) -> Result<Added, Refusal> {
    let Addition { mut flow, blueprint, files, segments: wanted, phrase, instead_of: _ } = addition;
    let id: FlowId = match &place {
        Place::New { .. } => desk.mint()?,
        Place::Of(head) => head.id,
    };
    flow.name = free_beside(&desk.facts, id, &flow.name);
    let needed = needs::of_flow(&flow);
    let made = learn(desk, &needed.as_fields(), &needed.as_tags())?;
    for segment in &wanted {
        if segments::get(&desk.work, &segment.name)?.is_none() {
            segments::put(&mut desk.work, segment)?;
        }
    }
    resolve(&mut flow, &desk.facts);
    let left_out = taken(&desk.work, &desk.facts, Some(id), &flow)?;
    leave_out(&mut flow, &left_out);
    start_otherwise(&mut flow, phrase);
    let found = problems(&desk.work, &desk.facts, Some(id), &flow)?;
    let is_saved = found.iter().all(|problem| problem.fault.severity() != Severity::Error);
    let state = FlowState::Disabled { since: desk.now };
    let head = match place {
        Place::New { start_token } => new_head(desk, id, flow.name.clone(), start_token, state, u32::from(is_saved)),
        Place::Of(old) => FlowHead {
            name: flow.name.clone(),
            state,
            version: old.version + u32::from(is_saved),
            draft_revision: old.draft_revision + 1,
            changed: desk.now,
            ..old
        },
    };
    if is_saved {
        publish(desk, by, &head, &flow)?;
    } else {
        flows::put_draft(&mut desk.work, id, &flow)?;
        put_head(desk, &head)?;
    }
    let list = Checklist { flow: id, blueprint, left_out: left_out.clone(), files, ticked: Default::default() };
    checklists::put(&mut desk.work, &list)?;
    desk.audit(by, "flow.added", head.logged())?;
    Ok(Added { id, name: head.name, is_saved, left_out, made })
}

/// Makes fields and tags known that nobody knew before; gives how many.
pub fn learn(desk: &mut Desk, named: &[Field], labels: &[Tag]) -> Result<usize, Refusal> {
    let mut made = 0;
    for field in named {
        if fields::get(&desk.work, &field.name)?.is_none() {
            fields::put(&mut desk.work, field)?;
            made += 1;
        }
    }
    for tag in labels {
        if tags::get(&desk.work, &tag.name)?.is_none() {
            tags::put(&mut desk.work, tag)?;
            made += 1;
        }
    }
    Ok(made)
}

/// Where keywords lost every phrase: the first gets the phrase of its owner's choice, and the others go where something else starts the flow.
fn start_otherwise(flow: &mut Flow, phrase: Option<String>) {
    let empty = |kind: &NodeKind| matches!(kind, NodeKind::Keyword(keyword) if keyword.phrases.is_empty());
    if let Some(text) = phrase.filter(|text| !text.trim().is_empty()) {
        let mut keywords = flow.nodes.iter_mut().filter_map(|node| match &mut node.kind {
            NodeKind::Keyword(keyword) => Some(keyword),
            _ => None,
        });
        if let Some(keyword) = keywords.find(|keyword| keyword.phrases.is_empty()) {
            keyword.phrases.push(crate::model::node::Phrase { text, r#match: crate::model::node::MatchMode::Word });
        }
    }
    if flow.nodes.iter().any(|node| node.kind.is_trigger() && !empty(&node.kind)) {
        flow.nodes.retain(|node| !empty(&node.kind));
    }
}
