//! Tags and fields of the whole address book: which there are, what uses them, and taking one away from everybody.

use crate::base::id::FlowId;
use crate::engine::uses;
use crate::executor::advance::Cause;
use crate::executor::desk::{Desk, Signal};
use crate::executor::facts::Facts;
use crate::executor::occasions::broadcasts::belongs;
use crate::executor::occasions::rounds;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, advance};
use crate::model::broadcast::Whom;
use crate::model::contact::Contact;
use crate::model::event::Event;
use crate::model::flow::FlowState;
use crate::model::label::Label;
use crate::model::node::{EventKind, NodeId};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::model::segment::Segment;
use crate::store::{Read, contacts, fields, runs, segments, tags};
use std::collections::{BTreeMap, BTreeSet};

/// Contacts read at once, and changed in one commit.
const PAGE: usize = 200;
/// Contacts that are counted; beyond them the numbers say "at least".
const COUNTED_MAX: usize = 20_000;

/// A flow that names something, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which flow.
    pub flow: FlowId,
    /// What it is called.
    pub name: String,
    /// The nodes that name it; none where only a rule of the flow itself does.
    pub nodes: Vec<NodeId>,
}

/// What names a tag, a field or a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Flows, those in the bin left out.
    pub flows: Vec<Use>,
    /// Segments, by name.
    pub segments: Vec<String>,
}

impl Uses {
    /// Whether nothing names it.
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty() && self.segments.is_empty()
    }
}

/// What the contacts of the address book carry, with how many do.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Tags.
    pub tags: BTreeMap<String, u64>,
    /// Fields.
    pub fields: BTreeMap<String, u64>,
    /// Whether there are more contacts than were looked at.
    pub more: bool,
}

impl Executor {
    /// Every tag and field that is known or carried, with how many contacts carry it.
    pub async fn carried(&self) -> Result<Carried, Refusal> {
        let mut carried = Carried::default();
        let view = self.view()?;
        carried.tags.extend(tags::all(&view)?.into_iter().map(|tag| (tag.name, 0)));
        carried.fields.extend(fields::all(&view)?.into_iter().map(|field| (field.name, 0)));
        drop(view);
        carried.more = self
            .look_at_contacts(|_, _, contact| {
                for tag in &contact.tags {
                    *carried.tags.entry(tag.clone()).or_default() += 1;
                }
                for field in contact.fields.keys() {
                    *carried.fields.entry(field.clone()).or_default() += 1;
                }
                Ok(())
            })
            .await?;
        Ok(carried)
    }

    /// How many contacts belong to each of these segments now, and whether there may be more.
    pub async fn count_segments(&self, all: &[Segment]) -> Result<(Vec<u64>, bool), Refusal> {
        let now = self.now();
        let whoms: Vec<Whom> = all.iter().cloned().map(Whom::Segment).collect();
        let mut counts = vec![0; whoms.len()];
        let more = self
            .look_at_contacts(|view, facts, contact| {
                for (whom, count) in whoms.iter().zip(&mut counts) {
                    *count += u64::from(belongs(view, facts, whom, contact, now)?);
                }
                Ok(())
            })
            .await?;
        Ok((counts, more))
    }

    /// Shows contacts one by one, as many as are counted; tells whether there are more. A view to a page (ST-8).
    async fn look_at_contacts(
        &self,
        mut look: impl FnMut(&crate::store::View, &Facts, &Contact) -> Result<(), Refusal>,
    ) -> Result<bool, Refusal> {
        let facts = self.facts();
        let (mut after, mut seen) = (None, 0);
        while seen < COUNTED_MAX {
            let page = {
                let view = self.view()?;
                let page = contacts::list(&view, after, PAGE)?;
                page.iter().try_for_each(|contact| look(&view, &facts, contact))?;
                page
            };
            let Some(last) = page.last().filter(|_| page.len() == PAGE) else { return Ok(false) };
            (after, seen) = (Some(last.id), seen + page.len());
            tokio::task::yield_now().await;
        }
        Ok(true)
    }

    /// What names a tag, a field or a segment.
    pub async fn uses_of(&self, label: Label) -> Result<Uses, Refusal> {
        let facts = self.facts();
        let (reader, done) = (self.reader.clone(), move |view: &crate::store::View| uses_of(view, &facts, &label));
        tokio::task::spawn_blocking(move || done(&reader.view()?)).await.unwrap_or(Err(Refusal::Fault))
    }

    /// The enabled flows that begin, for everybody who has it, where this tag or field is taken away; by name.
    pub fn started_by_the_end_of(&self, label: &Label) -> Vec<String> {
        let facts = self.facts();
        let kind = match label {
            Label::Tag(_) => EventKind::TagRemoved,
            Label::Field(_) => EventKind::FieldChanged,
            Label::Segment(_) => return Vec::new(),
        };
        let flows: BTreeSet<FlowId> = facts.triggers.changed(kind, label.name()).map(|waking| waking.door.flow).collect();
        flows.iter().filter_map(|flow| facts.names.get(flow).cloned()).collect()
    }

