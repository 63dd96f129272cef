//! Dates, times and lengths of time as people read them. Pure: now and the zone are arguments.

use super::{Language, words};
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// A point in time in words, said at a moment and in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The clock on the wall: `today 18:02`, `Fri 20 Nov 18:02`.
    pub wall: String,
    /// How far it is: `in 6 minutes`, `2 days ago`.
    pub relative: String,
    /// For machines: RFC 3339 in UTC.
    pub machine: String,
}

const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_IT: [&str; 7] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
const SHORT_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SHORT_IT: [&str; 7] = ["lun", "mar", "mer", "gio", "ven", "sab", "dom"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const MONTHS_IT: [&str; 12] =
    ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"];

impl Language {
    /// The name of a day, Monday being 0.
    pub const fn weekday(self, index: usize) -> &'static str {
        match self {
            Language::English => DAYS_EN[index % 7],
            Language::Italian => DAYS_IT[index % 7],
        }
    }

    /// The short name of a day, Monday being 0.
    pub const fn weekday_short(self, index: usize) -> &'static str {
        match self {
            Language::English => SHORT_EN[index % 7],
            Language::Italian => SHORT_IT[index % 7],
        }
    }

    fn month(self, date: NaiveDate) -> &'static str {
        match self {
            Language::English => MONTHS_EN[date.month0() as usize],
            Language::Italian => MONTHS_IT[date.month0() as usize],
        }
    }

    fn month_short(self, date: NaiveDate) -> &'static str {
        self.month(date).get(..3).unwrap_or_default()
    }

    /// A date with its day of the week and, where it is another than this year's, its year.
    pub fn date(self, date: NaiveDate, today: NaiveDate) -> String {
        let day = self.weekday_short(date.weekday().num_days_from_monday() as usize);
        let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
        format!("{day} {} {}{year}", date.day(), self.month_short(date))
    }

    /// A whole date, as a heading says it: `Friday 20 November`.
    pub fn long_date(self, date: NaiveDate, today: NaiveDate) -> String {
        let day = self.weekday(date.weekday().num_days_from_monday() as usize);
        let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
        format!("{day} {} {}{year}", date.day(), self.month(date))
    }

    /// The heading of a day in a chat or a list: today and yesterday by those words.
    pub fn day_heading(self, date: NaiveDate, today: NaiveDate) -> String {
        match (today - date).num_days() {
            0 => self.today().to_owned(),
            1 => self.yesterday().to_owned(),
            -1 => self.tomorrow().to_owned(),
            _ => self.long_date(date, today),
        }
    }

    /// A time on the wall.
    pub fn wall_time(self, time: NaiveTime) -> String {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// The day, where it is not today, and the time on the wall.
    fn wall(self, local: NaiveDateTime, today: NaiveDate) -> String {
        let time = self.wall_time(local.time());
        match (local.date() - today).num_days() {
            0 => format!("{} {time}", self.today()),
            1 => format!("{} {time}", self.tomorrow()),
            -1 => format!("{} {time}", self.yesterday()),
            _ => format!("{} {time}", self.date(local.date(), today)),
        }
    }

    /// A point in time, said at `now` and in `zone`.
    pub fn moment(self, at: Time, now: Time, zone: Zone) -> Moment {
        Moment { wall: self.wall(zone.local(at), zone.date(now)), relative: self.relative(at, now), machine: at.to_string() }
    }

    /// A value as people read it: a date or a point in time in its kept form as on the wall, anything else as it is.
    pub fn dated(self, text: &str, now: Time, zone: Zone) -> String {
        if let Ok(at) = text.parse::<Time>() {
            return self.moment(at, now, zone).wall;
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        date.map_or_else(|| text.to_owned(), |date| self.date(date, zone.date(now)))
    }

    /// How far `at` lies from `now`, in its largest unit.
    pub fn relative(self, at: Time, now: Time) -> String {
        let (ahead, distance) = if at > now { (true, at.since(now)) } else { (false, now.since(at)) };
        if distance < Span(45_000) {
            return self.right_now().to_owned();
        }
        let length = self.rounded(distance);
        if ahead { self.in_length(&length) } else { self.length_ago(&length) }
    }

    /// A length of time in its largest unit, rounded.
    pub fn rounded(self, length: Span) -> String {
        let count = |unit: Span| u64::try_from((length.0 + unit.0 / 2) / unit.0).unwrap_or(0);
        match length {
            length if length < Span(59_500) => self.seconds(count(Span::SECOND)),
            length if length < Span(59 * 60_000 + 30_000) => self.minutes(count(Span::MINUTE)),
            length if length < Span(36 * 3_600_000) => self.hours(count(Span::HOUR)),
            length if length < Span::DAY.times(60) => self.days(count(Span::DAY)),
            length if length < Span::DAY.times(700) => self.months(count(Span::DAY.times(30))),
            _ => self.years(count(Span::DAY.times(365))),
        }
    }

    /// A length of time, whole: `1 day and 12 hours`.
    pub fn length(self, length: Span) -> String {
        type Unit = (Span, fn(Language, u64) -> String);
        let units: [Unit; 4] = [
            (Span::DAY, Language::days),
            (Span::HOUR, Language::hours),
            (Span::MINUTE, Language::minutes),
            (Span::SECOND, Language::seconds),
        ];
        let mut left = length.0.max(0);
        let mut parts = Vec::new();
        for (unit, say) in units {
            let count = left / unit.0;
            if count > 0 {
                parts.push(say(self, count.unsigned_abs()));
                left -= count * unit.0;
            }
        }
        if parts.is_empty() { self.seconds(0_u64) } else { self.list(&parts) }
    }
}

words! {
    today = "today", "oggi";
    yesterday = "yesterday", "ieri";
    tomorrow = "tomorrow", "domani";
    right_now = "now", "adesso";
    in_length(length: &str) = "in {length}", "fra {length}";
    length_ago(length: &str) = "{length} ago", "{length} fa";
    seconds[count] = "{count} second" | "{count} seconds", "{count} secondo" | "{count} secondi";
    minutes[count] = "{count} minute" | "{count} minutes", "{count} minuto" | "{count} minuti";
    hours[count] = "{count} hour" | "{count} hours", "{count} ora" | "{count} ore";
    days[count] = "{count} day" | "{count} days", "{count} giorno" | "{count} giorni";
    months[count] = "{count} month" | "{count} months", "{count} mese" | "{count} mesi";
    years[count] = "{count} year" | "{count} years", "{count} anno" | "{count} anni";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(at: &str, language: Language) -> (String, String) {
        let now: Time = "2026-11-22T08:14:00Z".parse().expect("a time");
        let moment = language.moment(at.parse().expect(at), now, Zone::ROME);
        (moment.wall, moment.relative)
    }

    #[test]
    fn a_moment_is_said_on_the_wall_and_from_now() {
        for (at, wall, relative) in [
            ("2026-11-22T08:20:00Z", "oggi 09:20", "fra 6 minuti"),
            ("2026-11-21T22:30:00Z", "ieri 23:30", "10 ore fa"),
            ("2026-11-20T17:02:00Z", "ven 20 nov 18:02", "2 giorni fa"),
            ("2027-01-08T08:00:00Z", "ven 8 gen 2027 09:00", "fra 47 giorni"),
            ("2026-11-22T08:14:20Z", "oggi 09:14", "adesso"),
        ] {
            assert_eq!(said(at, Language::Italian), (wall.to_owned(), relative.to_owned()));
        }
        assert_eq!(said("2026-11-23T08:00:00Z", Language::English), ("tomorrow 09:00".to_owned(), "in 24 hours".to_owned()));
    }

    #[test]
    fn a_value_that_is_a_date_is_read_as_one() {
        let now: Time = "2026-11-22T08:14:00Z".parse().expect("a time");
        for (kept, read) in [
            ("2026-11-22T08:20:00Z", "oggi 09:20"),
            ("2027-01-08", "ven 8 gen 2027"),
            ("2027-01-08 circa", "2027-01-08 circa"),
            ("1240", "1240"),
            ("Padova", "Padova"),
        ] {
            assert_eq!(Language::Italian.dated(kept, now, Zone::ROME), read);
        }
    }

    #[test]
    fn a_length_is_said_whole() {
        let length: Span = "1d 12h".parse().expect("a length");
        assert_eq!(Language::Italian.length(length), "1 giorno e 12 ore");
        assert_eq!(Language::English.length(Span::MINUTE), "1 minute");
        assert_eq!(Language::English.rounded(Span::MINUTE.times(59)), "59 minutes");
    }

    #[test]
    fn a_day_is_headed_by_its_nearness() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
        let friday = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date");
        assert_eq!(Language::Italian.day_heading(friday, today), "venerdì 20 novembre");
        assert_eq!(Language::English.day_heading(today, today), "today");
    }
}
