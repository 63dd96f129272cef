//! What is wrong with a quick reply, and which of its words are still to be typed.

use super::text::{self, Piece};
use super::value::is_name;
use crate::model::node::{Attachment, Text};
use crate::model::quick_reply::{QuickReply, QuickReplyFault};
use std::collections::BTreeSet;

const SHORTCUT_CHARS_MAX: usize = 32;
const TEXT_CHARS_MAX: usize = 4096;

/// The one name that only a person's message has.
pub const OPERATOR_NAME: &str = "operator.name";

/// Every fault of a set of quick replies, in their order.
pub fn check<'r>(replies: impl IntoIterator<Item = &'r QuickReply>) -> Vec<QuickReplyFault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for reply in replies {
        if !seen.insert(reply.shortcut.as_str()) {
            faults.push(QuickReplyFault::SameShortcut(reply.shortcut.clone()));
        }
        faults.extend(shortcut(&reply.shortcut));
        faults.extend(texts(reply));
    }
    faults
}

fn shortcut(shortcut: &str) -> Option<QuickReplyFault> {
    let fits = |c: char| c == '-' || c.is_alphanumeric() && !c.is_uppercase();
    let good = shortcut.chars().all(fits) && shortcut.chars().count() <= SHORTCUT_CHARS_MAX;
    match shortcut.is_empty() {
        true => Some(QuickReplyFault::NoShortcut),
        false => (!good).then(|| QuickReplyFault::BadShortcut(shortcut.to_owned())),
    }
}

fn texts(reply: &QuickReply) -> Vec<QuickReplyFault> {
    let named = || reply.shortcut.clone();
    let wordings = reply.text.all();
    let mut faults = Vec::new();
    let blank = wordings.iter().filter(|wording| wording.trim().is_empty()).count();
    if wordings.is_empty() || blank > 0 && (blank < wordings.len() || reply.attachments.is_empty()) {
        faults.push(QuickReplyFault::Empty(named()));
    }
    for wording in wordings {
        let length = wording.chars().count();
        if length > TEXT_CHARS_MAX {
            faults.push(QuickReplyFault::TooLong(named(), length));
        }
        if let Err(bad) = text::read(wording) {
            faults.push(QuickReplyFault::BadTemplate(named(), bad.to_string()));
        }
        let unknown = text::names(wording).into_iter().filter(|name| !is_known(name, reply));
        faults.extend(unknown.map(|name| QuickReplyFault::UnknownName(named(), name.to_owned())));
    }
    faults
}

fn is_known(name: &str, reply: &QuickReply) -> bool {
    match name.strip_prefix("ask.") {
        Some(blank) => reply.questions.iter().any(|question| question.id == blank),
        None => name == OPERATOR_NAME || is_typed(name) || name.starts_with("contact.") && is_name(name),
    }
}

/// Whether this is a word that the operator types when sending.
fn is_typed(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// The words of a text that somebody must type before it can go, in order and each once: blanks nobody filled among them.
pub fn to_type(text: &Text, languages: &[&str]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let said = text.in_language(languages);
    let names = text::names(said).into_iter().filter(|name| name.starts_with("ask.") || is_typed(name));
    names.filter(|name| seen.insert(*name)).map(str::to_owned).collect()
}

/// The words that a person still has to type in a text that began as this quick reply: those that stand in their square brackets.
pub fn left_to_type(reply: &QuickReply, typed: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = reply.text.all().into_iter().flat_map(|wording| text::names(wording)).map(|name| name.strip_prefix("ask.").unwrap_or(name));
    names.filter(|name| typed.contains(&format!("[{name}]")) && seen.insert(*name)).map(str::to_owned).collect()
}

/// The text as it is put into the box: known names filled, and what the person must type in square brackets.
pub fn filled(text: &Text, languages: &[&str], value: impl Fn(&str) -> Option<String>) -> String {
    let said = text.in_language(languages);
    let Ok(pieces) = text::read(said) else { return said.to_owned() };
    let piece = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Name { name, .. } if is_typed(name) => format!("[{name}]"),
        Piece::Name { name, .. } if name.starts_with("ask.") => format!("[{}]", &name[4..]),
        Piece::Name { name, default, .. } => value(name).filter(|words| !words.is_empty()).or(default).unwrap_or_default(),
    };
    pieces.into_iter().map(piece).collect()
}

