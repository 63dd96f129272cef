//! The drawing of a flow: SVG made on the server, with nothing but classes and presentation attributes (panel.md 2).

pub mod layout;
mod sketch;

use super::flow_counts::{NodeNumbers, people_at};
use super::node_words::{self, Speaker};
use super::page::{escape, icon};
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeId};
use crate::model::problem::Severity;
use layout::{Edge, GAP, Graph, Layout, NODE_HEIGHT, Point, Way};
pub use sketch::sketch;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Characters of a line of a node.
const LINE_CHARS: usize = 28;
/// The least width of a node.
const NODE_WIDTH: i32 = 232;
/// The width an exit needs for its label.
const EXIT_WIDTH: i32 = 96;
/// Characters of an exit's label.
const LABEL_CHARS: usize = 14;

/// What is shown of a node beside what it does.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// What each node's address begins with; its id follows. `None` draws nodes that lead nowhere.
    pub href: Option<String>,
    /// The worst problem of each node.
    pub problems: BTreeMap<NodeId, Severity>,
    /// How many contacts stand at each node now.
    pub inside: BTreeMap<NodeId, u64>,
    /// The node whose form is open.
    pub selected: Option<NodeId>,
    /// How one run stands at each node.
    pub passed: BTreeMap<NodeId, Passed>,
    /// The exits one run took.
    pub taken: BTreeSet<(NodeId, String)>,
    /// The numbers of each node; `None` shows none.
    pub numbers: Option<BTreeMap<NodeId, NodeNumbers>>,
    /// The flow whose people the number of those inside leads to.
    pub people: Option<String>,
}

/// How one run stands at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// It was done.
    Done,
    /// The run stands there.
    Now,
    /// It was skipped or removed.
    Skipped,
    /// It failed.
    Failed,
}

impl Passed {
    const fn class(self) -> &'static str {
        match self {
            Passed::Done => "done",
            Passed::Now => "now",
            Passed::Skipped => "skipped",
            Passed::Failed => "failed",
        }
    }
}

/// An exit as it is drawn.
struct Exit {
    name: String,
    label: String,
    to: Option<usize>,
}

