//! A set that comes into the house: looked at first, then taken in as a person decided. Its files are kept like any upload; all the
//! rest is one change at the writer, by the same checks and versions as a person's save. New flows come disabled.

mod take;

use super::exports::{travelling, travelling_reply};
use super::files::is_carried;
use super::flow_check::owned_phrases;
use super::flow_runs::{self, Running};
use super::flows::fresh_token;
use super::rehearsal::Red;
use crate::base::id::{FileId, FlowId, QuickReplyId};
use crate::engine::import::{self, Choice, Choices, Here, Look, Missing, Parcel, Thing};
use crate::engine::needs;
use crate::executor::Executor;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::archive::read_file_name;
use crate::model::document::several::Several;
use crate::model::flow::Flow;
use crate::model::operator::By;
use crate::model::problem::Problem;
use crate::provider;
use crate::store::{Read, fields, files, quick_replies, segments, tags};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A flow that came in.
#[derive(Clone, Debug)]
pub struct ImportedFlow {
    /// Which it is here.
    pub id: FlowId,
    /// What it is called here.
    pub name: String,
    /// The version that was made; none where it cannot run as it is and stays a draft.
    pub version: Option<u32>,
    /// Whether it took the place of one that was here.
    pub replaced: bool,
    /// Phrases that other flows have here, and that were left out.
    pub lost: Vec<String>,
    /// What is wrong with it here, or may surprise.
    pub problems: Vec<Problem>,
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The flows that came in.
    pub flows: Vec<ImportedFlow>,
    /// The quick replies that came in, under the shortcuts they have here.
    pub replies: Vec<(QuickReplyId, String)>,
    /// Fields that were made or changed.
    pub fields: Vec<String>,
    /// Tags that were made.
    pub tags: Vec<String>,
    /// What was here already, or was to be left out.
    pub skipped: Vec<(Thing, String)>,
    /// What is still missing.
    pub missing: Vec<Missing>,
}

impl Executor {
    /// Looks at a set. Nothing changes. Refuses with every fault of one that is broken.
    pub async fn look_at_set(&self, bytes: Arc<Vec<u8>>) -> Result<Look, Refusal> {
        let (executor, facts) = (self.clone(), self.facts());
        let looked = tokio::task::spawn_blocking(move || {
            let parcel = import::read(&bytes, &is_carried).map_err(Refusal::Import)?;
            look_at(&executor.view()?, &facts, &parcel)
        });
        looked.await.map_err(|_| Refusal::Fault)?
    }

    /// Takes a set in, as was decided. Refuses where something collides of which nothing was decided.
    pub async fn import_set(&self, by: By, bytes: Arc<Vec<u8>>, choices: Choices) -> Result<Imported, Refusal> {
        let look = self.look_at_set(bytes.clone()).await?;
        let open = look.open(&choices);
        if !open.is_empty() {
            let named: Vec<String> = open.iter().map(|(thing, name)| format!("{} \"{name}\"", thing.word())).collect();
            let words =
                format!("This is here already and is another: {}. Nothing was imported. Say what to do with each.", named.join(", "));
            return Err(Refusal::Conflict(words));
        }
        let parcel = import::read(&bytes, &is_carried).map_err(Refusal::Import)?;
        let kept = self.keep_files(by, &parcel, &look, &choices).await?;
        let set = parcel.set;
        let tokens = set.flows.iter().map(|_| fresh_token().map(|(_, digest)| digest)).collect::<Result<Vec<_>, _>>()?;
        let missing = look.missing.clone();
        let orders = take::Orders { by, look, choices, kept, tokens };
        let mut imported = self.line.change(move |desk| take::take(desk, set, &orders)).await?;
        self.settle(by, &mut imported).await?;
        imported.missing = missing;
        Ok(imported)
    }

