//! What an edit does to the nodes of a draft and the ways between them. Values in, values out.

use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId, NodeKind};

fn index_of(draft: &Flow, id: &NodeId) -> Option<usize> {
    draft.nodes.iter().position(|node| node.id == *id)
}

/// The first of a node's exits: the one a chain goes on by.
fn first_exit(node: &Node) -> Option<String> {
    node.kind.exit_names().into_iter().next()
}

fn set_exit(node: &mut Node, exit: &str, to: Option<NodeId>) {
    match to {
        Some(to) => node.exits.insert(exit.to_owned(), Some(to)),
        None => node.exits.remove(exit),
    };
}

/// Puts a node at an exit of another; what followed there follows the new one.
pub fn insert_after(draft: &mut Flow, mut node: Node, after: &NodeId, exit: &str) {
    let Some(at) = index_of(draft, after) else { return append(draft, node) };
    let before = &mut draft.nodes[at];
    let names = before.kind.exit_names();
    let Some(exit) = names.iter().find(|name| *name == exit).or(names.first()).cloned() else { return append(draft, node) };
    let followed = before.exit(&exit).cloned();
    if let Some(first) = first_exit(&node) {
        set_exit(&mut node, &first, followed);
    }
    set_exit(before, &exit, Some(node.id.clone()));
    draft.nodes.insert(at + 1, node);
}

/// Lets a new keyword begin with the name of its flow, which no other flow is likely to have, where the flow does not listen to it yet.
pub fn word_of_its_own(node: &mut Node, draft: &Flow) {
    let name = draft.name.trim().to_lowercase();
    let has = |each: &Node| matches!(&each.kind, NodeKind::Keyword(keyword) if keyword.phrases.iter().any(|phrase| phrase.text == name));
    if name.is_empty() || draft.nodes.iter().any(has) {
        return;
    }
    if let NodeKind::Keyword(keyword) = &mut node.kind
        && let Some(phrase) = keyword.phrases.first_mut()
    {
        phrase.text = name;
    }
}

/// Puts a node at the end: after the last node that leads nowhere yet. A trigger leads to where the flow begins.
pub fn append(draft: &mut Flow, mut node: Node) {
    if node.kind.is_trigger() {
        let first =
            draft.start_node().cloned().or_else(|| draft.nodes.iter().find(|each| !each.kind.is_trigger()).map(|each| each.id.clone()));
        set_exit(&mut node, "next", first);
        let at = draft.nodes.iter().take_while(|each| each.kind.is_trigger()).count();
        draft.nodes.insert(at, node);
        return;
    }
    let loose = draft.nodes.iter_mut().rev().find(|each| each.exits.values().all(Option::is_none) && first_exit(each).is_some());
    if let Some(loose) = loose.filter(|_| first_exit(&node).is_some() || node.kind.word() == "end")
        && let Some(exit) = first_exit(loose)
    {
        set_exit(loose, &exit, Some(node.id.clone()));
    }
    draft.nodes.push(node);
}

/// Takes a node out; what led to it leads to where its first exit led.
pub fn remove(draft: &mut Flow, id: &NodeId) {
    let Some(at) = index_of(draft, id) else { return };
    let gone = draft.nodes.remove(at);
    let to = first_exit(&gone).and_then(|exit| gone.exit(&exit).cloned()).filter(|to| to != id);
    redirect(draft, id, to.as_ref());
    if draft.start.as_ref() == Some(id) {
        draft.start = to;
    }
}

/// What led to `from` leads to `to`, or nowhere.
fn redirect(draft: &mut Flow, from: &NodeId, to: Option<&NodeId>) {
    for node in &mut draft.nodes {
        let own = node.id.clone();
        for way in node.exits.values_mut().filter(|way| way.as_ref() == Some(from)) {
            *way = to.filter(|to| **to != own).cloned();
        }
        node.exits.retain(|_, way| way.is_some());
    }
}

/// Puts a node before the one that leads to it. Not before a trigger, and not where several or none lead to it.
pub fn move_up(draft: &mut Flow, id: &NodeId) -> bool {
    let leads = |node: &&Node| node.exits.values().any(|to| to.as_ref() == Some(id));
    let leading: Vec<NodeId> = draft.nodes.iter().filter(leads).map(|node| node.id.clone()).collect();
    let [before] = &leading[..] else { return false };
    let (Some(upper), Some(lower)) = (index_of(draft, before), index_of(draft, id)) else { return false };
    let Some(exit) = first_exit(&draft.nodes[lower]) else { return false };
    if draft.nodes[upper].kind.is_trigger() || upper == lower {
        return false;
    }
    let followed = draft.nodes[lower].exit(&exit).cloned();
    redirect_all(draft, before, id, lower);
    for way in draft.nodes[upper].exits.values_mut().filter(|way| way.as_ref() == Some(id)) {
        way.clone_from(&followed);
    }
    draft.nodes[upper].exits.retain(|_, way| way.is_some());
    set_exit(&mut draft.nodes[lower], &exit, Some(before.clone()));
    draft.nodes.swap(upper, lower);
    true
}

