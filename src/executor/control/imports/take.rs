//! Taking a set in, at the writer: everything or nothing.

use super::super::exports::rename_in_talks;
use super::super::flow_check::{drop_taken_by, for_each_reference, owned_phrases, problems_among};
use super::super::flows::{free_among, new_head, publish, put_head};
use super::super::quick_replies::{create, free_shortcut, good};
use super::{Imported, ImportedFlow, choice_of_flow, choice_of_reply};
use crate::base::id::{FileId, FlowId};
use crate::engine::check::{OwnedPhrase, phrases_of};
use crate::engine::import::{Choice, Choices, Look, Thing};
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::model::document::several::Several;
use crate::model::field::Field;
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::node::{Attachment, FlowRef, NodeKind};
use crate::model::operator::By;
use crate::model::problem::Severity;
use crate::model::quick_reply::{QuickReply, SavedReply};
use crate::model::tag::Tag;
use crate::store::{fields, flows, quick_replies, tags};
use std::collections::{BTreeMap, HashMap};

/// The flows of the house while the set comes in.
struct Scene {
    names: BTreeMap<FlowId, String>,
    phrases: Vec<OwnedPhrase>,
}

/// A flow that comes in: under which id and name, and in whose place.
struct Coming {
    document: Flow,
    head: FlowHead,
    replaced: bool,
}

/// What is to be done, and by whom.
pub(super) struct Orders {
    pub(super) by: By,
    pub(super) look: Look,
    pub(super) choices: Choices,
    /// The files, by their names in the set.
    pub(super) kept: BTreeMap<String, FileId>,
    /// The digests of the start addresses of new flows.
    pub(super) tokens: Vec<[u8; 32]>,
}

/// Takes it in.
pub(super) fn take(desk: &mut Desk, set: Several, orders: &Orders) -> Result<Imported, Refusal> {
    let mut imported = Imported::default();
    take_fields(desk, orders, &mut imported)?;
    for tag in orders.look.tags.iter().filter(|tag| !tag.is_here) {
        tags::put(&mut desk.work, &Tag { name: tag.name.clone() })?;
        imported.tags.push(tag.name.clone());
    }
    take_flows(desk, set.flows, orders, &mut imported)?;
    for (mut reply, look) in set.quick_replies.into_iter().zip(&orders.look.replies) {
        place_files(&mut reply.attachments, &orders.kept);
        let choice = choice_of_reply(look, &orders.choices);
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

fn take_flows(desk: &mut Desk, documents: Vec<Flow>, orders: &Orders, imported: &mut Imported) -> Result<(), Refusal> {
    let mut scene = Scene { names: desk.facts.names.as_ref().clone(), phrases: owned_phrases(&desk.work, &desk.facts)? };
    let (mut coming, mut own) = (Vec::new(), HashMap::new());
    for ((document, look), token) in documents.into_iter().zip(&orders.look.flows).zip(&orders.tokens) {
        let known = look.here.as_ref().map(|(id, _)| *id);
        let mut head = match (choice_of_flow(look, &orders.choices), known) {
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
        head.changed = desk.now;
        coming.push(Coming { document, head, replaced });
    }
    for one in coming {
        imported.flows.push(take_flow(desk, one, &mut scene, &own, orders)?);
    }
    Ok(())
}

fn take_flow(
    desk: &mut Desk,
    one: Coming,
    scene: &mut Scene,
    own: &HashMap<String, FlowId>,
    orders: &Orders,
) -> Result<ImportedFlow, Refusal> {
    let by = orders.by;
    let Coming { mut document, mut head, replaced } = one;
    document.name.clone_from(&head.name);
    settle_in(&mut document, scene, own, &orders.kept);
    let lost = drop_taken_by(&scene.phrases, head.id, &mut document);
    let problems = problems_among(&desk.work, &desk.facts, (&scene.names, &scene.phrases), Some(head.id), &document)?;
    let runs = !problems.iter().any(|problem| problem.fault.severity() == Severity::Error);
    head.draft_revision += u64::from(replaced);
    if runs {
        head.version += 1;
        publish(desk, by, &head, &document)?;
        scene.phrases.retain(|phrase| phrase.flow != head.id);
        scene.phrases.extend(phrases_of(head.id, &document));
        let what = if replaced { "flow.published" } else { "flow.created" };
        desk.audit(by, what, format!("{} v{}", head.logged(), head.version))?;
    } else {
        flows::put_draft(&mut desk.work, head.id, &document)?;
        put_head(desk, &head)?;
        desk.audit(by, "flow.created", head.logged())?;
    }
    Ok(ImportedFlow { id: head.id, name: head.name, version: runs.then_some(head.version), replaced, lost, problems })
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
