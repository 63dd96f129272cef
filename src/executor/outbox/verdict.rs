//! What becomes of a row at the writer: it leaves, it waits, or it is over.

use super::super::guard::Reach;
use super::lanes::Waiting;
use crate::base::address::ChannelKind;
use crate::base::id::ChannelId;
use crate::base::time::{Span, Time};
use crate::model::outbox::{Load, OutboxRow};
use crate::provider::http::Request;

/// A request that may leave now: its attempt is durable.
#[derive(Debug)]
pub struct Prepared {
    /// The row.
    pub row: Waiting,
    /// What leaves.
    pub request: Request,
    /// What it may reach.
    pub reach: Reach,
    /// How long an answer may take.
    pub timeout: Span,
    /// The provider; `None` is a call of a flow.
    pub kind: Option<ChannelKind>,
}

/// What became of a row at the writer.
#[derive(Debug)]
pub enum Verdict {
    /// It leaves.
    Go(Box<Prepared>),
    /// It waits, for this.
    Waits(Waiting),
    /// It is over, or it waits for a person.
    Over,
}

impl Verdict {
    /// What a row that did not leave waits for.
    pub fn of(row: &OutboxRow) -> Verdict {
        Waiting::of(row).map_or(Verdict::Over, Verdict::Waits)
    }
}

/// How long everything of a channel waits after a send, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelHold {
    /// Which.
    pub channel: ChannelId,
    /// Until when.
    pub until: Time,
}

/// The row as the lanes know it while it is away.
pub fn waiting_while_away(row: &OutboxRow) -> Waiting {
    let call = matches!(row.load, Load::Call { .. });
    Waiting { id: row.id, contact: row.contact, channel: row.channel, class: row.class, due: row.created, call, resolving: false }
}
