//! The breaker of a channel (OUT-6): after five failures in a row nothing leaves but a probe now and then, and rows wait without costing
//! an attempt. Pure: time is an argument.

use crate::base::time::{Span, Time};

/// Failures in a row that open it.
const FAILURES_MAX: u32 = 5;
/// The first pause, and the longest.
const PAUSE: Span = Span(30_000);
const PAUSE_MAX: Span = Span(10 * Span::MINUTE.0);

/// How a send fared, as far as the way to the provider goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fared {
    /// The provider answered, whatever it said.
    Well,
    /// It did not, or with a fault of its own.
    Badly,
}

/// One channel's breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Open {
    since: Time,
    pause: Span,
    /// When the next probe may leave.
    probe: Time,
    /// Whether one is under way.
    probing: bool,
}

impl Breaker {
    /// Until when a row of the channel waits; `None` where it may leave. While it is open one row leaves at a time, as a probe.
    pub fn hold(&self, now: Time) -> Option<Time> {
        let open = self.open?;
        if open.probing { Some(now + PAUSE) } else { Some(open.probe).filter(|probe| *probe > now) }
    }

    /// A row leaves.
    pub fn leave(&mut self) {
        if let Some(open) = &mut self.open {
            open.probing = true;
        }
    }

    /// A row that was to leave did not.
    pub fn stay(&mut self) {
        if let Some(open) = &mut self.open {
            open.probing = false;
        }
    }

    /// A row came back.
    pub fn back(&mut self, fared: Fared, now: Time) {
        if fared == Fared::Well {
            *self = Breaker::default();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let (since, pause) = match self.open {
            Some(open) if open.probing => (open.since, Span((open.pause.0 * 2).min(PAUSE_MAX.0))),
            // What left before it opened comes back now: known already.
            Some(_) => return,
            None if self.failures >= FAILURES_MAX => (now, PAUSE),
            None => return,
        };
        self.open = Some(Open { since, pause, probe: now + pause, probing: false });
    }

    /// Whether nothing but probes leaves.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Since when nothing but probes leaves.
    pub fn open_since(&self) -> Option<Time> {
        self.open.map(|open| open.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(failures: u32) -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..failures {
            breaker.leave();
            breaker.back(Fared::Badly, Time(0));
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_do_not() {
        assert_eq!(after(4).hold(Time(0)), None);
        assert_eq!(after(5).hold(Time(0)), Some(Time(30_000)));
        let mut mended = after(4);
        mended.back(Fared::Well, Time(0));
        mended.back(Fared::Badly, Time(0));
        assert!(!mended.is_open());
    }

    #[test]
    fn one_probe_leaves_and_each_that_fails_doubles_the_pause_up_to_ten_minutes() {
        let mut breaker = after(5);
        let mut now = Time(30_000);
        for pause in [60, 120, 240, 480, 600, 600] {
            assert_eq!(breaker.hold(now), None, "the probe may leave");
            breaker.leave();
            assert!(breaker.hold(now).is_some(), "and nothing beside it");
            breaker.back(Fared::Badly, now);
            assert_eq!(breaker.hold(now), Some(now + Span(pause * 1000)));
            now = now + Span(pause * 1000);
        }
        breaker.leave();
        breaker.back(Fared::Well, now);
        assert_eq!(breaker.hold(now), None);
    }
}
