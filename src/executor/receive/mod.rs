//! What strangers bring: a webhook's bytes become decided work, and are answered once that is durable.

mod hear;
mod notices;

use super::Executor;
use super::desk::{Desk, Signal};
use super::facts::Connection;
use super::refusal::Refusal;
use crate::base::id::{ChannelId, QuarantineId};
use crate::base::time::Time;
use crate::model::channel::RequestLine;
use crate::model::message::Inbound;
use crate::model::operator::Quarantined;
pub use crate::provider::http::{Hook, HookReply};
use crate::provider::{self, HookRead, Part};
use crate::store::{channels, quarantine};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

impl Executor {
    /// Answers a webhook. Only what is durable is answered with 200; what is signed and cannot be read is kept in quarantine, and that
    /// is durable too. The reply says which status to give; it never tells a stranger more than that.
    pub async fn receive(&self, token: &str, hook: Hook) -> HookReply {
        let facts = self.facts();
        let Some(connection) = facts.channel_by_token(token).cloned() else {
            return HookReply::text(404, "There is no such address.");
        };
        let fallback_id = self.fresh_id();
        let read = catch_unwind(AssertUnwindSafe(|| provider::read_hook(&connection.channel, &connection.secrets, &hook, &fallback_id)));
        let read = read.unwrap_or_else(|_| HookRead::Unreadable { reason: "Reading it met a fault in the program.".to_owned() });
        self.answer(connection, hook, read).await
    }

    async fn answer(&self, connection: Arc<Connection>, hook: Hook, read: HookRead) -> HookReply {
        let channel = connection.channel.id;
        let line = request_line(&hook, self.now());
        match read {
            HookRead::Challenge(reply) => {
                let line = line
                    .answered(reply.status, if reply.status == 200 { "The address was verified." } else { "The verify word is another." });
                self.line.mention(move |desk| log(desk, channel, &line));
                reply
            }
            HookRead::Refused { status, reason } => {
                let line = line.answered(status, &reason);
                self.line.mention(move |desk| log(desk, channel, &line));
                HookReply::text(status, &reason)
            }
            HookRead::Unreadable { reason } => {
                let line = line.answered(200, &format!("Kept unread: {reason}"));
                let kept = self.line.offer(move |desk| {
                    keep_unread(desk, channel, &reason, hook.body)?;
                    log(desk, channel, &line)
                });
                durable(kept.await, HookReply::taken())
            }
            HookRead::Events { events, unreadable, reply } => {
                let line = line.answered(reply.status, &told(&events, unreadable.len()));
                let done = self.line.offer(move |desk| {
                    for event in events {
                        take_in(desk, &connection, event, &hook)?;
                    }
                    for Part { bytes, reason } in unreadable {
                        keep_unread(desk, channel, &reason, bytes)?;
                    }
                    log(desk, channel, &line)
                });
                durable(done.await, reply)
            }
        }
    }
}

/// The reply a provider gets once it is known whether its bytes are safe.
fn durable(outcome: Result<(), Refusal>, reply: HookReply) -> HookReply {
    match outcome {
        Ok(()) => reply,
        Err(_) => HookReply::text(503, "Not taken. Send it again in a few seconds."),
    }
}

fn request_line(hook: &Hook, at: Time) -> RequestLine {
    RequestLine { at, method: hook.method.clone(), status: 0, reason: String::new(), body_bytes: hook.body.len() as u64 }
}

impl RequestLine {
    fn answered(self, status: u16, reason: &str) -> RequestLine {
        RequestLine { status, reason: reason.to_owned(), ..self }
    }
}

fn told(events: &[Inbound], unreadable: usize) -> String {
    let count = |wanted: fn(&Inbound) -> bool| events.iter().filter(|event| wanted(event)).count();
    let said = count(|event| matches!(event, Inbound::Said(_)));
    let receipts = count(|event| matches!(event, Inbound::Receipt(_)));
    let ignored: BTreeSet<&str> =
        events.iter().filter_map(|event| if let Inbound::Ignored(why) = event { Some(why.as_str()) } else { None }).collect();
    let mut parts = Vec::new();
    parts.extend((said > 0).then(|| format!("messages: {said}")));
    parts.extend((receipts > 0).then(|| format!("delivery receipts: {receipts}")));
    parts.extend(ignored.into_iter().map(|why| format!("left aside: {why}")));
    parts.extend((unreadable > 0).then(|| format!("{unreadable} kept unread")));
    if parts.is_empty() { "There is nothing in it to do.".to_owned() } else { parts.join("; ") }
}

fn log(desk: &mut Desk, channel: ChannelId, line: &RequestLine) -> Result<(), Refusal> {
    channels::log_request(&mut desk.work, channel, line)?;
    desk.signal(Signal::Requests(channel));
    Ok(())
}

/// Keeps bytes that nobody understood, for a person to look at (IN-9).
fn keep_unread(desk: &mut Desk, channel: ChannelId, reason: &str, body: Vec<u8>) -> Result<(), Refusal> {
    let id: QuarantineId = desk.mint()?;
    let build = env!("CARGO_PKG_VERSION").to_owned();
    let kept = Quarantined { id, channel, at: desk.now, reason: reason.to_owned(), build, body };
    Ok(quarantine::put(&mut desk.work, &kept)?)
}

/// One event of a webhook. One that fails does not take its neighbours with it: it is undone and kept unread.
fn take_in(desk: &mut Desk, connection: &Connection, event: Inbound, hook: &Hook) -> Result<(), Refusal> {
    let mark = desk.mark();
    let done = catch_unwind(AssertUnwindSafe(|| apply(desk, connection, event)));
    let reason = match done {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(Refusal::Unavailable)) => return Err(Refusal::Unavailable),
        Ok(Err(refusal)) => refusal.to_string(),
        Err(_) => "Working on it met a fault in the program.".to_owned(),
    };
    tracing::error!(%reason, "an event of a webhook was kept unread");
    desk.roll_back(mark);
    keep_unread(desk, connection.channel.id, &reason, hook.body.clone())
}

/// Applies what a provider told. Also the way a kept request is tried again.
pub fn apply(desk: &mut Desk, connection: &Connection, event: Inbound) -> Result<(), Refusal> {
    match event {
        Inbound::Said(said) => hear::hear(desk, connection, said),
        Inbound::Receipt(receipt) => notices::take_receipt(desk, connection, receipt),
        Inbound::Moved { from, to, provider_id, at, text } => notices::moved(desk, connection, &from, &to, provider_id, at, text),
        Inbound::Ignored(_) => Ok(()),
    }
}
