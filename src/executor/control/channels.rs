//! Channels: connected, changed, taken away. Settings come by the names of the HTTP API; secrets are sealed before they are stored.

use super::channel_names::follow_name;
use crate::base::address::ChannelKind;
use crate::base::id::ChannelId;
use crate::base::secret::Secret;
use crate::executor::desk::{Desk, Signal};
use crate::executor::facts::Connection;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, advance, chance};
use crate::model::channel::{Channel, ChannelSecrets, Pair, Rate, UnknownPolicy};
use crate::model::operator::By;
use crate::provider::settings as known;
use crate::store::{channels, outbox, runs};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 80;
/// Rows that are read at once while a channel's work is called off.
const PAGE: usize = 500;

/// What is asked of a channel that exists. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ChannelEdit {
    /// Its name.
    pub name: Option<String>,
    /// Whether it receives and sends.
    pub enabled: Option<bool>,
    /// Settings by name; null takes one back to its default.
    pub settings: Map<String, Value>,
}

impl Executor {
    /// Connects a channel.
    pub async fn create_channel(&self, by: By, kind: ChannelKind, name: &str, settings: Map<String, Value>) -> Result<Channel, Refusal> {
        let token = chance::token()?;
        let nonce = chance::bytes()?;
        let name = name.to_owned();
        self.line
            .change(move |desk| {
                let mut channel = blank(desk, kind, token)?;
                let mut secrets = ChannelSecrets::new();
                rename(desk, &mut channel, &name)?;
                set(&mut channel, &mut secrets, settings)?;
                channels::put(&mut desk.work, &channel)?;
                channels::put_secrets(&mut desk.work, &desk.facts.key, nonce, channel.id, &secrets)?;
                changed(desk, by, channel.id, "channel.created", &channel.name)?;
                Ok(channel)
            })
            .await
    }

    /// Changes a channel. New credentials let it send again where it had been stopped.
    pub async fn edit_channel(&self, by: By, id: ChannelId, edit: ChannelEdit) -> Result<Channel, Refusal> {
        let nonce = chance::bytes()?;
        self.line
            .change(move |desk| {
                let mut channel = channels::get(&desk.work, id)?.ok_or(Refusal::NotFound("channel"))?;
                let before = channels::secrets(&desk.work, &desk.facts.key, id)?;
                let mut secrets = before.clone();
                if let Some(name) = &edit.name {
                    let old = channel.name.clone();
                    rename(desk, &mut channel, name)?;
                    if old != channel.name {
                        follow_name(desk, by, &old, &channel.name)?;
                    }
                }
                channel.enabled = edit.enabled.unwrap_or(channel.enabled);
                let options = channel.options.clone();
                set(&mut channel, &mut secrets, edit.settings)?;
                if secrets != before || channel.options != options {
                    channel.stopped = None;
                }
                channels::put(&mut desk.work, &channel)?;
                if secrets != before {
                    channels::put_secrets(&mut desk.work, &desk.facts.key, nonce, id, &secrets)?;
                }
                changed(desk, by, id, "channel.changed", &channel.name)?;
                Ok(channel)
            })
            .await
    }

    /// Takes a channel away: its runs stop and what waits to go out by it is called off. Its messages stay.
    pub async fn delete_channel(&self, by: By, id: ChannelId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let channel = channels::get(&desk.work, id)?.ok_or(Refusal::NotFound("channel"))?;
                let reason = format!("The channel \"{}\" was deleted.", channel.name);
                stop_runs(desk, id, &reason)?;
                call_off(desk, id, &reason)?;
                channels::delete(&mut desk.work, id)?;
                changed(desk, by, id, "channel.deleted", &channel.name)
            })
            .await
    }
}

/// The settings that are particular to a kind, in the order a form asks for them; and whether this build speaks it.
pub use crate::provider::settings::{Setting, is_built, of as settings_of};

