//! Rounds over everybody: what the end of a tag or a field sets off, and that an end of the program in the middle leaves nobody out and
//! does nothing twice.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::heart::{Heart, MORNING};
use flusso::base::address::{Address, ChannelKind};
use flusso::executor::control::labels;
use flusso::executor::occasions;
use flusso::model::contact::Contact;
use flusso::model::label::Label;
use flusso::model::operator::By;
use flusso::model::value::Value;
use flusso::store::{Store, contacts, tags};

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
