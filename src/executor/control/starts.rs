//! Starts that programs ask for: by the API, and by a flow's own start address, which also calls back a run that waits for it.

use super::repeat::{RepeatKey, once};
use super::runs::{self, ContactRef, StartRequest};
use crate::base::address::Address;
use crate::base::id::{FlowId, RunId};
use crate::executor::Executor;
use crate::executor::advance::{self, Started};
use crate::executor::desk::Desk;
use crate::executor::receive::contact_of;
use crate::executor::refusal::Refusal;
use crate::model::event::Event;
use crate::model::flow::Reentry;
use crate::model::node::NodeKind;
use crate::model::operator::By;
use crate::model::run::{Phase, Run, StartOutcome};
use crate::model::value::Values;
use crate::store;
use serde::{Deserialize, Serialize};

/// An answer as it is kept beside its Idempotency-Key.
#[derive(Serialize, Deserialize)]
struct Kept {
    outcome: StartOutcome,
    run: Option<RunId>,
    reason: Option<String>,
}

impl From<Started> for Kept {
    fn from(started: Started) -> Kept {
        Kept { outcome: started.outcome, run: started.run, reason: started.reason }
    }
}

impl From<Kept> for Started {
    fn from(kept: Kept) -> Started {
        Started { outcome: kept.outcome, run: kept.run, reason: kept.reason }
    }
}

impl Executor {
    /// Starts a run, once for each key.
    pub async fn start_run_once(&self, by: By, request: StartRequest, repeat: Option<RepeatKey>) -> Result<Started, Refusal> {
        let job = move |desk: &mut Desk| once(desk, repeat.as_ref(), |desk| runs::start(desk, by, request).map(Kept::from));
        self.line.change(job).await.map(Started::from)
    }

    /// A flow's own start address was called. A run of this contact that waits for a callback goes on with the variables; otherwise the
    /// flow starts.
    pub async fn start_by_address(&self, request: StartRequest, repeat: Option<RepeatKey>) -> Result<Started, Refusal> {
        let job = move |desk: &mut Desk| once(desk, repeat.as_ref(), |desk| call(desk, request).map(Kept::from));
        self.line.change(job).await.map(Started::from)
    }
}

fn call(desk: &mut Desk, request: StartRequest) -> Result<Started, Refusal> {
    let contact = match &request.contact {
        ContactRef::Id(id) => *id,
        ContactRef::At { channel, address, name } => {
            let kind = desk.facts.channel(*channel)?.channel.kind;
            contact_of(desk, &[Address::new(kind, address)], name.as_deref())?.id
        }
    };
    for run in store::runs::live_of_contact(&desk.work, contact)? {
        if run.flow == request.flow && waits_for_callback(desk, &run, &request.variables)? {
            return go_on(desk, &run, request.variables);
        }
    }
    runs::start(desk, By::System, request)
}

fn go_on(desk: &mut Desk, run: &Run, variables: Values) -> Result<Started, Refusal> {
    advance::happen(desk, run.id, &Event::Callback(variables))?;
    let reason = "A run of this contact waited for this call and went on.".to_owned();
    Ok(Started { outcome: StartOutcome::Kept, run: Some(run.id), reason: Some(reason) })
}

/// Whether this call is for this run. One of several in parallel takes the calls that name its own key, and those that name none.
fn waits_for_callback(desk: &Desk, run: &Run, variables: &Values) -> Result<bool, Refusal> {
    let Phase::Waiting(waiting) = &run.phase else { return Ok(false) };
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    if let Reentry::Parallel(name) = &flow.reentry
        && let Some(key) = name.strip_prefix("run.").and_then(|name| variables.get(name))
        && run.key.as_deref() != Some(key.to_string().trim())
    {
        return Ok(false);
    }
    let node = flow.node(&waiting.action.node).map(|node| &node.kind);
    Ok(matches!(node, Some(NodeKind::Wait(wait)) if wait.met.as_ref().is_some_and(|met| met.callback)))
}

/// The flow whose start address ends in this token, unless it is in the bin.
pub fn flow_of_token(read: &impl store::Read, token: &str) -> Result<Option<FlowId>, Refusal> {
    let head = store::flows::by_start_token(read, &super::flows::token_digest(token))?;
    Ok(head.filter(|head| !matches!(head.state, crate::model::flow::FlowState::Binned { .. })).map(|head| head.id))
}
