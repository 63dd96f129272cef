//! What happens to the people inside a flow when it is saved, disabled, enabled or deleted: a page at a time, so that no commit grows
//! with their number.

use super::super::Executor;
use super::super::advance;
use super::super::desk::Desk;
use super::super::facts::Facts;
use super::super::refusal::Refusal;
use crate::base::id::{FlowId, RunId};
use crate::base::time::{Span, Time};
use crate::engine::line;
use crate::model::action::{ActionId, Verb};
use crate::model::event::Event;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::operator::By;
use crate::model::run::{Phase, Run};
use crate::store::runs;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Runs changed in one commit.
const PAGE: usize = 500;
/// The distance between two overdue actions that are sent spread out.
const SPREAD: Span = Span(5_000);

/// What happens to the people inside when a flow is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Running {
    /// Those whose node still exists, as the same kind, move to the new version; the others finish on theirs.
    #[default]
    Move,
    /// All finish on the version they are in.
    Finish,
    /// All stop.
    Stop,
}

/// Where those go who stand at one node, where all move who can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// They finish on the version they are in.
    Finish,
    /// They stop.
    Stop,
    /// They move to the new version and stand at this node of it.
    To(NodeId),
}

/// What happens to the waits that fell due while a flow was disabled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overdue {
    /// Every wait is longer by the pause.
    #[default]
    Shift,
    /// Dates stay; what is overdue goes out spread over time.
    Spread,
    /// Dates stay; what is overdue is not done.
    Drop,
}

impl Executor {
    /// Does to the runs of a flow what was chosen when it was saved.
    pub(super) async fn carry_runs(
        &self,
        by: By,
        flow: FlowId,
        version: u32,
        running: Running,
        ways: BTreeMap<NodeId, Way>,
    ) -> Result<(), Refusal> {
        match running {
            Running::Finish => Ok(()),
            Running::Stop => self.stop_runs(flow, "The automation was saved anew, and those inside were stopped.").await,
            Running::Move => {
                self.each_run(flow, move |desk, run, _| {
                    let document = desk.facts.flow(&desk.work, flow, version)?;
                    let old = desk.facts.flow(&desk.work, flow, run.version)?;
                    if run.version == version {
                        return Ok(());
                    }
                    match standing(&run).and_then(|node| ways.get(node)) {
                        Some(Way::Stop) => advance::stop(desk, &run, "The automation was saved anew, and those at this node were stopped."),
                        Some(Way::To(node)) if document.node(node).is_some() => {
                            let (id, jump) = (run.id, Event::Verb(Verb::Jump(node.clone()), by));
                            desk.put_run(&Run { version, ..run })?;
                            advance::happen(desk, id, &jump)
                        }
                        None if can_move(&run, &old, &document) => desk.put_run(&Run { version, ..run }),
                        _ => Ok(()),
                    }
                })
                .await
            }
        }
    }

    /// Ends every live run of a flow.
    pub(super) async fn stop_runs(&self, flow: FlowId, reason: &'static str) -> Result<(), Refusal> {
        self.each_run(flow, move |desk, run, _| advance::stop(desk, &run, reason)).await
    }

    /// Lets the runs of a flow go on after it was disabled since `since`: those behind the page that `wake_first` has seen to.
    pub(super) async fn wake_runs(&self, flow: FlowId, since: Time, overdue: Overdue, after: RunId) -> Result<(), Refusal> {
        self.each_run_after(flow, Some(after), PAGE, move |desk, run, index| wake(desk, run, since, overdue, index)).await
    }

    /// Changes every live run of a flow, a page to a commit. `change` gets the run and its number in order.
    async fn each_run<F>(&self, flow: FlowId, change: F) -> Result<(), Refusal>
    where
        F: Fn(&mut Desk, Run, usize) -> Result<(), Refusal> + Send + Sync + Clone + 'static,
    {
        self.each_run_after(flow, None, 0, change).await
    }

    /// The same with those behind one, of whom `done` were changed before.
    async fn each_run_after<F>(&self, flow: FlowId, mut after: Option<RunId>, mut done: usize, change: F) -> Result<(), Refusal>
    where
        F: Fn(&mut Desk, Run, usize) -> Result<(), Refusal> + Send + Sync + Clone + 'static,
    {
        loop {
            let change = change.clone();
            let (last, count) = self
                .line
                .change(move |desk| {
                    let page = runs::live_of_flow(&desk.work, flow, after, PAGE)?;
                    let (last, count) = (page.last().map(|run| run.id), page.len());
                    for (index, run) in page.into_iter().enumerate() {
                        change(desk, run, done + index)?;
                    }
                    Ok((last, count))
                })
                .await?;
            done += count;
            match last {
                Some(_) if count == PAGE => after = last,
                _ => return Ok(()),
            }
        }
    }
}

/// Lets the first page of a flow's runs go on in the very change that enables it: a timer that is due would else find the flow enabled and
/// its run still with its old date, and a power cut between would leave both so. Gives behind whom the next page begins.
pub(super) fn wake_first(desk: &mut Desk, flow: FlowId, since: Time, overdue: Overdue) -> Result<Option<RunId>, Refusal> {
    let page = runs::live_of_flow(&desk.work, flow, None, PAGE)?;
    let before = desk.facts.clone();
    desk.facts = Arc::new(Facts::read(&desk.work, &before)?);
    let next = page.last().map(|run| run.id).filter(|_| page.len() == PAGE);
    let woken = page.into_iter().enumerate().try_for_each(|(index, run)| wake(desk, run, since, overdue, index));
    if woken.is_err() {
        desk.facts = before;
    }
    woken.map(|()| next)
}

