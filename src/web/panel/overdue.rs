//! What is late: how much of it there is and how long it takes to go out, and what becomes of one late action (RUN-11).

use super::super::words::Language;
use super::standing::node_of;
use crate::base::id::ChannelId;
use crate::base::time::{Span, Time};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::flow::Flow;
use crate::model::node::{Late, NodeKind};
use crate::model::outbox::OutboxState;
use crate::model::run::{Run, RunState};
use crate::store::{View, outbox, runs, timers};
use std::collections::BTreeMap;

/// How late something may be and still be on time.
const ON_TIME: Span = Span::MINUTE;
/// How many are counted; beyond it the number says no more.
const COUNTED_MAX: usize = 2000;

/// What is late and going out now, a line each; none where nothing is. `doubted` is a clock that nobody believes yet.
pub fn lines(view: &View, facts: &Facts, now: Time, doubted: bool, w: Language) -> Result<Vec<String>, Refusal> {
    if facts.settings.paused {
        return Ok(Vec::new());
    }
    let mut late: BTreeMap<ChannelId, u64> = BTreeMap::new();
    for (_, run, _) in timers::due_before(view, None, now - ON_TIME, COUNTED_MAX)? {
        if let Some(run) = runs::get(view, run)?.filter(|run| run.state == RunState::Live) {
            *late.entry(run.channel).or_default() += 1;
        }
    }
    for row in outbox::open(view, None, COUNTED_MAX)? {
        let speaks = facts.channels.get(&row.channel).is_some_and(|known| known.channel.enabled && known.channel.stopped.is_none());
        let due = matches!(row.state, OutboxState::Ready { due } if due < now - ON_TIME);
        if speaks && due && row.attempts == 0 {
            *late.entry(row.channel).or_default() += 1;
        }
    }
    let count: u64 = late.values().sum();
    if count == 0 {
        return Ok(Vec::new());
    }
    let many = count >= COUNTED_MAX as u64;
    let first = if many { w.overdue_many(&w.whole(count)) } else { w.overdue(count) };
    let second = if doubted { w.overdue_held().to_owned() } else { w.overdue_eta(&w.length(takes(&late, facts))) };
    Ok(vec![first, second])
}

/// How long the slowest channel needs for what it has.
fn takes(late: &BTreeMap<ChannelId, u64>, facts: &Facts) -> Span {
    let of = |(channel, count): (&ChannelId, &u64)| {
        let pace = facts.channels.get(channel).map_or(1.0, |known| known.pace()).max(0.001);
        Span((*count as f64 / pace * 1000.0).ceil() as i64)
    };
    late.iter().map(of).max().unwrap_or(Span(0)).max(Span::SECOND)
}

/// That a run's next action is late, and what becomes of it; none where it is not, or where something stands in its way.
pub fn note(run: &Run, flow: &Flow, due: Option<Time>, now: Time, w: Language) -> Option<String> {
    let behind = now.since(due?);
    if behind <= ON_TIME || run.state != RunState::Live {
        return None;
    }
    let behind = w.length(behind);
    let node = node_of(&run.phase).and_then(|node| flow.node(node));
    match node.map(|node| &node.kind) {
        Some(NodeKind::Wait(wait)) => match wait.late {
            Some(Late::SkipAfter(most)) => Some(w.late_by_skip(&behind, &w.length(most))),
            _ => Some(w.late_by(&behind)),
        },
        _ => Some(w.late_by(&behind)),
    }
}
