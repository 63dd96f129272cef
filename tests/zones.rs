//! What the clock on the wall means, in one table: gaps and overlaps, half and quarter hours, a day that never was, 29 February, dates
//! far away, windows over midnight, and the holidays that move (RUN-8 to RUN-10). And clocks that jump, forward and back.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{DAY, Heart, Ledger, MORNING, says};
use chrono::NaiveDate;
use flusso::base::time::{Span, Time};
use flusso::base::zone::{Zone, in_year};
use flusso::engine::calendar::{is_italian_holiday, next_opening, quiet_end};
use flusso::engine::talk::stage;
use flusso::engine::{step, window};
use flusso::executor::advance::Cause;
use flusso::executor::{Executor, advance, occasions};
use flusso::model::action::{ActionId, Verb};
use flusso::model::contact::Contact;
use flusso::model::document;
use flusso::model::event::Event;
use flusso::model::node::{HoursWindow, NodeId, WallTime, Window};
use flusso::model::operator::By;
use flusso::model::run::{Origin, Phase};
use flusso::model::settings::{QuietHours, Settings};
use flusso::store::seal::SealKey;
use flusso::store::{Store, contacts, dates, meta, runs, schedules};
use serde_json::{Value, json};

/// What is asked, in which zone, from when, and when it comes to. `wall` is the time of a moment on the wall; `next` the next time of a day;
/// `window`, `quiet` and `opening` the first moment inside, after, and with somebody there; `wait` when a wait node ends.
const TABLE: &str = r#"
    Europe/Rome         | wall 2026-03-29T01:59:59            | -                    | 2026-03-29T00:59:59Z  the last second before the gap
    Europe/Rome         | wall 2026-03-29T02:00:00            | -                    | 2026-03-29T01:00:00Z  the first of the gap
    Europe/Rome         | wall 2026-03-29T02:30:00            | -                    | 2026-03-29T01:00:00Z  inside the gap
    Europe/Rome         | wall 2026-03-29T03:00:00            | -                    | 2026-03-29T01:00:00Z  the first after it
    Europe/Rome         | wall 2026-10-25T02:00:00            | -                    | 2026-10-25T00:00:00Z  comes twice: the first
    Europe/Rome         | wall 2026-10-25T02:30:00            | -                    | 2026-10-25T00:30:00Z  comes twice: the first
    Europe/Rome         | wall 2026-10-25T03:00:00            | -                    | 2026-10-25T02:00:00Z  once again
    Europe/Lisbon       | wall 2026-10-25T01:30:00            | -                    | 2026-10-25T00:30:00Z  twice, an hour west
    Europe/Dublin       | wall 2026-03-29T01:30:00            | -                    | 2026-03-29T01:00:00Z  winter time is the odd one
    America/New_York    | wall 2026-03-08T02:30:00            | -                    | 2026-03-08T07:00:00Z  another Sunday
    America/New_York    | wall 2026-11-01T01:30:00            | -                    | 2026-11-01T05:30:00Z  another Sunday
    America/St_Johns    | wall 2026-03-08T02:15:00            | -                    | 2026-03-08T05:30:00Z  half an hour off, and a gap
    Australia/Adelaide  | wall 2026-10-04T02:30:00            | -                    | 2026-10-03T16:30:00Z  half an hour off, in the south
    Australia/Lord_Howe | wall 2026-10-04T02:15:00            | -                    | 2026-10-03T15:30:00Z  a gap of half an hour
    Australia/Lord_Howe | wall 2026-04-05T01:45:00            | -                    | 2026-04-04T14:45:00Z  an overlap of half an hour
    Pacific/Chatham     | wall 2026-04-05T03:00:00            | -                    | 2026-04-04T13:15:00Z  three quarters off, twice
    Asia/Kathmandu      | wall 2026-01-15T09:00:00            | -                    | 2026-01-15T03:15:00Z  a quarter of an hour
    Asia/Kolkata        | wall 2026-01-15T09:00:00            | -                    | 2026-01-15T03:30:00Z  half an hour
    Australia/Eucla     | wall 2026-07-01T09:00:00            | -                    | 2026-07-01T00:15:00Z  three quarters
    Pacific/Apia        | wall 2011-12-30T09:00:00            | -                    | 2011-12-30T10:00:00Z  a day that never was
    Pacific/Apia        | wall 2011-12-31T00:00:00            | -                    | 2011-12-30T10:00:00Z  the first moment after it
    Pacific/Apia        | next 09:00                          | 2011-12-29T20:00:00Z | 2011-12-30T10:00:00Z  nine of the day that never was
    America/Sao_Paulo   | wall 2018-11-04T00:00:00            | -                    | 2018-11-04T03:00:00Z  no midnight
    America/Havana      | wall 2026-03-08T00:30:00            | -                    | 2026-03-08T05:00:00Z  no midnight
    Antarctica/Troll    | wall 2026-03-29T01:30:00            | -                    | 2026-03-29T01:00:00Z  a gap of two hours
    Pacific/Kiritimati  | wall 2026-01-01T00:00:00            | -                    | 2025-12-31T10:00:00Z  the earliest
    Pacific/Pago_Pago   | wall 2026-01-01T00:00:00            | -                    | 2026-01-01T11:00:00Z  the latest
    Europe/Rome         | wall 2060-03-28T02:30:00            | -                    | 2060-03-28T01:00:00Z  a gap far away
    Europe/Rome         | wall 2096-07-01T12:00:00            | -                    | 2096-07-01T10:00:00Z  a summer far away
    Europe/Rome         | wall 2028-02-29T09:00:00            | -                    | 2028-02-29T08:00:00Z  a day of leap years
    Europe/Rome         | next 02:30                          | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z  into the gap
    Europe/Rome         | next 02:30                          | 2026-03-29T01:00:01Z | 2026-03-30T00:30:00Z  not twice that day
    Europe/Rome         | next 02:30                          | 2026-10-25T00:30:01Z | 2026-10-26T01:30:00Z  not at its second coming
    Europe/Rome         | window sat 22:00-03:30              | 2026-03-29T01:00:00Z | 2026-03-29T01:00:00Z  over midnight and the gap, inside
    Europe/Rome         | window sat 22:00-03:30              | 2026-03-29T01:30:00Z | 2026-04-04T20:00:00Z  over midnight and the gap, outside
    Europe/Rome         | window sat 22:00-03:30              | 2026-10-25T01:15:00Z | 2026-10-25T01:15:00Z  in the hour that comes again
    Europe/Rome         | window fri 22:00-02:00              | 2026-11-20T00:30:00Z | 2026-11-20T21:00:00Z  Thursday's night is not Friday's
    Europe/Rome         | window mon-fri 09:00-18:00          | 2026-03-27T17:30:00Z | 2026-03-30T07:00:00Z  a weekend with a gap
    Asia/Kathmandu      | window mon-fri 09:00-18:00          | 2026-11-22T12:00:00Z | 2026-11-23T03:15:00Z  a quarter of an hour
    Europe/Rome         | quiet 22:00-02:30                   | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z  the morning falls into the gap
    Europe/Rome         | quiet 22:00-07:00                   | 2026-10-24T21:00:00Z | 2026-10-25T06:00:00Z  a long night
    Europe/Rome         | quiet 13:00-15:00                   | 2026-11-23T12:30:00Z | 2026-11-23T14:00:00Z  a nap
    Europe/Rome         | opening sat 20:00-04:00             | 2026-03-29T01:30:00Z | 2026-03-29T01:30:00Z  open over the night of the gap
    Europe/Rome         | opening sat 20:00-04:00             | 2026-10-25T02:30:00Z | 2026-10-25T02:30:00Z  open over the night of the overlap
    Europe/Rome         | opening sat 20:00-04:00             | 2026-10-25T03:00:00Z | 2026-10-31T19:00:00Z  and closed after it
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2024-03-29T18:00:00Z | 2024-04-02T07:00:00Z  Easter Monday 1 April 2024
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2027-03-26T18:00:00Z | 2027-03-30T07:00:00Z  Easter Monday after the gap
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2028-04-14T18:00:00Z | 2028-04-18T07:00:00Z  Easter Monday 17 April 2028
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2038-04-23T18:00:00Z | 2038-04-27T07:00:00Z  the latest Easter
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2026-12-31T18:00:00Z | 2027-01-04T08:00:00Z  New Year on a Friday
    Europe/Rome         | opening mon-fri 09:00-18:00         | 2027-01-05T18:00:00Z | 2027-01-07T08:00:00Z  Epiphany
    Europe/Rome         | wait {"for": "1d"}                  | 2026-03-28T09:00:00Z | 2026-03-29T09:00:00Z  a length is a length
    Europe/Rome         | wait {"for": "0s"}                  | 2026-03-29T00:59:59Z | 2026-03-29T00:59:59Z  no length is no wait
    Europe/Rome         | wait {"until": {"time": "09:00"}}   | 2026-03-28T12:00:00Z | 2026-03-29T07:00:00Z  the wall, not the length
    Europe/Rome         | wait {"until": {"time": "02:30"}}   | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z  until a time in the gap
    Europe/Rome         | wait {"until": {"weekday": "sun", "at": "02:30"}} | 2026-03-25T12:00:00Z | 2026-03-29T01:00:00Z  until a day with a gap
    Europe/Rome         | wait {"until": {"date": "2026-03-28", "offset": "1d", "at": "10:00"}} | 2026-03-20T12:00:00Z | 2026-03-29T08:00:00Z  a day after, on the wall
    Europe/Rome         | wait {"until": {"date": "2028-02-28", "offset": "1d", "at": "09:00"}} | 2028-02-01T12:00:00Z | 2028-02-29T08:00:00Z  the day after 28 February
    Europe/Rome         | wait {"until": {"date": "2027-02-28", "offset": "1d", "at": "09:00"}} | 2027-02-01T12:00:00Z | 2027-03-01T08:00:00Z  and in a common year
    Europe/Rome         | wait {"for": "20h", "window": {"days": "mon-sun", "from": "02:15", "to": "04:00"}} | 2026-03-28T05:00:00Z | 2026-03-29T01:00:00Z  a window that opens in the gap
    Asia/Kathmandu      | wait {"until": {"time": "09:00"}}   | 2026-11-22T12:00:00Z | 2026-11-23T03:15:00Z  on the contact's own clock
