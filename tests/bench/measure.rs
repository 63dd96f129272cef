//! Times and sizes: medians of many askings, and the memory of a process.

use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use std::time::{Duration, Instant};

/// Askings of one page; the first ones are not counted.
const ASKED: usize = 60;
const WARM: usize = 8;

/// How long one thing takes.
pub fn timed<T>(job: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = job();
    (done, began.elapsed())
}

/// The middle one, and the one that nineteen of twenty are not above.
pub struct Spread {
    pub median: Duration,
    pub most: Duration,
}

impl Spread {
    pub fn of(mut times: Vec<Duration>) -> Spread {
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).or(times.last()).copied().unwrap_or_default();
        Spread { median: at(50), most: at(95) }
    }
}

/// Two things asked in turn, so that both meet the same machine.
pub fn in_turn(mut one: impl FnMut() -> Answer, mut other: impl FnMut() -> Answer) -> (Spread, Spread) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for round in 0..ASKED + WARM {
        let (answer, took) = timed(&mut one);
        let (another, took_too) = timed(&mut other);
        assert_eq!((answer.status, another.status), (200, 200), "{} {}", answer.text(), another.text());
        if round >= WARM {
            first.push(took);
            second.push(took_too);
        }
    }
    (Spread::of(first), Spread::of(second))
}

/// The most memory a process ever had in hand, in MiB.
pub fn peak_mib(appliance: &Appliance) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", appliance.pid())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Milliseconds, as a table shows them.
pub fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}
