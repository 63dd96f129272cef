//! What tests share.

pub mod disk;
pub mod engine;
pub mod sample;
