//! The simulator as a channel: people who do not exist write by a small JSON hook, and what is sent to them is only stored.

use super::http::{Hook, HookReply};
use super::settings::Setting;
use super::{HookRead, json};
use crate::base::address::{Address, ChannelKind};
use crate::model::channel::{Abilities, Pair, Rate};
use crate::model::message::{Inbound, MessageKind, Said};

pub(super) const ABILITIES: Abilities = Abilities {
    buttons_max: 10,
    list_rows_max: 10,
    text_chars_max: 4096,
    attachments: true,
    window: None,
    rate: Rate { per_second: 1000.0, burst: 1000 },
    pair: Pair { seconds: 0.001, burst: 1000 },
};

pub(super) const SETTINGS: &[Setting] = &[];

/// Characters of an invented person's id or name at most.
const NAME_CHARS_MAX: usize = 200;

/// Reads `{contact, name?, text | button, message_id?}`. The web checks the API key that opens this hook.
pub(super) fn read_hook(hook: &Hook, fallback_id: &str) -> HookRead {
    match hook.method.as_str() {
        "POST" => read_body(&hook.body, fallback_id),
        _ => HookRead::Refused { status: 405, reason: "this address takes POST".to_owned() },
    }
}

pub(super) fn read_body(body: &[u8], fallback_id: &str) -> HookRead {
    match said(body, fallback_id) {
        Ok(said) => HookRead::Events { events: vec![Inbound::Said(said)], unreadable: Vec::new(), reply: HookReply::taken() },
        Err(reason) => HookRead::Refused { status: 422, reason },
    }
}

fn said(body: &[u8], fallback_id: &str) -> Result<Said, String> {
    let json = json::read(body)?;
    let named = |pointer: &str| {
        let written = json::text(&json, pointer).map(|text| text.trim().to_owned());
        match written {
            Some(text) if text.chars().count() > NAME_CHARS_MAX => {
                Err(format!("`{}` is longer than {NAME_CHARS_MAX} characters", &pointer[1..]))
            }
            written => Ok(written),
        }
    };
    let contact = named("/contact")?.ok_or("`contact` is missing: say who writes, by any name")?;
    let text = json::text(&json, "/text").map(|text| text.into_owned());
    let button = json::text(&json, "/button").map(|button| button.into_owned());
    let (kind, text) = match (text, &button) {
        (text, Some(button)) => (MessageKind::ButtonReply, text.unwrap_or_else(|| button.clone())),
        (Some(text), None) => (MessageKind::Text, text),
        (None, None) => return Err("`text` or `button` is missing: say what is written or pressed".to_owned()),
    };
    Ok(Said {
        provider_id: named("/message_id")?.unwrap_or_else(|| fallback_id.to_owned()),
        contact: vec![Address::new(ChannelKind::Simulator, &contact)],
        name: named("/name")?,
        kind,
        text,
        button,
        media: Vec::new(),
        at: None,
        ours: false,
        group: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Said, String> {
        said(body.as_bytes(), "minted-1")
    }

    #[test]
    fn an_invented_person_writes_and_presses() {
        let hello = read(r#"{"contact": "anna", "name": "Anna", "text": "listino"}"#).expect("a message");
        assert_eq!((hello.kind, hello.text.as_str(), hello.provider_id.as_str()), (MessageKind::Text, "listino", "minted-1"));
        assert_eq!((hello.contact[0].address.as_str(), hello.name.as_deref()), ("anna", Some("Anna")));
        let press = read(r#"{"contact": 7, "button": "yes", "message_id": "m-9"}"#).expect("a press");
        assert_eq!((press.kind, press.button.as_deref(), press.provider_id.as_str()), (MessageKind::ButtonReply, Some("yes"), "m-9"));
    }

    #[test]
    fn a_fault_is_a_sentence() {
        for (body, fault) in [
            ("", "this is not JSON"),
            ("[]", "`contact` is missing"),
            (r#"{"contact": "anna"}"#, "`text` or `button` is missing"),
            (r#"{"contact": "anna", "text": ""}"#, "`text` or `button` is missing"),
        ] {
            let reason = read(body).expect_err(body);
            assert!(reason.starts_with(fault), "{reason}");
        }
    }
}
