//! What tests share: the heart without threads, fake providers, disks that die and disks that fail.

pub mod disk;
pub mod engine;
pub mod fake_provider;
pub mod heart;
pub mod sample;
