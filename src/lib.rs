//! The map of Flusso.

pub mod app;
pub mod base;
pub mod engine;
pub mod executor;
pub mod model;
pub mod provider;
pub mod store;
pub mod web;
