//! People who use the panel, their sessions, and the keys of the HTTP API. Tokens are kept as digests (SEC-3, SEC-13).

use super::catalogue::{API_KEYS, OPERATORS, SESSIONS};
use super::error::StoreError;
use super::keys;
use super::work::{Read, Work};
use crate::base::id::{ApiKeyId, Id, OperatorId};
use crate::model::operator::{ApiKey, Operator, Session};

/// The digest of a token or secret.
pub type Digest = [u8; 32];

/// The person of this id.
pub fn get(read: &impl Read, id: OperatorId) -> Result<Option<Operator>, StoreError> {
    OPERATORS.get(read, &id.to_key())
}

/// The person of this name.
pub fn by_name(read: &impl Read, name: &str) -> Result<Option<Operator>, StoreError> {
    Ok(all(read)?.into_iter().find(|operator| operator.name == name))
}

/// Everybody, in order of id.
pub fn all(read: &impl Read) -> Result<Vec<Operator>, StoreError> {
    OPERATORS.list(read, None::<OperatorId>, usize::MAX)
}

/// Stores a person.
pub fn put(work: &mut Work, operator: &Operator) -> Result<(), StoreError> {
    OPERATORS.put(work, &operator.id.to_key(), operator)
}

/// Takes a person away. Their sessions are ended apart.
pub fn delete(work: &mut Work, id: OperatorId) {
    OPERATORS.del(work, &id.to_key());
}

/// Sessions of the panel.
pub mod sessions {
    use super::*;

    /// The session of the token with this digest.
    pub fn get(read: &impl Read, token: &Digest) -> Result<Option<Session>, StoreError> {
        SESSIONS.get(read, &keys::key(read.shard(), &[token]))
    }

    /// Stores a session.
    pub fn put(work: &mut Work, token: &Digest, session: &Session) -> Result<(), StoreError> {
        SESSIONS.put(work, &keys::key(work.shard(), &[token]), session)
    }

    /// All sessions, those that ran out included.
    pub fn all(read: &impl Read) -> Result<Vec<Session>, StoreError> {
        Ok(SESSIONS.under(read, &keys::key(read.shard(), &[]))?.into_iter().map(|(_, session)| session).collect())
    }

    /// Ends a session.
    pub fn delete(work: &mut Work, token: &Digest) {
        SESSIONS.del(work, &keys::key(work.shard(), &[token]));
    }

    /// Ends all sessions of a person.
    pub fn delete_all_of(work: &mut Work, operator: OperatorId) -> Result<(), StoreError> {
        drop_if(work, |session| session.operator == operator)
    }

    /// Ends all sessions for which this is true: those that ran out.
    pub fn drop_if(work: &mut Work, over: impl Fn(&Session) -> bool) -> Result<(), StoreError> {
        for (key, session) in SESSIONS.under(work, &keys::key(work.shard(), &[]))? {
            if over(&session) {
                SESSIONS.del(work, &key);
            }
        }
        Ok(())
    }
}

/// Keys of the HTTP API.
pub mod api_keys {
    use super::*;

    /// The key whose secret has this digest.
    pub fn by_digest(read: &impl Read, secret: &Digest) -> Result<Option<ApiKey>, StoreError> {
        API_KEYS.get(read, &keys::key(read.shard(), &[secret]))
    }

    /// All keys, in order of id.
    pub fn all(read: &impl Read) -> Result<Vec<ApiKey>, StoreError> {
        let mut rows: Vec<_> = API_KEYS.under(read, &keys::key(read.shard(), &[]))?.into_iter().map(|(_, row)| row).collect();
        rows.sort_by_key(|row| row.id);
        Ok(rows)
    }

    /// Stores a key.
    pub fn put(work: &mut Work, secret: &Digest, api_key: &ApiKey) -> Result<(), StoreError> {
        API_KEYS.put(work, &keys::key(work.shard(), &[secret]), api_key)
    }

    /// Takes a key back.
    pub fn delete(work: &mut Work, id: ApiKeyId) -> Result<(), StoreError> {
        for (key, row) in API_KEYS.under(work, &keys::key(work.shard(), &[]))? {
            if row.id == id {
                API_KEYS.del(work, &key);
            }
        }
        Ok(())
    }
}
