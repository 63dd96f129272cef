//! The first run: the page behind the one-time link.

use super::page::Chrome;
use super::words::Language;
use askama::Template;

/// The page of the first run. Posts `name`, `password`, `language`, `time_zone` and `try` (ticked or absent) to `/setup?k=`.
#[derive(Template)]
#[template(path = "setup/page.html")]
pub struct SetupPage<'a> {
    /// The frame, without an operator.
    pub chrome: &'a Chrome,
    /// The key of the link.
    pub key: String,
    /// The name as it was typed.
    pub name: String,
    /// The time zone as it was typed; `Europe/Rome` at first.
    pub time_zone: String,
    /// Names of zones to choose from.
    pub zones: Vec<&'static str>,
    /// Whether "try it now" is ticked; it is at first.
    pub try_now: bool,
    /// What is wrong with the name.
    pub wrong_name: String,
    /// What is wrong with the password.
    pub wrong_password: String,
    /// What is wrong with the time zone.
    pub wrong_zone: String,
    /// Languages to choose from: code and own name.
    pub languages: Vec<(&'static str, &'static str)>,
}

impl<'a> SetupPage<'a> {
    /// The page as it is first seen.
    pub fn new(chrome: &'a Chrome, key: &str) -> SetupPage<'a> {
        SetupPage {
            chrome,
            key: key.to_owned(),
            name: String::new(),
            time_zone: "Europe/Rome".to_owned(),
            zones: zones(),
            try_now: true,
            wrong_name: String::new(),
            wrong_password: String::new(),
            wrong_zone: String::new(),
            languages: languages(),
        }
    }
}

/// The languages of the panel for a menu: code and own name.
pub fn languages() -> Vec<(&'static str, &'static str)> {
    Language::ALL.iter().map(|language| (language.code(), language.own_name())).collect()
}

/// The zones of the database that people live in, those of Europe first.
pub fn zones() -> Vec<&'static str> {
    let lived_in =
        |name: &&str| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/") && !name.starts_with("US/");
    let mut names: Vec<&'static str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(lived_in).collect();
    names.sort_by_key(|name| (!name.starts_with("Europe/"), *name));
    names
}
