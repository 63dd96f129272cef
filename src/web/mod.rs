//! The panel: pages, their words, and the drawing of a flow.

pub mod assets;
pub mod page;
pub mod words;
