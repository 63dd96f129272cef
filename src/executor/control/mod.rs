//! What people and programs may ask of the appliance: each request is one change at the writer, with its line in the audit log.

pub mod flow_check;
pub mod flow_runs;
pub mod flows;
pub mod runs;
