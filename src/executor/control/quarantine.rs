//! Requests that nobody could read: tried again, or discarded.

use crate::base::id::QuarantineId;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance, receive};
use crate::model::operator::By;
use crate::provider::{self, HookRead};
use crate::store::quarantine;

impl Executor {
    /// Reads a kept request once more, as if it came now. What is still not understood stays where it is.
    pub async fn retry_quarantined(&self, by: By, id: QuarantineId) -> Result<(), Refusal> {
        let fallback_id = chance::token()?;
        self.line
            .change(move |desk| {
                let kept = quarantine::get(&desk.work, id)?.ok_or(Refusal::NotFound("kept request"))?;
                let facts = desk.facts.clone();
                let connection = facts.channel(kept.channel)?;
                let events = match provider::reread(&connection.channel, &kept.body, &fallback_id) {
                    HookRead::Events { events, unreadable, .. } if unreadable.is_empty() => events,
                    HookRead::Events { unreadable, .. } => {
                        let why = unreadable.first().map_or("", |part| part.reason.as_str());
                        return Err(Refusal::Conflict(format!("It still cannot be read: {why}.")));
                    }
                    HookRead::Unreadable { reason } | HookRead::Refused { reason, .. } => {
                        return Err(Refusal::Conflict(format!("It still cannot be read: {reason}.")));
                    }
                    HookRead::Challenge(_) => return Err(Refusal::Conflict("There is nothing in it to do.".to_owned())),
                };
                for event in events {
                    receive::apply(desk, connection, event)?;
                }
                quarantine::delete(&mut desk.work, id);
                desk.audit(by, "quarantine.retried", id.to_string())
            })
            .await
    }

    /// Discards a kept request.
    pub async fn delete_quarantined(&self, by: By, id: QuarantineId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                quarantine::get(&desk.work, id)?.ok_or(Refusal::NotFound("kept request"))?;
                quarantine::delete(&mut desk.work, id);
                desk.audit(by, "quarantine.deleted", id.to_string())
            })
            .await
    }
}
