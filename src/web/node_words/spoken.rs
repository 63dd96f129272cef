//! Texts as people say them: what a variable is stands in its place.

use super::Speaker;
use crate::engine::text::{self, Piece};

impl Speaker<'_> {
    /// A text as people say it: in place of each variable, what it is.
    pub(super) fn spoken(&self, text: &str) -> String {
        let Ok(pieces) = text::read(text) else { return text.to_owned() };
        let said = |piece: Piece<'_>| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Name { name, .. } => format!("[{}]", self.value_name(name)),
        };
        pieces.into_iter().map(said).collect()
    }

    /// What a text is that is one variable and nothing else.
    pub(super) fn variable(&self, text: &str) -> Option<String> {
        match text::read(text).ok()?.as_slice() {
            [Piece::Name { name: "now", .. }] => Some(self.language.right_now().to_owned()),
            [Piece::Name { name, .. }] => Some(self.value_name(name)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::Language;
    use super::*;
    use crate::engine::blueprint::{Answers, fill};
    use crate::model::document;

    #[test]
    fn what_the_pack_compares_and_keeps_is_said_in_words() {
        let said = |text: &str, id: &str, w: Language| {
            let flow = document::read_text(text).expect("a flow");
            Speaker::new(w).line(flow.nodes.iter().find(|node| node.id.0 == id).expect("a node"))
        };
        let (it, en) = (Language::Italian, Language::English);
        let newsletter = include_str!("../../../starter-pack/newsletter.json");
        assert_eq!(said(newsletter, "already", it), "consenso è “dato”");
        assert_eq!(said(newsletter, "reads", it), "lingua in cui legge è “inglese”");
        assert_eq!(said(newsletter, "no_answer", it), "Obiettivo: nessuna risposta");
        assert_eq!(said(newsletter, "no_answer", en), "Goal: no answer");
        assert!(said(newsletter, "subscribe", it).contains(" = adesso · "), "{}", said(newsletter, "subscribe", it));
        let event = include_str!("../../../starter-pack/event-invitation.json");
        assert_eq!(said(event, "still_ahead", it), "data dell'evento è dopo adesso");
        for blueprint in crate::model::blueprint::BLUEPRINTS {
            for node in &fill(&blueprint.flow().expect("a flow"), &Answers::new(), "it").expect("filled").nodes {
                let line = Speaker::new(it).line(node);
                let is_open = line.contains("{{") || line.contains("contact.") || line.contains("run.") || line.contains("opted_");
                assert!(!is_open, "{}, {}: {line}", blueprint.word, node.id);
            }
        }
    }
}
