//! The tests that look at Flusso from outside: whole floors, samples, and people that do not exist.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit {
    //! What several tests need: worlds to stand in, and ways to look.
    pub mod fake_provider;
}
mod providers;
