//! Many runs at once: a look at who is meant, a job that goes through them a batch to a commit, and its undo.

use super::super::Executor;
use super::super::advance;
use super::super::desk::{Desk, Signal};
use super::super::refusal::Refusal;
use super::super::run_list::{self, Tally};
use super::runs::change;
use crate::base::id::{JobId, RunId};
use crate::engine::line;
use crate::model::action::Verb;
use crate::model::job::{Before, BulkVerb, Job, JobItem, JobState};
use crate::model::operator::By;
use crate::model::run::{EndedAs, Phase, Run, RunState};
use crate::model::run_match::{RunMatch, SavedView};
use crate::store::run_views::{self, NAME_BYTES_MAX, VIEWS_MAX};
use crate::store::{jobs, runs};

/// Beyond this many the number must be said again.
pub const CONFIRM_ABOVE: u64 = 50;
/// Contacts named in a preview.
pub const NAMES: usize = 20;
/// Runs looked at in one commit.
const BATCH: usize = 200;

impl Executor {
    /// Who is meant: how many, and the first of them.
    pub async fn preview_changes(&self, matching: RunMatch) -> Result<Tally, Refusal> {
        if matching.reaches_ended() {
            return Err(Refusal::Invalid("What is over cannot be changed: choose those that are active or held.".to_owned()));
        }
        let (facts, reader) = (self.facts(), self.reader.clone());
        let read = tokio::task::spawn_blocking(move || run_list::tally(&reader.view()?, &facts, &matching, NAMES));
        read.await.unwrap_or(Err(Refusal::Fault))
    }

    /// Begins a change of many runs. Above `CONFIRM_ABOVE` the asker must say how many there are; another number is refused.
    pub async fn change_runs(&self, by: By, matching: RunMatch, verb: BulkVerb, said: Option<u64>) -> Result<Job, Refusal> {
        if let BulkVerb::Move { to, .. } = &verb {
            self.must_lie_ahead(*to)?;
        }
        let total = self.preview_changes(matching.clone()).await?.runs;
        if total == 0 {
            return Err(Refusal::Conflict("Nobody is meant by this: nothing was changed.".to_owned()));
        }
        if total > CONFIRM_ABOVE && said != Some(total) {
            return Err(Refusal::Conflict(format!(
                "{total} automations are meant. Write {total} to change them all; nothing was changed."
            )));
        }
        self.line.change(move |desk| begin(desk, by, matching, verb, total)).await
    }

    /// Keeps filters of the list under a name.
    pub async fn save_view(&self, by: By, view: SavedView) -> Result<(), Refusal> {
        if view.name.is_empty() || view.name.len() > NAME_BYTES_MAX {
            return Err(Refusal::Invalid(format!("A view needs a name of at most {NAME_BYTES_MAX} letters.")));
        }
        self.line
            .change(move |desk| {
                let others = run_views::all(&desk.work)?.into_iter().filter(|kept| kept.name != view.name);
                if others.count() >= VIEWS_MAX {
                    return Err(Refusal::Conflict(format!("There are {VIEWS_MAX} saved views already. Delete one first.")));
                }
                run_views::put(&mut desk.work, &view)?;
                desk.audit(by, "run_view.saved", view.name)
            })
            .await
    }

    /// Forgets a view.
    pub async fn delete_view(&self, by: By, name: String) -> Result<(), Refusal> {
        let change = move |desk: &mut Desk| {
            run_views::delete(&mut desk.work, &name);
            desk.audit(by, "run_view.deleted", name)
        };
        self.line.change(change).await
    }

    /// Takes a change of many runs back, as far as it can be.
    pub async fn undo_changes(&self, by: By, id: JobId) -> Result<Job, Refusal> {
        self.line.change(move |desk| begin_undo(desk, by, id)).await
    }
}

