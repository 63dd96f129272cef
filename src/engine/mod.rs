//! Floor 2a: what happens next. Plain values in, plain values out; no clock, no store, no network.

pub mod check;
pub mod entry;
pub mod keyword;
pub mod route;
