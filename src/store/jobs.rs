//! Changes of many runs at once, and what each did to each run.

use super::catalogue::{JOB_ITEMS, JOBS};
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{ID_BYTES, Id, JobId, RunId};
use crate::model::job::{Job, JobItem};

/// The job of this id.
pub fn get(read: &impl Read, id: JobId) -> Result<Option<Job>, StoreError> {
    JOBS.get(read, &id.to_key())
}

/// Stores a job.
pub fn put(work: &mut Work, job: &Job) -> Result<(), StoreError> {
    JOBS.put(work, &job.id.to_key(), job)
}

/// The newest jobs, newest first.
pub fn latest(read: &impl Read, limit: usize) -> Result<Vec<Job>, StoreError> {
    let prefix = keys::key(read.shard(), &[]);
    Ok(JOBS.scan_down(read, &prefix, &keys::end(&prefix), limit)?.into_iter().map(|(_, job)| job).collect())
}

/// All jobs, in order of id. They are few: an old one goes after a while.
pub fn all(read: &impl Read) -> Result<Vec<Job>, StoreError> {
    JOBS.list(read, None::<JobId>, usize::MAX)
}

/// What a job did to a run.
pub fn item(read: &impl Read, job: JobId, run: RunId) -> Result<Option<JobItem>, StoreError> {
    JOB_ITEMS.get(read, &item_key(job, run))
}

/// Stores what a job did to a run.
pub fn put_item(work: &mut Work, job: JobId, run: RunId, item: &JobItem) -> Result<(), StoreError> {
    JOB_ITEMS.put(work, &item_key(job, run), item)
}

/// A page of what a job did, in order of run.
pub fn items(read: &impl Read, job: JobId, after: Option<RunId>, limit: usize) -> Result<Vec<(RunId, JobItem)>, StoreError> {
    let after = after.map(|run| item_key(job, run));
    let page = JOB_ITEMS.page(read, &job.to_key(), after.as_deref(), limit)?;
    page.into_iter().map(|(key, item)| Ok((keys::id_at(&key, ID_BYTES).ok_or_else(|| JOB_ITEMS.bad_key(&key))?, item))).collect()
}

/// Removes at most so many rows of a job, and the job itself with the last of them; tells how many.
pub fn delete(work: &mut Work, job: JobId, most: usize) -> Result<usize, StoreError> {
    let page = JOB_ITEMS.page(work, &job.to_key(), None, most)?;
    let count = page.len();
    page.into_iter().for_each(|(key, _)| JOB_ITEMS.del(work, &key));
    if count < most {
        JOBS.del(work, &job.to_key());
    }
    Ok(count)
}

fn item_key(job: JobId, run: RunId) -> Bytes {
    keys::under(job, &[&run.to_key()])
}
