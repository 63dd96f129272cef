//! Variables in texts: `{{ name }}` and `{{ name | default: "x" }}`, filled in one pass. A value is never read as a template.

use super::value::Scope;
use crate::model::secret_name;
use crate::model::value::Value;
use std::fmt::Write;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// These very words.
    Words(&'t str),
    /// The value of this name.
    Name {
        /// The name, as `contact.name`.
        name: &'t str,
        /// What stands where the value is missing or empty.
        default: Option<String>,
        /// The piece as it was written.
        written: &'t str,
    },
}

/// A text whose variables cannot be read, with the reason in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadTemplate(pub String);

/// Where a text goes, which decides how its values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To a person: points in time are written as people read them.
    Person,
    /// To a program or a field, as it is.
    Plain,
    /// Inside a JSON string.
    Json,
    /// Into an address or a form: everything but letters, digits and `-._~` is percent-encoded (RFC 3986, 2.3). A value at the very
    /// start of an address is the address itself and keeps its signs.
    Url,
    /// Into a header: no line ends, no control characters.
    Header,
}

/// Takes a text apart.
pub fn read(text: &str) -> Result<Vec<Piece<'_>>, BadTemplate> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        if open > 0 {
            pieces.push(Piece::Words(&rest[..open]));
        }
        let (piece, after) = read_name(&rest[open..])?;
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    Ok(pieces)
}

/// Reads one `{{ … }}` at the start of `text`; returns it and what follows.
fn read_name(text: &str) -> Result<(Piece<'_>, &str), BadTemplate> {
    let inner = &text[2..];
    let end = inner.find(['|', '}', '{', '\n']).ok_or_else(|| BadTemplate("the closing }} is missing".to_owned()))?;
    let name = inner[..end].trim();
    if name.is_empty() {
        return Err(BadTemplate("the name is missing".to_owned()));
    }
    let mut rest = &inner[end..];
    let mut default = None;
    if let Some(filter) = rest.strip_prefix('|') {
        let (words, after) = read_default(filter)?;
        default = Some(words);
        rest = after.trim_start();
    }
    let after = rest.strip_prefix("}}").ok_or_else(|| BadTemplate("the closing }} is missing".to_owned()))?;
    Ok((Piece::Name { name, default, written: &text[..text.len() - after.len()] }, after))
}

/// Reads `default: "x"`; returns the words and what follows.
fn read_default(filter: &str) -> Result<(String, &str), BadTemplate> {
    let wrong = || BadTemplate("after the bar comes default: \"words\"".to_owned());
    let value = filter.trim_start().strip_prefix("default").ok_or_else(wrong)?;
    let value = value.trim_start().strip_prefix(':').ok_or_else(wrong)?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(wrong)?;
    let mut words = String::new();
    let mut signs = value.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => words.extend(signs.next().map(|(_, next)| next)),
            _ if sign == quote => return Ok((words, &value[at + 1..])),
            _ => words.push(sign),
        }
    }
    Err(BadTemplate("the quotation mark is not closed".to_owned()))
}

/// The names used in a text, in order; none where it cannot be read.
pub fn names(text: &str) -> Vec<&str> {
    let pieces = read(text).unwrap_or_default();
    let named = pieces.into_iter().filter_map(|piece| match piece {
        Piece::Name { name, .. } => Some(name),
        Piece::Words(_) => None,
    });
    named.collect()
}

/// The text with its values in place. An unknown name is empty, and for a person the space that led to an empty value goes with it; a
/// text that cannot be read stays as it is.
pub fn fill(text: &str, scope: &Scope<'_>, place: Place) -> String {
    let Ok(pieces) = read(text) else { return text.to_owned() };
    let mut filled = String::with_capacity(text.len());
    let mut is_gap = false;
    for piece in pieces {
        match piece {
            Piece::Words(words) => {
                let words = if is_gap { closed(&mut filled, words) } else { words };
                filled.push_str(words);
                is_gap = false;
            }
            Piece::Name { name, written, .. } if scope.is_unknown(name) => {
                filled.push_str(written);
                is_gap = false;
            }
            Piece::Name { name, default, .. } => {
                let words = shown(scope, name, place).filter(|words| !words.is_empty()).or(default).unwrap_or_default();
                is_gap = place == Place::Person && words.is_empty();
                put(&mut filled, &words.replace(secret_name::SIGN, ""), place);
            }
        }
    }
    if is_gap {
        closed(&mut filled, "");
    }
    filled
}

/// Closes the gap that an empty value leaves, so that `Hi {{ contact.name }}, welcome` reads `Hi, welcome` and
/// `Hi, {{ contact.name }}!` reads `Hi!`. Gives what follows it.
fn closed<'w>(filled: &mut String, words: &'w str) -> &'w str {
    if filled.is_empty() || filled.ends_with('\n') {
        let rest = words.strip_prefix(", ").filter(|rest| rest.starts_with(char::is_alphabetic));
        return rest.or_else(|| words.strip_prefix(' ')).unwrap_or(words);
    }
    let next = words.chars().next();
    let is_end = next.is_none_or(|next| next == '\n' || ",.;:!?)…".contains(next));
    if filled.ends_with(' ') && (is_end || next.is_some_and(char::is_whitespace)) {
        filled.pop();
        if is_end && filled.ends_with(',') {
            filled.pop();
        }
    }
    words
}