/// Stores a job, to be gone through.
pub fn begin(desk: &mut Desk, by: By, matching: RunMatch, verb: BulkVerb, total: u64) -> Result<Job, Refusal> {
    let until = crate::store::run_list::last(&desk.work)?.ok_or(Refusal::NotFound("run"))?;
    let job = Job {
        id: desk.mint()?,
        by,
        created: desk.now,
        matching,
        verb,
        until,
        total,
        state: JobState::Running,
        cursor: None,
        changed: 0,
        refused: 0,
        undone: 0,
        finished: None,
    };
    jobs::put(&mut desk.work, &job)?;
    desk.signal(Signal::Job(job.id));
    desk.audit(by, "runs.changing", format!("job {}: {} for {total} runs", job.id, job.verb.word()))?;
    Ok(job)
}

/// Turns a job round.
pub fn begin_undo(desk: &mut Desk, by: By, id: JobId) -> Result<Job, Refusal> {
    let job = jobs::get(&desk.work, id)?.ok_or(Refusal::NotFound("change"))?;
    if !job.verb.can_undo() {
        return Err(Refusal::Conflict("A jump or a skip cannot be taken back: what came after it has begun.".to_owned()));
    }
    if matches!(job.state, JobState::Undoing | JobState::Undone) {
        return Err(Refusal::Conflict("This change is being taken back already.".to_owned()));
    }
    let job = Job { state: JobState::Undoing, cursor: None, finished: None, ..job };
    jobs::put(&mut desk.work, &job)?;
    desk.signal(Signal::Job(id));
    desk.audit(by, "runs.undoing", format!("job {id}"))?;
    Ok(job)
}

/// Does the next batch of a job; tells whether more is left. How far it came is stored with what it did: a crash repeats nothing and
/// leaves nothing out.
pub fn go_on(desk: &mut Desk, id: JobId) -> Result<bool, Refusal> {
    let Some(mut job) = jobs::get(&desk.work, id)?.filter(Job::is_open) else { return Ok(false) };
    let more = if job.state == JobState::Running { forward(desk, &mut job)? } else { back(desk, &mut job)? };
    if !more {
        job.state = if job.state == JobState::Running { JobState::Done } else { JobState::Undone };
        job.finished = Some(desk.now);
    }
    jobs::put(&mut desk.work, &job)?;
    desk.signal(Signal::Job(id));
    Ok(more)
}

fn forward(desk: &mut Desk, job: &mut Job) -> Result<bool, Refusal> {
    let (batch, last, more) = run_list::by_id(&desk.work, &job.matching, job.cursor, job.until, BATCH)?;
    for run in batch {
        let item = attempt(desk, job, &run)?;
        match item {
            JobItem::Changed { .. } => job.changed += 1,
            JobItem::Refused(_) => job.refused += 1,
        }
        jobs::put_item(&mut desk.work, job.id, run.id, &item)?;
    }
    job.cursor = last.or(job.cursor);
    Ok(more)
}

/// Changes one run, or leaves it whole.
fn attempt(desk: &mut Desk, job: &Job, run: &Run) -> Result<JobItem, Refusal> {
    let mark = desk.mark();
    let done = verb_of(desk, &job.verb, run).and_then(|verb| change(desk, job.by, run.id, verb));
    match done {
        Ok(_) => {}
        Err(Refusal::Conflict(why) | Refusal::Invalid(why)) => {
            desk.roll_back(mark);
            return Ok(JobItem::Refused(why));
        }
        Err(Refusal::NotFound(_)) => {
            desk.roll_back(mark);
            return Ok(JobItem::Refused("It is gone.".to_owned()));
        }
        Err(other) => return Err(other),
    }
    let sequence = runs::get(&desk.work, run.id)?.map_or(run.sequence, |run| run.sequence);
    if sequence == run.sequence {
        return Ok(JobItem::Refused("It was so already.".to_owned()));
    }
    let before = match &job.verb {
        BulkVerb::Hold => Before::Live,
        BulkVerb::Resume => Before::Held,
        BulkVerb::Move { .. } => Before::Changes(run.changes.clone()),
        BulkVerb::Stop { .. } => Before::Run(Box::new(run.clone())),
        BulkVerb::Jump { .. } | BulkVerb::Skip => Before::Nothing,
    };
    Ok(JobItem::Changed { sequence, before })
}

