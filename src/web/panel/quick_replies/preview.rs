//! How a contact reads a quick reply: an invented one, or one that was looked for; and the very text that a chat puts into its box.

use super::super::super::Web;
use super::super::super::problem::Trouble;
use super::super::super::quick_replies::Preview;
use super::super::super::words::Language;
use super::super::Panel;
use super::super::answers::with_filters;
use super::super::contacts::shown_as;
use crate::base::id::{ContactId, QuickReplyId};
use crate::base::time::Time;
use crate::engine::quick_reply::{OPERATOR_NAME, filled};
use crate::executor::refusal::Refusal;
use crate::model::contact::Contact;
use crate::model::node::Text;
use crate::model::quick_reply::QuickReply;
use crate::model::run_match::is_called;
use crate::model::settings::Settings;
use crate::store::{View, contacts};
use serde::Deserialize;

/// Contacts that are offered, and that are looked through for them.
const OFFERED: usize = 6;
const LOOKED_THROUGH: usize = 20_000;
/// Contacts read at once.
const PAGE: usize = 500;

/// As whom it is read: a contact that is chosen, or a name or number to look for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct As {
    contact: Option<ContactId>,
    #[serde(rename = "as")]
    called: String,
}

/// The preview of a reply, with the contacts that were looked for. One that is not saved yet is read by nobody who is real.
pub async fn preview(web: &Web, panel: &Panel, own: Option<QuickReplyId>, reply: &QuickReply, asked: &As) -> Result<Preview, Trouble> {
    let (w, settings) = (panel.language, web.executor.facts().settings.clone());
    let action = own.map(|id| format!("/quick-replies/{id}/edit")).unwrap_or_default();
    let wanted = asked.clone();
    let (chosen, found) = web.read(move |view| look_for(view, &wanted)).await?;
    let name = |contact: &Contact| {
        let (name, number) = shown_as(contact, w);
        if number.is_empty() { name } else { format!("{name}, {number}") }
    };
    let link = |contact: &Contact| {
        let id = contact.id.to_string();
        (with_filters(&action, &[("contact", id.as_str()), ("as", &asked.called)]), name(contact))
    };
    let texts = match &chosen {
        Some(contact) => {
            let language = spoken(&reply.text, contact, &settings.language);
            vec![(language, for_contact(reply, contact, &panel.operator.name, &settings, panel.now))]
        }
        None => invented(reply, panel),
    };
    Ok(Preview {
        who: chosen.as_ref().map_or_else(|| w.quick_sample().to_owned(), |contact| shown_as(contact, w).0),
        is_invented: chosen.is_none(),
        none_found: found.is_empty() && chosen.is_none() && !asked.called.trim().is_empty(),
        found: found.iter().map(link).collect(),
        called: asked.called.clone(),
        action,
        texts,
    })
}

/// The contact that is chosen, or else the first that is called so; and the others.
fn look_for(view: &View, asked: &As) -> Result<(Option<Contact>, Vec<Contact>), Refusal> {
    let mut found: Vec<Contact> = Vec::new();
    let (mut after, mut seen) = (None, 0);
    while !asked.called.trim().is_empty() && seen < LOOKED_THROUGH && found.len() < OFFERED {
        let page = contacts::list(view, after, PAGE)?;
        let Some(last) = page.last() else { break };
        (after, seen) = (Some(last.id), seen + page.len());
        let room = OFFERED - found.len();
        found.extend(page.into_iter().filter(|contact| is_called(contact, &asked.called)).take(room));
    }
    let chosen = match asked.contact {
        Some(id) => contacts::get(view, id)?,
        None => found.first().cloned(),
    };
    found.retain(|contact| Some(contact.id) != chosen.as_ref().map(|chosen| chosen.id));
    Ok((chosen, found))
}

/// How an invented contact reads it, once for each wording.
pub fn invented(reply: &QuickReply, panel: &Panel) -> Vec<(String, String)> {
    let codes: &[&str] = if matches!(reply.text, Text::Plain(_)) { &["it"] } else { &["it", "en"] };
    codes.iter().map(|code| ((*code).to_owned(), to_invented(reply, code, panel))).collect()
}

/// How an invented contact reads it in one language.
pub fn to_invented(reply: &QuickReply, code: &str, panel: &Panel) -> String {
    let value = |name: &str| match name {
        "contact.name" => Some(panel.language.quick_sample().to_owned()),
        OPERATOR_NAME => Some(panel.operator.name.clone()),
        _ => None,
    };
    filled(&reply.text, &[code], value)
}

/// The languages in which a contact is written to, the first that there is.
fn languages<'l>(contact: &'l Contact, house: &'l str) -> [&'l str; 2] {
    let own = contact.language.as_deref().map(|language| language.split('-').next().unwrap_or(language));
    [own.unwrap_or(house), house]
}

/// The language in which this contact reads it.
fn spoken(text: &Text, contact: &Contact, house: &str) -> String {
    let wanted = languages(contact, house);
    match text {
        Text::Plain(_) => wanted[0].to_owned(),
        Text::ByLanguage(texts) => {
            let found = wanted.into_iter().find(|code| texts.contains_key(*code)).map(str::to_owned);
            found.or_else(|| texts.keys().next().cloned()).unwrap_or_default()
        }
    }
}

/// A quick reply as it is put into the box for this contact: in their language, with what is known of them.
pub fn for_contact(reply: &QuickReply, contact: &Contact, operator: &str, settings: &Settings, now: Time) -> String {
    let (house, zone) = (settings.language.as_str(), contact.zone.unwrap_or(settings.time_zone));
    let w = Language::of_code(&spoken(&reply.text, contact, house));
    let value = |name: &str| match name {
        OPERATOR_NAME => Some(operator.to_owned()),
        "contact.name" => contact.name.clone(),
        "contact.address" => contact.addresses.first().map(|address| address.address.clone()),
        "contact.language" => contact.language.clone(),
        _ => contact.fields.get(name.strip_prefix("contact.fields.")?).map(|value| w.dated(&value.to_string(), now, zone)),
    };
    filled(&reply.text, &languages(contact, house), value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};
    use crate::model::value::Value;
    use serde_json::json;

    #[test]
    fn a_contact_reads_it_in_their_language_with_what_is_known_of_them() {
        let reply: QuickReply = serde_json::from_value(json!({"shortcut": "a", "text":
            {"it": "{{ contact.name | default: \"a te\" }}: {{ contact.fields.visit }} {{ minutes }}", "en": "{{ contact.name | default: \"you\" }}: {{ contact.fields.visit }}"}}))
        .expect("a reply");
        let settings = Settings::default();
        let mut contact = Contact::new(ContactId::new(Shard(0), 1), Time(0));
        contact.fields.insert("visit".to_owned(), Value::from("2026-12-01"));
        let said = |contact: &Contact| (spoken(&reply.text, contact, "it"), for_contact(&reply, contact, "Ada", &settings, Time(0)));
        let (language, text) = said(&contact);
        assert!(language == "it" && text.starts_with("a te: ") && text.ends_with(" [minutes]") && !text.contains("2026-12-01"), "{text}");
        contact.language = Some("en-GB".to_owned());
        contact.name = Some("Bob".to_owned());
        let (language, text) = said(&contact);
        assert!(language == "en" && text.starts_with("Bob: ") && !text.contains("minutes"), "{text}");
        contact.language = Some("de".to_owned());
        assert_eq!(said(&contact).0, "it", "who speaks neither is written to as the house speaks");
    }
}
