//! Where the nodes of a flow stand and how its edges run: layers from top to bottom, in the manner of Sugiyama.
//!
//! Edges that go back are found first; the longest path gives each node its layer; an edge that crosses a layer gets a point there,
//! so that it never runs behind a node; sweeps order each layer by its neighbours, and pulls straighten the edges. Given the same
//! graph it gives the same places.

/// The height of a node.
pub const NODE_HEIGHT: i32 = 76;
/// The space between two layers: room for the label of an exit and the bends of edges.
pub const GAP: i32 = 74;
/// The least space between two nodes of a layer.
const SPACE: f64 = 28.0;
/// The width of the lane that an edge passes a layer in.
const LANE: f64 = 26.0;
/// The space around the whole.
const MARGIN: f64 = 22.0;

/// What is laid out: the widths of the nodes, and the edges with the place of their port.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The width of each node.
    pub widths: Vec<i32>,
    /// Every edge.
    pub edges: Vec<Edge>,
}

/// An edge from a port of a node to another node, or to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The node it leaves.
    pub from: usize,
    /// The node it reaches.
    pub to: usize,
    /// How far its port is from the left side of the node it leaves.
    pub port: i32,
}

/// A point of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
    /// The upper left corner of each node.
    pub places: Vec<(i32, i32)>,
    /// The way of each edge.
    pub ways: Vec<Way>,
    /// The nodes as they are read: from the top, each layer from the left.
    pub order: Vec<usize>,
}

/// The way of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// From the port, through the lanes, to the top of the node it reaches. Between two points that share an x it runs straight
    /// down or up; otherwise it bends within the gap between two layers.
    pub points: Vec<Point>,
    /// Whether it goes back up.
    pub is_back: bool,
}

/// A thing in a layer: a node, or the lane of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Node(usize),
    Lane(usize),
}

/// The graph in layers, while it is being laid out.
struct Work<'g> {
    graph: &'g Graph,
    layer_of: Vec<usize>,
    is_back: Vec<bool>,
    /// For each edge, the slots it passes from its upper end to its lower, both nodes of a forward edge left out.
    lanes: Vec<Vec<usize>>,
    slots: Vec<Slot>,
    x: Vec<f64>,
    layers: Vec<Vec<usize>>,
    /// For each slot, what lies above it and below it: the slot and how far from its middle the edge leaves or enters.
    up: Vec<Vec<(usize, f64)>>,
    down: Vec<Vec<(usize, f64)>>,
}

/// Lays out a graph.
pub fn lay_out(graph: &Graph) -> Layout {
    if graph.widths.is_empty() {
        return Layout::default();
    }
    let is_back = back_edges(graph);
    let layer_of = layers(graph, &is_back);
    let mut work = Work::new(graph, layer_of, is_back);
    for sweep in 0..8 {
        work.sort(sweep % 2 == 0);
    }
    work.place();
    for pull in 0..12 {
        work.pull(pull % 2 == 0);
    }
    work.finish()
}

/// The edges that close a circle, found by walking the graph in depth, without recursion: a flow may be five hundred nodes long.
fn back_edges(graph: &Graph) -> Vec<bool> {
    let count = graph.widths.len();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut has_parent = vec![false; count];
    for (index, edge) in graph.edges.iter().enumerate() {
        out[edge.from].push(index);
        has_parent[edge.to] |= edge.from != edge.to;
    }
    let mut is_back = vec![false; graph.edges.len()];
    let (mut seen, mut open) = (vec![false; count], vec![false; count]);
    let roots = (0..count).filter(|node| !has_parent[*node]).chain(0..count).collect::<Vec<_>>();
    for root in roots {
        if seen[root] {
            continue;
        }
        let mut path = vec![(root, 0)];
        (seen[root], open[root]) = (true, true);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&index) = out[node].get(*next) else {
                open[node] = false;
                path.pop();
                continue;
            };
            *next += 1;
            let to = graph.edges[index].to;
            is_back[index] = open[to];
            if !seen[to] {
                (seen[to], open[to]) = (true, true);
                path.push((to, 0));
            }
        }
    }
    is_back
}

