//! Texts of a flow, one for all or one per language.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text: one for all, or one per language code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "it must be a text, or one text for each language, as {\"it\": \"Ciao\", \"en\": \"Hello\"}")]
pub enum Text {
    /// The same for everybody.
    Plain(String),
    /// By language code, as `it`.
    ByLanguage(BTreeMap<String, String>),
}

impl Default for Text {
    fn default() -> Text {
        Text::Plain(String::new())
    }
}

impl Text {
    /// The text in the first of these languages it has, or else its first.
    pub fn in_language<'t>(&'t self, wanted: &[&str]) -> &'t str {
        match self {
            Text::Plain(text) => text,
            Text::ByLanguage(texts) => {
                let text = wanted.iter().find_map(|language| texts.get(*language)).or_else(|| texts.values().next());
                text.map_or("", String::as_str)
            }
        }
    }

    /// Every wording of it.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Text::Plain(text) => vec![text],
            Text::ByLanguage(texts) => texts.values().map(String::as_str).collect(),
        }
    }
}
