//! The automations that come with the program, as the panel offers them, and what "try it now" puts up.

use super::super::Web;
use super::super::words::Language;
use crate::base::address::ChannelKind;
use crate::engine::blueprint::{Answers, fill};
use crate::executor::control::flows::free_name;
use crate::executor::refusal::Refusal;
use crate::model::blueprint::{BLUEPRINTS, Blueprint};
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::operator::By;
use serde_json::Map;

/// Those that "try it now" puts up: they need nothing but a simulator.
const TRIED: [&str; 3] = ["welcome", "price-list", "quote-follow-up"];

/// One automation of the pack, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    /// Its word in addresses and forms.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// What it does, in a paragraph.
    pub purpose: String,
}

/// All of them, in the order of the page.
pub fn all(w: Language) -> Result<Vec<Starter>, Refusal> {
    let starter = |blueprint: Blueprint| {
        let flow = blueprint.flow_in(w.code()).map_err(Refusal::Problems)?;
        let purpose = flow.about.as_ref().and_then(|about| about.purpose.as_ref());
        let purpose = purpose.map(|text| text.in_language(&[w.code()]).to_owned()).unwrap_or_default();
        Ok(Starter { word: blueprint.word, name: flow.name, purpose })
    };
    BLUEPRINTS.into_iter().map(starter).collect()
}

/// The automation of a word, named in the owner's language, its blanks filled with what stands there by default.
pub fn document(word: &str, w: Language) -> Option<Result<Flow, Refusal>> {
    let blueprint = Blueprint::of_word(word)?;
    let filled = blueprint.flow_in(w.code()).and_then(|flow| fill(&flow, &Answers::new(), w.code()));
    Some(filled.map_err(Refusal::Problems))
}

/// Puts up the simulator and the first of the pack, which listen there alone. Gives the place to go to.
pub async fn try_now(web: &Web, by: By, w: Language) -> Result<String, Refusal> {
    let channel = web.executor.create_channel(by, ChannelKind::Simulator, w.simulator_name(), Map::new()).await?;
    for word in TRIED {
        let Some(document) = document(word, w) else { continue };
        let mut flow = document?;
        flow.name = free_name(&web.executor.facts(), &flow.name);
        for node in &mut flow.nodes {
            if let NodeKind::Keyword(keyword) = &mut node.kind {
                keyword.channels = vec![channel.name.clone()];
            }
        }
        web.executor.create_flow(by, flow, true).await?;
    }
    Ok("/simulator".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_automation_of_the_pack_is_offered_in_the_readers_language() {
        let (italian, english) = (all(Language::Italian).expect("the pack"), all(Language::English).expect("the pack"));
        assert_eq!(italian.len(), BLUEPRINTS.len());
        for (one, other) in italian.iter().zip(&english) {
            assert!(one.name != other.name && one.purpose != other.purpose, "{}", one.word);
            let named = document(one.word, Language::English).expect("of the pack").expect("a document").name;
            assert_eq!(named, other.name);
        }
        assert!(document("nothing", Language::English).is_none());
        assert!(TRIED.iter().all(|word| Blueprint::of_word(word).is_some()));
    }
}
