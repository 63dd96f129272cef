//! Conditions and splits: branches that can be told apart, and rules that can be judged.

use super::value::is_value_name;
use crate::engine::keyword::pattern;
use crate::model::node::{Condition, Operator, Rule, Split};
use crate::model::problem::Fault;
use crate::model::value::Value;
use std::collections::HashSet;

pub(super) fn condition(condition: &Condition) -> Vec<Fault> {
    let mut faults = Vec::new();
    if condition.branches.is_empty() {
        faults.push(Fault::NoBranch);
    }
    faults.extend(exits(condition.branches.iter().map(|branch| branch.exit.as_str()), Some("else")));
    for branch in &condition.branches {
        let mut written: Vec<&Rule> = branch.all.iter().flatten().collect();
        written.extend(branch.any.iter().flatten());
        if written.is_empty() {
            faults.push(Fault::EmptyBranch(branch.exit.clone()));
        }
        faults.extend(rules(written));
    }
    faults
}

pub(super) fn split(split: &Split) -> Vec<Fault> {
    let mut faults = exits(split.weights.iter().map(|weight| weight.exit.as_str()), None);
    if split.weights.iter().all(|weight| weight.weight == 0) {
        faults.push(Fault::NoWeight);
    }
    faults
}

fn exits<'a>(names: impl Iterator<Item = &'a str>, reserved: Option<&str>) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let fault = |name: &'a str| {
        if name.trim().is_empty() {
            Some(Fault::NoExitName)
        } else if Some(name) == reserved {
            Some(Fault::ReservedExit(name.to_owned()))
        } else {
            (!seen.insert(name)).then(|| Fault::SameBranch(name.to_owned()))
        }
    };
    names.filter_map(fault).collect()
}

/// What is wrong with rules, wherever they stand.
pub(super) fn rules<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Vec<Fault> {
    rules.into_iter().flat_map(|each| rule(&each.value, each.op, each.to.as_ref())).collect()
}

/// What is wrong with one comparison.
pub(super) fn rule(name: &str, op: Operator, to: Option<&Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !is_value_name(name) {
        faults.push(Fault::BadValueName(name.to_owned()));
    }
    let enough = match (op, to) {
        (Operator::Exists | Operator::Missing, _) => true,
        (Operator::Between, Some(Value::List(ends))) => ends.len() == 2,
        (Operator::Between, _) | (_, None) => false,
        (_, Some(_)) => true,
    };
    if !enough {
        faults.push(Fault::NothingToCompare(name.to_owned()));
    }
    if let (Operator::Matches, Some(Value::Text(text))) = (op, to) {
        faults.extend(pattern(text).err().map(|reason| Fault::BadPattern { pattern: text.clone(), reason }));
    }
    faults
}
