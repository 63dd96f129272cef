//! Takes tokens and phone numbers out of a provider's words before they are stored or shown (SEC-18).

/// Characters of a provider's words that are kept.
const KEPT_CHARS_MAX: usize = 300;
/// Digits from which a number may be somebody's: codes of errors have six.
const PHONE_DIGITS_MIN: usize = 7;
/// Letters and digits in one piece from which a word may be a token.
const TOKEN_CHARS_MIN: usize = 20;
const DOTS: &str = "•••••";

/// A provider's words on one line, cut, with dots in place of what looks like a token or a phone number.
pub fn redacted(text: &str) -> String {
    let line: String = text.chars().take(4 * KEPT_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let shown: String = numbers(&tokens(line.trim())).chars().take(KEPT_CHARS_MAX).collect();
    shown.trim_end_matches('.').to_owned()
}

fn tokens(text: &str) -> String {
    let of_word = |c: char| c.is_ascii_alphanumeric() || "_-|".contains(c);
    pieces(text, of_word, |word| {
        let mixed = word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic());
        word.len() >= TOKEN_CHARS_MIN && (mixed || word.starts_with("EAA"))
    })
}

fn numbers(text: &str) -> String {
    let of_number = |c: char| c.is_ascii_digit() || "+-() ".contains(c);
    pieces(text, of_number, |run| run.bytes().filter(u8::is_ascii_digit).count() >= PHONE_DIGITS_MIN)
}

/// `text` with dots in place of each longest run of `part` characters that `hide` names; the spaces around it stay.
fn pieces(text: &str, part: impl Fn(char) -> bool, hide: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inside = part(first);
        let end = rest.find(|c| part(c) != inside).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if inside && hide(run) {
            let bare = run.trim();
            out.push_str(&run.replacen(bare, DOTS, 1));
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_phone_numbers_become_dots_and_codes_stay() {
        for (raw, shown) in [
            ("Error validating access token EAAGm0PX4ZCpsBAKZCjZB12: expired", "Error validating access token •••••: expired"),
            ("Recipient +39 333 123-4567 is not allowed (131030)", "Recipient ••••• is not allowed (131030)"),
            ("393331234567", DOTS),
            ("access_token=EAAabcdefghijklmnopqrstuv", "access_token=•••••"),
            ("two\nlines.", "two lines"),
            ("OAuthException in IncompatibleParameterTypes", "OAuthException in IncompatibleParameterTypes"),
        ] {
            assert_eq!(redacted(raw), shown);
        }
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(redacted(&"parola ".repeat(1000)).chars().count(), KEPT_CHARS_MAX);
    }
}
