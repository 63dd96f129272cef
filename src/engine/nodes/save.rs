//! Save: fields, variables, tags, language and consent.

use crate::engine::text::{Place, fill_value};
use crate::engine::value::{Kept, kept};
use crate::engine::walk::{Outcome, Walk};
use crate::model::contact::{Consent, ConsentState};
use crate::model::node::{ConsentWord, Save};
use crate::model::value::Value;

/// Writes, and on.
pub fn visit(walk: &mut Walk<'_>, save: &Save) -> Outcome {
    let words = words(walk, save);
    for set in &save.set {
        let value = fill_value(&set.to, &walk.scope());
        walk.keep(&set.field, value);
    }
    for name in &save.clear {
        match kept(name) {
            Some(Kept::Run(name)) => walk.run.variables.remove(name),
            Some(Kept::Field(name)) => walk.contact.fields.remove(name),
            Some(Kept::Name) => walk.contact.name.take().map(Value::Text),
            None => None,
        };
    }
    for growth in &save.increment {
        let before = walk.scope().lookup(&growth.field).and_then(|value| value.number()).unwrap_or(0.0);
        walk.keep(&growth.field, Value::Number(before + growth.by));
    }
    for tag in filled(walk, &save.add_tags) {
        walk.contact.tags.insert(tag);
    }
    for tag in filled(walk, &save.remove_tags) {
        walk.contact.tags.remove(&tag);
    }
    if let Some(language) = &save.language {
        let language = walk.filled(language, Place::Plain).trim().to_lowercase();
        walk.contact.language = (!language.is_empty()).then_some(language);
    }
    if let Some(word) = save.consent {
        walk.contact.consent = consent(walk, word);
    }
    Outcome::on("next", words)
}

fn consent(walk: &Walk<'_>, word: ConsentWord) -> Consent {
    let state = match word {
        ConsentWord::OptedIn => ConsentState::OptedIn,
        ConsentWord::OptedOut => ConsentState::OptedOut,
    };
    Consent { state, at: Some(walk.now), how: "flow".to_owned(), words: walk.flow.name.clone() }
}

fn filled(walk: &Walk<'_>, written: &[String]) -> Vec<String> {
    let tags = written.iter().map(|tag| walk.filled(tag, Place::Plain).trim().to_owned());
    tags.filter(|tag| !tag.is_empty()).collect()
}

/// What is written, as `contact.fields.interest = booking, +lead`.
pub fn words(walk: &Walk<'_>, save: &Save) -> String {
    let scope = walk.scope();
    let set = save.set.iter().map(|set| format!("{} = {}", set.field, fill_value(&set.to, &scope)));
    let cleared = save.clear.iter().map(|name| format!("{name} cleared"));
    let grown = save.increment.iter().map(|growth| format!("{} {:+}", growth.field, growth.by));
    let added = save.add_tags.iter().map(|tag| format!("+{tag}"));
    let removed = save.remove_tags.iter().map(|tag| format!("-{tag}"));
    let language = save.language.iter().map(|language| format!("language {language}"));
    let consent = save.consent.iter().map(|word| match word {
        ConsentWord::OptedIn => "opted in".to_owned(),
        ConsentWord::OptedOut => "opted out".to_owned(),
    });
    let all: Vec<String> = set.chain(cleared).chain(grown).chain(added).chain(removed).chain(language).chain(consent).collect();
    all.join(", ")
}
