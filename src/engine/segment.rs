//! Whether a contact belongs to a segment.

use super::compare;
use super::value::Scope;
use crate::base::time::Time;
use crate::model::contact::Contact;
use crate::model::segment::Segment;
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::BTreeSet;

/// Whether all of its rules hold, and one of those of which one must. A segment without rules holds nobody.
pub fn belongs(segment: &Segment, world: &World, contact: &Contact, now: Time) -> bool {
    let (variables, unknown) = (Values::new(), BTreeSet::new());
    let scope = Scope { world, contact, variables: &variables, heard: None, now, unknown: &unknown };
    let all = segment.all.iter().all(|rule| compare::holds(rule, &scope));
    let any = segment.any.is_empty() || segment.any.iter().any(|rule| compare::holds(rule, &scope));
    all && any && !(segment.all.is_empty() && segment.any.is_empty())
}
