//! What is left of a week, looked at by nobody who was there: is every run alive for a reason, does every node balance, did every message
//! that was acknowledged stay, and was nothing sent twice without a mark?

use super::town::{Size, Town};
use flusso::base::id::{FlowId, RunId};
use flusso::base::time::Time;
use flusso::model::contact::Silence;
use flusso::model::flow::Flow;
use flusso::model::node::{NodeId, NodeKind};
use flusso::model::outbox::{OutboxRow, OutboxState, Source};
use flusso::model::run::{EndedAs, Phase, Run, RunState, Waiting, WaitingFor};
use flusso::store::check::verify;
use flusso::store::{View, contacts, history, messages, outbox, runs, timers};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    pub digest: String,
    pub faults: Vec<String>,
    runs: usize,
    live: usize,
    failed: BTreeMap<String, usize>,
    sends: usize,
    heard: usize,
    doubles: usize,
    provider: BTreeMap<&'static str, usize>,
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Audit { runs, live, failed, sends, heard, doubles, provider, digest, .. } = self;
        write!(
            f,
            "{heard} heard, {runs} runs ({live} live, failed {failed:?}), {sends} sends ({doubles} marked double), {provider:?}, {digest}"
        )
    }
}

impl Audit {
    /// Whether enough happened for the silence of the faults to mean something.
    pub fn is_worth_its_name(&self, size: Size) -> bool {
        let enough = size.people * usize::try_from(size.days).unwrap_or(0) / 7;
        self.heard > enough * 2 && self.runs > enough && self.sends > enough * 2 && self.provider.len() >= 7
    }
}

/// All rows of a list, page by page.
fn all<T, I: Copy>(page: impl Fn(Option<I>) -> Vec<T>, id: impl Fn(&T) -> I) -> Vec<T> {
    let mut rows: Vec<T> = Vec::new();
    loop {
        let next = page(rows.last().map(&id));
        if next.is_empty() {
            return rows;
        }
        rows.extend(next);
    }
}

/// Looks at everything.
pub fn audit(town: &Town) -> Audit {
    let view = town.heart.reader.view().expect("a view");
    let report = verify(&view);
    let all_runs = all(|after| runs::list_any(&view, after, 1000).expect("runs"), |run| run.id);
    let rows = all(|after| outbox::list(&view, None, after, 1000).expect("rows"), |row| row.id);
    let mut found = Audit { digest: hex::encode(report.digest), faults: report.faults, ..Audit::default() };
    found.runs = all_runs.len();
    found.live = all_runs.iter().filter(|run| !run.is_over()).count();
    found.sends = rows.len();
    found.heard = town.acknowledged.len();
    found.doubles = rows.iter().filter(|row| row.maybe_double).count();
    found.provider = town.carrier.faults.clone();
    for run in &all_runs {
        if let RunState::Ended { how: EndedAs::Failed, word, .. } = &run.state {
            *found.failed.entry(word.clone().unwrap_or_default()).or_default() += 1;
        }
    }
    let life = Life::of(town, &view, &all_runs, &rows);
    found.faults.extend(all_runs.iter().filter(|run| !run.is_over()).filter_map(|run| life.stuck(run)));
    found.faults.extend(unbalanced(&view, town, &all_runs));
    found.faults.extend(outbox_faults(&rows, town));
    let stays = |id: &&String| messages::by_provider_id(&view, town.channel, id).expect("a look").is_none();
    found.faults.extend(town.acknowledged.iter().filter(stays).map(|id| format!("{id} was acknowledged and is gone")));
    found
}

/// What keeps runs alive.
struct Life<'a> {
    view: &'a View,
    town: &'a Town,
    now: Time,
    timers: BTreeSet<RunId>,
    called: BTreeSet<RunId>,
    calls: BTreeSet<RunId>,
}

