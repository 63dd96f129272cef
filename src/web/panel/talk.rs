//! Stored messages as bubbles: who wrote them, and which flow answered and why.

use crate::base::id::{FileId, FlowId, OperatorId, RunId};
use crate::engine::FILE_SCHEME;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::file::FileMeta;
use crate::model::message::{Author, Direction, MediaRef, Message, Status};
use crate::model::route::{Lost, Route};
use crate::store::{Read, files, operators, runs};
use crate::web::chat::{Bubble, BubbleAuthor, BubbleFile, Kept, Why};
use crate::web::words::Language;
use std::collections::BTreeMap;

/// Messages of a chat that are shown at once.
pub const SHOWN: usize = 200;

/// Who wrote what in a chat, by name.
pub struct Names<'f> {
    facts: &'f Facts,
    flows: BTreeMap<RunId, FlowId>,
    people: BTreeMap<OperatorId, String>,
    files: Kept,
    language: Language,
}

impl<'f> Names<'f> {
    /// The names that these messages need.
    pub fn of(read: &impl Read, facts: &'f Facts, messages: &[Message], language: Language) -> Result<Names<'f>, Refusal> {
        let mut flows = BTreeMap::new();
        for message in messages {
            if let Author::Run { run, .. } = &message.author
                && !flows.contains_key(run)
                && let Some(found) = runs::get(read, *run)?
            {
                flows.insert(*run, found.flow);
            }
        }
        let people = operators::all(read)?.into_iter().map(|operator| (operator.id, operator.name)).collect();
        let files = Kept::of(kept(read, messages)?);
        Ok(Names { facts, flows, people, files, language })
    }

    /// A message as a bubble. Its buttons are only seen.
    pub fn bubble(&self, message: &Message) -> Bubble {
        let is_out = message.direction == Direction::Out;
        Bubble {
            id: message.id.to_string(),
            is_out,
            author: self.author(&message.author),
            text: message.text.clone(),
            files: message.media.iter().map(|media| self.file(media)).collect(),
            choices: message.choices.clone(),
            press: None,
            at: Some(message.stored_at),
            status: Some(message.status).filter(|status| is_out && *status != Status::Received),
            reason: message.reason.as_deref().map(|reason| self.language.said(reason)),
            why: message.route.as_ref().map(|route| Why { refused: message.reason.is_some(), ..self.why(route) }),
        }
    }

    fn author(&self, author: &Author) -> Option<BubbleAuthor> {
        let w = self.language;
        match author {
            Author::Contact => None,
            Author::Run { run, .. } => {
                let name = self.flows.get(run).map_or_else(|| w.deleted_flow().to_owned(), |flow| self.flow(*flow));
                Some(BubbleAuthor { icon: "robot", name, href: Some(format!("/runs/{run}")) })
            }
            Author::Operator(id) => {
                let name = id.and_then(|id| self.people.get(&id)).map_or(w.by_api(), String::as_str);
                Some(BubbleAuthor { icon: "user", name: name.to_owned(), href: None })
            }
            Author::Phone => Some(BubbleAuthor { icon: "channel", name: w.author_phone().to_owned(), href: None }),
            Author::System => Some(BubbleAuthor { icon: "robot", name: w.author_system().to_owned(), href: None }),
        }
    }

    /// Only our own files are linked: an address of the provider wants its token.
    fn file(&self, media: &MediaRef) -> BubbleFile {
        let kept = media.url.as_deref().and_then(|url| self.files.get(url));
        BubbleFile::of(media.kind, media.name.clone().or_else(|| media.caption.clone()), kept, self.language)
    }

    fn flow(&self, id: FlowId) -> String {
        self.facts.heads.get(&id).map_or_else(|| self.language.deleted_flow().to_owned(), |head| head.name.clone())
    }

    fn why(&self, route: &Route) -> Why {
        let flow = route.flow.map(|flow| (self.flow(flow), format!("/flows/{flow}/edit")));
        let lost = route.lost.iter().map(|lost| self.lost(route, lost)).collect();
        Why { rule: self.language.rule(route.rule).to_owned(), flow, lost, refused: false }
    }

    /// What else would have matched, and why it did not get the message.
    fn lost(&self, route: &Route, lost: &Lost) -> String {
        let told = self.language.loser(route, lost);
        lost.flow.map_or(told.clone(), |flow| format!("{}: {told}", self.flow(flow)))
    }
}

/// Files of these messages that lie here.
fn kept(read: &impl Read, messages: &[Message]) -> Result<Vec<FileMeta>, Refusal> {
    let urls = messages.iter().flat_map(|message| &message.media).filter_map(|media| media.url.as_deref());
    let ids = urls.filter_map(|url| url.strip_prefix(FILE_SCHEME)?.parse::<FileId>().ok());
    let found: Result<Vec<_>, _> = ids.map(|id| files::meta(read, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}
