//! A chat as it is shown: bubbles, the days between them, and why a flow answered.

use super::node_words::Speaker;
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::engine::FILE_SCHEME;
use crate::model::file::FileMeta;
use crate::model::message::{Choice, Status};
use crate::model::node::{MediaKind, MessageNode};
use std::collections::BTreeMap;

/// A message as it is shown.
#[derive(Clone, Debug, Default)]
pub struct Bubble {
    /// Its id, for the page.
    pub id: String,
    /// Whether it went out.
    pub is_out: bool,
    /// Who wrote it, where that is not plain from its side.
    pub author: Option<BubbleAuthor>,
    /// Its text.
    pub text: String,
    /// Its files.
    pub files: Vec<BubbleFile>,
    /// Its buttons or rows.
    pub choices: Vec<Choice>,
    /// Where a press posts `button` and `title`; `None` shows buttons that are only seen.
    pub press: Option<String>,
    /// When it was stored.
    pub at: Option<Time>,
    /// How far it got; `None` shows nothing of that.
    pub status: Option<Status>,
    /// Why it failed or was kept from the flows.
    pub reason: Option<String>,
    /// Which flow got it and why.
    pub why: Option<Why>,
}

/// Who wrote a message.
#[derive(Clone, Debug)]
pub struct BubbleAuthor {
    /// An icon: `robot` for a flow, `user` for a person, `channel` for the phone of the channel.
    pub icon: &'static str,
    /// The name of the flow or person.
    pub name: String,
    /// Where it leads: the run, for a flow.
    pub href: Option<String>,
}

/// A file of a message.
#[derive(Clone, Debug)]
pub struct BubbleFile {
    /// Its icon: the word of its kind.
    pub icon: &'static str,
    /// Its name, or its kind in words.
    pub name: String,
    /// Where it lies; empty where nothing is kept of it.
    pub href: String,
    /// Whether it is shown as a picture; `href` must then be ours (the page may load no other).
    pub is_picture: bool,
}

/// Why a flow answered, or none did.
#[derive(Clone, Debug)]
pub struct Why {
    /// The rule that matched, as a sentence (`Language::rule`).
    pub rule: String,
    /// The flow that got it: name and address.
    pub flow: Option<(String, String)>,
    /// What else would have matched, best first.
    pub lost: Vec<String>,
    /// Whether the flow that got it did nothing with it.
    pub refused: bool,
}

/// A line of a chat.
#[derive(Clone, Debug)]
pub enum ChatLine {
    /// A new day.
    Day(String),
    /// A message.
    Said(Box<Bubble>),
    /// Something that happened.
    Note(String),
}

impl Bubble {
    /// The icon of how far it got.
    pub fn status_icon(&self) -> &'static str {
        match self.status {
            Some(Status::Queued) => "clock",
            Some(Status::Failed) => "error",
            Some(Status::Delivered | Status::Read) => "double",
            _ => "check",
        }
    }

    /// A message node as a contact would see it, its variables as they are written. A file kept here is shown, another one named.
    pub fn preview(message: &MessageNode, speaker: Speaker<'_>) -> Bubble {
        let text = |text: &crate::model::node::Text| text.in_language(&[speaker.texts, speaker.language.code()]).to_owned();
        let file = |file: &crate::model::node::Attachment| {
            let caption = file.caption.as_ref().map(&text).filter(|caption| !caption.is_empty());
            let kept = file.file.as_deref().and_then(|id| speaker.files.get(id));
            BubbleFile::of(file.kind, caption, kept, speaker.language)
        };
        let mut files: Vec<BubbleFile> = message.attachments.iter().map(file).collect();
        let unnamed = || speaker.language.location().to_owned();
        files.extend(message.location.iter().map(|place| BubbleFile::named("location", place.name.clone().unwrap_or_else(unnamed))));
        files.extend(message.contact_card.iter().map(|card| BubbleFile::named("contact", card.name.clone())));
        let choices = match &message.list {
            Some(list) if message.buttons.is_empty() => vec![Choice { id: String::new(), title: text(&list.button) }],
            _ => message.buttons.iter().map(|button| Choice { id: button.id.clone(), title: text(&button.title) }).collect(),
        };
        Bubble { is_out: true, text: text(&message.text), files, choices, ..Bubble::default() }
    }
}

