//! Sets that come in: files that wait for an answer, and the pages around them.

use super::blueprints::Asked;
use super::page::{Chrome, Tone};
use crate::base::id::OperatorId;
use crate::base::limits::SET_BYTES_MAX;
use crate::base::time::{Span, Time};
use crate::engine::import::{Choice, Thing};
use crate::executor::control::imports::Imported;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a file waits for an answer.
const WAITS: Span = Span(Span::HOUR.0);
/// Files that wait at once, of everybody; together they have no more bytes than the largest one may have.
const WAITING_MAX: usize = 8;

/// What became of a file that was chosen.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// It was looked at, and waits until somebody decides.
    Waits(Arc<Vec<u8>>),
    /// It was taken in, and this came of it.
    Done(Arc<Imported>),
}

#[derive(Debug)]
struct Waiting {
    of: OperatorId,
    since: Time,
    chosen: Chosen,
}

impl Waiting {
    fn bytes(&self) -> usize {
        match &self.chosen {
            Chosen::Waits(bytes) => bytes.len(),
            Chosen::Done(_) => 0,
        }
    }
}

/// The files that wait, by a word nobody guesses. They are in memory alone: after a restart the file is chosen again.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<BTreeMap<String, Waiting>>);

impl Uploads {
    /// Keeps a file, or what came of it, under a word. Another of the same person goes, and where too much waits, the oldest.
    pub fn put(&self, word: String, of: OperatorId, now: Time, chosen: Chosen) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, waiting| waiting.of != of && now.since(waiting.since) < WAITS);
        let waiting = Waiting { of, since: now, chosen };
        while all.len() >= WAITING_MAX || all.values().map(Waiting::bytes).sum::<usize>() + waiting.bytes() > SET_BYTES_MAX {
            let oldest = all.iter().min_by_key(|(_, waiting)| waiting.since).map(|(word, _)| word.clone());
            if oldest.and_then(|word| all.remove(&word)).is_none() {
                break;
            }
        }
        all.insert(word, waiting);
    }

    /// What became of the file of this word, where it is this person's and not too old.
    pub fn get(&self, word: &str, of: OperatorId, now: Time) -> Option<Chosen> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.get(word).filter(|waiting| waiting.of == of && now.since(waiting.since) < WAITS)?;
        Some(waiting.chosen.clone())
    }
}

/// The page where a file is chosen. Posts multipart, field `file`, to `/imports`.
#[derive(Template)]
#[template(path = "imports/new.html")]
pub struct ImportPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What is wrong with the file that was chosen: where, and what.
    pub faults: Vec<(String, String)>,
    /// What is wrong with the choice of a file.
    pub wrong: String,
    /// Flows that an export of everything leaves out.
    pub left_out: Vec<String>,
    /// Where something that looks like a key would leave with it: address of the node, name of its flow, node, and where it goes.
    pub exposed: Vec<(String, String, String, String)>,
}

/// A flow in the set.
#[derive(Clone, Debug)]
pub struct FlowLine {
    /// Its name.
    pub name: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// Whether it is here already.
    pub is_here: bool,
    /// Whether that is the very same.
    pub same: bool,
    /// Phrases that are left out: phrase, id and name of the flow that has it.
    pub taken: Vec<(String, String, String)>,
}

/// Something that collides, and what can be done.
#[derive(Clone, Debug)]
pub struct CollisionLine {
    /// What it is.
    pub thing: Thing,
    /// The name of the control.
    pub control: String,
    /// What is shown.
    pub shown: String,
    /// The answers there are.
    pub choices: Vec<Choice>,
    /// The one that is ticked.
    pub chosen: Choice,
}

/// What a flow of the set asks.
#[derive(Clone, Debug)]
pub struct AskLine {
    /// The flow.
    pub flow: String,
    /// Its questions.
    pub questions: Vec<Asked>,
}

/// What is inside, what is missing, what collides, and what it asks. Posts the choices, `live`, and `ask.N.X` for each answer to the flow at
/// place N, to `/imports/{word}`.
#[derive(Template)]
#[template(path = "imports/look.html")]
pub struct LookPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The word of the file.
    pub word: String,
    /// Its flows.
    pub flows: Vec<FlowLine>,
    /// Its quick replies: shortcut, and whether it is here just so.
    pub replies: Vec<(String, bool)>,
    /// Segments that are new.
    pub new_segments: Vec<String>,
    /// Fields that are new.
    pub new_fields: Vec<String>,
    /// Tags that are new.
    pub new_tags: Vec<String>,
    /// Its files: name, and how large it is.
    pub files: Vec<(String, String)>,
    /// What is missing.
    pub missing: Vec<String>,
    /// What collides.
    pub collisions: Vec<CollisionLine>,
    /// What its flows ask.
    pub asks: Vec<AskLine>,
    /// The flows that are enabled here and would be replaced, in words; empty where there are none.
    pub live: String,
    /// Whether they are to stay enabled.
    pub stays_live: bool,
}

impl LookPage<'_> {
    fn has_file(&self) -> bool {
        self.asks.iter().flat_map(|ask| &ask.questions).any(Asked::is_file)
    }
}

/// A flow that came in.
#[derive(Clone, Debug)]
pub struct DoneLine {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: String,
    /// Of what tone that is.
    pub tone: Tone,
    /// What there is to do: errors, and phrases left out.
    pub notes: Vec<String>,
}

/// What came of it.
#[derive(Template)]
#[template(path = "imports/done.html")]
pub struct DonePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flows that came in.
    pub flows: Vec<DoneLine>,
    /// The quick replies that came in: address and shortcut.
    pub replies: Vec<(String, String)>,
    /// Segments that were made.
    pub segments: Vec<String>,
    /// Fields that were made.
    pub fields: Vec<String>,
    /// Tags that were made.
    pub tags: Vec<String>,
    /// What was left out.
    pub skipped: Vec<String>,
    /// What is still missing.
    pub missing: Vec<String>,
}

impl DonePage<'_> {
    /// Whether nothing came in.
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty() && self.replies.is_empty() && self.segments.is_empty() && self.fields.is_empty() && self.tags.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};

    #[test]
    fn a_file_waits_an_hour_for_the_person_who_sent_it_and_for_nobody_else() {
        let (uploads, ada, bea) = (Uploads::default(), OperatorId::new(Shard(0), 1), OperatorId::new(Shard(0), 2));
        let file = || Chosen::Waits(Arc::new(vec![1]));
        uploads.put("a".to_owned(), ada, Time(0), file());
        assert!(uploads.get("a", ada, Time(1)).is_some());
        assert!(uploads.get("a", bea, Time(1)).is_none());
        assert!(uploads.get("a", ada, Time(WAITS.0)).is_none());
        uploads.put("b".to_owned(), ada, Time(2), file());
        assert!(uploads.get("a", ada, Time(3)).is_none() && uploads.get("b", ada, Time(3)).is_some());
        for number in 10..40 {
            uploads.put(format!("{number}"), OperatorId::new(Shard(0), number), Time(3), file());
        }
        assert_eq!(uploads.0.lock().expect("a lock").len(), WAITING_MAX);
        uploads.put("large".to_owned(), ada, Time(4), Chosen::Waits(Arc::new(vec![0; SET_BYTES_MAX])));
        assert_eq!(uploads.0.lock().expect("a lock").len(), 1);
    }
}
