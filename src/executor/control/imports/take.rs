//! Taking a set in, at the writer: everything or nothing.

use super::super::exports::rename_in_talks;
use super::super::flow_check::{drop_taken_by, for_each_reference, owned_phrases, problems_among};
use super::super::flow_runs::{self, Running};
use super::super::flows::{free_among, new_head, publish, put_head};
use super::super::quick_replies::{create, free_shortcut, good};
use super::{Answered, Brought, Imported, ImportedFlow};
use crate::base::id::{FileId, FlowId};
use crate::engine::check::{OwnedPhrase, phrases_of};
use crate::engine::import::{Choice, Choices, Look, Thing};
use crate::executor::desk::Desk;
use crate::executor::occasions::rounds;
use crate::executor::refusal::Refusal;
use crate::model::checklist::Checklist;
use crate::model::document::several::Several;
use crate::model::field::Field;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::{Attachment, FlowRef, NodeKind};
use crate::model::operator::By;
use crate::model::problem::Severity;
use crate::model::quick_reply::{QuickReply, SavedReply};
use crate::model::tag::Tag;
use crate::store::{checklists, fields, flows, quick_replies, segments, tags};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The flows of the house while the set comes in.
struct Scene {
    names: BTreeMap<FlowId, String>,
    phrases: Vec<OwnedPhrase>,
}

/// A flow that comes in: under which id and name, in whose place, and with which files.
struct Coming<'o> {
    document: Flow,
    head: FlowHead,
    replaced: bool,
    was_enabled: bool,
    stays_on: bool,
    kept: BTreeMap<String, FileId>,
    answered: Option<&'o Answered>,
}

/// What is to be done, and by whom.
pub(super) struct Orders {
    pub(super) by: By,
    pub(super) look: Look,
    pub(super) choices: Choices,
    /// The files, by their names in the set.
    pub(super) files: BTreeMap<String, Brought>,
    /// What came of answers, by the place of their flow.
    pub(super) answered: BTreeMap<usize, Answered>,
    /// The digests of the start addresses of new flows.
    pub(super) tokens: Vec<[u8; 32]>,
}

/// Takes it in.
pub(super) fn take(desk: &mut Desk, set: Several, orders: &Orders) -> Result<Imported, Refusal> {
    let mut imported = Imported::default();
    let mut kept = BTreeMap::new();
    for (name, file) in &orders.files {
        let id = match file {
            Brought::Kept(id) => *id,
            Brought::New(file) => file.keep(desk, orders.by)?.id,
        };
        kept.insert(name.clone(), id);
    }
    take_fields(desk, orders, &mut imported)?;
    for tag in orders.look.tags.iter().filter(|tag| !tag.is_here) {
        tags::put(&mut desk.work, &Tag { name: tag.name.clone() })?;
        imported.tags.push(tag.name.clone());
    }
    for (segment, look) in set.segments.iter().zip(&orders.look.segments) {
        let stays =
            look.here.as_ref().is_some_and(|here| here.same || orders.choices.of(Thing::Segment, &look.name) != Some(Choice::Replace));
        if stays {
            imported.skipped.push((Thing::Segment, segment.name.clone()));
            continue;
        }
        segments::put(&mut desk.work, segment)?;
        desk.audit(orders.by, "segment.kept", &segment.name)?;
        imported.segments.push(segment.name.clone());
    }
    take_flows(desk, set.flows, &kept, orders, &mut imported)?;
    for (mut reply, look) in set.quick_replies.into_iter().zip(&orders.look.replies) {
        place_files(&mut reply.attachments, &kept);
        let choice = orders.choices.of_reply(look);
        if choice == Some(Choice::Skip) {
            imported.skipped.push((Thing::Reply, reply.shortcut));
            continue;
        }
        let saved = take_reply(desk, orders.by, reply, choice)?;
        imported.replies.push((saved.id, saved.reply.shortcut));
    }
    let (flows, replies) = (imported.flows.len(), imported.replies.len());
    desk.audit(orders.by, "set.imported", format!("{flows} flows, {replies} quick replies"))?;
    Ok(imported)
}

fn take_reply(desk: &mut Desk, by: By, mut reply: QuickReply, choice: Option<Choice>) -> Result<SavedReply, Refusal> {
    match (choice, quick_replies::by_shortcut(&desk.work, &reply.shortcut)?) {
        (Some(Choice::Replace), Some(known)) => {
            good(desk, &reply, Some(known.id))?;
            let saved = SavedReply { reply, changed: desk.now, ..known };
            quick_replies::put(&mut desk.work, &saved)?;
            desk.audit(by, "quick_reply.changed", format!("{} /{}", saved.id, saved.reply.shortcut))?;
            Ok(saved)
        }
        (_, Some(_)) => {
            reply.shortcut = free_shortcut(desk, &reply.shortcut)?;
            create(desk, by, reply)
        }
        (_, None) => create(desk, by, reply),
    }
}

fn take_fields(desk: &mut Desk, orders: &Orders, imported: &mut Imported) -> Result<(), Refusal> {
    for field in &orders.look.fields {
        let stays = match field.here {
            None => false,
            Some(_) if field.collides() => orders.choices.of(Thing::Field, &field.name) != Some(Choice::Replace),
            Some(_) => true,
        };
        if stays {
            imported.skipped.extend(field.collides().then(|| (Thing::Field, field.name.clone())));
            continue;
        }
        fields::put(&mut desk.work, &Field { name: field.name.clone(), kind: field.kind })?;
        imported.fields.push(field.name.clone());
    }
    Ok(())
}

