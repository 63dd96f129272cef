//! Behaviours to prove because others got them wrong: each has a test that bears its name. All but the kills of the built binary
//! (`kill.rs`) run on virtual time.

mod counter;
mod entering;
mod flows;
mod pauses;
mod people;
mod saves;
mod silences;
mod waits;
