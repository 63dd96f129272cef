//! What one WhatsApp message says, type by type. Who says it and when is read elsewhere.

use super::super::json::{items, text};
use super::errors;
use crate::model::message::{MediaRef, MessageKind};
use crate::model::node::MediaKind;
use serde_json::Value;

/// What a message says.
#[derive(Debug, PartialEq)]
pub(super) struct Substance {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) button: Option<String>,
    pub(super) media: Vec<MediaRef>,
}

impl Substance {
    fn plain(kind: MessageKind, text: impl Into<String>) -> Substance {
        Substance { kind, text: text.into(), button: None, media: Vec::new() }
    }
}

/// Reads a message by its type. `change_errors` are those of the change around it: an interactive answer that WhatsApp could not
/// pass on has its error there. The error is a sentence.
pub(super) fn read(message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    let kind = text(message, "/type").unwrap_or_default();
    match kind.as_ref() {
        "text" => match message.pointer("/text/body") {
            Some(Value::String(body)) => Ok(Substance::plain(MessageKind::Text, body.as_str())),
            _ => missing("text.body", message, change_errors),
        },
        "image" => media(message, "image", MediaKind::Image, MessageKind::Image, change_errors),
        "video" => media(message, "video", MediaKind::Video, MessageKind::Video, change_errors),
        "audio" | "voice" => media(message, &kind, MediaKind::Audio, MessageKind::Audio, change_errors),
        "document" => media(message, "document", MediaKind::Document, MessageKind::Document, change_errors),
        "sticker" => media(message, "sticker", MediaKind::Sticker, MessageKind::Sticker, change_errors),
        "location" => location(message, change_errors),
        "contacts" => cards(message, change_errors),
        "button" => button(message, change_errors),
        "interactive" => Ok(interactive(message, change_errors)),
        "reaction" => Ok(Substance::plain(MessageKind::Reaction, member(message, "/reaction/emoji"))),
        "order" => order(message, change_errors),
        "system" => Ok(Substance::plain(MessageKind::System, member(message, "/system/body"))),
        "edit" => Ok(edit(message, change_errors)),
        "revoke" => Ok(Substance::plain(MessageKind::Delete, "")),
        kind => Ok(unsupported(message, change_errors, kind)),
    }
}

/// A message of a known type without its own part: WhatsApp's own error about it is worth recording, anything else is a shape we
/// do not know, to be kept until we do.
fn missing(what: &str, message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    match errors::words_of(message, change_errors) {
        Some(words) => Ok(Substance::plain(MessageKind::Unsupported, words)),
        None => Err(format!("the message has no `{what}`")),
    }
}

fn member(json: &Value, pointer: &str) -> String {
    text(json, pointer).unwrap_or_default().into_owned()
}

fn owned(json: &Value, pointer: &str) -> Option<String> {
    text(json, pointer).map(|text| text.into_owned())
}

fn media(message: &Value, part: &str, media: MediaKind, kind: MessageKind, change_errors: &[Value]) -> Result<Substance, String> {
    let file = message.get(part).unwrap_or(&Value::Null);
    let (provider_id, url) = (owned(file, "/id"), owned(file, "/url"));
    if provider_id.is_none() && url.is_none() {
        return missing(&format!("{part}.id"), message, change_errors);
    }
    let caption = owned(file, "/caption");
    let file = MediaRef {
        kind: media,
        provider_id,
        url,
        mime: owned(file, "/mime_type"),
        name: owned(file, "/filename"),
        caption: caption.clone(),
    };
    Ok(Substance { media: vec![file], ..Substance::plain(kind, caption.unwrap_or_default()) })
}

/// A place in words: its name and address, or its coordinates.
fn location(message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    let words: Vec<_> = [text(message, "/location/name"), text(message, "/location/address")].into_iter().flatten().collect();
    if !words.is_empty() {
        return Ok(Substance::plain(MessageKind::Location, words.join(", ")));
    }
    match (text(message, "/location/latitude"), text(message, "/location/longitude")) {
        (Some(latitude), Some(longitude)) => Ok(Substance::plain(MessageKind::Location, format!("{latitude},{longitude}"))),
        _ => missing("location", message, change_errors),
    }
}

