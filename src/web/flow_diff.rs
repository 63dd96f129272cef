//! What sets two versions of a flow apart: node by node, member by member, and line by line of their JSON. Where a node is drawn is
//! part of no version, and the order in which nodes stand says nothing.

use crate::model::document;
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId};
use serde::Serialize;
use serde_json::{Map, Value};

/// Beyond this many pairs of lines two texts are shown one after the other: comparing them would cost more than it tells.
const PAIRS_MAX: usize = 400_000;

/// What happened to a node, or to the flow's own members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Some of its members say something else.
    Changed,
}

/// One difference.
#[derive(Clone, Debug)]
pub struct Difference {
    /// At which node; `None` is the flow itself.
    pub node: Option<NodeId>,
    /// What happened.
    pub what: Happened,
    /// The members that say something else, by the words of the document.
    pub members: Vec<String>,
    /// The JSON before and after, line by line.
    pub lines: Vec<Line>,
}

/// A line of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// It stands in both.
    Same(String),
    /// It stands in the older only.
    Gone(String),
    /// It stands in the newer only.
    New(String),
}

/// Everything in which two versions differ: the flow's own members first, then the nodes of the newer in their order, then those that
/// are gone.
pub fn compare(old: &Flow, new: &Flow) -> Vec<Difference> {
    let mut all = Vec::new();
    all.extend(changed(None, &own(old), &own(new)));
    for node in &new.nodes {
        match old.node(&node.id) {
            Some(before) => all.extend(changed(Some(&node.id), &members(before), &members(node))),
            None => all.push(whole(&node.id, Happened::Added, &members(node))),
        }
    }
    let gone = old.nodes.iter().filter(|node| new.node(&node.id).is_none());
    all.extend(gone.map(|node| whole(&node.id, Happened::Removed, &members(node))));
    all
}

/// The members of the flow itself.
fn own(flow: &Flow) -> Map<String, Value> {
    let mut members = document::write(flow).as_object().cloned().unwrap_or_default();
    members.shift_remove("nodes");
    members.shift_remove("flusso");
    members
}

/// The members of a node, without its place on the drawing.
fn members(node: &Node) -> Map<String, Value> {
    let mut members = document::write_node(node).as_object().cloned().unwrap_or_default();
    for place in ["x", "y"] {
        members.shift_remove(place);
    }
    members
}

fn changed(node: Option<&NodeId>, old: &Map<String, Value>, new: &Map<String, Value>) -> Option<Difference> {
    let mut names: Vec<String> = new.iter().filter(|(name, value)| old.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect();
    names.extend(old.keys().filter(|name| !new.contains_key(*name)).cloned());
    if names.is_empty() {
        return None;
    }
    Some(Difference { node: node.cloned(), what: Happened::Changed, members: names, lines: lines(&pretty(old), &pretty(new)) })
}

fn whole(node: &NodeId, what: Happened, members: &Map<String, Value>) -> Difference {
    let text = pretty(members);
    let line = |line: &str| if what == Happened::Added { Line::New(line.to_owned()) } else { Line::Gone(line.to_owned()) };
    Difference { node: Some(node.clone()), what, members: Vec::new(), lines: text.lines().map(line).collect() }
}

fn pretty(members: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(members).unwrap_or_default()
}

/// Two texts line by line, with as many lines as possible in both.
fn lines(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (gone, fresh) = (|line: &&str| Line::Gone((*line).to_owned()), |line: &&str| Line::New((*line).to_owned()));
    if old.len() * new.len() > PAIRS_MAX {
        return old.iter().map(gone).chain(new.iter().map(fresh)).collect();
    }
    // How many lines are common to what is left of both, from each pair of places on.
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::with_capacity(old.len().max(new.len())));
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            all.push(Line::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if common[i + 1][j] >= common[i][j + 1] {
            all.push(gone(&old[i]));
            i += 1;
        } else {
            all.push(fresh(&new[j]));
            j += 1;
        }
    }
    all.extend(old[i..].iter().map(gone));
    all.extend(new[j..].iter().map(fresh));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(nodes: &str) -> Flow {
        document::read_text(&format!(r#"{{"flusso":1,"name":"x","nodes":[{nodes}]}}"#)).expect("a flow")
    }

    fn told(old: &str, new: &str) -> Vec<(String, Happened, Vec<String>)> {
        let all = compare(&flow(old), &flow(new));
        all.into_iter().map(|each| (each.node.map(|node| node.0).unwrap_or_default(), each.what, each.members)).collect()
    }

    #[test]
    fn nodes_are_compared_by_their_ids_whatever_their_order_and_place() {
        let (one, two) = (r#"{"id":"m1","kind":"message","text":"a"}"#, r#"{"id":"m2","kind":"message","text":"b"}"#);
        let moved = r#"{"id":"m1","kind":"message","text":"a","x":40.0,"y":2.0}"#;
        assert_eq!(told(&format!("{one},{two}"), &format!("{two},{moved}")), []);
        let edited = r#"{"id":"m1","kind":"message","text":"A","title":"Saluto"}"#;
        assert_eq!(
            told(&format!("{one},{two}"), &format!("{edited},{{\"id\":\"e1\",\"kind\":\"end\"}}")),
            [
                ("m1".to_owned(), Happened::Changed, vec!["title".to_owned(), "text".to_owned()]),
                ("e1".to_owned(), Happened::Added, vec![]),
                ("m2".to_owned(), Happened::Removed, vec![]),
            ]
        );
    }

    #[test]
    fn the_flows_own_members_are_compared_too() {
        let (old, mut new) = (flow(""), flow(""));
        new.reentry = crate::model::flow::Reentry::Restart;
        let all = compare(&old, &new);
        assert_eq!((all.len(), all[0].node.clone(), all[0].members.clone()), (1, None, vec!["reentry".to_owned()]));
    }

    #[test]
    fn lines_that_stand_in_both_stay() {
        let told = lines("a\nb\nc", "a\nx\nc\nd");
        let text = |line: &str| line.to_owned();
        assert_eq!(told, [Line::Same(text("a")), Line::Gone(text("b")), Line::New(text("x")), Line::Same(text("c")), Line::New(text("d"))]);
    }
}
