//! The owner's secrets for calls: set by name, never shown again.

use crate::base::secret::Secret;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::model::secret_name::is_name;
use crate::store::channels;

impl Executor {
    /// The names of the secrets there are.
    pub fn call_secret_names(&self) -> Vec<String> {
        self.facts().call_secrets.keys().cloned().collect()
    }

    /// Sets a secret; none takes it away. Calls that name it fail then, and say so.
    pub async fn set_call_secret(&self, by: By, name: &str, value: Option<Secret<String>>) -> Result<(), Refusal> {
        let (name, nonce) = (name.trim().to_owned(), chance::bytes()?);
        if !is_name(&name) || value.as_ref().is_some_and(|value| value.reveal().is_empty()) {
            return Err(Refusal::Invalid(Reason::CallSecretName.to_string()));
        }
        self.line
            .change(move |desk| {
                let mut secrets = channels::call_secrets(&desk.work, &desk.facts.key)?;
                let what = if value.is_some() { "secret.set" } else { "secret.removed" };
                match &value {
                    Some(value) => secrets.insert(name.clone(), value.clone()),
                    None => secrets.remove(&name),
                };
                channels::put_call_secrets(&mut desk.work, &desk.facts.key.clone(), nonce, &secrets)?;
                desk.facts_changed = true;
                desk.audit(by, what, &name)
            })
            .await
    }
}
