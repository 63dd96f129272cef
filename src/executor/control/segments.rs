//! Segments, as people and programs keep them.

use super::labels;
use crate::engine::check::is_value_name;
use crate::executor::Executor;
use crate::executor::refusal::Refusal;
use crate::model::label::Label;
use crate::model::operator::By;
use crate::model::segment::Segment;
use crate::store::segments;

/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 200;
/// Rules of one segment at most.
const RULES_MAX: usize = 50;

impl Executor {
    /// Keeps a segment under its name; `new` refuses a name that is taken.
    pub async fn put_segment(&self, by: By, segment: Segment, new: bool) -> Result<Segment, Refusal> {
        self.line
            .change(move |desk| {
                let segment = checked(segment.clone())?;
                if new && segments::get(&desk.work, &segment.name)?.is_some() {
                    return Err(Refusal::Conflict(format!("There is a segment \"{}\" already. Choose another name.", segment.name)));
                }
                segments::put(&mut desk.work, &segment)?;
                desk.audit(by, "segment.kept", &segment.name)?;
                Ok(segment)
            })
            .await
    }

    /// Removes a segment. What uses it is in the way, unless `even_if_used`: schedules that name it start for nobody then.
    pub async fn delete_segment(&self, by: By, name: String, even_if_used: bool) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                segments::get(&desk.work, &name)?.ok_or(Refusal::NotFound("segment"))?;
                let label = Label::Segment(name.clone());
                let uses = labels::uses_of(&desk.work, &desk.facts, &label)?;
                if !uses.is_empty() && !even_if_used {
                    return Err(Refusal::Conflict(labels::in_use(&label, &uses)));
                }
                segments::delete(&mut desk.work, &name);
                desk.audit(by, "segment.deleted", &name)
            })
            .await
    }
}

fn checked(mut segment: Segment) -> Result<Segment, Refusal> {
    segment.name = segment.name.trim().to_owned();
    let invalid = |words: String| Err(Refusal::Invalid(words));
    if segment.name.is_empty() || segment.name.chars().count() > NAME_CHARS_MAX {
        return invalid(format!("A segment has a name of {NAME_CHARS_MAX} characters at most."));
    }
    let rules = || segment.all.iter().chain(&segment.any);
    if rules().next().is_none() || rules().count() > RULES_MAX {
        return invalid(format!("A segment has from 1 to {RULES_MAX} rules, in \"all\" or \"any\"."));
    }
    let of_contact = |name: &str| is_value_name(name) && (name.starts_with("contact.") || name.starts_with("flows."));
    if let Some(rule) = rules().find(|rule| !of_contact(&rule.value)) {
        let words = "A segment looks at what is known of a contact: contact.name, contact.tags, contact.language, contact.consent, contact.fields.X, flows.NAME.state";
        return invalid(format!("\"{}\" is nothing a segment can look at. {words}.", rule.value));
    }
    Ok(segment)
}
