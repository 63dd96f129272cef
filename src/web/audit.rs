//! The log: who did what to whom, and when.

use crate::base::time::Time;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: Time,
    /// Who.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// To which thing: its address and name.
    pub about: Option<(String, String)>,
    /// Which part of it, and how, in words; empty where there is no more to say.
    pub more: String,
}

/// The log as the settings show it. Its filters stand in the address: `who` (an operator's id, `api`, `appliance`), `kind` (how the word
/// begins) and one of `run`, `contact` and `flow`.
#[derive(Clone, Debug, Default)]
pub struct AuditPart {
    /// The lines, newest first.
    pub rows: Vec<AuditRow>,
    /// People and programs to choose from: word and name.
    pub doers: Vec<(String, String)>,
    /// Who is chosen.
    pub who: String,
    /// Which kind is chosen.
    pub kind: String,
    /// The one thing that is looked for: the filter, its value, its name, and the address without it.
    pub about: Option<(String, String, String, String)>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Whether the page is short because enough was looked at.
    pub cut: bool,
}
