//! The tests that look at Flusso from outside: one program, so that it is linked once; one module per promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod active;
mod api;
mod behaviours;
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
mod imports;
mod kill;
mod kit;
mod naive;
mod pack;
mod panel;
mod providers;
mod reentry;
mod restore;
mod roles;
mod schema;
mod sentences;
mod snapshot;
mod starts;
mod store;
mod talks;
mod triggers;
mod upgrade;
mod week;
mod whatsapp;
mod zones;
