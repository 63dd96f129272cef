//! Points in time and stretches of it, both in milliseconds. Wall-clock rules live in `zone`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

/// A point in time: milliseconds since 1970 in UTC. Text form: RFC 3339.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The same point for `chrono`. A time beyond its calendar becomes 1970.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// How long after `earlier` this is; nothing if it is not after it.
    pub fn since(self, earlier: Time) -> Span {
        Span((self.0 - earlier.0).max(0))
    }

    /// The number of the UTC day, counted from 1970: what leads keys that are random by nature.
    pub fn day(self) -> u32 {
        u32::try_from(self.0.div_euclid(Span::DAY.0)).unwrap_or(0)
    }
}

impl From<DateTime<Utc>> for Time {
    fn from(at: DateTime<Utc>) -> Time {
        Time(at.timestamp_millis())
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    fn sub(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// A text that is no RFC 3339 time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a time as 2026-11-22T09:30:00Z")]
pub struct NotATime;

impl FromStr for Time {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Time, NotATime> {
        DateTime::parse_from_rfc3339(text).map(|at| Time(at.timestamp_millis())).map_err(|_| NotATime)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { self.0.serialize(to) }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        if from.is_human_readable() {
            String::deserialize(from)?.parse().map_err(de::Error::custom)
        } else {
            i64::deserialize(from).map(Time)
        }
    }
}

/// A stretch of time in milliseconds, never negative where a person wrote it. Text form: `1d 12h`, `15m`, `90s`, `250ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Span {
    /// One second.
    pub const SECOND: Span = Span(1000);
    /// One minute.
    pub const MINUTE: Span = Span(60_000);
    /// One hour.
    pub const HOUR: Span = Span(3_600_000);
    /// Twenty-four hours.
    pub const DAY: Span = Span(86_400_000);

    const UNITS: [(&'static str, i64); 6] =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// `n` times this.
    pub const fn times(self, n: i64) -> Span {
        Span(self.0.saturating_mul(n))
    }

    /// The same stretch for the standard library.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut left = self.0;
        let mut gap = "";
        for (unit, ms) in Span::UNITS.into_iter().skip(1) {
            let whole = left / ms;
            if whole != 0 {
                write!(f, "{gap}{whole}{unit}")?;
                gap = " ";
                left -= whole * ms;
            }
        }
        Ok(())
    }
}

/// A text that is no stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a length of time as 90s, 15m, 2h or 1d 12h")]
pub struct NotASpan;

impl FromStr for Span {
    type Err = NotASpan;
    fn from_str(text: &str) -> Result<Span, NotASpan> {
        let mut total: i64 = 0;
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(NotASpan);
        }
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: i64 = rest[..digits].parse().map_err(|_| NotASpan)?;
            let after = &rest[digits..];
            let letters = after.len() - after.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
            let (_, ms) = Span::UNITS.into_iter().find(|(unit, _)| *unit == &after[..letters]).ok_or(NotASpan)?;
            total = number.checked_mul(ms).and_then(|part| total.checked_add(part)).ok_or(NotASpan)?;
            rest = after[letters..].trim_start();
        }
        Ok(Span(total))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { self.0.serialize(to) }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
        if from.is_human_readable() {
            String::deserialize(from)?.parse().map_err(de::Error::custom)
        } else {
            i64::deserialize(from).map(Span)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_what_people_write() {
        for (text, ms, shown) in [
            ("90s", 90_000, "1m 30s"),
            ("15m", 900_000, "15m"),
            ("1d 12h", 129_600_000, "1d 12h"),
            ("1w", 604_800_000, "7d"),
            ("250ms", 250, "250ms"),
            ("0s", 0, "0s"),
        ] {
            let span: Span = text.parse().expect(text);
            assert_eq!((span.0, span.to_string().as_str()), (ms, shown));
            assert_eq!(shown.parse(), Ok(span));
        }
        for bad in ["", "d", "5", "5 d", "-1d", "1x", "99999999999999999d", "1d12"] {
            assert_eq!(bad.parse::<Span>(), Err(NotASpan), "{bad}");
        }
    }

    #[test]
    fn a_time_is_rfc_3339_in_utc() {
        let time: Time = "2026-11-22T10:00:00+01:00".parse().expect("a time");
        assert_eq!(time.to_string(), "2026-11-22T09:00:00.000Z");
    }
}
