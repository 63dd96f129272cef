//! Messages: something to send, and nothing that a channel would refuse. The numbers are WhatsApp's, the narrowest of those that
//! show buttons (providers.md 1, Sending).

use super::{Context, call};
use crate::engine::keyword::fold;
use crate::model::flow::{Category, Flow};
use crate::model::node::{Attachment, List, MessageNode, NodeKind, Text};
use crate::model::problem::{Fault, Problem};
use std::collections::HashSet;

const BUTTONS_MAX: usize = 3;
const ROWS_MAX: usize = 10;
const BUTTON_TITLE_MAX: usize = 20;
const ROW_TITLE_MAX: usize = 24;
const ROW_DESCRIPTION_MAX: usize = 72;
const TEXT_MAX: usize = 4096;
/// Of a text with buttons, and of a caption.
const SHORT_TEXT_MAX: usize = 1024;

pub(super) fn check(message: &MessageNode, context: &Context<'_>) -> Vec<Fault> {
    let mut faults = content(message);
    faults.extend(message.attachments.iter().flat_map(|attachment| attached(attachment, context)));
    faults.extend(choices(message));
    faults.extend(buttons(message));
    faults.extend(message.list.iter().flat_map(list));
    faults
}

/// Whether there is nothing to read in one of its languages.
pub(super) fn is_blank(text: &Text) -> bool {
    text.all().is_empty() || text.all().iter().any(|wording| wording.trim().is_empty())
}

fn content(message: &MessageNode) -> Vec<Fault> {
    let has_more = !message.attachments.is_empty() || message.location.is_some() || message.contact_card.is_some();
    let has_choices = !message.buttons.is_empty() || message.list.is_some();
    let said_in_part = message.text.all().iter().any(|wording| !wording.trim().is_empty());
    let mut faults = Vec::new();
    if has_choices && is_blank(&message.text) {
        faults.push(Fault::ChoicesWithoutText);
    } else if is_blank(&message.text) && (said_in_part || !has_more) || message.alternatives.iter().any(is_blank) {
        faults.push(Fault::EmptyMessage);
    }
    let most = if message.buttons.is_empty() { TEXT_MAX } else { SHORT_TEXT_MAX };
    let texts = std::iter::once(&message.text).chain(&message.alternatives);
    faults.extend(texts.filter_map(|text| too_long(text, most)));
    faults.extend(message.attachments.iter().filter_map(|each| too_long(each.caption.as_ref()?, SHORT_TEXT_MAX)));
    faults
}

fn longest(text: &Text) -> (usize, &str) {
    text.all().into_iter().map(|wording| (wording.chars().count(), wording)).max().unwrap_or_default()
}

fn too_long(text: &Text, most: usize) -> Option<Fault> {
    let (length, _) = longest(text);
    (length > most).then_some(Fault::TextTooLong { length, most })
}

fn attached(attachment: &Attachment, context: &Context<'_>) -> Option<Fault> {
    match (&attachment.file, &attachment.url) {
        (Some(_), Some(_)) => Some(Fault::AttachmentTwice),
        // A blank of a blueprint is filled before anything runs.
        (Some(file), None) if file.trim_start().starts_with("{{") || (context.has_file)(file) => None,
        (None, Some(url)) if !url.trim().is_empty() => (!call::is_web_address(url)).then(|| Fault::BadUrl(url.clone())),
        _ => Some(Fault::MissingAttachment),
    }
}

/// Ids that name exits, of buttons and rows alike.
fn choices(message: &MessageNode) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (id, title) in message.choices() {
        if id.trim().is_empty() {
            faults.push(Fault::NoExitName);
        } else if id == "next" {
            faults.push(Fault::ReservedExit(id.to_owned()));
        } else if !seen.insert(id) {
            faults.push(Fault::SameChoice(id.to_owned()));
        }
        if is_blank(title) {
            faults.push(Fault::EmptyTitle);
        }
    }
    faults
}

fn title(text: &Text, most: usize) -> Option<Fault> {
    let (length, title) = longest(text);
    (length > most).then(|| Fault::TitleTooLong { title: title.to_owned(), length, most })
}

fn buttons(message: &MessageNode) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !message.buttons.is_empty() && message.list.is_some() {
        faults.push(Fault::ButtonsAndList);
    }
    if message.buttons.len() > BUTTONS_MAX {
        faults.push(Fault::TooManyButtons(message.buttons.len(), BUTTONS_MAX));
    }
    faults.extend(message.buttons.iter().filter_map(|button| title(&button.title, BUTTON_TITLE_MAX)));
    let mut seen = HashSet::new();
    for button in message.buttons.iter().filter(|button| !is_blank(&button.title)) {
        let wordings = button.title.all().join("\n");
        if !seen.insert(wordings) {
            faults.push(Fault::SameTitle(longest(&button.title).1.to_owned()));
        }
    }
    faults
}

fn list(list: &List) -> Vec<Fault> {
    let mut faults = Vec::new();
    let rows = list.sections.iter().map(|section| section.rows.len()).sum();
    if list.sections.is_empty() || list.sections.iter().any(|section| section.rows.is_empty()) {
        faults.push(Fault::EmptyList);
    }
    if rows > ROWS_MAX {
        faults.push(Fault::TooManyRows(rows, ROWS_MAX));
    }
    if list.sections.len() > 1 && list.sections.iter().any(|section| section.title.as_ref().is_none_or(is_blank)) {
        faults.push(Fault::SectionUntitled);
    }
    if is_blank(&list.button) {
        faults.push(Fault::EmptyTitle);
    }
    faults.extend(title(&list.button, BUTTON_TITLE_MAX));
    for section in &list.sections {
        faults.extend(section.title.iter().filter_map(|text| title(text, ROW_TITLE_MAX)));
        for row in &section.rows {
            faults.extend(title(&row.title, ROW_TITLE_MAX));
            faults.extend(row.description.iter().filter_map(|text| title(text, ROW_DESCRIPTION_MAX)));
        }
    }
    faults
}

/// A marketing flow in which no message says, in each of its languages, how to stop. Told at its first message.
pub(super) fn opt_out_hint(flow: &Flow, context: &Context<'_>) -> Option<Problem> {
    if flow.category != Some(Category::Marketing) {
        return None;
    }
    let messages = || {
        flow.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Message(message) => Some((node, message)),
            _ => None,
        })
    };
    let words: Vec<String> = context.stop_words.iter().map(|word| format!(" {} ", fold(word))).collect();
    let hints = |text: &Text| text.all().iter().all(|wording| words.iter().any(|word| spaced(wording).contains(word)));
    let first = messages().next()?.0;
    (!messages().any(|(_, message)| hints(&message.text))).then(|| Problem::at(&first.id, Fault::NoOptOutHint))
}

/// The words of a text, folded, with a space around each.
fn spaced(text: &str) -> String {
    let words: Vec<String> = fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    format!(" {} ", words.join(" "))
}
