//! The triggers of all enabled flows, arranged so that the best match comes first. Read by `route` and by the panel's hints.

use super::door::{Door, Waking};
use super::{Typed, identity, pattern, scopes_meet};
use crate::base::id::FlowId;
use crate::base::time::Time;
use crate::model::contact::Passages;
use crate::model::flow::Flow;
use crate::model::node::{EventKind, Keyword, MatchMode, NodeId, NodeKind, Phrase};
use crate::model::route::Rule;
use crate::model::settings::Settings;
use crate::model::world::ChannelFacts;
use regex::Regex;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// A phrase with its owner.
#[derive(Clone, Debug)]
struct Spoken {
    door: usize,
    mode: MatchMode,
    /// As written.
    shown: String,
    /// As compared.
    folded: String,
}

/// A trigger that a message matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// By which rule.
    pub rule: Rule,
    /// Whose trigger.
    pub flow: FlowId,
    /// Which trigger.
    pub trigger: NodeId,
    /// The phrase, as written; `None` for an event.
    pub phrase: Option<String>,
    /// Its cooldown keeps this contact out until then: it takes nothing.
    pub rests_until: Option<Time>,
    /// It does not listen at this hour: it takes nothing.
    pub sleeps: bool,
}

/// A phrase of another flow that some message matches together with one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The other flow.
    pub flow: FlowId,
    /// Its phrase, as written.
    pub phrase: String,
    /// How that is compared.
    pub mode: MatchMode,
    /// A message that both match.
    pub message: String,
    /// Whether the other flow gets that message.
    pub wins: bool,
}

/// The triggers of all enabled flows. Built anew when a flow is saved, enabled, disabled or deleted.
#[derive(Clone, Debug, Default)]
pub struct Triggers {
    doors: Vec<Door>,
    phrases: Vec<Spoken>,
    exact: HashMap<String, Vec<usize>>,
    /// Word, starts and contains, each with its longest phrase first.
    ordered: [Vec<usize>; 3],
    /// Those of the oldest flow first.
    patterns: Vec<(Regex, usize)>,
    wakings: Vec<Waking>,
}

const ORDERED: [MatchMode; 3] = [MatchMode::Word, MatchMode::Starts, MatchMode::Contains];

/// The rule under which a phrase of this mode wins.
const fn rule_of(mode: MatchMode) -> Rule {
    match mode {
        MatchMode::Exact => Rule::KeywordExact,
        MatchMode::Word => Rule::KeywordWord,
        MatchMode::Starts => Rule::KeywordStarts,
        MatchMode::Contains => Rule::KeywordContains,
        MatchMode::Regex => Rule::KeywordRegex,
    }
}