/// What a written value says: where it is one name and nothing else, the value of that name with its type; a filled text otherwise.
pub fn fill_value(value: &Value, scope: &Scope<'_>) -> Value {
    match value {
        Value::Text(text) => {
            let alone = match read(text).as_deref() {
                Ok([Piece::Name { name, .. }]) => scope.lookup(name),
                _ => None,
            };
            alone.unwrap_or_else(|| Value::text(fill(text, scope, Place::Plain)))
        }
        Value::List(items) => Value::List(items.iter().map(|item| fill_value(item, scope)).collect()),
        other => other.clone(),
    }
}

fn shown(scope: &Scope<'_>, name: &str, place: Place) -> Option<String> {
    match (place, name) {
        (Place::Person, "now") => Some(scope.wall(scope.now)),
        (Place::Person, "business_hours.next_opening") => scope.next_opening().map(|at| scope.wall(at)),
        (Place::Person, _) => scope.lookup(name).map(|value| scope.spoken(&value)),
        _ => scope.lookup(name).map(|value| value.to_string()),
    }
}

fn put(filled: &mut String, words: &str, place: Place) {
    match place {
        Place::Person | Place::Plain => filled.push_str(words),
        Place::Json => {
            let quoted = serde_json::Value::from(words).to_string();
            filled.push_str(&quoted[1..quoted.len() - 1]);
        }
        Place::Url => put_encoded(filled, words, if filled.is_empty() { "-._~:/?#[]@!$&'()*+,;=%" } else { "-._~" }),
        Place::Header => filled.extend(words.chars().filter(|c| !c.is_control())),
    }
}

/// Adds words with everything but letters, digits and the signs of `kept` percent-encoded.
fn put_encoded(filled: &mut String, words: &str, kept: &str) {
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            filled.push(char::from(byte));
        } else {
            let _ = write!(filled, "%{byte:02X}");
        }
    }
}

/// Words as one part of a query or form (RFC 3986, 2.3).
pub fn encoded(words: &str) -> String {
    let mut filled = String::with_capacity(words.len());
    put_encoded(&mut filled, words, "-._~");
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::value::tests::with_scope;

    fn filled(text: &str, city: &str, place: Place) -> String {
        with_scope(&[("city", city)], |scope| fill(text, scope, place))
    }

    #[test]
    fn a_name_becomes_its_value_and_an_unknown_one_nothing() {
        assert_eq!(filled("a {{ run.city }}, {{run.city}}{{ run.none }}.", "Roma", Place::Person), "a Roma, Roma.");
    }

    #[test]
    fn an_empty_value_takes_the_space_before_it_along_where_a_person_reads() {
        for (text, read) in [
            ("Ciao {{ run.none }}, che piacere", "Ciao, che piacere"),
            ("Ciao {{ run.none }}!", "Ciao!"),
            ("Ciao, {{ run.none }}!", "Ciao!"),
            ("Ciao, {{ run.none }} come va", "Ciao, come va"),
            ("Grazie {{ run.none }} di tutto", "Grazie di tutto"),
            ("A presto {{ run.none | default: \"\" }}\nIl negozio", "A presto\nIl negozio"),
            ("A presto {{ run.none }}", "A presto"),
            ("{{ run.none }}, ci sei?", "ci sei?"),
            ("{{ run.none }} ci sei?", "ci sei?"),
            ("({{ run.none }}) {{ run.none }}{{ run.city }}, {{ run.city }}", "() Roma, Roma"),
        ] {
            assert_eq!(filled(text, "Roma", Place::Person), read, "{text}");
        }
        assert_eq!(filled("a {{ run.none }}, b", "Roma", Place::Plain), "a , b");
    }

    #[test]
    fn a_default_stands_where_the_value_is_missing_or_empty() {
        assert_eq!(filled("{{ run.none | default: \"e \\\"tu\\\" }}\" }}!", "", Place::Person), "e \"tu\" }}!");
        assert_eq!(filled("{{ run.city|default:'qui' }}", "", Place::Person), "qui");
        assert_eq!(filled("{{ run.city | default: \"qui\" }}", "Roma", Place::Person), "Roma");
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        assert_eq!(filled("{{ run.city }}", "{{ run.city }} }} {{", Place::Person), "{{ run.city }} }} {{");
    }

    #[test]
    fn a_value_is_escaped_for_its_place() {
        let nasty = "a\"b\\c\r\nX: 1&d=e/../é";
        assert_eq!(filled("{\"x\":\"{{ run.city }}\"}", nasty, Place::Json), "{\"x\":\"a\\\"b\\\\c\\r\\nX: 1&d=e/../é\"}");
        assert_eq!(filled("/q?a={{ run.city }}", nasty, Place::Url), "/q?a=a%22b%5Cc%0D%0AX%3A%201%26d%3De%2F..%2F%C3%A9");
        assert_eq!(filled("A {{ run.city }}", nasty, Place::Header), "A a\"b\\cX: 1&d=e/../é");
        assert_eq!(filled("{{ run.city }}/x", "https://a.example/ b", Place::Url), "https://a.example/%20b/x");
    }

    #[test]
    fn what_cannot_be_read_is_told_and_left_alone() {
        for bad in ["{{ run.x", "{{ }}", "{{ run.x | upper }}", "{{ run.x | default: x }}", "{{ run.x | default: \"x }}", "{{ run.x }"] {
            assert!(read(bad).is_err(), "{bad}");
            assert_eq!(filled(bad, "Roma", Place::Person), bad);
        }
    }

    #[test]
    fn the_names_of_a_text_are_listed() {
        assert_eq!(
            names("{{ contact.name }} {{ flows.Due parole.state | default: \"{{ x }}\" }}"),
            ["contact.name", "flows.Due parole.state"]
        );
    }
}
