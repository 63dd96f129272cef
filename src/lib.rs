//! The map of Flusso.

pub mod base;
pub mod model;
pub mod web;
