//! The automations that come with the program, as documents of `starter-pack`, and what "try it now" puts up.

use super::super::Web;
use super::super::words::Language;
use crate::base::address::ChannelKind;
use crate::executor::control::flows::free_name;
use crate::executor::refusal::Refusal;
use crate::model::document;
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::operator::By;
use serde_json::Map;

/// One automation of the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Starter {
    Welcome,
    PriceList,
    QuoteFollowUp,
}

impl Starter {
    /// All of them, in the order of the page.
    pub const ALL: [Starter; 3] = [Starter::Welcome, Starter::PriceList, Starter::QuoteFollowUp];

    /// Its word in addresses and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Starter::Welcome => "welcome",
            Starter::PriceList => "price-list",
            Starter::QuoteFollowUp => "quote-follow-up",
        }
    }

    /// The starter of a word.
    pub fn of_word(word: &str) -> Option<Starter> {
        Starter::ALL.into_iter().find(|starter| starter.word() == word)
    }

    const fn text(self) -> &'static str {
        match self {
            Starter::Welcome => include_str!("../../../starter-pack/welcome.json"),
            Starter::PriceList => include_str!("../../../starter-pack/price-list.json"),
            Starter::QuoteFollowUp => include_str!("../../../starter-pack/quote-follow-up.json"),
        }
    }

    /// Its name in the owner's language.
    pub const fn name(self, w: &Language) -> &'static str {
        match self {
            Starter::Welcome => w.starter_welcome(),
            Starter::PriceList => w.starter_price_list(),
            Starter::QuoteFollowUp => w.starter_quote(),
        }
    }

    /// What it does, in a sentence.
    pub const fn purpose(self, w: &Language) -> &'static str {
        match self {
            Starter::Welcome => w.starter_welcome_text(),
            Starter::PriceList => w.starter_price_list_text(),
            Starter::QuoteFollowUp => w.starter_quote_text(),
        }
    }

    /// Its document, named in the owner's language.
    pub fn document(self, w: Language) -> Result<Flow, Refusal> {
        let flow = document::read_text(self.text()).map_err(Refusal::Problems)?;
        Ok(Flow { name: self.name(&w).to_owned(), ..flow })
    }
}

/// Puts up the simulator and the whole pack, which listens there alone. Gives the place to go to.
pub async fn try_now(web: &Web, by: By, w: Language) -> Result<String, Refusal> {
    let channel = web.executor.create_channel(by, ChannelKind::Simulator, w.simulator_name(), Map::new()).await?;
    for starter in Starter::ALL {
        let mut flow = starter.document(w)?;
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
    fn every_document_of_the_pack_can_be_read_and_speaks_both_languages() {
        for starter in Starter::ALL {
            let flow = starter.document(Language::English).unwrap_or_else(|refusal| panic!("{}: {refusal:?}", starter.word()));
            assert_eq!(flow.name, starter.name(&Language::English));
            let text = document::write(&flow).to_string();
            assert_eq!(text.matches("\"it\":").count(), text.matches("\"en\":").count(), "{}", starter.word());
            assert_eq!(Starter::of_word(starter.word()), Some(starter));
        }
    }
}
