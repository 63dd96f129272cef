//! The draft of a flow: changed, a change taken back, and made again.

use super::flows::{check_name, current, head_of, put_head, unchanged};
use crate::base::id::FlowId;
use crate::executor::Executor;
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::model::flow::{Flow, FlowHead};
use crate::model::reason::Reason;
use crate::store::drafts::{self, Way};
use crate::store::flows;

impl Executor {
    /// Changes the draft. `revision` is the one the editor read; another means that somebody else changed it meanwhile.
    pub async fn put_draft(&self, id: FlowId, revision: u64, document: Flow) -> Result<u64, Refusal> {
        self.line
            .change(move |desk| {
                let head = head_read_at(desk, id, revision)?;
                let before = current(desk, &head)?;
                if before != document {
                    drafts::push(&mut desk.work, Way::Back, id, &before)?;
                    drafts::forget(&mut desk.work, Way::On, id)?;
                }
                write(desk, head, &document)
            })
            .await
    }

    /// Takes the last change of the draft back, or makes the last one again that was taken back. As many as `store::drafts::STEPS_MAX`
    /// are remembered, also over a restart and a save.
    pub async fn step_draft(&self, id: FlowId, revision: u64, way: Way) -> Result<u64, Refusal> {
        self.line
            .change(move |desk| {
                let head = head_read_at(desk, id, revision)?;
                let Some(document) = drafts::pop(&mut desk.work, way, id)? else {
                    return Err(Refusal::Invalid(Reason::NoFurtherStep.to_string()));
                };
                let before = current(desk, &head)?;
                drafts::push(&mut desk.work, way.opposite(), id, &before)?;
                write(desk, head, &document)
            })
            .await
    }
}

fn head_read_at(desk: &Desk, id: FlowId, revision: u64) -> Result<FlowHead, Refusal> {
    let head = head_of(desk, id)?;
    unchanged(&head, Some(revision)).map(|()| head)
}

fn write(desk: &mut Desk, mut head: FlowHead, document: &Flow) -> Result<u64, Refusal> {
    if document.name != head.name {
        check_name(desk, head.id, &document.name)?;
    }
    head.draft_revision += 1;
    head.changed = desk.now;
    head.name.clone_from(&document.name);
    flows::put_draft(&mut desk.work, head.id, document)?;
    put_head(desk, &head)?;
    Ok(head.draft_revision)
}
