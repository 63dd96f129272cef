//! Names and their values: what `contact.fields.city` or `window_open` is now, and what may be written.

use super::calendar;
use super::dates::{self, When};
use crate::base::limits::VALUE_BYTES_MAX;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::model::contact::{ConsentState, Contact};
use crate::model::event::Heard;
use crate::model::run::EndedAs;
use crate::model::value::{Value, Values};
use crate::model::world::World;
use std::collections::BTreeSet;

/// Everything a name can reach.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The world.
    pub world: &'a World,
    /// The contact.
    pub contact: &'a Contact,
    /// The variables of the run.
    pub variables: &'a Values,
    /// The last message.
    pub heard: Option<&'a Heard>,
    /// The time.
    pub now: Time,
    /// Names whose values a forecast cannot know; empty in a step.
    pub unknown: &'a BTreeSet<String>,
}

/// The languages in which the texts of the pack stand.
const OWN_LANGUAGES: [&str; 2] = ["it", "en"];

/// The names that stand alone; beside them `contact.fields.X`, `run.X` and `flows.NAME.state`.
pub const PLAIN_NAMES: [&str; 16] = [
    "contact.name",
    "contact.address",
    "contact.tags",
    "contact.language",
    "contact.reads",
    "contact.consent",
    "contact.silent_days",
    "message.text",
    "message.kind",
    "message.button",
    "channel.kind",
    "channel.name",
    "now",
    "business_hours",
    "business_hours.next_opening",
    "window_open",
];

/// Whether this is the name of a value at all.
pub fn is_name(name: &str) -> bool {
    let own = |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty());
    let state = || name.strip_prefix("flows.").and_then(|rest| rest.strip_suffix(".state")).is_some_and(|flow| !flow.is_empty());
    PLAIN_NAMES.contains(&name) || own("contact.fields.") || own("run.") || state()
}

/// Where a value may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept<'n> {
    /// In the variable of this name.
    Run(&'n str),
    /// In the field of this name.
    Field(&'n str),
    /// As the contact's name.
    Name,
}

/// Where a value of this name is kept; none where nothing may be written.
pub fn kept(name: &str) -> Option<Kept<'_>> {
    let own = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty());
    let name_itself = || (name == "contact.name").then_some(Kept::Name);
    own("run.").map(Kept::Run).or_else(|| own("contact.fields.").map(Kept::Field)).or_else(name_itself)
}

