//! No sentence of the lower floors reaches a page untranslated: every one that stands in their sources is known to `model::reason`, which
//! the panel reads it back by.

use flusso::model::reason::{Reason, WhatsappReason};
use std::fs;
use std::path::{Path, PathBuf};

/// Sentences that no page shows: what the log, a command or a provider is told.
const NOT_SHOWN: &[&str] =
    &["Bearer ", "All right, we will not write", "Va bene, non ti scriveremo", "Bentornato!", "Welcome back!", "ERROR", "WARN"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The literals of a source file, without its comments, its tests and what goes to the log.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let kept = |line: &&str| !["//", "#[expect", "tracing::"].iter().any(|start| line.trim_start().starts_with(start));
    let mut code: String = code.lines().filter(kept).collect::<Vec<_>>().join("\n");
    code = code.replace("'\"'", "' '").replace("b'\"'", "' '").replace("(r\"", "(\"");
    let (mut found, mut chars, mut inside) = (Vec::new(), code.chars().peekable(), None::<String>);
    while let Some(c) = chars.next() {
        match (&mut inside, c) {
            (None, '"') => inside = Some(String::new()),
            (None, _) => {}
            (Some(_), '"') => found.extend(inside.take()),
            (Some(text), '\\') => match chars.next() {
                Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                Some(c) => text.push(c),
                None => {}
            },
            (Some(text), c) => text.push(c),
        }
    }
    found
}

/// The literal as it may come out: holes filled.
fn filled(literal: &str) -> String {
    let mut out = String::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}').unwrap_or(("", ""));
        out.push_str(before);
        out.push('7');
        rest = after;
    }
    out + rest
}

fn is_known(text: &str) -> bool {
    Reason::read(text).is_some() || WhatsappReason::read(text).is_some_and(|(ours, _)| ours > 4)
}

#[test]
fn every_sentence_of_the_lower_floors_is_known_to_the_panel() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for folder in ["engine", "executor", "provider", "web/panel"] {
        sources(&root.join(folder), &mut files);
    }
    let mut unknown = Vec::new();
    for file in files.iter().filter(|file| !file.to_string_lossy().contains("engine/talk")) {
        let source = fs::read_to_string(file).expect("a source file");
        for literal in literals(&source) {
            let text = filled(&literal);
            let is_sentence = text.starts_with(|c: char| c.is_uppercase() || c == '"' || c == '7')
                && text.ends_with(['.', '?'])
                && text.split_whitespace().count() >= 3;
            if is_sentence && !is_known(&text) && !NOT_SHOWN.iter().any(|start| literal.starts_with(start)) {
                unknown.push(format!("{}: {literal}", file.strip_prefix(&root).unwrap_or(file).display()));
            }
        }
    }
    assert!(unknown.is_empty(), "add these to src/model/reason, and their Italian to src/web/words/reasons:\n{}", unknown.join("\n"));
}
