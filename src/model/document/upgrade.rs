//! Flow documents of older programs: each version becomes the next by one small step, and a sample of each is kept for ever in
//! `tests/saved/documents`.

use super::DOCUMENT_VERSION;
use serde_json::{Map, Value, json};

/// Brings a flow document one version further.
type Step = fn(&mut Map<String, Value>);

/// Every step there ever was: the first leads from version 0, and so on.
const STEPS: &[Step] = &[from_trial];

/// Brings a flow document of this version to the one that is written now. Its members are not judged: what a step does not know
/// stays for the reader to refuse.
pub(super) fn to_newest(members: &mut Map<String, Value>, version: u64) {
    let first = usize::try_from(version).unwrap_or(STEPS.len());
    STEPS.iter().skip(first).for_each(|step| step(members));
    members.insert("flusso".to_owned(), json!(DOCUMENT_VERSION));
}

/// Version 0, from before the first release: re-entry was the box *overwrite*, a phrase was its text and compared as a whole, and a node
/// with one way out named it as `next`.
fn from_trial(members: &mut Map<String, Value>) {
    if let Some(Value::Bool(ticked)) = members.get("overwrite").cloned() {
        members.shift_remove("overwrite");
        members.insert("reentry".to_owned(), json!(if ticked { "restart" } else { "keep" }));
    }
    let nodes = members.get_mut("nodes").and_then(Value::as_array_mut);
    for node in nodes.into_iter().flatten().filter_map(Value::as_object_mut) {
        if node.get("next").is_some_and(Value::is_string) && !node.contains_key("exits") {
            let next = node.shift_remove("next");
            node.insert("exits".to_owned(), json!({ "next": next }));
        }
        let phrases = node.get_mut("phrases").and_then(Value::as_array_mut);
        for phrase in phrases.into_iter().flatten().filter(|phrase| phrase.is_string()) {
            *phrase = json!({ "text": phrase.take(), "match": "exact" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_step_for_every_version_before_this_one() {
        assert_eq!(STEPS.len() as u64, DOCUMENT_VERSION);
    }
}
