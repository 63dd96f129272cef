//! Reads the paths out of Rust text: every `a::b::c`, with the groups of `use` lines unfolded. Knows nothing of floors.

/// A path by its segments; a lone name is a path of one, but `use name` reads as `name::self`.
pub type Path = Vec<String>;

/// Every path of `text` outside comments. Inside a text in quotes only `crate::…` counts: attributes name modules that way.
pub fn paths(text: &str) -> Vec<Path> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == "use" && tokens.get(at + 1).is_some_and(|next| next != "<") {
            at = tree(&tokens, at + 1, &[], &mut found);
        } else if is_name(&tokens[at]) {
            let mut path = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|t| t == "::") && tokens.get(at + 2).is_some_and(|t| is_name(t)) {
                path.push(tokens[at + 2].clone());
                at += 2;
            }
            found.push(path);
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one tree of a `use` line into `found` and says where it ended.
fn tree(tokens: &[String], mut at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|t| t != "}") {
                    let end = tree(tokens, at, &path, found);
                    at = if end == at || tokens.get(end).is_some_and(|t| t == ",") { end + 1 } else { end };
                }
                return at + 1;
            }
            "as" => at += 2,
            "self" if path.len() > prefix.len() || !prefix.is_empty() => at += 1,
            name if is_name(name) || name == "*" => {
                path.push(token.clone());
                at += 1;
            }
            _ => break,
        }
    }
    match path.len() {
        0 => return at + 1,
        1 => path.push("self".to_owned()),
        _ => {}
    }
    found.push(path);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single signs, without comments, numbers' meaning, characters and texts.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = if rest.starts_with("//") {
            rest.find('\n').map_or("", |end| &rest[end..])
        } else if rest.starts_with("/*") {
            after_block(rest)
        } else if let Some((inside, after)) = quoted(rest) {
            if inside.contains("crate::") {
                tokens.extend(self::tokens(inside));
            }
            after
        } else if first == '\'' {
            after_character(rest)
        } else if let Some(after) = rest.strip_prefix("::") {
            tokens.push("::".to_owned());
            after
        } else if first.is_alphanumeric() || first == '_' {
            let rest = rest.strip_prefix("r#").unwrap_or(rest);
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            &rest[end..]
        } else {
            // A macro's `$crate` is the crate, and its `$name` some name.
            if !first.is_whitespace() && first != '$' {
                tokens.push(first.to_string());
            }
            &rest[first.len_utf8()..]
        };
    }
    tokens
}

/// What follows a block comment; they nest.
fn after_block(text: &str) -> &str {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (1, 2),
            [b'*', b'/', ..] => (-1, 2),
            _ => (0, 1),
        };
        depth += step.0;
        at += step.1;
        if depth == 0 {
            return &text[at..];
        }
    }
    ""
}

/// The inside of a text in quotes, plain or raw, that begins here, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let bare = text.strip_prefix(['b', 'c']).unwrap_or(text);
    if let Some(raw) = bare.strip_prefix('r') {
        let inside = raw.trim_start_matches('#');
        let close = format!("\"{}", "#".repeat(raw.len() - inside.len()));
        let inside = inside.strip_prefix('"')?;
        let end = inside.find(&close)?;
        return Some((&inside[..end], &inside[end + close.len()..]));
    }
    let inside = bare.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some((&inside[..end], &inside[end + 1..]))
}

/// What follows a character in single quotes, or the quote of a lifetime.
fn after_character(text: &str) -> &str {
    let inside = &text[1..];
    let mut letters = inside.chars();
    match (letters.next(), letters.next()) {
        (Some('\\'), Some(escaped)) => {
            let past = 1 + escaped.len_utf8();
            inside[past..].find('\'').map_or("", |end| &inside[past + end + 1..])
        }
        (Some(letter), Some('\'')) => &inside[letter.len_utf8() + 1..],
        _ => inside,
    }
}

#[cfg(test)]
mod tests {
    use super::paths;

    fn shown(text: &str) -> Vec<String> {
        paths(text).iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn groups_of_a_use_line_are_unfolded() {
        assert_eq!(
            shown("pub use crate::{base::{id::RunId, time::{self, Time as T}}, model::*, };"),
            ["pub", "crate::base::id::RunId", "crate::base::time", "crate::base::time::Time", "crate::model::*"]
        );
        assert_eq!(shown("use self::x; use super::{y, z};"), ["self::x", "super::y", "super::z"]);
        assert_eq!(shown("use ::redb::Key; use redb;"), ["redb::Key", "redb::self"]);
    }

    #[test]
    fn a_use_line_inside_a_macro_is_read_to_its_end() {
        assert_eq!(shown("use $crate::{$name, base::id};"), ["crate::name", "crate::base::id"]);
        assert!(shown("use crate::{#, x};").contains(&"crate::x".to_owned()));
    }

    #[test]
    fn paths_inside_code_are_read() {
        assert_eq!(shown("let x = crate::store::open::<u8>(a);"), ["let", "x", "crate::store::open", "u8", "a"]);
        assert_eq!(shown("fn f<'a>() -> impl Sized + use<'a> {}"), ["fn", "f", "a", "impl", "Sized", "use", "a"]);
        assert_eq!(shown("r#type::x"), ["type::x"]);
    }

    #[test]
    fn comments_characters_and_texts_hold_no_paths() {
        for text in [
            "// crate::web\n",
            "/* a /* crate::web */ crate::web */",
            "/// [`crate::web::x`]",
            r#" "redb::Database \" redb::x" "#,
            r##" r#"redb::x " redb::y"# "##,
            r#" b"redb::x" '"' '\'' '\u{1F600}' "#,
        ] {
            assert_eq!(shown(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_module_named_in_an_attribute_is_a_path() {
        assert_eq!(shown("#[serde(with = \"crate::web::form\")]"), ["serde", "with", "crate::web::form"]);
    }
}