/// What led to `from` leads to `to`, the node at `but` left alone.
fn redirect_all(draft: &mut Flow, from: &NodeId, to: &NodeId, but: usize) {
    for (_, node) in draft.nodes.iter_mut().enumerate().filter(|(index, _)| *index != but) {
        node.exits.values_mut().filter(|way| way.as_ref() == Some(from)).for_each(|way| *way = Some(to.clone()));
    }
    if draft.start.as_ref() == Some(from) {
        draft.start = Some(to.clone());
    }
}

/// Puts a node after the one its first exit leads to.
pub fn move_down(draft: &mut Flow, id: &NodeId) -> bool {
    let node = draft.node(id).filter(|node| !node.kind.is_trigger());
    let next = node.and_then(|node| node.exit(&first_exit(node)?).cloned());
    next.is_some_and(|next| move_up(draft, &next))
}

/// Puts a copy of a node after it.
pub fn copy(draft: &mut Flow, id: &NodeId, fresh: &NodeId) {
    let Some(at) = index_of(draft, id) else { return };
    let twin = Node { id: fresh.clone(), x: None, y: None, ..draft.nodes[at].clone() };
    if let Some(exit) = first_exit(&twin).filter(|_| !twin.kind.is_trigger()) {
        set_exit(&mut draft.nodes[at], &exit, Some(fresh.clone()));
    }
    draft.nodes.insert(at + 1, twin);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;
    use serde_json::{Value, json};

    fn flow(nodes: Value) -> Flow {
        document::read(&json!({"flusso": 1, "name": "x", "nodes": nodes})).unwrap()
    }

    fn chain() -> Flow {
        flow(json!([
            {"id": "k1", "kind": "keyword", "phrases": [{"text": "a", "match": "exact"}], "exits": {"next": "m1"}},
            {"id": "m1", "kind": "message", "text": "1", "exits": {"next": "m2"}},
            {"id": "m2", "kind": "message", "text": "2", "exits": {"next": "m3"}},
            {"id": "m3", "kind": "message", "text": "3"},
        ]))
    }

    fn ways(flow: &Flow) -> Vec<String> {
        let way =
            |node: &Node| node.exits.iter().map(|(exit, to)| format!("{}.{exit}>{}", node.id, to.as_ref().unwrap())).collect::<Vec<_>>();
        flow.nodes.iter().flat_map(way).collect()
    }

    fn message(id: &str) -> Node {
        flow(json!([{"id": id, "kind": "message", "text": "n"}])).nodes.remove(0)
    }

    #[test]
    fn a_new_node_stands_between() {
        let mut flow = chain();
        insert_after(&mut flow, message("n"), &NodeId("m1".to_owned()), "next");
        assert_eq!(ways(&flow), ["k1.next>m1", "m1.next>n", "n.next>m2", "m2.next>m3"]);
    }

    #[test]
    fn a_node_at_the_end_follows_the_last() {
        let mut flow = chain();
        append(&mut flow, message("n"));
        assert_eq!(ways(&flow), ["k1.next>m1", "m1.next>m2", "m2.next>m3", "m3.next>n"]);
    }

    #[test]
    fn what_led_to_a_deleted_node_leads_on() {
        let mut flow = chain();
        remove(&mut flow, &NodeId("m2".to_owned()));
        assert_eq!(ways(&flow), ["k1.next>m1", "m1.next>m3"]);
        remove(&mut flow, &NodeId("m3".to_owned()));
        assert_eq!(ways(&flow), ["k1.next>m1"]);
    }

    #[test]
    fn up_and_down_change_places_and_stop_at_the_trigger() {
        let mut flow = chain();
        assert!(move_up(&mut flow, &NodeId("m2".to_owned())));
        assert_eq!(ways(&flow), ["k1.next>m2", "m2.next>m1", "m1.next>m3"]);
        assert!(!move_up(&mut flow, &NodeId("m2".to_owned())));
        assert!(move_down(&mut flow, &NodeId("m2".to_owned())));
        assert_eq!(ways(&flow), ways(&chain()));
        assert!(!move_down(&mut flow, &NodeId("m3".to_owned())));
    }

    #[test]
    fn a_copy_follows_its_original() {
        let mut flow = chain();
        copy(&mut flow, &NodeId("m1".to_owned()), &NodeId("m9".to_owned()));
        assert_eq!(ways(&flow), ["k1.next>m1", "m1.next>m9", "m9.next>m2", "m2.next>m3"]);
    }
}
