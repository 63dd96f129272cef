//! A document as people read it: one thing in a line where it fits, and the lines of a talk one under another.

use super::write;
use crate::model::flow::Flow;
use serde_json::Value;

/// The longest line: what a wide editor shows without scrolling.
const WIDTH: usize = 160;

/// A flow document for a file: the same document as `write` gives, always in the same bytes, ending with a line end.
pub fn text(flow: &Flow) -> String {
    json(&document(flow))
}

/// The same document with the talks as lists of lines.
pub(super) fn document(flow: &Flow) -> Value {
    let mut document = write(flow);
    for talk in document.get_mut("talks").and_then(Value::as_array_mut).into_iter().flatten() {
        let lines = talk["script"].as_str().filter(|script| script.ends_with('\n')).map(lines_of);
        if let Some(lines) = lines {
            talk["script"] = lines;
        }
    }
    document
}

fn lines_of(script: &str) -> Value {
    script.lines().map(Value::from).collect()
}

/// Any JSON, laid out so: the outermost thing over several lines, what fits in one line in one.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    broken(&mut out, value, 0);
    out.push('\n');
    out
}

fn put(out: &mut String, value: &Value, depth: usize, before: usize) {
    let line = inline(value);
    let fits = 2 * depth + before + line.chars().count() < WIDTH;
    if fits { out.push_str(&line) } else { broken(out, value, depth) }
}

/// Over several lines, one for each thing in it; what is not made of things stays as it is, however long.
fn broken(out: &mut String, value: &Value, depth: usize) {
    let mut separator = "";
    let mut begin = |out: &mut String| {
        out.push_str(separator);
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        separator = ",";
    };
    let close = match value {
        Value::Array(items) => {
            out.push('[');
            for item in items {
                begin(out);
                put(out, item, depth + 1, 0);
            }
            "]"
        }
        Value::Object(members) => {
            out.push('{');
            for (name, member) in members {
                begin(out);
                let name = format!("{}: ", Value::from(name.as_str()));
                out.push_str(&name);
                // Nodes and talks are read one by one, so their list never shares a line.
                if depth == 0 && member.as_array().is_some_and(|items| items.iter().any(Value::is_object)) {
                    broken(out, member, 1);
                } else {
                    put(out, member, depth + 1, name.chars().count());
                }
            }
            "}"
        }
        other => return out.push_str(&other.to_string()),
    };
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push_str(close);
}

fn inline(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[ {} ]", items.join(", "))
        }
        Value::Object(members) if !members.is_empty() => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_fits_stands_in_one_line_and_reads_back() {
        let value =
            json!({"flusso": 1, "nodes": [{"id": "m1", "exits": {"next": null}}, {"id": "m2", "text": "x".repeat(200), "empty": []}]});
        let text = json(&value);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..4], ["{", "  \"flusso\": 1,", "  \"nodes\": [", "    { \"id\": \"m1\", \"exits\": { \"next\": null } },"]);
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }

    #[test]
    fn a_talk_is_written_line_by_line_and_reads_back() {
        let document = json!({"flusso": 1, "name": "x", "talks": [{"name": "t", "script": "> keyword \"a\"\n< done\n"}], "nodes": []});
        let flow = super::super::read(&document).expect("a flow");
        let text = text(&flow);
        assert!(text.contains("\"script\": [ \"> keyword \\\"a\\\"\", \"< done\" ]"), "{text}");
        assert_eq!(super::super::read_text(&text), Ok(flow));
    }
}
