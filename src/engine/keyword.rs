//! Phrases: how texts are folded before they are compared, and what each way of matching means. Whose phrase it is stands in
//! `keyword::index`; which flow then gets the message is `route`'s.

mod door;
mod index;

pub use door::{Door, Waking};
pub use index::{Match, Overlap, Triggers};

use crate::base::limits::{PATTERN_BYTES_MAX, PATTERN_INPUT_MAX};
use crate::model::node::{MatchMode, Phrase};
use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as keywords are compared: without outer space, case, accents, outer punctuation and outer emoji, each inner space a
/// single one. A text of nothing but punctuation and emoji keeps them.
pub fn fold(text: &str) -> String {
    let plain = plain(text);
    bare(&plain).to_owned()
}

/// Case, accents and spaces folded; punctuation and emoji still there: how rules compare texts.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Straight before, because an accent alone decomposes into a space, and after, because some decompose into an apostrophe.
    // Down, up and down again: capital sharp s and final sigma need all three to become what their neighbours are.
    let folded = text
        .chars()
        .map(straight)
        .nfkd()
        .map(straight)
        .filter(|c| !is_silent(*c))
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    for c in folded {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What is left without outer punctuation and emoji, or all of it where nothing would be left.
fn bare(plain: &str) -> &str {
    let inner = plain.trim_start_matches(|c| !is_letter(c)).trim_end_matches(|c| !is_letter(c) && !is_combining_mark(c));
    if inner.is_empty() { plain } else { inner }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

/// Phones write curly apostrophes where computers write straight ones, and some people an accent.
const fn straight(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        c => c,
    }
}

/// Marks that people add or leave out without meaning another word: accents, the vowel points of Hebrew and Arabic, what has no
/// width, and the shades of an emoji. Vowel signs of other scripts are letters and stay.
const fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}'..='\u{05c2}' | '\u{064b}'..='\u{065f}' | '\u{0670}'
        | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// What makes two phrases of one mode the same: the folded words, or the pattern as written.
pub fn identity(phrase: &Phrase) -> String {
    match phrase.r#match {
        MatchMode::Regex => phrase.text.trim().to_owned(),
        _ => fold(&phrase.text),
    }
}

/// Whether two keywords share a channel; one that names none has all.
pub fn scopes_meet(one: &[String], other: &[String]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|a| other.iter().any(|b| same_name(a, b)))
}

/// Whether two names of a channel are the same to a person.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

/// Compiles a pattern as every pattern of the product is: linear, without regard to case, bounded (SEC-16). The error says why it
/// cannot be used, in words that end a sentence.
pub fn pattern(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_BYTES_MAX).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => TOO_LARGE.to_owned(),
        error => {
            let told = error.to_string();
            let last = told.lines().last().unwrap_or_default();
            last.trim().trim_start_matches("error: ").trim_end_matches('.').to_owned()
        }
    })
}

// What people write stays far below the bound, but for \w and \d: they stand for every alphabet and digit of Unicode.
const TOO_LARGE: &str = "it is too large, so write [a-z] for \\w, [0-9] for \\d, or repeat less";

/// Whether a pattern is found in a text, of which it sees the first 4 KiB.
pub fn is_found(pattern: &Regex, text: &str) -> bool {
    pattern.is_match(&text[..text.floor_char_boundary(PATTERN_INPUT_MAX)])
}

/// A message, folded once and compared with many phrases.
struct Typed<'t> {
    raw: &'t str,
    plain: String,
}

