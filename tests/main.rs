#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Tests of the whole, a file for each subject.

mod broken;
