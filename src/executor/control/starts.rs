//! Starts that programs ask for: by the API, and by a flow's own start address, which also calls back a run that waits for it.

use super::repeat::{RepeatKey, once};
use super::runs::{self, ContactRef, StartRequest};
use crate::base::address::Address;
use crate::base::id::{ContactId, FlowId, RunId};
use crate::base::secret::Secret;
use crate::base::time::Time;
use crate::engine;
use crate::executor::Executor;
use crate::executor::advance;
pub use crate::executor::advance::Started;
use crate::executor::caller::contact_of;
use crate::executor::desk::{Desk, Signal};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::event::Event;
use crate::model::flow::{FlowState, Reentry};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::model::run::{Origin, Run, StartOutcome};
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
        let job =
            move |desk: &mut Desk| once(desk, repeat.as_ref(), &request.clone(), |desk| runs::start(desk, by, request).map(Kept::from));
        self.line.change(job).await.map(Started::from)
    }

    /// A flow's own start address said that its goal is reached: the contact's runs in it end there. Tells which.
    pub async fn leave_by_address(&self, request: StartRequest, goal: String, repeat: Option<RepeatKey>) -> Result<Vec<RunId>, Refusal> {
        self.line.change(move |desk| once(desk, repeat.as_ref(), &(&request, &goal), |desk| leave(desk, &request, &goal))).await
    }

    /// Gives a flow another start address. The one before leads nowhere from now on.
    pub async fn renew_start_address(&self, by: By, id: FlowId) -> Result<Secret<String>, Refusal> {
        let (token, digest) = super::flows::fresh_token()?;
        self.line
            .change(move |desk| {
                let head = store::flows::head(&desk.work, id)?.filter(|head| !matches!(head.state, FlowState::Binned { .. }));
                let mut head = head.ok_or(Refusal::NotFound("flow"))?;
                head.start_token = digest;
                store::flows::put_head(&mut desk.work, &head)?;
                desk.facts_changed = true;
                desk.signal(Signal::Flow(id));
                desk.audit(by, "flow.start_address", head.logged())
            })
            .await?;
        Ok(token)
    }

    /// A flow's own start address was called. A run of this contact that waits for a callback goes on with the variables; otherwise the
    /// flow starts.
    pub async fn start_by_address(&self, request: StartRequest, repeat: Option<RepeatKey>) -> Result<Started, Refusal> {
        let job = move |desk: &mut Desk| once(desk, repeat.as_ref(), &request.clone(), |desk| call(desk, request).map(Kept::from));
        self.line.change(job).await.map(Started::from)
    }
}

/// How a start by hand would be answered for this contact, told before it is done. Nothing is changed.
pub fn look(read: &impl store::Read, facts: &Facts, contact: &Contact, flow: FlowId, now: Time) -> Result<Started, Refusal> {
    let blocked = |reason: Reason| Started { outcome: StartOutcome::Blocked, run: None, reason: Some(reason.to_string()) };
    let Some(channel) = advance::channel_reaching(facts, contact) else { return Ok(blocked(Reason::NoChannelReaches)) };
    let start = advance::Start {
        flow,
        contact: contact.id,
        channel,
        origin: Origin::Operator(None),
        variables: Values::new(),
        heard: None,
        depth: 0,
        caller: None,
    };
    let Some(entry) = advance::would_enter_as(read, facts, &start, contact, now)? else {
        let flow = facts.heads.get(&flow).map(|head| head.name.clone()).unwrap_or_default();
        return Ok(blocked(Reason::NeverSaved { flow }));
    };
    Ok(Started { outcome: entry.outcome, run: None, reason: entry.reason })
}

fn call(desk: &mut Desk, request: StartRequest) -> Result<Started, Refusal> {
    let contact = contact(desk, &request.contact)?;
    for run in inside(desk, request.flow, contact, &request.variables, true)? {
        let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
        if engine::awaits(&flow, &run, &Event::Callback(Values::new())) {
            return go_on(desk, &run, request.variables);
        }
    }
    runs::start(desk, By::System, request)
}

fn contact(desk: &mut Desk, whom: &ContactRef) -> Result<ContactId, Refusal> {
    match whom {
        ContactRef::Id(id) => Ok(*id),
        ContactRef::At { channel, address, name } => {
            let kind = desk.facts.channel(*channel)?.channel.kind;
            let address = Address::new(kind, address);
            if address.address.is_empty() {
                return Err(Refusal::Invalid("The address is empty. Write the contact's number or name on that channel.".to_owned()));
            }
            Ok(contact_of(desk, &[address], name.as_deref())?.id)
        }
    }
}

/// The live runs of a contact in a flow; where the flow runs in parallel, those of the value that the call or the contact has. Without
/// one these are those without, or all where `strict` is not set.
fn inside(desk: &Desk, flow: FlowId, contact: ContactId, variables: &Values, strict: bool) -> Result<Vec<Run>, Refusal> {
    let mut inside = store::runs::live_of_contact(&desk.work, contact)?;
    inside.retain(|run| run.flow == flow);
    let Some(head) = desk.facts.heads.get(&flow).filter(|head| head.version > 0) else { return Ok(inside) };
    let document = desk.facts.flow(&desk.work, flow, head.version)?;
    let Some(record) = store::contacts::get(&desk.work, contact)? else { return Ok(inside) };
    if matches!(document.reentry, Reentry::Parallel(_)) {
        let key = advance::key_of(&document, variables, &record);
        inside.retain(|run| run.key == key || (key.is_none() && !strict));
    }
    Ok(inside)
}

fn go_on(desk: &mut Desk, run: &Run, variables: Values) -> Result<Started, Refusal> {
    advance::happen(desk, run.id, &Event::Callback(variables))?;
    let reason = "A run of this contact waited for this call and went on.".to_owned();
    Ok(Started { outcome: StartOutcome::Kept, run: Some(run.id), reason: Some(reason) })
}

/// Ends the runs of a contact in a flow with a goal, wherever they wait.
fn leave(desk: &mut Desk, request: &StartRequest, goal: &str) -> Result<Vec<RunId>, Refusal> {
    let contact = contact(desk, &request.contact)?;
    let inside = inside(desk, request.flow, contact, &request.variables, false)?;
    for run in &inside {
        advance::stop(desk, run, &format!("left: {goal}"))?;
    }
    Ok(inside.into_iter().map(|run| run.id).collect())
}

/// The flow whose start address ends in this token, unless it is in the bin.
pub fn flow_of_token(read: &impl store::Read, token: &str) -> Result<Option<FlowId>, Refusal> {
    let head = store::flows::by_start_token(read, &super::flows::token_digest(token))?;
    Ok(head.filter(|head| !matches!(head.state, FlowState::Binned { .. })).map(|head| head.id))
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
