//! Texts made alike for comparison: letter case, accents and outer punctuation do not set two texts apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in small letters without accents, trimmed: `Perché ` is `perche`.
pub fn fold(text: &str) -> String {
    text.trim().nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The same, without punctuation and emoji around it: `«Prezzi!» 🙏` is `prezzi`.
pub fn bare(text: &str) -> String {
    fold(text).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_outer_signs_do_not_matter() {
        assert_eq!(fold(" Perché NO "), "perche no");
        assert_eq!(bare("«Prezzi!» 🙏"), "prezzi");
        assert_eq!(bare("1."), "1");
    }
}
