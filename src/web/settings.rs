//! Settings: hours and holidays, words, the account, the backup, keys of the API.

use super::audit::AuditPart;
use super::node_form::Fields;
use super::page::Chrome;
use crate::base::time::Time;
use crate::model::node::Text;
use crate::model::operator::Role;
use crate::model::settings::Settings;
use askama::Template;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// A tab of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SettingsTab {
    #[default]
    General,
    Messages,
    Account,
    People,
    Backup,
    Keys,
    Log,
}

impl SettingsTab {
    /// All of them, in the order of the page.
    pub const ALL: [SettingsTab; 7] = [
        SettingsTab::General,
        SettingsTab::Messages,
        SettingsTab::Account,
        SettingsTab::People,
        SettingsTab::Backup,
        SettingsTab::Keys,
        SettingsTab::Log,
    ];

    /// Who may open it at the least.
    pub const fn least(self) -> Role {
        match self {
            SettingsTab::General | SettingsTab::Messages | SettingsTab::Account => Role::Viewer,
            SettingsTab::Log => Role::Manager,
            SettingsTab::People | SettingsTab::Backup | SettingsTab::Keys => Role::Owner,
        }
    }

    /// Where it is.
    pub const fn href(self) -> &'static str {
        match self {
            SettingsTab::General => "/settings",
            SettingsTab::Messages => "/settings/messages",
            SettingsTab::Account => "/settings/account",
            SettingsTab::People => "/settings/people",
            SettingsTab::Backup => "/settings/backup",
            SettingsTab::Keys => "/settings/keys",
            SettingsTab::Log => "/settings/log",
        }
    }
}

/// A key of the API.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may do, in words.
    pub scopes: String,
    /// When it was made.
    pub created: Time,
}

/// Somebody who uses the panel.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether it is who looks at the page.
    pub is_self: bool,
    /// When the account was made.
    pub created: Time,
    /// When they were here last.
    pub seen: Option<Time>,
    /// How many sessions they have open.
    pub sessions: u64,
}

/// One of them. Posts `role` and `password` beside it, and leads to taking them away.
#[derive(Template)]
#[template(path = "settings/person.html")]
pub struct PersonPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Who.
    pub person: PersonRow,
    /// What is wrong with the password that was given.
    pub wrong: String,
}

/// What is known of the backup.
#[derive(Clone, Debug, Default)]
pub struct BackupFacts {
    /// The last one.
    pub last: Option<Time>,
    /// How large the file is.
    pub bytes: u64,
    /// Where the nightly ones go.
    pub folder: String,
    /// The recovery phrase, where it was made just now.
    pub phrase: Option<String>,
    /// When the one that holds was made.
    pub phrase_made: Option<Time>,
}

/// The settings. Posts `/settings/people` (`name`, `password`, `role`), `/settings/people/{id}/role|password`,
/// `/settings/people/{id}/sessions?method=delete`, `/settings/general`, `/settings/messages`, `/settings/look` (`language`, `theme`), `/settings/password`
/// (`old`, `new`), `/settings/backup/phrase` (`password`), `/settings/keys` (`name`, `scope` for each) and `/settings/keys/{id}?method=delete`.
#[derive(Template)]
#[template(path = "settings/page.html")]
pub struct SettingsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Which tab is open.
    pub tab: SettingsTab,
    /// What stands in its fields (`fields_of`).
    pub fields: Fields,
    /// What is wrong, by field.
    pub faults: BTreeMap<String, String>,
    /// Languages to choose from.
    pub languages: Vec<(&'static str, &'static str)>,
    /// Zones to choose from.
    pub zones: Vec<&'static str>,
    /// The backup.
    pub backup: BackupFacts,
    /// Keys of the API.
    pub keys: Vec<KeyRow>,
    /// People who use the panel.
    pub people: Vec<PersonRow>,
    /// A key just made: its name and itself. Shown once.
    pub new_key: Option<(String, String)>,
    /// Names of the secrets that calls can name.
    pub call_secrets: Vec<String>,
    /// Secrets that automations name and nobody has set, with the names of those automations.
    pub lacking_secrets: Vec<(String, String)>,
    /// What programs check our calls with.
    pub webhook_secret: String,
    /// The log.
    pub audit: AuditPart,
}

