//! The flow document: JSON as people and other programs write it, to a `Flow` and back (interface.md 3).

pub mod pretty;
pub mod several;
mod upgrade;

use super::flow::{Flow, Reentry};
use super::node::{Exits, Node, NodeId, NodeKind};
use super::problem::{Fault, Problem};
use crate::base::limits::NODES_PER_FLOW_MAX;
use crate::base::time::Span;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The version of the flow document that this program writes.
pub const DOCUMENT_VERSION: u64 = 1;

/// Reads a flow document. Every fault that reading alone can find is told, each at its node; what the nodes mean together is
/// `engine::check`'s.
pub fn read(document: &Value) -> Result<Flow, Vec<Problem>> {
    let Some(members) = document.as_object() else {
        return Err(vec![Problem::whole(Fault::NotADocument("it is not a JSON object".to_owned()))]);
    };
    let version = version_of(members).map_err(|fault| vec![Problem::whole(fault)])?;
    let mut reader = Reader { members: members.clone(), node: None, problems: Vec::new() };
    if version < DOCUMENT_VERSION {
        upgrade::to_newest(&mut reader.members, version);
    }
    reader.members.shift_remove("flusso");
    // Where the schema lies is a word for the editor that the document was written in.
    reader.members.shift_remove("$schema");
    let flow = reader.flow();
    if reader.problems.is_empty() { Ok(flow) } else { Err(reader.problems) }
}

/// The version that a document says, where this program can read it.
fn version_of(members: &Map<String, Value>) -> Result<u64, Fault> {
    match members.get("flusso").and_then(Value::as_u64) {
        Some(version) if version <= DOCUMENT_VERSION => Ok(version),
        Some(version) => Err(Fault::NewerDocument(version)),
        None => Err(Fault::NotADocument("it lacks \"flusso\": 1".to_owned())),
    }
}

/// Reads a member into its type, or says which part of it is not as it should be, and why. The member of a name, or the whole.
fn into_type<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (path, why) = (error.path().to_string(), error.inner().to_string());
        let part = path.trim_matches(|c| c == '.' || c == '?');
        let gap = if name.is_empty() || part.is_empty() || part.starts_with('[') { "" } else { "." };
        if name.is_empty() && part.is_empty() { why } else { format!("\"{name}{gap}{part}\": {why}") }
    })
}

/// Reads a flow document from text.
pub fn read_text(text: &str) -> Result<Flow, Vec<Problem>> {
    let document =
        serde_json::from_str(text).map_err(|error| vec![Problem::whole(Fault::NotADocument(format!("it is not JSON ({error})")))])?;
    read(&document)
}

/// Writes a flow document. Reading it gives the same flow.
pub fn write(flow: &Flow) -> Value {
    let mut members = Map::new();
    members.insert("flusso".to_owned(), json!(DOCUMENT_VERSION));
    members.insert("name".to_owned(), json!(flow.name));
    match &flow.reentry {
        Reentry::Keep => members.insert("reentry".to_owned(), json!("keep")),
        Reentry::Restart => members.insert("reentry".to_owned(), json!("restart")),
        Reentry::Once(after) => {
            if let Some(after) = after {
                members.insert("reentry_after".to_owned(), json!(after));
            }
            members.insert("reentry".to_owned(), json!("once"))
        }
        Reentry::Parallel(key) => {
            members.insert("reentry_key".to_owned(), json!(key));
            members.insert("reentry".to_owned(), json!("parallel"))
        }
    };
    put(&mut members, "start", flow.start.as_ref());
    put(&mut members, "category", flow.category.as_ref());
    put(&mut members, "about", flow.about.as_ref());
    put(&mut members, "questions", some_list(&flow.questions));
    put(&mut members, "talks", some_list(&flow.talks));
    put(&mut members, "leave_when", some_list(&flow.leave_when));
    members.insert("nodes".to_owned(), flow.nodes.iter().map(write_node).collect());
    Value::Object(members)
}

/// Writes one node as it stands in a document.
pub fn write_node(node: &Node) -> Value {
    let mut members = Map::new();
    members.insert("id".to_owned(), json!(node.id));
    members.insert("kind".to_owned(), json!(node.kind.word()));
    put(&mut members, "title", node.title.as_ref());
    if let Value::Object(own) = json!(node.kind) {
        members.extend(own);
    }
    put(&mut members, "note", node.note.as_ref());
    put(&mut members, "x", node.x.as_ref());
    put(&mut members, "y", node.y.as_ref());
    if !node.exits.is_empty() {
        members.insert("exits".to_owned(), json!(node.exits));
    }
    Value::Object(members)
}

fn put<T: Serialize>(members: &mut Map<String, Value>, name: &str, value: Option<&T>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), json!(value));
    }
}

fn some_list<T>(list: &Vec<T>) -> Option<&Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Takes the members of one object apart, noting what is wrong with each.
struct Reader {
    members: Map<String, Value>,
    node: Option<NodeId>,
    problems: Vec<Problem>,
}

