//! What things cost, measured on the built binary by its own pages and calls. Nothing here passes or fails: a person reads the tables.
//!
//! `cargo bench --bench bench -- runs` measures active automations at 1,000 and at 1,000,000 live runs; two numbers after the word are other
//! sizes. Both sizes are asked in turn within one run, so that what else the machine does touches both alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]

#[path = "../kit"]
mod kit {
    pub mod appliance;
    pub mod client;
}
mod measure;
mod runs;
mod town;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let all = words.iter().all(|word| word.parse::<usize>().is_ok());
    if all || words.iter().any(|word| word == "runs") {
        let size = |place: usize, usual: usize| sizes.get(place).copied().unwrap_or(usual);
        runs::measure(size(0, 1_000), size(1, 1_000_000));
    }
}
