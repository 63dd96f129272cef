//! Channels, their webhook tokens, their sealed secrets and their request logs.

use super::catalogue::{CHANNEL_SECRETS, CHANNEL_TOKENS, CHANNELS, Family, REQUESTS};
use super::codec;
use super::error::StoreError;
use super::keys;
use super::seal::{Nonce, SealKey};
use super::work::{Read, Work};
use crate::base::id::{ChannelId, ID_BYTES, Id, Shard};
use crate::base::limits::REQUEST_LOG_LINES;
use crate::base::secret::Secret;
use crate::model::channel::{Channel, ChannelSecrets, RequestLine};
use serde::{Deserialize, Serialize};

/// The channel of this id.
pub fn get(read: &impl Read, id: ChannelId) -> Result<Option<Channel>, StoreError> {
    CHANNELS.get(read, &id.to_key())
}

/// The channel whose webhook address ends in this token.
pub fn by_token(read: &impl Read, token: &str) -> Result<Option<Channel>, StoreError> {
    match CHANNEL_TOKENS.get(read, &keys::key(read.shard(), &[token.as_bytes()]))? {
        Some(id) => get(read, id),
        None => Ok(None),
    }
}

/// The channel of this name.
pub fn by_name(read: &impl Read, name: &str) -> Result<Option<Channel>, StoreError> {
    Ok(all(read)?.into_iter().find(|channel| channel.name == name))
}

/// All channels in order of id.
pub fn all(read: &impl Read) -> Result<Vec<Channel>, StoreError> {
    CHANNELS.list(read, None::<ChannelId>, usize::MAX)
}

/// Stores a channel; its token of before stops leading to it.
pub fn put(work: &mut Work, channel: &Channel) -> Result<(), StoreError> {
    let token = |token: &str| keys::key(channel.id.shard(), &[token.as_bytes()]);
    if let Some(stored) = get(work, channel.id)?
        && stored.token != channel.token
    {
        CHANNEL_TOKENS.del(work, &token(&stored.token));
    }
    CHANNEL_TOKENS.put(work, &token(&channel.token), &channel.id)?;
    CHANNELS.put(work, &channel.id.to_key(), channel)
}

/// Removes a channel with its secrets and its log.
pub fn delete(work: &mut Work, id: ChannelId) -> Result<(), StoreError> {
    if let Some(stored) = get(work, id)? {
        CHANNEL_TOKENS.del(work, &keys::key(id.shard(), &[stored.token.as_bytes()]));
    }
    CHANNEL_SECRETS.del(work, &id.to_key());
    REQUESTS.del_under(work, &id.to_key())?;
    CHANNELS.del(work, &id.to_key());
    Ok(())
}

/// A sealed text: what was sealed, and the nonce it was sealed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Used once, never again with the same key.
    pub nonce: Nonce,
    /// What it became.
    pub text: Vec<u8>,
}

/// The secrets of a channel; none where none were set. `StoreError::Sealed` where the key does not fit.
pub fn secrets(read: &impl Read, key: &SealKey, id: ChannelId) -> Result<ChannelSecrets, StoreError> {
    let Some(sealed) = CHANNEL_SECRETS.get(read, &id.to_key())? else {
        return Ok(ChannelSecrets::new());
    };
    let plain = key.open(&sealed.nonce, &place(id), &sealed.text).ok_or(StoreError::Sealed)?;
    codec::from_json(plain.reveal()).map_err(|_| StoreError::Sealed)
}

/// Sets the secrets of a channel. The nonce comes from chance and is used for this once.
pub fn put_secrets(work: &mut Work, key: &SealKey, nonce: Nonce, id: ChannelId, secrets: &ChannelSecrets) -> Result<(), StoreError> {
    let unwritable = |why| StoreError::Unwritable { family: Family::ChannelSecrets.name(), why };
    let plain = Secret::new(codec::to_json(secrets).map_err(unwritable)?);
    let text = key.seal(&nonce, &place(id), plain.reveal()).ok_or_else(|| unwritable("it could not be sealed".to_owned()))?;
    CHANNEL_SECRETS.put(work, &id.to_key(), &Sealed { nonce, text })
}

/// The place of the owner's secrets for calls among those of channels: no channel has the number 0.
fn calls() -> ChannelId {
    ChannelId::new(Shard(0), 0)
}

/// The owner's secrets for calls. Where the key does not fit, after a restore without its phrase, they are gone and asked again.
pub fn call_secrets(read: &impl Read, key: &SealKey) -> Result<ChannelSecrets, StoreError> {
    match secrets(read, key, calls()) {
        Err(StoreError::Sealed) => Ok(ChannelSecrets::new()),
        read => read,
    }
}

/// Sets the owner's secrets for calls.
pub fn put_call_secrets(work: &mut Work, key: &SealKey, nonce: Nonce, secrets: &ChannelSecrets) -> Result<(), StoreError> {
    put_secrets(work, key, nonce, calls(), secrets)
}

/// Takes the owner's secrets for calls away; tells whether there were any.
pub fn forget_call_secrets(work: &mut Work) -> Result<bool, StoreError> {
    let had = has_secrets(work, calls())?;
    forget_secrets(work, calls());
    Ok(had)
}

/// Whether something is sealed for a channel.
pub fn has_secrets(read: &impl Read, id: ChannelId) -> Result<bool, StoreError> {
    Ok(CHANNEL_SECRETS.get(read, &id.to_key())?.is_some())
}

/// Takes the secrets of a channel away.
pub fn forget_secrets(work: &mut Work, id: ChannelId) {
    CHANNEL_SECRETS.del(work, &id.to_key());
}

/// What a sealed text is bound to, so that it opens nowhere else: family and key (SEC-12).
fn place(id: ChannelId) -> Vec<u8> {
    [Family::ChannelSecrets.name().as_bytes(), &id.to_key()].concat()
}

/// Adds a line to a channel's request log and drops the oldest beyond `REQUEST_LOG_LINES`.
pub fn log_request(work: &mut Work, channel: ChannelId, line: &RequestLine) -> Result<(), StoreError> {
    let prefix = channel.to_key();
    let last = REQUESTS.scan_down(work, &prefix, &keys::end(&prefix), 1)?;
    let number = last.first().and_then(|(key, _)| key.get(ID_BYTES..)?.try_into().ok()).map_or(1, |last| u64::from_be_bytes(last) + 1);
    REQUESTS.put(work, &keys::under(channel, &[&number.to_be_bytes()]), line)?;
    if let Some(old) = number.checked_sub(REQUEST_LOG_LINES as u64) {
        REQUESTS.del(work, &keys::under(channel, &[&old.to_be_bytes()]));
    }
    Ok(())
}

/// A channel's request log, newest first.
pub fn requests(read: &impl Read, channel: ChannelId) -> Result<Vec<RequestLine>, StoreError> {
    let prefix = channel.to_key();
    let rows = REQUESTS.scan_down(read, &prefix, &keys::end(&prefix), REQUEST_LOG_LINES)?;
    Ok(rows.into_iter().map(|(_, line)| line).collect())
}
