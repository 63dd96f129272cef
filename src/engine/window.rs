//! Windows: between which hours a wait may end, and the first moment inside. Who is there when is `calendar`'s.

use super::calendar::{self, between, hours_hold};
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::node::{NamedWindow, Window};
use crate::model::settings::{QuietHours, Settings};
use chrono::{Datelike, NaiveDate};

/// Whether a moment lies inside a window.
pub fn holds(window: &Window, at: Time, settings: &Settings, zone: Zone) -> bool {
    match window {
        Window::Named(NamedWindow::BusinessHours) => calendar::is_open(settings, at),
        Window::Hours(hours) => hours_hold(hours, zone.local(at)),
    }
}

/// The first moment not before `at` inside a window; none within four hundred days.
pub fn next_inside(window: &Window, at: Time, settings: &Settings, zone: Zone) -> Option<Time> {
    match window {
        Window::Named(NamedWindow::BusinessHours) => calendar::next_opening(settings, at),
        Window::Hours(hours) if hours_hold(hours, zone.local(at)) => Some(at),
        Window::Hours(hours) => {
            let good = |date: NaiveDate| hours.days.0[date.weekday().num_days_from_monday() as usize];
            zone.next(at, hours.from.0, good)
        }
    }
}

/// The first moment not before `at` outside the quiet hours.
pub fn after_quiet(quiet: &QuietHours, at: Time, zone: Zone) -> Time {
    let silent = quiet.from != quiet.to && between(quiet.from.0, quiet.to.0, zone.local(at).time());
    if silent { zone.next(at, quiet.to.0, |_| true).unwrap_or(at) } else { at }
}

/// Why a window moved a moment: a holiday that lies between, or the window itself.
pub fn why(window: &Window, from: Time, to: Time, settings: &Settings) -> String {
    let by_calendar = matches!(window, Window::Named(NamedWindow::BusinessHours));
    if by_calendar && calendar::rests_between(settings, from, to) { "a holiday".to_owned() } else { words(window) }
}

/// A window in words.
pub fn words(window: &Window) -> String {
    match window {
        Window::Named(NamedWindow::BusinessHours) => "business hours".to_owned(),
        Window::Hours(hours) => format!("{} {}-{}", hours.days, hours.from, hours.to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::HoursWindow;

    fn moved(days: &str, from: &str, to: &str, at: &str) -> String {
        let hours = HoursWindow { days: days.parse().expect("days"), from: from.parse().expect("a time"), to: to.parse().expect("a time") };
        let at = at.parse().expect("a time");
        next_inside(&Window::Hours(hours), at, &Settings::default(), Zone::ROME).expect("a moment").to_string()
    }

    #[test]
    fn a_moment_outside_goes_to_the_next_inside() {
        assert_eq!(moved("mon-fri", "09:00", "18:00", "2026-11-20T10:00:00Z"), "2026-11-20T10:00:00.000Z");
        assert_eq!(moved("mon-fri", "09:00", "18:00", "2026-11-20T17:00:00Z"), "2026-11-23T08:00:00.000Z");
        assert_eq!(moved("mon-fri", "09:00", "18:00", "2026-11-20T07:59:00Z"), "2026-11-20T08:00:00.000Z");
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin_on() {
        assert_eq!(moved("fri", "22:00", "02:00", "2026-11-21T00:30:00Z"), "2026-11-21T00:30:00.000Z");
        assert_eq!(moved("fri", "22:00", "02:00", "2026-11-20T00:30:00Z"), "2026-11-20T21:00:00.000Z");
    }

    #[test]
    fn quiet_hours_end_in_the_morning() {
        let quiet = QuietHours { from: "21:00".parse().expect("a time"), to: "08:00".parse().expect("a time") };
        let at = |text: &str| after_quiet(&quiet, text.parse().expect("a time"), Zone::ROME).to_string();
        assert_eq!(at("2026-11-20T22:00:00Z"), "2026-11-21T07:00:00.000Z");
        assert_eq!(at("2026-11-20T12:00:00Z"), "2026-11-20T12:00:00.000Z");
    }
}