/// Cards in words: name and numbers of each.
fn cards(message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    let card = |card: &Value| {
        let name = text(card, "/name/formatted_name").or_else(|| text(card, "/name/first_name"));
        let phones =
            items(card, "/phones").unwrap_or_default().iter().filter_map(|phone| text(phone, "/phone").or_else(|| text(phone, "/wa_id")));
        name.into_iter().chain(phones).collect::<Vec<_>>().join(" ")
    };
    match items(message, "/contacts")? {
        [] => missing("contacts", message, change_errors),
        cards => Ok(Substance::plain(MessageKind::Contacts, cards.iter().map(card).collect::<Vec<_>>().join(", "))),
    }
}

/// The quick reply of a template.
fn button(message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    let (title, payload) = (owned(message, "/button/text"), owned(message, "/button/payload"));
    match title.clone().or_else(|| payload.clone()) {
        Some(text) => Ok(Substance { button: payload.or(title), ..Substance::plain(MessageKind::ButtonReply, text) }),
        None => missing("button", message, change_errors),
    }
}

fn interactive(message: &Value, change_errors: &[Value]) -> Substance {
    let pressed = |kind, part: &str| {
        let id = owned(message, &format!("/interactive/{part}/id"))?;
        let title = owned(message, &format!("/interactive/{part}/title")).unwrap_or_else(|| id.clone());
        Some(Substance { button: Some(id), ..Substance::plain(kind, title) })
    };
    let kind = text(message, "/interactive/type").unwrap_or_default();
    let read = match kind.as_ref() {
        "button_reply" => pressed(MessageKind::ButtonReply, "button_reply"),
        "list_reply" => pressed(MessageKind::ListReply, "list_reply"),
        "nfm_reply" => {
            let answers = owned(message, "/interactive/nfm_reply/response_json").or_else(|| owned(message, "/interactive/nfm_reply/body"));
            answers.map(|answers| Substance::plain(MessageKind::FlowReply, answers))
        }
        _ => None,
    };
    read.unwrap_or_else(|| unsupported(message, change_errors, if kind.is_empty() { "interactive" } else { kind.as_ref() }))
}

/// An order in words: what was written with it, then quantity and number of each product.
fn order(message: &Value, change_errors: &[Value]) -> Result<Substance, String> {
    if !message.get("order").is_some_and(Value::is_object) {
        return missing("order", message, change_errors);
    }
    let product = |item: &Value| {
        let name = member(item, "/product_retailer_id");
        let price = text(item, "/item_price").map(|price| format!(" ({price} {})", member(item, "/currency"))).unwrap_or_default();
        format!("{} × {name}{price}", text(item, "/quantity").unwrap_or("1".into()))
    };
    let products: Vec<String> = items(message, "/order/product_items")?.iter().map(product).collect();
    let lines: Vec<String> = owned(message, "/order/text").into_iter().chain(products).collect();
    Ok(Substance::plain(MessageKind::Order, lines.join("\n")))
}

/// What the message says now. An edit within an edit is taken no deeper.
fn edit(message: &Value, change_errors: &[Value]) -> Substance {
    let inner = message.pointer("/edit/message").unwrap_or(&Value::Null);
    let nested = matches!(text(inner, "/type").as_deref(), Some("edit"));
    match read_inner(inner, change_errors, nested) {
        Some(now) => Substance { kind: MessageKind::Edit, button: None, ..now },
        None => Substance::plain(MessageKind::Edit, ""),
    }
}

fn read_inner(inner: &Value, change_errors: &[Value], nested: bool) -> Option<Substance> {
    if nested || inner.is_null() { None } else { read(inner, change_errors).ok() }
}

/// A message we have no words for, with the provider's own where it gives some.
fn unsupported(message: &Value, change_errors: &[Value], kind: &str) -> Substance {
    let kind = text(message, "/unsupported/type").map(|kind| kind.into_owned()).unwrap_or_else(|| kind.to_owned());
    let kind: String = kind.chars().take(40).collect();
    let words = errors::words_of(message, change_errors);
    Substance::plain(
        MessageKind::Unsupported,
        words.unwrap_or_else(|| format!("A message of type `{kind}`, which this build does not know.")),
    )
}
