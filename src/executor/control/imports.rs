//! A set that comes into the house: looked at first, then taken in as a person decided, with its files, in one change at the writer, by the
//! same checks and versions as a person's save. New flows come disabled, and one that takes the place of an enabled one is switched off
//! unless a person wants it live.

mod take;

use super::exports::{travelling, travelling_reply};
use super::files::{NewFile, is_carried};
use super::flow_check::owned_phrases;
use super::flow_runs::{self, Running};
use super::flows::fresh_token;
use super::rehearsal::Red;
use crate::base::id::{FileId, FlowId, QuickReplyId};
use crate::engine::blueprint::{Answers, fill, without_file};
use crate::engine::import::{self, Choice, Choices, FlowLook, Here, Look, Missing, Parcel, Thing};
use crate::engine::needs;
use crate::executor::Executor;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::archive::read_file_name;
use crate::model::blueprint::BLUEPRINTS;
use crate::model::document::several::Several;
use crate::model::flow::{Flow, FlowState, Question, QuestionKind};
use crate::model::node::NodeId;
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
    /// Whether it is enabled now.
    pub enabled: bool,
    /// Whether it was enabled before, and is not any more.
    pub switched_off: bool,
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
    /// Segments that were made or changed.
    pub segments: Vec<String>,
    /// Fields that were made or changed.
    pub fields: Vec<String>,
    /// Tags that were made.
    pub tags: Vec<String>,
    /// What was here already, or was to be left out.
    pub skipped: Vec<(Thing, String)>,
    /// What is still missing.
    pub missing: Vec<Missing>,
}

/// A file of what comes in.
enum Brought {
    /// It is kept here already.
    Kept(FileId),
    /// It comes along.
    New(NewFile),
}

/// What came of the answers to a flow's questions.
struct Answered {
    /// Files that were given.
    files: Vec<FileId>,
    /// Messages whose file nobody gave.
    without: Vec<NodeId>,
    /// The blueprint it is, by its word, where it is one of the pack as it stands there.
    blueprint: Option<String>,
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
        let files = self.files_of(&parcel, &look, &choices).await?;
        let mut set = parcel.set;
        let mut missing = look.missing.clone();
        missing.extend(by_default(&look, &choices, &self.facts().settings.language));
        let answered = self.fill_blanks(&mut set, &look, &choices).await?;
        let tokens = set.flows.iter().map(|_| fresh_token().map(|(_, digest)| digest)).collect::<Result<Vec<_>, _>>()?;
        let orders = take::Orders { by, look, choices, files, answered, tokens };
        let mut imported = self.line.change(move |desk| take::take(desk, set, &orders)).await?;
        self.settle(by, &mut imported).await?;
        imported.missing = missing;
        Ok(imported)
    }

    /// The files of what comes in, by their names in the set. They are kept in the very change that takes the set in: one that is refused
    /// leaves none behind.
    async fn files_of(&self, parcel: &Parcel<'_>, look: &Look, choices: &Choices) -> Result<BTreeMap<String, Brought>, Refusal> {
        let mut coming = BTreeMap::new();
        for name in wanted_files(&parcel.set, look, choices) {
            let Some((digest, own)) = read_file_name(&name) else { continue };
            let known = self.read(move |view| files::by_hash(view, &digest)).await?;
            let file = match (known, parcel.archive.as_ref().and_then(|archive| archive.read(&name))) {
                (Some(id), _) => Brought::Kept(id),
                (None, Some(bytes)) => Brought::New(NewFile::of(own, bytes.map_err(|_| Refusal::Fault)?)?),
                (None, None) => continue,
            };
            coming.insert(name, file);
        }
        Ok(coming)
    }

    /// Fills the blanks of flows that come in, with what stands there by default where nothing was answered: a customer reads no empty blank.
    /// Gives what came of it, by the place of the flow.
    async fn fill_blanks(&self, set: &mut Several, look: &Look, choices: &Choices) -> Result<BTreeMap<usize, Answered>, Refusal> {
        let (facts, nothing) = (self.facts(), Answers::new());
        let mut answered = BTreeMap::new();
        for (place, (flow, look)) in set.flows.iter_mut().zip(&look.flows).enumerate() {
            if flow.questions.is_empty() || choices.of_flow(look) == Some(Choice::Skip) {
                continue;
            }
            let answers = choices.answers.get(&flow.name).unwrap_or(&nothing);
            let blueprint = ["it", "en"].iter().find_map(|language| {
                let mut pack = BLUEPRINTS.into_iter();
                pack.find(|blueprint| blueprint.flow_in(language).is_ok_and(|known| known == *flow)).map(|it| it.word.to_owned())
            });
            let mut given = Vec::new();
            for question in flow.questions.iter().filter(|question| question.kind == QuestionKind::File) {
                let id = answers.get(&question.id).and_then(|text| text.in_language(&[]).parse::<FileId>().ok());
                let known = match id {
                    Some(id) => self.read(move |view| files::meta(view, id)).await?.map(|meta| meta.id),
                    None => None,
                };
                given.extend(known);
            }
            let without = without_file(flow, answers);
            *flow = fill(flow, answers, &facts.settings.language).map_err(Refusal::Import)?;
            answered.insert(place, Answered { files: given, without, blueprint });
        }
        Ok(answered)
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
    let flows = set.flows.iter().zip(&look.flows).filter(|(_, look)| choices.of_flow(look) != Some(Choice::Skip));
    let replies = set.quick_replies.iter().zip(&look.replies).filter(|(_, look)| choices.of_reply(look) != Some(Choice::Skip));
    let mut wanted: BTreeSet<String> = flows.flat_map(|(flow, _)| needs::of_flow(flow).files).collect();
    wanted.extend(replies.flat_map(|(reply, _)| needs::of_reply(reply).files));
    wanted
}

/// Questions that nobody answered, with what stands there by default.
fn by_default(look: &Look, choices: &Choices, language: &str) -> Vec<Missing> {
    let told = |flow: &FlowLook| {
        let is_open = |question: &&Question| !choices.answers.get(&flow.name).is_some_and(|answers| answers.contains_key(&question.id));
        let said = |question: &Question| {
            let default = question.default.as_ref().map_or("–", |default| default.in_language(&[language]));
            format!("{}: {default}", question.id)
        };
        let questions = flow.questions.iter().filter(is_open).map(said).collect::<Vec<_>>().join("; ");
        (!questions.is_empty()).then(|| Missing::Answers { flow: flow.name.clone(), questions })
    };
    look.flows.iter().filter(|flow| choices.of_flow(flow) != Some(Choice::Skip)).filter_map(told).collect()
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
    let is_on = |id: &&FlowId| facts.heads.get(id).is_some_and(|head| head.state == FlowState::Enabled);
    let enabled: BTreeSet<FlowId> = facts.names.keys().filter(is_on).copied().collect();
    let segments = segments::all(read)?;
    let tags: Vec<String> = tags::all(read)?.into_iter().map(|tag| tag.name).collect();
    let here = Here {
        flows: &facts.names,
        enabled: &enabled,
        documents: &documents,
        phrases: &owned_phrases(read, facts)?,
        replies: &replies,
        fields: &fields::all(read)?,
        tags: &tags,
        channels: &channels,
        has_templates: facts.channels.values().any(|known| provider::abilities(known.channel.kind).window.is_some()),
        segments: &segments,
        language: &facts.settings.language,
        has_file: &|digest: &[u8; 32]| files::by_hash(read, digest).is_ok_and(|found| found.is_some()),
    };
    Ok(import::look(parcel, &here))
}
