//! Active automations: the list, one run with fifty actions ahead, and a change of many, with few runs and with a million.

use crate::kit::appliance::Appliance;
use crate::kit::client::Answer;
use crate::measure::{Spread, in_turn, ms, peak_mib, timed};
use crate::town::{FLOWS, Town};
use flusso::base::time::Time;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A page: its name, and its address in a town.
type Page = (&'static str, fn(&Town) -> String);

const PAGES: [Page; 12] = [
    ("list, first page", |_| "/runs".to_owned()),
    ("list, from the middle on", |town| format!("/runs?after={}", place_of(town, town.people / 2))),
    ("list of one flow", |town| format!("/runs?flow={}", town.flows[0])),
    ("list of one node", |town| format!("/runs?flow={}&node=w1", town.flows[0])),
    ("list of those held", |_| "/runs?state=held".to_owned()),
    ("list of those due in the week", |_| "/runs?due=week".to_owned()),
    ("list by a tag of one in ten", |_| "/runs?tag=vip".to_owned()),
    ("list by a name that few have", |_| "/runs?text=persona+77".to_owned()),
    ("agenda of a day with a third of all", |town| format!("/agenda?day={}", due_of(town, town.people / 2).to_string().split_at(10).0)),
    ("one run, 50 actions ahead", |town| format!("/runs/{}", town.people / 2)),
    ("API: list of 50", |_| "/api/v1/runs?limit=50".to_owned()),
    ("API: one run with its actions", |town| format!("/api/v1/runs/{}", town.people / 2)),
];

/// When the next action of this run is due.
fn due_of(town: &Town, run: usize) -> Time {
    town.flusso.get(&format!("/runs/{run}")).expect(200)["due"].as_str().unwrap_or_default().parse().unwrap()
}

/// The cursor of the list just before this run.
fn place_of(town: &Town, run: usize) -> String {
    format!("{}_{run}", due_of(town, run).0)
}

/// Logs in; the cookie.
fn log_in(flusso: &Appliance) -> String {
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = flusso.ask("POST", "/login", &form, b"name=Ada&password=corretto+cavallo+batteria&back=/runs");
    answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned()
}

fn ask(town: &Town, cookie: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {}", town.flusso.key);
    town.flusso.ask("GET", path, &[("Cookie", cookie), ("Authorization", &bearer)], b"")
}

pub fn measure(few: usize, many: usize) {
    let ((few, built), (many, built_too)) = (timed(|| Town::build(few)), timed(|| Town::build(many)));
    println!("built {} runs in {} ms and {} in {} ms\n", few.people, ms(built), many.people, ms(built_too));
    println!("| page | {} runs, ms (95 %) | {} runs, ms (95 %) | ratio |\n|---|---|---|---|", few.people, many.people);
    let (cookie, cookie_too) = (log_in(&few.flusso), log_in(&many.flusso));
    for (name, path) in PAGES {
        let (here, there) = (path(&few), path(&many));
        let (small, large) = in_turn(|| ask(&few, &cookie, &here), || ask(&many, &cookie_too, &there));
        row(name, &small, &large);
    }
    let preview = |town: &Town| town.flusso.call("POST", "/runs/changes", &json!({"match": {"flow": town.flows[0]}, "verb": "hold"}));
    let (small, large) = in_turn(|| preview(&few), || preview(&many));
    row("API: preview of a change of one flow", &small, &large);
    println!("\npeak memory after the pages: {} MiB and {} MiB\n", peak_mib(&few.flusso), peak_mib(&many.flusso));
    println!("| change | runs | s | µs a run | list page meanwhile, ms (95 %) | peak memory, MiB |\n|---|---|---|---|---|---|");
    let (small, large) = (json!({}), json!({"flow": many.flows[0]}));
    change("move, few", &few, &cookie, &small, few.people);
    change("move, many", &many, &cookie_too, &large, many.people.div_ceil(FLOWS));
}

fn row(name: &str, small: &Spread, large: &Spread) {
    let ratio = large.median.as_secs_f64() / small.median.as_secs_f64();
    let shown = |spread: &Spread| format!("{} ({})", ms(spread.median), ms(spread.most));
    println!("| {name} | {} | {} | {ratio:.2} |", shown(small), shown(large));
}

/// Moves these an hour, and takes it back; asks for the list all the while.
fn change(name: &str, town: &Town, cookie: &str, matching: &Value, count: usize) {
    let wish = json!({"match": matching, "verb": "move", "by": "1h", "apply": true, "count": count});
    let began = Instant::now();
    let job = town.flusso.call("POST", "/runs/changes", &wish).expect(202);
    let path = format!("/runs/changes/{}", job["id"].as_str().unwrap());
    told(name, town, count, follow(town, cookie, &path, "done", began));
    let began = Instant::now();
    town.flusso.call("DELETE", &path, &Value::Null).expect(200);
    told(&format!("{name}, taken back"), town, count, follow(town, cookie, &path, "undone", began));
}

fn told(name: &str, town: &Town, count: usize, (took, pages): (Duration, Spread)) {
    let each = took.as_secs_f64() * 1e6 / count as f64;
    let peak = peak_mib(&town.flusso);
    println!("| {name} | {count} | {:.1} | {each:.0} | {} ({}) | {peak} |", took.as_secs_f64(), ms(pages.median), ms(pages.most));
}

fn follow(town: &Town, cookie: &str, job: &str, until: &str, began: Instant) -> (Duration, Spread) {
    let mut pages = Vec::new();
    loop {
        let (page, took) = timed(|| ask(town, cookie, "/runs"));
        assert_eq!(page.status, 200);
        pages.push(took);
        let stands = town.flusso.get(job).expect(200);
        if stands["state"] == until {
            return (began.elapsed(), Spread::of(pages));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
