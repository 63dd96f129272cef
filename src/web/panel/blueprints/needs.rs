//! What a blueprint needs, said to people.

use super::super::super::words::Language;
use super::super::starters::Starter;
use crate::model::flow::Flow;
use crate::model::node::NodeKind;

/// The lines of the page. The document's words are told here in the reader's language.
pub fn words(starter: Starter, flow: &Flow, w: Language) -> Vec<String> {
    let needs = starter.needs();
    let plain = |word: &str| match word {
        "channel any" => Some(w.need_channels()),
        "start_address" => Some(w.need_start_address()),
        "business_hours" => Some(w.need_business_hours()),
        "consent" => Some(w.need_consent()),
        "api" => Some(w.need_api()),
        "staff" => Some(w.need_staff()),
        "file" => Some(w.need_file()),
        _ => None,
    };
    let named =
        |kind: &str| needs.iter().filter_map(|need| need.strip_prefix(kind)?.strip_prefix(' ')).map(str::to_owned).collect::<Vec<_>>();
    let flows: Vec<String> =
        named("flow").iter().map(|name| Starter::named(name).map_or_else(|| name.clone(), |other| other.name(&w).to_owned())).collect();
    let mut lines: Vec<String> = needs.iter().filter_map(|need| plain(need)).map(str::to_owned).collect();
    let templates = named("template");
    let how_many = templates.len();
    let mut several = |names: Vec<String>, words: &dyn Fn(&str) -> String| {
        if !names.is_empty() {
            lines.push(words(&w.list(&names)));
        }
    };
    several(flows, &|names| w.need_flows(names));
    several(templates, &|names| w.need_templates(how_many, names));
    several(segments(flow), &|names| w.need_segments(names));
    several(called(named("field"), |name| w.field_name(name).to_owned()), &|names| w.need_fields(names));
    several(called(named("tag"), |name| w.tag_name(name).to_owned()), &|names| w.need_tags(names));
    lines
}

/// Names as people say them.
fn called(names: Vec<String>, said: impl Fn(&str) -> String) -> Vec<String> {
    names.iter().map(|name| said(name)).collect()
}

/// The segments that schedules are for.
fn segments(flow: &Flow) -> Vec<String> {
    let event = flow.nodes.iter().filter_map(|node| if let NodeKind::Event(event) = &node.kind { event.segment.clone() } else { None });
    event.collect()
}
