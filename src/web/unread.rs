//! What came in and could not be read.

use super::page::Chrome;
use super::words::Language;
use crate::base::time::Time;
use crate::model::operator::Quarantined;
use askama::Template;

/// Bytes of a body that the page shows.
const SHOWN_BYTES: usize = 16 * 1024;

/// One of them.
#[derive(Clone, Debug)]
pub struct UnreadRow {
    /// Its id.
    pub id: String,
    /// The channel it came in by.
    pub channel: String,
    /// That channel's page.
    pub channel_href: String,
    /// When.
    pub at: Time,
    /// Why it was not understood, in words.
    pub reason: String,
    /// The build that did not understand it.
    pub build: String,
    /// What came, as text.
    pub body: String,
    /// How many bytes came.
    pub size: u64,
}

impl UnreadRow {
    /// A kept request, with the name of its channel.
    pub fn of(kept: &Quarantined, channel: &str, w: Language) -> UnreadRow {
        let shown = &kept.body[..kept.body.len().min(SHOWN_BYTES)];
        UnreadRow {
            id: kept.id.to_string(),
            channel: channel.to_owned(),
            channel_href: format!("/channels/{}", kept.channel),
            at: kept.at,
            reason: w.first_upper(&w.said(&kept.reason)),
            build: kept.build.clone(),
            body: String::from_utf8_lossy(shown).into_owned(),
            size: kept.body.len() as u64,
        }
    }
}

/// The page. Posts to `/unread/{id}/retry` and `/unread/{id}?method=delete`.
#[derive(Template)]
#[template(path = "unread/list.html")]
pub struct UnreadPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What could not be read, newest first.
    pub rows: Vec<UnreadRow>,
    /// Where the next page is.
    pub next: Option<String>,
}