/// What is done to this run.
fn verb_of(desk: &Desk, verb: &BulkVerb, run: &Run) -> Result<Verb, Refusal> {
    let pending = || -> Result<_, Refusal> {
        let flow = desk.facts.flow(&desk.work, run.flow, run.version)?;
        line::pending(&flow, run).ok_or_else(|| Refusal::Conflict("Nothing is pending.".to_owned()))
    };
    Ok(match verb {
        BulkVerb::Hold => Verb::Hold,
        BulkVerb::Resume => Verb::Resume,
        BulkVerb::Stop { reason } => Verb::Stop(reason.clone()),
        BulkVerb::Jump { node } => Verb::Jump(node.clone()),
        BulkVerb::Skip => Verb::Skip(pending()?),
        BulkVerb::Move { to, by, only } => {
            let planned = match &run.phase {
                Phase::Waiting(waiting) => waiting.due.or(waiting.planned).unwrap_or(desk.now).max(desk.now),
                _ => desk.now,
            };
            let due = to.unwrap_or_else(|| planned + by.unwrap_or_default());
            Verb::Move { action: pending()?, due, following_keep: *only }
        }
    })
}

fn back(desk: &mut Desk, job: &mut Job) -> Result<bool, Refusal> {
    let page = jobs::items(&desk.work, job.id, job.cursor, BATCH)?;
    let more = page.len() == BATCH;
    for (id, item) in page {
        job.cursor = Some(id);
        let JobItem::Changed { sequence, before } = item else { continue };
        let mark = desk.mark();
        match restore(desk, job.by, id, sequence, before) {
            Ok(true) => job.undone += 1,
            Ok(false) | Err(Refusal::Conflict(_) | Refusal::Invalid(_) | Refusal::NotFound(_)) => desk.roll_back(mark),
            Err(other) => return Err(other),
        }
    }
    Ok(more)
}

/// Takes one change back, unless the run went on meanwhile.
fn restore(desk: &mut Desk, by: By, id: RunId, sequence: u64, before: Before) -> Result<bool, Refusal> {
    let Some(run) = runs::get(&desk.work, id)? else { return Ok(false) };
    let untouched = run.sequence == sequence;
    let verb = match before {
        Before::Nothing => return Ok(false),
        // Held or moving, it can be put back whatever else was changed meanwhile.
        Before::Live => Verb::Resume,
        Before::Held => Verb::Hold,
        Before::Changes(changes) if untouched => Verb::Restore(changes),
        Before::Run(was) if untouched => return revive(desk, &run, *was),
        Before::Changes(_) | Before::Run(_) => return Ok(false),
    };
    change(desk, by, id, verb)?;
    Ok(runs::get(&desk.work, id)?.is_some_and(|run| run.sequence != sequence))
}

/// Puts a stopped run back where it stood, unless the contact is in that flow again.
fn revive(desk: &mut Desk, stopped: &Run, was: Run) -> Result<bool, Refusal> {
    let by_hand = matches!(stopped.state, RunState::Ended { how: EndedAs::Stopped, .. });
    let again = runs::live_of_contact(&desk.work, was.contact)?.into_iter().any(|run| run.flow == was.flow && run.key == was.key);
    if !by_hand || again || was.caller.is_some() {
        return Ok(false);
    }
    let run = Run { sequence: stopped.sequence + 1, ..was };
    desk.put_run(&run)?;
    advance::came_back(desk, &run)?;
    advance::wake_run(desk, run)?;
    Ok(true)
}
