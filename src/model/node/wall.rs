//! Times and days as people write them: on the wall clock, not in UTC.

use crate::base::time::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// A time on the wall, `09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub chrono::NaiveTime);

/// A day of the week, `mon`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekday(pub chrono::Weekday);

/// A signed stretch of time, `-1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(pub Span);

/// Days of the week: `all`, `mon-fri`, `mon,wed`. Kept as a set, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub [bool; 7]);

/// A text that is no such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write {0}")]
pub struct NotSuch(&'static str);

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn weekday_index(word: &str) -> Option<usize> {
    WEEKDAYS.iter().position(|day| *day == word)
}

impl FromStr for WallTime {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<WallTime, NotSuch> {
        chrono::NaiveTime::parse_from_str(text, "%H:%M").map(WallTime).map_err(|_| NotSuch("a time as 09:00"))
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

impl FromStr for Weekday {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Weekday, NotSuch> {
        let index = weekday_index(text).and_then(|index| u8::try_from(index).ok());
        index
            .and_then(|index| chrono::Weekday::try_from(index).ok())
            .map(Weekday)
            .ok_or(NotSuch("a day as mon, tue, wed, thu, fri, sat, sun"))
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WEEKDAYS[self.0.num_days_from_monday() as usize])
    }
}

impl FromStr for Offset {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Offset, NotSuch> {
        let text = text.trim();
        let (sign, length) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let span: Span = length.parse().map_err(|_| NotSuch("a distance as 2h or -1d"))?;
        Ok(Offset(span.times(sign)))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0.0 < 0 { "-" } else { "" }, Span(self.0.0.abs()))
    }
}

impl FromStr for Days {
    type Err = NotSuch;
    fn from_str(text: &str) -> Result<Days, NotSuch> {
        let wrong = NotSuch("days as all, mon-fri or mon,wed");
        if text == "all" {
            return Ok(Days([true; 7]));
        }
        let mut days = [false; 7];
        for part in text.split(',') {
            let (from, to) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
            let (from, to) = (weekday_index(from).ok_or(wrong)?, weekday_index(to).ok_or(wrong)?);
            let mut day = from;
            loop {
                days[day] = true;
                if day == to {
                    break;
                }
                day = (day + 1) % 7;
            }
        }
        Ok(Days(days))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == [true; 7] {
            return f.write_str("all");
        }
        if self.0 == [true, true, true, true, true, false, false] {
            return f.write_str("mon-fri");
        }
        let named: Vec<_> = WEEKDAYS.iter().zip(self.0).filter_map(|(day, on)| on.then_some(*day)).collect();
        f.write_str(&named.join(","))
    }
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
as_text!(WallTime, Weekday, Offset, Days);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_people_say_them() {
        for (text, shown) in [("all", "all"), ("mon-fri", "mon-fri"), ("mon,wed", "mon,wed"), ("sat-mon", "mon,sat,sun")] {
            let days: Days = text.parse().expect(text);
            assert_eq!(days.to_string(), shown);
        }
        assert!("lun".parse::<Days>().is_err());
    }

    #[test]
    fn an_offset_may_go_back() {
        let offset: Offset = "-1d".parse().expect("an offset");
        assert_eq!((offset.0, offset.to_string()), (Span(-86_400_000), "-1d".to_owned()));
    }
}
