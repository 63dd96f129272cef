//! A call of a flow at the writer: like a send, but its answer goes back to the run that waits for it, and its retries obey the node.

use super::super::advance;
use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::guard::Reach;
use super::super::http::Reply;
use super::super::refusal::Refusal;
use super::lanes::Waiting;
use super::verdict::{Prepared, Verdict, waiting_while_away};
use super::{pace, secrets};
use crate::base::id::{OutboxId, RunId};
use crate::base::secret::Secret;
use crate::base::time::{Span, Time};
use crate::model::effect::Call;
use crate::model::event::{CallOutcome, Event};
use crate::model::outbox::{Load, OutboxRow, OutboxState, Source};
use crate::model::reason::Reason;
use crate::provider::http::{Answer, Failure, Request};
use crate::provider::webhook;
use crate::store::seal::SealKey;
use crate::store::{outbox, runs};

/// What an attempt of a call came to.
enum Attempt {
    Answered(CallOutcome),
    /// It may be tried again without harm: it never arrived, or the other side asks for it.
    Again(CallOutcome, Span),
    /// It may have arrived: only a call that is safe to repeat is tried again.
    Perhaps(CallOutcome),
}

/// Makes a call ready to leave.
pub fn prepare(desk: &mut Desk, mut row: OutboxRow, call: Call) -> Result<Verdict, Refusal> {
    if run_is_over(desk, &row)? {
        row.state = OutboxState::Cancelled { at: desk.now, reason: "Its automation has ended.".to_owned() };
        outbox::put(&mut desk.work, &row)?;
        return Ok(Verdict::Over);
    }
    let timeout = call.timeout;
    let request = match request(call, &desk.facts, &row.id.to_string(), desk.now) {
        Ok(request) => request,
        Err(why) => return conclude(desk, row, CallOutcome::Failed(why)),
    };
    row.attempts += 1;
    row.state = OutboxState::Attempting { since: desk.now };
    outbox::put(&mut desk.work, &row)?;
    let reach = Reach::Public(desk.facts.settings.private_hosts.clone());
    Ok(Verdict::Go(Box::new(Prepared { row: waiting_while_away(&row), request, reach, timeout, kind: None })))
}

/// What leaves for a call: its secrets in place, and signed. `id` names it where the call has no Idempotency-Key of its own: the same over
/// all tries, so that the other side can tell a repetition. The error is a sentence for the owner.
pub fn request(call: Call, facts: &Facts, id: &str, now: Time) -> Result<Request, String> {
    let call = secrets::filled(call, &facts.call_secrets).map_err(|name| Reason::CallSecretMissing { name }.to_string())?;
    let mut headers: Vec<_> = call.headers.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
    let body = call.body.map(|body| {
        headers.push(("Content-Type".to_owned(), Secret::new(body.kind)));
        body.text.into_bytes()
    });
    let body = body.unwrap_or_default();
    let given = |name: &str, headers: &[(String, Secret<String>)]| headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).cloned();
    let id = given("Idempotency-Key", &headers).map_or_else(|| id.to_owned(), |(_, key)| key.reveal().clone());
    if given("webhook-signature", &headers).is_none() {
        headers.extend(webhook::headers(&secret(&facts.key), &id, now, &body));
    }
    Ok(Request { method: call.method, url: call.url, headers, body })
}

/// What calls are signed with (OUT-11): it follows from the key of the file, so that it needs no place of its own.
pub fn secret(key: &SealKey) -> Secret<String> {
    webhook::secret_of(&blake3::derive_key("flusso: signatures of outgoing webhooks", key.reveal()))
}

fn run_is_over(desk: &Desk, row: &OutboxRow) -> Result<bool, Refusal> {
    let Source::Effect(effect) = row.source else { return Ok(true) };
    if matches!(row.load, Load::Call { armed: advance::NOBODY_WAITS, .. }) {
        return Ok(false);
    }
    Ok(runs::get(&desk.work, effect.run)?.is_none_or(|run| run.is_over()))
}

