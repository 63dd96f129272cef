//! What the frame of every page shows of the appliance: numbers, channels, and what holds.

use super::super::Web;
use super::super::page::{Banner, ChannelDot, Counts, Tone};
use super::super::problem::Trouble;
use super::super::visitor::Visitor;
use super::super::words::Language;
use crate::base::id::ChannelId;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::executor::clock::Trouble as ClockTrouble;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::channel::Channel;
use crate::store::{View, outbox, quarantine, runs, unanswered};

/// Rows that are counted at most: beyond it the number says no more.
const COUNTED_MAX: usize = 999;

/// What the frame shows.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Numbers of the rail.
    pub counts: Counts,
    /// Channels of the header.
    pub channels: Vec<ChannelDot>,
    /// What holds, the gravest first.
    pub banners: Vec<Banner>,
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
        let silent = web.executor.silent_channels();
        let dot = |channel: &Channel| {
            let (tone, words) = match (&channel.stopped, channel.enabled) {
                (Some(_), _) => (Tone::Bad, w.dot_stopped()),
                (None, false) => (Tone::Quiet, w.dot_off()),
                (None, true) if silent.iter().any(|(id, _)| *id == channel.id) => (Tone::Warn, w.dot_silent()),
                (None, true) => (Tone::Good, w.dot_on()),
            };
            ChannelDot { name: channel.name.clone(), tone, words: words.to_owned() }
        };
        let (channels, zone) = (facts.channels.values().map(|known| dot(&known.channel)).collect(), facts.settings.time_zone);
        let mut banners = Vec::new();
        if paused {
            banners.push(Banner { tone: Tone::Warn, text: w.everything_is_paused().to_owned(), link: None });
        }
        banners.extend(web.executor.line.shared.clock.trouble().map(|trouble| of_clock(trouble, w)));
        banners.extend(facts.channels.values().filter_map(|known| of_channel(&known.channel, &silent, web.executor.now(), w)));
        banners.extend(of_secrets(&facts.lacking_secrets, w));
        let open = visitor.filter(|visitor| !visitor.secure && !visitor.ip.to_canonical().is_loopback());
        banners.extend(open.map(|_| Banner { tone: Tone::Warn, text: w.plain_banner().to_owned(), link: None }));
        let counts = web.read(move |view| counts(view, &facts)).await?;
        Ok(Surroundings { counts, channels, banners, paused, zone })
    }
}

/// What the clock of the machine means for what is due (RUN-10).
fn of_clock(trouble: ClockTrouble, w: Language) -> Banner {
    let text = match trouble {
        ClockTrouble::Doubted => w.clock_doubted().to_owned(),
        ClockTrouble::Behind(by) => w.clock_behind(&w.length(by)),
    };
    Banner { tone: Tone::Warn, text, link: None }
}

/// A channel that sends nothing: because it was stopped, or because its provider does not answer (OUT-6).
fn of_channel(channel: &Channel, silent: &[(ChannelId, Time)], now: Time, w: Language) -> Option<Banner> {
    let link = Some((format!("/channels/{}", channel.id), w.open_channel().to_owned()));
    if let Some(reason) = &channel.stopped {
        return Some(Banner { tone: Tone::Bad, text: w.channel_stopped_banner(&channel.name, &w.said(reason)), link });
    }
    let (_, since) = silent.iter().find(|(id, _)| *id == channel.id && channel.enabled)?;
    let since = w.length(now.since(*since).max(Span::MINUTE));
    Some(Banner { tone: Tone::Bad, text: w.channel_silent_banner(&channel.name, &since), link })
}

/// Secrets that calls of enabled automations name and nobody has set, as after a restore without the recovery phrase.
fn of_secrets(lacking: &[String], w: Language) -> Option<Banner> {
    let link = Some(("/settings/keys".to_owned(), w.write_secrets().to_owned()));
    (!lacking.is_empty()).then(|| Banner { tone: Tone::Warn, text: w.secrets_lacking_banner(&w.list(lacking)), link })
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
    Ok(Counts { runs: live, unanswered: unanswered::count(view)?, undelivered, unread })
}
