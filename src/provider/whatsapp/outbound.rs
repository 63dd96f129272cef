//! One send as WhatsApp wants it written: who, what, and the bounds of each form.

use super::super::http::Request;
use super::super::settings;
use super::super::{ProviderError, press};
use super::notices::CALLBACK_MARK;
use super::{ABILITIES, BASE_URL};
use crate::base::address::{Address, ChannelKind};
use crate::base::id::OutboxId;
use crate::base::secret::Secret;
use crate::model::channel::{Channel, ChannelSecrets};
use crate::model::effect::{Content, ContentList, Place, TemplateContent};
use crate::model::message::{Choice, MediaRef};
use crate::model::node::{MediaKind, Method};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Characters of a text with buttons, and of a caption.
const SHORT_TEXT_MAX: usize = 1024;
const BUTTON_TITLE_MAX: usize = 20;
const ROW_TITLE_MAX: usize = 24;
const ROW_DESCRIPTION_MAX: usize = 72;
const SECTIONS_MAX: usize = 10;

type Written = Result<Value, ProviderError>;

/// Writes one send.
pub(in crate::provider) fn write_send(
    channel: &Channel,
    secrets: &ChannelSecrets,
    outbox: OutboxId,
    to: &[Address],
    content: &Content,
    button_ids: &dyn Fn(&Choice) -> String,
) -> Result<Request, ProviderError> {
    let base = channel.base_url.as_deref().unwrap_or(BASE_URL).trim_end_matches('/');
    let (version, number) = (settings::option(channel, "graph_version")?, settings::option(channel, "phone_number_id")?);
    let token = settings::secret(secrets, "access_token")?;
    let mut body = Map::new();
    body.insert("messaging_product".to_owned(), json!("whatsapp"));
    body.insert("recipient_type".to_owned(), json!("individual"));
    let (member, recipient) = recipient(to)?;
    body.insert(member.to_owned(), json!(recipient));
    let (kind, part) = form(content, button_ids)?;
    body.insert("type".to_owned(), json!(kind));
    body.insert(kind.to_owned(), part);
    body.insert("biz_opaque_callback_data".to_owned(), json!(format!("{CALLBACK_MARK}{outbox}")));
    let header = |name: &str, value: String| (name.to_owned(), Secret::new(value));
    Ok(Request {
        method: Method::Post,
        url: format!("{base}/{version}/{number}/messages"),
        headers: vec![header("authorization", format!("Bearer {token}")), header("content-type", "application/json".to_owned())],
        body: Value::Object(body).to_string().into_bytes(),
    })
}

/// Whom it goes to: the phone number where there is one, else the business-scoped id (an own one before a parent's).
fn recipient(to: &[Address]) -> Result<(&'static str, &str), ProviderError> {
    let names = || to.iter().filter(|address| address.channel_kind == ChannelKind::Whatsapp);
    if let Some(phone) = names().find_map(Address::phone) {
        return Ok(("to", phone));
    }
    let parent = |address: &&Address| address.address.get(2..).is_some_and(|rest| rest.starts_with(".ENT."));
    let id = names().min_by_key(|address| parent(address)).ok_or_else(|| cannot("this contact has no WhatsApp address"))?;
    Ok(("recipient", &id.address))
}

fn cannot(words: impl Into<String>) -> ProviderError {
    ProviderError::Cannot(words.into())
}

/// The form of a content: its word, and the part under that word. A content has one form; words beside another form would be lost.
fn form(content: &Content, button_ids: &dyn Fn(&Choice) -> String) -> Result<(&'static str, Value), ProviderError> {
    if let Some(template) = &content.template {
        return Ok(("template", template_part(template)?));
    }
    let forms =
        [!content.buttons.is_empty(), content.list.is_some(), content.media.is_some(), content.location.is_some(), content.card.is_some()];
    if forms.into_iter().filter(|is| *is).count() > 1 {
        return Err(cannot("WhatsApp cannot put a file, buttons, a list, a place and a card into one message"));
    }
    if let Some(list) = &content.list {
        return Ok(("interactive", list_part(&content.text, list, button_ids)?));
    }
    if !content.buttons.is_empty() {
        return Ok(("interactive", buttons_part(&content.text, &content.buttons, button_ids)?));
    }
    if let Some(media) = &content.media {
        return Ok((media.kind.word(), media_part(media, &content.text)?));
    }
    if (content.location.is_some() || content.card.is_some()) && !content.text.trim().is_empty() {
        return Err(cannot("WhatsApp shows no text with a place or a card: put the words in a message of their own"));
    }
    if let Some(place) = &content.location {
        return Ok(("location", place_part(place)?));
    }
    if let Some((name, phone)) = &content.card {
        return Ok((
            "contacts",
            json!([{ "name": { "formatted_name": name, "first_name": name }, "phones": [{ "phone": phone, "type": "CELL" }] }]),
        ));
    }
    let body = within("the text", &content.text, ABILITIES.text_chars_max)?;
    Ok(("text", json!({ "body": body, "preview_url": false })))
}