"#;

fn time(text: &str) -> Time {
    text.parse().unwrap_or_else(|_| panic!("no time: {text}"))
}

fn hours(text: &str) -> (WallTime, WallTime) {
    let (from, to) = text.split_once('-').unwrap();
    (from.parse().unwrap(), to.parse().unwrap())
}

fn window_of(text: &str) -> HoursWindow {
    let (days, between) = text.split_once(' ').unwrap();
    let (from, to) = hours(between);
    HoursWindow { days: days.parse().unwrap(), from, to }
}

/// When a wait node with these members ends for a contact of this zone.
fn wait_ends(zone: Zone, members: &str, from: Time) -> Time {
    let mut wait: Value = serde_json::from_str(members).unwrap();
    (wait["id"], wait["kind"], wait["exits"]) = (json!("w1"), json!("wait"), json!({"elapsed": "e1"}));
    let flow = json!({"flusso": 1, "name": "Attesa", "start": "w1", "nodes": [wait, {"id": "e1", "kind": "end"}]});
    let flow = document::read(&flow).unwrap();
    let contact = Contact { zone: Some(zone), ..stage::contact() };
    let run = stage::run(&contact, NodeId("w1".to_owned()), Origin::Api, from, 1);
    let step = step(&stage::world(), &flow, &run, &contact, &Event::Start, from).unwrap();
    step.run.timer().map_or(from, |(due, _)| due)
}