impl Scope<'_> {
    /// The value of a name.
    pub fn lookup(&self, name: &str) -> Option<Value> {
        if let Some(field) = name.strip_prefix("contact.fields.") {
            return self.contact.fields.get(field).cloned();
        }
        if let Some(variable) = name.strip_prefix("run.") {
            return self.variables.get(variable).cloned();
        }
        if let Some(flow) = name.strip_prefix("flows.").and_then(|rest| rest.strip_suffix(".state")) {
            return Some(Value::from(self.flow_state(flow)));
        }
        self.plain(name)
    }

    fn plain(&self, name: &str) -> Option<Value> {
        let text = |text: &str| Some(Value::text(text));
        match name {
            "contact.name" => text(self.contact.name.as_deref()?),
            "contact.address" => {
                let address = self.contact.address_on(self.world.channel.kind).or(self.contact.addresses.first());
                text(&address?.address)
            }
            "contact.tags" => Some(Value::List(self.contact.tags.iter().map(|tag| Value::text(tag.as_str())).collect())),
            "contact.language" => text(self.contact.language.as_deref()?),
            "contact.reads" => text(self.reads()),
            "contact.consent" => text(match self.contact.consent.state {
                ConsentState::Unknown => "unknown",
                ConsentState::OptedIn => "opted_in",
                ConsentState::OptedOut => "opted_out",
            }),
            "contact.silent_days" => Some(Value::Number(self.silent_days()? as f64)),
            "message.text" => text(&self.heard?.text),
            "message.kind" => text(self.heard?.kind.word()),
            "message.button" => text(self.heard?.button.as_deref()?),
            "channel.kind" => text(self.world.channel.kind.word()),
            "channel.name" => text(&self.world.channel.name),
            "now" => text(&self.now.to_string()),
            "business_hours" => Some(Value::Bool(calendar::is_open(&self.world.settings, self.now))),
            "business_hours.next_opening" => text(&self.next_opening()?.to_string()),
            "window_open" => Some(Value::Bool(self.window_open())),
            _ => None,
        }
    }

    /// Whole days since the contact last wrote, on any channel; none where they never did.
    fn silent_days(&self) -> Option<i64> {
        let last = self.contact.heard.values().map(|heard| heard.provider_time).max()?;
        Some(self.now.since(last).0.max(0) / Span::DAY.0)
    }

    /// How this contact stands in a flow, by its name: `active`, how its last run ended, or `never`.
    fn flow_state(&self, name: &str) -> &'static str {
        let Some((id, _)) = self.world.flows.iter().find(|(_, other)| *other == name) else { return "never" };
        if self.world.inside.contains(id) {
            return "active";
        }
        match self.world.passages.get(id).and_then(|passage| passage.last_end) {
            Some((_, EndedAs::Finished)) => "finished",
            Some((_, EndedAs::Stopped)) => "stopped",
            Some((_, EndedAs::Failed)) => "failed",
            None => "never",
        }
    }

    /// Whether free text may be sent now. Where a channel has a window, it is closed to a contact that was never heard there.
    pub fn window_open(&self) -> bool {
        self.window_open_at(self.now)
    }

    /// Whether free text may still be sent at this time, unless the contact writes until then.
    pub fn window_open_at(&self, at: Time) -> bool {
        let Some(window) = self.world.channel.abilities.window else { return true };
        self.contact.heard.get(&self.world.channel.id).is_some_and(|heard| at < heard.provider_time + window)
    }

    /// When somebody is there next; now, if somebody is.
    pub fn next_opening(&self) -> Option<Time> {
        calendar::next_opening(&self.world.settings, self.now)
    }

    /// The zone the contact lives in, as far as is known.
    pub fn zone(&self) -> Zone {
        self.contact.zone.unwrap_or(self.world.settings.time_zone)
    }

    /// The languages a text is looked for in, best first.
    pub fn languages(&self) -> Vec<&str> {
        let settings = &self.world.settings;
        let wished = [self.contact.language.as_deref(), self.world.channel.language.as_deref(), Some(settings.language.as_str())];
        let mut all: Vec<&str> = Vec::new();
        for language in wished.into_iter().flatten().chain(["en"]) {
            all.extend([Some(language), language.split(['-', '_']).next()].into_iter().flatten());
        }
        all
    }

    /// The language in which a contact reads a text that stands in Italian and English.
    fn reads(&self) -> &'static str {
        let of = |language: &&str| OWN_LANGUAGES.into_iter().find(|own| own == language);
        self.languages().iter().find_map(of).unwrap_or("en")
    }

    /// A point in time as this contact reads it.
    pub fn wall(&self, at: Time) -> String {
        self.zone().local(at).format(if self.is_english() { "%-d %b %Y, %H:%M" } else { "%d/%m/%Y alle %H:%M" }).to_string()
    }

    /// A value as people read it: a date of the calendar, `2026-12-24`, and a moment, `2026-12-24T18:00:00Z`, as the contact writes
    /// them; anything else as it is.
    pub fn spoken(&self, value: &Value) -> String {
        let text = value.to_string();
        let dated = text.len() >= 10
            && text.bytes().take(10).zip(*b"0000-00-00").all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                dash => byte == dash,
            });
        let zone = self.zone();
        let whole = dated && (text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'));
        match whole.then(|| dates::read(&text, zone, zone.date(self.now))).flatten() {
            Some(When::Moment(at)) => self.wall(at),
            Some(When::Day(day)) => day.format(if self.is_english() { "%-d %b %Y" } else { "%d/%m/%Y" }).to_string(),
            None => text,
        }
    }

    fn is_english(&self) -> bool {
        self.languages().first().is_some_and(|language| language.starts_with("en"))
    }

    /// Whether a forecast cannot know this value: the name is marked, or all of its kind are (`run.*`).
    pub fn is_unknown(&self, name: &str) -> bool {
        let kind = || name.split_once('.').map(|(kind, _)| format!("{kind}.*"));
        !self.unknown.is_empty() && (self.unknown.contains(name) || kind().is_some_and(|kind| self.unknown.contains(&kind)))
    }
}

