//! What a blueprint needs before it can run, read from its nodes: `channel any`, `business_hours`, `consent`, `start_address`, `api`, `staff`, `file`,
//! and by name `flow`, `template`, `field` and `tag`.

use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::model::node::{NodeKind, WindowClosed};
use serde_json::Value;
use std::collections::BTreeSet;

/// The list, in a fixed order.
pub fn of(flow: &Flow) -> Vec<String> {
    let text = document::write(flow)["nodes"].to_string() + &serde_json::json!(flow.leave_when).to_string();
    let mut needs: Vec<String> = Vec::new();
    let mut put = |wanted: bool, word: &str| needs.extend(wanted.then(|| word.to_owned()));
    // What a channel cannot show degrades, and templates are for WhatsApp alone: no blueprint wants a kind of its own.
    put(true, "channel any");
    let callback = text.contains("\"callback\":true");
    put(callback || !flow.nodes.iter().any(|node| node.kind.is_trigger()), "start_address");
    put(text.contains("business_hours"), "business_hours");
    // Where the permission is asked for, nobody needs to have given it before.
    put(text.contains("contact.consent") && !text.contains("\"consent\":\"opted_in\""), "consent");
    put(text.contains("\"kind\":\"api\""), "api");
    put(text.contains("ask.staff"), "staff");
    put(flow.questions.iter().any(|question| serde_json::json!(question.kind) == "file"), "file");
    let named = |word: &str, names: BTreeSet<String>| names.into_iter().map(move |name| format!("{word} {name}")).collect::<Vec<_>>();
    let (mut flows, mut templates, mut tags) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for node in &flow.nodes {
        match &node.kind {
            NodeKind::Launch(launch) => flows.extend(launch.flow.iter().map(ToString::to_string)),
            NodeKind::Message(message) => {
                if let Some(WindowClosed::Template(template)) = &message.window_closed {
                    templates.insert(template.name.clone());
                }
            }
            NodeKind::Save(save) => tags.extend(save.add_tags.iter().chain(&save.remove_tags).cloned()),
            NodeKind::Event(event) => tags.extend(event.tag.clone()),
            NodeKind::Wait(wait) => tags.extend(wait.met.iter().filter_map(|met| met.tag.clone())),
            _ => {}
        }
    }
    tags.extend(
        flow.leave_when
            .iter()
            .filter(|rule| rule.value == "contact.tags")
            .filter_map(|rule| rule.to.as_ref())
            .map(ToString::to_string)
            .filter(|tag| !tag.contains("{{")),
    );
    needs.extend(named("flow", flows));
    needs.extend(named("template", templates));
    needs.extend(named("field", fields(&text)));
    needs.extend(named("tag", tags));
    needs
}

fn fields(text: &str) -> BTreeSet<String> {
    let word = |piece: &str| piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    text.split("contact.fields.").skip(1).map(word).collect()
}

/// Whether a document lists what another reader of it would look for first.
#[test]
fn needs_are_read_from_the_nodes() {
    let document: Value = serde_json::json!({"flusso": 1, "name": "x", "nodes": [
        {"id": "a", "kind": "api", "method": "GET", "url": "https://a.example", "save": [{"path": "$.x", "to": "contact.fields.city"}]},
        {"id": "b", "kind": "save", "add_tags": ["vip"]}
    ]});
    let flow = document::read(&document).expect("a flow");
    assert_eq!(of(&flow), ["channel any", "start_address", "api", "field city", "tag vip"]);
}
