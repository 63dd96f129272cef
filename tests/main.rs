//! Tests of the whole from outside, one module per promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod day;
mod kit;
mod store;
//! The tests that look at Flusso from outside, in one program so that it is linked once.
mod talks;
