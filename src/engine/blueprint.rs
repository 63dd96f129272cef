//! The blanks of a blueprint: `{{ ask.X }}` becomes what the owner answered, or what stands there by default.

pub mod asked;

use super::keyword::identity;
use super::talk::{self, Library};
use super::text::{self, Piece};
use crate::model::document;
use crate::model::flow::Flow;
use crate::model::node::{NodeId, NodeKind, Text};
use crate::model::problem::Problem;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// What was answered, by the ids of the questions. A question without an answer takes its default.
pub type Answers = BTreeMap<String, Text>;

/// The flow with its blanks filled, as it is added. `language` is that of a text that is the same for everybody.
///
/// A question without answer and default leaves its place empty, and what cannot be without it is left out: a file, a word to start
/// by, a person to tell. The talks are played anew, since they say the answers too.
pub fn fill(flow: &Flow, answers: &Answers, language: &str) -> Result<Flow, Vec<Problem>> {
    let given = |id: &str| {
        let question = flow.questions.iter().find(|question| question.id == id);
        answers.get(id).or(question?.default.as_ref())
    };
    let mut document = document::write(flow);
    if let Some(nodes) = document.get_mut("nodes") {
        put(nodes, &given, language);
    }
    let mut filled = document::read(&document)?;
    filled.questions.clear();
    leave_out(&mut filled);
    play_anew(&mut filled);
    Ok(filled)
}

/// Fills every text of a piece of JSON. In a text that has one wording for each language, each takes the answer in its own.
fn put<'a>(json: &mut Value, given: &impl Fn(&str) -> Option<&'a Text>, language: &str) {
    match json {
        Value::String(text) => *text = filled(text, given, language),
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, given, language)),
        Value::Object(members) => {
            let by_language = members.iter().all(|(name, value)| name.len() == 2 && value.is_string());
            for (name, value) in members.iter_mut() {
                put(value, given, if by_language { name } else { language });
            }
        }
        _ => {}
    }
}

fn filled<'a>(text: &str, given: &impl Fn(&str) -> Option<&'a Text>, language: &str) -> String {
    let Ok(pieces) = text::read(text) else { return text.to_owned() };
    let (mut said, mut answered) = (String::new(), false);
    for piece in pieces {
        match piece {
            Piece::Words(words) if answered => join(&mut said, words),
            Piece::Words(words) => said.push_str(words),
            Piece::Name { name, default, written } => match name.strip_prefix("ask.") {
                Some(blank) => {
                    let answer = given(blank).map(|answer| answer.in_language(&[language]).to_owned());
                    said.push_str(&answer.or(default).unwrap_or_default());
                    answered = true;
                    continue;
                }
                None => said.push_str(written),
            },
        }
        answered = false;
    }
    said
}

/// Puts the words of a text after an answer: one mark stands between them, whoever wrote it.
fn join(said: &mut String, words: &str) {
    let goes_on = words.starts_with(['.', ',', ';', ':', '!', '?']) && !words.starts_with("..");
    let rest = match said.chars().next_back() {
        Some('.') if goes_on && !said.ends_with("..") => {
            said.pop();
            words
        }
        Some('!' | '?' | '…' | '.') if goes_on => words.strip_prefix('.').unwrap_or(words),
        _ => words,
    };
    said.push_str(rest);
}

/// Takes out what an empty blank leaves without sense. A word that stands twice stands once.
fn leave_out(flow: &mut Flow) {
    let mut seen = HashSet::new();
    let is_blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    for node in &mut flow.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) => {
                let first = |phrase: &crate::model::node::Phrase| seen.insert((phrase.r#match, identity(phrase)));
                keyword.phrases.retain(|phrase| !phrase.text.trim().is_empty());
                let mut first = first;
                keyword.phrases.retain(|phrase| first(phrase));
            }
            NodeKind::Message(message) => message.attachments.retain(|file| !is_blank(&file.file) && !is_blank(&file.url)),
            NodeKind::Handover(handover) => handover.notify = handover.notify.take().filter(|to| !to.trim().is_empty()),
            _ => {}
        }
    }
    let tells_nobody = |kind: &NodeKind| matches!(kind, NodeKind::Notify(notify) if notify.to.trim().is_empty());
    while let Some(at) = flow.nodes.iter().position(|node| tells_nobody(&node.kind)) {
        let gone = flow.nodes.remove(at);
        lead_past(flow, &gone.id, gone.exit("next"));
    }
}

/// What led to a node leads on to where that led.
fn lead_past(flow: &mut Flow, gone: &NodeId, next: Option<&NodeId>) {
    let exits = flow.nodes.iter_mut().flat_map(|node| node.exits.values_mut());
    for to in exits.chain([&mut flow.start]).filter(|to| to.as_ref() == Some(gone)) {
        *to = next.cloned();
    }
}

