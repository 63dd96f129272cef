//! Every sentence of the panel, in each of its languages. A sentence that lacks one does not compile.
//!
//! One file per page. What stands in the data (texts of contacts, names of flows) is never translated here.

mod actions;
mod active;
mod audit;
mod blueprints;
mod broadcasts;
mod calls;
mod channels;
mod contacts;
mod editor;
mod faults;
mod flow_settings;
mod flows;
mod forms;
mod frame;
mod history;
mod imports;
mod kinds;
mod labels;
mod nodes;
mod overdue;
mod people;
mod phrase;
mod quick_replies;
mod reasons;
mod rehearsal;
mod runs;
mod settings;
mod stock;
mod team;
mod times;

use std::fmt;
use std::str::FromStr;

pub use times::Moment;

/// A language of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Italian.
    #[default]
    Italian,
}

impl Language {
    /// Every language, in the order a menu shows them.
    pub const ALL: [Language; 2] = [Language::Italian, Language::English];

    /// The code of BCP 47, as `<html lang>` wants it.
    pub const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Italian => "it",
        }
    }

    /// The name of the language in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Italian => "Italiano",
        }
    }

    /// The language of a stored code; Italian where it is none of ours.
    pub fn of_code(code: &str) -> Language {
        code.parse().unwrap_or_default()
    }

    /// The first of our languages in an `Accept-Language` header, weights ignored (browsers write it best first); English where
    /// none is ours, since whoever reads neither is likelier to read that.
    pub fn accepted(header: &str) -> Language {
        header.split(',').filter_map(|part| part.split([';', '-']).next()?.trim().parse().ok()).next().unwrap_or(Language::English)
    }
}

/// Something that is counted. Templates hand numbers over by reference.
pub trait Count: Copy {
    /// How many.
    fn number(self) -> u64;
}

macro_rules! counts {
    ($($number:ty),*) => {$(
        impl Count for $number {
            fn number(self) -> u64 { u64::try_from(self).unwrap_or(u64::MAX) }
        }
        impl Count for &$number {
            fn number(self) -> u64 { (*self).number() }
        }
    )*};
}
counts!(u64, u32, usize);

/// A code that is none of our languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the panel speaks it and en")]
pub struct NotOurs;

impl FromStr for Language {
    type Err = NotOurs;
    fn from_str(code: &str) -> Result<Language, NotOurs> {
        let code = code.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| language.code() == code).ok_or(NotOurs)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Makes one method of `Language` for each sentence: `name = "English", "Italian";`. A sentence with arguments names them as a
/// function does, `name(who: &str) = …;`, and one that counts has a form for one and a form for more, `name[count] = "one" | "more", …;`.
macro_rules! words {
    ($($name:ident $(($($arg:ident: $type:ty),*))? $([$count:ident $(, $more:ident: $kind:ty)*])?
        = $en:literal $(| $en_more:literal)?, $it:literal $(| $it_more:literal)?;)*) => {
        impl $crate::web::words::Language {
            $(words!(@one $name $(($($arg: $type),*))? $([$count $(, $more: $kind)*])? = $en $(| $en_more)?, $it $(| $it_more)?);)*
        }
    };
    (@one $name:ident = $en:literal, $it:literal) => {
        #[doc = $en]
        pub const fn $name(self) -> &'static str {
            match self {
                $crate::web::words::Language::English => $en,
                $crate::web::words::Language::Italian => $it,
            }
        }
    };
    (@one $name:ident ($($arg:ident: $type:ty),*) = $en:literal, $it:literal) => {
        #[doc = $en]
        pub fn $name(self, $($arg: $type),*) -> String {
            match self {
                $crate::web::words::Language::English => format!($en),
                $crate::web::words::Language::Italian => format!($it),
            }
        }
    };
    (@one $name:ident [$count:ident $(, $more:ident: $kind:ty)*] = $en:literal | $en_more:literal, $it:literal | $it_more:literal) => {
        #[doc = $en_more]
        pub fn $name(self, $count: impl $crate::web::words::Count $(, $more: $kind)*) -> String {
            let is_one = $count.number() == 1;
            let $count = self.whole($count);
            // A form for one may do without the number.
            let _ = &$count;
            match (self, is_one) {
                ($crate::web::words::Language::English, true) => format!($en),
                ($crate::web::words::Language::English, false) => format!($en_more),
                ($crate::web::words::Language::Italian, true) => format!($it),
                ($crate::web::words::Language::Italian, false) => format!($it_more),
            }
        }
    };
}
pub(crate) use words;

impl Language {
    /// A whole number as people write it: `1,240` or `1.240`.
    pub fn whole(self, number: impl Count) -> String {
        let number = number.number();
        let separator = match self {
            Language::English => ',',
            Language::Italian => '.',
        };
        let digits = number.to_string();
        let mut written = String::with_capacity(digits.len() + 4);
        for (index, digit) in digits.chars().enumerate() {
            // Italian writes four digits without a point: 1240, but 12.400.
            let here = (digits.len() - index).is_multiple_of(3) && index > 0;
            if here && (self == Language::English || digits.len() > 4) {
                written.push(separator);
            }
            written.push(digit);
        }
        written
    }

    /// A number with decimals as people write it, without needless zeros.
    pub fn decimal(self, number: f64) -> String {
        match self {
            Language::English => number.to_string(),
            Language::Italian => number.to_string().replacen('.', ",", 1),
        }
    }

    /// Bytes as people read them.
    pub fn bytes(self, bytes: impl Count) -> String {
        let bytes = bytes.number();
        match bytes {
            0..1024 => format!("{bytes} B"),
            1024..1_048_576 => format!("{} kB", bytes.div_ceil(1024)),
            _ => format!("{} MB", self.decimal((bytes as f64 / 104_857.6).round() / 10.0)),
        }
    }

    /// Several names in one sentence: `a, b and c`.
    pub fn list(self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => {
                // Before the same sound Italian says "ed".
                let and = if self == Language::Italian && last.to_lowercase().starts_with('e') { "ed" } else { self.and() };
                format!("{} {and} {last}", most.join(", "))
            }
        }
    }
}

words! {
    and = "and", "e";
    or = "or", "o";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_first_language_we_have() {
        for (header, language) in [
            ("it-IT,it;q=0.9,en;q=0.8", Language::Italian),
            ("de-DE,de;q=0.9,en-GB;q=0.5", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_reader_writes_them() {
        assert_eq!((Language::Italian.whole(12_400_u64), Language::English.whole(1_240_u64)), ("12.400".to_owned(), "1,240".to_owned()));
        assert_eq!(Language::Italian.whole(1_240_u64), "1240");
        assert_eq!(Language::Italian.bytes(1_572_864_u64), "1,5 MB");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(Language::Italian.people_inside(1_u64), "1 persona dentro");
        assert_eq!(Language::English.people_inside(1200_u64), "1,200 people inside");
    }
}
