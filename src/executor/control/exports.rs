//! What leaves the house: flows as documents that can travel, alone, several or with everything else, and the files they carry. Nothing
//! of contacts, nothing of channels, and no secret.

use crate::base::id::{FileId, FlowId};
use crate::base::limits::SET_BYTES_MAX;
use crate::engine::FILE_SCHEME;
use crate::engine::import::by_itself;
use crate::engine::needs::{self, Needs, without_secrets};
use crate::executor::Executor;
use crate::executor::control::flow_check::for_each_reference;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::archive::{self, DOCUMENT};
use crate::model::document::pretty;
use crate::model::document::several::{self, Several};
use crate::model::field::Field;
use crate::model::flow::{Flow, FlowHead};
use crate::model::node::{Attachment, FlowRef, Node, NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::problem::{Fault, Problem};
use crate::model::quick_reply::QuickReply;
use crate::store::{Read, fields, files, flows, quick_replies, segments, tags};
use std::collections::BTreeMap;

/// What is to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything that a document of several holds.
    Everything,
    /// These flows.
    Flows(Vec<FlowId>),
}

/// What leaves.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The set.
    pub set: Several,
    /// Its files, by their names in the archive.
    pub files: BTreeMap<String, FileId>,
    /// Where something that looks like a key travels along: which flow, its name, at which node, and where it goes.
    pub exposed: Vec<(FlowId, String, NodeId, String)>,
    /// Flows that were never saved and cannot run yet: they are not in the set.
    pub left_out: Vec<String>,
    /// Whether it is one flow and nothing else.
    alone: bool,
}

impl Exported {
    /// The document, the same bytes for the same content.
    pub fn document(&self) -> String {
        match self.set.flows.as_slice() {
            [flow] if self.alone => pretty::text(flow),
            _ => several::text(&self.set),
        }
    }

    /// The archive: the document and the files.
    pub fn archive(&self, read: &impl Read) -> Result<Vec<u8>, Refusal> {
        let packed = |fault| Refusal::Import(vec![Problem::whole(Fault::Archive(fault))]);
        let mut content = BTreeMap::from([(DOCUMENT.to_owned(), self.document().into_bytes())]);
        let mut total = 0;
        for (name, id) in &self.files {
            total += files::meta(read, *id)?.map_or(0, |meta| meta.size_bytes as usize);
            if total > SET_BYTES_MAX {
                return Err(packed(archive::ArchiveFault::UnpacksTooLarge));
            }
            content.insert(name.clone(), files::read(read, *id)?.unwrap_or_default());
        }
        archive::pack(&content).map_err(packed)
    }

    /// What a person is handed: an archive where there are files, and the document otherwise. With whether it is an archive.
    pub fn bytes(&self, read: &impl Read) -> Result<(bool, Vec<u8>), Refusal> {
        match self.files.is_empty() {
            true => Ok((false, self.document().into_bytes())),
            false => Ok((true, self.archive(read)?)),
        }
    }
}

impl Executor {
    /// Notes down that something left the house (SEC-14).
    pub fn note_export(&self, by: By, exported: &Exported) {
        let (flows, replies) = (exported.set.flows.len(), exported.set.quick_replies.len());
        self.line.mention(move |desk| desk.audit(by, "set.exported", format!("{flows} flows, {replies} quick replies")));
    }
}

/// What leaves the house as things stand.
pub fn export(read: &impl Read, facts: &Facts, wanted: &Wanted) -> Result<Exported, Refusal> {
    let mut out = Exported { set: Several::default(), files: BTreeMap::new(), exposed: Vec::new(), left_out: Vec::new(), alone: false };
    let heads: Vec<&FlowHead> = match wanted {
        Wanted::Everything => facts.names.keys().filter_map(|id| facts.heads.get(id)).collect(),
        Wanted::Flows(ids) => {
            let head = |id: &FlowId| facts.names.get(id).and_then(|_| facts.heads.get(id)).ok_or(Refusal::NotFound("flow"));
            ids.iter().map(head).collect::<Result<_, _>>()?
        }
    };
    out.alone = *wanted != Wanted::Everything && heads.len() == 1;
    for head in heads {
        let mut names = BTreeMap::new();
        let flow = travelling(read, facts, head, &mut names)?;
        if out.alone || head.version > 0 || by_itself(&flow).is_empty() {
            let node = |node: &Node| needs::exposed(&node.kind).into_iter().map(|place| (node.id.clone(), place)).collect::<Vec<_>>();
            let exposed = flow.nodes.iter().flat_map(node);
            out.exposed.extend(exposed.map(|(node, place)| (head.id, head.name.clone(), node, place)));
            out.set.flows.push(flow);
            out.files.extend(names);
        } else {
            out.left_out.push(head.name.clone());
        }
    }
    out.left_out.sort();
    if *wanted == Wanted::Everything {
        for saved in quick_replies::all(read)? {
            out.set.quick_replies.push(travelling_reply(read, &saved.reply, &mut out.files)?);
        }
    }
    if !out.alone {
        surround(read, &mut out.set, *wanted == Wanted::Everything)?;
    }
    out.set = out.set.sorted();
    Ok(out)
}