    /// Takes a tag or a field away from every contact; tells how many had it. What uses it is in the way, unless `even_if_used`. It
    /// sets off what the same change by hand would: runs that wait for such a thing look again, and flows begin at it. Where the
    /// program ends in the middle, it goes on at the next start.
    pub async fn remove_label(&self, by: By, label: Label, even_if_used: bool) -> Result<u64, Refusal> {
        let count = self.count_having(&label).await?;
        let asked = label.clone();
        self.line.change(move |desk| begin_removal(desk, by, asked, even_if_used)).await?;
        loop {
            let label = label.clone();
            if !self.line.change(move |desk| rounds::take_label(desk, &label)).await? {
                return Ok(count);
            }
        }
    }

    async fn count_having(&self, label: &Label) -> Result<u64, Refusal> {
        let (mut after, mut count) = (None, 0);
        loop {
            let page = {
                let view = self.view()?;
                contacts::list(&view, after, PAGE)?
            };
            count += page.iter().filter(|contact| has(contact, label)).count() as u64;
            let Some(last) = page.last().filter(|_| page.len() == PAGE) else { return Ok(count) };
            after = Some(last.id);
            tokio::task::yield_now().await;
        }
    }
}

/// Begins to take a tag or a field away from everybody, unless something uses it and nobody said so.
pub fn begin_removal(desk: &mut Desk, by: By, label: Label, even_if_used: bool) -> Result<(), Refusal> {
    let uses = uses_of(&desk.work, &desk.facts, &label)?;
    if !uses.is_empty() && !even_if_used {
        return Err(Refusal::Conflict(in_use(&label, &uses)));
    }
    let what = match &label {
        Label::Tag(tag) => {
            tags::delete(&mut desk.work, tag);
            "tag.removed"
        }
        Label::Field(field) => {
            fields::delete(&mut desk.work, field);
            "field.removed"
        }
        Label::Segment(_) => return Err(Refusal::NotFound("label")),
    };
    desk.audit(by, what, label.name())?;
    rounds::begin_label(desk, label)
}

/// Whether a contact has it.
pub fn has(contact: &Contact, label: &Label) -> bool {
    match label {
        Label::Tag(tag) => contact.tags.contains(tag),
        Label::Field(field) => contact.fields.contains_key(field),
        Label::Segment(_) => false,
    }
}

/// Takes it away from one contact of many. What cannot follow from it for this one is told in the log; the others have their turn.
pub fn take(desk: &mut Desk, before: &Contact, label: &Label) -> Result<(), Refusal> {
    let mut after = before.clone();
    match label {
        Label::Tag(tag) => after.tags.retain(|own| own != tag),
        Label::Field(field) => after.fields.retain(|own, _| own != field),
        Label::Segment(_) => {}
    }
    contacts::put(&mut desk.work, &after)?;
    desk.signal(Signal::Contact(after.id));
    let mark = desk.mark();
    match follow(desk, before, &after) {
        Err(Refusal::Conflict(why) | Refusal::Invalid(why) | Refusal::Damaged(why)) => {
            desk.roll_back(mark);
            tracing::warn!(contact = %after.id, %why, "a label was taken away, and nothing follows from it for this contact");
            advance::arm_dates(desk, Some(before), &after)
        }
        done => done,
    }
}

fn follow(desk: &mut Desk, before: &Contact, after: &Contact) -> Result<(), Refusal> {
    for run in runs::live_of_contact(&desk.work, after.id)? {
        advance::happen(desk, run.id, &Event::ContactChanged)?;
    }
    advance::contact_changed(desk, before, after, Cause { bulk: true, ..Cause::default() })
}

/// What names a tag, a field or a segment, within a change or a look.
pub fn uses_of(read: &impl Read, facts: &Facts, label: &Label) -> Result<Uses, Refusal> {
    let mut uses = Uses::default();
    for head in facts.heads.values().filter(|head| head.version > 0 && !matches!(head.state, FlowState::Binned { .. })) {
        let flow = facts.flow(read, head.id, head.version)?;
        if let Some(nodes) = uses::of_flow(&flow, label) {
            uses.flows.push(Use { flow: head.id, name: head.name.clone(), nodes });
        }
    }
    let looking: BTreeSet<String> =
        segments::all(read)?.into_iter().filter(|segment| uses::of_segment(segment, label)).map(|segment| segment.name).collect();
    uses.segments = looking.into_iter().collect();
    Ok(uses)
}

/// The sentence that says why something is not taken away.
pub(super) fn in_use(label: &Label, uses: &Uses) -> String {
    let names: Vec<String> = uses.flows.iter().map(|used| &used.name).chain(&uses.segments).map(|name| format!("\"{name}\"")).collect();
    Reason::LabelInUse { name: label.name().to_owned(), by: names.join(", ") }.to_string()
}
