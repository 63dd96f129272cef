//! The automations that come with the program, as documents of `starter-pack`, and what "try it now" puts up.

use super::super::Web;
use super::super::words::Language;
use crate::base::address::ChannelKind;
use crate::executor::control::flows::free_name;
use crate::executor::facts::Facts;
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

/// Channels that a starter may listen on, by name. Ticked at first are those where customers write; the simulator only where there is
/// nothing else, so that a try in it never speaks for the shop.
pub fn choices(facts: &Facts) -> Vec<(String, bool)> {
    let all = || facts.channels.values().map(|known| &known.channel);
    let real = all().any(|channel| channel.kind != ChannelKind::Simulator);
    all().map(|channel| (channel.name.clone(), !real || channel.kind != ChannelKind::Simulator)).collect()
}

/// The channels that were ticked. Every one ticked is not the same as none named: a channel added later is not listened to.
pub fn chosen(facts: &Facts, ticked: &[String]) -> Vec<String> {
    choices(facts).into_iter().map(|(name, _)| name).filter(|name| ticked.contains(name)).collect()
}

/// Lets the keywords of a flow listen on these channels alone; on all of them where none is named.
pub fn listen_on(flow: &mut Flow, channels: &[String]) {
    for node in &mut flow.nodes {
        if let NodeKind::Keyword(keyword) = &mut node.kind {
            keyword.channels = channels.to_vec();
        }
    }
}

/// Puts up the simulator and the whole pack, which listens there alone. Gives the place to go to.
pub async fn try_now(web: &Web, by: By, w: Language) -> Result<String, Refusal> {
    let channel = web.executor.create_channel(by, ChannelKind::Simulator, w.simulator_name(), Map::new()).await?;
    for starter in Starter::ALL {
        let mut flow = starter.document(w)?;
        flow.name = free_name(&web.executor.facts(), &flow.name);
        listen_on(&mut flow, std::slice::from_ref(&channel.name));
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
