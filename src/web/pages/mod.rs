//! Handlers of the panel's pages about people and machines: each loads, decides, changes and answers. What a page looks like is not here.

pub mod talk;