impl<'a> SettingsPage<'a> {
    /// A tab with what is set.
    pub fn new(chrome: &'a Chrome, tab: SettingsTab, settings: &Settings) -> SettingsPage<'a> {
        SettingsPage {
            chrome,
            tab,
            fields: fields_of(settings),
            faults: BTreeMap::new(),
            languages: super::setup::languages(),
            zones: super::setup::zones(),
            backup: BackupFacts::default(),
            keys: Vec::new(),
            people: Vec::new(),
            new_key: None,
            call_secrets: Vec::new(),
            lacking_secrets: Vec::new(),
            webhook_secret: String::new(),
            audit: AuditPart::default(),
        }
    }

    fn wrong(&self, name: &str) -> &str {
        self.faults.get(name).map_or("", String::as_str)
    }
}

/// The settings as the fields of their forms: `business_hours.N.days.mon|from|to`, `holidays` (one date in a line),
/// `italian_holidays`, `quiet_hours.from|to`, `time_zone`, `language`, `private_hosts`, `stop_words`, `start_words` (one in a line),
/// `stop_reply.it`, `start_reply.it`.
pub fn fields_of(settings: &Settings) -> Fields {
    let mut fields = Fields::default();
    for (number, hours) in settings.business_hours.iter().enumerate() {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        for (day, _) in names.iter().zip(hours.days.0).filter(|(_, open)| *open) {
            fields.push(format!("business_hours.{number}.days.{day}"), "on");
        }
        fields.push(format!("business_hours.{number}.from"), hours.from.to_string());
        fields.push(format!("business_hours.{number}.to"), hours.to.to_string());
    }
    fields.push("holidays", settings.holidays.iter().map(|day| day.format("%d/%m/%Y").to_string()).collect::<Vec<_>>().join("\n"));
    fields.push("italian_holidays", if settings.italian_holidays { "on" } else { "" });
    if let Some(quiet) = settings.quiet_hours {
        fields.push("quiet_hours.from", quiet.from.to_string());
        fields.push("quiet_hours.to", quiet.to.to_string());
    }
    fields.push("time_zone", settings.time_zone.to_string());
    fields.push("language", settings.language.as_str());
    fields.push("private_hosts", settings.private_hosts.join("\n"));
    fields.push("stop_words", settings.stop_words.join("\n"));
    fields.push("start_words", settings.start_words.join("\n"));
    for (name, text) in [("stop_reply", &settings.stop_reply), ("start_reply", &settings.start_reply)] {
        match text {
            Text::Plain(text) => fields.push(format!("{name}.{}", settings.language), text.as_str()),
            Text::ByLanguage(texts) => texts.iter().for_each(|(code, text)| fields.push(format!("{name}.{code}"), text.as_str())),
        }
    }
    fields
}

/// A day as it is written here, `14/08/2026`, or as programs write it.
fn day(line: &str) -> Option<NaiveDate> {
    let read = |form| NaiveDate::parse_from_str(line, form).ok().filter(|day| day.year() >= 2000);
    ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"].into_iter().find_map(read)
}

/// What the form of the hours says, laid over `settings`; the faults by field otherwise.
pub fn read_general(fields: &Fields, settings: &mut Settings, w: super::words::Language) -> Result<(), BTreeMap<String, String>> {
    let mut faults = BTreeMap::new();
    let lines = |name: &str| fields.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    match super::settings_form::hours(fields) {
        Some(hours) => settings.business_hours = hours,
        None => drop(faults.insert("business_hours".to_owned(), w.hours_wrong().to_owned())),
    }
    match lines("holidays").iter().map(|line| day(line)).collect::<Option<Vec<_>>>() {
        Some(days) => settings.holidays = days,
        None => drop(faults.insert("holidays".to_owned(), w.holidays_wrong().to_owned())),
    }
    match super::settings_form::quiet(fields) {
        Ok(quiet) => settings.quiet_hours = quiet,
        Err(_) => drop(faults.insert("quiet_hours".to_owned(), w.quiet_wrong().to_owned())),
    }
    match fields.get("time_zone").trim().parse() {
        Ok(zone) => settings.time_zone = zone,
        Err(_) => drop(faults.insert("time_zone".to_owned(), w.zone_unknown().to_owned())),
    }
    settings.language = fields.get_or("language", "it").to_owned();
    settings.italian_holidays = fields.is_on("italian_holidays");
    settings.private_hosts = lines("private_hosts");
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// What the form of the words says, laid over `settings`.
pub fn read_messages(fields: &Fields, settings: &mut Settings) {
    let lines = |name: &str| fields.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let texts = |name: &str| {
        let own = fields.languages(name).into_iter().map(|code| (code.clone(), fields.get_in(name, &code).replace("\r\n", "\n")));
        Text::ByLanguage(own.filter(|(_, text)| !text.trim().is_empty()).collect())
    };
    settings.stop_words = lines("stop_words");
    settings.start_words = lines("start_words");
    settings.stop_reply = texts("stop_reply");
    settings.start_reply = texts("start_reply");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::{HoursWindow, WallTime};
    use crate::model::settings::QuietHours;
    use crate::web::words::Language;

    fn time(text: &str) -> WallTime {
        text.parse().expect(text)
    }

    #[test]
    fn the_settings_survive_their_forms() {
        let settings = Settings {
            business_hours: vec![HoursWindow { days: "mon-fri".parse().expect("days"), from: time("09:00"), to: time("13:00") }],
            holidays: vec!["2026-12-07".parse().expect("a date")],
            quiet_hours: Some(QuietHours { from: time("21:00"), to: time("08:00") }),
            private_hosts: vec!["192.168.1.20:8080".to_owned()],
            ..Settings::default()
        };
        let mut back = Settings { paused: settings.paused, ..Settings::default() };
        let fields = fields_of(&settings);
        assert_eq!(read_general(&fields, &mut back, Language::Italian), Ok(()));
        read_messages(&fields, &mut back);
        assert_eq!(back, settings);
    }

    #[test]
    fn a_day_off_is_written_as_here_or_as_programs_do() {
        let written = |days: &str| {
            let mut fields = fields_of(&Settings::default());
            fields.0.retain(|(name, _)| name != "holidays");
            fields.push("holidays", days);
            fields
        };
        let (fields, mut read) = (written("14/08/2026\n15.8.2026\n2026-08-16"), Settings::default());
        assert_eq!(read_general(&fields, &mut read, Language::Italian), Ok(()));
        assert_eq!(read.holidays.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-08-14", "2026-08-15", "2026-08-16"]);
        let faults = read_general(&written("14/08/26"), &mut read, Language::Italian).expect_err("no year");
        assert!(faults["holidays"].contains("14/08/2026"), "{faults:?}");
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        let mut fields = fields_of(&Settings::default());
        fields.0.retain(|(name, _)| name != "time_zone");
        fields.push("time_zone", "Roma");
        fields.push("business_hours.0.from", "09:00");
        let faults = read_general(&fields, &mut Settings::default(), Language::Italian).expect_err("two faults");
        assert_eq!(faults.keys().collect::<Vec<_>>(), ["business_hours", "time_zone"]);
    }
}