/// Settles an attempt of a call: the run hears of it, or it is tried again.
pub fn finish(desk: &mut Desk, id: OutboxId, reply: Reply, seed: u64) -> Result<Verdict, Refusal> {
    let Some(row) = outbox::get(&desk.work, id)? else { return Ok(Verdict::Over) };
    let Load::Call { call, .. } = row.load.clone() else { return Ok(Verdict::Over) };
    let mut chance = fastrand::Rng::with_seed(seed);
    let pause = pace::backoff(row.attempts, &mut chance);
    let (outcome, wait) = match read(reply, desk.now) {
        Attempt::Answered(outcome) => return conclude(desk, row, outcome),
        Attempt::Again(outcome, wait) => (outcome, wait),
        Attempt::Perhaps(outcome) if may_repeat(&call) => (outcome, Span(0)),
        Attempt::Perhaps(outcome) => return conclude(desk, row, outcome),
    };
    let due = desk.now + pause.max(wait);
    if row.attempts > call.retries || due > call.until {
        return conclude(desk, row, outcome);
    }
    let row = OutboxRow { state: OutboxState::Ready { due }, ..row };
    outbox::put(&mut desk.work, &row)?;
    Ok(Waiting::of(&row).map_or(Verdict::Over, Verdict::Waits))
}

/// A call that was under way when the program ended: nobody knows whether it arrived.
pub fn interrupted(desk: &mut Desk, row: OutboxRow) -> Result<(), Refusal> {
    let Load::Call { call, .. } = &row.load else { return Ok(()) };
    if may_repeat(call) {
        return Ok(outbox::put(&mut desk.work, &OutboxRow { state: OutboxState::Ready { due: desk.now }, ..row })?);
    }
    let outcome = CallOutcome::Failed("The program ended while the call was under way, so nobody knows whether it arrived.".to_owned());
    conclude(desk, row, outcome).map(|_| ())
}

fn may_repeat(call: &Call) -> bool {
    call.method.is_idempotent() || call.safe_to_repeat
}

fn conclude(desk: &mut Desk, mut row: OutboxRow, outcome: CallOutcome) -> Result<Verdict, Refusal> {
    let Load::Call { armed, .. } = row.load else { return Ok(Verdict::Over) };
    row.state = match &outcome {
        CallOutcome::Answered { .. } => OutboxState::Sent { at: desk.now },
        CallOutcome::TimedOut => {
            OutboxState::Cancelled { at: desk.now, reason: "No answer came in time; the flow went on without one.".to_owned() }
        }
        CallOutcome::Failed(reason) => OutboxState::Cancelled { at: desk.now, reason: format!("{reason} The flow went on without it.") },
    };
    outbox::put(&mut desk.work, &row)?;
    let Source::Effect(effect) = row.source else { return Ok(Verdict::Over) };
    if armed == advance::NOBODY_WAITS {
        staff_told(desk, effect.run, &outcome)?;
    } else {
        advance::happen(desk, effect.run, &Event::CallEnded { armed, outcome })?;
    }
    Ok(Verdict::Over)
}

/// A webhook of staff was called; where it did not take what it was told, the owner hears of it at the flow.
fn staff_told(desk: &mut Desk, run: RunId, outcome: &CallOutcome) -> Result<(), Refusal> {
    let why = match outcome {
        CallOutcome::Answered { status, .. } if *status < 300 => return Ok(()),
        CallOutcome::Answered { status, .. } => Reason::StaffHookAnswered { status: status.to_string() },
        CallOutcome::TimedOut => Reason::StaffHookSilent,
        CallOutcome::Failed(why) => Reason::StaffHook { why: why.clone() },
    };
    match runs::get(&desk.work, run)? {
        Some(run) => advance::note_failure(desk, run.flow, why.to_string()),
        None => Ok(()),
    }
}

fn read(reply: Reply, now: Time) -> Attempt {
    match reply {
        Reply::Answered(answer) => {
            let wait = answer.retry_after(now).unwrap_or_default();
            let status = answer.status;
            let outcome = answered(answer);
            if status == 429 || status >= 500 { Attempt::Again(outcome, wait) } else { Attempt::Answered(outcome) }
        }
        Reply::Forbidden(why) => Attempt::Answered(CallOutcome::Failed(format!("The call was not made: {why}."))),
        Reply::Failed(Failure::NeverLeft(why)) => {
            Attempt::Again(CallOutcome::Failed(format!("The address could not be reached: {why}.")), Span(0))
        }
        Reply::Failed(Failure::TimedOut) => Attempt::Perhaps(CallOutcome::TimedOut),
        Reply::Failed(Failure::Broke(why)) => {
            Attempt::Perhaps(CallOutcome::Failed(format!("The connection broke before the answer: {why}.")))
        }
    }
}

fn answered(answer: Answer) -> CallOutcome {
    CallOutcome::Answered { status: answer.status, body: String::from_utf8_lossy(&answer.body).into_owned() }
}
