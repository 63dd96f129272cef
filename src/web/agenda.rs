//! The agenda: what is due on a day, by the hour, with how much each channel can send.

use super::page::{Chrome, Markup, escape};
use super::runs::QuickMove;
use super::words::Language;
use crate::base::time::Time;
use crate::base::zone::{Zone, plus_days};
use askama::Template;
use chrono::{NaiveDate, NaiveTime};
use std::fmt::Write as _;

/// Actions counted for the strip of hours at most.
pub const COUNTED_MAX: usize = 10_000;

/// The bounds of a day's hours: 24 hours have 25 bounds; a day on which the clock changes has one more or less.
pub fn hours(day: NaiveDate, zone: Zone) -> Vec<Time> {
    let start = zone.on(day, NaiveTime::MIN);
    let end = zone.on(plus_days(day, 1).unwrap_or(day), NaiveTime::MIN);
    let mut bounds = vec![start];
    while let Some(last) = bounds.last().copied().filter(|last| *last < end) {
        bounds.push((last + crate::base::time::Span::HOUR).min(end));
    }
    bounds
}

/// A line of the agenda.
#[derive(Clone, Debug)]
pub struct AgendaRow {
    /// The run's id.
    pub run: String,
    /// Its pending action; none where its flow is gone.
    pub action: Option<String>,
    /// When.
    pub due: Time,
    /// The contact's name, or else the number.
    pub contact: String,
    /// The number.
    pub number: String,
    /// The flow's name.
    pub flow: String,
    /// What is done.
    pub next: String,
    /// The channel's name.
    pub channel: String,
    /// Times to move it to at once.
    pub moves: Vec<QuickMove>,
}

/// An hour with its lines.
#[derive(Clone, Debug)]
pub struct AgendaHour {
    /// Its name, as `09:00`.
    pub name: String,
    /// How many are due in it; `None` where not all of it was counted.
    pub due: Option<u64>,
    /// The lines of this page.
    pub rows: Vec<AgendaRow>,
}

/// The agenda of a day. Its verbs post to the addresses of the run's page, with `back`.
#[derive(Template)]
#[template(path = "runs/agenda.html")]
pub struct AgendaPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The day, in words.
    pub heading: String,
    /// The day, as the field wants it.
    pub day: String,
    /// The day before and the day after: addresses.
    pub before: String,
    /// See `before`.
    pub after: String,
    /// Flows to choose from: id and name.
    pub flows: Vec<(String, String)>,
    /// The flow that is chosen.
    pub flow: String,
    /// Channels to choose from: id and name.
    pub channels: Vec<(String, String)>,
    /// The channel that is chosen.
    pub channel: String,
    /// The tag that is looked for.
    pub tag: String,
    /// Tags to choose from.
    pub tags: Vec<String>,
    /// Whether something but the day is chosen.
    pub filtered: bool,
    /// The text that is looked for.
    pub text: String,
    /// The strip of hours.
    pub strip: Markup,
    /// How many are due in all, in words.
    pub total: String,
    /// How fast each channel sends, in words.
    pub paces: Vec<String>,
    /// What is late and going out now, in words; empty where nothing is.
    pub late: Vec<String>,
    /// An hour in which more is due than its channel can send, in words.
    pub crowded: Vec<String>,
    /// The hours in which something is due.
    pub hours: Vec<AgendaHour>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Where a verb comes back to.
    pub back: String,
}

/// How wide an hour of the strip is.
const HOUR_WIDTH: u64 = 26;
const STRIP_HEIGHT: u64 = 64;

/// The strip: a bar for each hour, as high as much is due.
pub fn strip(counts: &[(String, u64)], w: Language) -> Markup {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    if most == 0 {
        return Markup::default();
    }
    let (width, height) = (HOUR_WIDTH * counts.len() as u64, STRIP_HEIGHT + 24);
    let mut svg =
        format!("<svg class=\"strip\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">", escape(w.agenda_strip()));
    for (index, (name, count)) in counts.iter().enumerate() {
        let (x, tall) = (HOUR_WIDTH * index as u64, (count * STRIP_HEIGHT / most).max(u64::from(*count > 0) * 3).max(1));
        let title = escape(&w.due_in_hour(*count, name));
        let _ = write!(
            svg,
            "<g><title>{title}</title><rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{tall}\" rx=\"2\"/></g>",
            if *count > 0 { "strip-bar" } else { "strip-none" },
            x + 2,
            STRIP_HEIGHT - tall,
            HOUR_WIDTH - 4
        );
        if index % 3 == 0 {
            let _ = write!(
                svg,
                "<text class=\"strip-hour\" x=\"{}\" y=\"{}\">{}</text>",
                x + 2,
                STRIP_HEIGHT + 20,
                escape(name.get(..2).unwrap_or(name))
            );
        }
    }
    svg.push_str("</svg>");
    Markup(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_on_which_the_clock_changes_has_an_hour_more_or_less() {
        for (day, count) in [("2026-11-23", 24), ("2026-03-29", 23), ("2026-10-25", 25)] {
            let bounds = hours(day.parse().expect("a day"), Zone::ROME);
            assert_eq!(bounds.len(), count + 1, "{day}");
        }
    }
}
