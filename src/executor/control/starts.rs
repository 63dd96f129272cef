//! Starts that programs ask for: by the API, and by a flow's own start address, which also calls back a run that waits for it.

use super::repeat::{RepeatKey, once};
use super::runs::{self, ContactRef, StartRequest};
use crate::base::address::Address;
use crate::base::id::{FlowId, RunId};
use crate::base::time::Time;
use crate::executor::Executor;
use crate::executor::advance;
pub use crate::executor::advance::Started;
use crate::executor::desk::Desk;
use crate::executor::facts::Facts;
use crate::executor::receive::contact_of;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::event::Event;
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

/// How a start by hand would be answered for this contact, told before it is done. Nothing is changed.
pub fn look(read: &impl store::Read, facts: &Facts, contact: &Contact, flow: FlowId, now: Time) -> Result<Started, Refusal> {
    match runs::channel_for(facts, contact) {
        Ok(channel) => advance::look(read, facts, contact, flow, channel, now),
        Err(Refusal::Conflict(reason)) => Ok(Started { outcome: StartOutcome::Blocked, run: None, reason: Some(reason) }),
        Err(other) => Err(other),
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
        if run.flow == request.flow && waits_for_callback(desk, &run)? {
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

fn waits_for_callback(desk: &Desk, run: &Run) -> Result<bool, Refusal> {
    let Phase::Waiting(waiting) = &run.phase else { return Ok(false) };
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let node = flow.node(&waiting.action.node).map(|node| &node.kind);
    Ok(matches!(node, Some(NodeKind::Wait(wait)) if wait.met.as_ref().is_some_and(|met| met.callback)))
}

/// The flow whose start address ends in this token, unless it is in the bin.
pub fn flow_of_token(read: &impl store::Read, token: &str) -> Result<Option<FlowId>, Refusal> {
    let head = store::flows::by_start_token(read, &super::flows::token_digest(token))?;
    Ok(head.filter(|head| !matches!(head.state, crate::model::flow::FlowState::Binned { .. })).map(|head| head.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::address::ChannelKind;
    use crate::base::id::ContactId;
    use crate::executor::control::contacts::ContactEdit;
    use crate::model::contact::ConsentState;
    use crate::model::document;
    use crate::model::run::Origin;
    use crate::store::Store;
    use crate::store::seal::SealKey;
    use serde_json::Map;

    const FLOW: &str = r#"{"flusso": 1, "name": "Listino", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d"}]}"#;

    async fn contact(executor: &Executor, name: &str, edit: ContactEdit) -> ContactId {
        let addresses = Some(vec![Address::new(ChannelKind::Simulator, name)]);
        executor.create_contact(By::System, ContactEdit { addresses, ..edit }).await.expect("a contact").id
    }

    #[tokio::test]
    async fn what_is_told_before_a_start_is_what_comes_of_it() {
        let store = Store::memory().expect("a store");
        let executor = Executor::start(store, SealKey::new([7; 32])).await.expect("an executor").0;
        executor.create_channel(By::System, ChannelKind::Simulator, "Prova", Map::new()).await.expect("a channel");
        let flow = executor.create_flow(By::System, document::read_text(FLOW).expect("a flow"), true).await.expect("kept").id;
        let blocked = ContactEdit { blocked: Some(true), ..ContactEdit::default() };
        let gone = ContactEdit { consent: Some((ConsentState::OptedOut, String::new())), ..ContactEdit::default() };
        let ada = contact(&executor, "ada", ContactEdit::default()).await;
        let wanted = [
            (ada, StartOutcome::Started),
            (ada, StartOutcome::Kept),
            (contact(&executor, "eva", blocked).await, StartOutcome::Blocked),
            (contact(&executor, "leo", gone).await, StartOutcome::OptedOut),
        ];
        for (id, outcome) in wanted {
            let (view, now) = (executor.view().expect("a view"), executor.now());
            let known = store::contacts::get(&view, id).expect("readable").expect("a contact");
            let told = look(&view, &executor.facts(), &known, flow, now).expect("an answer");
            let request = StartRequest { flow, contact: ContactRef::Id(id), variables: Values::new(), origin: Origin::Operator(None) };
            let done = executor.start_run_once(By::System, request, None).await.expect("an answer");
            assert_eq!((told.outcome, told.reason), (outcome, done.reason));
            assert_eq!(done.outcome, outcome);
        }
    }
}
