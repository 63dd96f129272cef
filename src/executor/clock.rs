//! The only clock of the appliance. It never goes back, not even over a restart, and it doubts what jumps.

#![allow(clippy::disallowed_methods)]

use crate::base::time::{Span, Time};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How far the wall clock may run ahead of the time that truly passed before it is doubted (RUN-10).
const JUMP_MAX: Span = Span(10 * Span::MINUTE.0);
/// How long a doubted clock holds back what is due: long enough for a clock without battery to be set right.
const DOUBT: Span = Span(2 * Span::MINUTE.0);

/// How far the wall clock may lie behind the time that was already shown before somebody is told.
const BEHIND_MAX: Span = Span(60_000);

/// What is wrong with the machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It jumped, or began before the last commit: what is due waits, for two minutes at most.
    Doubted,
    /// It lies so far behind the time that was already shown: times stand still until it has caught up.
    Behind(Span),
}

/// The clock: the machine's wall clock, held so that it never shows less than it did, nor what it is doubted for (RUN-10).
#[derive(Debug)]
pub struct Clock {
    ahead: AtomicI64,
    started: Instant,
    hands: Mutex<Hands>,
}

impl Clock {
    /// A clock that shows at least `floor`: the last time that the store knows of. Where the wall shows less it is doubted at once.
    pub fn new(floor: Time) -> Clock {
        let hands = Mutex::new(Hands { shown: floor, steady: Time(0), doubt: Doubt::beginning(wall(), floor) });
        Clock { ahead: AtomicI64::new(0), started: Instant::now(), hands }
    }

    /// The time. While the wall is doubted it goes on at the pace of the steady hand, from what was believed last.
    pub fn now(&self) -> Time {
        self.look().0
    }

    /// Whether the wall clock jumped lately, or lies behind what the store knows: what is due waits then, for two minutes at most.
    pub fn is_doubtful(&self) -> bool {
        self.look().1
    }

    /// What is wrong with the machine's clock now, if anything is (RUN-10).
    pub fn trouble(&self) -> Option<Trouble> {
        let (shown, doubted) = self.look();
        if doubted {
            return Some(Trouble::Doubted);
        }
        let behind = shown.since(Time(wall().0 + self.ahead.load(Ordering::Relaxed)));
        (behind > BEHIND_MAX).then_some(Trouble::Behind(behind))
    }

    fn look(&self) -> (Time, bool) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        let steady = Time(i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX));
        hands.look(wall(), steady, Span(self.ahead.load(Ordering::Relaxed)))
    }

    /// Moves the clock ahead: for tests of the whole binary, in builds made for them alone.
    #[cfg(feature = "test-clock")]
    pub fn advance(&self, by: Span) {
        self.ahead.fetch_add(by.0.max(0), Ordering::Relaxed);
        // Whoever moves it knows the time: it is believed.
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).doubt.until = None;
    }

    /// How long from now until `at`, for a sleep; nothing where it is past.
    pub fn until(&self, at: Time) -> Span {
        at.since(self.now())
    }
}

fn wall() -> Time {
    Time::from(chrono::Utc::now())
}

/// What is shown, and the two hands it is read from.
#[derive(Debug)]
struct Hands {
    /// The last time that was shown, and the counting clock then.
    shown: Time,
    steady: Time,
    doubt: Doubt,
}

impl Hands {
    /// The time to show, and whether the wall is doubted. `ahead` is what a test added to the wall.
    fn look(&mut self, wall: Time, steady: Time, ahead: Span) -> (Time, bool) {
        let doubted = self.doubt.look(wall, steady);
        let believed = self.shown + steady.since(self.steady);
        let wall = wall + ahead;
        self.shown = self.shown.max(if doubted { wall.min(believed) } else { wall });
        self.steady = steady;
        (self.shown, doubted)
    }
}

/// Watches the wall clock beside one that only counts.
#[derive(Debug)]
struct Doubt {
    /// Both at the last look.
    wall: Time,
    steady: Time,
    /// Until when of the counting clock what is due is held back.
    until: Option<Time>,
}

