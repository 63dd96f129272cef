//! Business hours and holidays: when somebody is there. Windows of single waits are `window`'s.

use crate::base::time::Time;
use crate::base::zone::{Zone, plus_days};
use crate::model::node::HoursWindow;
use crate::model::settings::Settings;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

/// Italy's public holidays that fall on the same day every year: law 260 of 27 May 1949 as it stands (art. 2).
const FIXED: [(u32, u32); 10] = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)];

/// Days that are looked through for a holiday: nobody is closed for longer by its calendar alone.
const DAYS_LOOKED_AT: usize = 60;

/// Easter Sunday of a year of the Gregorian calendar: the "anonymous" algorithm as in J. Meeus, Astronomical Algorithms, ch. 8.
pub fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Whether Italy rests on this date. 4 October counts from 2026 (law 151 of 8 October 2025).
pub fn is_italian_holiday(date: NaiveDate) -> bool {
    let day = (date.month(), date.day());
    let easter = easter(date.year());
    FIXED.contains(&day)
        || (day == (10, 4) && date.year() >= 2026)
        || easter == Some(date)
        || easter.and_then(|sunday| plus_days(sunday, 1)) == Some(date)
}

/// Whether a time of day lies between two others; over midnight where `to` is not after `from`, and always where they are the same.
pub fn between(from: NaiveTime, to: NaiveTime, time: NaiveTime) -> bool {
    if from < to { from <= time && time < to } else { from <= time || time < to }
}

/// Whether these hours hold at what the clock on the wall shows. Hours over midnight belong to the day they begin on.
pub fn hours_hold(hours: &HoursWindow, local: NaiveDateTime) -> bool {
    let (from, to, time) = (hours.from.0, hours.to.0, local.time());
    let today = local.weekday().num_days_from_monday() as usize;
    let begun_yesterday = to < from && time < to;
    let day = if begun_yesterday { (today + 6) % 7 } else { today };
    hours.days.0[day] && between(from, to, time)
}

/// Whether nobody is there on this date, whatever the hour.
pub fn is_holiday(settings: &Settings, date: NaiveDate) -> bool {
    settings.holidays.contains(&date) || (settings.italian_holidays && is_italian_holiday(date))
}

/// Whether somebody is there. Where no hours are set it is every hour of every day but holidays.
pub fn is_open(settings: &Settings, at: Time) -> bool {
    let local = settings.time_zone.local(at);
    if is_holiday(settings, local.date()) {
        return false;
    }
    settings.business_hours.is_empty() || settings.business_hours.iter().any(|hours| hours_hold(hours, local))
}

/// Whether a day from one moment to another would be one of work, were it no holiday.
pub fn rests_between(settings: &Settings, from: Time, to: Time) -> bool {
    let zone = settings.time_zone;
    let works = |date: NaiveDate| {
        let weekday = date.weekday().num_days_from_monday() as usize;
        settings.business_hours.is_empty() || settings.business_hours.iter().any(|hours| hours.days.0[weekday])
    };
    let days = std::iter::successors(Some(zone.date(from)), |date| plus_days(*date, 1)).take_while(|date| *date < zone.date(to));
    days.take(DAYS_LOOKED_AT).any(|date| works(date) && is_holiday(settings, date))
}

/// The first moment not before `at` when somebody is there; none within four hundred days.
pub fn next_opening(settings: &Settings, at: Time) -> Option<Time> {
    if is_open(settings, at) {
        return Some(at);
    }
    let zone = settings.time_zone;
    let works = |date: NaiveDate| !is_holiday(settings, date);
    if settings.business_hours.is_empty() {
        return zone.next(at, NaiveTime::MIN, works);
    }
    let opens = settings.business_hours.iter().filter_map(|hours| {
        let on = |date: NaiveDate| hours.days.0[date.weekday().num_days_from_monday() as usize] && works(date);
        zone.next(at, hours.from.0, on)
    });
    opens.min()
}

/// Now, or the end of the quiet hours that now falls into. They are read on the contact's own clock where that is known.
pub fn quiet_end(settings: &Settings, own: Option<Zone>, at: Time) -> Time {
    let Some(quiet) = settings.quiet_hours else { return at };
    let zone = own.unwrap_or(settings.time_zone);
    let (wall, from, to) = (zone.local(at).time(), quiet.from.0, quiet.to.0);
    let inside = if from <= to { from <= wall && wall < to } else { wall >= from || wall < to };
    if inside { zone.next(at, to, |_| true).unwrap_or(at) } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::HoursWindow;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn office() -> Settings {
        let hours = |from: &str, to: &str| HoursWindow {
            days: "mon-fri".parse().expect("days"),
            from: from.parse().expect("a time"),
            to: to.parse().expect("a time"),
        };
        Settings { business_hours: vec![hours("09:00", "13:00"), hours("15:00", "19:00")], ..Settings::default() }
    }

    fn opening(at: &str) -> String {
        next_opening(&office(), at.parse().expect(at)).expect("an opening").to_string()
    }

    #[test]
    fn easter_falls_where_the_church_puts_it() {
        for known in ["1961-04-02", "2000-04-23", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"] {
            assert_eq!(easter(date(known).year()), Some(date(known)));
        }
    }

    #[test]
    fn italy_rests_on_its_holidays() {
        for holiday in ["2026-04-06", "2026-04-05", "2026-08-15", "2026-12-26", "2027-10-04"] {
            assert!(is_italian_holiday(date(holiday)), "{holiday}");
        }
        for workday in ["2025-10-04", "2026-04-07", "2026-12-24"] {
            assert!(!is_italian_holiday(date(workday)), "{workday}");
        }
    }

    #[test]
    fn the_next_opening_passes_over_lunch_nights_weekends_and_holidays() {
        assert_eq!(opening("2026-11-23T08:30:00Z"), "2026-11-23T08:30:00.000Z");
        assert_eq!(opening("2026-11-23T12:30:00Z"), "2026-11-23T14:00:00.000Z");
        assert_eq!(opening("2026-11-20T18:00:00Z"), "2026-11-23T08:00:00.000Z");
        assert_eq!(opening("2026-12-24T18:00:00Z"), "2026-12-28T08:00:00.000Z");
    }

    #[test]
    fn quiet_hours_over_midnight_end_in_the_morning_of_the_contact() {
        use crate::model::settings::QuietHours;
        let quiet = QuietHours { from: "21:00".parse().expect("a time"), to: "08:00".parse().expect("a time") };
        let settings = Settings { quiet_hours: Some(quiet), ..Settings::default() };
        let end = |zone: Option<Zone>, at: &str| quiet_end(&settings, zone, at.parse().expect(at)).to_string();
        assert_eq!(end(None, "2026-11-23T22:30:00Z"), "2026-11-24T07:00:00.000Z");
        assert_eq!(end(None, "2026-11-23T10:30:00Z"), "2026-11-23T10:30:00.000Z");
        assert_eq!(end("America/New_York".parse().ok(), "2026-11-23T10:30:00Z"), "2026-11-23T13:00:00.000Z");
    }

    #[test]
    fn without_hours_every_day_but_holidays_is_open() {
        let settings = Settings::default();
        assert!(is_open(&settings, "2026-11-22T23:00:00Z".parse().expect("a time")));
        assert!(!is_open(&settings, "2026-12-25T11:00:00Z".parse().expect("a time")));
    }
}