/// Whether a run can go on in another version: the node it stands at is still there, as the same kind.
pub fn can_move(run: &Run, old: &Flow, new: &Flow) -> bool {
    let Some(node) = standing(run) else { return false };
    let kind = |flow: &Flow| flow.node(node).map(|node| node.kind.word());
    kind(old).is_some() && kind(old) == kind(new)
}

/// The node a run stands at.
pub fn standing(run: &Run) -> Option<&NodeId> {
    match &run.phase {
        Phase::Ready(node) => Some(node),
        Phase::Waiting(waiting) => Some(&waiting.action.node),
        Phase::Calling { action, .. } | Phase::Called { action, .. } | Phase::Handover { action, .. } => Some(&action.node),
        Phase::Over => None,
    }
}

/// Lets one run of a flow go on after it was disabled since `since`; `index` is its number among those that wake with it.
pub fn wake(desk: &mut Desk, mut run: Run, since: Time, overdue: Overdue, index: usize) -> Result<(), Refusal> {
    let now = desk.now;
    let mut dropped = None;
    let set_by_person = has_set_time(desk, &run)?;
    if let Phase::Waiting(waiting) = &mut run.phase {
        let late = waiting.due.is_some_and(|due| due <= now);
        let moved = match overdue {
            Overdue::Shift if set_by_person => None,
            Overdue::Shift => {
                let pause = now.since(since.max(waiting.since));
                // What is planned anew later, on release or undo, counts from here too.
                waiting.since = waiting.since + pause;
                waiting.due.map(|due| due + pause)
            }
            Overdue::Spread if late => Some(now + SPREAD.times(i64::try_from(index).unwrap_or(i64::MAX))),
            Overdue::Drop if late => {
                dropped = Some(pending_action(desk, &run)?);
                Some(now)
            }
            _ => None,
        };
        if let (Some(due), Phase::Waiting(waiting)) = (moved, &mut run.phase) {
            waiting.due = Some(due);
            waiting.planned = waiting.planned.map(|_| due);
        }
        desk.put_run(&run)?;
    }
    if let Some(Some(action)) = dropped {
        advance::happen(desk, run.id, &Event::Verb(Verb::Remove(action), By::System))?;
    }
    let Some(run) = runs::get(&desk.work, run.id)? else { return Ok(()) };
    advance::wake_run(desk, run)
}

/// Whether a person said when the pending action happens: then it happens then, whatever the flow's waits do.
fn has_set_time(desk: &Desk, run: &Run) -> Result<bool, Refusal> {
    let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
    let line = line::pending(&flow, run);
    Ok(line.and_then(|action| run.changes.get(&action)).is_some_and(|change| change.due.is_some()))
}

/// The action that a run is about to do.
fn pending_action(desk: &Desk, run: &Run) -> Result<Option<ActionId>, Refusal> {
    Ok(advance::actions_ahead(desk, run)?.into_iter().next().map(|action| action.id))
}

#[cfg(all(test, feature = "test-clock"))]
mod tests {
    use super::*;
    use crate::base::address::ChannelKind;
    use crate::executor::control::runs::{ContactRef, StartRequest};
    use crate::model::document;
    use crate::model::run::Origin;
    use crate::store::Store;
    use crate::store::seal::SealKey;
    use std::sync::atomic::Ordering;

    #[tokio::test]
    async fn who_is_inside_goes_on_in_the_very_change_that_enables_the_flow() {
        let (executor, _running) = Executor::start(Store::memory().expect("a store"), SealKey::new([7; 32])).await.expect("an executor");
        let channel =
            executor.create_channel(By::System, ChannelKind::Simulator, "Prova", serde_json::Map::new()).await.expect("a channel").id;
        let text = r#"{"flusso": 1, "name": "Attesa", "start": "w", "nodes": [{"id": "w", "kind": "wait", "for": "1h"}]}"#;
        let flow = executor.create_flow(By::System, document::read_text(text).expect("a flow"), true).await.expect("made").id;
        let contact = ContactRef::At { channel, address: "anna".to_owned(), name: None };
        let start = StartRequest { flow, contact, variables: Default::default(), origin: Origin::Api };
        executor.start_run(By::System, start).await.expect("started");
        let due = || runs::live_of_flow(&executor.view().expect("a view"), flow, None, 9).expect("readable")[0].timer().map(|(due, _)| due);
        let old = due();
        executor.pause_flow(By::System, flow).await.expect("disabled");
        let before = executor.line.shared.commits.load(Ordering::Relaxed);
        executor.line.shared.clock.advance(Span::HOUR.times(2));
        executor.enable_flow(By::System, flow, Overdue::Shift).await.expect("enabled");
        assert_eq!(executor.line.shared.commits.load(Ordering::Relaxed), before + 1, "one commit, whatever comes between");
        assert!(due() >= old.map(|old| old + Span::HOUR.times(2)), "{:?}", due());
    }
}
