//! Time zones, and what a clock on the wall means in one. The only place that turns local time into UTC (RUN-9).

use super::time::{Span, Time};
use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The edition of the IANA database whose rules this program knows.
pub const RULES: &str = chrono_tz::IANA_TZDB_VERSION;

/// A zone of the IANA database, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

/// A text that names no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a time zone by its name, as Europe/Rome")]
pub struct NotAZone;

impl Zone {
    /// Where a file that was never told otherwise lives.
    pub const ROME: Zone = Zone(chrono_tz::Europe::Rome);
    /// No offset, ever.
    pub const UTC: Zone = Zone(chrono_tz::UTC);

    /// What the clock on the wall shows at `time`.
    pub fn local(self, time: Time) -> NaiveDateTime {
        time.to_utc().with_timezone(&self.0).naive_local()
    }

    /// The date on the wall at `time`.
    pub fn date(self, time: Time) -> NaiveDate {
        self.local(time).date()
    }

    /// When the wall shows `local`: the first of two where the clock is set back, and the first moment after the gap where it is
    /// set forward.
    pub fn at(self, local: NaiveDateTime) -> Time {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => instant(at),
            LocalResult::None => self.after_gap(local),
        }
    }

    /// When the wall shows this time on this date.
    pub fn on(self, date: NaiveDate, time: NaiveTime) -> Time {
        self.at(date.and_time(time))
    }

    /// The first moment not before `after` at which the wall shows `time` on a day that `good` accepts; none within four hundred days.
    pub fn next(self, after: Time, time: NaiveTime, good: impl Fn(NaiveDate) -> bool) -> Option<Time> {
        let today = self.date(after);
        (0..400)
            .filter_map(|days| today.checked_add_days(Days::new(days)))
            .filter(|date| good(*date))
            .map(|date| self.on(date, time))
            .find(|at| *at >= after)
    }

    /// The first instant after a gap, found by halving: the offset before the gap and the one after it disagree exactly there.
    fn after_gap(self, local: NaiveDateTime) -> Time {
        let guess = local.and_utc().timestamp_millis();
        let (mut before, mut after) = (guess - Span::DAY.0 * 2, guess + Span::DAY.0 * 2);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.local(Time(middle)) < local { before = middle } else { after = middle }
        }
        Time(after)
    }
}

fn instant<Z: TimeZone>(at: DateTime<Z>) -> Time {
    Time(at.timestamp_millis())
}

/// The same day of the year in another year; 29 February becomes 28 in a common year.
pub fn in_year(date: NaiveDate, year: i32) -> Option<NaiveDate> {
    date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, date.month(), 28))
}

/// `date` moved by whole days, forward or back.
pub fn plus_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    date.checked_add_signed(TimeDelta::try_days(days)?)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = NotAZone;
    fn from_str(name: &str) -> Result<Zone, NotAZone> {
        name.parse().map(Zone).map_err(|_| NotAZone)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Zone, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(zone: &str, local: &str) -> String {
        let zone: Zone = zone.parse().expect(zone);
        zone.at(local.parse().expect(local)).to_string()
    }

    #[test]
    fn a_time_in_the_gap_is_the_first_after_it() {
        assert_eq!(wall("Europe/Rome", "2026-03-29T02:30:00"), "2026-03-29T01:00:00.000Z");
        assert_eq!(wall("Australia/Lord_Howe", "2026-10-04T02:15:00"), "2026-10-03T15:30:00.000Z");
        assert_eq!(wall("Pacific/Apia", "2011-12-30T09:00:00"), "2011-12-30T10:00:00.000Z");
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first() {
        assert_eq!(wall("Europe/Rome", "2026-10-25T02:30:00"), "2026-10-25T00:30:00.000Z");
    }

    #[test]
    fn the_next_nine_o_clock_skips_days_that_are_not_good() {
        let friday_evening: Time = "2026-11-20T18:00:00Z".parse().expect("a time");
        let weekday = |date: NaiveDate| date.weekday().number_from_monday() <= 5;
        let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("nine");
        let next = Zone::ROME.next(friday_evening, nine, weekday).expect("a Monday");
        assert_eq!(next.to_string(), "2026-11-23T08:00:00.000Z");
    }

    #[test]
    fn the_29th_of_february_is_the_28th_in_a_common_year() {
        let leap = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a date");
        assert_eq!(in_year(leap, 2026), NaiveDate::from_ymd_opt(2026, 2, 28));
        assert_eq!(in_year(leap, 2028), NaiveDate::from_ymd_opt(2028, 2, 29));
    }
}
