//! Sets that leave the house and come into another: the round trip, what is asked before anything is replaced, hostile archives, and the
//! ways in from outside.

mod decisions;
mod hostile;
mod outside;
mod random;
mod round_trip;