/// The messages whose file is a blank that nobody filled: the file is left out of them.
pub fn without_file(flow: &Flow, answers: &Answers) -> Vec<NodeId> {
    let open = |id: &str| {
        let asked = flow.questions.iter().find(|question| question.id == id);
        !answers.contains_key(id) && asked.is_none_or(|question| question.default.is_none())
    };
    let lacks = |file: &Option<String>| {
        let blank = file.as_deref().and_then(|file| text::names(file).into_iter().find_map(|name| name.strip_prefix("ask.")));
        blank.is_some_and(open)
    };
    let message = |kind: &NodeKind| matches!(kind, NodeKind::Message(message) if message.attachments.iter().any(|it| lacks(&it.file)));
    flow.nodes.iter().filter(|node| message(&node.kind)).map(|node| node.id.clone()).collect()
}

fn play_anew(flow: &mut Flow) {
    let bare = flow.clone();
    let library =
        Library { flow: Some(&bare), load: &|path| Err(format!("{path}: a talk of a flow plays that flow")), trigger: &talk::own_trigger };
    for talk in &mut flow.talks {
        if let Ok(script) = talk::play(&talk.script, &library) {
            talk.script = script;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn blueprint() -> Flow {
        let document = json!({
            "flusso": 1, "name": "Prova",
            "questions": [
                {"id": "word", "label": "Word", "kind": "word", "default": "info"},
                {"id": "hours", "label": "Hours", "kind": "text", "default": {"it": "9-13", "en": "9 to 13"}},
                {"id": "file", "label": "File", "kind": "file"},
                {"id": "staff", "label": "Staff", "kind": "text"}
            ],
            "talks": [{"name": "t", "script": "contact language en\n> keyword \"info\"\n< send \"old\"\n"}],
            "nodes": [
                {"id": "k", "kind": "keyword", "phrases": [{"text": "info", "match": "word"}, {"text": "{{ ask.word }}", "match": "word"}], "exits": {"next": "n"}},
                {"id": "n", "kind": "notify", "text": "!", "to": "{{ ask.staff }}", "exits": {"next": "m"}},
                {"id": "m", "kind": "message", "text": {"it": "{{ contact.name }}: {{ ask.hours }}", "en": "Open {{ ask.hours }}"},
                 "attachments": [{"kind": "document", "file": "{{ ask.file }}"}], "exits": {"next": "h"}},
                {"id": "h", "kind": "handover", "notify": "{{ ask.staff }}"}
            ]
        });
        document::read(&document).expect("a blueprint")
    }

    fn said(flow: &Flow, language: &str) -> String {
        match &flow.node(&NodeId("m".to_owned())).expect("a node").kind {
            NodeKind::Message(message) => message.text.in_language(&[language]).to_owned(),
            _ => panic!("no message"),
        }
    }

    #[test]
    fn a_blank_takes_its_default_in_each_language_and_other_names_stay() {
        let flow = fill(&blueprint(), &Answers::new(), "it").expect("a flow");
        assert_eq!(said(&flow, "it"), "{{ contact.name }}: 9-13");
        assert_eq!(said(&flow, "en"), "Open 9 to 13");
        assert!(flow.questions.is_empty());
    }

    #[test]
    fn what_nobody_answered_is_left_out_and_the_way_leads_past_it() {
        let flow = fill(&blueprint(), &Answers::new(), "it").expect("a flow");
        let text = document::write(&flow).to_string();
        assert!(!text.contains("notify") && !text.contains("attachments") && !text.contains("ask."), "{text}");
        assert_eq!(text.matches("\"match\"").count(), 1, "the same word stands once: {text}");
        assert_eq!(flow.node(&NodeId("k".to_owned())).and_then(|node| node.exit("next")), Some(&NodeId("m".to_owned())));
    }

    #[test]
    fn an_answer_that_ends_with_a_mark_leaves_one_mark_where_the_text_has_another() {
        let said = |text: &str, answer: &str| {
            let answer = Text::Plain(answer.to_owned());
            filled(text, &|_| Some(&answer), "it")
        };
        assert_eq!(said("Siamo aperti {{ ask.hours }}. Vieni!", "dalle 9 alle 13."), "Siamo aperti dalle 9 alle 13. Vieni!");
        assert_eq!(said("{{ ask.hours }}, {{ contact.name }}.", "Dalle 9."), "Dalle 9, {{ contact.name }}.");
        assert_eq!(said("{{ ask.place }}! Ciao", "via Roma 1."), "via Roma 1! Ciao");
        for (text, answer, whole) in [
            ("{{ ask.x }}.", "Sempre!", "Sempre!"),
            ("{{ ask.x }}.", "E poi...", "E poi..."),
            ("{{ ask.x }} e basta.", "Così.", "Così. e basta."),
            ("{{ ask.x }}.{{ contact.name }}.", "Così.", "Così.{{ contact.name }}."),
            ("{{ ask.x }}", "Così.", "Così."),
        ] {
            assert_eq!(said(text, answer), whole);
        }
    }

    #[test]
    fn an_answer_wins_and_the_talk_says_it() {
        let answers: Answers = [("hours", "always"), ("staff", "393330000000"), ("file", "7")]
            .map(|(id, text)| (id.to_owned(), Text::Plain(text.to_owned())))
            .into();
        let flow = fill(&blueprint(), &answers, "it").expect("a flow");
        let script = &flow.talks[0].script;
        assert!(
            script.contains("< send \"Open always\"") && script.contains("< notify 393330000000")
                || script.contains("< notify \"393330000000\""),
            "{script}"
        );
        assert!(!script.contains("old"));
    }
}
