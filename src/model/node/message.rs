//! What a message node says and shows.

use super::text::Text;
use crate::base::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something to send.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MessageNode {
    /// The text, with variables.
    #[serde(skip_serializing_if = "text_is_empty")]
    pub text: Text,
    /// Files that go with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// A place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// A contact card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_card: Option<ContactCard>,
    /// Reply buttons, each with its own exit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 3))]
    pub buttons: Vec<Button>,
    /// A list, each row with its own exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<List>,
    /// Other wordings, taken in turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Text>,
    /// How long "typing…" shows first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typing: Option<Span>,
    /// What to do where the 24-hour window is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_closed: Option<WindowClosed>,
}

fn text_is_empty(text: &Text) -> bool {
    matches!(text, Text::Plain(text) if text.is_empty())
}

impl MessageNode {
    /// Buttons and rows in the order a contact reads them: id and title.
    pub fn choices(&self) -> impl Iterator<Item = (&str, &Text)> {
        let buttons = self.buttons.iter().map(|button| (button.id.as_str(), &button.title));
        let rows = self.list.iter().flat_map(|list| &list.sections).flat_map(|section| &section.rows);
        buttons.chain(rows.map(|row| (row.id.as_str(), &row.title)))
    }
}

/// A file in a message: one of ours by id, or one by its address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// What it is.
    pub kind: MediaKind,
    /// The id of a file kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The address of a file elsewhere, with variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The text beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Text>,
}

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MediaKind {
    Image,
    Audio,
    Video,
    Document,
    Sticker,
}

impl MediaKind {
    /// The word of the flow document.
    pub const fn word(self) -> &'static str {
        match self {
            MediaKind::Image => "image",
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
            MediaKind::Document => "document",
            MediaKind::Sticker => "sticker",
        }
    }
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A person's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactCard {
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: String,
}

/// A reply button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// The name of its exit.
    pub id: String,
    /// What it says.
    pub title: Text,
}

/// A list to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// What opens it.
    pub button: Text,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Its rows.
    #[schemars(length(max = 10))]
    pub rows: Vec<Row>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The name of its exit.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// The smaller words under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
}

/// What to do where the 24-hour window is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowClosed {
    /// Send this approved template instead.
    Template(TemplateUse),
    /// Wait until the contact writes.
    Hold,
    /// Leave this message out.
    Skip,
    /// End the run.
    Stop,
}

/// An approved template and what fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Its name at the provider.
    pub name: String,
    /// Its language code at the provider.
    pub language: String,
    /// Texts for its places, with variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
}
