//! What is inside a set, what is missing for it here, and what it collides with.

use super::super::blueprint::{Answers, fill};
use super::{Choices, Parcel, Thing};
use crate::base::id::{ChannelId, FlowId};
use crate::engine::check::OwnedPhrase;
use crate::engine::keyword::{identity, scopes_meet};
use crate::engine::needs::{self, Needs};
use crate::model::archive::read_file_name;
use crate::model::document::several::Several;
use crate::model::field::{Field, FieldKind};
use crate::model::flow::{Flow, Question};
use crate::model::node::{NodeId, NodeKind};
use crate::model::quick_reply::QuickReply;
use crate::model::segment::Segment;
use std::collections::{BTreeMap, BTreeSet};

/// The house that the set would come into.
pub struct Here<'a> {
    /// The flows that are not in the bin.
    pub flows: &'a BTreeMap<FlowId, String>,
    /// Those of them that are enabled.
    pub enabled: &'a BTreeSet<FlowId>,
    /// Those of them that are called as one of the set, as they would leave the house.
    pub documents: &'a BTreeMap<FlowId, Flow>,
    /// The phrases of their saved versions.
    pub phrases: &'a [OwnedPhrase],
    /// The quick replies, as they would leave the house.
    pub replies: &'a [QuickReply],
    /// The fields.
    pub fields: &'a [Field],
    /// The tags.
    pub tags: &'a [String],
    /// The channels and their names.
    pub channels: &'a [(ChannelId, String)],
    /// Whether one of them sends approved templates.
    pub has_templates: bool,
    /// The segments.
    pub segments: &'a [Segment],
    /// The language of the house: blanks that nobody fills take their default in it.
    pub language: &'a str,
    /// Whether a file of this digest is kept here.
    pub has_file: &'a dyn Fn(&[u8; 32]) -> bool,
}

/// A thing of the set that is here under the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// Whether the two are one: nothing is to be decided then.
    pub same: bool,
}

/// A phrase that another flow has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPhrase {
    /// The phrase.
    pub phrase: String,
    /// Whose it is.
    pub flow: FlowId,
    /// What that flow is called.
    pub name: String,
}

/// A flow in the set.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowLook {
    /// Its name.
    pub name: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// The flow of this name that is here.
    pub here: Option<(FlowId, Collision)>,
    /// Phrases that flows of other names have here: they are left out.
    pub taken: Vec<TakenPhrase>,
    /// Whether the one that is here is enabled.
    pub is_live: bool,
    /// What it asks, where it was never made anybody's own.
    pub questions: Vec<Question>,
}

/// A quick reply in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyLook {
    /// Its shortcut.
    pub shortcut: String,
    /// The one of this shortcut that is here.
    pub here: Option<Collision>,
}

/// A segment in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentLook {
    /// Its name.
    pub name: String,
    /// The one of this name that is here.
    pub here: Option<Collision>,
}

/// A field of the set, or one that something in it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLook {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What it holds here.
    pub here: Option<FieldKind>,
}

impl FieldLook {
    /// Whether it holds something else here.
    pub fn collides(&self) -> bool {
        self.here.is_some_and(|here| here != self.kind)
    }
}

/// A tag of the set, or one that something in it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagLook {
    /// The tag.
    pub name: String,
    /// Whether it is here.
    pub is_here: bool,
}

/// A file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLook {
    /// Its own name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: usize,
}

/// Something that the set uses, and that is neither in it nor here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Missing {
    #[error("There is no channel \"{name}\" here. Until there is, what listens on it hears nobody.")]
    Channel { name: String },
    #[error("Approved templates are used, and no WhatsApp channel is connected here. Connect one.")]
    WhatsApp,
    #[error("The approved template \"{name}\" ({language}) is used: WhatsApp must have approved it for your number.")]
    Template { name: String, language: String },
    #[error("The flow \"{name}\" is named, and is neither here nor in the set. Until it is, that node goes straight on.")]
    Flow { name: String },
    #[error("The segment \"{name}\" is used and is not here. Make it, or nobody is meant.")]
    Segment { name: String },
    #[error("The file \"{file}\" of \"{owner}\" is neither in the set nor here. Choose it again there.")]
    File { owner: String, file: String },
    #[error(
        "The flow \"{flow}\" came in with what stands in its questions by default: {questions}. Change its texts where that is not so."
    )]
    Answers { flow: String, questions: String },
    #[error("The flow \"{flow}\" needs its secret \"{secret}\" at the node \"{node}\": secrets do not travel. Fill it in there.")]
    Secret { flow: String, node: NodeId, secret: String },
}