/// The settings of a channel as they can be sent back: secrets masked, defaults filled in.
pub fn shown(connection: &Connection) -> Map<String, Value> {
    let (channel, abilities) = (&connection.channel, connection.facts().abilities);
    let mut settings = Map::new();
    for setting in known::of(channel.kind) {
        let value = match setting.secret {
            true => connection.secrets.get(setting.name).map(Secret::masked),
            false => channel.options.get(setting.name).cloned().or(setting.default.map(str::to_owned)),
        };
        settings.insert(setting.name.to_owned(), json!(value));
    }
    let common = [
        ("base_url", json!(channel.base_url.as_deref().or(known::base_url(channel.kind)))),
        ("allow_private_addresses", json!(channel.allow_private_addresses)),
        ("language", json!(channel.language)),
        ("public_url", json!(channel.public_url)),
        ("rate", json!(channel.rate.unwrap_or(abilities.rate))),
        ("pair", json!(channel.pair.unwrap_or(abilities.pair))),
        ("unknown_outcome", json!(channel.unknown)),
    ];
    settings.extend(common.map(|(name, value)| (name.to_owned(), value)));
    settings
}

fn blank(desk: &mut Desk, kind: ChannelKind, token: String) -> Result<Channel, Refusal> {
    Ok(Channel {
        id: desk.mint()?,
        kind,
        name: String::new(),
        token,
        enabled: true,
        options: BTreeMap::new(),
        base_url: None,
        allow_private_addresses: false,
        language: None,
        public_url: None,
        rate: None,
        pair: None,
        unknown: UnknownPolicy::default(),
        stopped: None,
        created: desk.now,
    })
}

fn changed(desk: &mut Desk, by: By, id: ChannelId, what: &str, name: &str) -> Result<(), Refusal> {
    desk.facts_changed = true;
    desk.signal(Signal::Channel(id));
    desk.audit(by, what, format!("{id} \"{name}\""))
}

fn rename(desk: &Desk, channel: &mut Channel, name: &str) -> Result<(), Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(Refusal::Invalid(format!("A channel needs a name of 1 to {NAME_CHARS_MAX} characters.")));
    }
    if channels::by_name(&desk.work, name)?.is_some_and(|other| other.id != channel.id) {
        return Err(Refusal::Conflict(format!("Another channel is already called \"{name}\". Choose another name.")));
    }
    channel.name = name.to_owned();
    Ok(())
}

/// Sets what is named, then looks at the whole.
fn set(channel: &mut Channel, secrets: &mut ChannelSecrets, settings: Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in settings {
        set_one(channel, secrets, &name, value)?;
    }
    known::check(channel.kind, &channel.options, secrets)
        .map_err(|faults| Refusal::Invalid(format!("The settings of the channel will not do: {}", sentence(&faults))))
}

fn sentence(faults: &[String]) -> String {
    let words = faults.join("; ");
    if words.ends_with('?') { words } else { words + "." }
}

fn set_one(channel: &mut Channel, secrets: &mut ChannelSecrets, name: &str, value: Value) -> Result<(), Refusal> {
    match name {
        "base_url" => channel.base_url = address(name, value)?,
        "public_url" => channel.public_url = address(name, value)?,
        "allow_private_addresses" => channel.allow_private_addresses = read(name, value)?.unwrap_or(false),
        "language" => channel.language = language(name, value)?,
        "rate" => channel.rate = rate(read(name, value)?)?,
        "pair" => channel.pair = pair(read(name, value)?)?,
        "unknown_outcome" => channel.unknown = read(name, value)?.unwrap_or_default(),
        _ => set_own(channel, secrets, name, value)?,
    }
    Ok(())
}

/// A setting that is particular to the kind. A secret that comes back as it was shown, masked, stays what it is.
fn set_own(channel: &mut Channel, secrets: &mut ChannelSecrets, name: &str, value: Value) -> Result<(), Refusal> {
    let setting = known::of(channel.kind).iter().find(|setting| setting.name == name);
    let value: Option<String> = read(name, value)?;
    let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    match (setting.is_some_and(|setting| setting.secret), value) {
        (true, Some(value)) if secrets.get(name).is_some_and(|known| known.masked() == value) => {}
        (true, Some(value)) => drop(secrets.insert(name.to_owned(), Secret::new(value))),
        (true, None) => drop(secrets.remove(name)),
        (false, Some(value)) => drop(channel.options.insert(name.to_owned(), value)),
        (false, None) => drop(channel.options.remove(name)),
    }
    Ok(())
}

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<Option<T>, Refusal> {
    serde_json::from_value(value).map_err(|error| Refusal::Invalid(format!("The setting \"{name}\" cannot be that: {error}.")))
}

