//! The audit log as it is looked through: newest first, by who did it and to what. A page looks at so many lines at most, and then says
//! where to go on.

use super::refusal::Refusal;
use crate::base::id::{AuditId, JobId, RunId};
use crate::model::audit::{Doer, Thing};
use crate::model::operator::AuditLine;
use crate::store::{Read, audit, jobs, runs};

/// Lines looked at for one page at most.
pub const LOOKED_AT_MAX: usize = 2_000;
/// Lines read at once.
const CHUNK: usize = 200;
/// Runs of a contact whose lines count as the contact's.
const RUNS_MAX: usize = 500;

/// Which lines are meant. Nothing said is every line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditMatch {
    /// By this doer.
    pub by: Option<Doer>,
    /// To this thing. A contact's runs are the contact's too, and a change of many is of each that it changed.
    pub about: Option<Thing>,
    /// With a word that begins so, as `action.`.
    pub what: Option<String>,
}

/// A page of the log.
#[derive(Clone, Debug, Default)]
pub struct AuditPage {
    /// The lines, newest first.
    pub lines: Vec<AuditLine>,
    /// Before which line the next page begins; none after the last.
    pub next: Option<AuditId>,
    /// Whether it ended because it had looked at enough, not because it was full.
    pub cut: bool,
}

/// A page of the lines that are meant, before a line.
pub fn page(read: &impl Read, wanted: &AuditMatch, before: Option<AuditId>, limit: usize) -> Result<AuditPage, Refusal> {
    let own = match wanted.about {
        Some(Thing::Contact(contact)) => runs::all_of_contact(read, contact, None, RUNS_MAX)?.into_iter().map(|run| run.id).collect(),
        Some(Thing::Run(run)) => vec![run],
        _ => Vec::new(),
    };
    let (mut page, mut last, mut looked_at) = (AuditPage::default(), before, 0);
    loop {
        let chunk = audit::latest(read, last, CHUNK)?;
        let is_last = chunk.len() < CHUNK;
        for line in chunk {
            looked_at += 1;
            let id = line.id;
            if is_meant(read, wanted, &own, &line)? {
                if page.lines.len() == limit {
                    page.next = last;
                    return Ok(page);
                }
                page.lines.push(line);
            }
            last = Some(id);
            if looked_at == LOOKED_AT_MAX {
                (page.next, page.cut) = (last, true);
                return Ok(page);
            }
        }
        if is_last {
            return Ok(page);
        }
    }
}

fn is_meant(read: &impl Read, wanted: &AuditMatch, own: &[RunId], line: &AuditLine) -> Result<bool, Refusal> {
    let said = wanted.what.as_ref().is_none_or(|what| line.what.starts_with(what.as_str()));
    if !said || wanted.by.is_some_and(|doer| !doer.is(line.by)) {
        return Ok(false);
    }
    let Some(about) = wanted.about else { return Ok(true) };
    for thing in line.things() {
        let met = match (about, thing) {
            (about, thing) if about == thing => true,
            (Thing::Contact(_) | Thing::Run(_), Thing::Run(run)) => own.contains(&run),
            (Thing::Contact(_) | Thing::Run(_), Thing::Job(job)) => changed_one(read, job, own)?,
            (Thing::Flow(flow), Thing::Run(run)) => runs::get(read, run)?.is_some_and(|run| run.flow == flow),
            _ => false,
        };
        if met {
            return Ok(true);
        }
    }
    Ok(false)
}

fn changed_one(read: &impl Read, job: JobId, own: &[RunId]) -> Result<bool, Refusal> {
    for run in own {
        if jobs::item(read, job, *run)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
