//! The starter pack: the blueprints and quick replies that come with the program, as documents of `starter-pack`. What fills their
//! blanks is `engine::blueprint`.

use super::document::{self, several};
use super::flow::Flow;
use super::node::{FlowRef, NodeKind, Operator, Rule};
use super::problem::Problem;
use super::quick_reply::QuickReply;
use super::segment::Segment;
use super::value::Value;

/// One flow of the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// Its word in addresses and forms, and the name of its file.
    pub word: &'static str,
    /// Its document, as written.
    pub text: &'static str,
}

macro_rules! pack {
    ($($word:literal),* $(,)?) => {
        [$(Blueprint { word: $word, text: include_str!(concat!("../../starter-pack/", $word, ".json")) }),*]
    };
}

/// All of them, what most begin with first.
pub const BLUEPRINTS: [Blueprint; 18] = pack![
    "welcome",
    "opening-hours",
    "faq-menu",
    "price-list",
    "operator",
    "lead-qualification",
    "quote-follow-up",
    "appointment-reminder",
    "no-show",
    "order-status",
    "abandoned-cart",
    "post-sale",
    "review",
    "payment-reminder",
    "newsletter",
    "birthday",
    "reactivation",
    "event-invitation",
];

/// The trades that blueprints suit, in the order of the filter; one for `ANY` suits all.
pub const TRADES: [&str; 6] = ["shop", "services", "health", "beauty", "food", "events"];
/// The trade of those that suit every trade.
pub const ANY: &str = "any";
/// What blueprints are to achieve, in the order of the filter.
pub const GOALS: [&str; 7] = ["answer", "sell", "remind", "book", "collect", "care", "consent"];

/// Segments that schedules of the pack are for: their names in Italian and English, and after how many days without a message one belongs.
const SILENT: [(&str, &str, f64); 1] = [("Silenziosi da 90 giorni", "Silent for 90 days", 90.0)];

const QUICK_REPLIES: &str = include_str!("../../starter-pack/quick-replies.json");

impl Blueprint {
    /// The blueprint of a word.
    pub fn of_word(word: &str) -> Option<Blueprint> {
        BLUEPRINTS.into_iter().find(|blueprint| blueprint.word == word)
    }

    /// Its document, read.
    pub fn flow(self) -> Result<Flow, Vec<Problem>> {
        document::read_text(self.text)
    }

    /// Its document under its name in a language; what it launches of the pack is named in that language too.
    pub fn flow_in(self, language: &str) -> Result<Flow, Vec<Problem>> {
        let mut flow = self.flow()?;
        flow.name = name_in(&flow, language);
        for node in &mut flow.nodes {
            if let NodeKind::Event(event) = &mut node.kind
                && let Some((it, en, _)) = SILENT.into_iter().find(|(it, _, _)| event.segment.as_deref() == Some(*it))
            {
                event.segment = Some(if language == "it" { it } else { en }.to_owned());
            }
            let NodeKind::Launch(launch) = &mut node.kind else { continue };
            for named in launch.flow.iter_mut().chain(&mut launch.stop) {
                let FlowRef::Name(name) = named else { continue };
                let mut others = BLUEPRINTS.into_iter().filter_map(|other| other.flow().ok());
                if let Some(other) = others.find(|other| other.name == *name) {
                    *named = FlowRef::Name(name_in(&other, language));
                }
            }
        }
        Ok(flow)
    }
}

fn name_in(flow: &Flow, language: &str) -> String {
    let title = flow.about.as_ref().and_then(|about| about.title.as_ref());
    title.map_or_else(|| flow.name.clone(), |title| title.in_language(&[language]).to_owned())
}

/// The segments that the schedules of a flow of the pack are for.
pub fn segments_of(flow: &Flow) -> Vec<Segment> {
    let named = |name: &str| SILENT.into_iter().find(|(it, en, _)| *it == name || *en == name);
    let events = flow.nodes.iter().filter_map(|node| if let NodeKind::Event(event) = &node.kind { event.segment.as_deref() } else { None });
    let silent = |(name, days): (&str, f64)| Segment {
        name: name.to_owned(),
        all: vec![Rule { value: "contact.silent_days".to_owned(), op: Operator::Gte, to: Some(Value::Number(days)) }],
        any: Vec::new(),
    };
    events.filter_map(|name| Some(silent((name, named(name)?.2)))).collect()
}

/// The quick replies of the pack.
pub fn quick_replies() -> Result<Vec<QuickReply>, Vec<Problem>> {
    several::read_text(QUICK_REPLIES).map(|several| several.quick_replies)
}
