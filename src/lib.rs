//! The map of Flusso.

pub mod base;
pub mod engine;
pub mod model;