fn answer(zone: Zone, ask: &str, from: Option<Time>) -> Option<Time> {
    let (word, rest) = ask.split_once(' ').unwrap();
    let settings = Settings { time_zone: zone, ..Settings::default() };
    match word {
        "wall" => Some(zone.at(rest.parse().unwrap())),
        "next" => zone.next(from?, rest.parse::<WallTime>().unwrap().0, |_| true),
        "window" => window::next_inside(&Window::Hours(window_of(rest)), from?, &settings, zone),
        "quiet" => {
            let (from_hour, to) = hours(rest);
            let quiet_hours = Some(QuietHours { from: from_hour, to });
            Some(quiet_end(&Settings { quiet_hours, ..settings }, None, from?))
        }
        "opening" => next_opening(&Settings { business_hours: vec![window_of(rest)], ..settings }, from?),
        "wait" => Some(wait_ends(zone, rest, from?)),
        other => panic!("nothing is asked by {other}"),
    }
}

#[test]
fn every_row_of_the_table_holds() {
    let rows: Vec<&str> = TABLE.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(rows.len() >= 50, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        let [zone, ask, from, then] = cells[..] else { panic!("four cells: {row}") };
        let (wanted, words) = then.split_once("  ").unwrap();
        let from = (from != "-").then(|| time(from));
        let got = answer(zone.parse().unwrap_or_else(|_| panic!("{zone}")), ask, from);
        if got != Some(time(wanted)) {
            wrong.push(format!("{zone}, {ask}, {words}: {} and not {wanted}", got.map(|got| got.to_string()).unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn easter_monday_is_a_holiday_every_year_and_the_tuesday_after_it_is_not() {
    for monday in [
        "2024-04-01",
        "2025-04-21",
        "2026-04-06",
        "2027-03-29",
        "2028-04-17",
        "2029-04-02",
        "2030-04-22",
        "2035-03-26",
        "2038-04-26",
        "2049-04-19",
    ] {
        let monday: NaiveDate = monday.parse().unwrap();
        assert!(is_italian_holiday(monday), "{monday}");
        assert!(is_italian_holiday(monday.pred_opt().unwrap()), "Easter itself, before {monday}");
        let tuesday = monday.succ_opt().unwrap();
        assert!(!is_italian_holiday(tuesday), "{tuesday}");
    }
}

#[test]
fn who_was_born_on_29_february_has_a_birthday_every_year() {
    let born = NaiveDate::from_ymd_opt(2000, 2, 29).unwrap();
    for (year, day) in [(2026, "2026-02-28"), (2027, "2027-02-28"), (2028, "2028-02-29"), (2096, "2096-02-29"), (2100, "2100-02-28")] {
        assert_eq!(in_year(born, year).unwrap().to_string(), day);
    }
}

const STEPS: &str = r#"{"flusso": 1, "name": "Passi", "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
    {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m2"}},
    {"id": "m2", "kind": "message", "text": "Due"}]}"#;

#[test]
fn a_clock_that_jumps_ahead_fires_each_wait_once_and_in_order() {
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(STEPS).unwrap();
    let mut ledger = Ledger::default();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "via")])).unwrap();
    heart.now = MORNING + Span::HOUR.times(20);
    heart.pass(heart.now + Span::HOUR.times(2), &mut ledger).unwrap();
    let sent: Vec<(&str, i64)> = ledger.sent.iter().map(|sent| (sent.text.as_str(), sent.at.since(MORNING).0 / Span::HOUR.0)).collect();
    assert_eq!(sent, [("Uno", 20), ("Due", 22)], "the second wait counts from the end of the first");
    heart.pass(heart.now + DAY, &mut ledger).unwrap();
    assert_eq!(ledger.sent.len(), 2);
}

