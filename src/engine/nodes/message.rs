//! Message: what one visit sends, in the contact's language and in what the channel can show.

use crate::base::id::Id;
use crate::engine::calendar;
use crate::engine::keyword::fold;
use crate::engine::text::Place;
use crate::engine::walk::{Outcome, Walk};
use crate::model::action::{ActionId, ActionState};
use crate::model::channel::Abilities;
use crate::model::contact::{ConsentState, Contact};
use crate::model::effect::{Content, ContentList, Effect, TemplateContent};
use crate::model::message::{Choice, MediaRef};
use crate::model::node::{Attachment, Location, MessageNode, Text, WindowClosed};
use crate::model::run::{EndedAs, WaitingFor};

/// How the address of a file kept here begins in a `MediaRef`; its id follows.
pub const FILE_SCHEME: &str = "file:";

/// Sends, or does what the node says for a closed window. Without a word of the node for that case, the message is held until the
/// contact writes: nothing is lost and nothing is sent that the provider would refuse.
pub fn visit(walk: &mut Walk<'_>, message: &MessageNode, action: &ActionId) -> Outcome {
    let words = words(walk, message, action);
    let passed = |state: ActionState, text: String| Outcome::On { exit: "next".to_owned(), state, text };
    if wants_none(&walk.contact) {
        return passed(ActionState::Skipped, words);
    }
    // What answers nobody leaves after the quiet hours, and the window may be closed by then.
    let leaves = if walk.live { walk.now } else { calendar::quiet_end(&walk.world.settings, walk.contact.zone, walk.now) };
    if walk.scope().window_open_at(leaves) {
        let contents = contents(walk, message, words.clone());
        send(walk, message, action, contents);
        return Outcome::on("next", words);
    }
    match &message.window_closed {
        Some(WindowClosed::Template(template)) => {
            let parameters = template.parameters.iter().map(|text| walk.filled(text, Place::Person)).collect();
            let filled = TemplateContent { name: template.name.clone(), language: template.language.clone(), parameters };
            let content = Content { text: words.clone(), template: Some(filled), ..Content::default() };
            walk.effects.push(Effect::Send { action: action.clone(), content, live: walk.live });
            Outcome::on("next", words)
        }
        Some(WindowClosed::Hold) | None => {
            let why = Some("the 24-hour window is closed".to_owned());
            Outcome::Rest(walk.waiting(action, WaitingFor::Window, None, None, why))
        }
        Some(WindowClosed::Skip) => passed(ActionState::Skipped, words),
        Some(WindowClosed::Stop) => {
            Outcome::End { how: EndedAs::Stopped, word: Some("the 24-hour window is closed".to_owned()), text: words }
        }
    }
}

/// Whether nothing at all may be sent to this contact.
fn wants_none(contact: &Contact) -> bool {
    contact.blocked || contact.consent.state == ConsentState::OptedOut
}

fn send(walk: &mut Walk<'_>, message: &MessageNode, action: &ActionId, contents: Vec<Content>) {
    for content in contents {
        walk.effects.push(Effect::Send { action: action.clone(), content, live: walk.live });
    }
    if message.choices().next().is_some() {
        walk.run.offered = Some(action.node.clone());
    }
}

/// The text of this visit: a person's where one rewrote it, or else the wording whose turn it is, from run to run and from visit to
/// visit; of a message without text, its files.
pub fn words(walk: &Walk<'_>, message: &MessageNode, action: &ActionId) -> String {
    if let Some(text) = walk.run.changes.get(action).and_then(|change| change.text.clone()) {
        return text;
    }
    let turns = message.alternatives.len() + 1;
    let sooner = walk.run.id.sequence().saturating_sub(1) + u64::from(action.visit.saturating_sub(1));
    let turn = usize::try_from(sooner % turns as u64).unwrap_or(0);
    let said = walk.said(turn.checked_sub(1).and_then(|other| message.alternatives.get(other)).unwrap_or(&message.text));
    if said.trim().is_empty() { things(walk, message) } else { said }
}

/// What is sent beside a text, in words.
fn things(walk: &Walk<'_>, message: &MessageNode) -> String {
    let files = message.attachments.iter().map(|file| {
        let caption = file.caption.as_ref().map(|caption| walk.said(caption)).unwrap_or_default();
        if caption.is_empty() { format!("[{}]", file.kind.word()) } else { format!("[{}] {caption}", file.kind.word()) }
    });
    let place = message.location.iter().map(|_| "[location]".to_owned());
    let card = message.contact_card.iter().map(|card| format!("[contact] {}", card.name));
    files.chain(place).chain(card).collect::<Vec<_>>().join(" ")
}