/// A text that must be there and fit.
fn within<'a>(what: &str, text: &'a str, chars_max: usize) -> Result<&'a str, ProviderError> {
    match text.chars().count() {
        _ if text.trim().is_empty() => Err(cannot(format!("{what} is empty, and WhatsApp sends no empty one"))),
        count if count > chars_max => Err(cannot(format!("{what} has {count} characters, and WhatsApp takes {chars_max} at most"))),
        _ => Ok(text),
    }
}

fn buttons_part(text: &str, buttons: &[Choice], button_ids: &dyn Fn(&Choice) -> String) -> Written {
    let max = ABILITIES.buttons_max;
    if buttons.len() > max {
        return Err(cannot(format!("the message has {} buttons, and WhatsApp takes {max} at most", buttons.len())));
    }
    let body = within("the text above the buttons", text, SHORT_TEXT_MAX)?;
    different("buttons", buttons.iter().map(|button| button.title.trim()))?;
    let payloads = payloads(buttons.iter(), button_ids)?;
    let written = buttons.iter().zip(payloads).map(|(button, id)| {
        let what = format!("the title of the button `{}`", button.id);
        let title = within(&what, &button.title, BUTTON_TITLE_MAX)?;
        Ok(json!({ "type": "reply", "reply": { "id": id, "title": title } }))
    });
    let buttons: Vec<Value> = written.collect::<Result<_, ProviderError>>()?;
    Ok(json!({ "type": "button", "body": { "text": body }, "action": { "buttons": buttons } }))
}

fn list_part(text: &str, list: &ContentList, button_ids: &dyn Fn(&Choice) -> String) -> Written {
    let rows = || list.sections.iter().flat_map(|(_, rows)| rows).map(|(choice, _)| choice);
    let max = ABILITIES.list_rows_max;
    if rows().count() > max || list.sections.len() > SECTIONS_MAX {
        return Err(cannot(format!("the list has {} rows, and WhatsApp takes {max} at most", rows().count())));
    }
    if list.sections.iter().any(|(_, rows)| rows.is_empty()) || list.sections.is_empty() {
        return Err(cannot("the list has a section without rows"));
    }
    let body = within("the text above the list", text, ABILITIES.text_chars_max)?;
    let button = within("what opens the list", &list.button, BUTTON_TITLE_MAX)?;
    let mut payloads = payloads(rows(), button_ids)?.into_iter();
    let mut sections = Vec::new();
    for (title, rows) in &list.sections {
        let mut section = Map::new();
        match title {
            Some(title) => drop(section.insert("title".to_owned(), json!(within("the heading of a section", title, ROW_TITLE_MAX)?))),
            None if list.sections.len() > 1 => return Err(cannot("a list with several sections needs a heading on each")),
            None => {}
        }
        let rows = rows.iter().zip(payloads.by_ref()).map(|((choice, description), id)| row(choice, description.as_deref(), &id));
        section.insert("rows".to_owned(), Value::Array(rows.collect::<Result<_, ProviderError>>()?));
        sections.push(Value::Object(section));
    }
    Ok(json!({ "type": "list", "body": { "text": body }, "action": { "button": button, "sections": sections } }))
}

fn row(choice: &Choice, description: Option<&str>, id: &str) -> Written {
    let title = within(&format!("the title of the row `{}`", choice.id), &choice.title, ROW_TITLE_MAX)?;
    let mut row = json!({ "id": id, "title": title });
    if let Some(description) = description.filter(|words| !words.trim().is_empty()) {
        row["description"] = json!(within(&format!("the description of the row `{}`", choice.id), description, ROW_DESCRIPTION_MAX)?);
    }
    Ok(row)
}

