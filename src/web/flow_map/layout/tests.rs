//! Over any graph: no two nodes lie on each other, no edge runs behind a node, every edge is there, and it is always the same.

use super::*;
use proptest::prelude::*;

fn any_graph() -> impl Strategy<Value = Graph> {
    (1..40_usize).prop_flat_map(|count| {
        let widths = prop::collection::vec(prop_oneof![Just(232), Just(300), Just(480)], count);
        let edges = prop::collection::vec((0..count, 0..count, 10..220_i32), 0..count * 2);
        (widths, edges).prop_map(|(widths, edges)| {
            let edges = edges.into_iter().map(|(from, to, port)| Edge { from, to, port }).collect();
            Graph { widths, edges }
        })
    })
}

/// Whether a stretch of an edge touches the inside of a node. A bend stays between the heights of its two ends, or in the gap
/// beside them where both are at the same height.
fn crosses(a: Point, b: Point, place: (i32, i32), width: i32) -> bool {
    let (top, bottom) = if a.y == b.y { (a.y, a.y) } else { (a.y.min(b.y), a.y.max(b.y)) };
    let (left, right) = (a.x.min(b.x), a.x.max(b.x));
    let beside = left >= place.0 + width || right <= place.0;
    let apart = top >= place.1 + NODE_HEIGHT || bottom <= place.1;
    !(beside || apart)
}

proptest! {
    #[test]
    fn no_two_nodes_lie_on_each_other(graph in any_graph()) {
        let layout = lay_out(&graph);
        for (a, at) in layout.places.iter().enumerate() {
            prop_assert!(at.0 >= 0 && at.1 >= 0 && at.0 + graph.widths[a] <= layout.width && at.1 + NODE_HEIGHT <= layout.height);
            for (b, other) in layout.places.iter().enumerate().skip(a + 1) {
                let apart = at.1 != other.1 || at.0 + graph.widths[a] < other.0 || other.0 + graph.widths[b] < at.0;
                prop_assert!(apart, "{a} at {at:?} and {b} at {other:?}");
            }
        }
    }

    #[test]
    fn no_edge_runs_behind_a_node(graph in any_graph()) {
        let layout = lay_out(&graph);
        prop_assert_eq!(layout.ways.len(), graph.edges.len());
        for (way, edge) in layout.ways.iter().zip(&graph.edges) {
            for pair in way.points.windows(2) {
                for (node, place) in layout.places.iter().enumerate() {
                    prop_assert!(!crosses(pair[0], pair[1], *place, graph.widths[node]), "{edge:?} behind {node}: {:?}", way.points);
                }
            }
            let (start, end) = (way.points[0], way.points[way.points.len() - 1]);
            prop_assert_eq!((start.x, start.y), (layout.places[edge.from].0 + edge.port, layout.places[edge.from].1 + NODE_HEIGHT));
            prop_assert_eq!(end.y, layout.places[edge.to].1);
        }
    }

    #[test]
    fn the_same_graph_is_drawn_the_same(graph in any_graph()) {
        let layout = lay_out(&graph);
        prop_assert_eq!(&layout, &lay_out(&graph));
        let mut order = layout.order;
        order.sort_unstable();
        prop_assert_eq!(order, (0..graph.widths.len()).collect::<Vec<_>>());
    }
}

#[test]
fn a_chain_stands_in_one_line() {
    let edges = (0..3).map(|from| Edge { from, to: from + 1, port: 116 }).collect();
    let layout = lay_out(&Graph { widths: vec![232; 4], edges });
    assert!(layout.places.windows(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1), "{:?}", layout.places);
}

#[test]
fn a_long_flow_does_not_exhaust_the_stack() {
    let edges = (0..499).map(|from| Edge { from, to: from + 1, port: 116 }).collect();
    assert_eq!(lay_out(&Graph { widths: vec![232; 500], edges }).places.len(), 500);
}
