//! WhatsApp Cloud API of Meta: its settings, its webhook's two doors, and what it can show (providers.md 1).

mod content;
mod errors;
mod inbound;
mod notices;
mod outbound;
mod people;

pub(super) use errors::read_answer;
pub(super) use inbound::read_body;
pub(super) use outbound::write_send;

use super::HookRead;
use super::http::{Hook, HookReply};
use super::settings::{self, Setting};
use super::signature;
use crate::base::limits::WINDOW;
use crate::model::channel::{Abilities, Channel, ChannelSecrets, Pair, Rate};

pub(super) const BASE_URL: &str = "https://graph.facebook.com";

pub(super) const ABILITIES: Abilities = Abilities {
    buttons_max: 3,
    list_rows_max: 10,
    text_chars_max: 4096,
    attachments: true,
    window: Some(WINDOW),
    rate: Rate { per_second: 80.0, burst: 80 },
    pair: Pair { seconds: 6.0, burst: 45 },
};

pub(super) const SETTINGS: &[Setting] = &[
    Setting { name: "phone_number_id", secret: false, default: None, check: number_id },
    Setting { name: "access_token", secret: true, default: None, check: settings::one_word },
    Setting { name: "app_secret", secret: true, default: None, check: settings::one_word },
    Setting { name: "verify_token", secret: true, default: None, check: settings::one_word },
    Setting { name: "graph_version", secret: false, default: Some("v26.0"), check: version },
];

/// It becomes part of an address, so it is held to a plain word.
fn number_id(value: &str) -> Result<(), &'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let good = value.len() <= 64 && value.bytes().all(plain);
    good.then_some(()).ok_or("is the number's id, not the number: digits, as the Meta panel shows them under the number")
}

fn version(value: &str) -> Result<(), &'static str> {
    let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let good = value.strip_prefix('v').and_then(|rest| rest.split_once('.')).is_some_and(|(major, minor)| digits(major) && digits(minor));
    good.then_some(()).ok_or("is written as v26.0")
}

/// A GET asks whether the address is ours; a POST brings events under a signature.
pub(super) fn read_hook(channel: &Channel, secrets: &ChannelSecrets, hook: &Hook) -> HookRead {
    match hook.method.as_str() {
        "GET" => challenge(secrets, hook),
        "POST" => match signature::check_sha256(secrets.get("app_secret"), hook, "x-hub-signature-256", "sha256=") {
            Ok(()) => read_body(channel, &hook.body),
            Err(fault) => HookRead::Refused { status: fault.status(), reason: fault.to_string() },
        },
        _ => HookRead::Refused { status: 405, reason: "this address takes GET and POST".to_owned() },
    }
}

fn challenge(secrets: &ChannelSecrets, hook: &Hook) -> HookRead {
    let refused = |reason: &str| HookRead::Refused { status: 403, reason: reason.to_owned() };
    let Ok(ours) = settings::secret(secrets, "verify_token") else {
        return refused("no verify token is set for this channel");
    };
    if hook.query_value("hub.mode").as_deref() != Some("subscribe") {
        return refused("this is not the check of a webhook's address: hub.mode is not subscribe");
    }
    match (hook.query_value("hub.verify_token"), hook.query_value("hub.challenge")) {
        (Some(theirs), Some(challenge)) if signature::same(ours, &theirs) => HookRead::Challenge(HookReply::text(200, &challenge)),
        (_, None) => refused("the check of the address brings no challenge"),
        _ => refused("wrong verify token: the one in the Meta panel is not the one of this channel"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;

    fn asked(query: &str) -> HookRead {
        let secrets = ChannelSecrets::from([("verify_token".to_owned(), Secret::new("verify 1".to_owned()))]);
        challenge(&secrets, &Hook { method: "GET".to_owned(), query: query.to_owned(), ..Hook::default() })
    }

    #[test]
    fn the_check_of_the_address_is_answered_with_its_challenge() {
        let reply = asked("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%201");
        assert_eq!(reply, HookRead::Challenge(HookReply::text(200, "1158201444")));
    }

    #[test]
    fn any_other_check_is_refused() {
        for query in [
            "",
            "hub.mode=subscribe&hub.challenge=1",
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify",
            "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verify%201",
            "hub.mode=subscribe&hub.verify_token=verify%201",
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify%201&hub.verify_token=other",
        ] {
            assert!(matches!(asked(query), HookRead::Refused { status: 403, .. }), "{query}");
        }
        let hook = Hook { query: "hub.mode=subscribe&hub.challenge=1&hub.verify_token=".to_owned(), ..Hook::default() };
        assert!(matches!(challenge(&ChannelSecrets::new(), &hook), HookRead::Refused { status: 403, .. }));
    }
}
