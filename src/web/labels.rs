//! Tags, fields and segments of the address book: their lists, and the form of a segment.

use super::node_form::Fields;
use super::page::Chrome;
use askama::Template;

/// A tag, a field or a segment in its list.
#[derive(Clone, Debug)]
pub struct LabelRow {
    /// Its name, as documents write it.
    pub name: String,
    /// What it is called.
    pub called: String,
    /// What it looks at, in words; empty for tags and fields.
    pub rules: String,
    /// How many contacts have it or belong to it, in words.
    pub contacts: String,
    /// What uses it: address and name.
    pub used_by: Vec<(String, String)>,
    /// Where it is changed; empty for tags and fields.
    pub edit: String,
    /// Where its end is asked about.
    pub delete: String,
}

/// Tags and fields.
#[derive(Template)]
#[template(path = "labels/list.html")]
pub struct LabelsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Tags.
    pub tags: Vec<LabelRow>,
    /// Fields.
    pub fields: Vec<LabelRow>,
}

/// Segments.
#[derive(Template)]
#[template(path = "segments/list.html")]
pub struct SegmentsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// All of them.
    pub rows: Vec<LabelRow>,
}

/// The form of a segment. Posts `name` and `branches.0.all|any.N.value|op|to|remove` to `action`; `more` comes back to the form.
#[derive(Template)]
#[template(path = "segments/form.html")]
pub struct SegmentForm<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// Whether it is a new one, which still needs a name.
    pub is_new: bool,
    /// What stands in it.
    pub fields: Fields,
    /// What is wrong with it.
    pub wrong: String,
    /// Values a rule may look at: name and words.
    pub values: Vec<(String, String)>,
    /// Tags in use.
    pub tags: Vec<String>,
}
