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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::address::ChannelKind;
    use crate::base::id::ChannelId;
    use crate::model::operator::Quarantined;
    use crate::store::seal::SealKey;
    use crate::store::{Store, messages};

    async fn keep(executor: &Executor, channel: ChannelId, body: &str) -> QuarantineId {
        let body = body.as_bytes().to_vec();
        let put = move |desk: &mut crate::executor::desk::Desk| {
            let (id, at): (QuarantineId, _) = (desk.mint()?, desk.now);
            let build = "an older one".to_owned();
            quarantine::put(&mut desk.work, &Quarantined { id, channel, at, reason: "it was new".to_owned(), build, body })?;
            Ok(id)
        };
        executor.line.change(put).await.expect("kept")
    }

    #[tokio::test]
    async fn what_can_be_read_after_all_is_taken_in_and_kept_no_longer() {
        let (executor, _running) = Executor::start(Store::memory().expect("a store"), SealKey::new([7; 32])).await.expect("an executor");
        let made = executor.create_channel(By::System, ChannelKind::Simulator, "Prova", serde_json::Map::new()).await;
        let channel = made.expect("a channel").id;
        let bad = keep(&executor, channel, "neither this").await;
        let good = keep(&executor, channel, r#"{"contact": "anna", "text": "ciao"}"#).await;
        assert!(matches!(executor.retry_quarantined(By::System, bad).await, Err(Refusal::Conflict(_))));
        executor.retry_quarantined(By::System, good).await.expect("read");
        let view = executor.view().expect("a view");
        assert!(quarantine::get(&view, bad).expect("readable").is_some(), "what still cannot be read stays");
        assert!(quarantine::get(&view, good).expect("readable").is_none());
        let heard = messages::list(&view, None, None, None, 10).expect("readable");
        assert_eq!(heard.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["ciao"]);
    }
}
