//! What people and programs may ask of the appliance: each request is one change at the writer, with its line in the audit log.

pub mod access;
pub mod broadcasts;
pub mod bulk;
pub mod channels;
pub mod contacts;
pub mod exports;
pub mod files;
pub mod flow_check;
pub mod flow_runs;
pub mod flows;
pub mod imports;
pub mod letters;
pub mod outbox;
pub mod password;
pub mod people;
pub mod phrase;
pub mod quarantine;
pub mod quick_replies;
pub mod recovery;
pub mod rehearsal;
pub mod repeat;
pub mod runs;
pub mod segments;
pub mod settings;
pub mod simulator;
pub mod starts;
