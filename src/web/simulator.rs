//! The simulator's chat: talk as invented people, and see which flow answers and why.

use super::chat::ChatLine;
use super::contacts::ContactRun;
use super::page::Chrome;
use crate::model::message::Status;
use askama::Template;

/// An invented person.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the simulator knows them by.
    pub key: String,
    /// Their name.
    pub name: String,
    /// The letters of the avatar.
    pub initials: String,
}

/// The page. Posts to `/simulator/messages` (`person`, and `text` or `button` with `title`), `/simulator/people` (`name`), and
/// `/simulator` where there is no such channel yet.
#[derive(Template)]
#[template(path = "simulator/page.html")]
pub struct SimulatorPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Why there is no chat, in words, where the channel is missing.
    pub missing: Option<String>,
    /// The people.
    pub people: Vec<Person>,
    /// Who is talking now.
    pub person: String,
    /// Their name.
    pub person_name: String,
    /// The chat, as the person sees it: what they wrote stands at the right (`is_out`), what they get at the left.
    pub lines: Vec<ChatLine>,
    /// What the appliance is doing, in words: waiting until then, everything paused.
    pub status: Option<String>,
    /// Phrases to try: the phrase and the flow it starts.
    pub phrases: Vec<(String, String)>,
    /// Live runs of this person.
    pub runs: Vec<ContactRun>,
}
