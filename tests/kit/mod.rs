//! What tests share: the heart without threads, fake providers, disks that die and disks that fail, and the built binary.

pub mod appliance;
pub mod client;
pub mod disk;
pub mod engine;
pub mod fake_provider;
pub mod heart;
pub mod sample;
pub mod shop;
