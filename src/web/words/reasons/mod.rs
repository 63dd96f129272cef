//! Why something was not done, in the reader's language. The data holds the English sentence; it is read back into its value, and that
//! is said. Words that are not ours, as a provider's or the system's, stay as they came.

mod general;
mod whatsapp;

use super::Language;
use crate::model::reason::{Reason, WhatsappReason};

/// Holes that may hold a sentence of ours again; the others hold names.
const NESTED: &[&str] = &["why", "what", "words", "own", "state", "category", "faults", "given", "wanted"];

impl Language {
    /// A kept sentence, in this language.
    pub fn said(self, text: &str) -> String {
        match self {
            Language::English => text.to_owned(),
            Language::Italian => joined(text).or_else(|| known(text)).unwrap_or_else(|| in_parts(text)),
        }
    }

    /// Why something was not done.
    pub fn reason(self, reason: &Reason) -> String {
        match self {
            Language::English => reason.to_string(),
            Language::Italian => general::italian(reason),
        }
    }

    /// Why WhatsApp did not do something.
    pub fn whatsapp_reason(self, reason: &WhatsappReason) -> String {
        match self {
            Language::English => reason.to_string(),
            Language::Italian => whatsapp::italian(reason),
        }
    }
}

/// The Italian of a sentence of ours.
fn known(text: &str) -> Option<String> {
    let of_all = Reason::read(text);
    let of_whatsapp = WhatsappReason::read(text);
    match (of_all, of_whatsapp) {
        (Some((ours, reason)), other) if other.as_ref().is_none_or(|(letters, _)| ours >= *letters) => {
            Some(Language::Italian.reason(&reason))
        }
        (_, Some((_, reason))) => Some(Language::Italian.whatsapp_reason(&reason)),
        _ => None,
    }
}

/// Several sentences that were joined, where each of them is ours.
fn joined(text: &str) -> Option<String> {
    let parts = text.split("; ").map(part).collect::<Option<Vec<_>>>()?;
    (parts.len() > 1).then(|| parts.join("; "))
}

/// The same where some are not: those stay as they came.
fn in_parts(text: &str) -> String {
    text.split("; ").map(|one| part(one).unwrap_or_else(|| one.to_owned())).collect::<Vec<_>>().join("; ")
}

fn part(text: &str) -> Option<String> {
    known(text).or_else(|| Some(known(text.strip_suffix('.')?)? + "."))
}

/// What stands in a hole: a sentence of ours again, or what it is.
fn hole(name: &str, text: &str) -> String {
    if NESTED.contains(&name) { Language::Italian.said(text) } else { text.to_owned() }
}

/// Says each sentence in Italian: a match without a rest, so that a new one does not compile without its words.
macro_rules! italian {
    ($reason:expr, $all:ident: $($name:ident $({ $($hole:ident),* })? = $italian:literal;)*) => {
        match $reason {
            $($all::$name $({ $($hole),* })? => {
                $($(let $hole = super::hole(stringify!($hole), $hole);)*)?
                format!($italian)
            })*
        }
    };
}
use italian;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_its_words_in_both_languages() {
        for reason in Reason::samples() {
            let (english, italian) = (Language::English.reason(&reason), Language::Italian.reason(&reason));
            assert_ne!(english, italian, "{reason:?}");
            assert_eq!(Language::Italian.said(&english), italian);
        }
        for reason in WhatsappReason::samples() {
            let (english, italian) = (Language::English.whatsapp_reason(&reason), Language::Italian.whatsapp_reason(&reason));
            let is_only_a_frame = matches!(reason, WhatsappReason::Coded { .. });
            assert!(is_only_a_frame || english != italian, "{reason:?}");
            assert_eq!(Language::Italian.said(&english), italian);
        }
    }

    #[test]
    fn a_sentence_inside_another_is_said_too() {
        let w = Language::Italian;
        for (english, italian) in [
            (
                "It cannot be sent: this contact has no WhatsApp address.",
                "Non si può mandare: questo contatto non ha un recapito WhatsApp.",
            ),
            ("WhatsApp does not accept the access token. (190)", "WhatsApp non accetta il token di accesso. (190)"),
            (
                "messages: 2; delivery receipts: 1; left aside: a notice about `page`; 1 kept unread",
                "messaggi: 2; conferme di consegna: 1; lasciato da parte: un avviso su `page`; non letti: 1",
            ),
            (
                "The call was not made: it names no host. The flow went on without it.",
                "La chiamata non è stata fatta: non dice a quale host. L'automazione è andata avanti senza.",
            ),
            (
                "The address could not be reached: Connection refused (os error 111).",
                "L'indirizzo non risponde: Connection refused (os error 111).",
            ),
            ("Words of somebody else.", "Words of somebody else."),
        ] {
            assert_eq!(w.said(english), italian);
        }
    }
}
