//! The address book: the list, one contact with the chat, and a start by hand.

use super::chat::ChatLine;
use super::node_form::Fields;
use super::page::{Chrome, Tone};
use super::words::Language;
use crate::base::time::Time;
use crate::model::field::FieldKind;
use crate::model::message::Status;
use crate::model::run::StartOutcome;
use askama::Template;
use chrono::NaiveDate;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// The id.
    pub id: String,
    /// The name, or else the number.
    pub name: String,
    /// The number.
    pub number: String,
    /// `initials` of the name.
    pub initials: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Why flows are silent, in words.
    pub silence: Option<String>,
    /// Whether they wrote and got no answer.
    pub is_unanswered: bool,
    /// The last message from the contact.
    pub heard: Option<Time>,
    /// Live runs.
    pub runs: u64,
}

/// The letters of an avatar: the first of the first two words of a name, or two digits of a number.
pub fn initials(name: &str) -> String {
    let letters: String =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic())).take(2).flat_map(char::to_uppercase).collect();
    if letters.is_empty() {
        name.chars().filter(char::is_ascii_digit).rev().take(2).collect::<Vec<_>>().into_iter().rev().collect()
    } else {
        letters
    }
}

/// The list. Those selected go to `GET /contacts/start?contact=…`.
#[derive(Template)]
#[template(path = "contacts/list.html")]
pub struct ContactsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// How many there are in all.
    pub total: u64,
    /// How many wrote and got no answer.
    pub unanswered: u64,
    /// Whether only these are listed.
    pub only_unanswered: bool,
    /// What is looked for.
    pub text: String,
    /// The tag that is chosen; empty for all.
    pub tag: String,
    /// Tags to choose from.
    pub tags: Vec<String>,
    /// The flow that those chosen will start, where one is known: its id and name.
    pub starts: Option<(String, String)>,
    /// The lines.
    pub rows: Vec<ContactRow>,
    /// Where the next page is.
    pub next: Option<String>,
}

/// What stands above and beside the chat.
#[derive(Clone, Debug, Default)]
pub struct ContactHead {
    /// The id.
    pub id: String,
    /// The name, or else the number.
    pub name: String,
    /// The letters of the avatar.
    pub initials: String,
    /// How channels name the contact: the kind in words, and the address.
    pub addresses: Vec<(String, String)>,
    /// How the 24-hour window stands, in words, where there is one.
    pub window: Option<String>,
    /// Whether they wrote and got no answer.
    pub is_unanswered: bool,
    /// Whether messages are refused both ways.
    pub is_blocked: bool,
    /// Why flows are silent and until when, in words, where a person answers.
    pub silence: Option<String>,
    /// `on`, `pause` or `off`.
    pub automations: &'static str,
    /// Until when they are paused.
    pub paused_until: Option<Time>,
    /// Permission to write, in words with when and how.
    pub consent: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Fields: name and value.
    pub fields: Vec<(String, String)>,
}

/// A run beside the chat.
#[derive(Clone, Debug)]
pub struct ContactRun {
    /// Its id.
    pub id: String,
    /// The flow's name.
    pub flow: String,
    /// Where it stands.
    pub at: String,
    /// When something comes next.
    pub due: Option<Time>,
    /// How it stands, in words.
    pub state: String,
    /// And in tone.
    pub tone: Tone,
}

/// A contact with the chat. Posts to `/contacts/{id}/messages` (`text`, `channel`, `key`), `…/automations` (`on`, `pause`, `off`),
/// `…/tags` (`tag`; `?method=delete` takes off), `…/handover?method=delete`, `…/block` (and `?method=delete`).
#[derive(Template)]
#[template(path = "contacts/contact.html")]
pub struct ContactPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What stands above and beside.
    pub head: ContactHead,
    /// The chat, oldest first.
    pub lines: Vec<ChatLine>,
    /// Where older messages are.
    pub older: Option<String>,
    /// Why nothing can be written now, in words.
    pub cannot_write: Option<String>,
    /// Channels to write by: id and name.
    pub channels: Vec<(String, String)>,
    /// What makes a message posted twice one message.
    pub message_key: String,
    /// What stands in the box already.
    pub draft: String,
    /// The id of the quick reply that put it there; empty where none did.
    pub reply: String,
    /// Files that go with it: the value of their box, and their name.
    pub files: Vec<(String, String)>,
    /// Whether a file of that quick reply was never given.
    pub lacks_a_file: bool,
    /// Quick replies: what puts each into the box, its shortcut, and its text for this contact.
    pub quick: Vec<(String, String, String)>,
    /// Live runs.
    pub runs: Vec<ContactRun>,
    /// How many are over.
    pub ended_runs: u64,
    /// Tags to choose from.
    pub all_tags: Vec<String>,
}

