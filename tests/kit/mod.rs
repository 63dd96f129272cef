//! What tests share: the heart without threads, fake providers, storage that fails.

pub mod fake_provider;
pub mod heart;
