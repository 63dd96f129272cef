//! Rounds over everybody: what the end of a tag or a field sets off, that dates and waits follow what was set later, and that an end of the program in the middle leaves nobody out and
//! does nothing twice.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{Heart, MORNING, says};
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::FlowId;
use flusso::base::time::Span;
use flusso::base::zone::Zone;
use flusso::executor::advance::Cause;
use flusso::executor::control::labels;
use flusso::executor::desk::Desk;
use flusso::executor::{Executor, advance, occasions};
use flusso::model::contact::Contact;
use flusso::model::label::Label;
use flusso::model::node::HoursWindow;
use flusso::model::operator::By;
use flusso::model::settings::{QuietHours, Settings};
use flusso::model::value::Value;
use flusso::store::seal::SealKey;
use flusso::store::{Store, contacts, rounds, runs, settings, tags};
use serde_json::{Map, json};

const PEOPLE: usize = 240;

/// Counts, on each contact, how often a flow began.
const COUNTS: &str = r#"{"flusso": 1, "name": "Conta", "reentry": "restart", "nodes": [
    {"id": "e1", "kind": "event", "on": "tag_removed", "tag": "vip", "exits": {"next": "s1"}},
    {"id": "e2", "kind": "event", "on": "field_changed", "field": "citta", "exits": {"next": "s1"}},
    {"id": "s1", "kind": "save", "increment": [{"field": "contact.fields.volte", "by": 1}]}]}"#;

/// A shop with many people, two of three of whom have the tag and the field.
fn crowded(disk: &std::sync::Arc<Ram>) -> Heart {
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(COUNTS).unwrap();
    heart
        .change(|desk| {
            for number in 0..PEOPLE {
                let mut contact = Contact::new(desk.mint()?, desk.now);
                contact.addresses = vec![Address::new(ChannelKind::Whatsapp, &format!("39333{number:07}"))];
                if number % 3 > 0 {
                    contact.tags.insert("vip".to_owned());
                    contact.fields.insert("citta".to_owned(), "Padova".into());
                }
                contacts::put(&mut desk.work, &contact)?;
            }
            Ok(())
        })
        .unwrap();
    heart
}

/// How often the flow began for each, in order.
fn counted(heart: &Heart) -> Vec<f64> {
    let people = contacts::list(&heart.reader.view().unwrap(), None, PEOPLE).unwrap();
    let number = |contact: &Contact| match contact.fields.get("volte") {
        Some(Value::Number(number)) => *number,
        _ => 0.0,
    };
    people.iter().map(number).collect()
}

fn having(heart: &Heart, label: &Label) -> usize {
    let people = contacts::list(&heart.reader.view().unwrap(), None, PEOPLE).unwrap();
    people.iter().filter(|contact| labels::has(contact, label)).count()
}

#[test]
fn a_tag_that_ends_in_the_middle_of_a_crash_is_taken_from_everybody_and_starts_its_flow_once_for_each() {
    for label in [Label::Tag("vip".to_owned()), Label::Field("citta".to_owned())] {
        let disk = Ram::of(born());
        let mut heart = crowded(&disk);
        let all = having(&heart, &label);
        assert_eq!(all, PEOPLE * 2 / 3);
        let asked = label.clone();
        heart.change(move |desk| labels::begin_removal(desk, By::System, asked, true)).unwrap();
        assert_eq!(having(&heart, &label), all, "the beginning is one small commit");
        assert!(heart.change(occasions::turn).unwrap(), "there is more");
        let left = having(&heart, &label);
        assert!(0 < left && left < all, "{left} of {all}: the crash is in the middle");
        drop(heart);
        let mut heart = Heart::open(Store::on_disk(Ram::of(disk.bytes()), &OPTIONS).unwrap(), MORNING).unwrap();
        let view = heart.reader.view().unwrap();
        assert!(occasions::is_due(&view, &heart.facts, heart.now).unwrap(), "the next start goes on by itself");
        drop(view);
        let turns = std::iter::repeat_with(|| heart.change(occasions::turn).unwrap()).take_while(|more| *more).count();
        assert!(turns >= 1, "a page to a commit: {turns}");
        assert_eq!(having(&heart, &label), 0);
        let expected: Vec<f64> = (0..PEOPLE).map(|number| f64::from(u8::from(number % 3 > 0))).collect();
        assert_eq!(counted(&heart), expected, "{label:?}: once for who had it, and for nobody else");
        assert!(!heart.change(occasions::turn).unwrap(), "nothing is left of it");
    }
}

