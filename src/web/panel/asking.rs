//! Questions in a form, whatever asks them: what stands in their fields, the files that came, the answers, and what is wrong with one.

use super::super::Web;
use super::super::blueprints::Asked;
use super::super::node_form::Fields;
use super::super::problem::Trouble;
use super::super::words::Language;
use super::Panel;
use super::sent::Sent;
use crate::base::limits::UPLOAD_MAX;
use crate::engine::blueprint::Answers;
use crate::engine::blueprint::asked::{AnswerFault, read_answers};
use crate::executor::refusal::Refusal;
use crate::model::file::FileMeta;
use crate::model::flow::{Question, QuestionKind};
use crate::model::settings::Settings;
use std::collections::BTreeMap;

/// The fields of some questions, each named by the prefix, a point, and the question's id.
#[derive(Debug, Default)]
pub struct Asking {
    prefix: String,
    fields: Fields,
    /// Whether the form was sent: otherwise what stands there by default is shown.
    is_sent: bool,
    faults: BTreeMap<String, AnswerFault>,
    /// Files that were kept already, by question.
    files: BTreeMap<String, String>,
    /// What is wrong with a file.
    wrong_files: BTreeMap<String, &'static str>,
}

impl Asking {
    /// Nothing was typed yet.
    pub fn first(prefix: &str) -> Asking {
        Asking { prefix: prefix.to_owned(), ..Asking::default() }
    }

    /// What was typed, with the files kept that came with it.
    pub async fn sent(web: &Web, panel: &Panel, prefix: &str, questions: &[Question], sent: &Sent) -> Result<Asking, Trouble> {
        let mut asking = Asking { fields: sent.fields.clone(), is_sent: true, ..Asking::first(prefix) };
        for question in questions.iter().filter(|question| question.kind == QuestionKind::File) {
            let name = asking.name(question);
            let kept = sent.fields.get(&format!("kept.{name}"));
            if !kept.is_empty() {
                asking.files.insert(question.id.clone(), kept.to_owned());
            }
            if let Some(file) = sent.files.iter().find(|file| file.field == name) {
                match keep(web, panel, &file.name, &file.bytes).await? {
                    Ok(meta) => drop(asking.files.insert(question.id.clone(), meta.id.to_string())),
                    Err(words) => drop(asking.wrong_files.insert(question.id.clone(), words)),
                }
            }
        }
        Ok(asking)
    }

    fn name(&self, question: &Question) -> String {
        format!("{}.{}", self.prefix, question.id)
    }

    /// The answers; none where something is wrong with one, which is remembered.
    pub fn answers(&mut self, questions: &[Question], w: Language, settings: &Settings) -> Option<Answers> {
        let is_file = |id: &str| questions.iter().any(|question| question.id == id && question.kind == QuestionKind::File);
        let given = |id: &str| match self.files.get(id) {
            Some(file) => file.clone(),
            None if is_file(id) => String::new(),
            None => self.fields.get(&format!("{}.{id}", self.prefix)).to_owned(),
        };
        match read_answers(questions, given, w.code(), settings) {
            Ok(answers) => Some(answers).filter(|_| self.wrong_files.is_empty()),
            Err(faults) => {
                self.faults = faults;
                None
            }
        }
    }

    /// Whether something is wrong with an answer.
    pub fn is_refused(&self) -> bool {
        !self.faults.is_empty() || !self.wrong_files.is_empty()
    }

    /// A question as its page shows it.
    pub fn shown(&self, question: &Question, w: Language) -> Asked {
        let name = self.name(question);
        let default = || question.default.as_ref().map(|text| text.in_language(&[w.code()]).to_owned()).unwrap_or_default();
        let typed = if self.is_sent { self.fields.get(&name).to_owned() } else { default() };
        let fault = self.faults.get(&question.id).map(|fault| w.answer_fault(*fault));
        Asked {
            label: question.label.in_language(&[w.code()]).to_owned(),
            kind: question.kind,
            value: self.files.get(&question.id).cloned().unwrap_or(typed),
            wrong: self.wrong_files.get(&question.id).map(|words| (*words).to_owned()).or(fault).unwrap_or_default(),
            is_needed: question.default.is_some(),
            name,
        }
    }
}

/// Keeps a file of a form, or says why not.
pub async fn keep(web: &Web, panel: &Panel, name: &str, bytes: &[u8]) -> Result<Result<FileMeta, &'static str>, Trouble> {
    let w = panel.language;
    if bytes.is_empty() || bytes.len() > UPLOAD_MAX {
        return Ok(Err(w.file_missing()));
    }
    match web.executor.keep_file(panel.by(), name, bytes.to_vec()).await {
        Ok(meta) => Ok(Ok(meta)),
        Err(Refusal::Invalid(_)) => Ok(Err(w.file_unknown())),
        Err(refusal) => Err(refusal.into()),
    }
}