impl Triggers {
    /// The triggers of these flows: all enabled ones with the time each was made and its newest version. A phrase that could not
    /// have been saved (empty, or a pattern that does not compile) matches nothing.
    pub fn new<'f>(flows: impl IntoIterator<Item = (FlowId, Time, &'f Flow)>) -> Triggers {
        let mut flows: Vec<_> = flows.into_iter().collect();
        flows.sort_by_key(|(id, created, _)| (*created, *id));
        let mut triggers = Triggers::default();
        for (id, _, flow) in flows {
            for node in &flow.nodes {
                match &node.kind {
                    NodeKind::Keyword(keyword) => triggers.add_keyword(id, &node.id, keyword),
                    NodeKind::Event(event) => triggers.wakings.push(Waking::of(id, &node.id, event)),
                    _ => {}
                }
            }
        }
        // The sort is stable, so that of two phrases of one length the older flow's stays first.
        for list in &mut triggers.ordered {
            list.sort_by_key(|at| Reverse(triggers.phrases[*at].folded.chars().count()));
        }
        triggers
    }

    fn add_keyword(&mut self, flow: FlowId, trigger: &NodeId, keyword: &Keyword) {
        let door = self.doors.len();
        let Keyword { channels, hours, cooldown, .. } = keyword.clone();
        self.doors.push(Door { flow, trigger: trigger.clone(), channels, hours, cooldown });
        for phrase in &keyword.phrases {
            let folded = identity(phrase);
            if folded.is_empty() {
                continue;
            }
            let at = self.phrases.len();
            match phrase.r#match {
                MatchMode::Exact => self.exact.entry(folded.clone()).or_default().push(at),
                MatchMode::Regex => match pattern(&phrase.text) {
                    Ok(pattern) => self.patterns.push((pattern, at)),
                    Err(_) => continue,
                },
                mode => {
                    if let Some(list) = ORDERED.iter().position(|each| *each == mode) {
                        self.ordered[list].push(at);
                    }
                }
            }
            self.phrases.push(Spoken { door, mode: phrase.r#match, shown: phrase.text.clone(), folded });
        }
    }

    /// The keywords that match a message on a channel, best first: exact, whole word, starts with and contains (each longest
    /// first), pattern (oldest flow first). Each trigger once, by its best phrase. Without a channel, those of all; without settings, of
    /// every hour.
    pub fn matches(
        &self,
        text: &str,
        channel: Option<&ChannelFacts>,
        passages: &Passages,
        settings: Option<&Settings>,
        now: Time,
    ) -> Vec<Match> {
        let mut seen = HashSet::new();
        let listening = |at: &usize| channel.is_none_or(|channel| self.door(*at).listens_on(channel));
        let found = self.find(text).filter(listening).filter(|at| seen.insert(self.phrases[*at].door));
        found
            .map(|at| {
                let (door, phrase) = (self.door(at), &self.phrases[at]);
                Match {
                    rule: rule_of(phrase.mode),
                    flow: door.flow,
                    trigger: door.trigger.clone(),
                    phrase: Some(phrase.shown.clone()),
                    rests_until: door.rests_until(passages.get(&door.flow), now),
                    sleeps: settings.is_some_and(|settings| !door.listens_at(settings, now)),
                }
            })
            .collect()
    }

    /// What would win this text on any channel, and what would lose to it, for a person who asks.
    pub fn who_wins(&self, text: &str) -> Vec<Match> {
        self.matches(text, None, &Passages::new(), None, Time::default())
    }

    /// The phrases that match, best first, whoever owns them.
    fn find(&self, text: &str) -> impl Iterator<Item = usize> {
        let typed = Typed::new(text);
        let mut found: Vec<usize> = self.exact.get(typed.bare()).into_iter().flatten().copied().collect();
        if !typed.plain.is_empty() {
            let ordered = self.ordered.iter().flatten().copied();
            found.extend(ordered.filter(|at| typed.matches(self.phrases[*at].mode, &self.phrases[*at].folded)));
            found.extend(self.patterns.iter().filter(|(pattern, _)| typed.has_pattern(pattern)).map(|(_, at)| *at));
        }
        found.into_iter()
    }

    fn door(&self, phrase: usize) -> &Door {
        &self.doors[self.phrases[phrase].door]
    }

    /// The phrases of other flows that some message matches together with this one, where their channels meet.
    pub fn overlaps(&self, phrase: &Phrase, channels: &[String], own: Option<FlowId>) -> Vec<Overlap> {
        let mine = identity(phrase);
        let compiled = if phrase.r#match == MatchMode::Regex { pattern(&phrase.text).ok() } else { None };
        if mine.is_empty() || (phrase.r#match == MatchMode::Regex && compiled.is_none()) {
            return Vec::new();
        }
        let i_match = |text: &str| match &compiled {
            Some(pattern) => Typed::new(text).has_pattern(pattern),
            None => Typed::new(text).matches(phrase.r#match, &mine),
        };
        let theirs: HashSet<usize> = if compiled.is_some() { HashSet::new() } else { self.find(&phrase.text).collect() };
        let my_rank = (phrase.r#match, Reverse(mine.chars().count()));
        let other = |at: &usize| Some(self.door(*at).flow) != own && scopes_meet(&self.door(*at).channels, channels);
        (0..self.phrases.len())
            .filter(other)
            .filter_map(|at| {
                let spoken = &self.phrases[at];
                let message = if theirs.contains(&at) {
                    &phrase.text
                } else {
                    Some(&spoken.shown).filter(|text| spoken.mode != MatchMode::Regex && i_match(text))?
                };
                let wins = (spoken.mode, Reverse(spoken.folded.chars().count())) < my_rank;
                let door = self.door(at);
                Some(Overlap { flow: door.flow, phrase: spoken.shown.clone(), mode: spoken.mode, message: message.clone(), wins })
            })
            .collect()
    }

    /// The triggers of this kind, those of the oldest flow first.
    pub fn on(&self, kind: EventKind) -> impl Iterator<Item = &Waking> {
        self.wakings.iter().filter(move |waking| waking.event.on == kind)
    }

    /// The triggers that a change of this tag or field of a contact wakes; one that names none is woken by any. A field by its
    /// name, with or without `contact.fields.`.
    pub fn changed(&self, kind: EventKind, what: &str) -> impl Iterator<Item = &Waking> {
        let short = |name: &str| name.strip_prefix("contact.fields.").unwrap_or(name).to_owned();
        let what = short(what);
        self.on(kind).filter(move |waking| {
            let wanted = waking.event.tag.as_deref().or(waking.event.field.as_deref());
            wanted.is_none_or(|wanted| short(wanted) == what)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};
    use crate::base::time::Span;
    use crate::model::contact::Passage;
    use crate::model::node::Node;

    fn id(n: u64) -> FlowId {
        FlowId::new(Shard(0), n)
    }

    fn phrase(text: &str, mode: MatchMode) -> Phrase {
        Phrase { text: text.to_owned(), r#match: mode }
    }

    fn flow(phrases: &[(&str, MatchMode)], channels: &[&str], cooldown: Option<Span>) -> Flow {
        let keyword = Keyword {
            phrases: phrases.iter().map(|(text, mode)| phrase(text, *mode)).collect(),
            channels: channels.iter().map(|name| (*name).to_owned()).collect(),
            hours: None,
            cooldown,
        };
        let node = Node {
            id: NodeId("k1".to_owned()),
            kind: NodeKind::Keyword(keyword),
            exits: Default::default(),
            title: None,
            note: None,
            x: None,
            y: None,
        };
        Flow { nodes: vec![node], ..Flow::default() }
    }

    /// Flows numbered from 1, the first one the oldest.
    fn triggers(flows: &[Flow]) -> Triggers {
        let numbered = flows.iter().zip(1..);
        Triggers::new(numbered.map(|(flow, n)| (id(n), Time(i64::try_from(n).expect("small")), flow)))
    }

    fn winners(triggers: &Triggers, text: &str) -> Vec<(u64, Rule)> {
        triggers.who_wins(text).into_iter().map(|found| (found.flow.sequence(), found.rule)).collect()
    }

    #[test]
    fn exact_beats_word_beats_start_beats_inside_beats_pattern() {
        use MatchMode::{Contains, Exact, Regex, Starts, Word};
        let modes = [Regex, Contains, Starts, Word, Exact];
        let flows: Vec<_> = modes.iter().map(|mode| flow(&[("listino", *mode)], &[], None)).collect();
        let all = [
            (5, Rule::KeywordExact),
            (4, Rule::KeywordWord),
            (3, Rule::KeywordStarts),
            (2, Rule::KeywordContains),
            (1, Rule::KeywordRegex),
        ];
        assert_eq!(winners(&triggers(&flows), "Listino!"), all);
        assert_eq!(winners(&triggers(&flows), "listino prezzi"), all[1..]);
        assert_eq!(winners(&triggers(&flows), "listinone"), all[2..]);
        assert_eq!(winners(&triggers(&flows), "prelistino"), all[3..]);
        assert_eq!(winners(&triggers(&flows), "niente"), []);
    }

    #[test]
    fn the_longest_phrase_wins_and_the_oldest_flow_where_none_is_longer() {
        use MatchMode::{Contains, Regex, Starts, Word};
        for mode in [Word, Starts, Contains] {
            let flows =
                [flow(&[("il", mode)], &[], None), flow(&[("il listino", mode)], &[], None), flow(&[("il listino", mode)], &[], None)];
            let order: Vec<_> = winners(&triggers(&flows), "il listino nuovo").into_iter().map(|(n, _)| n).collect();
            assert_eq!(order, [2, 3, 1], "{mode:?}");
        }
        let flows = [flow(&[("l.*o", Regex)], &[], None), flow(&[("listino nuovo", Regex)], &[], None)];
        assert_eq!(winners(&triggers(&flows), "LISTINO NUOVO"), [(1, Rule::KeywordRegex), (2, Rule::KeywordRegex)]);
        let young_first = Triggers::new([(id(1), Time(9), &flows[0]), (id(2), Time(3), &flows[1])]);
        assert_eq!(winners(&young_first, "listino nuovo")[0].0, 2);
    }

    #[test]
    fn a_flow_with_two_phrases_is_named_once() {
        let flows = [flow(&[("listino", MatchMode::Contains), ("listino", MatchMode::Exact)], &[], None)];
        assert_eq!(winners(&triggers(&flows), "listino"), [(1, Rule::KeywordExact)]);
    }

    #[test]
    fn a_pattern_sees_accents_or_not_as_it_likes() {
        let flows = [flow(&[("^perché$", MatchMode::Regex)], &[], None), flow(&[("^perche$", MatchMode::Regex)], &[], None)];
        assert_eq!(winners(&triggers(&flows), "Perché").len(), 2);
    }

    #[test]
    fn nothing_matches_a_message_without_text() {
        let flows = [flow(&[(".*", MatchMode::Regex), ("  ", MatchMode::Exact), ("", MatchMode::Contains)], &[], None)];
        assert_eq!(winners(&triggers(&flows), "  "), []);
        assert_eq!(winners(&triggers(&flows), "x"), [(1, Rule::KeywordRegex)]);
    }

    #[test]
    fn a_phrase_that_cooled_down_too_little_is_told_with_its_time() {
        let flows = [flow(&[("ciao", MatchMode::Exact)], &[], Some(Span::HOUR))];
        let passage = Passage { fired: [(NodeId("k1".to_owned()), Time(1000))].into(), ..Passage::default() };
        let passages = Passages::from([(id(1), passage)]);
        let until = |now: i64| triggers(&flows).matches("ciao", None, &passages, None, Time(now))[0].rests_until;
        assert_eq!(until(2000), Some(Time(3_601_000)));
        assert_eq!(until(3_601_000), None);
    }

    #[test]
    fn an_overlap_names_the_message_and_who_gets_it() {
        use MatchMode::{Contains, Exact, Word};
        let flows =
            [flow(&[("offerta speciale", Exact)], &[], None), flow(&[("off", Contains)], &[], None), flow(&[("altro", Word)], &[], None)];
        let seen = triggers(&flows).overlaps(&phrase("offerta", Word), &[], None);
        let told: Vec<_> = seen.iter().map(|each| (each.flow.sequence(), each.message.as_str(), each.wins)).collect();
        assert_eq!(told, [(1, "offerta speciale", true), (2, "offerta", false)]);
        assert_eq!(triggers(&flows).overlaps(&phrase("offerta", Word), &[], Some(id(1))).len(), 1);
    }

    #[test]
    fn phrases_on_other_channels_do_not_overlap() {
        let flows = [flow(&[("ciao", MatchMode::Word)], &["Negozio"], None)];
        let mine = phrase("ciao", MatchMode::Exact);
        assert_eq!(triggers(&flows).overlaps(&mine, &["Ufficio".to_owned()], None), []);
        assert_eq!(triggers(&flows).overlaps(&mine, &["negozio".to_owned()], None).len(), 1);
    }
}
