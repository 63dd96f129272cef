//! The timer wheel: what is due within the next minutes, in slots that turn. Only a hint of what to wake; the store is the truth.

use crate::base::time::{Span, Time};

/// Slots of one ring, and rings: 64 × 16 ms, then 64 times that, and again: a horizon of over one hour.
const SLOTS: usize = 64;
const RINGS: usize = 3;
const TICK: Span = Span(16);

/// A hierarchical timer wheel. Adding costs the same however many it holds; turning costs what is due.
#[derive(Debug)]
pub struct Wheel<T> {
    /// The tick up to which everything was handed out.
    turned: i64,
    rings: [Vec<Vec<(Time, T)>>; RINGS],
    held: usize,
}

impl<T> Wheel<T> {
    /// An empty wheel that begins at `now`.
    pub fn new(now: Time) -> Wheel<T> {
        let ring = || (0..SLOTS).map(|_| Vec::new()).collect();
        Wheel { turned: tick_of(now), rings: [ring(), ring(), ring()], held: 0 }
    }

    /// How many it holds.
    pub fn len(&self) -> usize {
        self.held
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Adds something due at a time; what is past is handed out at the next turn. A time beyond the horizon goes to the last slot and is
    /// sorted anew when that comes round.
    pub fn add(&mut self, due: Time, item: T) {
        self.held += 1;
        self.place(due, item);
    }

    fn place(&mut self, due: Time, item: T) {
        let distance = (tick_after(due) - self.turned).max(1);
        let slots = SLOTS as i64;
        let (ring, scale) = if distance < slots {
            (0, 1)
        } else if distance < slots * slots {
            (1, slots)
        } else {
            (2, slots * slots)
        };
        let distance = distance.min(slots * slots * slots - slots * slots);
        let slot = ((self.turned + distance) / scale).rem_euclid(slots);
        self.rings[ring][slot as usize].push((due, item));
    }

    /// Hands out everything due by `now`, in order of time. Nothing comes early.
    pub fn turn(&mut self, now: Time) -> Vec<(Time, T)> {
        let mut out = Vec::new();
        let last = tick_of(now);
        while self.turned < last && self.held > out.len() {
            self.turned += 1;
            self.cascade();
            let slot = self.turned.rem_euclid(SLOTS as i64) as usize;
            out.append(&mut self.rings[0][slot]);
        }
        self.turned = self.turned.max(last);
        let (due, early): (Vec<_>, Vec<_>) = out.into_iter().partition(|(due, _)| *due <= now);
        self.held -= due.len();
        for (time, item) in early {
            self.place(time, item);
        }
        let mut due = due;
        due.sort_by_key(|(time, _)| *time);
        due
    }

    /// Moves the slot that begins now from a coarser ring to the finer ones.
    fn cascade(&mut self) {
        let slots = SLOTS as i64;
        for (ring, scale) in [(1, slots), (2, slots * slots)] {
            if self.turned.rem_euclid(scale) != 0 {
                return;
            }
            let slot = (self.turned / scale).rem_euclid(slots) as usize;
            for (due, item) in std::mem::take(&mut self.rings[ring][slot]) {
                if tick_after(due) <= self.turned {
                    self.rings[0][self.turned.rem_euclid(slots) as usize].push((due, item));
                } else {
                    self.place(due, item);
                }
            }
        }
    }

    /// When to turn next: the time of the first slot that holds anything, or `None` where nothing is held.
    pub fn next(&self) -> Option<Time> {
        if self.held == 0 {
            return None;
        }
        let slots = SLOTS as i64;
        let first_of = |(ring, scale): (usize, i64)| {
            let base = self.turned / scale;
            let step = (1..=slots).find(|step| !self.rings[ring][(base + step).rem_euclid(slots) as usize].is_empty())?;
            Some(Time((base + step) * scale * TICK.0))
        };
        [(0, 1), (1, slots), (2, slots * slots)].into_iter().filter_map(first_of).min()
    }
}

fn tick_of(time: Time) -> i64 {
    time.0.div_euclid(TICK.0)
}

/// The first tick at which something due at `time` may go: never early.
fn tick_after(time: Time) -> i64 {
    -(-time.0).div_euclid(TICK.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_wheel_agrees_with_a_sorted_list(
            dues in prop::collection::vec(0i64..4_000_000, 1..200),
            jumps in prop::collection::vec(1i64..200_000, 1..100),
        ) {
            let start = Time(1_763_800_000_123);
            let mut wheel = Wheel::new(start);
            let mut list: Vec<(Time, usize)> = dues.iter().enumerate().map(|(n, due)| (Time(start.0 + due), n)).collect();
            for (due, n) in &list {
                wheel.add(*due, *n);
            }
            let mut now = start;
            for jump in jumps {
                now = now + Span(jump);
                let out = wheel.turn(now);
                prop_assert!(out.iter().all(|(due, _)| *due <= now), "something came early");
                let late: Vec<_> = list.iter().filter(|(due, _)| tick_after(*due) <= tick_of(now)).copied().collect();
                let mut got: Vec<_> = out.clone();
                for found in &late {
                    prop_assert!(got.contains(found), "{found:?} is late at {now:?}");
                }
                got.retain(|found| !late.contains(found));
                list.retain(|known| !out.contains(known));
                prop_assert_eq!(wheel.len(), list.len());
            }
            let out = wheel.turn(now + Span::HOUR.times(2));
            prop_assert_eq!(out.len(), list.len());
        }
    }

    #[test]
    fn an_empty_wheel_jumps_any_distance_at_once() {
        let mut wheel: Wheel<u8> = Wheel::new(Time(0));
        assert!(wheel.turn(Time(i64::MAX / 4)).is_empty());
        wheel.add(Time(i64::MAX / 4 + 5), 1);
        assert_eq!(wheel.turn(Time(i64::MAX / 4 + 100)).len(), 1);
    }

    #[test]
    fn the_next_turn_is_not_before_the_slot_and_not_after_the_due_time_by_more_than_it() {
        let mut wheel = Wheel::new(Time(1_000_000));
        wheel.add(Time(1_000_500), ());
        let next = wheel.next().expect("one is held");
        assert!(next >= Time(1_000_500) && next < Time(1_000_532), "{next:?}");
    }
}
