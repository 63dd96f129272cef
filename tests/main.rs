//! Tests of the whole from outside, one module per promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crash;
mod kit;
mod store;
mod upgrade;
