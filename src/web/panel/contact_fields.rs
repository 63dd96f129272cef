//! The fields of a contact in its form: each with the input of what it holds, and what was typed read back and checked.

use super::super::Web;
use super::super::contacts::{FieldInput, FieldInputs};
use super::super::node_form::Fields;
use super::super::problem::Trouble;
use super::super::words::Language;
use super::Panel;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::engine::dates::{self, When};
use crate::model::contact::Contact;
use crate::model::field::FieldKind;
use crate::model::value::Value;
use crate::store::fields as known_fields;
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeMap;

/// Empty rows for fields that nobody defined.
const FREE: usize = 2;

/// The fields that are defined, and the wall by which dates are written.
pub struct Known {
    kinds: BTreeMap<String, FieldKind>,
    zone: Zone,
    today: NaiveDate,
}

/// What is wrong with the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    /// It is no number.
    NotANumber,
    /// It is no date.
    NotADate,
    /// It is no time.
    NotATime,
    /// It is neither yes nor no.
    NeitherYesNorNo,
}

/// What is wrong with the values of a form, by row.
pub type FieldFaults = BTreeMap<String, FieldFault>;

impl Known {
    /// Those of the house as it stands.
    pub async fn of(web: &Web, panel: &Panel) -> Result<Known, Trouble> {
        let zone = web.executor.facts().settings.time_zone;
        let all = web.read(|view| Ok(known_fields::all(view)?)).await?;
        let kinds = all.into_iter().map(|field| (field.name, field.kind)).collect();
        Ok(Known { kinds, zone, today: zone.date(panel.now) })
    }

    /// No field is defined.
    #[cfg(test)]
    pub fn none() -> Known {
        Known { kinds: BTreeMap::new(), zone: Zone::ROME, today: NaiveDate::default() }
    }

    /// The names.
    pub fn names(&self) -> Vec<String> {
        self.kinds.keys().cloned().collect()
    }

    fn kind(&self, name: &str) -> FieldKind {
        self.kinds.get(name).copied().unwrap_or_default()
    }

    /// A value as its input shows it: the text, and the time of a date that has one.
    fn shown(&self, name: &str, value: &Value) -> (String, String) {
        let text = value.to_string();
        match (self.kind(name), value) {
            (FieldKind::Date, Value::Text(_)) => match text.parse::<Time>() {
                Ok(at) => {
                    let local = self.zone.local(at);
                    (local.format("%Y-%m-%d").to_string(), local.format("%H:%M").to_string())
                }
                Err(_) => (text, String::new()),
            },
            _ => (text, String::new()),
        }
    }

