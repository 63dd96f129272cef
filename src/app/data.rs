//! The data file and its key as every command opens them: who holds the file, and whether the key is the right one.

use super::config::{DataFlags, beside};
use super::failure::Failure;
use super::socket::{self, Question};
use crate::base::time::Time;
use crate::executor::chance;
use crate::executor::clock::Clock;
use crate::store::seal::SealKey;
use crate::store::{Birth, OpenError, Options, Store, StoreError, channels};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Refuses a file that another running Flusso holds, and says which one.
pub fn locked_by_server(data: &DataFlags) -> Result<(), Failure> {
    match socket::ask(&beside(&data.data, ".sock"), &Question::Who) {
        Some(Ok(who)) => Err(Failure::unusable(format!("{} is in use by another running Flusso: {}", data.data.display(), who.join(", ")))),
        _ => Ok(()),
    }
}

/// Opens the data file, or makes it.
pub fn open(data: &DataFlags) -> Result<Store, Failure> {
    let birth = Birth { file: chance::bytes()?, now: Clock::new(Time::default()).now() };
    contained(data, || Store::open(&data.data, &Options { cache_bytes: data.cache.0, birth: Some(birth) }))
}

/// The key of the channel secrets: read, or made where there is nothing yet that another could have sealed. The file is only looked at:
/// where the key is not the right one, not a byte of it changes.
pub fn key_for(data: &DataFlags) -> Result<SealKey, Failure> {
    let path = data.key_file();
    let known = match SealKey::read(&path) {
        Err(OpenError::Missing(_)) => None,
        read => Some(read?),
    };
    let sealed = !key_fits(data, known.as_ref())?;
    match known {
        Some(key) if !sealed => Ok(key),
        None if !sealed => {
            let key = SealKey::new(chance::bytes()?);
            key.create(&path)?;
            Ok(key)
        }
        known => {
            let (key, data) = (path.display(), data.data.display());
            let what = if known.is_some() { "is another one" } else { "is missing" };
            Err(Failure::unusable(format!("{key} {what}, and the channel secrets in {data} cannot be opened; put the right key there")))
        }
    }
}

/// Whether this key, or the lack of one, is enough for all secrets that the file holds.
pub fn key_fits(data: &DataFlags, key: Option<&SealKey>) -> Result<bool, Failure> {
    if data.data.symlink_metadata().is_err() {
        return Ok(true);
    }
    let store = contained(data, || Store::look(&data.data, &Options { cache_bytes: data.cache.0, birth: None }))?;
    let view = store.reader().view()?;
    for channel in channels::all(&view)? {
        if !channels::has_secrets(&view, channel.id)? {
            continue;
        }
        let Some(key) = key else { return Ok(false) };
        match channels::secrets(&view, key, channel.id) {
            Err(StoreError::Sealed) => return Ok(false),
            other => drop(other?),
        }
    }
    Ok(true)
}

/// Whatever is wrong with a file, even what the engine trips over, becomes a sentence (ST-4, ST-6).
fn contained<T>(data: &DataFlags, work: impl FnOnce() -> Result<T, OpenError>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => Ok(done?),
        Err(_) => {
            Err(Failure::unusable(format!("{} is damaged so badly that it cannot be opened; restore a snapshot", data.data.display())))
        }
    }
}
