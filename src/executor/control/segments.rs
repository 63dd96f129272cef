//! Segments, as people and programs keep them.

use super::labels;
use crate::engine::segment;
use crate::executor::Executor;
use crate::executor::refusal::Refusal;
use crate::model::label::Label;
use crate::model::operator::By;
use crate::model::segment::Segment;
use crate::store::segments;

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
    segment::fault(&segment).map_or(Ok(segment), |words| Err(Refusal::Invalid(words)))
}