/// The quick reply with one of its blanks filled for good, in every wording.
pub fn answered(reply: &QuickReply, blank: &str, answer: &str) -> QuickReply {
    let named = format!("ask.{blank}");
    let fill = |wording: &str| {
        let Ok(pieces) = text::read(wording) else { return wording.to_owned() };
        let piece = |piece: Piece<'_>| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Name { name, .. } if name == named => answer.to_owned(),
            Piece::Name { written, .. } => written.to_owned(),
        };
        pieces.into_iter().map(piece).collect()
    };
    let mut reply = reply.clone();
    reply.text = match &reply.text {
        Text::Plain(text) => Text::Plain(fill(text)),
        Text::ByLanguage(texts) => Text::ByLanguage(texts.iter().map(|(language, text)| (language.clone(), fill(text))).collect()),
    };
    for attachment in &mut reply.attachments {
        for place in attachment.file.iter_mut().chain(&mut attachment.url) {
            *place = fill(place);
        }
    }
    reply.questions.retain(|question| question.id != blank);
    reply
}

/// Whether a file of it is still a blank.
pub fn lacks_a_file(reply: &QuickReply) -> bool {
    reply.attachments.iter().any(is_blank)
}

/// Whether this file is a blank that nobody filled.
pub fn is_blank(file: &Attachment) -> bool {
    file.file.iter().chain(&file.url).any(|place| text::names(place).iter().any(|name| name.starts_with("ask.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(reply: serde_json::Value) -> Vec<String> {
        let reply: QuickReply = serde_json::from_value(reply).expect("a quick reply");
        check([&reply]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_one_has_no_fault() {
        let reply = json!({
            "shortcut": "attesa", "text": {"it": "{{ contact.name }}, torno tra {{ minutes }} minuti. {{ operator.name }} {{ ask.place }}", "en": "x"},
            "questions": [{"id": "place", "label": "Where", "kind": "text"}]
        });
        assert_eq!(told(reply), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_told_with_the_shortcut() {
        for (reply, words) in [
            (json!({"shortcut": "", "text": "x"}), "no shortcut"),
            (json!({"shortcut": "Due parole", "text": "x"}), "cannot be a shortcut"),
            (json!({"shortcut": "a", "text": {"it": "x", "en": " "}}), "/a says nothing"),
            (json!({"shortcut": "a", "text": {}}), "/a says nothing"),
            (json!({"shortcut": "a", "text": "{{ x"}), "cannot be read"),
            (json!({"shortcut": "a", "text": "x".repeat(4097)}), "4097 characters"),
            (json!({"shortcut": "a", "text": "{{ ask.iban }}"}), "names ask.iban"),
            (json!({"shortcut": "a", "text": "{{ run.order }}"}), "names run.order"),
            (json!({"shortcut": "a", "text": "{{ contact.nome }}"}), "names contact.nome"),
        ] {
            let faults = told(reply.clone());
            assert!(faults.len() == 1 && faults[0].contains(words), "{reply}: {faults:?}");
        }
    }

    #[test]
    fn two_of_one_shortcut_are_told_and_a_file_needs_no_words() {
        let reply: QuickReply =
            serde_json::from_value(json!({"shortcut": "a", "text": "", "attachments": [{"kind": "image", "file": "1"}]})).expect("one");
        assert_eq!(check([&reply]), []);
        assert_eq!(check([&reply, &reply]), [QuickReplyFault::SameShortcut("a".to_owned())]);
    }

    #[test]
    fn the_box_gets_what_is_known_and_shows_what_is_not() {
        let text = Text::Plain("{{ contact.name | default: \"a te\" }}, {{ minutes }} {{ ask.iban }} {{ operator.name }}".to_owned());
        let value = |name: &str| (name == OPERATOR_NAME).then(|| "Ada".to_owned());
        assert_eq!(filled(&text, &["it"], value), "a te, [minutes] [iban] Ada");
        let reply: QuickReply = serde_json::from_value(json!({"shortcut": "a", "text": {"it": "{{ ask.iban }} {{ minutes }}", "en": "x"},
            "questions": [{"id": "iban", "label": "IBAN", "kind": "text"}]}))
        .expect("one");
        let done = answered(&reply, "iban", "IT60");
        assert_eq!((done.text.in_language(&["it"]), done.questions.len()), ("IT60 {{ minutes }}", 0));
        let reply: QuickReply = serde_json::from_value(json!({"shortcut": "a", "text": "x",
            "attachments": [{"kind": "document", "file": "{{ ask.pdf }}"}], "questions": [{"id": "pdf", "label": "PDF", "kind": "file"}]}))
        .expect("one");
        assert!(lacks_a_file(&reply));
        let done = answered(&reply, "pdf", "7");
        assert_eq!((lacks_a_file(&done), done.attachments[0].file.as_deref()), (false, Some("7")));
    }

    #[test]
    fn the_words_to_type_are_listed_once() {
        let text = Text::Plain("{{ minutes }} {{ contact.name }} {{ ask.iban }} {{ minutes }}".to_owned());
        assert_eq!(to_type(&text, &["it"]), ["minutes", "ask.iban"]);
    }
}