/// The things to send, in order: text first and files after, except that buttons or a list come last so that nothing stands between
/// them and the contact's thumb.
fn contents(walk: &Walk<'_>, message: &MessageNode, words: String) -> Vec<Content> {
    let abilities = &walk.world.channel.abilities;
    let has_text = message.choices().next().is_some() || words != things(walk, message);
    let files = message.attachments.iter().map(|file| attachment(walk, file));
    let filled = |words: &String| walk.filled(words, Place::Person);
    let place = message.location.iter().map(|place| {
        let told = Location { name: place.name.as_ref().map(filled), address: place.address.as_ref().map(filled), ..place.clone() };
        Content { location: Some((&told).into()), ..Content::default() }
    });
    let card =
        message.contact_card.iter().map(|card| Content { card: Some((filled(&card.name), filled(&card.phone))), ..Content::default() });
    let mut things: Vec<Content> = files.chain(place).chain(card).collect();
    let texts = if has_text { spoken(walk, message, words, abilities) } else { Vec::new() };
    let mut all = if message.choices().next().is_some() {
        things.extend(texts);
        things
    } else {
        texts.into_iter().chain(things).collect()
    };
    if let Some(first) = all.first_mut() {
        first.typing = message.typing;
    }
    all
}

/// The text, in as many pieces as the channel needs, the last with what can be chosen.
fn spoken(walk: &Walk<'_>, message: &MessageNode, mut words: String, abilities: &Abilities) -> Vec<Content> {
    let numbered = is_numbered(message, abilities);
    if numbered {
        words = format!("{words}\n\n{}", numbers(walk, message));
    }
    let pieces = pieces(&words, abilities.text_chars_max);
    let mut contents: Vec<Content> = pieces.into_iter().map(|text| Content { text, ..Content::default() }).collect();
    if let (Some(last), false) = (contents.last_mut(), numbered) {
        let choice = |id: &str, title: &Text| Choice { id: id.to_owned(), title: walk.said(title) };
        last.buttons = message.buttons.iter().map(|button| choice(&button.id, &button.title)).collect();
        last.list = message.list.as_ref().map(|list| ContentList {
            button: walk.said(&list.button),
            sections: list
                .sections
                .iter()
                .map(|section| {
                    let row = |row: &crate::model::node::Row| {
                        (choice(&row.id, &row.title), row.description.as_ref().map(|words| walk.said(words)))
                    };
                    (section.title.as_ref().map(|title| walk.said(title)), section.rows.iter().map(row).collect())
                })
                .collect(),
        });
    }
    contents
}

/// Whether a channel cannot show these choices, so that they become a numbered list.
pub fn is_numbered(message: &MessageNode, abilities: &Abilities) -> bool {
    let rows: usize = message.list.iter().flat_map(|list| &list.sections).map(|section| section.rows.len()).sum();
    message.buttons.len() > abilities.buttons_max || rows > abilities.list_rows_max
}

fn numbers(walk: &Walk<'_>, message: &MessageNode) -> String {
    let line = |(index, (_, title)): (usize, (&str, &Text))| format!("{}. {}", index + 1, walk.said(title));
    message.choices().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The choice meant by a number or a title that a contact typed.
pub fn meant<'m>(walk: &Walk<'_>, message: &'m MessageNode, typed: &str) -> Option<&'m str> {
    let typed = fold(typed);
    let by_title = || message.choices().find(|(_, title)| fold(&walk.said(title)) == typed);
    let by_number = typed.parse::<usize>().ok().and_then(|number| message.choices().nth(number.checked_sub(1)?));
    if typed.is_empty() { None } else { by_number.or_else(by_title).map(|(id, _)| id) }
}

/// A text cut at line ends, spaces or, where there are none, letters; 0 is no bound.
fn pieces(text: &str, chars_max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((bound, _)) = rest.char_indices().nth(chars_max).filter(|_| chars_max > 0) {
        let head = &rest[..bound];
        let cut = head.rfind('\n').or_else(|| head.rfind(' ')).filter(|cut| *cut > 0).unwrap_or(bound);
        pieces.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// One file with its caption. What a channel without files makes of it is said on its way out.
fn attachment(walk: &Walk<'_>, file: &Attachment) -> Content {
    let caption = file.caption.as_ref().map(|caption| walk.said(caption)).unwrap_or_default();
    let kept = file.file.as_ref().map(|id| format!("{FILE_SCHEME}{id}"));
    let url = kept.or_else(|| file.url.as_ref().map(|url| walk.filled(url, Place::Url)));
    let media = MediaRef { kind: file.kind, provider_id: None, url, mime: None, name: None, caption: None };
    Content { text: caption, media: Some(media), ..Content::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_where_people_would() {
        assert_eq!(pieces("uno due\ntre quattro", 12), ["uno due", "tre quattro"]);
        assert_eq!(pieces("uno due tre", 8), ["uno due", "tre"]);
        assert_eq!(pieces("èèèèè", 2), ["èè", "èè", "è"]);
        assert_eq!(pieces("uno", 0), ["uno"]);
    }
}
