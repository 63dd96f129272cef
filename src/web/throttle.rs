//! How often a login may be tried (SEC-5): buckets in memory, per account and address and for all together. Counts nothing else.

use super::visitor::household;
use crate::base::time::{Span, Time};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Pairs of account and address that are remembered at most; beyond it only the bucket of all counts.
const PAIRS_MAX: usize = 10_000;
/// Tries that one address has for one account after silence, and how long until it has one more.
const PAIR: Pace = Pace { burst: 5, refill: Span(30_000) };
/// Tries that all together have after silence, and how long until they have one more.
const ALL: Pace = Pace { burst: 60, refill: Span(500) };

/// How fast a bucket fills.
#[derive(Clone, Copy, Debug)]
struct Pace {
    burst: i64,
    refill: Span,
}

/// A bucket, kept as the time at which it is full again.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    full_at: Time,
}

impl Bucket {
    /// Takes one try, or says how long until there is one.
    fn take(&mut self, pace: Pace, now: Time) -> Result<(), Span> {
        let full_at = self.full_at.max(now) + pace.refill;
        let wait = full_at.since(now).0 - pace.refill.0 * pace.burst;
        if wait > 0 {
            return Err(Span(wait));
        }
        self.full_at = full_at;
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Buckets {
    pairs: HashMap<(u64, IpAddr), Bucket>,
    all: Bucket,
}

/// The buckets.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Buckets>);

impl Throttle {
    /// Takes one try for an account from an address, or says how long to wait. An account that does not exist counts alike.
    pub fn take(&self, account: &str, ip: IpAddr, now: Time) -> Result<(), Span> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.pairs.len() >= PAIRS_MAX {
            buckets.pairs.retain(|_, bucket| bucket.full_at > now);
        }
        let key = key(account, ip);
        if buckets.pairs.len() < PAIRS_MAX || buckets.pairs.contains_key(&key) {
            buckets.pairs.entry(key).or_default().take(PAIR, now)?;
        }
        buckets.all.take(ALL, now)
    }

    /// Forgets the tries of who has shown to know the password.
    pub fn forget(&self, account: &str, ip: IpAddr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pairs.remove(&key(account, ip));
    }
}

fn key(account: &str, ip: IpAddr) -> (u64, IpAddr) {
    let mut hasher = DefaultHasher::new();
    account.trim().to_lowercase().hash(&mut hasher);
    (hasher.finish(), household(ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_sixth_try_waits_and_another_address_does_not() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.take("Anna", ip(1), NOW), Ok(()));
        }
        assert_eq!(throttle.take(" anna", ip(1), NOW), Err(Span(30_000)));
        assert_eq!(throttle.take("anna", ip(2), NOW), Ok(()));
        assert_eq!(throttle.take("anna", ip(1), NOW + Span(30_000)), Ok(()));
    }

    #[test]
    fn a_right_password_forgets_the_wrong_ones() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            let _ = throttle.take("anna", ip(1), NOW);
        }
        throttle.forget("Anna", ip(1));
        assert_eq!(throttle.take("anna", ip(1), NOW), Ok(()));
    }

    #[test]
    fn many_addresses_together_are_held_and_take_no_more_memory() {
        let throttle = Throttle::default();
        let tries = (0..20_000_u32).filter(|n| throttle.take(&n.to_string(), ip((n % 250) as u8), NOW).is_ok()).count();
        assert_eq!(tries, 60);
        assert!(throttle.0.lock().unwrap().pairs.len() <= PAIRS_MAX);
    }
}
