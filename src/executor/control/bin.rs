//! The bin: flows are put there, taken out of it, and deleted for good.

use super::super::Executor;
use super::super::desk::{Desk, Signal};
use super::super::occasions::rounds;
use super::super::refusal::Refusal;
use super::flow_check::drop_taken;
use super::flows::{free_name, head_of, publish, put_head};
use crate::base::id::FlowId;
use crate::model::carry::Carry;
use crate::model::flow::{FlowHead, FlowState};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::store::{self, flows};

impl Executor {
    /// Puts a flow in the bin: its runs stop, its phrases are free at once, its history stays.
    pub async fn bin_flow(&self, by: By, id: FlowId) -> Result<(), Refusal> {
        let carry = stop_of_the_bin();
        let begun = carry.clone();
        self.line
            .change(move |desk| {
                let mut head = head_of(desk, id)?;
                head.state = FlowState::Binned { since: desk.now };
                put_head(desk, &head)?;
                rounds::begin_runs(desk, id, Some(&begun))?;
                desk.audit(by, "flow.deleted", head.logged())
            })
            .await?;
        self.carry_through(id, Some(carry)).await
    }

    /// Takes a flow out of the bin: disabled, and without the phrases that other flows took meanwhile, which are told. What was saved stays
    /// what was saved, and what was only drafted a draft.
    pub async fn restore_flow(&self, by: By, id: FlowId) -> Result<Vec<String>, Refusal> {
        self.line
            .change(move |desk| {
                let mut head = flows::head(&desk.work, id)?.ok_or(Refusal::NotFound("flow"))?;
                must_be_binned(&head, Reason::NotInBin)?;
                head.name = free_name(&desk.facts, &head.name);
                head.state = FlowState::Disabled { since: desk.now };
                head.draft_revision += 1;
                let draft = flows::draft(&desk.work, id)?;
                let mut lost = save_without_taken(desk, by, &mut head)?;
                if let Some(mut draft) = draft {
                    let more = drop_taken(desk, id, &mut draft)?;
                    lost.extend(more.into_iter().filter(|phrase| !lost.contains(phrase)).collect::<Vec<_>>());
                    draft.name = head.name.clone();
                    flows::put_draft(&mut desk.work, id, &draft)?;
                }
                put_head(desk, &head)?;
                desk.audit(by, "flow.restored", head.logged())?;
                Ok(lost)
            })
            .await
    }

    /// Deletes a flow in the bin for good.
    pub async fn purge_flow(&self, by: By, id: FlowId) -> Result<(), Refusal> {
        let stop = stop_of_the_bin();
        self.carry_through(id, Some(stop.clone())).await?;
        self.line
            .change(move |desk| {
                let head = flows::head(&desk.work, id)?.ok_or(Refusal::NotFound("flow"))?;
                must_be_binned(&head, Reason::OnlyFromBin)?;
                if store::rounds::of_runs(&desk.work, id, &stop)?.is_some() {
                    return Err(Refusal::Conflict(Reason::StillStopping { flow: head.name }.to_string()));
                }
                flows::delete(&mut desk.work, id)?;
                desk.facts_changed = true;
                desk.signal(Signal::Flow(id));
                desk.audit(by, "flow.purged", head.logged())
            })
            .await
    }
}

/// What happens to those inside a flow that is thrown away.
fn stop_of_the_bin() -> Carry {
    Carry::Stop { reason: "The automation was deleted.".to_owned() }
}

fn must_be_binned(head: &FlowHead, otherwise: Reason) -> Result<(), Refusal> {
    if matches!(head.state, FlowState::Binned { .. }) { Ok(()) } else { Err(Refusal::Conflict(otherwise.to_string())) }
}

/// Where the newest saved version has phrases that others took, a next one is saved without them; they are told.
fn save_without_taken(desk: &mut Desk, by: By, head: &mut FlowHead) -> Result<Vec<String>, Refusal> {
    if head.version == 0 {
        return Ok(Vec::new());
    }
    let mut saved = desk.facts.flow(&desk.work, head.id, head.version)?.as_ref().clone();
    let lost = drop_taken(desk, head.id, &mut saved)?;
    if !lost.is_empty() {
        saved.name = head.name.clone();
        head.version += 1;
        publish(desk, by, head, &saved)?;
    }
    Ok(lost)
}
