//! Sample data for every page: an invented shop, its contacts and its flows.

#[path = "samples/broadcasts.rs"]
mod broadcasts;
#[path = "samples/flows.rs"]
mod flows;
#[path = "samples/imports.rs"]
mod imports;
#[path = "samples/pack.rs"]
mod pack;
#[path = "samples/people.rs"]
mod people;
#[path = "samples/rest.rs"]
mod rest;
#[path = "samples/runs.rs"]
mod runs;
#[path = "samples/versions.rs"]
mod versions;

use askama::Template;
use flusso::base::time::{Span, Time};
use flusso::base::zone::Zone;
use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::web::login::LoginPage;
use flusso::web::page::{ChannelDot, Chrome, Counts, ErrorPage, Nav, Theme, Tone, render};
use flusso::web::setup::SetupPage;
use flusso::web::words::Language;

/// Where the pages go: their name and their HTML.
pub struct Show<'s>(pub &'s mut dyn FnMut(&str, String));

impl Show<'_> {
    fn page(&mut self, name: &str, chrome: &Chrome, template: &impl Template) {
        (self.0)(name, render(chrome, template));
    }
}

fn now() -> Time {
    "2026-11-22T08:14:00Z".parse().expect("a time")
}

fn ago(text: &str) -> Time {
    now() - text.parse::<Span>().expect(text)
}

fn later(text: &str) -> Time {
    now() + text.parse::<Span>().expect(text)
}

fn chrome(title: &str, nav: Nav, language: Language, theme: Theme) -> Chrome {
    Chrome {
        theme,
        operator: Some("Anna".to_owned()),
        nav: Some(nav),
        csrf: "token".to_owned(),
        path: nav.href().to_owned(),
        counts: Counts { runs: 42, unanswered: 3, undelivered: 2, unread: 1 },
        channels: vec![
            ChannelDot { name: "Negozio".to_owned(), tone: Tone::Good, words: language.channel_on().to_owned() },
            ChannelDot { name: "Bot".to_owned(), tone: Tone::Bad, words: language.channel_stopped().to_owned() },
        ],
        zone: Zone::ROME,
        ..Chrome::bare(title, language, now())
    }
}

fn flow(name: &str) -> Flow {
    let text = match name {
        "welcome" => include_str!("../documents/welcome.json"),
        "order" => include_str!("../documents/order-status.json"),
        _ => include_str!("../documents/quote-follow-up.json"),
    };
    document::read_text(text).expect("a flow")
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// Shows every page.
pub fn all(language: Language, theme: Theme, show: &mut Show<'_>) {
    doors(language, theme, show);
    flows::flows(language, theme, show);
    flows::editor(language, theme, show);
    pack::pack(language, theme, show);
    broadcasts::broadcasts(language, theme, show);
    versions::history(language, theme, show);
    versions::rehearsal(language, theme, show);
    runs::runs(language, theme, show);
    imports::imports(language, theme, show);
    people::people(language, theme, show);
    people::chats(language, theme, show);
    rest::channels(language, theme, show);
    rest::trouble(language, theme, show);
    rest::settings(language, theme, show);
}

fn doors(language: Language, theme: Theme, show: &mut Show<'_>) {
    let bare = Chrome { theme, ..Chrome::bare("Flusso", language, now()) };
    show.page("setup", &bare, &SetupPage::new(&bare, "key"));
    let wrong = SetupPage { name: text("Anna"), wrong_password: text(language.password_short()), ..SetupPage::new(&bare, "key") };
    show.page("setup-wrong", &bare, &wrong);
    let login = LoginPage { chrome: &bare, name: text("Anna"), back: text("/flows"), note: text(language.login_wrong()), tone: Tone::Bad };
    show.page("login", &bare, &login);
    let chrome = chrome(language.not_found(), Nav::Flows, language, theme);
    let error = ErrorPage {
        chrome: &chrome,
        headline: text(language.not_found()),
        text: text(language.not_found_text()),
        ways: vec![(text("/flows"), text(language.go_home())), (text("/"), text(language.try_again()))],
        detail: Some(text("request 7f3a")),
    };
    show.page("error", &chrome, &error);
}
