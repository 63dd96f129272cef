//! The engine beside models that a child could write: lists that are looked through from the beginning, sums of times, one rule after the
//! other. Where the two disagree, one of them has the page wrong.

mod actions;
mod bursts;
mod reentry;
mod routing;
mod timers;
mod versions;
