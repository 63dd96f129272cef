//! Requests that carry an Idempotency-Key: the second with the same key changes nothing and gets the answer of the first; one that asks
//! for something else under that key is refused, as draft-ietf-httpapi-idempotency-key-header-07, section 2.6, has it.

use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::model::reason::Reason;
use crate::store::idempotency;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Debug;

/// A key, and whose it is: the same key of another caller, or for another call, is another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatKey {
    /// Who asks, and what for.
    pub scope: String,
    /// The key itself.
    pub key: String,
}

/// What is kept of a request: a digest of what it asked, and how it was answered.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    asked: String,
    answer: T,
}

/// Does the work, unless this key was seen: then its answer is given again. Only an answer is kept; a refusal may be asked anew.
pub fn once<T: Serialize + DeserializeOwned>(
    desk: &mut Desk,
    key: Option<&RepeatKey>,
    asked: &impl Debug,
    work: impl FnOnce(&mut Desk) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let Some(RepeatKey { scope, key }) = key else { return work(desk) };
    let asked = hex::encode(Sha256::digest(format!("{asked:?}")));
    if let Some(kept) = idempotency::seen(&desk.work, scope, key)? {
        return match serde_json::from_str::<Kept<T>>(&kept) {
            Ok(kept) if kept.asked == asked => Ok(kept.answer),
            _ => Err(Refusal::Invalid(Reason::KeyOfAnotherRequest.to_string())),
        };
    }
    let answer = work(desk)?;
    let kept = serde_json::to_string(&Kept { asked, answer: &answer }).map_err(|_| Refusal::Fault)?;
    idempotency::remember(&mut desk.work, scope, key, &kept, desk.now)?;
    Ok(answer)
}