#[test]
fn a_clock_that_jumps_back_fires_nothing_twice_and_nothing_early() {
    let store = Store::memory().unwrap();
    let mut heart = Heart::open(store, MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(STEPS).unwrap();
    let mut ledger = Ledger::default();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "via")])).unwrap();
    heart.pass(MORNING + Span::HOUR.times(2), &mut ledger).unwrap();
    assert_eq!(ledger.sent.len(), 1);
    heart.now = MORNING - Span::HOUR;
    heart.pass(MORNING + Span::HOUR.times(4) - Span(1), &mut ledger).unwrap();
    assert_eq!(ledger.sent.len(), 1, "not early");
    heart.pass(MORNING + DAY, &mut ledger).unwrap();
    assert_eq!(ledger.sent.len(), 2, "and once");
}

#[tokio::test]
async fn a_file_that_has_seen_the_future_keeps_the_clock_from_going_back() {
    let far = time("2061-08-01T12:00:00Z");
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), far).unwrap();
    heart.change(|desk| Ok(meta::advance(&mut desk.work, desk.now)?)).unwrap();
    drop(heart);
    let store = Store::on_disk(Ram::of(disk.bytes()), &OPTIONS).unwrap();
    let (executor, _running) = Executor::start(store, SealKey::new([7; 32])).await.unwrap();
    assert!(executor.now() >= far, "{} is before {far}", executor.now());
}

