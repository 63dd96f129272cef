//! How a channel names a person. A contact is a set of these; an opaque id is never turned into a phone number.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The kind of a channel: one provider's protocol, or the built-in simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// WhatsApp Cloud API of Meta.
    Whatsapp,
    /// Telegram Bot API.
    Telegram,
    /// Twilio: SMS and WhatsApp.
    Twilio,
    /// WAHA, a self-hosted WhatsApp gateway.
    Waha,
    /// Evolution API, a self-hosted WhatsApp gateway.
    Evolution,
    /// Any JSON webhook, by a mapping.
    Generic,
    /// The built-in simulator: people who do not exist, and no provider.
    Simulator,
}

impl ChannelKind {
    /// Every kind, in the order the panel shows them.
    pub const ALL: [ChannelKind; 7] = [
        ChannelKind::Whatsapp,
        ChannelKind::Telegram,
        ChannelKind::Twilio,
        ChannelKind::Waha,
        ChannelKind::Evolution,
        ChannelKind::Generic,
        ChannelKind::Simulator,
    ];

    /// The word of the HTTP API.
    pub const fn word(self) -> &'static str {
        match self {
            ChannelKind::Whatsapp => "whatsapp",
            ChannelKind::Telegram => "telegram",
            ChannelKind::Twilio => "twilio",
            ChannelKind::Waha => "waha",
            ChannelKind::Evolution => "evolution",
            ChannelKind::Generic => "generic",
            ChannelKind::Simulator => "simulator",
        }
    }

    /// Whether this kind names people by phone number, so that the same number elsewhere is the same person.
    pub const fn names_by_phone(self) -> bool {
        matches!(self, ChannelKind::Whatsapp | ChannelKind::Twilio | ChannelKind::Waha | ChannelKind::Evolution)
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a channel is one of whatsapp, telegram, twilio, waha, evolution, generic, simulator")]
pub struct NotAKind;

impl FromStr for ChannelKind {
    type Err = NotAKind;
    fn from_str(word: &str) -> Result<ChannelKind, NotAKind> {
        ChannelKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or(NotAKind)
    }
}

/// One name of a person on one kind of channel, as the provider writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Address {
    /// The kind of channel that uses this name.
    pub channel_kind: ChannelKind,
    /// The name: digits of a phone number in E.164 without the plus, or an opaque id, unchanged.
    pub address: String,
}

/// What the address index is keyed by: two addresses with one key are one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressKey(pub String);

impl Address {
    /// An address as written: outer space dropped, and a phone number reduced to its digits where the kind names people by phone.
    pub fn new(channel_kind: ChannelKind, written: &str) -> Address {
        let written = written.trim();
        let address = match (channel_kind.names_by_phone(), phone_digits(written)) {
            (true, Some(digits)) => digits,
            _ => written.to_owned(),
        };
        Address { channel_kind, address }
    }

    /// The phone number in digits, where this address is one.
    pub fn phone(&self) -> Option<&str> {
        (self.channel_kind.names_by_phone() && is_phone(&self.address)).then_some(self.address.as_str())
    }

    /// The key under which a person with this address is found. A phone number is one person on every kind that uses numbers.
    pub fn key(&self) -> AddressKey {
        AddressKey(match self.phone() {
            Some(digits) => format!("phone:{digits}"),
            None => format!("{}:{}", self.channel_kind, self.address),
        })
    }

    /// What a page shows: `+39333…` for a phone number, the name itself otherwise.
    pub fn shown(&self) -> String {
        match self.phone() {
            Some(digits) => format!("+{digits}"),
            None => self.address.clone(),
        }
    }

    /// What a log shows (SEC-18): the first and last digits of a phone number and dots between, the kind alone otherwise.
    pub fn masked(&self) -> String {
        match self.phone() {
            Some(digits) => format!("+{}•••••{}", &digits[..2], &digits[digits.len() - 4..]),
            None => format!("{}:•••••", self.channel_kind),
        }
    }
}

/// The digits of a phone number written with plus, spaces, dots, dashes or brackets, or with a channel's prefix or suffix around it.
fn phone_digits(written: &str) -> Option<String> {
    let bare = written.strip_prefix("whatsapp:").unwrap_or(written);
    let bare = bare.strip_suffix("@c.us").or_else(|| bare.strip_suffix("@s.whatsapp.net")).unwrap_or(bare);
    let digits: String = bare.chars().filter(|c| !" +.-()/".contains(*c)).collect();
    is_phone(&digits).then_some(digits)
}

/// Reads a phone number as people write it into a list: with its country, by `+` or `00`; without one it is of `home`, a country code
/// as `39`, if it looks like a mobile number there. The digits of E.164; none where nobody can tell whose number it is.
pub fn read_phone(written: &str, home: Option<&str>) -> Option<String> {
    let bare: String = written.trim().chars().filter(|c| !" .-()/\u{a0}".contains(*c)).collect();
    let digits = |text: &str| is_phone(text).then(|| text.to_owned());
    if let Some(rest) = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        return digits(rest).filter(|rest| rest.len() >= 8 && !rest.starts_with('0'));
    }
    let own = digits(&bare)?;
    match home {
        Some("39") if own.starts_with('3') && (9..=10).contains(&own.len()) => Some(format!("39{own}")),
        // Eleven digits and more hold their country already.
        _ => Some(own).filter(|own| own.len() >= 11 && !own.starts_with('0')),
    }
}

/// E.164 allows fifteen digits; six is the shortest number anyone is reached at.
fn is_phone(text: &str) -> bool {
    (6..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_one_person_on_every_channel_that_uses_numbers() {
        let keys: Vec<_> = [
            Address::new(ChannelKind::Whatsapp, "393331234567"),
            Address::new(ChannelKind::Twilio, "whatsapp:+39 333 123-4567"),
            Address::new(ChannelKind::Waha, "393331234567@c.us"),
        ]
        .iter()
        .map(Address::key)
        .collect();
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
    }

    #[test]
    fn a_number_in_a_list_is_read_with_its_country_or_not_at_all() {
        for (written, expected) in [
            ("+39 333 123 4567", Some("393331234567")),
            ("0039 333-1234567", Some("393331234567")),
            (" 333 1234567 ", Some("393331234567")),
            ("393331234567", Some("393331234567")),
            ("+1 (202) 555-0123", Some("12025550123")),
            ("06 12345678", None),
            ("12345", None),
            ("+0333123456", None),
            ("Anna", None),
            ("+39 333 123 4567 x2", None),
        ] {
            assert_eq!(read_phone(written, Some("39")).as_deref(), expected, "{written}");
        }
        assert_eq!(read_phone("3331234567", None), None);
    }

    #[test]
    fn an_opaque_id_is_no_phone_number() {
        for (kind, id) in
            [(ChannelKind::Whatsapp, "IT.1234567890"), (ChannelKind::Telegram, "393331234567"), (ChannelKind::Waha, "393331234567@lid")]
        {
            let address = Address::new(kind, id);
            assert_eq!((address.phone(), address.address.as_str()), (None, id));
        }
    }

    #[test]
    fn a_log_shows_no_whole_number() {
        assert_eq!(Address::new(ChannelKind::Whatsapp, "+393331234567").masked(), "+39•••••4567");
        assert_eq!(Address::new(ChannelKind::Telegram, "77").masked(), "telegram:•••••");
    }
}
