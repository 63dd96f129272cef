//! The panel: pages, their words, and the drawing of a flow.

pub mod assets;
pub mod flow_map;
pub mod node_form;
pub mod node_words;
pub mod page;
pub mod words;
