//! Ids: a shard and a sequence number within it, minted in the commit that stores the thing they name.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The part of the data that one writer owns. An embedded store has one; the tests also run with four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard(pub u16);

/// The bytes of an id as a key: shard and sequence, big-endian, so that keys ascend with time.
pub const ID_BYTES: usize = 10;

/// A text that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an id")]
pub struct NotAnId;

/// What every id can do.
pub trait Id: Copy + Ord + fmt::Display + FromStr<Err = NotAnId> {
    /// The word under which the sequence of this id is counted in the store.
    const NOUN: &'static str;
    /// An id of a shard.
    fn new(shard: Shard, sequence: u64) -> Self;
    /// The shard it lives in.
    fn shard(self) -> Shard;
    /// Its number within the shard; ascends with time.
    fn sequence(self) -> u64;
    /// The id as a key.
    fn to_key(self) -> [u8; ID_BYTES] {
        let mut key = [0; ID_BYTES];
        key[..2].copy_from_slice(&self.shard().0.to_be_bytes());
        key[2..].copy_from_slice(&self.sequence().to_be_bytes());
        key
    }
    /// The id at the start of a key, if the key is long enough.
    fn from_key(key: &[u8]) -> Option<Self> {
        let shard = key.get(..2)?.try_into().ok()?;
        let sequence = key.get(2..ID_BYTES)?.try_into().ok()?;
        Some(Self::new(Shard(u16::from_be_bytes(shard)), u64::from_be_bytes(sequence)))
    }
}

fn write(f: &mut fmt::Formatter<'_>, shard: Shard, sequence: u64) -> fmt::Result {
    match shard.0 {
        0 => write!(f, "{sequence}"),
        shard => write!(f, "{shard}.{sequence}"),
    }
}

fn read(text: &str) -> Result<(Shard, u64), NotAnId> {
    let (shard, sequence) = text.split_once('.').unwrap_or(("0", text));
    let shard = Shard(shard.parse().map_err(|_| NotAnId)?);
    Ok((shard, sequence.parse().map_err(|_| NotAnId)?))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name { shard: Shard, sequence: u64 }

        impl Id for $name {
            const NOUN: &'static str = $noun;
            fn new(shard: Shard, sequence: u64) -> Self { Self { shard, sequence } }
            fn shard(self) -> Shard { self.shard }
            fn sequence(self) -> u64 { self.sequence }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write(f, self.shard, self.sequence) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read(text).map(|(shard, sequence)| Self { shard, sequence })
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { (self.shard, self.sequence).serialize(to) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    String::deserialize(from)?.parse().map_err(de::Error::custom)
                } else {
                    let (shard, sequence) = Deserialize::deserialize(from)?;
                    Ok(Self { shard, sequence })
                }
            }
        }
    )*};
}

ids! {
    /// A contact.
    ContactId = "contact";
    /// A channel.
    ChannelId = "channel";
    /// A flow, through all its versions.
    FlowId = "flow";
    /// A run: one contact going through one flow version.
    RunId = "run";
    /// A message, in or out.
    MessageId = "message";
    /// A row of the outbox.
    OutboxId = "outbox";
    /// A request that could not be read.
    QuarantineId = "quarantine";
    /// A person who uses the panel.
    OperatorId = "operator";
    /// A key of the HTTP API.
    ApiKeyId = "api_key";
    /// A stored file.
    FileId = "file";
    /// A quick reply.
    QuickReplyId = "quick_reply";
    /// A line of the audit log.
    AuditId = "audit";
    /// One flow started for many contacts.
    BroadcastId = "broadcast";
    /// A change of many runs at once.
    JobId = "job";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_its_key() {
        for id in [RunId::new(Shard(0), 7), RunId::new(Shard(3), u64::MAX)] {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(RunId::from_key(&id.to_key()), Some(id));
        }
        assert_eq!("3.".parse::<RunId>(), Err(NotAnId));
    }

    #[test]
    fn keys_ascend_with_the_sequence() {
        assert!(RunId::new(Shard(0), 255).to_key() < RunId::new(Shard(0), 256).to_key());
    }
}
