//! What somebody typed into the questions of a blueprint, read and checked.

use super::Answers;
use crate::engine::keyword::fold;
use crate::engine::staff::{self, Told};
use crate::model::flow::{Question, QuestionKind};
use crate::model::node::Text;
use crate::model::settings::Settings;
use crate::model::value::Value;
use chrono::{NaiveDateTime, NaiveTime};
use std::collections::BTreeMap;

/// Characters of an answer at most.
pub const ANSWER_CHARS_MAX: usize = 500;
/// Characters of a word that starts a flow, at most.
pub const WORD_CHARS_MAX: usize = 60;
/// How an answer writes a date and a time.
pub const DATE_TIME: &str = "%Y-%m-%dT%H:%M";

/// What is wrong with an answer. The English words are its `Display`; the panel has a sentence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// The flow makes no sense without it.
    #[error("it is missing")]
    Missing,
    /// It has more characters than this.
    #[error("it has more than {0} characters")]
    TooLong(usize),
    /// It has braces, which would be read as a variable.
    #[error("it has double braces")]
    Braces,
    /// It is no address that starts with http:// or https://.
    #[error("it is no web address")]
    NotAUrl,
    /// It is no word somebody could write.
    #[error("it is no word")]
    NotAWord,
    /// Who writes it is unsubscribed.
    #[error("who writes it is unsubscribed")]
    StopWord,
    /// It is no pair of times, as 09:00-18:00.
    #[error("it is no pair of times, as 09:00-18:00")]
    NotATimeRange,
    /// It is no date with a time.
    #[error("it is no date with a time, as 2026-12-12T18:00")]
    NotADate,
    /// It is no number, or one below nought.
    #[error("it is no number")]
    NotANumber,
    /// It is nobody who can be told: no number with its country, no web address, no channel with an address.
    #[error("it is neither a number with its country, nor a web address, nor a channel with an address")]
    NotStaff,
}

