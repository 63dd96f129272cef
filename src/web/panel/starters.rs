//! The automations that come with the program, as documents of `starter-pack`, and what "try it now" puts up.

use super::super::Web;
use super::super::flow_map::sketch;
use super::super::page::Markup;
use super::super::words::Language;
use crate::base::address::ChannelKind;
use crate::base::id::FlowId;
use crate::engine::blueprint::{Answers, fill};
use crate::executor::control::flows::free_name;
use crate::executor::control::simulator::simulator;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::blueprint::{ANY, BLUEPRINTS};
use crate::model::flow::Flow;
use crate::model::node::{EventKind, NodeKind};
use crate::model::operator::By;
use crate::store::Read;
use serde_json::Map;
use std::sync::LazyLock;

/// Those that "try it now" puts up: they need nothing but a simulator.
const TRIED: [&str; 3] = ["welcome", "price-list", "quote-follow-up"];

/// One automation of the pack, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starter(usize);

/// What an automation of the pack says of itself, in each of our languages where it has words.
struct Said {
    name: [String; Language::ALL.len()],
    purpose: [String; Language::ALL.len()],
    trades: Vec<String>,
    goal: String,
    needs: Vec<String>,
    nodes: usize,
    sketch: String,
}

/// Read once: the pack never changes while the program runs.
static SAID: LazyLock<Vec<Said>> = LazyLock::new(|| Starter::ALL.iter().map(|starter| starter.read()).collect());

impl Starter {
    /// All of them, in the order of the page.
    pub const ALL: [Starter; BLUEPRINTS.len()] = {
        let mut all = [Starter(0); BLUEPRINTS.len()];
        let mut place = 0;
        while place < all.len() {
            all[place] = Starter(place);
            place += 1;
        }
        all
    };

    /// Its word in addresses and forms.
    pub const fn word(self) -> &'static str {
        BLUEPRINTS[self.0].word
    }

    /// The starter of a word.
    pub fn of_word(word: &str) -> Option<Starter> {
        Starter::ALL.into_iter().find(|starter| starter.word() == word)
    }

    /// Its name in the owner's language.
    pub fn name(self, w: &Language) -> &'static str {
        SAID[self.0].name[place_of(*w)].as_str()
    }

    /// What it does, in a paragraph.
    pub fn purpose(self, w: &Language) -> &'static str {
        SAID[self.0].purpose[place_of(*w)].as_str()
    }

    /// The starter whose flow has this name in one of our languages.
    pub fn named(name: &str) -> Option<Starter> {
        Starter::ALL.into_iter().find(|starter| SAID[starter.0].name.iter().any(|own| own == name))
    }

    /// Whether it suits a trade; one for any suits all.
    pub fn suits(self, trade: &str) -> bool {
        SAID[self.0].trades.iter().any(|own| own == trade || own == ANY)
    }

    /// What it is to achieve, by the word of the document.
    pub fn goal(self) -> &'static str {
        SAID[self.0].goal.as_str()
    }

    /// The trades it suits, by the words of the document.
    pub fn trades(self) -> &'static [String] {
        &SAID[self.0].trades
    }

    /// What it needs, by the words of the document.
    pub fn needs(self) -> &'static [String] {
        &SAID[self.0].needs
    }

    /// How many nodes it has.
    pub fn nodes(self) -> usize {
        SAID[self.0].nodes
    }

    /// Its drawing in the small.
    pub fn sketch(self) -> Markup {
        Markup(SAID[self.0].sketch.clone())
    }

    /// Its document as it stands in the pack, named in the owner's language, its blanks open.
    pub fn open_document(self, w: Language) -> Result<Flow, Refusal> {
        BLUEPRINTS[self.0].flow_in(w.code()).map_err(Refusal::Problems)
    }

    fn read(self) -> Said {
        let flow = BLUEPRINTS[self.0].flow().unwrap_or_default();
        let (nodes, sketch) = (flow.nodes.len(), sketch(&flow));
        let about = flow.about.unwrap_or_default();
        let in_language = |text: &Option<crate::model::node::Text>, w: Language| {
            text.as_ref().map_or_else(|| flow.name.clone(), |text| text.in_language(&[w.code()]).to_owned())
        };
        Said {
            name: Language::ALL.map(|w| in_language(&about.title, w)),
            purpose: Language::ALL.map(|w| in_language(&about.purpose, w)),
            trades: about.trade,
            goal: about.goal.unwrap_or_default(),
            needs: about.needs,
            nodes,
            sketch,
        }
    }

    /// Its document, named in the owner's language, its blanks filled with what stands there by default.
    pub fn document(self, w: Language) -> Result<Flow, Refusal> {
        let mut flow = fill(&self.open_document(w)?, &Answers::new(), w.code()).map_err(Refusal::Problems)?;
        // They prove the texts of the pack, and those are there to be changed.
        flow.talks.clear();
        Ok(flow)
    }
}

