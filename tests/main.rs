//! The tests that look at Flusso from outside: one program, so that it is linked once; one module per promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api;
mod broken;
mod calls;
mod command_line;
mod crash;
mod crash_day;
mod day;
mod engine;
mod first_run;
mod floors;
mod gallery;
mod hooks;
mod kill;
mod kit;
mod panel;
mod providers;
mod schema;
mod snapshot;
mod store;
mod talks;
mod upgrade;
mod whatsapp;
