//! A quick reply: a saved message that an operator sends by hand, found by its shortcut.

use super::flow::Question;
use super::node::{Attachment, Text};
use crate::base::id::QuickReplyId;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// A quick reply as it stands in a document. A text may name `{{ contact.name }}` and its like, `{{ operator.name }}`, a blank of
/// `questions` as `{{ ask.iban }}`, and a word of its own as `{{ minutes }}`, which the operator types when sending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickReply {
    /// What is typed after the slash.
    pub shortcut: String,
    /// What it says.
    pub text: Text,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What is asked once, when it is added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}

impl QuickReply {
    /// Whether a search for this text finds it: in its shortcut, with or without the slash, or in one of its wordings.
    pub fn is_about(&self, wanted: &str) -> bool {
        let wanted = wanted.trim().trim_start_matches('/').to_lowercase();
        self.shortcut.contains(&wanted) || self.text.all().iter().any(|wording| wording.to_lowercase().contains(&wanted))
    }
}

/// A quick reply that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedReply {
    /// Its id.
    pub id: QuickReplyId,
    /// What it says.
    pub reply: QuickReply,
    /// How often it was sent.
    pub uses: u64,
    /// When it was made or last changed.
    pub changed: Time,
}

/// What may be wrong with a quick reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum QuickReplyFault {
    #[error("The quick reply has no shortcut. Give it one, as ciao.")]
    NoShortcut,
    #[error("\"{0}\" cannot be a shortcut. Write one word of small letters, digits and hyphens, 32 at most.")]
    BadShortcut(String),
    #[error("/{0} stands twice. Give one of them another shortcut.")]
    SameShortcut(String),
    #[error("/{0} says nothing in one of its languages. Write its text, or attach a file.")]
    Empty(String),
    #[error("A text of /{0} has {1} characters, and 4096 is the most. Make it shorter.")]
    TooLong(String, usize),
    #[error("A text of /{0} cannot be read: {1}.")]
    BadTemplate(String, String),
    #[error("/{0} names {1}, which nothing fills. Check its spelling.")]
    UnknownName(String, String),
}