/// What each button or row comes back as: all of them there, short enough and different, or WhatsApp refuses them all.
fn payloads<'a>(choices: impl Iterator<Item = &'a Choice>, button_ids: &dyn Fn(&Choice) -> String) -> Result<Vec<String>, ProviderError> {
    let payloads: Vec<String> = choices.map(button_ids).collect();
    if payloads.iter().any(|payload| payload.trim().is_empty() || payload.len() > press::PAYLOAD_BYTES_MAX) {
        return Err(cannot("the ids of the node and of a button or row are too long together: shorten one"));
    }
    different("buttons or rows", payloads.iter().map(String::as_str))?;
    Ok(payloads)
}

fn different<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), ProviderError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(cannot(format!("two of the {what} are the same, and WhatsApp wants them different")));
        }
    }
    Ok(())
}

fn media_part(media: &MediaRef, text: &str) -> Written {
    let mut part = Map::new();
    match (&media.url, &media.provider_id) {
        (Some(url), _) => part.insert("link".to_owned(), json!(url)),
        (None, Some(id)) => part.insert("id".to_owned(), json!(id)),
        (None, None) => return Err(cannot("the file has no address that WhatsApp could fetch it from")),
    };
    let caption = if text.trim().is_empty() { media.caption.as_deref().unwrap_or_default() } else { text };
    if !caption.trim().is_empty() {
        if matches!(media.kind, MediaKind::Audio | MediaKind::Sticker) {
            return Err(cannot(format!(
                "WhatsApp shows no text with a file of kind {}: put the words in a message of their own",
                media.kind.word()
            )));
        }
        part.insert("caption".to_owned(), json!(within("the text under the file", caption, SHORT_TEXT_MAX)?));
    }
    if let (MediaKind::Document, Some(name)) = (media.kind, &media.name) {
        part.insert("filename".to_owned(), json!(name));
    }
    Ok(Value::Object(part))
}

fn place_part(place: &Place) -> Written {
    if !(-90.0..=90.0).contains(&place.latitude) || !(-180.0..=180.0).contains(&place.longitude) {
        return Err(cannot("the place lies nowhere: latitude is from -90 to 90, longitude from -180 to 180"));
    }
    let mut part = json!({ "latitude": place.latitude, "longitude": place.longitude });
    for (name, words) in [("name", &place.name), ("address", &place.address)] {
        if let Some(words) = words.as_deref().filter(|words| !words.trim().is_empty()) {
            part[name] = json!(words);
        }
    }
    Ok(part)
}

fn template_part(template: &TemplateContent) -> Written {
    let mut parameters = Vec::new();
    for (index, raw) in template.parameters.iter().enumerate() {
        let text = tidy(raw);
        if text.is_empty() {
            return Err(cannot(format!(
                "variable {} of the template `{}` is empty, and WhatsApp takes no empty one",
                index + 1,
                template.name
            )));
        }
        parameters.push(json!({ "type": "text", "text": text }));
    }
    let mut part = json!({ "name": template.name, "language": { "code": template.language } });
    if !parameters.is_empty() {
        part["components"] = json!([{ "type": "body", "parameters": parameters }]);
    }
    Ok(part)
}

/// A parameter as WhatsApp allows it: no line ends, no tabs, never four spaces in a row.
fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let line: String = raw.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
    let mut rest = line.trim();
    while let Some(at) = rest.find(' ') {
        let (word, spaces) = rest.split_at(at);
        let next = spaces.trim_start_matches(' ');
        let count = spaces.len() - next.len();
        out.push_str(word);
        out.push_str(if count > 3 { " " } else { &spaces[..count] });
        rest = next;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_holds_no_line_end_and_no_four_spaces() {
        assert_eq!(tidy(" Via Roma 1\r\n\t20100   Milano     IT a    b \n"), "Via Roma 1   20100   Milano IT a b");
        assert_eq!(tidy("\n\t "), "");
    }

    #[test]
    fn a_person_without_a_number_is_reached_by_their_own_id() {
        let address = |name: &str| Address { channel_kind: ChannelKind::Whatsapp, address: name.to_owned() };
        let telegram = Address::new(ChannelKind::Telegram, "77");
        assert_eq!(recipient(&[telegram.clone(), address("IT.ENT.9"), address("IT.1")]), Ok(("recipient", "IT.1")));
        assert_eq!(recipient(&[address("IT.1"), address("393331234567")]), Ok(("to", "393331234567")));
        assert!(recipient(&[telegram]).is_err());
    }
}
