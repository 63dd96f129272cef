//! Channels: the list, the form of one, and its page with the check-list and the request log.

use super::page::{Chrome, Markup, Tone};
use super::words::Language;
use crate::base::address::ChannelKind;
use crate::base::time::Time;
use crate::model::channel::RequestLine;
use askama::Template;
use std::collections::BTreeMap;

/// A channel in the list.
#[derive(Clone, Debug)]
pub struct ChannelRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind, in words.
    pub kind: String,
    /// `icon_of` its kind.
    pub icon: &'static str,
    /// How it stands, in words.
    pub state: String,
    /// And in tone.
    pub tone: Tone,
    /// Why nothing is sent, in words.
    pub problem: Option<String>,
    /// The last request that came in.
    pub heard: Option<Time>,
}

/// The icon of a kind.
pub const fn icon_of(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Simulator => "robot",
        ChannelKind::Generic => "api",
        ChannelKind::Telegram => "send",
        _ => "chat",
    }
}

/// The list of channels.
#[derive(Template)]
#[template(path = "channels/list.html")]
pub struct ChannelsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The channels.
    pub rows: Vec<ChannelRow>,
}

/// The choice of a kind; leads to `/channels/new?kind=`.
#[derive(Template)]
#[template(path = "channels/choose.html")]
pub struct KindPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The kinds that can be connected.
    pub kinds: Vec<ChannelKind>,
}

impl KindPage<'_> {
    fn kinds(&self) -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
        let w = self.chrome.language;
        self.kinds.iter().map(|kind| (kind.word(), w.channel_kind(*kind), w.channel_kind_help(*kind), icon_of(*kind))).collect()
    }
}

/// A setting of one kind of channel.
#[derive(Clone, Debug)]
pub struct SettingField {
    /// The name of the API.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// Where it is found.
    pub help: String,
    /// What it is now; empty for a secret.
    pub value: String,
    /// Whether it is written and never shown.
    pub is_secret: bool,
    /// Whether a secret is already kept, so that an empty field leaves it.
    pub is_kept: bool,
    /// Whether most can do without it.
    pub is_extra: bool,
    /// Whether it takes several lines.
    pub is_long: bool,
    /// What it is chosen from; empty where it is written.
    pub options: Vec<(String, String)>,
}

impl SettingField {
    fn menu(&self) -> Vec<(String, String)> {
        self.options.clone()
    }

    fn secret_extra(&self) -> &'static str {
        if self.is_kept {
            "autocomplete=\"new-password\" placeholder=\"••••••••\""
        } else {
            "autocomplete=\"new-password\""
        }
    }
}

/// A setting that a kind of channel has, as its provider says.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name of the API.
    pub name: &'static str,
    /// Whether it is a secret.
    pub is_secret: bool,
    /// Whether a channel of this kind can do without it.
    pub is_optional: bool,
}

/// The fields of a kind's settings, with what is kept: options by name, and the names of secrets that are set.
pub fn setting_fields(settings: &[Setting], options: &BTreeMap<String, String>, kept: &[&str], w: Language) -> Vec<SettingField> {
    let field = |setting: &Setting| {
        let is_kept = setting.is_secret && kept.contains(&setting.name);
        let (label, help) = w.setting(setting.name);
        SettingField {
            name: setting.name,
            label,
            help: if is_kept { format!("{help} {}", w.secret_kept()) } else { help.to_owned() },
            value: if setting.is_secret { String::new() } else { options.get(setting.name).cloned().unwrap_or_default() },
            is_secret: setting.is_secret,
            is_kept,
            is_extra: setting.is_optional,
            is_long: matches!(setting.name, "in" | "out"),
            options: if setting.name == "receive" { w.receive_ways() } else { Vec::new() },
        }
    };
    settings.iter().map(field).collect()
}

