//! Counters of what the executor does, read by the metrics page. No rules depend on them.

use crate::provider::outcome::SendOutcome;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counters since the start, and a few gauges.
#[derive(Debug, Default)]
pub struct Meters {
    /// Sends that a provider took.
    pub sends_accepted: AtomicU64,
    /// Sends that failed for good, or are to be tried again.
    pub sends_failed: AtomicU64,
    /// Sends whose outcome nobody knows.
    pub sends_unknown: AtomicU64,
    /// Timers handed to the writer.
    pub timers_fired: AtomicU64,
    /// Timers in the wheel.
    pub timers_held: AtomicU64,
    /// How late the last page of timers was, in milliseconds.
    pub lateness_ms: AtomicU64,
    /// Rows of the outbox that wait and are known in memory.
    pub outbox_waiting: AtomicU64,
    /// Channels whose provider does not answer: nothing but probes leaves.
    pub breakers_open: AtomicU64,
    /// Webhooks that came to an address that does not exist.
    pub hooks_unknown: AtomicU64,
}

impl Meters {
    /// Counts a send by its outcome.
    pub fn count_send(&self, outcome: &SendOutcome) {
        let counter = match outcome {
            SendOutcome::Accepted { .. } => &self.sends_accepted,
            SendOutcome::Unknown { .. } => &self.sends_unknown,
            _ => &self.sends_failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
