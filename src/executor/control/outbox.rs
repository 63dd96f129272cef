//! What was given up, or waits to go out, and what a person decides about it.

use crate::base::id::OutboxId;
use crate::base::limits::SEND_VALIDITY;
use crate::executor::desk::{Desk, Signal};
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, advance};
use crate::model::event::{CallOutcome, Event};
use crate::model::message::Status;
use crate::model::operator::By;
use crate::model::outbox::{Load, OutboxRow, OutboxState, Source};
use crate::store::{messages, outbox};

impl Executor {
    /// Sends once more what was given up. Where nobody knows whether it arrived, it is marked as perhaps double.
    pub async fn retry_send(&self, by: By, id: OutboxId) -> Result<OutboxRow, Refusal> {
        self.line
            .change(move |desk| {
                let mut row = outbox::get(&desk.work, id)?.ok_or(Refusal::NotFound("row of the outbox"))?;
                let Load::Message { message, .. } = &row.load else {
                    let why = "This is a call of a run, which has gone on without its answer. Jump the run to its node to call again.";
                    return Err(Refusal::Conflict(why.to_owned()));
                };
                let message = *message;
                if let OutboxState::Unknown { resolve_until: Some(until), .. } = row.state
                    && desk.now < until
                {
                    let why = format!("The provider may still tell whether this one arrived, until {until}. Look again then.");
                    return Err(Refusal::Conflict(why));
                }
                row.maybe_double |= matches!(row.state, OutboxState::Unknown { .. });
                if !matches!(row.state, OutboxState::Unknown { .. } | OutboxState::Dead { .. }) {
                    let why = format!("This one is {}: only what is unknown or dead can be sent again.", row.state.word());
                    return Err(Refusal::Conflict(why));
                }
                row.state = OutboxState::Ready { due: desk.now };
                row.attempts = 0;
                row.expires = desk.now + SEND_VALIDITY;
                outbox::put(&mut desk.work, &row)?;
                if let Some(mut message) = messages::get(&desk.work, message)? {
                    message.status = Status::Queued;
                    message.reason = None;
                    messages::put(&mut desk.work, &message)?;
                }
                desk.signal(Signal::Outbox(id));
                desk.signal(Signal::Contact(row.contact));
                desk.audit(by, "outbox.retried", id.to_string())?;
                Ok(row)
            })
            .await
    }

    /// Calls off what waits, or takes what was given up off the list.
    pub async fn delete_send(&self, by: By, id: OutboxId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let row = outbox::get(&desk.work, id)?.ok_or(Refusal::NotFound("row of the outbox"))?;
                if matches!(row.state, OutboxState::Attempting { .. }) {
                    return Err(Refusal::Conflict("This one is going out at this moment. Look again in a few seconds.".to_owned()));
                }
                if matches!(row.state, OutboxState::Sent { .. } | OutboxState::Cancelled { .. }) {
                    return Err(Refusal::Conflict(format!("This one is {}: there is nothing to call off.", row.state.word())));
                }
                give_up(desk, row, "A person called it off.")?;
                desk.audit(by, "outbox.deleted", id.to_string())
            })
            .await
    }
}

/// Calls off a row that is not going out at this moment. A run that waits for the answer of a call hears that there will be none.
pub fn give_up(desk: &mut Desk, mut row: OutboxRow, reason: &str) -> Result<(), Refusal> {
    if matches!(row.state, OutboxState::Attempting { .. }) {
        return Ok(());
    }
    let waiting = matches!(row.state, OutboxState::Ready { .. });
    row.state = OutboxState::Cancelled { at: desk.now, reason: reason.to_owned() };
    outbox::put(&mut desk.work, &row)?;
    desk.signal(Signal::Outbox(row.id));
    match (&row.load, &row.source) {
        (Load::Message { message, .. }, _) => advance::fail_message(desk, *message, reason),
        (Load::Call { armed, .. }, Source::Effect(effect)) if waiting => {
            let ended = Event::CallEnded { armed: *armed, outcome: CallOutcome::Failed(reason.to_owned()) };
            advance::happen(desk, effect.run, &ended)
        }
        _ => Ok(()),
    }
}
