//! The gallery of the starter pack: its cards, the page of one, and what somebody wants first.

use super::page::{Chrome, Markup};
use super::phrase::OverlapLine;
use super::words::Language;
use crate::model::flow::QuestionKind;
use askama::Template;

/// A filter of the gallery.
#[derive(Clone, Debug)]
pub struct Chip {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub words: String,
    /// Whether it is the one that is on.
    pub is_on: bool,
}

/// A blueprint as a card.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its word in addresses.
    pub word: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub purpose: &'static str,
    /// Its drawing in the small.
    pub sketch: Markup,
    /// How many nodes it has.
    pub nodes: usize,
    /// The trades it suits, in words.
    pub trades: String,
    /// What it is to achieve, in words.
    pub goal: &'static str,
    /// How many flows were made from it.
    pub added: usize,
}

/// The gallery. Filters by `trade` and `goal` in its address.
#[derive(Template)]
#[template(path = "blueprints/list.html")]
pub struct GalleryPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Filters by trade.
    pub trades: Vec<Chip>,
    /// Filters by goal.
    pub goals: Vec<Chip>,
    /// What was found.
    pub cards: Vec<Card>,
}

/// A question of a blueprint as a field.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name of the field, as `ask.business`.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// What the answer is.
    pub kind: QuestionKind,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub wrong: String,
    /// Whether the flow makes no sense without it.
    pub is_needed: bool,
}

impl Asked {
    /// Whether it is answered by a file.
    pub fn is_file(&self) -> bool {
        self.kind == QuestionKind::File
    }

    /// Whether its answer wants more than a line.
    pub fn is_long(&self) -> bool {
        self.kind == QuestionKind::Text && self.value.len() > 60
    }

    /// The type of its input.
    pub fn input(&self) -> &'static str {
        match self.kind {
            QuestionKind::Url => "url",
            QuestionKind::DateTime => "datetime-local",
            QuestionKind::Number => "number",
            _ => "text",
        }
    }

    /// What helps to answer it; empty where nothing needs to.
    pub fn help(&self, w: &Language) -> &'static str {
        match self.kind {
            QuestionKind::TimeRange => w.ask_range_help(),
            QuestionKind::File => w.ask_file_help(),
            QuestionKind::Staff => w.ask_staff_help(),
            _ => "",
        }
    }

    /// What its input must have beside.
    pub fn extra(&self) -> &'static str {
        match (self.kind, self.is_needed) {
            (QuestionKind::Number, true) => "required min=\"0\" step=\"any\" autocomplete=\"off\"",
            (QuestionKind::Number, false) => "min=\"0\" step=\"any\" autocomplete=\"off\"",
            (QuestionKind::Word, true) => "required maxlength=\"60\" autocomplete=\"off\" autocapitalize=\"none\"",
            (_, true) => "required maxlength=\"500\" autocomplete=\"off\"",
            (_, false) => "maxlength=\"500\" autocomplete=\"off\"",
        }
    }
}

/// Phrases that another flow owns.
#[derive(Clone, Debug)]
pub struct TakenLine {
    /// What is so, in words.
    pub text: String,
    /// The owner: address and name.
    pub flow: (String, String),
}

/// One blueprint. Posts `ask.X`, `channel` (one for each), `own_word` and `then` (`simulator` or nothing) to `/blueprints/{word}`.
#[derive(Template)]
#[template(path = "blueprints/show.html")]
pub struct BlueprintPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Its word.
    pub word: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub purpose: &'static str,
    /// The drawing.
    pub map: Markup,
    /// What it needs, in words.
    pub needs: Vec<String>,
    /// What it asks.
    pub questions: Vec<Asked>,
    /// Channels to listen on: name, and whether it is ticked.
    pub channels: Vec<(String, bool)>,
    /// What is wrong with them.
    pub wrong_channels: String,
    /// Phrases that stay with their owners.
    pub taken: Vec<TakenLine>,
    /// Phrases of other flows that some message matches too, and who wins.
    pub overlaps: Vec<OverlapLine>,
    /// A word of one's own, asked where every phrase is taken: what was typed, and what is wrong with it.
    pub own_word: Option<(String, String)>,
    /// What is said where it takes the place of a ready example.
    pub takes_over: Option<String>,
    /// Whether it can be tried at once on the simulator.
    pub offers_simulator: bool,
    /// How many flows were made from it.
    pub added: usize,
}

impl BlueprintPage<'_> {
    fn has_file(&self) -> bool {
        self.questions.iter().any(Asked::is_file)
    }
}

/// A need, and what answers it.
#[derive(Clone, Debug)]
pub struct Need {
    /// The blueprint.
    pub word: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The need, in words.
    pub title: &'static str,
    /// What the blueprint does about it.
    pub text: &'static str,
}

/// What somebody wants first.
#[derive(Template)]
#[template(path = "blueprints/first.html")]
pub struct FirstPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The needs.
    pub needs: Vec<Need>,
    /// Whether there are ready examples to talk to.
    pub has_examples: bool,
}
