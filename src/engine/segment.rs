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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::talk::stage;
    use crate::model::node::{Operator, Rule};

    fn has(tag: &str) -> Rule {
        Rule { value: "contact.tags".to_owned(), op: Operator::Has, to: Some(tag.into()) }
    }

    /// Whether somebody with these tags belongs to a segment of these rules.
    fn takes(all: &[&str], any: &[&str], tags: &[&str]) -> bool {
        let rules = |tags: &[&str]| tags.iter().map(|tag| has(tag)).collect();
        let segment = Segment { name: "Prova".to_owned(), all: rules(all), any: rules(any) };
        let contact = Contact { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..stage::contact() };
        belongs(&segment, &stage::world(), &contact, stage::START)
    }

    #[test]
    fn all_rules_of_the_first_kind_hold_and_one_of_the_second() {
        assert!(takes(&["a", "b"], &[], &["a", "b"]) && !takes(&["a", "b"], &[], &["a"]));
        assert!(takes(&[], &["a", "b"], &["b"]) && !takes(&[], &["a", "b"], &["c"]));
        assert!(takes(&["a"], &["b", "c"], &["a", "c"]) && !takes(&["a"], &["b", "c"], &["a"]) && !takes(&["a"], &["b"], &["b"]));
    }

    #[test]
    fn a_segment_without_rules_holds_nobody() {
        assert!(!takes(&[], &[], &["a"]));
    }
}
