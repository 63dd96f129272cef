//! Why something was not done, stopped, or was left aside: every sentence that is kept or handed on, and reading one back. Rows and the
//! HTTP API hold the English sentence; the panel reads it back into its value here and says that in the reader's language.

mod general;
mod whatsapp;

pub use general::Reason;
pub use whatsapp::WhatsappReason;

/// Declares sentences: one variant each, its holes in the order in which the English sentence has them.
macro_rules! sentences {
    ($(#[$about:meta])* $all:ident: $($name:ident $({ $($hole:ident),* })? = $english:literal;)*) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum $all {
            $(#[doc = $english] $name $({ $($hole: String),* })?,)*
        }

        impl std::fmt::Display for $all {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $($all::$name $({ $($hole),* })? => write!(f, $english),)*
                }
            }
        }

        impl $all {
            /// One of each, its holes filled with their names.
            pub fn samples() -> Vec<$all> {
                vec![$($all::$name $({ $($hole: stringify!($hole).to_owned()),* })?),*]
            }

            /// The value of a sentence as it was written, and how many of its letters are ours.
            pub fn read(text: &str) -> Option<(usize, $all)> {
                type Made = fn(&mut dyn Iterator<Item = String>) -> $all;
                const ALL: &[(&str, Made)] = &[$((
                    $english,
                    |_holes| $all::$name $({ $($hole: _holes.next().unwrap_or_default()),* })?
                )),*];
                let found = ALL.iter().filter_map(|(pattern, made)| Some(($crate::model::reason::holes(pattern, text)?, made)));
                found.max_by_key(|((ours, _), _)| *ours).map(|((ours, holes), made)| (ours, made(&mut holes.into_iter())))
            }
        }
    };
}
use sentences;

/// What stands in the holes of a pattern where `text` follows it, and how many letters of the text are the pattern's own.
fn holes(pattern: &str, text: &str) -> Option<(usize, Vec<String>)> {
    let mut parts = pattern.split('{');
    let first = parts.next().unwrap_or_default().replace("}}", "}");
    let mut rest = text.strip_prefix(first.as_str())?;
    let (mut ours, mut found) = (first.len(), Vec::new());
    let mut parts = parts.filter_map(|part| part.split_once('}').map(|(_, after)| after)).peekable();
    if parts.peek().is_none() {
        return rest.is_empty().then_some((ours, found));
    }
    while let Some(after) = parts.next() {
        let end = match parts.peek() {
            Some(_) => rest.find(after).filter(|_| !after.is_empty())?,
            None => rest.len() - rest.strip_suffix(after).map(|_| after.len())?,
        };
        if end == 0 {
            return None;
        }
        found.push(rest[..end].to_owned());
        rest = &rest[end + after.len()..];
        ours += after.len();
    }
    Some((ours, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_read_back_as_the_value_that_wrote_it() {
        for reason in Reason::samples() {
            assert_eq!(Reason::read(&reason.to_string()).map(|(_, read)| read), Some(reason));
        }
        for reason in WhatsappReason::samples() {
            assert_eq!(WhatsappReason::read(&reason.to_string()).map(|(_, read)| read), Some(reason));
        }
    }

    #[test]
    fn the_pattern_that_says_most_wins_and_other_words_are_nobodys() {
        let read = |text| Reason::read(text).map(|(_, reason)| reason);
        assert_eq!(read("The flow \"a\" is disabled."), Some(Reason::FlowDisabled { flow: "a".to_owned() }));
        assert_eq!(read("It cannot be sent: x y."), Some(Reason::CannotBeSent { why: "x y".to_owned() }));
        assert_eq!(read("Connection refused (os error 111)"), None);
        assert_eq!(read(""), None);
    }
}
