//! How many may be connected at once, in all and from one place (SEC-17).

use super::visitor::household;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Those who are connected.
#[derive(Debug)]
pub struct Crowd {
    most: usize,
    most_per_ip: usize,
    seats: Mutex<Seats>,
}

#[derive(Debug, Default)]
struct Seats {
    all: usize,
    by_ip: HashMap<IpAddr, usize>,
}

/// A place taken, given back when dropped.
#[derive(Debug)]
pub struct Seat {
    crowd: Arc<Crowd>,
    ip: Option<IpAddr>,
    counts_in_all: bool,
}

impl Crowd {
    /// A crowd of at most `most`, and `most_per_ip` from one address.
    pub fn new(most: usize, most_per_ip: usize) -> Arc<Crowd> {
        Arc::new(Crowd { most, most_per_ip, seats: Mutex::default() })
    }

    /// A place for a connection. One from a proxy (`None`) counts in all only: those behind it are counted request by request.
    pub fn connection(self: &Arc<Crowd>, ip: Option<IpAddr>) -> Option<Seat> {
        self.seat(ip, true)
    }

    /// A place for one request that came through a proxy.
    pub fn request(self: &Arc<Crowd>, ip: IpAddr) -> Option<Seat> {
        self.seat(Some(ip), false)
    }

    /// How many are connected.
    pub fn count(&self) -> usize {
        self.lock().all
    }

    fn seat(self: &Arc<Crowd>, ip: Option<IpAddr>, counts_in_all: bool) -> Option<Seat> {
        let ip = ip.map(household);
        let mut seats = self.lock();
        let taken = ip.and_then(|ip| seats.by_ip.get(&ip).copied()).unwrap_or(0);
        if (counts_in_all && seats.all >= self.most) || taken >= self.most_per_ip {
            return None;
        }
        seats.all += usize::from(counts_in_all);
        if let Some(ip) = ip {
            seats.by_ip.insert(ip, taken + 1);
        }
        drop(seats);
        Some(Seat { crowd: self.clone(), ip, counts_in_all })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.crowd.lock();
        seats.all -= usize::from(self.counts_in_all);
        let Some(ip) = self.ip else { return };
        match seats.by_ip.get_mut(&ip) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                seats.by_ip.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn one_place_cannot_take_all_seats_and_gives_them_back() {
        let crowd = Crowd::new(3, 2);
        let first = crowd.connection(Some(ip("1.1.1.1"))).expect("a seat");
        let _second = crowd.connection(Some(ip("1.1.1.1"))).expect("a seat");
        assert!(crowd.connection(Some(ip("1.1.1.1"))).is_none());
        let _other = crowd.connection(Some(ip("2.2.2.2"))).expect("a seat");
        assert!(crowd.connection(Some(ip("3.3.3.3"))).is_none(), "three in all");
        drop(first);
        assert!(crowd.connection(Some(ip("1.1.1.1"))).is_some());
    }

    #[test]
    fn those_behind_a_proxy_are_counted_by_request() {
        let crowd = Crowd::new(9, 1);
        let _proxy = crowd.connection(None).expect("a seat");
        let _again = crowd.connection(None).expect("a seat");
        let busy = crowd.request(ip("5.5.5.5")).expect("a seat");
        assert!(crowd.request(ip("5.5.5.5")).is_none());
        drop(busy);
        assert!(crowd.request(ip("5.5.5.5")).is_some());
        assert_eq!(crowd.count(), 2);
    }
}
