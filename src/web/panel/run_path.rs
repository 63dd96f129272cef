//! The way of one run: which nodes and exits it passed, for the drawing, and what would follow where its way forks.

use super::super::flow_map::{Marks, Passed};
use super::super::node_words::{Speaker, cut};
use super::super::runs::{Entry, Way, WayLine};
use super::super::words::Language;
use super::standing::{node_of, said};
use crate::engine::forecast::{Branch, Fork};
use crate::model::action::{Action, ActionSource, ActionState};
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId};
use crate::model::run::{Origin, Run};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a line of a branch.
const LINE_CHARS: usize = 90;

/// How the run stands at each node, the last visit counting, and the exits it took.
pub fn marks(flow: &Flow, run: &Run, actions: &[Action]) -> Marks {
    let mut passed: BTreeMap<NodeId, Passed> = BTreeMap::new();
    let done: Vec<&Action> = actions.iter().filter(|action| action.source == ActionSource::Done && action.kind != "start").collect();
    let trigger = if let Origin::Trigger(trigger) = &run.origin { Some(trigger) } else { None };
    if let Some(trigger) = trigger {
        passed.insert(trigger.clone(), Passed::Done);
    }
    for action in &done {
        let how = match action.state {
            ActionState::Failed => Passed::Failed,
            ActionState::Skipped | ActionState::Removed => Passed::Skipped,
            _ => Passed::Done,
        };
        passed.insert(action.id.node.clone(), how);
    }
    if let Some(node) = node_of(&run.phase) {
        passed.insert(node.clone(), Passed::Now);
    }
    Marks { passed, taken: taken(flow, trigger, &done, node_of(&run.phase)), ..Marks::default() }
}

/// The exits that led from each node to the next one: what was told of a visit, or else the first exit that leads there. A press leaves
/// by the exit of the message that had the button.
fn taken(flow: &Flow, trigger: Option<&NodeId>, done: &[&Action], here: Option<&NodeId>) -> BTreeSet<(NodeId, String)> {
    let mut taken = BTreeSet::new();
    let mut from = trigger;
    let mut told: Option<&str> = None;
    let mut sent: Vec<&Node> = Vec::new();
    for (to, action) in done.iter().map(|action| (&action.id.node, Some(*action))).chain(here.map(|here| (here, None))) {
        if let Some(node) = from.and_then(|from| flow.node(from)) {
            let pressed = told.and_then(|told| told.strip_prefix("pressed "));
            let asker = pressed.and_then(|choice| sent.iter().rev().find(|node| node.exit(choice) == Some(to)));
            let found = match (asker, pressed) {
                (Some(asker), Some(choice)) => Some((asker.id.clone(), choice.to_owned())),
                _ => exit_to(node, told, to).map(|exit| (node.id.clone(), exit)),
            };
            taken.extend(found);
        }
        (from, told) = (Some(to), action.and_then(|action| action.result.as_deref()));
        sent.extend(flow.node(to).filter(|node| node.kind.word() == "message"));
    }
    taken
}

fn exit_to(node: &Node, told: Option<&str>, to: &NodeId) -> Option<String> {
    let leads = |exit: &str| node.exit(exit) == Some(to);
    let named = told.filter(|told| leads(told)).map(str::to_owned);
    let usual = ["next", "elapsed"].into_iter().find(|exit| leads(exit)).map(str::to_owned);
    named.or(usual).or_else(|| node.exits.keys().find(|exit| leads(exit)).cloned())
}

/// The ways out of a line of the forecast, in words; `foreseen` tells of an action on one of them.
pub fn ways(flow: &Flow, forks: &[Fork], line: &Action, w: Language, foreseen: impl Fn(&Action) -> Entry) -> Vec<Way> {
    let Some(fork) = forks.iter().find(|fork| fork.line == line.id) else {
        let node = flow.node(&line.id.node);
        return line
            .branches
            .iter()
            .map(|exit| Way { label: exit_word(node, exit, w), followed: false, lines: Vec::new(), ends: false })
            .collect();
    };
    fork.branches.iter().map(|branch| way(flow, line, branch, w, &foreseen)).collect()
}

fn way(flow: &Flow, line: &Action, branch: &Branch, w: Language, foreseen: &impl Fn(&Action) -> Entry) -> Way {
    let node = flow.node(&branch.node);
    let told = |action: &Action| WayLine {
        said: cut(&said(flow, action, w), LINE_CHARS),
        entry: Entry { place: format!("{}-{}-{}", line.id, branch.exit, action.id), ..foreseen(action) },
    };
    let mut lines: Vec<WayLine> = branch.next.iter().map(told).collect();
    // What is not decided yet stands there once for itself and once for where it leads.
    lines.dedup_by(|next, first| next.said == first.said);
    Way {
        label: exit_word(node, &branch.exit, w),
        followed: branch.followed,
        lines,
        ends: !branch.followed && node.is_some_and(|node| node.exit(&branch.exit).is_none()),
    }
}

fn exit_word(node: Option<&Node>, exit: &str, w: Language) -> String {
    node.map_or_else(|| exit.to_owned(), |node| Speaker::new(w).exit(node, exit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::action::ActionId;
    use crate::model::document;

    fn done(node: &str, visit: u32, result: &str) -> Action {
        Action {
            id: ActionId { node: NodeId(node.to_owned()), visit },
            kind: "message",
            state: ActionState::Done,
            due: None,
            text: String::new(),
            source: ActionSource::Done,
            changed: None,
            result: Some(result.to_owned()),
            branches: Vec::new(),
        }
    }

    #[test]
    fn the_exits_that_were_taken_are_lit_and_no_other() {
        let flow = document::read_text(
            r#"{"flusso": 1, "name": "x", "nodes": [
            {"id": "m1", "kind": "message", "text": "a", "buttons": [{"id": "yes", "title": "Sì"}], "exits": {"next": "w1", "yes": "m3"}},
            {"id": "w1", "kind": "wait", "for": "1d", "reply": {}, "exits": {"elapsed": "m2", "replied": "m3"}},
            {"id": "m2", "kind": "message", "text": "b", "exits": {"next": "w1"}},
            {"id": "m3", "kind": "message", "text": "c"}]}"#,
        )
        .expect("a flow");
        let lit = |history: &[Action]| {
            let all: Vec<&Action> = history.iter().collect();
            taken(&flow, None, &all, None).into_iter().map(|(node, exit)| format!("{node}.{exit}")).collect::<Vec<_>>()
        };
        let silent =
            [done("m1", 1, "read"), done("w1", 1, "elapsed"), done("m2", 1, "sent"), done("w1", 2, "replied"), done("m3", 1, "sent")];
        assert_eq!(lit(&silent), ["m1.next", "m2.next", "w1.elapsed", "w1.replied"]);
        let pressed = [done("m1", 1, "read"), done("w1", 1, "pressed yes"), done("m3", 1, "sent")];
        assert_eq!(lit(&pressed), ["m1.next", "m1.yes"]);
        let one_way = [done("w1", 1, "replied"), done("m2", 1, "sent")];
        let both = document::read_text(
            r#"{"flusso": 1, "name": "y", "nodes": [
            {"id": "w1", "kind": "wait", "for": "1d", "reply": {}, "exits": {"elapsed": "m2", "replied": "m2"}},
            {"id": "m2", "kind": "message", "text": "b"}]}"#,
        )
        .expect("a flow");
        let found = taken(&both, None, &one_way.iter().collect::<Vec<_>>(), None);
        assert_eq!(found, BTreeSet::from([(NodeId("w1".to_owned()), "replied".to_owned())]), "of two exits to one place, the one it took");
    }
}