impl Doubt {
    fn beginning(wall: Time, floor: Time) -> Doubt {
        // A minute may lie between the last time that was written down and the end of the program.
        let behind = floor.since(wall) > Span::MINUTE;
        Doubt { wall, steady: Time(0), until: behind.then_some(Time(0) + DOUBT) }
    }

    /// Whether what is due is held back. A jump forward begins the wait; one that brings the wall back to where it was ends it.
    fn look(&mut self, wall: Time, steady: Time) -> bool {
        let expected = self.wall + steady.since(self.steady);
        if wall.since(expected) > JUMP_MAX {
            tracing::warn!(by = %wall.since(expected), "the clock jumped ahead; what is due waits until it is believed");
            self.until = Some(steady + DOUBT);
        } else if expected.since(wall) > JUMP_MAX {
            tracing::warn!(by = %expected.since(wall), "the clock went back; times already shown are kept, and timers wait for them");
            self.until = None;
        }
        (self.wall, self.steady) = (wall, steady);
        self.until = self.until.filter(|until| steady < *until);
        self.until.is_some()
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
        assert!(clock.is_doubtful(), "a clock before the last commit is not believed at once");
        assert_eq!(clock.trouble(), Some(Trouble::Doubted));
        assert!(!Clock::new(Time(0)).is_doubtful());
    }

    #[test]
    fn a_clock_that_was_believed_too_early_is_told_to_lie_behind_until_it_has_caught_up() {
        let clock = Clock::new(Time(0));
        clock.now();
        assert_eq!(clock.trouble(), None);
        {
            let mut hands = clock.hands.lock().expect("no poison");
            hands.shown = hands.shown + Span::HOUR.times(3);
        }
        let Some(Trouble::Behind(behind)) = clock.trouble() else { panic!("{:?}", clock.trouble()) };
        assert!(behind > Span::HOUR.times(2) && behind <= Span::HOUR.times(3), "{behind}");
    }

    /// A clock at noon that is looked at by both of its hands: wall and steady, in minutes.
    fn looked_at(looks: &[(i64, i64)]) -> Vec<bool> {
        let minutes = |n: i64| Time(Span::MINUTE.times(n).0);
        let mut doubt = Doubt::beginning(minutes(720), minutes(720));
        looks.iter().map(|(wall, steady)| doubt.look(minutes(*wall), minutes(*steady))).collect()
    }

    /// What a clock at noon shows, in minutes past noon, while its hands go so.
    fn shown(looks: &[(i64, i64)]) -> Vec<i64> {
        let minutes = |n: i64| Time(Span::MINUTE.times(n).0);
        let mut hands = Hands { shown: minutes(720), steady: Time(0), doubt: Doubt::beginning(minutes(720), minutes(720)) };
        let shown = looks.iter().map(|(wall, steady)| hands.look(minutes(720 + *wall), minutes(*steady), Span(0)).0);
        shown.map(|time| time.since(minutes(720)).0 / Span::MINUTE.0).collect()
    }

    #[test]
    fn a_jump_that_is_taken_back_is_never_shown() {
        assert_eq!(shown(&[(1, 1), (28_801, 2), (28_802, 3), (4, 4), (5, 5)]), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_jump_is_shown_once_it_is_believed() {
        assert_eq!(shown(&[(1, 1), (101, 2), (102, 3), (103, 4), (104, 5)]), [1, 2, 3, 103, 104]);
    }

    #[test]
    fn a_wall_that_goes_back_leaves_what_was_shown() {
        assert_eq!(shown(&[(30, 30), (10, 31), (29, 50), (31, 52)]), [30, 30, 30, 31]);
    }

    #[test]
    fn a_jump_ahead_is_held_for_two_minutes() {
        assert_eq!(looked_at(&[(721, 1), (730, 10), (800, 11), (801, 12), (802, 13), (803, 14)]), [false, false, true, true, false, false]);
    }

    #[test]
    fn a_jump_that_is_taken_back_is_held_no_longer() {
        assert_eq!(looked_at(&[(800, 1), (722, 2), (723, 3)]), [true, false, false]);
    }

    #[test]
    fn a_step_of_minutes_and_a_long_sleep_are_believed() {
        assert_eq!(looked_at(&[(730, 1), (1430, 701), (700, 702)]), [false, false, false]);
    }
}
