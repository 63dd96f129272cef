//! `flusso restore`: puts a snapshot in place, paused, and keeps what was there aside. With the recovery phrase, or where the key beside
//! the data still fits, channel secrets come back too; otherwise each channel asks for them again, and so do calls.

use crate::app::config::{DataFlags, RestoreFlags, beside};
use crate::app::data::{key_fits, locked_by_server};
use crate::app::failure::Failure;
use crate::app::say;
use crate::base::secret::Secret;
use crate::base::time::Time;
use crate::engine::uses::secrets_of_flow;
use crate::executor::clock::Clock;
use crate::executor::control::recovery as phrases;
use crate::model::flow::FlowState;
use crate::store::backup::{self, Restored};
use crate::store::seal::SealKey;
use crate::store::{OpenError, Options, Store, flows, recovery};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How the secrets of the channels come back.
enum Secrets {
    /// By this key, which the phrase opened; it is put beside the data.
    ByPhrase(SealKey),
    /// By the key that is beside the data.
    ByKey,
    /// They do not.
    AskedAgain,
}

/// Restores.
pub fn restore(flags: &RestoreFlags) -> Result<(), Failure> {
    locked_by_server(&flags.data)?;
    let secrets = secrets(flags)?;
    let now = Clock::new(Time::default()).now();
    let options = Options { cache_bytes: flags.data.cache.0, birth: None };
    let keep = !matches!(secrets, Secrets::AskedAgain);
    let restored = backup::restore(&flags.from, &flags.data.data, now, &options, keep)?;
    if let Secrets::ByPhrase(key) = &secrets {
        place_key(&flags.data, key, restored.kept.as_deref())?;
    }
    tell(flags, &secrets, &restored);
    if restored.calls {
        tell_of_calls(&named_by_calls(flags)?);
    }
    Ok(())
}

/// Where the key comes from that opens the secrets of the snapshot. A phrase that does not fit ends everything before it began.
fn secrets(flags: &RestoreFlags) -> Result<Secrets, Failure> {
    let snapshot = DataFlags { data: flags.from.clone(), ..flags.data.clone() };
    let Some(path) = &flags.phrase_file else {
        let key = match SealKey::read(&flags.data.key_file()) {
            Err(OpenError::Missing(_)) => None,
            read => Some(read?),
        };
        return Ok(if key_fits(&snapshot, key.as_ref())? { Secrets::ByKey } else { Secrets::AskedAgain });
    };
    let text = std::fs::read_to_string(path).map(Secret::new);
    let text = text.map_err(|error| Failure::failed(format!("The phrase file {} cannot be read: {error}", path.display())))?;
    let phrase = phrases::read(text.reveal());
    let phrase = phrase.map_err(|error| Failure::failed(format!("{}: {error}. Nothing was changed", path.display())))?;
    let store = Store::look(&flags.from, &Options { cache_bytes: flags.data.cache.0, birth: None })?;
    let from = flags.from.display();
    let Some(wrapped) = recovery::get(&store.reader().view()?)? else {
        let why = "was made before there was a recovery phrase; restore it without --phrase-file, and fill the channel secrets in again";
        return Err(Failure::failed(format!("{from} {why}. Nothing was changed")));
    };
    match wrapped.open(&phrase) {
        Some(key) => Ok(Secrets::ByPhrase(key)),
        None => Err(Failure::failed(format!(
            "This is not the recovery phrase of {from}; a backup opens with the phrase that held when it was made. Nothing was changed"
        ))),
    }
}

/// Puts the key beside the data. Another one that is there goes with the file it belongs to.
fn place_key(data: &DataFlags, key: &SealKey, kept: Option<&Path>) -> Result<(), Failure> {
    let path = data.key_file();
    if SealKey::read(&path).as_ref() == Ok(key) {
        return Ok(());
    }
    let placed = put_aside(&path, kept).and_then(|()| key.create(&path));
    placed.map_err(|error| {
        let place = path.display();
        Failure::failed(format!(
            "The data is restored, but its key could not be put into {place}: {error}. Move {place} away and restore again"
        ))
    })
}

fn put_aside(key: &Path, kept: Option<&Path>) -> Result<(), OpenError> {
    if key.symlink_metadata().is_err() {
        return Ok(());
    }
    let aside: PathBuf = kept.map_or_else(|| beside(key, ".replaced"), |kept| beside(kept, ".key"));
    crate::store::file::settle(key, &aside)
}

fn tell(flags: &RestoreFlags, secrets: &Secrets, restored: &Restored) {
    let (data, from) = (flags.data.data.display(), flags.from.display());
    say(&format!("{data} is restored from {from}. It opens paused: look at it, then resume in the panel."));
    if let Some(kept) = &restored.kept {
        say(&format!("What was there is kept as {}.", kept.display()));
    }
    match secrets {
        Secrets::AskedAgain if restored.silent.is_empty() => {}
        Secrets::AskedAgain => say(&format!("The secrets of these channels are asked again: {}.", restored.silent.join(", "))),
        Secrets::ByPhrase(_) | Secrets::ByKey => say("The secrets of the channels are back too."),
    }
}

/// The secrets that calls of the saved automations name, those in the bin left out. Their values are sealed, and so is which there were.
fn named_by_calls(flags: &RestoreFlags) -> Result<BTreeSet<String>, Failure> {
    let store = Store::look(&flags.from, &Options { cache_bytes: flags.data.cache.0, birth: None })?;
    let view = store.reader().view()?;
    let mut names = BTreeSet::new();
    for head in flows::heads(&view)?.into_iter().filter(|head| !matches!(head.state, FlowState::Binned { .. })) {
        let version = flows::version(&view, head.id, head.version)?;
        names.extend(version.iter().flat_map(|version| secrets_of_flow(&version.document)));
    }
    Ok(names)
}

fn tell_of_calls(names: &BTreeSet<String>) {
    if names.is_empty() {
        return say("The secrets for calls are gone too. No automation names one.");
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    say(&format!(
        "These secrets for calls are asked again, in Settings → API keys: {}. Until then the calls that name them fail.",
        names.join(", ")
    ));
}
