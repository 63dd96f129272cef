//! Tests of the whole from outside, one module per promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod day;
mod kit;
mod store;
//! The tests that look at Flusso from outside, in one program so that it is linked once.
mod talks;
//! The tests that look at Flusso from outside: whole floors, samples, and people that do not exist.
mod kit {
    //! What several tests need: worlds to stand in, and ways to look.
    pub mod fake_provider;
}
mod providers;
//! The one test binary: a module for each part of the house that is looked at from outside.
mod floors;