/// All that there is to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Its flows.
    pub flows: Vec<FlowLook>,
    /// Its quick replies.
    pub replies: Vec<ReplyLook>,
    /// Its segments.
    pub segments: Vec<SegmentLook>,
    /// Fields, those that are merely used among them.
    pub fields: Vec<FieldLook>,
    /// Tags, those that are merely used among them.
    pub tags: Vec<TagLook>,
    /// Its files.
    pub files: Vec<FileLook>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

impl Look {
    /// What a person must decide: what is here under the same name and differs.
    pub fn collisions(&self) -> Vec<(Thing, &str)> {
        let differs = |collision: &Collision| !collision.same;
        let flows = self.flows.iter().filter(|flow| flow.here.as_ref().is_some_and(|(_, here)| differs(here)));
        let replies = self.replies.iter().filter(|reply| reply.here.as_ref().is_some_and(differs));
        let mut found: Vec<(Thing, &str)> = flows.map(|flow| (Thing::Flow, flow.name.as_str())).collect();
        found.extend(replies.map(|reply| (Thing::Reply, reply.shortcut.as_str())));
        let segments = self.segments.iter().filter(|segment| segment.here.as_ref().is_some_and(differs));
        found.extend(segments.map(|segment| (Thing::Segment, segment.name.as_str())));
        found.extend(self.fields.iter().filter(|field| field.collides()).map(|field| (Thing::Field, field.name.as_str())));
        found
    }

    /// What nobody has decided yet.
    pub fn open(&self, choices: &Choices) -> Vec<(Thing, &str)> {
        let mut open = self.collisions();
        open.retain(|(thing, name)| choices.of(*thing, name).is_none());
        open
    }
}

/// Looks at a set from a house.
pub fn look(parcel: &Parcel<'_>, here: &Here<'_>) -> Look {
    let set = &parcel.set;
    let flows: Vec<(&Flow, Needs)> = set.flows.iter().map(|flow| (flow, needs::of_flow(flow))).collect();
    let replies: Vec<(&QuickReply, Needs)> = set.quick_replies.iter().map(|reply| (reply, needs::of_reply(reply))).collect();
    let all = flows.iter().map(|(_, needs)| needs).chain(replies.iter().map(|(_, needs)| needs)).cloned();
    let needed = all.chain(set.segments.iter().map(needs::of_segment)).fold(Needs::default(), Needs::and);
    let mut missing = around(&needed, here, set);
    for (flow, needs) in &flows {
        missing.extend(files_of(&flow.name, needs, parcel, here));
        let secret =
            |(node, secret): &(NodeId, String)| Missing::Secret { flow: flow.name.clone(), node: node.clone(), secret: secret.clone() };
        missing.extend(needs.secrets.iter().map(secret));
    }
    for (reply, needs) in &replies {
        missing.extend(files_of(&format!("/{}", reply.shortcut), needs, parcel, here));
    }
    Look {
        flows: set.flows.iter().map(|flow| flow_look(flow, here)).collect(),
        replies: set.quick_replies.iter().map(|reply| reply_look(reply, here)).collect(),
        segments: set.segments.iter().map(|segment| segment_look(segment, here)).collect(),
        fields: fields(parcel, &needed, here),
        tags: tags(parcel, &needed, here),
        files: files(parcel),
        missing,
    }
}

/// What a flow or a set leans on beyond itself.
fn around(needed: &Needs, here: &Here<'_>, set: &Several) -> Vec<Missing> {
    let known_channel = |name: &&String| here.channels.iter().any(|(id, known)| known == *name || id.to_string() == **name);
    let known_flow = |name: &&String| set.flows.iter().any(|flow| flow.name == **name) || here.flows.values().any(|known| known == *name);
    let mut missing: Vec<Missing> = Vec::new();
    missing.extend((!needed.templates.is_empty() && !here.has_templates).then_some(Missing::WhatsApp));
    let templates = needed.templates.iter().cloned();
    missing.extend(templates.map(|(name, language)| Missing::Template { name, language }));
    let channels = needed.channels.iter().filter(|name| !known_channel(name));
    missing.extend(channels.map(|name| Missing::Channel { name: name.clone() }));
    let flows = needed.flows.iter().filter(|name| !known_flow(name));
    missing.extend(flows.map(|name| Missing::Flow { name: name.clone() }));
    let known_segment = |name: &&String| set.segments.iter().chain(here.segments).any(|known| known.name == **name);
    let segments = needed.segments.iter().filter(|name| !known_segment(name));
    missing.extend(segments.map(|name| Missing::Segment { name: name.clone() }));
    missing
}

