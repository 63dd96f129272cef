//! `flusso init`: the first run without a browser. Makes the file, its key, its owner and one key of the HTTP API, and nothing else.

use crate::app::config::InitFlags;
use crate::app::data::{key_for, open};
use crate::app::failure::Failure;
use crate::app::runtime;
use crate::base::secret::Secret;
use crate::executor::control::access::NewOperator;
use crate::executor::control::password::hash_password;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, StartError};
use crate::model::operator::{By, Role, Scope};
use crate::store::OpenError;
use crate::store::file::create_new;
use std::io::Write;
use std::path::Path;

/// Makes a new appliance. What was begun is taken back where it cannot be ended.
pub fn init(flags: &InitFlags) -> Result<(), Failure> {
    let (data, key) = (&flags.data.data, flags.data.key_file());
    for path in [data, &key, &flags.api_key_file] {
        if path.symlink_metadata().is_ok() {
            return Err(Failure::failed(format!("{} exists already; nothing was changed", path.display())));
        }
    }
    let password = password(&flags.password_file)?;
    let made = runtime()?.block_on(make(flags, password));
    if made.is_err() {
        for path in [data, &key, &flags.api_key_file] {
            let _ = std::fs::remove_file(path);
        }
    }
    made
}

/// The password in a file, without the line end that editors put there.
fn password(path: &Path) -> Result<Secret<String>, Failure> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Failure::failed(format!("The password file {} cannot be read: {error}", path.display())))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

async fn make(flags: &InitFlags, password: Secret<String>) -> Result<(), Failure> {
    let password = hash_password(password, &flags.owner).await?;
    let key = key_for(&flags.data)?;
    let store = open(&flags.data)?;
    let (executor, running) = Executor::start(store, key).await.map_err(|error: StartError| Failure::failed(error.to_string()))?;
    let secret = furnish(&executor, flags, password).await;
    running.stop(executor).await;
    write_secret(&flags.api_key_file, &secret?)
}

async fn furnish(executor: &Executor, flags: &InitFlags, password: Secret<String>) -> Result<Secret<String>, Refusal> {
    let owner = NewOperator { name: flags.owner.clone(), role: Role::Owner, password, language: flags.language.clone() };
    executor.set_up(owner, flags.time_zone).await?;
    let (_, secret) = executor.create_api_key(By::Command, "init", Scope::ALL.to_vec(), None).await?;
    Ok(secret)
}

/// Writes the key where only its owner reads it.
fn write_secret(path: &Path, secret: &Secret<String>) -> Result<(), Failure> {
    let refused = |error: OpenError| Failure::failed(format!("The key could not be written: {error}"));
    let mut file = create_new(path).map_err(refused)?;
    let written = writeln!(file, "{}", secret.reveal()).and_then(|()| file.sync_all());
    written.map_err(|error| Failure::failed(format!("The key could not be written to {}: {error}", path.display())))
}