/// The form of a channel, new or not. Posts `kind`, `name`, the kind's settings by their names in the API (an empty secret leaves
/// the one that is kept), `base_url`, `allow_private_addresses`, `public_url`, `language`, `rate` (messages a second), `pair` (seconds
/// between two to one person) and `unknown` to `action`.
#[derive(Template)]
#[template(path = "channels/form.html")]
pub struct ChannelForm<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// The words of the button.
    pub button: String,
    /// Where "never mind" leads.
    pub back: String,
    /// The kind, by the word of the API.
    pub kind: String,
    /// The kind, in words.
    pub kind_words: String,
    /// The name.
    pub name: String,
    /// The kind's own settings.
    pub fields: Vec<SettingField>,
    /// The provider's address, where it is another than its own.
    pub base_url: String,
    /// Whether that may lie in a private network.
    pub allow_private: bool,
    /// The public address of this appliance, where this provider sees another.
    pub public_url: String,
    /// The language of texts to contacts whose language is unknown.
    pub language: String,
    /// Messages a second; empty for the provider's own.
    pub rate: String,
    /// Seconds between two messages to one person; empty for the provider's own.
    pub pair: String,
    /// The policy for unknown outcomes, by the word of the API.
    pub unknown: String,
    /// What is wrong, by field.
    pub faults: BTreeMap<String, String>,
}

impl ChannelForm<'_> {
    fn wrong(&self, name: &str) -> &str {
        self.faults.get(name).map_or("", String::as_str)
    }
}

/// A line of the check-list.
#[derive(Clone, Debug)]
pub struct Check {
    /// How it stands: good, or what it waits for.
    pub tone: Tone,
    /// What.
    pub title: String,
    /// More of it, or what to do.
    pub text: String,
}

/// The page of a channel. Posts to `/channels/{id}/tests` (`to`), `…/pause` (and `?method=delete`).
#[derive(Template)]
#[template(path = "channels/page.html")]
pub struct ChannelPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind, in words.
    pub kind_words: String,
    /// Whether it receives and sends.
    pub is_enabled: bool,
    /// How it stands, in words.
    pub state: String,
    /// And in tone.
    pub tone: Tone,
    /// Why nothing is sent until somebody mends it.
    pub stopped: Option<String>,
    /// What is done and what is not.
    pub checks: Vec<Check>,
    /// Whether nobody is behind it: its chat is a page here, and no provider is to be told an address.
    pub is_simulator: bool,
    /// The address that providers call; `None` for a channel that needs none.
    pub hook_url: Option<String>,
    /// The same as a code (`qr`).
    pub qr: Markup,
    /// The last requests, newest first.
    pub requests: Vec<RequestLine>,
    /// How the test message went.
    pub test: Option<(Tone, String)>,
}

impl ChannelPage<'_> {
    fn tone_of(&self, line: &RequestLine) -> Tone {
        match line.status {
            200..300 => Tone::Good,
            400..500 => Tone::Warn,
            _ => Tone::Bad,
        }
    }
}

/// A text as a QR code: one SVG path, black on white. Empty where the text is too long for one.
pub fn qr(text: &str) -> Markup {
    let Ok(code) = qrcode::QrCode::new(text) else { return Markup::default() };
    let width = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", index % width, index / width));
        }
    }
    Markup(format!(
        "<svg viewBox=\"0 0 {width} {width}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown_again() {
        let options = BTreeMap::from([("phone_number_id".to_owned(), "123".to_owned()), ("access_token".to_owned(), "EAAG".to_owned())]);
        let settings =
            [("phone_number_id", false), ("access_token", true)].map(|(name, is_secret)| Setting { name, is_secret, is_optional: false });
        let fields = setting_fields(&settings, &options, &["access_token"], Language::Italian);
        let token = fields.iter().find(|field| field.name == "access_token").expect("a token");
        assert!(token.value.is_empty() && token.is_secret && token.is_kept);
        assert_eq!(fields[0].value, "123");
    }

    #[test]
    fn an_address_becomes_a_code() {
        assert!(qr("https://bot.example.it/hooks/abc").0.starts_with("<svg viewBox=\"0 0 "));
    }
}
