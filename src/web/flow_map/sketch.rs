//! The drawing of a flow in the small: the boxes and the ways of its first layers, without a word, for a card.

use super::{Exit, exits, graph, layout, stretch};
use crate::model::flow::Flow;
use crate::web::node_words::Speaker;
use crate::web::words::Language;
use layout::NODE_HEIGHT;
use std::fmt::Write as _;

/// The least width that is shown, so that a narrow flow is not drawn large.
const WIDTH_MIN: i32 = 1_000;
/// The most: of a wider flow the middle is shown.
const WIDTH_MAX: i32 = 1_600;
/// What is left free above the first layer.
const MARGIN: i32 = 40;

/// The upper part of a flow, twice as wide as it is high. It says nothing that the card does not say in words.
pub fn sketch(flow: &Flow) -> String {
    let speaker = Speaker::new(Language::English);
    let exits: Vec<Vec<Exit>> = flow.nodes.iter().map(|node| exits(flow, node, speaker)).collect();
    let graph = graph(&exits);
    let layout = layout::lay_out(&graph);
    let width = layout.width.clamp(WIDTH_MIN, WIDTH_MAX);
    let (left, height) = ((layout.width - width) / 2, width / 2 - MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left} -{MARGIN} {width} {}\" aria-hidden=\"true\" focusable=\"false\">",
        height + MARGIN
    );
    for way in layout.ways.iter().filter(|way| way.points.iter().any(|point| point.y < height)) {
        let mut path = format!("M{} {}", way.points[0].x, way.points[0].y);
        way.points.windows(2).for_each(|pair| stretch(&mut path, pair[0], pair[1]));
        let _ = write!(svg, "<path class=\"map-edge\" d=\"{path}\"/>");
    }
    for ((node, (x, y)), width) in flow.nodes.iter().zip(&layout.places).zip(&graph.widths).filter(|((_, (_, y)), _)| *y < height) {
        let kind = node.kind.word();
        let _ = write!(
            svg,
            "<g class=\"map-node kind-{kind}\"><rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{NODE_HEIGHT}\" rx=\"18\"/>\
             <path class=\"strip\" d=\"M{} {}h22\"/><path class=\"line\" d=\"M{} {}h{}m{} 36h{}\"/></g>",
            x + 26,
            y + 29,
            x + 72,
            y + 29,
            width / 3,
            -width / 3 - 52,
            width - 64
        );
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::blueprint::BLUEPRINTS;

    #[test]
    fn every_blueprint_has_a_sketch_that_is_small_and_has_no_name_another_could_have() {
        for blueprint in BLUEPRINTS {
            let svg = sketch(&blueprint.flow().expect("a flow"));
            assert!(svg.contains("class=\"box\"") && svg.ends_with("</svg>"), "{}", blueprint.word);
            assert!(svg.len() < 9_000, "{} has {} bytes", blueprint.word, svg.len());
            assert!(!svg.contains(" id=") && !svg.contains("<text") && !svg.contains("style="), "{}", blueprint.word);
        }
    }
}