impl BubbleFile {
    /// What is only named.
    pub fn named(icon: &'static str, name: String) -> BubbleFile {
        BubbleFile { icon, name, href: String::new(), is_picture: false }
    }

    /// A file by its kind, its caption and what is kept of it: shown where it lies here, named otherwise.
    pub fn of(kind: MediaKind, caption: Option<String>, kept: Option<&FileMeta>, language: Language) -> BubbleFile {
        let named = caption.or_else(|| kept.map(|meta| meta.name.clone()));
        let name = named.unwrap_or_else(|| language.media(kind).to_owned());
        let href = kept.map(address).unwrap_or_default();
        let is_picture = kept.is_some() && matches!(kind, MediaKind::Image | MediaKind::Sticker);
        BubbleFile { icon: kind.word(), name, href, is_picture }
    }
}

/// Where a kept file is fetched, for a page of ours.
fn address(meta: &FileMeta) -> String {
    let name: String = url::form_urlencoded::byte_serialize(meta.name.as_bytes()).collect();
    format!("/files/{}/{}", meta.token, name.replace('+', "%20"))
}

/// Files kept here, by the text of their ids.
#[derive(Clone, Debug, Default)]
pub struct Kept(BTreeMap<String, FileMeta>);

impl Kept {
    /// None.
    pub const fn new() -> Kept {
        Kept(BTreeMap::new())
    }

    /// These.
    pub fn of(files: impl IntoIterator<Item = FileMeta>) -> Kept {
        Kept(files.into_iter().map(|meta| (meta.id.to_string(), meta)).collect())
    }

    /// One, by its id, or as a message names it.
    pub fn get(&self, id: &str) -> Option<&FileMeta> {
        self.0.get(id.strip_prefix(FILE_SCHEME).unwrap_or(id))
    }

    /// Their ids and names.
    pub fn names(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(id, meta)| (id.clone(), meta.name.clone())).collect()
    }
}

/// Bubbles in their order, with a heading where a new day begins.
pub fn lines(bubbles: Vec<Bubble>, now: Time, zone: Zone, language: Language) -> Vec<ChatLine> {
    let mut lines = Vec::with_capacity(bubbles.len() + 4);
    let mut day = None;
    for bubble in bubbles {
        let own = bubble.at.map(|at| zone.date(at));
        if let Some(date) = own.filter(|_| own != day) {
            lines.push(ChatLine::Day(language.first_upper(&language.day_heading(date, zone.date(now)))));
        }
        day = own.or(day);
        lines.push(ChatLine::Said(Box::new(bubble)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;
    use crate::model::node::NodeKind;

    #[test]
    fn a_new_day_has_a_heading() {
        let at = |text: &str| Bubble { at: Some(text.parse().expect(text)), ..Bubble::default() };
        let bubbles = vec![at("2026-11-20T17:00:00Z"), at("2026-11-20T22:59:00Z"), at("2026-11-20T23:01:00Z"), at("2026-11-22T08:00:00Z")];
        let now = "2026-11-22T09:00:00Z".parse().expect("a time");
        let days: Vec<String> = lines(bubbles, now, Zone::ROME, Language::Italian)
            .into_iter()
            .filter_map(|line| if let ChatLine::Day(day) = line { Some(day) } else { None })
            .collect();
        assert_eq!(days, ["Venerdì 20 novembre", "Ieri", "Oggi"]);
    }

    #[test]
    fn a_preview_has_the_buttons_of_the_message() {
        let flow = document::read_text(include_str!("../../tests/documents/welcome.json")).expect("a flow");
        let NodeKind::Message(message) = &flow.nodes[1].kind else { panic!("a message") };
        let bubble = Bubble::preview(message, Speaker::new(Language::English));
        assert!(bubble.text.starts_with("Hi "), "{}", bubble.text);
        assert_eq!(bubble.choices.iter().map(|choice| choice.title.as_str()).collect::<Vec<_>>(), ["Prezzi", "Prenota", "Operatore"]);
    }
}