impl<'a> Life<'a> {
    fn of(town: &'a Town, view: &'a View, all_runs: &[Run], rows: &[OutboxRow]) -> Life<'a> {
        let due = timers::due_before(view, None, Time(i64::MAX - 1000), usize::MAX).expect("timers");
        let open = rows
            .iter()
            .filter(|row| matches!(row.state, OutboxState::Ready { .. } | OutboxState::Attempting { .. }) && row.message().is_none());
        let calls = open.filter_map(|row| if let Source::Effect(effect) = &row.source { Some(effect.run) } else { None });
        Life {
            view,
            town,
            now: town.heart.now,
            timers: due.into_iter().map(|(_, run, _)| run).collect(),
            called: all_runs.iter().filter(|run| !run.is_over()).filter_map(|run| run.caller).collect(),
            calls: calls.collect(),
        }
    }

    /// Why a live run would never move again, if it would not.
    fn stuck(&self, run: &Run) -> Option<String> {
        let contact = contacts::get(self.view, run.contact).expect("a look")?;
        // Who unsubscribed is in no run but one that began by that, and none waits for them.
        let silence = contact.silence(self.now).is_some_and(|silence| silence != Silence::OptedOut);
        let by_person = silence && contact.silent_until(self.now).is_none();
        let flow = self.town.heart.facts.flow(self.view, run.flow, run.version).expect("a flow");
        let good = match &run.phase {
            _ if run.state != RunState::Live => false,
            Phase::Calling { .. } | Phase::Called { .. } | Phase::Ready(_) if !run.kept.is_empty() => {
                by_person || self.timers.contains(&run.id)
            }
            Phase::Ready(_) | Phase::Over => false,
            Phase::Calling { .. } => self.calls.contains(&run.id),
            Phase::Called { .. } => self.called.contains(&run.id),
            Phase::Handover { until: None, .. } => silence,
            Phase::Handover { .. } => self.timers.contains(&run.id),
            Phase::Waiting(waiting) => self.waits_well(run, waiting, &flow, by_person),
        };
        (!good).then(|| {
            format!("run {} of \"{}\" is stuck at {}: {:?} ({:?})", run.id, flow.name, self.now, run.phase, contact.silence(self.now))
        })
    }

    fn waits_well(&self, run: &Run, waiting: &Waiting, flow: &Flow, by_person: bool) -> bool {
        let listens = || match flow.node(&waiting.action.node).map(|node| &node.kind) {
            Some(NodeKind::Wait(wait)) => wait.reply.is_some() || wait.met.is_some(),
            _ => waiting.what == WaitingFor::Window,
        };
        match waiting.due {
            Some(due) => by_person || (self.timers.contains(&run.id) && (due > self.now || run.timer().is_some())),
            None => listens(),
        }
    }
}

/// At every node: arrived = went on + waiting + left.
fn unbalanced(view: &View, town: &Town, all_runs: &[Run]) -> Vec<String> {
    let mut nodes: BTreeMap<(FlowId, NodeId), [u32; 4]> = BTreeMap::new();
    for run in all_runs {
        let flow = town.heart.facts.flow(view, run.flow, run.version).expect("a flow");
        for (node, visits) in &run.visits {
            nodes.entry((run.flow, node.clone())).or_default()[0] += visits;
        }
        for entry in history::of_run(view, run.id).expect("a history").into_iter().filter(|entry| entry.kind != "start") {
            let exits = flow.node(&entry.action.node).map(|node| node.kind.exit_names()).unwrap_or_default();
            let went_on = entry.result.is_some_and(|result| exits.contains(&result));
            nodes.entry((run.flow, entry.action.node)).or_default()[if went_on { 1 } else { 3 }] += 1;
        }
        let standing = match &run.phase {
            Phase::Waiting(waiting) => Some(&waiting.action.node),
            Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
            Phase::Ready(_) | Phase::Over => None,
        };
        if let Some(node) = standing {
            nodes.entry((run.flow, node.clone())).or_default()[2] += 1;
        }
    }
    let wrong = nodes.into_iter().filter(|(_, [arrived, on, waiting, left])| arrived != &(on + waiting + left));
    wrong.map(|((flow, node), sums)| format!("node {node} of flow {flow}: arrived, on, waiting, left are {sums:?}")).collect()
}

/// Nothing is overdue, and what the provider took twice is marked.
fn outbox_faults(rows: &[OutboxRow], town: &Town) -> Vec<String> {
    let now = town.heart.now;
    let overdue = rows.iter().filter(|row| match row.state {
        OutboxState::Ready { due } => due <= now,
        OutboxState::Attempting { .. } => true,
        OutboxState::Unknown { resolve_until, .. } => resolve_until.is_some_and(|until| until <= now),
        _ => false,
    });
    let mut faults: Vec<String> = overdue.map(|row| format!("row {} never ends: {:?}", row.id, row.state)).collect();
    let marked: BTreeSet<String> = rows.iter().filter(|row| row.maybe_double).map(|row| format!("flusso:{}", row.id)).collect();
    let twice = town.carrier.took.iter().filter(|(ours, times)| **times > 1 && !marked.contains(*ours));
    faults.extend(twice.map(|(ours, times)| format!("{ours} was taken {times} times, unmarked")));
    faults
}
