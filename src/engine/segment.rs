//! Whether a contact belongs to a segment.

use super::check::is_value_name;
use super::compare;
use super::value::Scope;
use crate::base::time::Time;
use crate::model::contact::Contact;
use crate::model::segment::Segment;
use crate::model::value::Values;
use crate::model::world::World;
use std::collections::BTreeSet;

/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 200;
/// Rules of one segment at most.
const RULES_MAX: usize = 50;

/// What is wrong with a segment, in words.
pub fn fault(segment: &Segment) -> Option<String> {
    if segment.name.trim().is_empty() || segment.name.chars().count() > NAME_CHARS_MAX {
        return Some(format!("A segment has a name of {NAME_CHARS_MAX} characters at most."));
    }
    let rules = || segment.all.iter().chain(&segment.any);
    if rules().next().is_none() || rules().count() > RULES_MAX {
        return Some(format!("A segment has from 1 to {RULES_MAX} rules, in \"all\" or \"any\"."));
    }
    let of_contact = |name: &str| is_value_name(name) && (name.starts_with("contact.") || name.starts_with("flows."));
    let strange = rules().find(|rule| !of_contact(&rule.value))?;
    let words = "A segment looks at what is known of a contact: contact.name, contact.tags, contact.language, contact.consent, contact.fields.X, flows.NAME.state";
    Some(format!("\"{}\" is nothing a segment can look at. {words}.", strange.value))
}

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
