//! What people and programs ask of the appliance: one file per noun, each change one job of the writer, with its line in the audit log.

pub mod access;
pub mod channels;
pub mod contacts;
pub mod letters;
pub mod outbox;
pub mod quarantine;
pub mod repeat;
pub mod settings;
pub mod starts;