#[test]
fn a_program_that_knows_other_rules_of_zones_than_the_last_one_computes_the_waits_for_a_wall_anew() {
    let flow = r#"{"flusso": 1, "name": "Muro", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "k2", "kind": "keyword", "phrases": [{"text": "lungo", "match": "exact"}], "exits": {"next": "w2"}},
        {"id": "w1", "kind": "wait", "until": {"time": "09:00"}},
        {"id": "w2", "kind": "wait", "for": "20h"}]}"#;
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING + Span::HOUR).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(flow).unwrap();
    for (from, word) in [("393331234567", "via"), ("393332222222", "lungo"), ("393333333333", "via")] {
        heart.webhook(&says(from, heart.now, &[(&format!("wamid.{from}"), word)])).unwrap();
    }
    let dues = |heart: &Heart| -> Vec<Time> {
        let live = runs::list_live(&heart.reader.view().unwrap(), None, 10).unwrap();
        live.iter().map(|run| run.timer().expect("it waits").0).collect()
    };
    let (moved, when) = (runs::list_live(&heart.reader.view().unwrap(), None, 10).unwrap()[2].id, heart.now + Span::HOUR.times(24));
    let action = ActionId { node: NodeId("w1".to_owned()), visit: 1 };
    let verb = Verb::Move { action, due: when, following_keep: false };
    heart.change(|desk| advance::happen(desk, moved, &Event::Verb(verb, By::System))).unwrap();
    let right = dues(&heart);
    assert_eq!(right[2], when, "a person said when");
    // As a program with other rules would have left it: an hour off, and said so.
    heart
        .change(|desk| {
            for mut run in runs::list_live(&desk.work, None, 10)?.into_iter().filter(|run| run.node() == Some(&NodeId("w1".to_owned()))) {
                if let Phase::Waiting(waiting) = &mut run.phase {
                    waiting.due = waiting.due.map(|due| if run.id == moved { due } else { due + Span::HOUR });
                    waiting.planned = waiting.planned.map(|due| due + Span::HOUR);
                }
                desk.put_run(&run)?;
            }
            schedules::zones_changed(&mut desk.work, "rules of 1970")?;
            Ok(())
        })
        .unwrap();
    let now = heart.now;
    drop(heart);
    let mut heart = Heart::open(Store::on_disk(Ram::of(disk.bytes()), &OPTIONS).unwrap(), now).unwrap();
    while heart.change(occasions::turn).unwrap() {}
    assert_eq!(dues(&heart), right);
    assert!(heart.change(|desk| Ok(!occasions::is_due(&desk.work, &desk.facts, desk.now)?)).unwrap(), "once, and not at every start");
}

#[test]
fn the_date_of_a_contact_follows_its_zone_and_one_that_is_another_by_now_sets_nothing_off() {
    let flow = r#"{"flusso": 1, "name": "Auguri", "nodes": [
        {"id": "e1", "kind": "event", "on": "date", "field": "giorno", "offset": "0d", "at": "09:00", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "30d"}]}"#;
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(flow).unwrap();
    let change = |heart: &mut Heart, armed: bool, change: fn(&mut Contact)| {
        let done = heart.change(|desk| {
            let before = contacts::list(&desk.work, None, 1)?.remove(0);
            let mut after = before.clone();
            change(&mut after);
            contacts::put(&mut desk.work, &after)?;
            if armed { advance::contact_changed(desk, &before, &after, Cause::default()) } else { Ok(()) }
        });
        done.unwrap();
    };
    let due = |heart: &Heart| -> Vec<String> {
        let all = dates::due_before(&heart.reader.view().unwrap(), time("2030-01-01T00:00:00Z"), 10).unwrap();
        all.iter().map(|(at, _)| at.to_string()).collect()
    };
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "ciao")])).unwrap();
    change(&mut heart, true, |anna| drop(anna.fields.insert("giorno".to_owned(), "2026-12-24".into())));
    assert_eq!(due(&heart), ["2026-12-24T08:00:00.000Z"]);
    change(&mut heart, true, |anna| anna.zone = Some("Asia/Tokyo".parse().unwrap()));
    assert_eq!(due(&heart), ["2026-12-24T00:00:00.000Z"]);
    change(&mut heart, false, |anna| drop(anna.fields.insert("giorno".to_owned(), "2026-12-26".into())));
    heart.now = time("2026-12-24T00:00:01Z");
    heart.change(occasions::turn).unwrap();
    assert!(runs::list_any(&heart.reader.view().unwrap(), None, 1).unwrap().is_empty(), "it is another day by now");
    assert_eq!(due(&heart), ["2026-12-26T00:00:00.000Z"], "and that one is waited for");
    heart.now = time("2026-12-26T00:00:01Z");
    heart.change(occasions::turn).unwrap();
    assert_eq!(runs::list_any(&heart.reader.view().unwrap(), None, 2).unwrap().len(), 1);
}
