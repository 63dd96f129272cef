//! What rarely changes, held in memory: settings, channels with their secrets, flows and their triggers.

use super::refusal::Refusal;
use crate::base::address::ChannelKind;
use crate::base::id::{ChannelId, FlowId};
use crate::engine::keyword::Triggers;
use crate::engine::uses::secrets_of_flow;
use crate::model::channel::{Channel, ChannelSecrets};
use crate::model::flow::{Flow, FlowHead, FlowState};
use crate::model::settings::Settings;
use crate::model::world::ChannelFacts;
use crate::provider;
use crate::store::seal::SealKey;
use crate::store::{Read, StoreError, channels, flows, settings};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Flow versions kept in memory at most; beyond it the oldest asked for makes room.
const VERSIONS_MAX: usize = 2000;

/// A channel and the secrets to speak with it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The channel.
    pub channel: Channel,
    /// Its secrets.
    pub secrets: ChannelSecrets,
}

impl Connection {
    /// Messages a second that it sends at most.
    pub fn pace(&self) -> f64 {
        self.channel.rate.unwrap_or(provider::abilities(self.channel.kind).rate).per_second
    }

    /// What a step may know of it.
    pub fn facts(&self) -> ChannelFacts {
        ChannelFacts {
            id: self.channel.id,
            kind: self.channel.kind,
            name: self.channel.name.clone(),
            language: self.channel.language.clone(),
            abilities: provider::abilities(self.channel.kind),
        }
    }
}

/// The facts as of one commit.
#[derive(Debug)]
pub struct Facts {
    /// The key that seals channel secrets.
    pub key: SealKey,
    /// The owner's settings.
    pub settings: Arc<Settings>,
    /// The owner's secrets for calls, by name.
    pub call_secrets: Arc<ChannelSecrets>,
    /// The secrets that calls of enabled flows name and nobody has set.
    pub lacking_secrets: Vec<String>,
    /// The channels.
    pub channels: BTreeMap<ChannelId, Arc<Connection>>,
    /// The flows, those in the bin included.
    pub heads: BTreeMap<FlowId, FlowHead>,
    /// The names of the flows that are not in the bin.
    pub names: Arc<BTreeMap<FlowId, String>>,
    /// What starts the enabled flows.
    pub triggers: Arc<Triggers>,
    /// The address under which providers reach this appliance, without a slash at its end; set once, when it listens.
    pub own_url: Arc<OnceLock<String>>,
    versions: Arc<Mutex<HashMap<(FlowId, u32), Arc<Flow>>>>,
}

impl Facts {
    /// Reads them for the first time.
    pub fn first(read: &impl Read, key: SealKey) -> Result<Facts, StoreError> {
        Facts::with(read, key, Arc::default(), Arc::default())
    }

    /// Reads them again; versions already known are kept, for they never change.
    pub fn read(read: &impl Read, before: &Facts) -> Result<Facts, StoreError> {
        Facts::with(read, before.key.clone(), before.versions.clone(), before.own_url.clone())
    }

    fn with(
        read: &impl Read,
        key: SealKey,
        versions: Arc<Mutex<HashMap<(FlowId, u32), Arc<Flow>>>>,
        own_url: Arc<OnceLock<String>>,
    ) -> Result<Facts, StoreError> {
        let mut connections = BTreeMap::new();
        for channel in channels::all(read)? {
            let secrets = channels::secrets(read, &key, channel.id)?;
            connections.insert(channel.id, Arc::new(Connection { channel, secrets }));
        }
        let heads: BTreeMap<FlowId, FlowHead> = flows::heads(read)?.into_iter().map(|head| (head.id, head)).collect();
        let names = heads.values().filter(|head| !matches!(head.state, FlowState::Binned { .. }));
        let names = names.map(|head| (head.id, head.name.clone())).collect();
        let call_secrets = Arc::new(channels::call_secrets(read, &key)?);
        let mut facts = Facts {
            key,
            call_secrets,
            lacking_secrets: Vec::new(),
            settings: Arc::new(settings::get(read)?),
            channels: connections,
            heads,
            names: Arc::new(names),
            triggers: Arc::default(),
            own_url,
            versions,
        };
        let enabled: Vec<_> = facts.heads.values().filter(|head| head.state == FlowState::Enabled).collect();
        let mut live = Vec::with_capacity(enabled.len());
        for head in enabled {
            if let Some(flow) = facts.known(read, head.id, head.version)? {
                live.push((head.id, head.created, flow));
            }
        }
        let mut lacking: BTreeSet<String> = live.iter().flat_map(|(.., flow)| secrets_of_flow(flow)).collect();
        lacking.retain(|name| !facts.call_secrets.contains_key(name));
        facts.lacking_secrets = lacking.into_iter().collect();
        facts.triggers = Arc::new(Triggers::new(live.iter().map(|(id, created, flow)| (*id, *created, flow.as_ref()))));
        Ok(facts)
    }

    /// A version of a flow.
    pub fn flow(&self, read: &impl Read, id: FlowId, version: u32) -> Result<Arc<Flow>, Refusal> {
        self.known(read, id, version)?.ok_or(Refusal::NotFound("flow"))
    }

    fn known(&self, read: &impl Read, id: FlowId, version: u32) -> Result<Option<Arc<Flow>>, StoreError> {
        if let Some(flow) = self.lock().get(&(id, version)) {
            return Ok(Some(flow.clone()));
        }
        let Some(version_read) = flows::version(read, id, version)? else { return Ok(None) };
        let flow = Arc::new(version_read.document);
        let mut versions = self.lock();
        if versions.len() >= VERSIONS_MAX {
            versions.clear();
        }
        versions.insert((id, version), flow.clone());
        Ok(Some(flow))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(FlowId, u32), Arc<Flow>>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A channel.
    pub fn channel(&self, id: ChannelId) -> Result<&Arc<Connection>, Refusal> {
        self.channels.get(&id).ok_or(Refusal::NotFound("channel"))
    }

    /// The channel whose webhook address ends in `token`.
    pub fn channel_by_token(&self, token: &str) -> Option<&Arc<Connection>> {
        self.channels.values().find(|connection| connection.channel.token == token)
    }

    /// Whether this flow moves its runs.
    pub fn is_enabled(&self, flow: FlowId) -> bool {
        self.heads.get(&flow).is_some_and(|head| head.state == FlowState::Enabled)
    }

    /// The flow of this name, those in the bin left out.
    pub fn flow_named(&self, name: &str) -> Option<FlowId> {
        self.names.iter().find(|(_, known)| *known == name).map(|(id, _)| *id)
    }

    /// The channel of this name.
    pub fn channel_named(&self, name: &str) -> Option<&Arc<Connection>> {
        self.channels.values().find(|known| known.channel.name == name)
    }

    /// The channel by which a phone number is told something: this one where it writes to numbers or is a simulator (what is tried there
    /// stays there), else the first that does.
    pub fn channel_for_numbers(&self, own: Option<ChannelId>) -> Option<&Arc<Connection>> {
        let by_number = |known: &&Arc<Connection>| known.channel.enabled && known.channel.kind.names_by_phone();
        let own = own.and_then(|id| self.channels.get(&id));
        own.filter(|known| known.channel.kind == ChannelKind::Simulator || by_number(known))
            .or_else(|| self.channels.values().find(by_number))
    }
}
