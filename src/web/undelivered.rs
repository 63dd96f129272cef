//! What was not delivered: sends and calls given up, or of unknown outcome.

use super::page::{Chrome, Tone};
use crate::base::time::Time;
use askama::Template;

/// One of them.
#[derive(Clone, Debug)]
pub struct UndeliveredRow {
    /// The id of the row of the outbox.
    pub id: String,
    /// To whom.
    pub contact: String,
    /// Their page.
    pub contact_href: String,
    /// By which channel.
    pub channel: String,
    /// The text, or `Language::call_to`.
    pub text: String,
    /// Why, in words.
    pub reason: String,
    /// Whether nobody knows whether it arrived.
    pub is_unknown: bool,
    /// When it was decided, given up or lost sight of.
    pub at: Time,
    /// Attempts.
    pub attempts: u32,
    /// The run that decided it: address and the flow's name.
    pub run: Option<(String, String)>,
}

/// The page. Posts to `/undelivered/{id}/retry`, `/undelivered/{id}?method=delete`, and `/undelivered/retries` for all.
#[derive(Template)]
#[template(path = "undelivered/list.html")]
pub struct UndeliveredPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What was not delivered, newest first.
    pub rows: Vec<UndeliveredRow>,
    /// Where the next page is.
    pub next: Option<String>,
}
