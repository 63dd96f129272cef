//! What the owner set for the whole appliance.

use super::node::{HoursWindow, Text, WallTime};
use crate::base::zone::Zone;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The settings. Kept as JSON, so that a file from an older build reads with defaults for what it does not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the business is.
    pub time_zone: Zone,
    /// The language of texts to contacts whose own is unknown, and of the panel before login.
    pub language: String,
    /// When somebody is there.
    pub business_hours: Vec<HoursWindow>,
    /// Days when nobody is.
    pub holidays: Vec<NaiveDate>,
    /// Whether Italy's public holidays are among them.
    pub italian_holidays: bool,
    /// When no follow-up goes out.
    pub quiet_hours: Option<QuietHours>,
    /// Whole messages that unsubscribe.
    pub stop_words: Vec<String>,
    /// Whole messages that undo it.
    pub start_words: Vec<String>,
    /// What is answered once to a stop word.
    pub stop_reply: Text,
    /// What is answered once to a start word.
    pub start_reply: Text,
    /// Private `host:port` that calls, media and outgoing webhooks may reach (SEC-11).
    pub private_hosts: Vec<String>,
    /// Nothing moves while this is on.
    pub paused: bool,
}

/// No follow-up goes out between these times on the wall; over midnight where `to` is before `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From this time.
    pub from: WallTime,
    /// Until this time.
    pub to: WallTime,
}

fn by_language(it: &str, en: &str) -> Text {
    Text::ByLanguage([("it".to_owned(), it.to_owned()), ("en".to_owned(), en.to_owned())].into())
}

impl Default for Settings {
    fn default() -> Settings {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Settings {
            time_zone: Zone::ROME,
            language: "it".to_owned(),
            business_hours: Vec::new(),
            holidays: Vec::new(),
            italian_holidays: true,
            quiet_hours: None,
            stop_words: words(&["stop", "basta", "disiscrivimi", "cancellami", "annulla iscrizione", "unsubscribe"]),
            start_words: words(&["start", "riprendi", "iscrivimi di nuovo", "resume"]),
            stop_reply: by_language(
                "Va bene, non ti scriveremo più. Se cambi idea, scrivi START.",
                "All right, we will not write to you again. If you change your mind, write START.",
            ),
            start_reply: by_language(
                "Bentornato! Da ora puoi di nuovo ricevere i nostri messaggi.",
                "Welcome back! You will get our messages again.",
            ),
            private_hosts: Vec::new(),
            paused: false,
        }
    }
}