fn address(name: &str, value: Value) -> Result<Option<String>, Refusal> {
    let Some(text) = read::<String>(name, value)?.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let url = url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
    let bad = || Refusal::Invalid(format!("The setting \"{name}\" is no address. Write it as https://example.org, without a query."));
    url.map(|url| Some(url.as_str().trim_end_matches('/').to_owned())).ok_or_else(bad)
}

fn language(name: &str, value: Value) -> Result<Option<String>, Refusal> {
    let code: Option<String> = read(name, value)?;
    match code {
        Some(code) if !super::settings::language(&code) => {
            Err(Refusal::Invalid(format!("\"{code}\" is no language. Write its code, as it or en.")))
        }
        code => Ok(code),
    }
}

fn rate(rate: Option<Rate>) -> Result<Option<Rate>, Refusal> {
    let good = |rate: &Rate| rate.per_second > 0.0 && rate.per_second <= 1000.0 && rate.burst >= 1;
    pace(rate, good, "The setting \"rate\" needs per_second above 0, at most 1000, and a burst of 1 or more.")
}

fn pair(pair: Option<Pair>) -> Result<Option<Pair>, Refusal> {
    let good = |pair: &Pair| (0.0..=3600.0).contains(&pair.seconds) && pair.burst >= 1;
    pace(pair, good, "The setting \"pair\" needs seconds from 0 to 3600 and a burst of 1 or more.")
}

fn pace<T>(given: Option<T>, good: impl Fn(&T) -> bool, sentence: &str) -> Result<Option<T>, Refusal> {
    if given.as_ref().is_some_and(|given| !good(given)) { Err(Refusal::Invalid(sentence.to_owned())) } else { Ok(given) }
}

fn stop_runs(desk: &mut Desk, id: ChannelId, reason: &str) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let page = runs::list_live(&desk.work, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for run in page.iter().filter(|run| run.channel == id) {
            advance::stop(desk, run, reason)?;
        }
    }
}

fn call_off(desk: &mut Desk, id: ChannelId, reason: &str) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let page = outbox::open(&desk.work, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for row in page.into_iter().filter(|row| row.channel == id) {
            super::outbox::give_up(desk, row, reason)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Channel {
        Channel {
            id: crate::base::id::Id::new(Default::default(), 1),
            kind: ChannelKind::Whatsapp,
            name: "Shop".to_owned(),
            token: "t".to_owned(),
            enabled: true,
            options: BTreeMap::new(),
            base_url: None,
            allow_private_addresses: false,
            language: None,
            public_url: None,
            rate: None,
            pair: None,
            unknown: UnknownPolicy::default(),
            stopped: None,
            created: Default::default(),
        }
    }

    fn apply(secrets: &mut ChannelSecrets, settings: Value) -> Result<Channel, Refusal> {
        let Value::Object(settings) = settings else { panic!("an object") };
        let mut channel = channel();
        set(&mut channel, secrets, settings).map(|()| channel)
    }

    fn whole() -> Value {
        json!({"phone_number_id": "106540352242922", "access_token": "EAAG-long-token", "app_secret": "secret-1", "verify_token": "word"})
    }

    #[test]
    fn secrets_are_kept_apart_and_a_masked_one_stays_what_it_is() {
        let mut secrets = ChannelSecrets::new();
        let channel = apply(&mut secrets, whole()).expect("good settings");
        assert_eq!(channel.options.keys().collect::<Vec<_>>(), ["phone_number_id"]);
        let mut again = whole();
        again["access_token"] = json!(secrets["access_token"].masked());
        apply(&mut secrets, again).expect("good settings");
        assert_eq!(secrets["access_token"].reveal(), "EAAG-long-token");
    }

    #[test]
    fn a_setting_that_will_not_do_is_named() {
        for (name, value) in [
            ("colour", json!("red")),
            ("access_token", json!(null)),
            ("base_url", json!("graph.facebook.com")),
            ("rate", json!({"per_second": 0, "burst": 1})),
            ("pair", json!({"seconds": 6})),
            ("language", json!("Italian")),
            ("unknown_outcome", json!("sometimes")),
        ] {
            let mut settings = whole();
            settings[name] = value.clone();
            let refusal = apply(&mut ChannelSecrets::new(), settings).expect_err(name).to_string();
            assert!(refusal.contains(name) || refusal.contains(&value.to_string()), "{refusal}");
        }
    }
}
