//! The names of values: which can be read, which can be written, and what a save node does with them (interface.md 3).

use crate::model::node::Save;
use crate::model::problem::Fault;

/// Names that stand for one value each.
const FIXED: [&str; 16] = [
    "contact.name",
    "contact.address",
    "contact.tags",
    "contact.language",
    "contact.reads",
    "contact.consent",
    "contact.silent_days",
    "message.text",
    "message.kind",
    "message.button",
    "channel.kind",
    "channel.name",
    "now",
    "business_hours",
    "business_hours.next_opening",
    "window_open",
];

/// Whether a condition or a text may read this name.
pub fn is_value_name(name: &str) -> bool {
    let of_flow = || {
        let flow = name.strip_prefix("flows.").and_then(|rest| rest.strip_suffix(".state"));
        flow.is_some_and(|flow| !flow.trim().is_empty())
    };
    FIXED.contains(&name) || is_variable(name) || is_field(name) || of_flow()
}

/// Whether the value of this name can tell runs of one contact apart: it is known before a run begins.
pub fn tells_apart(name: &str) -> bool {
    is_variable(name) || is_field(name)
}

/// Whether a node may write this name.
pub fn is_writable(name: &str) -> bool {
    name == "contact.name" || is_variable(name) || is_field(name)
}

/// Whether this is `run.X`.
pub(super) fn is_variable(name: &str) -> bool {
    name.strip_prefix("run.").is_some_and(is_word)
}

/// Whether this is `contact.fields.X`.
pub(super) fn is_field(name: &str) -> bool {
    name.strip_prefix("contact.fields.").is_some_and(is_word)
}

/// Whether this can stand behind `run.` and `contact.fields.`.
pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

pub(super) fn save(save: &Save) -> Vec<Fault> {
    if *save == Save::default() {
        return vec![Fault::NothingToSave];
    }
    let set = save.set.iter().map(|set| &set.field);
    let grown = save.increment.iter().map(|grown| &grown.field);
    let written = set.chain(&save.clear).chain(grown);
    written.filter(|name| !is_writable(name)).cloned().map(Fault::NotWritable).collect()
}
