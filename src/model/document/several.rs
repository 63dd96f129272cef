//! Several things in one document: flows and quick replies (interface.md 3).

use super::{DOCUMENT_VERSION, pretty, read};
use crate::model::flow::Flow;
use crate::model::problem::{Fault, Problem};
use crate::model::quick_reply::QuickReply;
use serde_json::{Map, Value, json};

/// What a document of several holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Several {
    /// Its flows.
    pub flows: Vec<Flow>,
    /// Its quick replies.
    pub quick_replies: Vec<QuickReply>,
}

/// Reads a document of several, or of one flow. Every fault is told, with the name of what it stands in.
pub fn read_text(text: &str) -> Result<Several, Vec<Problem>> {
    let not = |why: String| vec![Problem::whole(Fault::NotADocument(why))];
    let document: Value = serde_json::from_str(text).map_err(|error| not(format!("it is not JSON ({error})")))?;
    let several = document.get("flows").is_some() || document.get("quick_replies").is_some();
    if !several {
        return Ok(Several { flows: vec![read(&document)?], quick_replies: Vec::new() });
    }
    if document["flusso"] != json!(DOCUMENT_VERSION) {
        // The flow's own reader says what is wrong with the version.
        return Err(read(&document).err().unwrap_or_else(|| not("it lacks \"flusso\": 1".to_owned())));
    }
    let (mut found, mut problems) = (Several::default(), Vec::new());
    for (name, member) in document.as_object().into_iter().flatten() {
        match (name.as_str(), member.as_array()) {
            ("flusso", _) => {}
            ("flows", Some(items)) => {
                for item in items {
                    read(&with_version(item)).map_or_else(|faults| problems.extend(faults), |flow| found.flows.push(flow));
                }
            }
            ("quick_replies", Some(items)) => {
                for (item, number) in items.iter().zip(1..) {
                    match serde_json::from_value(item.clone()) {
                        Ok(reply) => found.quick_replies.push(reply),
                        Err(error) => problems.extend(not(format!("quick reply {number}: {error}"))),
                    }
                }
            }
            ("flows" | "quick_replies", None) => problems.extend(not(format!("\"{name}\" is not a list"))),
            _ => problems.push(Problem::whole(Fault::UnknownMember(name.clone()))),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// A flow within others need not say the version again.
fn with_version(item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut().filter(|members| !members.contains_key("flusso")) {
        members.insert("flusso".to_owned(), json!(DOCUMENT_VERSION));
    }
    item
}

/// Writes a document of several, laid out for people. Reading it gives the same.
pub fn text(several: &Several) -> String {
    let mut members = Map::new();
    members.insert("flusso".to_owned(), json!(DOCUMENT_VERSION));
    if !several.flows.is_empty() {
        members.insert("flows".to_owned(), several.flows.iter().map(super::write).collect());
    }
    members.insert("quick_replies".to_owned(), json!(several.quick_replies));
    pretty::json(&Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = include_str!("../../../tests/documents/welcome.json");

    #[test]
    fn a_flow_alone_is_several_of_one() {
        let several = read_text(ONE).expect("a flow");
        assert_eq!((several.flows.len(), several.quick_replies.len()), (1, 0));
        assert_eq!(read_text(&text(&several)), Ok(several));
    }

    #[test]
    fn each_fault_is_told_with_what_it_stands_in() {
        let told = |text: &str| {
            let problems = read_text(text).expect_err("faults");
            problems.iter().map(|problem| problem.fault.to_string()).collect::<Vec<_>>().join(" ")
        };
        let wrong = told(
            r#"{"flusso": 1, "flows": [{"name": "x", "nodes": [{"id": "a", "kind": "dance"}]}], "quick_replies": [{"shortcut": "a"}], "theme": 1}"#,
        );
        for word in ["dance", "quick reply 1: missing field `text`", "theme"] {
            assert!(wrong.contains(word), "{word}: {wrong}");
        }
        assert!(told(r#"{"flusso": 9, "flows": []}"#).contains('9'));
        assert!(told(r#"{"flusso": 1, "quick_replies": {}}"#).contains("is not a list"));
    }
}
