//! The form of a channel, new or not. A secret is written and never shown: an empty field leaves the one that is kept.

use super::super::Web;
use super::super::channels::{ChannelForm, KindPage, Setting, setting_fields};
use super::super::node_form::Fields;
use super::super::page::{Chrome, Flash, Nav};
use super::super::problem::Trouble;
use super::super::words::Language;
use super::channels::known;
use super::{Panel, Shown, Table};
use crate::base::address::ChannelKind;
use crate::base::id::ChannelId;
use crate::executor::control::channels::{ChannelEdit, is_built, settings_of};
use crate::executor::facts::Connection;
use crate::executor::refusal::Refusal;
use crate::model::channel::UnknownPolicy;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/channels/new", new).post("/channels", create);
    table.get("/channels/{id}/edit", edit).post("/channels/{id}", save)
}

/// The kind that was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    kind: String,
}

/// `GET /channels/new?kind=`: first the kind, then its form.
async fn new(panel: Panel, Query(chosen): Query<Chosen>) -> Shown {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Channels, w.new_channel());
    match chosen.kind.parse::<ChannelKind>().ok().filter(|kind| is_built(*kind)) {
        Some(kind) => Ok(panel.show(&chrome, &blank(&chrome, kind))),
        None => {
            let kinds = ChannelKind::ALL.into_iter().filter(|kind| is_built(*kind)).collect();
            Ok(panel.show(&chrome, &KindPage { chrome: &chrome, kinds }))
        }
    }
}

fn settings(kind: ChannelKind) -> Vec<Setting> {
    let of = |setting: &crate::executor::control::channels::Setting| Setting {
        name: setting.name,
        is_secret: setting.secret,
        is_optional: setting.default.is_some(),
    };
    settings_of(kind).iter().map(of).collect()
}

fn blank(chrome: &Chrome, kind: ChannelKind) -> ChannelForm<'_> {
    let w = chrome.language;
    ChannelForm {
        chrome,
        title: w.new_channel().to_owned(),
        action: "/channels".to_owned(),
        button: w.connect().to_owned(),
        back: "/channels".to_owned(),
        kind: kind.word().to_owned(),
        kind_words: w.channel_kind(kind).to_owned(),
        name: String::new(),
        fields: setting_fields(&settings(kind), &BTreeMap::new(), &[], w),
        base_url: String::new(),
        allow_private: false,
        public_url: String::new(),
        language: String::new(),
        rate: String::new(),
        pair: String::new(),
        unknown: "live_replies".to_owned(),
        faults: BTreeMap::new(),
    }
}

fn filled<'a>(chrome: &'a Chrome, known: &Connection) -> ChannelForm<'a> {
    let (w, channel) = (chrome.language, &known.channel);
    let kept: Vec<&str> = known.secrets.keys().map(String::as_str).collect();
    ChannelForm {
        title: w.edit_channel(&channel.name),
        action: format!("/channels/{}", channel.id),
        button: w.save_changes().to_owned(),
        back: format!("/channels/{}", channel.id),
        name: channel.name.clone(),
        fields: setting_fields(&settings(channel.kind), &channel.options, &kept, w),
        base_url: channel.base_url.clone().unwrap_or_default(),
        allow_private: channel.allow_private_addresses,
        public_url: channel.public_url.clone().unwrap_or_default(),
        language: channel.language.clone().unwrap_or_default(),
        rate: channel.rate.map(|rate| rate.per_second.to_string()).unwrap_or_default(),
        pair: channel.pair.map(|pair| pair.seconds.to_string()).unwrap_or_default(),
        unknown: policy(channel.unknown).to_owned(),
        ..blank(chrome, channel.kind)
    }
}

const fn policy(policy: UnknownPolicy) -> &'static str {
    match policy {
        UnknownPolicy::LiveReplies => "live_replies",
        UnknownPolicy::Always => "always",
        UnknownPolicy::Never => "never",
    }
}

/// `GET /channels/{id}/edit`
async fn edit(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>) -> Shown {
    let known = known(&web, id)?;
    let chrome = panel.chrome(Nav::Channels, panel.language.edit_channel(&known.channel.name));
    Ok(panel.show(&chrome, &filled(&chrome, &known)))
}

/// `POST /channels`
async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let kind: ChannelKind = fields.get("kind").parse().map_err(|_| Trouble::invalid("Choose the kind of the channel."))?;
    let chrome = panel.chrome(Nav::Channels, w.new_channel());
    let outcome = match read(&fields, kind) {
        Ok(settings) => web.executor.create_channel(panel.by(), kind, fields.get("name"), settings).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(channel) => Ok(panel.done(&format!("/channels/{}", channel.id), Flash::good(w.channel_saved(&channel.name)))),
        Err(refusal) => again(&panel, blank(&chrome, kind), &fields, refusal),
    }
}

