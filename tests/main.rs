//! The tests that look at Flusso from outside, in one program so that it is linked once.

mod engine;
mod talks;