/// The segments, fields and tags that go with a set: all of them, or those that it uses.
fn surround(read: &impl Read, set: &mut Several, everything: bool) -> Result<(), Refusal> {
    let used = set.flows.iter().map(needs::of_flow).chain(set.quick_replies.iter().map(needs::of_reply));
    let used = used.fold(Needs::default(), Needs::and);
    set.segments = segments::all(read)?;
    set.segments.retain(|segment| everything || used.segments.contains(&segment.name));
    let used = set.segments.iter().map(needs::of_segment).fold(used, Needs::and);
    let mut kinds = used.fields;
    for Field { name, kind } in fields::all(read)? {
        if everything || kinds.contains_key(&name) {
            kinds.insert(name, kind);
        }
    }
    set.fields = kinds.into_iter().map(|(name, kind)| Field { name, kind }).collect();
    set.tags = used.tags.into_iter().collect();
    if everything {
        set.tags.extend(tags::all(read)?.into_iter().map(|tag| tag.name));
    }
    Ok(())
}

/// A flow as it can travel: what is live, or the draft of one that was never saved.
pub fn travelling(read: &impl Read, facts: &Facts, head: &FlowHead, names: &mut BTreeMap<String, FileId>) -> Result<Flow, Refusal> {
    let mut flow = match head.version {
        0 => flows::draft(read, head.id)?.ok_or(Refusal::NotFound("flow"))?,
        version => facts.flow(read, head.id, version)?.as_ref().clone(),
    };
    flow.name.clone_from(&head.name);
    for_each_reference(&mut flow, |reference| {
        if let FlowRef::Id(id) = reference {
            // An id means nothing elsewhere, or another flow.
            *reference = FlowRef::Name(facts.names.get(id).cloned().unwrap_or_else(|| id.to_string()));
        }
    });
    for node in &mut flow.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) => keyword.channels.iter_mut().for_each(|channel| *channel = channel_name(facts, channel)),
            NodeKind::Event(event) => event.channels.iter_mut().for_each(|channel| *channel = channel_name(facts, channel)),
            NodeKind::Message(message) => name_files(read, &mut message.attachments, names)?,
            _ => {}
        }
    }
    without_secrets(&mut flow);
    let known: Vec<(String, &String)> = names.iter().map(|(name, id)| (id.to_string(), name)).collect();
    let swaps: Vec<(&str, &str)> = known.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    rename_in_talks(&mut flow, &swaps);
    Ok(flow)
}

/// Talks name a file as its message does: what was called one thing is called the other.
pub(super) fn rename_in_talks(flow: &mut Flow, swaps: &[(&str, &str)]) {
    for talk in &mut flow.talks {
        for (from, to) in swaps {
            let from = format!("{FILE_SCHEME}{from}");
            let mut rest = std::mem::take(&mut talk.script);
            while let Some(at) = rest.find(&from) {
                let after = at + from.len();
                let is_longer = rest[after..].starts_with(|c: char| c.is_alphanumeric());
                talk.script.push_str(&rest[..at]);
                talk.script.push_str(if is_longer { &from } else { FILE_SCHEME });
                talk.script.push_str(if is_longer { "" } else { to });
                rest.replace_range(..after, "");
            }
            talk.script.push_str(&rest);
        }
    }
}

fn channel_name(facts: &Facts, channel: &str) -> String {
    let known = channel.parse().ok().and_then(|id| facts.channels.get(&id));
    known.map_or_else(|| channel.to_owned(), |known| known.channel.name.clone())
}

/// A quick reply as it can travel.
pub fn travelling_reply(read: &impl Read, reply: &QuickReply, names: &mut BTreeMap<String, FileId>) -> Result<QuickReply, Refusal> {
    let mut reply = reply.clone();
    name_files(read, &mut reply.attachments, names)?;
    Ok(reply)
}

/// Names files by what they hold. One that is not here has no name, and its id would be another's elsewhere.
fn name_files(read: &impl Read, attachments: &mut [Attachment], names: &mut BTreeMap<String, FileId>) -> Result<(), Refusal> {
    for attachment in attachments {
        let Some(file) = attachment.file.take() else { continue };
        if file.contains("{{") {
            attachment.file = Some(file);
            continue;
        }
        let Some(id) = file.parse::<FileId>().ok() else { continue };
        let Some(meta) = files::meta(read, id)? else { continue };
        let name = archive::file_name(&meta.hash, &meta.name);
        names.insert(name.clone(), id);
        attachment.file = Some(name);
    }
    Ok(())
}
