//! A set that would come into the house: reading it with every fault, and seeing what is inside, what is missing and what collides.
//! Nothing is decided here: what collides is asked of a person, and `Choices` are the answers.

mod look;

pub use look::{Collision, FieldLook, FileLook, FlowLook, Here, Look, Missing, ReplyLook, SegmentLook, TagLook, TakenPhrase, look};

use super::blueprint::Answers;
use super::check::{Context, check};
use super::needs::is_field_name;
use super::{quick_reply, segment, text};
use crate::base::limits::SET_DOCUMENT_BYTES_MAX;
use crate::model::archive::{self, Archive, ArchiveFault, DOCUMENT};
use crate::model::document::several::{self, Several, in_flow};
use crate::model::flow::Flow;
use crate::model::problem::{Fault, Problem, Severity};
use std::collections::BTreeMap;

/// What may collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A flow, by its name.
    Flow,
    /// A quick reply, by its shortcut.
    Reply,
    /// A segment, by its name, where it means others here.
    Segment,
    /// A field, by its name, where it holds something else here.
    Field,
}

impl Thing {
    /// All of them.
    pub const ALL: [Thing; 4] = [Thing::Flow, Thing::Reply, Thing::Segment, Thing::Field];

    /// The word in forms and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Thing::Flow => "flow",
            Thing::Reply => "quick_reply",
            Thing::Segment => "segment",
            Thing::Field => "field",
        }
    }
}

/// What is done with a thing that collides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What is here stays, and the other is left out.
    Skip,
    /// What is here stays, and the other comes beside it under another name.
    Both,
    /// The other takes its place.
    Replace,
}

impl Choice {
    /// All of them.
    pub const ALL: [Choice; 3] = [Choice::Skip, Choice::Both, Choice::Replace];

    /// The word in forms and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Choice::Skip => "skip",
            Choice::Both => "both",
            Choice::Replace => "replace",
        }
    }

    /// The choice of a word.
    pub fn of_word(word: &str) -> Option<Choice> {
        Choice::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// What somebody decided of what collides, and what they answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Of all that is not named.
    pub rest: Option<Choice>,
    /// Of single things.
    pub named: BTreeMap<(Thing, String), Choice>,
    /// What was answered to the questions of flows, by their names. What is not answered takes what stands there by default.
    pub answers: BTreeMap<String, Answers>,
    /// Whether a flow that is replaced while it is enabled stays enabled. Otherwise it is switched off: its new version speaks to
    /// nobody before a person looked at it.
    pub live: bool,
}

impl Choices {
    /// What was decided of a thing. Two fields or segments cannot have one name, so *both* leaves the one that is here.
    pub fn of(&self, thing: Thing, name: &str) -> Option<Choice> {
        let choice = self.named.get(&(thing, name.to_owned())).copied().or(self.rest)?;
        Some(if matches!(thing, Thing::Field | Thing::Segment) && choice == Choice::Both { Choice::Skip } else { choice })
    }

    /// What is done with a flow; none where nothing of its name is here. What is here just so already is left.
    pub fn of_flow(&self, look: &FlowLook) -> Option<Choice> {
        let (_, collision) = look.here.as_ref()?;
        Some(self.decided(collision, Thing::Flow, &look.name))
    }

    /// The same of a quick reply.
    pub fn of_reply(&self, look: &ReplyLook) -> Option<Choice> {
        Some(self.decided(look.here.as_ref()?, Thing::Reply, &look.shortcut))
    }

    fn decided(&self, collision: &Collision, thing: Thing, name: &str) -> Choice {
        let named = self.named.get(&(thing, name.to_owned())).copied();
        match collision.same {
            true => named.unwrap_or(Choice::Skip),
            false => self.of(thing, name).unwrap_or(Choice::Skip),
        }
    }
}

/// A set, read and found whole.
#[derive(Debug)]
pub struct Parcel<'b> {
    /// What it holds.
    pub set: Several,
    /// Its files, where it came as an archive.
    pub archive: Option<Archive<'b>>,
}