#[test]
fn what_begins_by_the_end_of_a_tag_goes_behind_everything_else_and_waits_while_everything_is_paused() {
    let flow = r#"{"flusso": 1, "name": "Saluti", "nodes": [
        {"id": "e1", "kind": "event", "on": "tag_removed", "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Arrivederci", "window_closed": "skip"}]}"#;
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(flow).unwrap();
    heart.webhook(&crate::kit::heart::says("393331234567", MORNING, &[("wamid.1", "ciao")])).unwrap();
    let label = Label::Tag("vip".to_owned());
    heart
        .change(|desk| {
            let mut anna = contacts::list(&desk.work, None, 1)?.remove(0);
            anna.tags.insert("vip".to_owned());
            contacts::put(&mut desk.work, &anna)?;
            tags::put(&mut desk.work, &flusso::model::tag::Tag { name: "vip".to_owned() })?;
            labels::begin_removal(desk, By::System, label.clone(), false)
        })
        .unwrap();
    while heart.change(occasions::turn).unwrap() {}
    let view = heart.reader.view().unwrap();
    let rows = flusso::store::outbox::list(&view, None, None, 10).unwrap();
    assert_eq!(rows.iter().map(|row| row.class).collect::<Vec<_>>(), [flusso::model::outbox::Class::Broadcast]);
    assert!(tags::all(&view).unwrap().is_empty());
}

#[test]
fn who_waits_for_a_field_to_be_gone_goes_on_when_it_is_taken_from_everybody() {
    let flow = r#"{"flusso": 1, "name": "Aspetta", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "s1"}},
        {"id": "s1", "kind": "save", "set": [{"field": "contact.fields.citta", "to": "Padova"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "30d", "met": {"field": "contact.fields.citta", "op": "missing"}, "exits": {"met": "s2"}},
        {"id": "s2", "kind": "save", "add_tags": ["libero"]}]}"#;
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(flow).unwrap();
    heart.webhook(&crate::kit::heart::says("393331234567", MORNING, &[("wamid.1", "via")])).unwrap();
    let free = |heart: &Heart| contacts::list(&heart.reader.view().unwrap(), None, 1).unwrap()[0].tags.contains("libero");
    assert!(!free(&heart));
    heart.change(|desk| labels::begin_removal(desk, By::System, Label::Field("citta".to_owned()), true)).unwrap();
    while heart.change(occasions::turn).unwrap() {}
    assert!(free(&heart));
}

/// A person, who wrote.
fn with_anna(flow: &str) -> (Heart, FlowId) {
    let mut heart = Heart::open(Store::memory().unwrap(), MORNING).unwrap();
    heart.add_whatsapp().unwrap();
    let flow = heart.add_flow(flow).unwrap();
    heart.webhook(&says("393331234567", MORNING, &[("wamid.1", "via")])).unwrap();
    (heart, flow)
}

fn change_settings(heart: &mut Heart, change: impl FnOnce(&mut Settings)) {
    heart
        .change(|desk| {
            let before = settings::get(&desk.work)?;
            let mut after = before.clone();
            change(&mut after);
            settings::put(&mut desk.work, &after)?;
            desk.facts_changed = true;
            occasions::rounds::follow_settings(desk, &before, &after)
        })
        .unwrap();
    while heart.change(occasions::turn).unwrap() {}
}

fn change_anna(heart: &mut Heart, change: impl FnOnce(&mut Contact)) {
    let job = |desk: &mut Desk| {
        let before = contacts::list(&desk.work, None, 1)?.remove(0);
        let mut after = before.clone();
        change(&mut after);
        contacts::put(&mut desk.work, &after)?;
        advance::contact_changed(desk, &before, &after, Cause::default())
    };
    heart.change(job).unwrap();
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

#[test]
fn a_date_that_fell_due_while_everything_is_paused_is_lost_by_no_save_and_no_change_that_leaves_it() {
    let flow = r#"{"flusso": 1, "name": "Auguri", "nodes": [
        {"id": "e1", "kind": "event", "on": "date", "field": "giorno", "offset": "0d", "at": "09:00", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "30d"}]}"#;
    let begun = |off_since: Option<Span>| {
        let (mut heart, flow) = with_anna(flow);
        change_anna(&mut heart, |anna| drop(anna.fields.insert("giorno".to_owned(), "2026-11-24".into())));
        change_settings(&mut heart, |settings| settings.paused = true);
        heart.now = MORNING + Span::HOUR.times(25);
        if let Some(span) = off_since {
            heart.change(|desk| occasions::forget_passed(desk, flow, MORNING + span)).unwrap();
        }
        heart.change(|desk| occasions::rounds::begin_dates(desk, Some(flow))).unwrap();
        while heart.change(occasions::turn).unwrap() {}
        change_anna(&mut heart, |anna| anna.zone = Some(zone("Europe/Paris")));
        change_settings(&mut heart, |settings| settings.time_zone = zone("Europe/Madrid"));
        change_settings(&mut heart, |settings| settings.paused = false);
        runs::list_any(&heart.reader.view().unwrap(), None, 2).unwrap().len()
    };
    assert_eq!(begun(None), 1);
    assert_eq!(begun(Some(Span::HOUR.times(25))), 1, "it was due before the flow was disabled");
    assert_eq!(begun(Some(Span::HOUR)), 0, "what passed while it was disabled is past");
}

