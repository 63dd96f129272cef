//! Dates as people and programs write them, read into days and moments.

use crate::base::time::{Span, Time};
use crate::base::zone::{Zone, plus_days};
use crate::model::node::Offset;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

/// What a written date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day, whatever the hour.
    Day(NaiveDate),
    /// A moment.
    Moment(Time),
}

impl When {
    /// The moment; of a day, its first.
    pub fn start(self, zone: Zone) -> Time {
        match self {
            When::Day(date) => zone.on(date, NaiveTime::MIN),
            When::Moment(time) => time,
        }
    }

    /// The day on the wall.
    pub fn date(self, zone: Zone) -> NaiveDate {
        match self {
            When::Day(date) => date,
            When::Moment(time) => zone.date(time),
        }
    }
}

/// A day or moment moved by an offset, then put at a time on the wall. Whole days keep the time on the wall across a change of clock.
pub fn shifted(when: When, offset: Option<Offset>, at: Option<NaiveTime>, zone: Zone) -> Time {
    let offset = offset.map_or(Span(0), |offset| offset.0);
    let base = when.start(zone);
    let moved = match plus_days(zone.date(base), offset.0 / Span::DAY.0) {
        Some(date) if offset.0 % Span::DAY.0 == 0 => zone.on(date, zone.local(base).time()),
        _ => base + offset,
    };
    at.map_or(moved, |at| zone.on(zone.date(moved), at))
}

const MOMENTS: [&str; 5] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"];

/// Reads `24/12/2026`, `24-12-2026`, `24.12.2026`, `24/12/26`, `2026-12-24`, `24/12` (the next such day from `today`), these with a
/// time on the wall of `zone`, and RFC 3339.
pub fn read(text: &str, zone: Zone, today: NaiveDate) -> Option<When> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Time>() {
        return Some(When::Moment(time));
    }
    if let Some(local) = MOMENTS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) {
        return Some(When::Moment(zone.at(local)));
    }
    day(text, today).map(When::Day)
}

fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.trim_end_matches('.').split(['/', '-', '.']).map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?),
        [day, month, year] => {
            let short = if year.len() == 2 { 2000 } else { 0 };
            let year: i32 = (year.len() == 4 || year.len() == 2).then(|| year.parse().ok())??;
            NaiveDate::from_ymd_opt(year + short, number(month)?, number(day)?)
        }
        [day, month] => {
            let (day, month) = (number(day)?, number(month)?);
            (0..=8).filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day)).find(|date| *date >= today)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_at(text: &str) -> Option<String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
        read(text, Zone::ROME, today).map(|when| match when {
            When::Day(date) => date.to_string(),
            When::Moment(time) => time.to_string(),
        })
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["24/12/2026", "24-12-2026", "24.12.2026", "2026-12-24", "24/12", "24.12.", "24/12/26", " 24/12/2026 "] {
            assert_eq!(read_at(text).as_deref(), Some("2026-12-24"), "{text}");
        }
        assert_eq!(read_at("1/2").as_deref(), Some("2027-02-01"));
        assert_eq!(read_at("29/2").as_deref(), Some("2028-02-29"));
    }

    #[test]
    fn a_date_with_a_time_is_a_moment_on_the_wall() {
        assert_eq!(read_at("2026-12-24T18:00").as_deref(), Some("2026-12-24T17:00:00.000Z"));
        assert_eq!(read_at("2026-12-24T18:00:00Z").as_deref(), Some("2026-12-24T18:00:00.000Z"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "domani", "31/2/2026", "24/13", "1/2/3/4", "24/12/026", "-1/2"] {
            assert_eq!(read_at(text), None, "{text}");
        }
    }
}