/// `POST /channels/{id}`
async fn save(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>, body: Bytes) -> Shown {
    let (fields, w, known) = (Fields::from_body(&body), panel.language, known(&web, id)?);
    let chrome = panel.chrome(Nav::Channels, w.edit_channel(&known.channel.name));
    let outcome = match read(&fields, known.channel.kind) {
        Ok(settings) => {
            let edit = ChannelEdit { name: Some(fields.get("name").to_owned()), enabled: None, settings };
            web.executor.edit_channel(panel.by(), id, edit).await
        }
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(channel) => Ok(panel.done(&format!("/channels/{id}"), Flash::good(w.channel_saved(&channel.name)))),
        Err(refusal) => again(&panel, filled(&chrome, &known), &fields, refusal),
    }
}

/// What a form says, by the names of the HTTP API. An empty secret is left out, which leaves the one that is kept.
fn read(fields: &Fields, kind: ChannelKind) -> Result<Map<String, Value>, Refusal> {
    let mut map = Map::new();
    for setting in settings_of(kind) {
        let value = fields.get(setting.name).trim();
        if !(setting.secret && value.is_empty()) {
            map.insert(setting.name.to_owned(), text(value));
        }
    }
    for name in ["base_url", "public_url", "language"] {
        map.insert(name.to_owned(), text(fields.get(name).trim()));
    }
    map.insert("allow_private_addresses".to_owned(), json!(fields.is_on("allow_private_addresses")));
    let rate = number(fields, "rate")?;
    map.insert("rate".to_owned(), rate.map_or(Value::Null, |rate| json!({ "per_second": rate, "burst": rate.ceil().max(1.0) as u32 })));
    let pair = number(fields, "pair")?;
    map.insert("pair".to_owned(), pair.map_or(Value::Null, |seconds| json!({ "seconds": seconds, "burst": 1 })));
    map.insert("unknown_outcome".to_owned(), json!(fields.get_or("unknown", "live_replies")));
    Ok(map)
}

fn text(value: &str) -> Value {
    if value.is_empty() { Value::Null } else { json!(value) }
}

fn number(fields: &Fields, name: &str) -> Result<Option<f64>, Refusal> {
    match fields.get(name).trim().replacen(',', ".", 1) {
        written if written.is_empty() => Ok(None),
        written => written.parse().map(Some).map_err(|_| Refusal::Invalid(format!("The setting \"{name}\" is no number."))),
    }
}

/// The form once more, with what was typed (secrets left out) and what is wrong at its field.
fn again(panel: &Panel, mut form: ChannelForm<'_>, fields: &Fields, refusal: Refusal) -> Shown {
    let (Refusal::Invalid(why) | Refusal::Conflict(why)) = refusal else { return Err(refusal.into()) };
    form.name = fields.get("name").to_owned();
    for field in form.fields.iter_mut().filter(|field| !field.is_secret) {
        field.value = fields.get(field.name).to_owned();
    }
    form.base_url = fields.get("base_url").to_owned();
    form.public_url = fields.get("public_url").to_owned();
    form.language = fields.get("language").to_owned();
    form.allow_private = fields.is_on("allow_private_addresses");
    form.rate = fields.get("rate").to_owned();
    form.pair = fields.get("pair").to_owned();
    form.unknown = fields.get_or("unknown", "live_replies").to_owned();
    form.faults = faults(&why, panel.language);
    Ok(panel.show_with(StatusCode::UNPROCESSABLE_ENTITY, form.chrome, &form))
}

/// Each sentence at the field it names; at the name of the channel where it names none.
fn faults(why: &str, w: Language) -> BTreeMap<String, String> {
    let mut faults = BTreeMap::new();
    let named = |sentence: &str| {
        let mut parts = sentence.split(['`', '"']);
        parts.nth(1).map(str::to_owned)
    };
    for sentence in why.trim_start_matches("The settings of the channel will not do: ").split("; ") {
        let is_missing = sentence.trim_end_matches('.').ends_with("is missing");
        let words = if is_missing { w.setting_missing().to_owned() } else { w.said(sentence) };
        let field = named(sentence).filter(|_| sentence.starts_with(['`']) || sentence.starts_with("The setting"));
        faults.insert(field.unwrap_or_else(|| "name".to_owned()), words);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_stands_at_its_field() {
        let found = faults(
            "The settings of the channel will not do: `app_secret` is missing; `graph_version` is written as v26.0.",
            Language::Italian,
        );
        assert_eq!(found["app_secret"], "Scrivilo.");
        assert_eq!(found["graph_version"], "`graph_version` si scrive come v26.0.");
        assert!(faults("Another channel is already called \"Shop\". Choose another name.", Language::English).contains_key("name"));
    }

    #[test]
    fn an_empty_secret_leaves_the_one_that_is_kept() {
        let mut fields = Fields::default();
        fields.push("phone_number_id", "123");
        let settings = read(&fields, ChannelKind::Whatsapp).expect("settings");
        assert!(!settings.contains_key("access_token"));
        assert_eq!((&settings["phone_number_id"], &settings["graph_version"]), (&json!("123"), &Value::Null));
    }
}
