//! The sealing key inside the file, wrapped by a recovery phrase: one file and the phrase restore everything (spec.md 9).

use super::catalogue::Family;
use super::error::StoreError;
use super::seal::{KEY_BYTES, Nonce, SealKey};
use super::work::{Read, Work};
use super::{codec, meta};
use crate::base::secret::Secret;
use crate::base::time::Time;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// Memory (KiB) and passes of the digest of a phrase: OWASP's floor, as for passwords.
const COST: (u32, u32) = (19_456, 2);
/// What a wrapped key is bound to, so that it opens nowhere else.
const PLACE: &[u8] = b"recovery";

/// A sealing key, wrapped by a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// When the phrase was made.
    pub made: Time,
    /// What the phrase is digested with.
    pub salt: [u8; 16],
    /// Memory of the digest, KiB.
    pub memory_kib: u32,
    /// Passes of the digest.
    pub passes: u32,
    /// Used once.
    pub nonce: Nonce,
    /// The key, sealed.
    pub sealed: Vec<u8>,
}

/// The wrapped key; none where no phrase was made.
pub fn get(read: &impl Read) -> Result<Option<Wrapped>, StoreError> {
    let Some(bytes) = meta::get(read)?.wrapped_key else { return Ok(None) };
    let damaged = |why| StoreError::Corrupt { family: Family::Meta.name(), key: String::new(), why };
    codec::from_binary(&bytes).map(Some).map_err(damaged)
}

/// Keeps a wrapped key in place of the one before: the former phrase opens nothing from now on.
pub fn put(work: &mut Work, wrapped: &Wrapped) -> Result<(), StoreError> {
    let unwritable = |why| StoreError::Unwritable { family: Family::Meta.name(), why };
    let mut facts = meta::get(work)?;
    facts.wrapped_key = Some(codec::to_binary(wrapped).map_err(unwritable)?);
    meta::put(work, &facts)
}

/// Takes the wrapped key away.
pub fn delete(work: &mut Work) -> Result<(), StoreError> {
    let facts = meta::Meta { wrapped_key: None, ..meta::get(work)? };
    meta::put(work, &facts)
}

impl Wrapped {
    /// Wraps a key by a phrase (argon2id, XChaCha20-Poly1305). Takes about as long as a login; nothing where the system has no memory
    /// for it. Salt and nonce come from chance.
    pub fn new(key: &SealKey, phrase: &Secret<String>, salt: [u8; 16], nonce: Nonce, made: Time) -> Option<Wrapped> {
        let (memory_kib, passes) = COST;
        let sealed = derived(phrase, &salt, memory_kib, passes)?.seal(&nonce, PLACE, key.reveal())?;
        Some(Wrapped { made, salt, memory_kib, passes, nonce, sealed })
    }

    /// The key; nothing where the phrase is another.
    pub fn open(&self, phrase: &Secret<String>) -> Option<SealKey> {
        let plain = derived(phrase, &self.salt, self.memory_kib, self.passes)?.open(&self.nonce, PLACE, &self.sealed)?;
        let bytes: [u8; KEY_BYTES] = plain.reveal().as_slice().try_into().ok()?;
        Some(SealKey::new(bytes))
    }
}

fn derived(phrase: &Secret<String>, salt: &[u8], memory_kib: u32, passes: u32) -> Option<SealKey> {
    let params = Params::new(memory_kib, passes, 1, Some(KEY_BYTES)).ok()?;
    let mut bytes = [0; KEY_BYTES];
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    hasher.hash_password_into(phrase.reveal().as_bytes(), salt, &mut bytes).ok()?;
    Some(SealKey::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrase_opens_the_key_and_another_does_not() {
        let (key, phrase) = (SealKey::new([7; 32]), Secret::new("abaco abete".to_owned()));
        let wrapped = Wrapped::new(&key, &phrase, [1; 16], [2; 24], Time(3)).expect("wrapped");
        assert_eq!(wrapped.open(&phrase), Some(key));
        assert_eq!(wrapped.open(&Secret::new("abaco abito".to_owned())), None);
        assert!(!wrapped.sealed.windows(7).any(|part| part == [7; 7]), "the key is nowhere in the row");
        let moved = Wrapped { salt: [9; 16], ..wrapped };
        assert_eq!(moved.open(&phrase), None);
    }
}
