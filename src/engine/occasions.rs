//! Occasions: when a date of a contact, or a schedule, sets a trigger off. Pure arithmetic on the wall's clock; who is started is the
//! executor's affair.

use super::dates::{self, When};
use crate::base::time::{Span, Time};
use crate::base::zone::{Zone, in_year};
use crate::model::contact::Contact;
use crate::model::node::EventTrigger;
use crate::model::settings::Settings;
use chrono::{Datelike, NaiveDate};

/// Years that are looked at before and after the present one: an offset is at most a year long, and a day may be 29 February.
const YEARS: std::ops::RangeInclusive<i32> = -2..=2;

/// The name of a field without `contact.fields.`.
pub fn bare_field(name: &str) -> &str {
    name.strip_prefix("contact.fields.").unwrap_or(name)
}

/// The zone in which a contact's dates are meant: their own, or else the business's.
pub fn zone_of(contact: &Contact, settings: &Settings) -> Zone {
    contact.zone.unwrap_or(settings.time_zone)
}

/// When a contact's date sets this trigger off next, after `after`. None where the field holds no date, or a date that is past and
/// does not come again. 29 February is the 28th in a common year.
pub fn date_due(event: &EventTrigger, contact: &Contact, zone: Zone, after: Time) -> Option<Time> {
    let written = contact.fields.get(bare_field(event.field.as_deref()?))?.to_string();
    let today = zone.date(after);
    let when = dates::read(&written, zone, today)?;
    let due = |when: When| dates::shifted(when, event.offset, event.at.map(|at| at.0), zone);
    if event.yearly != Some(true) {
        return Some(due(when)).filter(|due| *due > after);
    }
    let again = |year: i32| in_year(when.date(zone), today.year() + year).map(|date| due(on_date(when, date, zone)));
    YEARS.filter_map(again).filter(|due| *due > after).min()
}

/// The same day or moment on another date.
fn on_date(when: When, date: NaiveDate, zone: Zone) -> When {
    match when {
        When::Day(_) => When::Day(date),
        When::Moment(time) => When::Moment(zone.on(date, zone.local(time).time())),
    }
}

/// When a schedule comes next, after `after`, on the business's clock.
pub fn schedule_due(event: &EventTrigger, zone: Zone, after: Time) -> Option<Time> {
    let (days, at) = (event.days?, event.at?);
    let good = |date: NaiveDate| days.0[date.weekday().num_days_from_monday() as usize];
    zone.next(after + Span(1), at.0, good)
}

/// The last time a schedule came, up to `now` and after `after`: after a long silence one occurrence stands for all that were missed.
pub fn schedule_last(event: &EventTrigger, zone: Zone, after: Time, now: Time) -> Option<Time> {
    let mut last = schedule_due(event, zone, after).filter(|due| *due <= now)?;
    // What lies more than a week back is stood for by what came since.
    last = last.max(schedule_due(event, zone, now - Span::DAY.times(8)).filter(|due| *due <= now).unwrap_or(last));
    while let Some(next) = schedule_due(event, zone, last).filter(|due| *due <= now) {
        last = next;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ContactId, Id, Shard};
    use crate::model::node::EventKind;
    use serde_json::json;

    fn event(members: serde_json::Value) -> EventTrigger {
        serde_json::from_value(members).expect("an event")
    }

    fn contact(field: &str) -> Contact {
        let mut contact = Contact::new(ContactId::new(Shard(0), 1), Time(0));
        contact.fields.insert("day".to_owned(), field.into());
        contact
    }

    fn time(text: &str) -> Time {
        text.parse().expect(text)
    }

    fn due(members: serde_json::Value, field: &str, zone: &str, after: &str) -> Option<String> {
        date_due(&event(members), &contact(field), zone.parse().expect(zone), time(after)).map(|due| due.to_string())
    }

    #[test]
    fn a_date_sets_off_at_its_distance_and_hour_on_the_contacts_wall() {
        let before = json!({"on": "date", "field": "day", "offset": "-1d", "at": "10:00"});
        for (zone, expected) in [("Europe/Rome", "2026-12-23T09:00:00.000Z"), ("America/New_York", "2026-12-23T15:00:00.000Z")] {
            assert_eq!(due(before.clone(), "2026-12-24", zone, "2026-11-22T00:00:00Z").as_deref(), Some(expected), "{zone}");
        }
        assert_eq!(due(before.clone(), "2026-12-24", "Europe/Rome", "2026-12-23T09:00:00Z"), None, "what is past does not come again");
        assert_eq!(due(before, "domani", "Europe/Rome", "2026-11-22T00:00:00Z"), None);
        let hours = json!({"on": "date", "field": "contact.fields.day", "offset": "-3h"});
        let appointment = due(hours, "2026-12-24T18:00", "Europe/Rome", "2026-11-22T00:00:00Z");
        assert_eq!(appointment.as_deref(), Some("2026-12-24T14:00:00.000Z"));
    }

    #[test]
    fn a_yearly_date_comes_again_and_29_february_is_the_28th_in_a_common_year() {
        let birthday = json!({"on": "date", "field": "day", "at": "10:00", "yearly": true});
        for (field, after, expected) in [
            ("1984-03-05", "2026-03-05T08:00:00Z", "2026-03-05T09:00:00.000Z"),
            ("1984-03-05", "2026-03-05T09:00:00Z", "2027-03-05T09:00:00.000Z"),
            ("1984-02-29", "2026-01-01T00:00:00Z", "2026-02-28T09:00:00.000Z"),
            ("1984-02-29", "2026-02-28T09:00:00Z", "2027-02-28T09:00:00.000Z"),
            ("1984-02-29", "2027-12-01T00:00:00Z", "2028-02-29T09:00:00.000Z"),
            ("29/2", "2026-01-01T00:00:00Z", "2026-02-28T09:00:00.000Z"),
        ] {
            assert_eq!(due(birthday.clone(), field, "Europe/Rome", after).as_deref(), Some(expected), "{field} after {after}");
        }
        let week_before = json!({"on": "date", "field": "day", "offset": "-7d", "at": "10:00", "yearly": true});
        let new_year = due(week_before, "1990-01-03", "Europe/Rome", "2026-12-01T00:00:00Z");
        assert_eq!(new_year.as_deref(), Some("2026-12-27T09:00:00.000Z"), "the distance leads into the year before");
    }

    #[test]
    fn a_schedule_keeps_its_hour_across_a_change_of_clock_and_stands_once_for_what_was_missed() {
        let event = event(json!({"on": "schedule", "days": "mon-fri", "at": "09:00", "segment": "vip"}));
        assert_eq!(event.on, EventKind::Schedule);
        let next = |after: &str| schedule_due(&event, Zone::ROME, time(after)).expect("a day").to_string();
        assert_eq!(next("2026-10-23T07:00:00Z"), "2026-10-26T08:00:00.000Z");
        assert_eq!(next("2026-10-26T08:00:00Z"), "2026-10-27T08:00:00.000Z");
        let last = |after: &str, now: &str| schedule_last(&event, Zone::ROME, time(after), time(now)).map(|last| last.to_string());
        assert_eq!(last("2026-01-05T08:00:00Z", "2026-11-22T12:00:00Z").as_deref(), Some("2026-11-20T08:00:00.000Z"));
        assert_eq!(last("2026-11-20T08:00:00Z", "2026-11-22T12:00:00Z"), None);
    }
}
