//! Keywords beside each other: whom a phrase would start, who loses and why, and what a phrase that is being typed overlaps with.

use super::page::{Chrome, Tone};
use super::words::Language;
use crate::engine::keyword::{Overlap, Triggers, identity};
use crate::engine::route;
use crate::model::flow::{FlowHead, FlowState};
use crate::model::node::Keyword;
use crate::model::route::{Lost, Route, Rule};
use askama::Template;

/// Overlaps that a form shows at most.
const OVERLAPS_MAX: usize = 8;

/// A phrase of another flow that some message matches too.
#[derive(Clone, Debug)]
pub struct OverlapLine {
    /// How bad it is: the same phrase cannot be saved.
    pub tone: Tone,
    /// What happens, in words.
    pub text: String,
    /// The other flow: address and name.
    pub flow: (String, String),
}

/// What the phrases of a keyword overlap with.
pub fn overlaps(
    keyword: &Keyword,
    triggers: &Triggers,
    own: crate::base::id::FlowId,
    head: impl Fn(crate::base::id::FlowId) -> Option<FlowHead>,
    w: Language,
) -> Vec<OverlapLine> {
    let mut lines = Vec::new();
    for phrase in &keyword.phrases {
        for found in triggers.overlaps(phrase, &keyword.channels, Some(own)) {
            let Some(other) = head(found.flow) else { continue };
            let same = found.mode == phrase.r#match
                && identity(phrase) == identity(&crate::model::node::Phrase { text: found.phrase.clone(), r#match: found.mode });
            let mut text = overlap(&found, same, &phrase.text, w);
            if other.state != FlowState::Enabled {
                text = format!("{text} {}", w.overlap_off());
            }
            let tone = if same { Tone::Bad } else { Tone::Info };
            lines.push(OverlapLine { tone, text, flow: (format!("/flows/{}/edit", found.flow), other.name) });
        }
    }
    lines.sort_by_key(|line| line.tone != Tone::Bad);
    lines.truncate(OVERLAPS_MAX);
    lines
}

fn overlap(found: &Overlap, same: bool, own: &str, w: Language) -> String {
    let theirs = format!("{} “{}”", w.match_mode(found.mode), found.phrase);
    match (same, found.wins) {
        (true, _) => w.overlap_same(own),
        (false, true) => w.overlap_theirs(&found.message, &theirs),
        (false, false) => w.overlap_ours(&found.message, &theirs),
    }
}

/// Who lost a phrase, and why.
#[derive(Clone, Debug)]
pub struct LoserLine {
    /// The flow: address and name.
    pub flow: Option<(String, String)>,
    /// Why it would have matched, and why it did not win.
    pub text: String,
}

/// A phrase and who would get it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The winner: address and name.
    pub winner: Option<(String, String)>,
    /// The rule, as a sentence.
    pub rule: String,
    /// Who loses, best first.
    pub losers: Vec<LoserLine>,
    /// Flows that are off and would have matched: address, name.
    pub off: Vec<(String, String)>,
}

/// The page that tests a phrase. Asks `/flows/match` with `text`, `channel` and perhaps `flow`.
#[derive(Template)]
#[template(path = "flows/match.html")]
pub struct MatchPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The phrase.
    pub text: String,
    /// The channels: id and name.
    pub channels: Vec<(String, String)>,
    /// The one that is asked for.
    pub channel: String,
    /// The flow whose draft counts as live: id and name.
    pub flow: Option<(String, String)>,
    /// Who gets it; `None` where nothing was asked yet.
    pub verdict: Option<Verdict>,
}

impl Language {
    /// Why something that matched did not get the message.
    pub fn why_lost(self, route: &Route, lost: &Lost) -> &'static str {
        if let Some(reason) = lost.word.as_deref().and_then(|word| self.held_back(word)) {
            return reason;
        }
        let above = matches!(route.rule, Rule::Recorded | Rule::StopWord | Rule::StartWord | Rule::OptedOut | Rule::ForOperator);
        match (above, lost.rule.cmp(&route.rule)) {
            (true, _) => self.lost_above(),
            (false, _) if matches!(route.rule, Rule::Withheld | Rule::Nothing) => self.lost_withheld(),
            (false, std::cmp::Ordering::Equal) => self.lost_same_rule(),
            (false, std::cmp::Ordering::Greater) => self.lost_later_rule(),
            (false, std::cmp::Ordering::Less) => self.lost_to_question(),
        }
    }

    /// The words for a reason that routing keeps in English; `None` for a phrase.
    pub fn held_back(self, reason: &str) -> Option<&'static str> {
        Some(match reason {
            route::HELD => self.lost_held(),
            route::FLOW_DISABLED => self.lost_disabled(),
            route::ALL_PAUSED => self.lost_paused(),
            route::COOLING => self.lost_cooling(),
            route::SLEEPING => self.lost_sleeping(),
            route::BLOCKED => self.lost_blocked(),
            route::OPTED_OUT => self.lost_opted_out(),
            route::AUTOMATIONS_OFF => self.lost_automations_off(),
            route::AUTOMATIONS_PAUSED => self.lost_automations_paused(),
            route::HANDOVER => self.lost_handover(),
            _ => return None,
        })
    }

    /// One of those that lost, in a line without the flow's name.
    pub fn loser(self, route: &Route, lost: &Lost) -> String {
        let why = self.why_lost(route, lost);
        match lost.word.as_deref().filter(|word| self.held_back(word).is_none()) {
            _ if lost.flow.is_none() => why.to_owned(),
            Some(phrase) => format!("“{phrase}”. {} {why}", self.rule(lost.rule)),
            None => format!("{} {why}", self.rule(lost.rule)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_that_routing_gives_is_said_in_italian_too() {
        let declared =
            include_str!("../engine/route.rs").lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""));
        let reasons: Vec<&str> = declared.filter_map(|(_, rest)| rest.strip_suffix("\";")).collect();
        assert_eq!(reasons.len(), 10, "{reasons:?}");
        for reason in reasons {
            let said = Language::Italian.held_back(reason).unwrap_or_else(|| panic!("no words for: {reason}"));
            assert_ne!(Some(said), Language::English.held_back(reason), "{reason}");
        }
    }
}