impl<'t> Typed<'t> {
    fn new(text: &'t str) -> Typed<'t> {
        Typed { raw: text.trim(), plain: plain(text) }
    }

    fn bare(&self) -> &str {
        bare(&self.plain)
    }

    /// What a folded phrase is looked for in: one of nothing but emoji would never be found where those are dropped.
    fn for_phrase(&self, phrase: &str) -> &str {
        if phrase.contains(is_letter) { self.bare() } else { &self.plain }
    }

    /// A pattern sees the text as typed and as folded, so that it need not think of accents, and may.
    fn has_pattern(&self, pattern: &Regex) -> bool {
        is_found(pattern, self.raw) || (self.bare() != self.raw && is_found(pattern, self.bare()))
    }

    /// Whether a folded phrase matches in this mode. Patterns are `has_pattern`'s.
    fn matches(&self, mode: MatchMode, phrase: &str) -> bool {
        let text = self.for_phrase(phrase);
        match mode {
            MatchMode::Exact => text == phrase,
            MatchMode::Word => has_words(text, phrase),
            MatchMode::Starts => text.starts_with(phrase),
            MatchMode::Contains => text.contains(phrase),
            MatchMode::Regex => false,
        }
    }
}

/// Whether `phrase` stands in `text` with no letter right beside a letter of its own.
fn has_words(text: &str, phrase: &str) -> bool {
    let apart = |one: Option<char>, other: Option<char>| !(one.is_some_and(is_letter) && other.is_some_and(is_letter));
    let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
    let mut from = 0;
    while let Some(found) = text[from..].find(phrase) {
        let at = from + found;
        let (before, after) = (text[..at].chars().next_back(), text[at + phrase.len()..].chars().next());
        if apart(before, first) && apart(last, after) {
            return true;
        }
        from = at + first.map_or(1, char::len_utf8);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_people_call_the_same_fold_to_one() {
        for (typed, folded) in [
            ("  Perché?! ", "perche"),
            ("LISTINO", "listino"),
            ("il   listino\n\tnuovo", "il listino nuovo"),
            ("dov’è il mio pacco", "dov'e il mio pacco"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("ﬁne", "fine"),
            ("ＯＫ", "ok"),
            ("👋 ciao! 😀", "ciao"),
            ("¿Cuánto cuesta?", "cuanto cuesta"),
            ("1️⃣", "1"),
            ("ΟΔΟΣ", "οδοσ"),
            ("zero\u{200b}width", "zerowidth"),
            ("un\u{1fef}altra", "un'altra"),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
    }

    #[test]
    fn a_text_of_emoji_alone_is_kept_and_its_shade_is_not() {
        assert_eq!(fold(" 👍 "), "👍");
        assert_eq!(fold("👍🏽"), "👍");
        assert_eq!(fold("❤️"), fold("❤"));
        assert_eq!(fold("???"), "???");
        assert_eq!(fold(" \u{200b} "), "");
    }

    #[test]
    fn vowel_signs_are_no_accents() {
        assert_ne!(fold("कि"), fold("का"));
        assert_eq!(fold("שָׁלוֹם"), fold("שלום"));
    }

    #[test]
    fn a_whole_word_is_not_part_of_another() {
        for (text, phrase, whole) in [
            ("il listino, grazie", "listino", true),
            ("listinone", "listino", false),
            ("prelistino e listino", "listino", true),
            ("ba a a", "a a", true),
            ("costa 50€", "50€", true),
            ("info", "info", true),
            ("informazioni", "info", false),
        ] {
            assert_eq!(Typed::new(text).matches(MatchMode::Word, &fold(phrase)), whole, "{phrase} in {text}");
        }
    }

    #[test]
    fn an_emoji_is_found_beside_words() {
        let typed = Typed::new("ok grazie 👍");
        assert!(typed.matches(MatchMode::Contains, "👍") && typed.matches(MatchMode::Word, "👍"));
        assert!(!typed.matches(MatchMode::Exact, "👍"));
    }

    #[test]
    fn a_pattern_that_cannot_be_used_says_why() {
        assert_eq!(pattern("(ciao").map(|_| ()), Err("unclosed group".to_owned()));
        assert_eq!(pattern(r"\w{500}").map(|_| ()), Err(TOO_LARGE.to_owned()));
        assert!(pattern(r"^[a-z0-9._+-]+@[a-z0-9.-]+\.[a-z]{2,}$").is_ok() && pattern(r"^\d{4,10}$").is_ok());
    }

    #[test]
    fn a_pattern_looks_at_four_kilobytes() {
        let late = format!("{}x", "é".repeat(PATTERN_INPUT_MAX / 2));
        let found = pattern("x").expect("a pattern");
        assert!(!is_found(&found, &late) && is_found(&found, &late[2..]));
    }

    #[test]
    fn keywords_share_a_scope_when_they_share_a_channel() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(scopes_meet(&list(&[]), &list(&["Negozio"])));
        assert!(scopes_meet(&list(&["negozio", "3"]), &list(&["Negozio"])));
        assert!(!scopes_meet(&list(&["Ufficio"]), &list(&["Negozio"])));
    }

    proptest! {
        // A case worth keeping is written above as a sentence, not into a file of seeds.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
