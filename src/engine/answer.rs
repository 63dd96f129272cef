//! Answers: whether what a contact wrote is what was asked, and the value that is kept of it.

use super::compare::{head, pattern};
use super::dates::{self, When};
use super::keyword::fold;
use crate::base::address::{Address, ChannelKind};
use crate::base::zone::Zone;
use crate::model::node::Check;
use crate::model::value::Value;
use chrono::NaiveDate;

/// The value of an answer that passes the check; none if it does not. `today` lies in `zone`, and says which 24/12 is meant.
pub fn read(check: &Check, text: &str, zone: Zone, today: NaiveDate) -> Option<Value> {
    let text = text.trim();
    match check {
        Check::Text => (!text.is_empty()).then(|| Value::text(text)),
        Check::Number => number(text).map(Value::Number),
        Check::Date => dates::read(text, zone, today).map(|when| match when {
            When::Day(date) => Value::text(date.to_string()),
            When::Moment(time) => Value::text(time.to_string()),
        }),
        Check::Email => email(text).map(Value::Text),
        Check::Phone => phone(text).map(Value::Text),
        Check::OneOf(options) => options.iter().find(|option| fold(option) == fold(text)).map(|option| Value::text(option.as_str())),
        Check::Regex(written) => {
            let found = pattern(written).ok()?.find(head(text))?.as_str().to_owned();
            Some(Value::Text(found))
        }
    }
}

/// A number as people write it: `1.234,50` and `1234.5` alike.
fn number(text: &str) -> Option<f64> {
    let grouped = matches!((text.rfind('.'), text.rfind(',')), (Some(point), Some(comma)) if point < comma);
    let text = if grouped { text.replace('.', "") } else { text.to_owned() };
    Value::Text(text).number()
}

/// An e-mail address in small letters. Whether it exists only a letter can tell; this refuses what cannot be one.
fn email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let good = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"\\@".contains(c);
    let labels: Vec<&str> = domain.split('.').collect();
    let fine = !local.is_empty()
        && text.len() <= 254
        && local.chars().chain(domain.chars()).all(good)
        && labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    fine.then(|| text.to_lowercase())
}

/// The digits of a phone number; a leading 00 is the plus of those who cannot type one.
fn phone(text: &str) -> Option<String> {
    let address = Address::new(ChannelKind::Whatsapp, text);
    let digits = address.phone()?;
    Some(digits.strip_prefix("00").unwrap_or(digits).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(check: &Check, text: &str) -> Option<String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
        read(check, text, Zone::ROME, today).map(|value| value.to_string())
    }

    #[test]
    fn each_check_keeps_what_is_right_in_one_form() {
        let one_of = Check::OneOf(vec!["Sì".to_owned(), "No".to_owned()]);
        let order = Check::Regex("[0-9]{4,10}".to_owned());
        for (check, text, expected) in [
            (&Check::Text, "  ciao ", Some("ciao")),
            (&Check::Text, "  ", None),
            (&Check::Number, "1.234,50", Some("1234.5")),
            (&Check::Number, "12", Some("12")),
            (&Check::Number, "dodici", None),
            (&Check::Number, "NaN", None),
            (&Check::Date, "24/12", Some("2026-12-24")),
            (&Check::Date, "boh", None),
            (&Check::Email, " Anna@Example.IT ", Some("anna@example.it")),
            (&Check::Email, "anna@it", None),
            (&Check::Email, "la mia è a@b.it", None),
            (&Check::Phone, "+39 333 123-4567", Some("393331234567")),
            (&Check::Phone, "0039 3331234567", Some("393331234567")),
            (&Check::Phone, "chiamami", None),
            (&one_of, "si!", Some("Sì")),
            (&one_of, "forse", None),
            (&order, "è il 12345, grazie", Some("12345")),
            (&order, "123", None),
        ] {
            assert_eq!(kept(check, text).as_deref(), expected, "{check:?} {text}");
        }
    }
}