impl Reader {
    fn fault(&mut self, fault: Fault) {
        self.problems.push(Problem { node: self.node.clone(), fault });
    }

    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.members.shift_remove(name).filter(|value| !value.is_null())?;
        match into_type(name, value) {
            Ok(read) => Some(read),
            Err(error) => {
                self.fault(Fault::BadMember(error));
                None
            }
        }
    }

    fn flow(&mut self) -> Flow {
        let name = self.take::<String>("name").map(|name| name.trim().to_owned()).unwrap_or_default();
        if name.is_empty() {
            self.fault(Fault::NoName);
        }
        let reentry = self.reentry();
        let flow = Flow {
            name,
            reentry,
            start: self.take("start"),
            category: self.take("category"),
            about: self.take("about"),
            questions: self.take("questions").unwrap_or_default(),
            talks: self.take("talks").unwrap_or_default(),
            leave_when: self.take("leave_when").unwrap_or_default(),
            nodes: self.nodes(),
        };
        let unknown: Vec<String> = self.members.keys().cloned().collect();
        for name in unknown {
            self.fault(Fault::UnknownMember(name));
        }
        flow
    }

    fn reentry(&mut self) -> Reentry {
        let word: Option<String> = self.take("reentry");
        let after: Option<Span> = self.take("reentry_after");
        let key: Option<String> = self.take("reentry_key");
        match (word.as_deref(), key) {
            (None | Some("keep"), _) => Reentry::Keep,
            (Some("restart"), _) => Reentry::Restart,
            (Some("once"), _) => Reentry::Once(after),
            (Some("parallel"), Some(key)) => Reentry::Parallel(key),
            (Some("parallel"), None) => {
                self.fault(Fault::BadMember("\"reentry\": parallel needs \"reentry_key\", the name of a value".to_owned()));
                Reentry::Keep
            }
            (Some(_), _) => {
                self.fault(Fault::BadMember("\"reentry\": it is keep, restart, once or parallel".to_owned()));
                Reentry::Keep
            }
        }
    }

    fn nodes(&mut self) -> Vec<Node> {
        let list: Vec<Value> = self.take("nodes").unwrap_or_default();
        if list.len() > NODES_PER_FLOW_MAX {
            self.fault(Fault::TooManyNodes(list.len()));
            return Vec::new();
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(list.len());
        for value in list {
            let node = match value {
                Value::Object(members) => read_node(members, &mut self.problems),
                _ => {
                    self.fault(Fault::BadMember("\"nodes\": each is a JSON object".to_owned()));
                    None
                }
            };
            let Some(node) = node else { continue };
            if nodes.iter().any(|other| other.id == node.id) {
                self.problems.push(Problem::at(&node.id, Fault::SameNodeId(node.id.0.clone())));
            }
            nodes.push(node);
        }
        nodes
    }
}

/// Reads one node of a document; what is wrong is added to `problems`.
pub fn read_node(members: Map<String, Value>, problems: &mut Vec<Problem>) -> Option<Node> {
    let id = members.get("id").and_then(Value::as_str).map(str::trim).filter(|id| !id.is_empty() && id.len() <= 64);
    let Some(id) = id.map(|id| NodeId(id.to_owned())) else {
        problems.push(Problem::whole(Fault::NoNodeId));
        return None;
    };
    let mut reader = Reader { members, node: Some(id.clone()), problems: Vec::new() };
    reader.members.shift_remove("id");
    let word: String = reader.take("kind").unwrap_or_default();
    let exits: Exits = reader.take("exits").unwrap_or_default();
    let (title, note) = (reader.take("title"), reader.take("note"));
    let (x, y) = (reader.take("x"), reader.take("y"));
    let own = Value::Object(std::mem::take(&mut reader.members));
    let kind = match read_kind(&word, own) {
        Some(Ok(kind)) => Some(kind),
        Some(Err(error)) => {
            reader.fault(Fault::BadMember(error));
            None
        }
        None => {
            reader.fault(Fault::UnknownKind(word));
            None
        }
    };
    problems.append(&mut reader.problems);
    Some(Node { id, kind: kind?, exits, title, note, x, y })
}

fn read_kind(word: &str, own: Value) -> Option<Result<NodeKind, String>> {
    fn read<T: DeserializeOwned>(own: Value) -> Result<T, String> {
        into_type("", own)
    }
    Some(match word {
        "keyword" => read(own).map(NodeKind::Keyword),
        "event" => read(own).map(NodeKind::Event),
        "message" => read(own).map(NodeKind::Message),
        "wait" => read(own).map(NodeKind::Wait),
        "condition" => read(own).map(NodeKind::Condition),
        "save" => read(own).map(NodeKind::Save),
        "api" => read(own).map(NodeKind::Api),
        "launch" => read(own).map(NodeKind::Launch),
        "split" => read(own).map(NodeKind::Split),
        "handover" => read(own).map(NodeKind::Handover),
        "notify" => read(own).map(NodeKind::Notify),
        "note" => read(own).map(NodeKind::Note),
        "end" => read(own).map(NodeKind::End),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: [&str; 3] = [
        include_str!("../../tests/documents/welcome.json"),
        include_str!("../../tests/documents/order-status.json"),
        include_str!("../../tests/documents/quote-follow-up.json"),
    ];

    #[test]
    fn a_document_reads_back_as_it_was_written() {
        for text in EXAMPLES {
            let flow = read_text(text).expect("a flow");
            assert_eq!(read(&write(&flow)), Ok(flow));
        }
    }

    #[test]
    fn an_unknown_member_is_refused_by_name_at_its_node() {
        let mut document: Value = serde_json::from_str(EXAMPLES[0]).expect("JSON");
        document["nodes"][1]["colour"] = json!("red");
        document["theme"] = json!("dark");
        let problems = read(&document).expect_err("two unknown members");
        let told: Vec<_> = problems.iter().map(|problem| (problem.node.clone(), problem.fault.to_string())).collect();
        assert!(told[0].1.contains("colour") && told[0].0 == Some(NodeId("m1".to_owned())), "{told:?}");
        assert!(told[1].1.contains("theme") && told[1].0.is_none(), "{told:?}");
    }

    #[test]
    fn a_document_of_a_newer_program_is_refused_with_its_version() {
        let problems = read(&json!({"flusso": 7, "name": "x", "nodes": []})).expect_err("newer");
        assert_eq!(problems[0].fault, Fault::NewerDocument(7));
    }
}
