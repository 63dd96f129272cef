//! Requests that carry an Idempotency-Key: the second with the same key changes nothing and gets the answer of the first.

use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::store::idempotency;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A key, and whose it is: the same key of another caller, or for another call, is another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatKey {
    /// Who asks, and what for.
    pub scope: String,
    /// The key itself.
    pub key: String,
}

/// Does the work, unless this key was seen: then its answer is given again. Only an answer is kept; a refusal may be asked anew.
pub fn once<T: Serialize + DeserializeOwned>(
    desk: &mut Desk,
    key: Option<&RepeatKey>,
    work: impl FnOnce(&mut Desk) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let Some(RepeatKey { scope, key }) = key else { return work(desk) };
    if let Some(answer) = idempotency::seen(&desk.work, scope, key)? {
        return serde_json::from_str(&answer).map_err(|error| {
            tracing::error!(%error, "an answer that was kept cannot be read");
            Refusal::Fault
        });
    }
    let done = work(desk)?;
    let answer = serde_json::to_string(&done).map_err(|_| Refusal::Fault)?;
    idempotency::remember(&mut desk.work, scope, key, &answer, desk.now)?;
    Ok(done)
}