/// Reads what was typed, `given` by the ids of the questions. What stands there by default keeps its wording in every language; a question
/// with nothing by default may stay open, and one with something may not be emptied.
pub fn read_answers(
    questions: &[Question],
    given: impl Fn(&str) -> String,
    language: &str,
    settings: &Settings,
) -> Result<Answers, BTreeMap<String, AnswerFault>> {
    let (mut answers, mut faults) = (Answers::new(), BTreeMap::new());
    for question in questions {
        let typed = given(&question.id).replace("\r\n", "\n").trim().to_owned();
        let default = question.default.as_ref();
        if typed.is_empty() {
            if default.is_some() {
                faults.insert(question.id.clone(), AnswerFault::Missing);
            }
        } else if default.is_none_or(|default| default.in_language(&[language]) != typed) {
            match answer_fault(question.kind, &typed, settings) {
                Some(fault) => {
                    faults.insert(question.id.clone(), fault);
                }
                None => {
                    answers.insert(question.id.clone(), Text::Plain(typed));
                }
            }
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

/// What is wrong with a word that is to start a flow.
pub fn word_fault(typed: &str, settings: &Settings) -> Option<AnswerFault> {
    answer_fault(QuestionKind::Word, typed.trim(), settings)
}

/// What is wrong with an answer of this kind, outer space dropped.
pub fn answer_fault(kind: QuestionKind, typed: &str, settings: &Settings) -> Option<AnswerFault> {
    let most = if kind == QuestionKind::Word { WORD_CHARS_MAX } else { ANSWER_CHARS_MAX };
    if typed.chars().count() > most {
        return Some(AnswerFault::TooLong(most));
    }
    if typed.contains("{{") || typed.contains("}}") {
        return Some(AnswerFault::Braces);
    }
    let bad = |is_good: bool, fault: AnswerFault| (!is_good).then_some(fault);
    match kind {
        QuestionKind::Text => None,
        QuestionKind::Url => bad(is_address(typed), AnswerFault::NotAUrl),
        QuestionKind::DateTime => bad(NaiveDateTime::parse_from_str(typed, DATE_TIME).is_ok(), AnswerFault::NotADate),
        QuestionKind::File => bad(typed.parse::<crate::base::id::FileId>().is_ok(), AnswerFault::Missing),
        QuestionKind::Word if !typed.chars().any(char::is_alphanumeric) || typed.contains('\n') => Some(AnswerFault::NotAWord),
        QuestionKind::Word => settings.stop_words.iter().any(|word| fold(word) == fold(typed)).then_some(AnswerFault::StopWord),
        QuestionKind::Number => bad(Value::text(typed).number().is_some_and(|number| number >= 0.0), AnswerFault::NotANumber),
        QuestionKind::Staff => bad(is_staff(typed, settings), AnswerFault::NotStaff),
        QuestionKind::TimeRange => bad(is_range(typed), AnswerFault::NotATimeRange),
    }
}

fn is_address(typed: &str) -> bool {
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !typed.contains(char::is_whitespace))
}

fn is_staff(typed: &str, settings: &Settings) -> bool {
    match staff::read(typed, staff::home(settings)) {
        Some(Told::Web(address)) => is_address(address),
        Some(Told::Phone(_) | Told::On { .. }) => !typed.contains('\n'),
        None => false,
    }
}

fn is_range(typed: &str) -> bool {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    typed.split_once(['-', '–']).and_then(|(from, to)| Some(time(from)? < time(to)?)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question(kind: &str, default: Option<&str>) -> Question {
        serde_json::from_value(json!({"id": "q", "label": "?", "kind": kind, "default": default})).expect("a question")
    }

    fn told(question: Question, typed: &str) -> Result<Option<String>, AnswerFault> {
        let answers = read_answers(&[question], |_| typed.to_owned(), "it", &Settings::default());
        answers.map(|answers| answers.get("q").map(|text| text.in_language(&["it"]).to_owned())).map_err(|faults| faults["q"])
    }

    #[test]
    fn each_kind_of_answer_has_its_own_fault() {
        for (kind, typed, fault) in [
            ("url", "www.example.com", AnswerFault::NotAUrl),
            ("url", "https:// example.com", AnswerFault::NotAUrl),
            ("word", "!!", AnswerFault::NotAWord),
            ("word", "stop", AnswerFault::StopWord),
            ("time_range", "18-9", AnswerFault::NotATimeRange),
            ("time_range", "18:00-09:00", AnswerFault::NotATimeRange),
            ("date_time", "domani", AnswerFault::NotADate),
            ("file", "listino.pdf", AnswerFault::Missing),
            ("text", "{{ contact.name }}", AnswerFault::Braces),
            ("number", "una decina", AnswerFault::NotANumber),
            ("number", "-3", AnswerFault::NotANumber),
            ("staff", "Anna", AnswerFault::NotStaff),
            ("staff", "anna@example.com", AnswerFault::NotStaff),
            ("staff", "0123", AnswerFault::NotStaff),
            ("staff", "https:// x", AnswerFault::NotStaff),
            ("staff", "Negozio:", AnswerFault::NotStaff),
        ] {
            assert_eq!(told(question(kind, None), typed), Err(fault), "{kind} {typed}");
        }
        assert_eq!(told(question("text", None), &"x".repeat(501)), Err(AnswerFault::TooLong(ANSWER_CHARS_MAX)));
        for (kind, typed) in [
            ("url", "https://example.com/a?b=c"),
            ("word", "listino prezzi"),
            ("time_range", "09:00-18:00"),
            ("date_time", "2026-12-12T18:00"),
            ("number", "30"),
            ("number", "1,5"),
            ("staff", "+39 333 1234567"),
            ("staff", "333 1234567"),
            ("staff", "https://staff.example/hook"),
            ("staff", "Negozio: 393331234567"),
        ] {
            assert_eq!(told(question(kind, None), typed), Ok(Some(typed.to_owned())), "{kind} {typed}");
        }
    }

    #[test]
    fn a_default_left_alone_is_no_answer_and_may_not_be_emptied() {
        assert_eq!(told(question("text", Some("La Bottega")), " La Bottega "), Ok(None));
        assert_eq!(told(question("text", Some("La Bottega")), ""), Err(AnswerFault::Missing));
        assert_eq!(told(question("text", None), ""), Ok(None));
        assert_eq!(told(question("text", Some("La Bottega")), "Da Anna"), Ok(Some("Da Anna".to_owned())));
    }
}
