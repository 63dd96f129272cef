//! The numbers of a flow: at each node who came, went on, waits and left, in a window of time; and the funnel drawn of them.

use super::node_words::{self, Speaker};
use super::page::{Chrome, Markup, escape};
use super::words::Language;
use crate::model::count::Counts;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use askama::Template;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A stretch of time that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Window {
    /// Who is there.
    #[serde(rename = "now")]
    Now,
    /// Today and the six days before.
    #[serde(rename = "7d")]
    Week,
    /// Today and the 29 days before.
    #[serde(rename = "30d")]
    Month,
    /// Since ever.
    #[default]
    #[serde(rename = "all")]
    All,
}

impl Window {
    /// Every window, the shortest first.
    pub const EACH: [Window; 4] = [Window::Now, Window::Week, Window::Month, Window::All];

    /// Its word in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Window::Now => "now",
            Window::Week => "7d",
            Window::Month => "30d",
            Window::All => "all",
        }
    }

    /// The window of a word; all time for any other.
    pub fn of_word(word: &str) -> Window {
        Window::EACH.into_iter().find(|window| window.word() == word).unwrap_or_default()
    }

    /// Its days, today included; none is since ever.
    pub const fn days(self) -> Option<i64> {
        match self {
            Window::Now => Some(1),
            Window::Week => Some(7),
            Window::Month => Some(30),
            Window::All => None,
        }
    }
}

/// The numbers of a node. In every window but "now", before + arrived = exits + waiting + left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NodeNumbers {
    /// Who stood there when the window began.
    pub before: u64,
    /// Who came.
    pub arrived: u64,
    /// Who went on, by exit.
    pub exits: BTreeMap<String, u64>,
    /// Presses of its buttons, after they went on.
    pub pressed: BTreeMap<String, u64>,
    /// Who stands there now.
    pub waiting: u64,
    /// Who left there.
    pub left: u64,
}

/// Counts and those who wait, put together. "Now" has only those who wait.
pub fn numbers(counted: BTreeMap<NodeId, Counts>, waiting: &BTreeMap<NodeId, u64>, window: Window) -> BTreeMap<NodeId, NodeNumbers> {
    let mut counted = counted;
    let nodes: BTreeSet<NodeId> = counted.keys().chain(waiting.keys()).cloned().collect();
    let each = nodes.into_iter().map(|node| {
        let waiting = waiting.get(&node).copied().unwrap_or(0);
        let counts = counted.remove(&node).filter(|_| window != Window::Now).unwrap_or_default();
        let gone = counts.went_on() + counts.left;
        let before = if window == Window::Now { 0 } else { (gone + waiting).saturating_sub(counts.arrived) };
        let Counts { arrived, left, exits, pressed } = counts;
        (node, NodeNumbers { before, arrived, exits, pressed, waiting, left })
    });
    each.filter(|(_, numbers)| *numbers != NodeNumbers::default()).collect()
}

/// A node in the list of numbers.
#[derive(Clone, Debug)]
pub struct NodeRow {
    /// Its kind, by the word of the document.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub line: String,
    /// Where those are who stand there.
    pub href: String,
    /// Its numbers.
    pub numbers: NodeNumbers,
    /// Its exits in words, with how many went there and which share that is.
    pub exits: Vec<(String, u64, String)>,
}

/// The numbers of a flow.
#[derive(Template)]
#[template(path = "flows/numbers.html")]
pub struct NumbersPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The window that is shown.
    pub window: Window,
    /// Who is inside now.
    pub inside: u64,
    /// The funnel.
    pub funnel: Markup,
    /// The drawing with its numbers.
    pub map: Markup,
    /// The nodes in the order of the drawing.
    pub rows: Vec<NodeRow>,
}

impl NumbersPage<'_> {
    fn is_now(&self) -> bool {
        self.window == Window::Now
    }
}

