//! The steps that made the file what it is. A file is older by the steps it lacks; one with more steps than this build knows is newer.

use super::error::StoreError;
use super::meta;
use super::work::Work;

/// Brings a file one schema further. Run within one commit; may be run again after a crash before it.
pub type Step = fn(&mut Work) -> Result<(), StoreError>;

/// Every step there ever was, in order; the first begins a file.
pub const STEPS: &[Step] = &[begin];

/// The schema this build writes.
pub const SCHEMA: u32 = STEPS.len() as u32;

/// Applies the step that leads from schema `from` to the next.
pub fn advance(work: &mut Work, from: u32) -> Result<(), StoreError> {
    if let Some(step) = STEPS.get(from as usize) {
        step(work)?;
    }
    let mut facts = meta::get(work)?;
    facts.schema = from + 1;
    facts.build = env!("CARGO_PKG_VERSION").to_owned();
    meta::put(work, &facts)
}

fn begin(_: &mut Work) -> Result<(), StoreError> {
    Ok(())
}