    /// Keeps the files of what comes in. A file that is kept and then not used does no harm: the next import finds it.
    async fn keep_files(&self, by: By, parcel: &Parcel<'_>, look: &Look, choices: &Choices) -> Result<BTreeMap<String, FileId>, Refusal> {
        let mut kept = BTreeMap::new();
        for name in wanted_files(&parcel.set, look, choices) {
            let Some((digest, own)) = read_file_name(&name) else { continue };
            let known = self.read(move |view| files::by_hash(view, &digest)).await?;
            let id = match (known, parcel.archive.as_ref().and_then(|archive| archive.read(&name))) {
                (Some(id), _) => id,
                (None, Some(bytes)) => self.keep_file(by, own, bytes.map_err(|_| Refusal::Fault)?).await?.id,
                (None, None) => continue,
            };
            kept.insert(name, id);
        }
        Ok(kept)
    }

    /// What follows a save: people inside move on, and tests that go otherwise now are told.
    async fn settle(&self, by: By, imported: &mut Imported) -> Result<(), Refusal> {
        for flow in &mut imported.flows {
            let Some(version) = flow.version else { continue };
            if flow.replaced {
                self.carry_through(flow.id, flow_runs::of_save(by, version, Running::default(), BTreeMap::new())).await?;
            }
            let document = self.facts().flow(&self.view()?, flow.id, version)?;
            flow.problems.extend(self.replay(&document, Red::Confirmed).await?);
        }
        Ok(())
    }
}

/// The files of all that comes in.
fn wanted_files(set: &Several, look: &Look, choices: &Choices) -> BTreeSet<String> {
    let flows = set.flows.iter().zip(&look.flows).filter(|(_, look)| choice_of_flow(look, choices) != Some(Choice::Skip));
    let replies = set.quick_replies.iter().zip(&look.replies).filter(|(_, look)| choice_of_reply(look, choices) != Some(Choice::Skip));
    let mut wanted: BTreeSet<String> = flows.flat_map(|(flow, _)| needs::of_flow(flow).files).collect();
    wanted.extend(replies.flat_map(|(reply, _)| needs::of_reply(reply).files));
    wanted
}

/// What is done with a flow; none where nothing collides. What is here just so already is left.
fn choice_of_flow(look: &import::FlowLook, choices: &Choices) -> Option<Choice> {
    let (_, collision) = look.here.as_ref()?;
    Some(decided(collision, Thing::Flow, &look.name, choices))
}

fn choice_of_reply(look: &import::ReplyLook, choices: &Choices) -> Option<Choice> {
    Some(decided(look.here.as_ref()?, Thing::Reply, &look.shortcut, choices))
}

fn decided(collision: &import::Collision, thing: Thing, name: &str, choices: &Choices) -> Choice {
    let named = choices.named.get(&(thing, name.to_owned())).copied();
    match collision.same {
        true => named.unwrap_or(Choice::Skip),
        false => choices.of(thing, name).unwrap_or(Choice::Skip),
    }
}

/// Looks at a set from the house as it stands.
fn look_at(read: &impl Read, facts: &Facts, parcel: &Parcel<'_>) -> Result<Look, Refusal> {
    let mut names = BTreeMap::new();
    let mut documents: BTreeMap<FlowId, Flow> = BTreeMap::new();
    for (id, name) in facts.names.iter() {
        if let Some(head) = facts.heads.get(id).filter(|_| parcel.set.flows.iter().any(|flow| flow.name == *name)) {
            documents.insert(*id, travelling(read, facts, head, &mut names)?);
        }
    }
    let mut replies = Vec::new();
    for saved in quick_replies::all(read)? {
        replies.push(travelling_reply(read, &saved.reply, &mut names)?);
    }
    let channels: Vec<_> = facts.channels.values().map(|known| (known.channel.id, known.channel.name.clone())).collect();
    let segments: Vec<String> = segments::all(read)?.into_iter().map(|segment| segment.name).collect();
    let tags: Vec<String> = tags::all(read)?.into_iter().map(|tag| tag.name).collect();
    let here = Here {
        flows: &facts.names,
        documents: &documents,
        phrases: &owned_phrases(read, facts)?,
        replies: &replies,
        fields: &fields::all(read)?,
        tags: &tags,
        channels: &channels,
        has_templates: facts.channels.values().any(|known| provider::abilities(known.channel.kind).window.is_some()),
        segments: &segments,
        has_file: &|digest: &[u8; 32]| files::by_hash(read, digest).is_ok_and(|found| found.is_some()),
    };
    Ok(import::look(parcel, &here))
}