/// The drawing of a flow; nothing for a flow without nodes.
pub fn draw(flow: &Flow, speaker: Speaker<'_>, marks: &Marks) -> String {
    if flow.nodes.is_empty() {
        return String::new();
    }
    let exits: Vec<Vec<Exit>> = flow.nodes.iter().map(|node| exits(flow, node, speaker)).collect();
    let graph = graph(&exits);
    let layout = layout::lay_out(&graph);
    let mut svg = String::with_capacity(flow.nodes.len() * 900);
    let (width, height) = (layout.width, layout.height);
    let label = escape(&speaker.language.map_of(&flow.name));
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{label}\">\
         <defs><marker id=\"map-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerUnits=\"userSpaceOnUse\" markerWidth=\"12\" markerHeight=\"12\" orient=\"auto\">\
         <path class=\"map-arrow\" d=\"M0 0 8 4 0 8z\"/></marker></defs>"
    );
    let leading =
        flow.nodes.iter().zip(&exits).flat_map(|(node, exits)| exits.iter().filter(|exit| exit.to.is_some()).map(move |exit| (node, exit)));
    for (way, (node, exit)) in layout.ways.iter().zip(leading) {
        edge(&mut svg, way, marks.taken.contains(&(node.id.clone(), exit.name.clone())));
    }
    for index in &layout.order {
        node(
            &mut svg,
            &flow.nodes[*index],
            &Drawn { index: *index, layout: &layout, graph: &graph, exits: &exits[*index] },
            speaker,
            marks,
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The nodes as they are read: from the top, each layer from the left. Indexes into the flow's nodes.
pub fn reading_order(flow: &Flow) -> Vec<usize> {
    let speaker = Speaker::new(super::words::Language::English);
    let exits: Vec<Vec<Exit>> = flow.nodes.iter().map(|node| exits(flow, node, speaker)).collect();
    layout::lay_out(&graph(&exits)).order
}

/// Where the nodes are drawn: left, top, width and height of each, in the order of the flow.
pub fn boxes(flow: &Flow) -> Vec<(i32, i32, i32, i32)> {
    let speaker = Speaker::new(super::words::Language::English);
    let exits: Vec<Vec<Exit>> = flow.nodes.iter().map(|node| exits(flow, node, speaker)).collect();
    let graph = graph(&exits);
    let places = layout::lay_out(&graph).places;
    places.into_iter().zip(graph.widths).map(|((left, top), width)| (left, top, width, NODE_HEIGHT)).collect()
}

/// The exits of a node: those its kind has, then those of the document that it has not, so that none is out of sight.
fn exits(flow: &Flow, node: &Node, speaker: Speaker<'_>) -> Vec<Exit> {
    let mut names = node.kind.exit_names();
    names.extend(node.exits.keys().filter(|name| node.exit(name).is_some() && !node.kind.exit_names().contains(name)).cloned());
    let to = |name: &str| node.exit(name).and_then(|id| flow.nodes.iter().position(|other| other.id == *id));
    names.iter().map(|name| Exit { name: name.clone(), label: speaker.exit(node, name), to: to(name) }).collect()
}

fn graph(exits: &[Vec<Exit>]) -> Graph {
    let mut graph = Graph::default();
    for (from, exits) in exits.iter().enumerate() {
        let count = i32::try_from(exits.len()).unwrap_or(1).max(1);
        let width = NODE_WIDTH.max(count * EXIT_WIDTH);
        graph.widths.push(width);
        for (number, exit) in exits.iter().enumerate() {
            if let Some(to) = exit.to {
                graph.edges.push(Edge { from, to, port: port(number, exits.len(), width) });
            }
        }
    }
    graph
}

/// How far from the left of its node a port is.
fn port(number: usize, count: usize, width: i32) -> i32 {
    let (number, count) = (i32::try_from(number).unwrap_or(0), i32::try_from(count).unwrap_or(1).max(1));
    width * (2 * number + 1) / (2 * count)
}

fn edge(svg: &mut String, way: &Way, is_taken: bool) {
    let mut path = format!("M{} {}", way.points[0].x, way.points[0].y);
    for pair in way.points.windows(2) {
        stretch(&mut path, pair[0], pair[1]);
    }
    let class = ["map-edge", if way.is_back { " back" } else { "" }, if is_taken { " taken" } else { "" }].concat();
    let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#map-arrow)\"/>");
}

/// From one point to the next, never leaving the gap between two layers: straight along a lane, a bend across the gap, or a bow in
/// it where both ends are at the same height.
fn stretch(path: &mut String, from: Point, to: Point) {
    let bow = GAP * 3 / 4;
    let _ = if from.x == to.x {
        write!(path, "V{}", to.y)
    } else if from.y == to.y {
        // The only ends of one height are those of a turn: below a node that an edge leaves back, above one that it reaches.
        let is_below = path.matches(['V', 'C']).count() == 0;
        let y = if is_below { from.y + bow } else { from.y - bow };
        write!(path, "C{} {y} {} {y} {} {}", from.x, to.x, to.x, to.y)
    } else {
        let middle = (from.y + to.y) / 2;
        write!(path, "C{} {middle} {} {middle} {} {}", from.x, to.x, to.x, to.y)
    };
}

/// A node with its place.
struct Drawn<'d> {
    index: usize,
    layout: &'d Layout,
    graph: &'d Graph,
    exits: &'d [Exit],
}

fn node(svg: &mut String, node: &Node, drawn: &Drawn<'_>, speaker: Speaker<'_>, marks: &Marks) {
    let ((x, y), width) = (drawn.layout.places[drawn.index], drawn.graph.widths[drawn.index]);
    let class = class(node, marks);
    let place = format!("transform=\"translate({x} {y})\"");
    let _ = match &marks.href {
        Some(href) => write!(svg, "<a class=\"{class}\" href=\"{}{}\" {place}>", escape(href), escape(&node.id.0)),
        None => write!(svg, "<g class=\"{class}\" {place}>"),
    };
    let clip = format!("map-clip-{}", drawn.index);
    let _ = write!(
        svg,
        "<clipPath id=\"{clip}\"><rect width=\"{}\" height=\"{NODE_HEIGHT}\"/></clipPath>\
         <rect class=\"box\" width=\"{width}\" height=\"{NODE_HEIGHT}\" rx=\"12\"/>\
         <rect class=\"ground\" x=\"10\" y=\"8\" width=\"25\" height=\"25\" rx=\"8\"/>",
        width - 8
    );
    let sprite = icon(node.kind.word()).0.replacen("<svg ", "<svg x=\"14\" y=\"12\" width=\"17\" height=\"17\" ", 1);
    svg.push_str(&sprite);
    let _ = write!(svg, "<g clip-path=\"url(#{clip})\"><text class=\"kind\" x=\"43\" y=\"25\">{}</text>", escape(&head(node, speaker)));
    let chars = LINE_CHARS + usize::try_from((width - NODE_WIDTH) / 7).unwrap_or(0);
    let text = speaker.line(node);
    let lines = node_words::lines(&text, chars, 2);
    let first = if lines.len() == 1 { 55 } else { 48 };
    for (number, line) in lines.iter().enumerate() {
        let y = first + 17 * i32::try_from(number).unwrap_or(0);
        let _ = write!(svg, "<text x=\"14\" y=\"{y}\">{}</text>", escape(line));
    }
    svg.push_str("</g>");
    marked(svg, node, width, speaker, marks);
    svg.push_str(if marks.href.is_some() { "</a>" } else { "</g>" });
    let numbers = marks.numbers.as_ref().map(|all| all.get(&node.id).cloned().unwrap_or_default());
    if let Some(numbers) = &numbers {
        counted(svg, node, (x, y), width, numbers, speaker, marks);
    }
    ports(svg, drawn, (x, y), width, &class, numbers.as_ref());
}

fn class(node: &Node, marks: &Marks) -> String {
    let mut class = format!("map-node kind-{}", node.kind.word());
    if marks.selected.as_ref() == Some(&node.id) {
        class.push_str(" selected");
    }
    if marks.problems.get(&node.id) == Some(&Severity::Error) {
        class.push_str(" wrong");
    }
    if let Some(passed) = marks.passed.get(&node.id) {
        class.push(' ');
        class.push_str(passed.class());
    }
    class
}

fn head(node: &Node, speaker: Speaker<'_>) -> String {
    node_words::cut(&speaker.name(node), LINE_CHARS - 4)
}

/// What stands at the corner of a node: a problem, and how many people are there.
fn marked(svg: &mut String, node: &Node, width: i32, speaker: Speaker<'_>, marks: &Marks) {
    let mut right = width - 10;
    let mut mark = |class: &str, text: &str, words: &str| {
        let wide = 14 + 7 * i32::try_from(text.chars().count()).unwrap_or(1);
        right -= wide;
        let _ = write!(
            svg,
            "<g class=\"map-mark {class}\"><title>{}</title><rect x=\"{right}\" y=\"-9\" width=\"{wide}\" height=\"18\" rx=\"9\"/>\
             <text x=\"{}\" y=\"4\">{}</text></g>",
            escape(words),
            right + wide / 2,
            escape(text)
        );
        right -= 4;
    };
    match marks.problems.get(&node.id) {
        Some(Severity::Error) => mark("wrong", "!", speaker.language.has_error()),
        Some(Severity::Warning) => mark("odd", "?", speaker.language.has_warning()),
        None => {}
    }
    if let Some(count) = marks.inside.get(&node.id).filter(|count| **count > 0) {
        mark("inside", &speaker.language.whole(count), &speaker.language.people_inside(count));
    }
}

/// How many came, at the left corner; how many are there, at the right one, leading to them.
fn counted(svg: &mut String, node: &Node, (x, y): (i32, i32), width: i32, numbers: &NodeNumbers, speaker: Speaker<'_>, marks: &Marks) {
    let w = speaker.language;
    let mut mark = |class: &str, left: bool, text: &str, words: &str, href: Option<&str>| {
        let wide = 14 + 7 * i32::try_from(text.chars().count()).unwrap_or(1);
        let at = if left { x + 10 } else { x + width - 10 - wide };
        let (open, close) = match href {
            Some(href) => (format!("<a href=\"{}\" class=\"map-mark {class}\">", escape(href)), "</a>"),
            None => (format!("<g class=\"map-mark {class}\">"), "</g>"),
        };
        let _ = write!(
            svg,
            "{open}<title>{}</title><rect x=\"{at}\" y=\"{}\" width=\"{wide}\" height=\"18\" rx=\"9\"/><text x=\"{}\" y=\"{}\">{}</text>{close}",
            escape(words),
            y - 9,
            at + wide / 2,
            y + 4,
            escape(text)
        );
    };
    if numbers.arrived > 0 {
        mark("arrived", true, &w.whole(numbers.arrived), &w.arrived_here(numbers.arrived), None);
    }
    if numbers.waiting > 0 {
        let href = marks.people.as_ref().map(|flow| people_at(flow, &node.id));
        mark("inside", false, &w.whole(numbers.waiting), &w.people_inside(numbers.waiting), href.as_deref());
    }
}

/// How many went on by an exit.
fn taken(numbers: &NodeNumbers, exit: &str) -> u64 {
    numbers.exits.get(exit).or(numbers.pressed.get(exit)).copied().unwrap_or(0)
}

fn ports(svg: &mut String, drawn: &Drawn<'_>, (x, y): (i32, i32), width: i32, class: &str, numbers: Option<&NodeNumbers>) {
    let alone = drawn.exits.len() == 1;
    for (number, exit) in drawn.exits.iter().enumerate() {
        let at = x + port(number, drawn.exits.len(), width);
        let open = if exit.to.is_none() { " open" } else { "" };
        let _ = write!(svg, "<g class=\"{class}\"><circle class=\"port{open}\" cx=\"{at}\" cy=\"{}\" r=\"4.5\"/></g>", y + NODE_HEIGHT);
        let count = numbers.map(|numbers| taken(numbers, &exit.name)).filter(|count| *count > 0);
        if !alone || exit.to.is_none() || count.is_some() {
            let label = escape(&node_words::cut(&exit.label, LABEL_CHARS));
            let label = match count {
                Some(count) if alone => count.to_string(),
                Some(count) => format!("{label} · {count}"),
                None => label,
            };
            let _ = write!(svg, "<text class=\"map-label\" x=\"{}\" y=\"{}\">{label}</text>", at + 8, y + NODE_HEIGHT + 17);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;
    use crate::web::words::Language;
    use serde_json::json;

    const EXAMPLES: [&str; 3] = [
        include_str!("../../tests/documents/welcome.json"),
        include_str!("../../tests/documents/order-status.json"),
        include_str!("../../tests/documents/quote-follow-up.json"),
    ];

    fn drawn(flow: &Flow) -> String {
        let marks = Marks { href: Some("/flows/1/edit?node=".to_owned()), ..Marks::default() };
        draw(flow, Speaker::new(Language::Italian), &marks)
    }

    #[test]
    fn every_node_is_a_link_and_every_exit_that_leads_somewhere_an_edge() {
        for text in EXAMPLES {
            let flow = document::read_text(text).expect("a flow");
            let svg = drawn(&flow);
            let edges: usize = flow.nodes.iter().map(|node| node.exits.values().flatten().count()).sum();
            assert_eq!(svg.matches("<a class=").count(), flow.nodes.len());
            assert_eq!(svg.matches("<path class=\"map-edge").count(), edges);
            assert_eq!(svg, drawn(&flow), "the same flow is drawn the same");
            for forbidden in ["style=", "foreignObject", "<script", "onclick"] {
                assert!(!svg.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn what_a_person_wrote_is_escaped() {
        let flow = document::read(&json!({"flusso": 1, "name": "<a>", "nodes": [{"id": "\"><b>", "kind": "message", "text": "<script>"}]}))
            .expect("a flow");
        let svg = drawn(&flow);
        assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
    }

    #[test]
    fn a_loop_goes_back_in_its_own_lane() {
        let flow = document::read(&json!({"flusso": 1, "name": "x", "nodes": [
            {"id": "a", "kind": "message", "text": "x", "exits": {"next": "b"}},
            {"id": "b", "kind": "wait", "for": "1d", "reply": {}, "exits": {"elapsed": "a", "replied": "b"}}]}))
        .expect("a flow");
        assert_eq!(drawn(&flow).matches("map-edge back").count(), 2);
    }

    #[test]
    fn problems_and_people_are_marked() {
        let flow = document::read_text(EXAMPLES[0]).expect("a flow");
        let mut marks = Marks::default();
        marks.problems.insert(flow.nodes[0].id.clone(), Severity::Error);
        marks.inside.insert(flow.nodes[2].id.clone(), 21);
        let svg = draw(&flow, Speaker::new(Language::English), &marks);
        assert!(svg.contains(">21</text>") && svg.contains("21 people inside") && svg.contains(" wrong\""));
        assert!(!svg.contains("<a "), "without an address nothing is a link");
    }
}