/// Reads a set: a document, or an archive. Whatever is wrong with it by itself is told, each at its place. `is_carried` says whether a
/// message can carry a file of these bytes.
pub fn read<'b>(bytes: &'b [u8], is_carried: &dyn Fn(&[u8]) -> bool) -> Result<Parcel<'b>, Vec<Problem>> {
    let fault = |fault: ArchiveFault| vec![Problem::whole(Fault::Archive(fault))];
    if !archive::is_archive(bytes) {
        return Ok(Parcel { set: document(bytes)?, archive: None });
    }
    let opened = Archive::open(bytes).map_err(fault)?;
    let written = opened.read(DOCUMENT).unwrap_or(Err(ArchiveFault::NoDocument)).map_err(fault)?;
    let set = document(&written)?;
    let names: Vec<String> = opened.names().filter(|name| *name != DOCUMENT).map(str::to_owned).collect();
    let problems: Vec<Problem> = names.iter().filter_map(|name| file(&opened, name, is_carried).err()).map(Problem::whole).collect();
    if problems.is_empty() { Ok(Parcel { set, archive: Some(opened) }) } else { Err(problems) }
}

/// A file in an archive is what its name says, and something that a message can carry.
fn file(archive: &Archive<'_>, name: &str, is_carried: &dyn Fn(&[u8]) -> bool) -> Result<(), Fault> {
    let Some((digest, own)) = archive::read_file_name(name) else { return Err(Fault::Archive(ArchiveFault::BadName(name.to_owned()))) };
    let bytes = archive.read(name).unwrap_or(Err(ArchiveFault::NoDocument)).map_err(Fault::Archive)?;
    if *blake3::hash(&bytes).as_bytes() != digest {
        return Err(Fault::FileChanged(own.to_owned()));
    }
    if is_carried(&bytes) { Ok(()) } else { Err(Fault::FileRefused(own.to_owned())) }
}

fn document(bytes: &[u8]) -> Result<Several, Vec<Problem>> {
    let not = |why: &str| vec![Problem::whole(Fault::NotADocument(why.to_owned()))];
    if bytes.len() > SET_DOCUMENT_BYTES_MAX {
        return Err(not("it has more than 16 MiB"));
    }
    let written = std::str::from_utf8(bytes).map_err(|_| not("it is neither a text nor an archive"))?;
    let set = several::read_text(written.trim_start_matches('\u{feff}'))?;
    let alone = set.flows.len() == 1;
    let mut problems: Vec<Problem> = Vec::new();
    for flow in &set.flows {
        let errors = by_itself(flow).into_iter();
        problems.extend(errors.map(|problem| if alone { problem } else { in_flow(&flow.name, problem) }));
    }
    problems.extend(quick_reply::check(&set.quick_replies).into_iter().map(|fault| Problem::whole(Fault::Reply(fault))));
    let vague = set.segments.iter().filter_map(segment::fault);
    problems.extend(vague.map(|why| Problem::whole(Fault::NotADocument(why.trim_end_matches('.').to_owned()))));
    let strange = set.fields.iter().filter(|field| !is_field_name(&field.name));
    problems.extend(strange.map(|field| Problem::whole(Fault::BadFieldName(field.name.clone()))));
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}

/// Why a flow could not be saved anywhere: whatever is wrong with it apart from where it comes to.
pub fn by_itself(flow: &Flow) -> Vec<Problem> {
    let context = Context {
        own: None,
        flows: &BTreeMap::new(),
        phrases: &[],
        channels: &[],
        windowed: false,
        has_file: &|_| true,
        has_segment: &|_| true,
        home: None,
        stop_words: &[],
        names_in: &names_in,
    };
    let mut problems = check(flow, &context);
    problems.retain(|problem| problem.fault.severity() == Severity::Error);
    problems
}

fn names_in(template: &str) -> Result<Vec<String>, String> {
    match text::read(template) {
        Ok(_) => Ok(text::names(template).into_iter().map(str::to_owned).collect()),
        Err(bad) => Err(bad.to_string()),
    }
}
