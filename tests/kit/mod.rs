//! What tests share: the heart without threads, fake providers, storage that fails.

pub mod core;
pub mod fake_provider;