    /// What was typed as the value of a field; none where nothing was.
    fn read(&self, name: &str, typed: &str, time: &str) -> Result<Option<Value>, FieldFault> {
        let bare = typed.trim();
        if bare.is_empty() {
            return Ok(None);
        }
        Ok(Some(match self.kind(name) {
            FieldKind::Text => Value::text(typed),
            FieldKind::Number => Value::Number(Value::text(bare).number().ok_or(FieldFault::NotANumber)?),
            FieldKind::Boolean => Value::Bool(yes_or_no(bare).ok_or(FieldFault::NeitherYesNorNo)?),
            FieldKind::List => Value::List(bare.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::text).collect()),
            FieldKind::Date => self.date(bare, time.trim())?,
        }))
    }

    fn date(&self, typed: &str, time: &str) -> Result<Value, FieldFault> {
        match (dates::read(typed, self.zone, self.today), time) {
            (None, _) => Err(FieldFault::NotADate),
            (Some(When::Moment(at)), _) => Ok(Value::text(at.to_string())),
            (Some(When::Day(day)), "") => Ok(Value::text(day.format("%Y-%m-%d").to_string())),
            (Some(When::Day(day)), time) => {
                let clock = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| FieldFault::NotATime)?;
                Ok(Value::text(self.zone.on(day, clock).to_string()))
            }
        }
    }

    /// Puts the fields of a contact into a form.
    pub fn fill(&self, fields: &mut Fields, contact: &Contact) {
        for (index, (name, value)) in contact.fields.iter().enumerate() {
            let (text, time) = self.shown(name, value);
            fields.push(format!("fields.{index}.name"), name.clone());
            fields.push(format!("fields.{index}.value"), text);
            fields.push(format!("fields.{index}.time"), time);
        }
    }

    /// What a form changes in the fields of a contact. One whose text did not change stays as it is, whatever it holds.
    pub fn edits(&self, fields: &Fields, before: Option<&Contact>) -> Result<Vec<(String, Option<Value>)>, FieldFaults> {
        let (mut edits, mut faults) = (Vec::new(), FieldFaults::new());
        let rows = fields.rows("fields", 0);
        let name_of = |prefix: &str| fields.get_in(prefix, "name").trim().to_owned();
        let kept = |name: &String| rows.iter().any(|row| name_of(&row.prefix) == *name && !fields.is_on_in(&row.prefix, "remove"));
        let gone = before.into_iter().flat_map(|contact| contact.fields.keys()).filter(|name| !kept(name));
        edits.extend(gone.map(|name| (name.clone(), None)));
        for row in rows.iter().filter(|row| !fields.is_on_in(&row.prefix, "remove")) {
            let name = name_of(&row.prefix);
            let (value, time) = (fields.get_in(&row.prefix, "value"), fields.get_in(&row.prefix, "time"));
            let was = before.and_then(|contact| contact.fields.get(&name));
            let same = was.is_some_and(|was| self.shown(&name, was) == (value.to_owned(), time.to_owned()));
            if name.is_empty() || same {
                continue;
            }
            match self.read(&name, value, time) {
                Ok(None) if was.is_none() => {}
                Ok(read) => edits.push((name, read)),
                Err(fault) => drop(faults.insert(row.prefix.clone(), fault)),
            }
        }
        if faults.is_empty() { Ok(edits) } else { Err(faults) }
    }

    /// The inputs of a form: the fields that hold something, rows for others, and the defined ones that hold nothing yet.
    pub fn inputs(&self, fields: &Fields, faults: &FieldFaults, w: Language) -> FieldInputs {
        let input = |prefix: &str, name: &str| FieldInput {
            prefix: prefix.to_owned(),
            name: name.to_owned(),
            kind: self.kind(name),
            value: fields.get_in(prefix, "value").to_owned(),
            time: fields.get_in(prefix, "time").to_owned(),
            wrong: faults.get(prefix).map(|fault| words(*fault, w).to_owned()).unwrap_or_default(),
            is_defined: self.kinds.contains_key(name),
            is_new: false,
        };
        let mut all = FieldInputs::default();
        for row in fields.rows("fields", 0) {
            let one = input(&row.prefix, fields.get_in(&row.prefix, "name").trim());
            if !one.value.trim().is_empty() || !one.wrong.is_empty() {
                all.held.push(one);
            }
        }
        // Rows that are drawn anew take numbers that nothing in the form has.
        let mut numbers = fields.rows("fields", FREE + self.kinds.len()).into_iter().filter(|row| row.is_new).map(|row| row.prefix);
        let mut fresh = |name: &str| FieldInput { is_new: true, ..input(&numbers.next().unwrap_or_default(), name) };
        all.free = (0..FREE).map(|_| fresh("")).collect();
        let unheld = self.kinds.keys().filter(|name| !all.held.iter().any(|held| held.name == **name));
        all.others = unheld.map(|name| fresh(name)).collect();
        all
    }
}

fn words(fault: FieldFault, w: Language) -> &'static str {
    match fault {
        FieldFault::NotANumber => w.ask_no_number(),
        FieldFault::NotADate => w.field_no_date(),
        FieldFault::NotATime => w.field_no_time(),
        FieldFault::NeitherYesNorNo => w.field_no_yes(),
    }
}

fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.to_lowercase().as_str() {
        "true" | "yes" | "sì" | "si" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ContactId, Id, Shard};

    fn known() -> Known {
        let kinds = [
            ("birthday", FieldKind::Date),
            ("visits", FieldKind::Number),
            ("member", FieldKind::Boolean),
            ("sizes", FieldKind::List),
            ("city", FieldKind::Text),
        ];
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        Known { kinds: kinds.map(|(name, kind)| (name.to_owned(), kind)).into(), zone: Zone::ROME, today }
    }

    fn contact() -> Contact {
        let mut contact = Contact::new(ContactId::new(Shard(0), 1), Time(0));
        contact.fields.insert("visits".to_owned(), Value::Number(3.0));
        contact.fields.insert("birthday".to_owned(), Value::from("2026-12-01T08:15:30.250Z"));
        contact.fields.insert("member".to_owned(), Value::Bool(true));
        contact.fields.insert("sizes".to_owned(), Value::List(vec![Value::from("M"), Value::from("42")]));
        contact.fields.insert("old".to_owned(), Value::Number(1.5));
        contact
    }

    #[test]
    fn a_form_sent_back_unchanged_changes_nothing() {
        let (known, contact) = (known(), contact());
        let mut fields = Fields::default();
        known.fill(&mut fields, &contact);
        assert_eq!(known.edits(&fields, Some(&contact)), Ok(Vec::new()), "{fields:?}");
        let inputs = known.inputs(&fields, &FieldFaults::new(), Language::Italian);
        let birthday = inputs.held.iter().find(|input| input.name == "birthday").expect("an input");
        assert_eq!((birthday.value.as_str(), birthday.time.as_str()), ("2026-12-01", "09:15"), "on the wall of Rome");
        assert_eq!(inputs.others.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["city"]);
        let mut prefixes: Vec<_> = inputs.held.iter().chain(&inputs.free).chain(&inputs.others).map(|input| &input.prefix).collect();
        let count = prefixes.len();
        prefixes.sort();
        prefixes.dedup();
        assert_eq!(prefixes.len(), count, "two inputs have one name");
    }

    #[test]
    fn what_is_typed_is_read_as_what_the_field_holds() {
        let known = known();
        for (name, typed, time, value) in [
            ("visits", "12,5", "", Value::Number(12.5)),
            ("birthday", "1990-02-03", "", Value::from("1990-02-03")),
            ("birthday", "3/2/1990", "", Value::from("1990-02-03")),
            ("birthday", "2026-12-01", "09:15", Value::from("2026-12-01T08:15:00.000Z")),
            ("member", "no", "", Value::Bool(false)),
            ("sizes", "M, 42,", "", Value::List(vec![Value::from("M"), Value::from("42")])),
            ("city", "12", "", Value::from("12")),
            ("strange", "12", "", Value::from("12")),
        ] {
            assert_eq!(known.read(name, typed, time), Ok(Some(value)), "{name} {typed}");
        }
        for (name, typed, time, fault) in [
            ("visits", "molte", "", FieldFault::NotANumber),
            ("birthday", "domani", "", FieldFault::NotADate),
            ("birthday", "2026-02-30", "", FieldFault::NotADate),
            ("birthday", "2026-12-01", "9.15", FieldFault::NotATime),
            ("member", "forse", "", FieldFault::NeitherYesNorNo),
        ] {
            assert_eq!(known.read(name, typed, time), Err(fault), "{name} {typed}");
        }
        assert_eq!(known.read("visits", "  ", ""), Ok(None));
    }

    #[test]
    fn a_field_renamed_is_one_gone_and_one_new_and_one_emptied_is_gone() {
        let known = known();
        let mut contact = Contact::new(ContactId::new(Shard(0), 1), Time(0));
        contact.fields.insert("place".to_owned(), Value::from("Padova"));
        contact.fields.insert("visits".to_owned(), Value::Number(3.0));
        let mut fields = Fields::default();
        for (name, text) in
            [("0.name", "town"), ("0.value", "Padova"), ("1.name", "visits"), ("1.value", ""), ("2.name", "city"), ("2.value", "")]
        {
            fields.push(format!("fields.{name}"), text);
        }
        let edits = known.edits(&fields, Some(&contact)).expect("edits");
        assert_eq!(edits, [("place".to_owned(), None), ("town".to_owned(), Some(Value::from("Padova"))), ("visits".to_owned(), None)]);
        fields.push("fields.3.name", "visits");
        fields.push("fields.3.value", "molte");
        let faults = known.edits(&fields, Some(&contact)).expect_err("no number");
        assert_eq!(faults, FieldFaults::from([("fields.3".to_owned(), FieldFault::NotANumber)]));
    }
}
