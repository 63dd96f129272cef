//! A flow started for many: the question, who is left out and why, and how it goes. Beside it the flow's own start address.

use super::page::Chrome;
use askama::Template;

/// What was written into the form, and goes on from page to page.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The tag.
    pub tag: String,
    /// The segment's name.
    pub segment: String,
    /// The numbers, as they were pasted.
    pub numbers: String,
    /// The channel's id.
    pub channel: String,
}

/// Asks for whom a flow starts. Posts `tag`, `segment`, `numbers`, `channel` to `/flows/{id}/start`.
#[derive(Template)]
#[template(path = "flows/start.html")]
pub struct FlowStartPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is enabled: otherwise nobody can be started.
    pub is_enabled: bool,
    /// What was written.
    pub written: Written,
    /// Why it cannot be, in words.
    pub wrong: String,
    /// Segments there are, twice by name; the first is none.
    pub segments: Vec<(String, String)>,
    /// Channels to talk by: id and name; the first is the one each was heard on last.
    pub channels: Vec<(String, String)>,
    /// The new start address, shown this once.
    pub address: Option<String>,
}

/// Says who would be left out. Posts the same to `/flows/{id}/starts` with `key`.
#[derive(Template)]
#[template(path = "flows/start_look.html")]
pub struct FlowStartLook<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What was written.
    pub written: Written,
    /// What makes a start posted twice one start.
    pub key: String,
    /// People it would start for.
    pub starts: usize,
    /// Why others are left out: how many, and the reason.
    pub reasons: Vec<(usize, &'static str)>,
    /// The first of them: who and why.
    pub left_out: Vec<(String, &'static str)>,
    /// Whether there are more people than were looked at.
    pub more: bool,
}

/// How a start for many goes.
#[derive(Template)]
#[template(path = "flows/broadcast.html")]
pub struct BroadcastPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Its id.
    pub id: String,
    /// The flow's id and name.
    pub flow: (String, String),
    /// For whom, in words.
    pub whom: String,
    /// How it stands, in words.
    pub state: String,
    /// Whether it is under way.
    pub is_running: bool,
    /// How many had their turn.
    pub done: u32,
    /// How it went: words and how many.
    pub counts: Vec<(&'static str, u32)>,
    /// The last who had no start: who and why.
    pub left_out: Vec<(String, String)>,
}
