//! What the frame of every page shows of the appliance: numbers, channels, and what holds.

use super::super::Web;
use super::super::page::{Banner, ChannelDot, Counts, Tone};
use super::super::problem::Trouble;
use super::super::visitor::Visitor;
use super::super::words::Language;
use crate::base::zone::Zone;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::store::{View, outbox, quarantine, runs};

/// Rows that are counted at most: beyond it the number says no more.
const COUNTED_MAX: usize = 999;

/// What the frame shows.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Numbers of the rail.
    pub counts: Counts,
    /// Channels of the header.
    pub channels: Vec<ChannelDot>,
    /// What holds.
    pub banner: Option<Banner>,
    /// Whether everything is paused.
    pub paused: bool,
    /// Where the business is.
    pub zone: Zone,
}

impl Surroundings {
    /// Reads them.
    pub async fn read(web: &Web, w: Language, visitor: Option<Visitor>) -> Result<Surroundings, Trouble> {
        let facts = web.executor.facts();
        let paused = facts.settings.paused;
        let dot = |channel: &crate::model::channel::Channel| {
            let (tone, words) = match (&channel.stopped, channel.enabled) {
                (Some(_), _) => (Tone::Bad, w.dot_stopped()),
                (None, false) => (Tone::Quiet, w.dot_off()),
                (None, true) => (Tone::Good, w.dot_on()),
            };
            ChannelDot { name: channel.name.clone(), tone, words: words.to_owned() }
        };
        let (channels, zone) = (facts.channels.values().map(|known| dot(&known.channel)).collect(), facts.settings.time_zone);
        let counts = web.read(move |view| counts(view, &facts)).await?;
        Ok(Surroundings { counts, channels, banner: banner(w, paused, visitor), paused, zone })
    }
}

fn banner(w: Language, paused: bool, visitor: Option<Visitor>) -> Option<Banner> {
    if paused {
        return Some(Banner { tone: Tone::Warn, text: w.everything_is_paused().to_owned(), link: None });
    }
    let open = visitor.filter(|visitor| !visitor.secure && !visitor.ip.to_canonical().is_loopback());
    open.map(|_| Banner { tone: Tone::Warn, text: w.plain_banner().to_owned(), link: None })
}

fn counts(view: &View, facts: &Facts) -> Result<Counts, Refusal> {
    let mut live = 0;
    for id in facts.names.keys() {
        live += runs::count_live_of_flow(view, *id)?;
    }
    let mut undelivered = 0;
    for state in ["dead", "unknown"] {
        undelivered += outbox::list(view, Some(state), None, COUNTED_MAX)?.len() as u64;
    }
    let unread = quarantine::list(view, None, COUNTED_MAX)?.len() as u64;
    Ok(Counts { runs: live, undelivered, unread })
}
