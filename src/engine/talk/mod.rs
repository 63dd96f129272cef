//! Talks.
pub mod stage;
