//! How fast: token buckets of a channel and of a pair. Pure: time is an argument.

use crate::base::time::{Span, Time};
use crate::model::channel::{Pair, Rate};

/// A token bucket: so many at once after silence, then so many per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    level: f64,
    at: Time,
    per_ms: f64,
    burst: f64,
}

impl Bucket {
    /// The bucket of a whole channel. It begins empty: after a restart nobody knows what was just sent, and a burst on top would break
    /// the limit (OUT-7).
    pub fn of_channel(rate: Rate, now: Time) -> Bucket {
        let per_ms = (rate.per_second / 1000.0).max(f64::MIN_POSITIVE);
        Bucket { level: 1.0, at: now, per_ms, burst: f64::from(rate.burst.max(1)) }
    }

    /// The bucket of one contact on a channel, less what was just sent to it.
    pub fn of_pair(pair: Pair, just_sent: u32, now: Time) -> Bucket {
        let per_ms = (1.0 / (pair.seconds.max(0.001) * 1000.0)).max(f64::MIN_POSITIVE);
        let burst = f64::from(pair.burst.max(1));
        Bucket { level: (burst - f64::from(just_sent)).max(0.0), at: now, per_ms, burst }
    }

    /// How far back sends count against a fresh bucket of a pair.
    pub fn memory(pair: Pair) -> Span {
        Span((pair.seconds * f64::from(pair.burst.max(1)) * 1000.0) as i64)
    }

    /// When one may go: now, or later.
    pub fn free_at(&self, now: Time) -> Time {
        let level = self.level_at(now);
        if level >= 1.0 { now } else { now + Span(((1.0 - level) / self.per_ms).ceil() as i64) }
    }

    /// Takes one.
    pub fn take(&mut self, now: Time) {
        self.level = self.level_at(now) - 1.0;
        self.at = now;
    }

    /// Whether it keeps the same pace as another: a changed setting wants a fresh bucket.
    pub fn is_paced_as(&self, other: &Bucket) -> bool {
        (self.per_ms, self.burst) == (other.per_ms, other.burst)
    }

    /// Whether it has nothing to remember.
    pub fn is_full(&self, now: Time) -> bool {
        self.level_at(now) >= self.burst
    }

    fn level_at(&self, now: Time) -> f64 {
        (self.level + now.since(self.at).0 as f64 * self.per_ms).min(self.burst)
    }
}

/// How long to wait before attempt `attempts + 1`: full jitter over a doubling base (OUT-5).
pub fn backoff(attempts: u32, chance: &mut fastrand::Rng) -> Span {
    let most = (2000_i64 << attempts.saturating_sub(1).min(20)).min(crate::base::limits::BACKOFF_MAX.0);
    Span(chance.i64(most / 4..=most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_window_of_the_log_holds_more_than_the_burst_and_the_rate(gaps in prop::collection::vec(0i64..500, 1..300)) {
            let rate = Rate { per_second: 5.0, burst: 10 };
            let mut now = Time(1_000_000);
            let mut bucket = Bucket::of_channel(rate, now);
            let mut log = Vec::new();
            for gap in gaps {
                now = now + Span(gap);
                if bucket.free_at(now) <= now {
                    bucket.take(now);
                    log.push(now);
                }
            }
            for (first, from) in log.iter().enumerate() {
                for (last, to) in log.iter().enumerate().skip(first) {
                    let allowed = 10.0 + to.since(*from).0 as f64 * 0.005 + 1.0;
                    prop_assert!((last - first + 1) as f64 <= allowed);
                }
            }
        }
    }

    #[test]
    fn a_waiting_send_may_go_when_it_was_told() {
        let mut bucket = Bucket::of_pair(Pair { seconds: 6.0, burst: 1 }, 0, Time(0));
        bucket.take(Time(0));
        let free = bucket.free_at(Time(0));
        assert_eq!(free, Time(6000));
        assert_eq!(bucket.free_at(free), free);
    }

    #[test]
    fn backoff_stays_within_its_bounds_and_is_not_the_same_for_all() {
        let mut chance = fastrand::Rng::with_seed(7);
        let spans: Vec<_> = (0..1000).map(|_| backoff(4, &mut chance)).collect();
        assert!(spans.iter().all(|span| span.0 >= 4000 && span.0 <= 16_000));
        assert!(spans.iter().any(|span| *span != spans[0]));
        assert!(backoff(60, &mut chance) <= crate::base::limits::BACKOFF_MAX);
    }
}