/// The rows of the list.
pub fn rows(flow: &Flow, id: &str, counted: &BTreeMap<NodeId, NodeNumbers>, speaker: Speaker<'_>) -> Vec<NodeRow> {
    let order = super::flow_map::reading_order(flow);
    let nodes = order.into_iter().filter_map(|index| flow.nodes.get(index)).filter(|node| node.kind.word() != "note");
    nodes
        .map(|node| {
            let numbers = counted.get(&node.id).cloned().unwrap_or_default();
            let all: u64 = numbers.exits.values().sum::<u64>() + numbers.left;
            let said = |name: &str| match name {
                crate::model::count::PRESSED => speaker.language.pressed_a_button().to_owned(),
                name => speaker.exit(node, name),
            };
            let share = |count: u64| (count * 100 + all / 2).checked_div(all).map(|share| format!("{share} %")).unwrap_or_default();
            let own = numbers.exits.iter().map(|(name, count)| (said(name), *count, share(*count)));
            let pressed = numbers.pressed.iter().map(|(name, count)| (speaker.exit(node, name), *count, String::new()));
            NodeRow {
                kind: node.kind.word(),
                name: speaker.name(node),
                line: node_words::cut(&speaker.line(node), 60),
                href: people_at(id, &node.id),
                exits: own.chain(pressed).collect(),
                numbers,
            }
        })
        .collect()
}

/// The list of those who stand at a node.
pub fn people_at(flow: &str, node: &NodeId) -> String {
    let name: String = url::form_urlencoded::byte_serialize(node.0.as_bytes()).collect();
    format!("/runs?flow={flow}&node={name}")
}

const BAR_HEIGHT: u64 = 34;
const FUNNEL_WIDTH: u64 = 640;
/// Steps of a funnel at most: beyond it the drawing says less than the list.
const FUNNEL_STEPS: usize = 12;

/// The funnel: how many came to each node that speaks or asks, in the order of the drawing. Nothing where nobody came.
pub fn funnel(rows: &[NodeRow], w: Language) -> Markup {
    let told = ["keyword", "event", "message", "wait", "handover", "end"];
    let steps: Vec<&NodeRow> = rows.iter().filter(|row| told.contains(&row.kind) && row.numbers.arrived + row.numbers.before > 0).collect();
    let most = steps.iter().map(|row| row.numbers.arrived + row.numbers.before).max().unwrap_or(0);
    if most == 0 {
        return Markup::default();
    }
    let steps = &steps[..steps.len().min(FUNNEL_STEPS)];
    let height = BAR_HEIGHT * steps.len() as u64;
    let mut svg = format!(
        "<svg class=\"funnel\" viewBox=\"0 0 {FUNNEL_WIDTH} {height}\" width=\"{FUNNEL_WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">",
        escape(w.funnel())
    );
    for (index, row) in steps.iter().enumerate() {
        let (came, y) = (row.numbers.arrived + row.numbers.before, BAR_HEIGHT * index as u64);
        let wide = (came * (FUNNEL_WIDTH - 300) / most).max(2);
        let share = came * 100 / most;
        let name = escape(&node_words::cut(&row.name, 30));
        let _ = write!(
            svg,
            "<g class=\"kind-{}\"><text class=\"funnel-name\" x=\"0\" y=\"{}\">{name}</text>\
             <rect class=\"funnel-bar\" x=\"220\" y=\"{}\" width=\"{wide}\" height=\"22\" rx=\"4\"/>\
             <text class=\"funnel-count\" x=\"{}\" y=\"{}\">{} · {share} %</text></g>",
            row.kind,
            y + 21,
            y + 5,
            228 + wide,
            y + 21,
            w.whole(came)
        );
    }
    svg.push_str("</svg>");
    Markup(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_stood_there_when_the_window_began_is_told_apart() {
        let node = NodeId("w".to_owned());
        let counts = Counts { arrived: 2, left: 1, exits: BTreeMap::from([("elapsed".to_owned(), 4)]), ..Counts::default() };
        let found = numbers(BTreeMap::from([(node.clone(), counts.clone())]), &BTreeMap::from([(node.clone(), 3)]), Window::Week);
        let it = &found[&node];
        assert_eq!(it.before + it.arrived, it.exits.values().sum::<u64>() + it.waiting + it.left);
        assert_eq!((it.before, it.waiting), (6, 3));
        let now = numbers(BTreeMap::from([(node.clone(), counts)]), &BTreeMap::from([(node.clone(), 3)]), Window::Now);
        assert_eq!(now[&node], NodeNumbers { waiting: 3, ..NodeNumbers::default() }, "what was counted today is no part of now");
    }
}