fn place_of(w: Language) -> usize {
    Language::ALL.iter().position(|other| *other == w).unwrap_or_default()
}

/// Channels that a starter may listen on, by name. Ticked at first are those where customers write; the simulator only where there is
/// nothing else, so that a try in it never speaks for the shop.
pub fn choices(facts: &Facts) -> Vec<(String, bool)> {
    let all = || facts.channels.values().map(|known| &known.channel);
    let real = all().any(|channel| channel.kind != ChannelKind::Simulator);
    all().map(|channel| (channel.name.clone(), !real || channel.kind != ChannelKind::Simulator)).collect()
}

/// Lets what messages start listen on these channels alone; on all of them where none is named.
pub fn listen_on(flow: &mut Flow, channels: &[String]) {
    for node in &mut flow.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) => keyword.channels = channels.to_vec(),
            NodeKind::Event(event) if matches!(event.on, EventKind::FirstMessage | EventKind::AnyMessage | EventKind::OutOfHours) => {
                event.channels = channels.to_vec();
            }
            _ => {}
        }
    }
}

/// What "try it now" put up of a blueprint, as long as nobody changed it.
pub fn example(read: &impl Read, facts: &Facts, starter: Starter) -> Result<Option<FlowId>, Refusal> {
    let Some(simulator) = simulator(facts) else { return Ok(None) };
    let made = facts.names.keys().filter_map(|id| facts.heads.get(id)).filter(|head| head.is_as_made());
    for head in made.filter(|head| Starter::named(&head.name) == Some(starter)) {
        let flow = facts.flow(read, head.id, head.version)?;
        for w in Language::ALL {
            let mut own = starter.document(w)?;
            listen_on(&mut own, std::slice::from_ref(&simulator.channel.name));
            if own == *flow {
                return Ok(Some(head.id));
            }
        }
    }
    Ok(None)
}

/// Whether there is anything that "try it now" put up and nobody changed.
pub fn has_examples(read: &impl Read, facts: &Facts) -> Result<bool, Refusal> {
    for starter in TRIED.into_iter().filter_map(Starter::of_word) {
        if example(read, facts, starter)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Puts up the simulator and the first of the pack, which listen there alone.
pub async fn try_now(web: &Web, by: By, w: Language) -> Result<(), Refusal> {
    let channel = web.executor.create_channel(by, ChannelKind::Simulator, w.simulator_name(), Map::new()).await?;
    for starter in TRIED.into_iter().filter_map(Starter::of_word) {
        let mut flow = starter.document(w)?;
        flow.name = free_name(&web.executor.facts(), &flow.name);
        listen_on(&mut flow, std::slice::from_ref(&channel.name));
        web.executor.create_flow(by, flow, true).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_automation_of_the_pack_is_offered_in_the_readers_language() {
        let (it, en) = (Language::Italian, Language::English);
        for starter in Starter::ALL {
            assert!(starter.name(&it) != starter.name(&en) && starter.purpose(&it) != starter.purpose(&en), "{}", starter.word());
            for w in [it, en] {
                let flow = starter.document(w).unwrap_or_else(|refusal| panic!("{}: {refusal:?}", starter.word()));
                assert_eq!(flow.name, starter.name(&w));
            }
            assert_eq!(Starter::of_word(starter.word()), Some(starter));
        }
        assert!(Starter::of_word("nothing").is_none() && TRIED.iter().all(|word| Starter::of_word(word).is_some()));
    }
}