fn take_flows(
    desk: &mut Desk,
    documents: Vec<Flow>,
    kept: &BTreeMap<String, FileId>,
    orders: &Orders,
    imported: &mut Imported,
) -> Result<(), Refusal> {
    let mut scene = Scene { names: desk.facts.names.as_ref().clone(), phrases: owned_phrases(&desk.work, &desk.facts)? };
    let (mut coming, mut own) = (Vec::new(), HashMap::new());
    for (place, ((document, look), token)) in documents.into_iter().zip(&orders.look.flows).zip(&orders.tokens).enumerate() {
        let known = look.here.as_ref().map(|(id, _)| *id);
        let mut head = match (orders.choices.of_flow(look), known) {
            (Some(Choice::Skip), _) => {
                imported.skipped.push((Thing::Flow, document.name));
                continue;
            }
            (Some(Choice::Replace), Some(id)) => {
                let head = flows::head(&desk.work, id)?.filter(|head| !matches!(head.state, FlowState::Binned { .. }));
                head.ok_or(Refusal::NotFound("flow"))?
            }
            _ => {
                let (id, disabled) = (desk.mint()?, FlowState::Disabled { since: desk.now });
                let name = free_among(&scene.names, &document.name);
                new_head(desk, id, name, *token, disabled, 0)
            }
        };
        scene.names.insert(head.id, head.name.clone());
        own.insert(document.name.clone(), head.id);
        let replaced = known == Some(head.id);
        let was_enabled = replaced && head.state == FlowState::Enabled;
        head.changed = desk.now;
        let answered = orders.answered.get(&place);
        let mut kept = kept.clone();
        kept.extend(answered.into_iter().flat_map(|answered| &answered.files).map(|id| (id.to_string(), *id)));
        coming.push(Coming { document, head, replaced, was_enabled, stays_on: orders.choices.live, kept, answered });
    }
    for one in coming {
        imported.flows.push(take_flow(desk, orders.by, one, &mut scene, &own)?);
    }
    Ok(())
}

fn take_flow(desk: &mut Desk, by: By, one: Coming<'_>, scene: &mut Scene, own: &HashMap<String, FlowId>) -> Result<ImportedFlow, Refusal> {
    let Coming { mut document, mut head, replaced, was_enabled, stays_on, kept, answered } = one;
    document.name.clone_from(&head.name);
    settle_in(&mut document, scene, own, &kept);
    let lost = drop_taken_by(&scene.phrases, head.id, &mut document);
    let problems = problems_among(&desk.work, &desk.facts, (&scene.names, &scene.phrases), Some(head.id), &document)?;
    let runs = !problems.iter().any(|problem| problem.fault.severity() == Severity::Error);
    head.draft_revision += u64::from(replaced);
    // What cannot run changes nothing for anybody: the version before goes on.
    let switched_off = runs && was_enabled && !stays_on;
    if switched_off {
        head.state = FlowState::Disabled { since: desk.now };
        desk.audit(by, "flow.disabled", &head.name)?;
    }
    if runs {
        head.version += 1;
        publish(desk, by, &head, &document)?;
        if replaced {
            let carry = flow_runs::of_save(by, head.version, Running::default(), BTreeMap::new());
            rounds::begin_runs(desk, head.id, carry.as_ref())?;
        }
        scene.phrases.retain(|phrase| phrase.flow != head.id);
        scene.phrases.extend(phrases_of(head.id, &document));
        let what = if replaced { "flow.published" } else { "flow.created" };
        desk.audit(by, what, format!("{} v{}", head.logged(), head.version))?;
    } else {
        flows::put_draft(&mut desk.work, head.id, &document)?;
        put_head(desk, &head)?;
        desk.audit(by, "flow.created", head.logged())?;
    }
    if let Some(answered) = answered {
        let (files, blueprint) = (answered.without.clone(), answered.blueprint.clone());
        checklists::put(&mut desk.work, &Checklist { flow: head.id, blueprint, left_out: Vec::new(), files, ticked: BTreeSet::new() })?;
    }
    let version = runs.then_some(head.version);
    Ok(ImportedFlow {
        id: head.id,
        name: head.name,
        version,
        replaced,
        enabled: head.state == FlowState::Enabled,
        switched_off,
        lost,
        problems,
    })
}

/// Names of flows and files become what they are here: flows that came along first, then those that were here. What came as an id was
/// another's, and stays a name that nobody has.
fn settle_in(document: &mut Flow, scene: &Scene, own: &HashMap<String, FlowId>, kept: &BTreeMap<String, FileId>) {
    for_each_reference(document, |reference| {
        let name = match &*reference {
            FlowRef::Name(name) => name.clone(),
            FlowRef::Id(id) => id.to_string(),
        };
        let here = || scene.names.iter().find(|(_, known)| **known == name).map(|(id, _)| *id);
        let found = own.get(&name).copied().or_else(here);
        *reference = found.map_or(FlowRef::Name(name), FlowRef::Id);
    });
    for node in &mut document.nodes {
        if let NodeKind::Message(message) = &mut node.kind {
            place_files(&mut message.attachments, kept);
        }
    }
    let known: Vec<(&String, String)> = kept.iter().map(|(name, id)| (name, id.to_string())).collect();
    let swaps: Vec<(&str, &str)> = known.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
    rename_in_talks(document, &swaps);
}

fn place_files(attachments: &mut [Attachment], kept: &BTreeMap<String, FileId>) {
    for attachment in attachments {
        let Some(file) = attachment.file.take() else { continue };
        let here = kept.get(&file).map(ToString::to_string);
        attachment.file = if file.contains("{{") { Some(file) } else { here };
    }
}
