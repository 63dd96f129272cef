//! Blueprints on the built binary, where what matters is what several runs do to one contact.

use crate::kit::fake_provider::now_secs;
use crate::triggers::Place;
use chrono::{DateTime, Days, NaiveDateTime};
use flusso::engine::blueprint::{Answers, fill};
use flusso::model::blueprint::Blueprint;
use flusso::model::document;
use serde_json::json;

fn put_up(place: &Place, word: &str) -> String {
    let flow = Blueprint::of_word(word).expect("a blueprint").flow_in("it").expect("a flow");
    let mut flow = fill(&flow, &Answers::new(), "it").expect("filled");
    flow.talks.clear();
    place.document(&document::write(&flow))
}

#[test]
fn an_appointment_that_is_moved_in_its_field_is_told_anew_and_the_old_one_never_again() {
    let place = Place::open();
    put_up(&place, "appointment-reminder");
    let anna = place.person("Anna");
    let today = DateTime::from_timestamp(now_secs() as i64, 0).expect("a time").date_naive();
    let on = |days: u64| -> NaiveDateTime {
        let date = today.checked_add_days(Days::new(days)).expect("a date");
        date.and_hms_opt(15, 30, 0).expect("a time")
    };
    let set = |at: NaiveDateTime| place.change(&anna, &json!({"fields": {"appointment_at": at.format("%Y-%m-%dT%H:%M").to_string()}}));
    let heard = |count: usize| {
        place.flusso.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| items.len() >= count));
        place.told()
    };
    let said = |at: NaiveDateTime| at.format("%d/%m/%Y alle 15:30").to_string();
    let (first, second) = (on(4), on(9));
    set(first);
    assert!(heard(1)[0].contains(&said(first)));
    set(second);
    let told = heard(2);
    assert!(told[0].contains(&said(second)) || told[1].contains(&said(second)), "{told:?}");
    let live = place.flusso.all("/runs");
    assert_eq!(live.len(), 1, "the old one is over: {live:?}");
    // The day before the first date nothing is said; the day before the second, one question.
    place.ahead("4d");
    place.ahead("4d");
    place.ahead("20h");
    let told = heard(3);
    let asked: Vec<&String> = told.iter().filter(|text| text.contains("Ci sarai?")).collect();
    assert!(asked.len() == 1 && asked[0].contains(&said(second)), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
}
