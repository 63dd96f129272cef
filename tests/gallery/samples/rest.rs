//! Channels, what went wrong, and the settings.

use super::{Show, ago, chrome, text};
use flusso::base::address::ChannelKind;
use flusso::model::channel::RequestLine;
use flusso::model::settings::Settings;
use flusso::web::channels::{ChannelForm, ChannelPage, ChannelRow, ChannelsPage, Check, KindPage, Setting, icon_of, qr, setting_fields};
use flusso::web::page::{Banner, Nav, Theme, Tone};
use flusso::web::settings::{BackupFacts, KeyRow, SettingsPage, SettingsTab};
use flusso::web::undelivered::{UndeliveredPage, UndeliveredRow};
use flusso::web::unread::{UnreadPage, UnreadRow};
use flusso::web::words::Language;
use std::collections::BTreeMap;

pub fn channels(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_channels(), Nav::Channels, language, theme);
    let row = |id: &str, name: &str, kind: ChannelKind, state: &str, tone, problem: Option<&str>| ChannelRow {
        id: text(id),
        name: text(name),
        kind: text(language.channel_kind(kind)),
        icon: icon_of(kind),
        state: text(state),
        tone,
        problem: problem.map(text),
        heard: problem.is_none().then(|| ago("3m")),
    };
    let rows = vec![
        row("1", "Negozio", ChannelKind::Whatsapp, language.channel_on(), Tone::Good, None),
        row(
            "2",
            "Bot",
            ChannelKind::Telegram,
            language.channel_stopped(),
            Tone::Bad,
            Some("Telegram non accetta il token: creane uno nuovo con BotFather."),
        ),
        row("3", "Simulatore", ChannelKind::Simulator, language.channel_on(), Tone::Good, None),
    ];
    show.page("channels", &chrome, &ChannelsPage { chrome: &chrome, rows });
    show.page("channels-empty", &chrome, &ChannelsPage { chrome: &chrome, rows: Vec::new() });
    show.page("channel-kinds", &chrome, &KindPage { chrome: &chrome, kinds: ChannelKind::ALL.to_vec() });
    let setting = |name, is_secret, is_optional| Setting { name, is_secret, is_optional };
    let settings = [
        setting("phone_number_id", false, false),
        setting("access_token", true, false),
        setting("app_secret", true, false),
        setting("verify_token", true, false),
        setting("graph_version", false, true),
    ];
    let form = ChannelForm {
        chrome: &chrome,
        title: text(language.new_channel()),
        action: text("/channels"),
        button: text(language.connect()),
        back: text("/channels"),
        kind: text("whatsapp"),
        kind_words: text("WhatsApp Cloud API"),
        name: text("Negozio"),
        fields: setting_fields(
            &settings,
            &BTreeMap::from([(text("phone_number_id"), text("106540352242922"))]),
            &["access_token"],
            language,
        ),
        base_url: String::new(),
        allow_private: false,
        public_url: String::new(),
        language: text("it"),
        rate: String::new(),
        pair: String::new(),
        unknown: text("live_replies"),
        faults: BTreeMap::from([(text("name"), language.name_taken("Negozio"))]),
    };
    show.page("channel-form", &chrome, &form);
    let check = |tone, title: &str, words: &str| Check { tone, title: text(title), text: text(words) };
    let line =
        |at, method: &str, status, reason: &str| RequestLine { at, method: text(method), status, reason: text(reason), body_bytes: 1240 };
    let address = "https://bot.example.it/hooks/7f2c9a51e0d84b6f";
    let page = ChannelPage {
        chrome: &chrome,
        id: text("1"),
        name: text("Negozio"),
        kind_words: text("WhatsApp Cloud API"),
        is_enabled: true,
        state: text(language.channel_on()),
        tone: Tone::Good,
        stopped: None,
        checks: vec![
            check(Tone::Good, language.check_address(), "https://bot.example.it"),
            check(Tone::Good, language.check_secrets(), ""),
            check(Tone::Good, language.check_heard(), ""),
            check(Tone::Warn, language.check_sent(), language.check_sent_missing()),
        ],
        is_simulator: false,
        hook_url: Some(text(address)),
        qr: qr(address),
        requests: vec![
            line(ago("3m"), "POST", 401, "La firma non corrisponde alla chiave segreta dell'app."),
            line(ago("13m"), "GET", 200, "Verificato"),
        ],
        test: Some((Tone::Good, text(language.test_sent()))),
    };
    show.page("channel", &chrome, &page);
}

pub fn trouble(language: Language, theme: Theme, show: &mut Show<'_>) {
    let mut chrome = chrome(language.nav_undelivered(), Nav::Undelivered, language, theme);
    chrome.banners = vec![Banner { tone: Tone::Warn, text: text(language.everything_is_paused()), link: None }];
    chrome.paused = true;
    let row = |id: &str, is_unknown, reason: &str| UndeliveredRow {
        id: text(id),
        contact: text("Marco Rossi"),
        contact_href: text("/contacts/1"),
        channel: text("Negozio"),
        text: text("Ciao Marco, hai avuto modo di leggere il preventivo?"),
        reason: text(reason),
        is_unknown,
        at: ago("40m"),
        attempts: 3,
        run: Some((text("/runs/1"), text("Follow-up preventivo"))),
    };
    let rows = vec![
        row("1", false, "WhatsApp non l'ha accettato: la finestra di 24 ore è chiusa da 2 ore."),
        row("2", true, "La connessione è caduta dopo l'invio."),
    ];
    show.page("undelivered", &chrome, &UndeliveredPage { chrome: &chrome, rows, next: None });
    show.page("undelivered-empty", &chrome, &UndeliveredPage { chrome: &chrome, rows: Vec::new(), next: None });
    let kept = UnreadRow {
        id: text("1"),
        channel: text("Negozio"),
        channel_href: text("/channels/1"),
        at: ago("1d"),
        reason: text("Il tipo di messaggio \"poll\" non è conosciuto."),
        build: text("0.1.0"),
        body: text("{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"type\":\"poll\",\"poll\":{\"name\":\"Quando passi?\"}}]}}]}]}"),
        size: 104,
    };
    show.page("unread", &chrome, &UnreadPage { chrome: &chrome, rows: vec![kept], next: None });
}

pub fn settings(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_settings(), Nav::Settings, language, theme);
    let settings = Settings {
        business_hours: serde_json::from_str(
            "[{\"days\":\"mon-fri\",\"from\":\"09:00\",\"to\":\"19:30\"},{\"days\":\"sat\",\"from\":\"09:00\",\"to\":\"13:00\"}]",
        )
        .expect("hours"),
        quiet_hours: serde_json::from_str("{\"from\":\"21:00\",\"to\":\"08:00\"}").expect("hours"),
        ..Settings::default()
    };
    for tab in SettingsTab::ALL {
        let mut page = SettingsPage::new(&chrome, tab, &settings);
        page.backup = BackupFacts {
            last: Some(ago("7h")),
            bytes: 48_300_000,
            folder: text("/var/lib/flusso/backups"),
            phrase_made: None,
            phrase: None,
        };
        page.keys = vec![KeyRow {
            id: text("1"),
            name: text("Gestionale"),
            prefix: text("fl_7Qx2"),
            scopes: text("Leggere, Far partire automazioni"),
            created: ago("30d"),
        }];
        page.new_key = Some((text("Sito"), text("fl_9aLk3Q8vWm2Z7c0pXr5tYb1N")));
        show.page(&format!("settings-{tab:?}").to_lowercase(), &chrome, &page);
    }
}