#[test]
fn holidays_hours_and_quiet_hours_that_are_set_later_are_obeyed_by_who_waits() {
    let flow = r#"{"flusso": 1, "name": "Attesa", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "26h", "window": "business_hours", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Uno"}]}"#;
    let (mut heart, _) = with_anna(flow);
    let due = |heart: &Heart| {
        let run = runs::list_live(&heart.reader.view().unwrap(), None, 1).unwrap().remove(0);
        run.timer().unwrap().0.since(MORNING).0 as f64 / Span::HOUR.0 as f64
    };
    let hours = |from: &str, to: &str| HoursWindow { days: "all".parse().unwrap(), from: from.parse().unwrap(), to: to.parse().unwrap() };
    assert_eq!(due(&heart), 26.0, "Tuesday at eleven");
    change_settings(&mut heart, |settings| settings.business_hours = vec![hours("14:00", "18:00")]);
    assert_eq!(due(&heart), 29.0, "Tuesday at two");
    change_settings(&mut heart, |settings| settings.holidays = vec!["2026-11-24".parse().unwrap()]);
    assert_eq!(due(&heart), 53.0, "Wednesday at two");
    let quiet = QuietHours { from: "13:00".parse().unwrap(), to: "15:00".parse().unwrap() };
    change_settings(&mut heart, |settings| (settings.holidays, settings.quiet_hours) = (Vec::new(), Some(quiet)));
    assert_eq!(due(&heart), 30.0, "they open at two, and at three it is quiet no more");
    change_settings(&mut heart, |settings| settings.business_hours = Vec::new());
    assert_eq!(due(&heart), 26.0);
    let early = QuietHours { from: "10:00".parse().unwrap(), to: "15:00".parse().unwrap() };
    change_settings(&mut heart, |settings| settings.quiet_hours = Some(early));
    assert_eq!(due(&heart), 30.0);
    // A second change before the waits followed the first.
    let at_once = |heart: &mut Heart, quiet: Option<QuietHours>| {
        let job = |desk: &mut Desk| {
            let before = settings::get(&desk.work)?;
            let after = Settings { quiet_hours: quiet, ..before.clone() };
            settings::put(&mut desk.work, &after)?;
            desk.facts_changed = true;
            occasions::rounds::follow_settings(desk, &before, &after)
        };
        heart.change(job).unwrap();
    };
    at_once(&mut heart, Some(quiet));
    heart.now = heart.now + Span(1);
    at_once(&mut heart, None);
    while heart.change(occasions::turn).unwrap() {}
    assert_eq!(due(&heart), 26.0);
    // Had it been so from the beginning it would be over: it is not late for that, and waits until it may.
    change_settings(&mut heart, |settings| settings.quiet_hours = Some(early));
    heart.now = MORNING + Span::HOUR.times(28);
    change_settings(&mut heart, |settings| settings.quiet_hours = Some(quiet));
    assert_eq!(due(&heart), 30.0, "one o'clock is quiet now");
}

#[tokio::test]
async fn each_setting_that_says_when_may_be_lets_those_who_wait_follow() {
    for (name, value) in [
        ("business_hours", json!([{"days": "mon-fri", "from": "09:00", "to": "18:00"}])),
        ("holidays", json!(["2026-11-24"])),
        ("italian_holidays", json!(false)),
        ("quiet_hours", json!({"from": "22:00", "to": "08:00"})),
        ("time_zone", json!("Europe/Lisbon")),
        ("language", json!("en")),
    ] {
        let (executor, _running) = Executor::at_rest(Store::memory().unwrap(), SealKey::new([7; 32])).unwrap();
        executor.edit_settings(By::System, Map::from_iter([(name.to_owned(), value)])).await.unwrap();
        let rounds = rounds::first(&executor.view().unwrap()).unwrap();
        assert_eq!(rounds.is_some(), name != "language", "{name}");
    }
}

#[test]
fn what_another_clock_ends_in_the_past_is_late() {
    let flow = r#"{"flusso": 1, "name": "Attesa", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "via", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "until": {"date": "2026-11-23T15:00"}, "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Uno"}]}"#;
    let (mut heart, _) = with_anna(flow);
    let due = |heart: &Heart| {
        let run = runs::list_live(&heart.reader.view().unwrap(), None, 1).unwrap().remove(0);
        run.timer().unwrap().0
    };
    assert_eq!(due(&heart), MORNING + Span::HOUR.times(6));
    change_settings(&mut heart, |settings| settings.time_zone = zone("Asia/Tokyo"));
    assert_eq!(due(&heart), MORNING - Span::HOUR.times(2), "three in the afternoon was two hours ago there");
}
