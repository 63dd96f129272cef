//! Goes through the jobs that are open: changes of many runs, a batch to a commit, so that messages come between. What a crash left open
//! goes on at the next start.

use super::Executor;
use super::control::bulk;
use super::desk::Signal;
use super::refusal::Refusal;
use crate::base::id::JobId;
use crate::model::job::Job;
use crate::store::jobs;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// How long it rests after a batch that could not be stored.
const PAUSE: Duration = Duration::from_secs(2);

/// Works until `stop` says so.
pub async fn run(executor: Executor, mut stop: watch::Receiver<bool>) {
    let mut signals = executor.line.signals.subscribe();
    let mut look = true;
    while !*stop.borrow() {
        if look {
            look = false;
            if let Err(refusal) = go_through(&executor, &stop).await {
                tracing::error!(%refusal, "a change of many automations stands still; trying again");
                tokio::time::sleep(PAUSE).await;
                look = true;
                continue;
            }
        }
        tokio::select! {
            signal = signals.recv() => match signal {
                Ok(Signal::Job(_) | Signal::Reopened) | Err(RecvError::Lagged(_)) => look = true,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            },
            _ = stop.changed() => {}
        }
    }
}

async fn go_through(executor: &Executor, stop: &watch::Receiver<bool>) -> Result<(), Refusal> {
    while let Some(id) = first_open(executor).await? {
        while executor.line.change(move |desk| bulk::go_on(desk, id)).await? {
            if *stop.borrow() {
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn first_open(executor: &Executor) -> Result<Option<JobId>, Refusal> {
    Ok(executor.read(|view| Ok(jobs::all(view)?.into_iter().find(Job::is_open).map(|job| job.id))).await?)
}