/// The layer of each node: the length of the longest way to it.
fn layers(graph: &Graph, is_back: &[bool]) -> Vec<usize> {
    let count = graph.widths.len();
    let forward = || graph.edges.iter().zip(is_back).filter(|(_, back)| !**back).map(|(edge, _)| edge);
    let mut waiting = vec![0; count];
    forward().for_each(|edge| waiting[edge.to] += 1);
    let mut layer = vec![0; count];
    let mut ready: Vec<usize> = (0..count).filter(|node| waiting[*node] == 0).collect();
    while let Some(node) = ready.pop() {
        for edge in forward().filter(|edge| edge.from == node) {
            layer[edge.to] = layer[edge.to].max(layer[node] + 1);
            waiting[edge.to] -= 1;
            if waiting[edge.to] == 0 {
                ready.push(edge.to);
            }
        }
    }
    layer
}

impl<'g> Work<'g> {
    fn new(graph: &'g Graph, layer_of: Vec<usize>, is_back: Vec<bool>) -> Work<'g> {
        let depth = layer_of.iter().max().map_or(0, |deepest| deepest + 1);
        let mut work = Work {
            graph,
            is_back,
            lanes: Vec::new(),
            slots: (0..graph.widths.len()).map(Slot::Node).collect(),
            x: Vec::new(),
            layers: vec![Vec::new(); depth],
            up: Vec::new(),
            down: Vec::new(),
            layer_of,
        };
        for node in 0..graph.widths.len() {
            work.layers[work.layer_of[node]].push(node);
        }
        for (index, edge) in graph.edges.iter().enumerate() {
            let (from, to) = (work.layer_of[edge.from], work.layer_of[edge.to]);
            // An edge back needs a lane beside both its ends as well: it leaves below the one and arrives above the other.
            let passed = if work.is_back[index] { to..from + 1 } else { from + 1..to };
            let mut lanes = Vec::new();
            for layer in passed {
                work.layers[layer].push(work.slots.len());
                lanes.push(work.slots.len());
                work.slots.push(Slot::Lane(index));
            }
            work.lanes.push(lanes);
        }
        work.x = vec![0.0; work.slots.len()];
        work.link();
        work
    }

    fn link(&mut self) {
        self.up = vec![Vec::new(); self.slots.len()];
        self.down = vec![Vec::new(); self.slots.len()];
        for (index, edge) in self.graph.edges.iter().enumerate() {
            let port = f64::from(edge.port) - f64::from(self.graph.widths[edge.from]) / 2.0;
            let lanes = &self.lanes[index];
            let mut chain: Vec<(usize, f64)> = lanes.iter().map(|lane| (*lane, 0.0)).collect();
            if !self.is_back[index] {
                chain.insert(0, (edge.from, port));
                chain.push((edge.to, 0.0));
            }
            for pair in chain.windows(2) {
                let ((upper, out), (lower, into)) = (pair[0], pair[1]);
                self.down[upper].push((lower, out - into));
                self.up[lower].push((upper, into - out));
            }
        }
    }

    fn width(&self, slot: usize) -> f64 {
        match self.slots[slot] {
            Slot::Node(node) => f64::from(self.graph.widths[node]),
            Slot::Lane(_) => LANE,
        }
    }

    /// Orders each layer by the middle of what lies above it, or below it. The place of a port counts, so that exits do not cross.
    fn sort(&mut self, downward: bool) {
        let mut place = vec![0.0; self.slots.len()];
        for layer in &self.layers {
            for (index, slot) in layer.iter().enumerate() {
                place[*slot] = index as f64;
            }
        }
        let order: Vec<usize> = if downward { (0..self.layers.len()).collect() } else { (0..self.layers.len()).rev().collect() };
        for layer in order {
            let near = if downward { &self.up } else { &self.down };
            let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(self.layers[layer].len());
            for slot in &self.layers[layer] {
                let around = &near[*slot];
                let sum: f64 = around.iter().map(|(other, off)| place[*other] - off / 2000.0).sum();
                keyed.push((if around.is_empty() { place[*slot] } else { sum / around.len() as f64 }, *slot));
            }
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.layers[layer] = keyed.into_iter().map(|(_, slot)| slot).collect();
            for (index, slot) in self.layers[layer].iter().enumerate() {
                place[*slot] = index as f64;
            }
        }
    }

    /// How far apart the middles of two neighbours must be.
    fn apart(&self, left: usize, right: usize) -> f64 {
        (self.width(left) + self.width(right)) / 2.0 + SPACE
    }

    /// The first places: each layer packed, its middle at zero.
    fn place(&mut self) {
        for layer in 0..self.layers.len() {
            let slots = self.layers[layer].clone();
            let mut at = 0.0;
            for (index, slot) in slots.iter().enumerate() {
                if index > 0 {
                    at += self.apart(slots[index - 1], *slot);
                }
                self.x[*slot] = at;
            }
            slots.iter().for_each(|slot| self.x[*slot] -= at / 2.0);
        }
    }

    /// Draws every slot to the median of its neighbours above or below, as far as those beside it allow.
    fn pull(&mut self, downward: bool) {
        let order: Vec<usize> = if downward { (0..self.layers.len()).collect() } else { (0..self.layers.len()).rev().collect() };
        for layer in order {
            let slots = self.layers[layer].clone();
            let wanted: Vec<f64> = slots.iter().map(|slot| self.wanted(*slot, downward)).collect();
            let mut left = wanted.clone();
            for index in 1..slots.len() {
                left[index] = left[index].max(left[index - 1] + self.apart(slots[index - 1], slots[index]));
            }
            let mut right = wanted;
            for index in (0..slots.len().saturating_sub(1)).rev() {
                right[index] = right[index].min(right[index + 1] - self.apart(slots[index], slots[index + 1]));
            }
            // Both keep the distances, so their middle does too.
            for (index, slot) in slots.iter().enumerate() {
                self.x[*slot] = (left[index] + right[index]) / 2.0;
            }
        }
    }

    fn wanted(&self, slot: usize, downward: bool) -> f64 {
        let (first, second) = if downward { (&self.up[slot], &self.down[slot]) } else { (&self.down[slot], &self.up[slot]) };
        let around = if first.is_empty() { second } else { first };
        let mut at: Vec<f64> = around.iter().map(|(other, off)| self.x[*other] - off).collect();
        at.sort_by(f64::total_cmp);
        match at.len() {
            0 => self.x[slot],
            odd if odd % 2 == 1 => at[odd / 2],
            even => (at[even / 2 - 1] + at[even / 2]) / 2.0,
        }
    }

    fn finish(&self) -> Layout {
        let leftmost = (0..self.slots.len()).map(|slot| self.x[slot] - self.width(slot) / 2.0).fold(f64::MAX, f64::min);
        let rightmost = (0..self.slots.len()).map(|slot| self.x[slot] + self.width(slot) / 2.0).fold(f64::MIN, f64::max);
        let middle = |slot: usize| (self.x[slot] - leftmost + MARGIN).round() as i32;
        let top = |layer: usize| MARGIN as i32 + i32::try_from(layer).unwrap_or(0) * (NODE_HEIGHT + GAP);
        let places: Vec<(i32, i32)> =
            (0..self.graph.widths.len()).map(|node| (middle(node) - self.graph.widths[node] / 2, top(self.layer_of[node]))).collect();
        let mut ways = Vec::new();
        for (index, edge) in self.graph.edges.iter().enumerate() {
            let (from, to) = (places[edge.from], places[edge.to]);
            let mut points = vec![Point { x: from.0 + edge.port, y: from.1 + NODE_HEIGHT }];
            let first = if self.is_back[index] { self.layer_of[edge.to] } else { self.layer_of[edge.from] + 1 };
            let mut passed: Vec<(i32, usize)> = self.lanes[index].iter().enumerate().map(|(n, lane)| (middle(*lane), first + n)).collect();
            if self.is_back[index] {
                passed.reverse();
            }
            for (x, layer) in passed {
                let (upper, lower) = (Point { x, y: top(layer) }, Point { x, y: top(layer) + NODE_HEIGHT });
                points.extend(if self.is_back[index] { [lower, upper] } else { [upper, lower] });
            }
            points.push(Point { x: to.0 + self.graph.widths[edge.to] / 2, y: to.1 });
            ways.push(Way { points, is_back: self.is_back[index] });
        }
        let lanes = |slot: &&usize| matches!(self.slots[**slot], Slot::Node(_));
        Layout {
            width: (rightmost - leftmost + 2.0 * MARGIN).ceil() as i32,
            height: top(self.layers.len()) - GAP + MARGIN as i32 + 24,
            places,
            ways,
            order: self.layers.iter().flatten().filter(lanes).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
