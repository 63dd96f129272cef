//! The only clock of the appliance. It never goes back, not even over a restart.

#![allow(clippy::disallowed_methods)]

use crate::base::time::{Span, Time};
use std::sync::atomic::{AtomicI64, Ordering};

/// The clock: the machine's wall clock, held so that it never shows less than it did (RUN-10).
#[derive(Debug)]
pub struct Clock {
    latest: AtomicI64,
    ahead: AtomicI64,
}

impl Clock {
    /// A clock that shows at least `floor`: the last time that the store knows of.
    pub fn new(floor: Time) -> Clock {
        Clock { latest: AtomicI64::new(floor.0), ahead: AtomicI64::new(0) }
    }

    /// The time.
    pub fn now(&self) -> Time {
        let wall = Time::from(chrono::Utc::now()).0 + self.ahead.load(Ordering::Relaxed);
        Time(self.latest.fetch_max(wall, Ordering::Relaxed).max(wall))
    }

    /// Moves the clock ahead: for tests of the whole binary, in builds made for them alone.
    #[cfg(feature = "test-clock")]
    pub fn advance(&self, by: Span) {
        self.ahead.fetch_add(by.0.max(0), Ordering::Relaxed);
    }

    /// How long from now until `at`, for a sleep; nothing where it is past.
    pub fn until(&self, at: Time) -> Span {
        at.since(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_shows_less_than_the_store_knows() {
        let far = Time::from(chrono::Utc::now()) + Span::HOUR;
        let clock = Clock::new(far);
        assert_eq!(clock.now(), far);
    }
}