/// A field of a contact as an input of what it holds.
#[derive(Clone, Debug)]
pub struct FieldInput {
    /// What the names of its controls begin with, as `fields.0`.
    pub prefix: String,
    /// The field; empty where a name is to be written.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What stands in it.
    pub value: String,
    /// The time of a date that has one.
    pub time: String,
    /// What is wrong with it.
    pub wrong: String,
    /// Whether the field is defined: its name cannot be another then.
    pub is_defined: bool,
    /// Whether the contact has nothing in it yet.
    pub is_new: bool,
}

impl FieldInput {
    /// The type of its input: that of what it holds, as long as what stands in it can be shown there.
    fn input(&self) -> &'static str {
        let value = self.value.trim();
        match self.kind {
            FieldKind::Number if value.is_empty() || value.parse::<f64>().is_ok() => "number",
            FieldKind::Date if value.is_empty() || NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok() => "date",
            _ => "text",
        }
    }

    fn is_choice(&self) -> bool {
        self.kind == FieldKind::Boolean && ["", "true", "false"].contains(&self.value.as_str())
    }

    fn help(&self, w: &Language) -> &'static str {
        if self.kind == FieldKind::List { w.field_list_help() } else { "" }
    }
}

/// The inputs of a contact's fields.
#[derive(Clone, Debug, Default)]
pub struct FieldInputs {
    /// Fields that hold something.
    pub held: Vec<FieldInput>,
    /// Rows for fields that nobody defined.
    pub free: Vec<FieldInput>,
    /// Fields that are defined and hold nothing yet.
    pub others: Vec<FieldInput>,
}

/// The form of a contact, new or not. Posts `name`, `addresses.N.kind|address|remove`, `language`, `time_zone`,
/// `fields.N.name|value|time|remove` and `consent` to `action`.
#[derive(Template)]
#[template(path = "contacts/form.html")]
pub struct ContactForm<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// Where "never mind" leads.
    pub back: String,
    /// What stands in it.
    pub fields: Fields,
    /// The inputs of its fields.
    pub inputs: FieldInputs,
    /// Names of fields that are known.
    pub known: Vec<String>,
    /// What is wrong with the addresses.
    pub wrong: String,
}

/// A person to start a flow for.
#[derive(Clone, Debug)]
pub struct StartPerson {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The number.
    pub number: String,
    /// Why it cannot be started for them, in words; empty where it can.
    pub why_not: String,
    /// Whether the run inside ends and another begins.
    pub starts_again: bool,
}

/// How a start went for one person.
#[derive(Clone, Debug)]
pub struct StartResult {
    /// The name.
    pub name: String,
    /// The run, or else the contact.
    pub href: String,
    /// How it went, in words.
    pub words: String,
    /// And in tone.
    pub tone: Tone,
}

impl StartResult {
    /// How it went for this person.
    pub fn of(name: &str, href: &str, outcome: StartOutcome, w: Language) -> StartResult {
        let tone = match outcome {
            StartOutcome::Started | StartOutcome::Restarted => Tone::Good,
            StartOutcome::Kept => Tone::Info,
            StartOutcome::OptedOut | StartOutcome::Blocked => Tone::Warn,
        };
        StartResult { name: name.to_owned(), href: href.to_owned(), words: w.start_outcome(outcome).to_owned(), tone }
    }
}

/// A start by hand, for one or several: first the question (posts `flow`, `channel`, `contact` for each, `key` to
/// `/contacts/start`), then how it went for each.
#[derive(Template)]
#[template(path = "contacts/start.html")]
pub struct StartPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Where "never mind" leads.
    pub back: String,
    /// What makes a start posted twice one start.
    pub key: String,
    /// The flow that is chosen.
    pub flow: String,
    /// Enabled flows to choose from: id and name.
    pub flows: Vec<(String, String)>,
    /// Channels to talk by: id and name.
    pub channels: Vec<(String, String)>,
    /// For whom.
    pub people: Vec<StartPerson>,
    /// How it went; empty before.
    pub results: Vec<StartResult>,
}

impl StartPage<'_> {
    fn left_out(&self) -> usize {
        self.people.iter().filter(|person| !person.why_not.is_empty()).count()
    }
}

/// Asks before something that cannot be undone.
#[derive(Template)]
#[template(path = "parts/confirm.html")]
pub struct ConfirmPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// What it means, a line each.
    pub lines: Vec<String>,
    /// Where it posts.
    pub action: String,
    /// The words of the button.
    pub button: String,
    /// Where "never mind" leads.
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_avatar_has_two_letters_or_the_last_digits() {
        for (name, letters) in [("Marco Rossi", "MR"), ("anna", "A"), ("Maria Grazia De Luca", "MG"), ("+39 333 1234567", "67"), ("", "")] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