/// Files that nobody has. One that is named by the id it had elsewhere is among them: here the id is another file's.
fn files_of(owner: &str, needs: &Needs, parcel: &Parcel<'_>, here: &Here<'_>) -> Vec<Missing> {
    let brought = |name: &str| parcel.archive.as_ref().is_some_and(|archive| archive.size(name).is_some());
    let known = |name: &&String| brought(name) || read_file_name(name).is_some_and(|(digest, _)| (here.has_file)(&digest));
    let own = |name: &String| read_file_name(name).map_or_else(|| name.clone(), |(_, own)| own.to_owned());
    needs.files.iter().filter(|name| !known(name)).map(|name| Missing::File { owner: owner.to_owned(), file: own(name) }).collect()
}

fn flow_look(flow: &Flow, here: &Here<'_>) -> FlowLook {
    let known = here.flows.iter().find(|(_, name)| **name == flow.name).map(|(id, _)| *id);
    let as_added = (!flow.questions.is_empty()).then(|| fill(flow, &Answers::new(), here.language).ok()).flatten();
    let same = |known: &Flow| known == flow || Some(known) == as_added.as_ref();
    let collision = |id: FlowId| (id, Collision { same: here.documents.get(&id).is_some_and(same) });
    FlowLook {
        name: flow.name.clone(),
        nodes: flow.nodes.len(),
        here: known.map(collision),
        taken: taken(flow, known, here.phrases),
        is_live: known.is_some_and(|id| here.enabled.contains(&id)),
        questions: flow.questions.clone(),
    }
}

/// The phrases of a flow that others than this one have.
pub fn taken(flow: &Flow, own: Option<FlowId>, phrases: &[OwnedPhrase]) -> Vec<TakenPhrase> {
    let mut found = Vec::new();
    for node in &flow.nodes {
        let NodeKind::Keyword(keyword) = &node.kind else { continue };
        for phrase in &keyword.phrases {
            let written = identity(phrase);
            let same = |other: &&OwnedPhrase| {
                let is_one = other.mode == phrase.r#match && other.identity == written;
                Some(other.flow) != own && is_one && scopes_meet(&other.channels, &keyword.channels)
            };
            let owner = phrases.iter().find(same);
            found.extend(owner.map(|other| TakenPhrase { phrase: phrase.text.clone(), flow: other.flow, name: other.name.clone() }));
        }
    }
    found
}

fn reply_look(reply: &QuickReply, here: &Here<'_>) -> ReplyLook {
    let known = here.replies.iter().find(|known| known.shortcut == reply.shortcut);
    ReplyLook { shortcut: reply.shortcut.clone(), here: known.map(|known| Collision { same: known == reply }) }
}

fn segment_look(segment: &Segment, here: &Here<'_>) -> SegmentLook {
    let known = here.segments.iter().find(|known| known.name == segment.name);
    SegmentLook { name: segment.name.clone(), here: known.map(|known| Collision { same: known == segment }) }
}

fn fields(parcel: &Parcel<'_>, needed: &Needs, here: &Here<'_>) -> Vec<FieldLook> {
    let mut kinds = needed.fields.clone();
    let here_of = |name: &str| here.fields.iter().find(|field| field.name == name).map(|field| field.kind);
    // What is only used asks for nothing: it is what it is here.
    kinds.iter_mut().for_each(|(name, kind)| *kind = here_of(name).unwrap_or(*kind));
    kinds.extend(parcel.set.fields.iter().map(|field| (field.name.clone(), field.kind)));
    kinds.into_iter().map(|(name, kind)| FieldLook { here: here_of(&name), name, kind }).collect()
}

fn tags(parcel: &Parcel<'_>, needed: &Needs, here: &Here<'_>) -> Vec<TagLook> {
    let names: BTreeSet<&String> = parcel.set.tags.iter().chain(&needed.tags).collect();
    names.into_iter().map(|name| TagLook { is_here: here.tags.contains(name), name: name.clone() }).collect()
}

fn files(parcel: &Parcel<'_>) -> Vec<FileLook> {
    let Some(archive) = &parcel.archive else { return Vec::new() };
    let file = |name: &str| Some(FileLook { name: read_file_name(name)?.1.to_owned(), bytes: archive.size(name)? });
    archive.names().filter_map(file).collect()
}