/// The value cut to what a field or variable may hold: long texts at a letter, long lists at an item.
pub fn cut(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::text(text),
        Value::List(items) => {
            let mut left = VALUE_BYTES_MAX;
            let fits = |item: &Value| {
                let size = bytes(item);
                let fits = size <= left;
                left = left.saturating_sub(size);
                fits
            };
            Value::List(items.into_iter().take_while(fits).collect())
        }
        other => other,
    }
}

/// About how many bytes a value takes in a record.
pub fn bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 4,
        Value::Number(_) => 9,
        Value::Bool(_) => 2,
        Value::List(items) => 4 + items.iter().map(bytes).sum::<usize>(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::engine::talk::stage;
    use crate::model::settings::Settings;

    /// Runs `look` with a contact in Rome on a simulator, and these variables.
    pub fn with_scope<T>(variables: &[(&str, &str)], look: impl FnOnce(&Scope<'_>) -> T) -> T {
        let world = stage::world();
        let contact = stage::contact();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let unknown = BTreeSet::new();
        look(&Scope { world: &world, contact: &contact, variables: &variables, heard: None, now: stage::START, unknown: &unknown })
    }

    #[test]
    fn every_plain_name_is_a_name_and_a_stranger_is_none() {
        assert!(PLAIN_NAMES.iter().all(|name| is_name(name)));
        assert!(is_name("flows.Due parole.state") && is_name("contact.fields.città"));
        for stranger in ["", "run.", "contact.fields.", "contact", "flows..state", "flows.x", "message.from"] {
            assert!(!is_name(stranger), "{stranger}");
        }
    }

    #[test]
    fn only_variables_fields_and_the_name_are_written() {
        assert_eq!(kept("run.x"), Some(Kept::Run("x")));
        assert_eq!(kept("contact.fields.x"), Some(Kept::Field("x")));
        assert_eq!(kept("contact.name"), Some(Kept::Name));
        assert_eq!(kept("contact.address"), None);
    }

    #[test]
    fn what_a_contact_reads_is_the_first_of_ours_among_their_languages() {
        let (mut world, mut contact) = (stage::world(), stage::contact());
        let reads = |world: &World, contact: &Contact| {
            let (variables, unknown) = (Values::new(), BTreeSet::new());
            Scope { world, contact, variables: &variables, heard: None, now: stage::START, unknown: &unknown }.lookup("contact.reads")
        };
        contact.language = None;
        world.settings = std::sync::Arc::new(Settings { language: "it".to_owned(), ..Settings::default() });
        assert_eq!(reads(&world, &contact), Some(Value::text("it")));
        contact.language = Some("en-GB".to_owned());
        assert_eq!(reads(&world, &contact), Some(Value::text("en")));
        contact.language = Some("de".to_owned());
        assert_eq!(reads(&world, &contact), Some(Value::text("it")), "as a text that is not in theirs");
    }

    #[test]
    fn a_language_with_a_country_also_finds_the_language_alone() {
        let (world, mut contact) = (stage::world(), stage::contact());
        contact.language = Some("de-AT".to_owned());
        let (variables, unknown) = (Values::new(), BTreeSet::new());
        let scope = Scope { world: &world, contact: &contact, variables: &variables, heard: None, now: stage::START, unknown: &unknown };
        assert_eq!(scope.languages()[..3], ["de-AT", "de", "it"]);
    }

    #[test]
    fn long_lists_are_cut_at_an_item() {
        let long = Value::List(vec![Value::text("x".repeat(3000)); 5]);
        assert!(matches!(cut(long), Value::List(items) if items.len() == 2));
    }
}
