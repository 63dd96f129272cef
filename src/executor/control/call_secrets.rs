//! The owner's secrets for calls: set by name, never shown again.

use crate::base::secret::Secret;
use crate::engine::uses::secrets_of_flow;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::model::secret_name::is_name;
use crate::store::{View, channels};
use std::collections::BTreeMap;

impl Executor {
    /// The names of the secrets there are.
    pub fn call_secret_names(&self) -> Vec<String> {
        self.facts().call_secrets.keys().cloned().collect()
    }

    /// The secrets that saved flows name and nobody has set, each with the names of those flows. After a restore without the recovery
    /// phrase these are what must be written again.
    pub async fn lacking_call_secrets(&self) -> Result<BTreeMap<String, Vec<String>>, Refusal> {
        let facts = self.facts();
        let (reader, look) = (self.reader.clone(), move |view: &View| lacking(view, &facts));
        tokio::task::spawn_blocking(move || look(&reader.view()?)).await.unwrap_or(Err(Refusal::Fault))
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

fn lacking(view: &View, facts: &Facts) -> Result<BTreeMap<String, Vec<String>>, Refusal> {
    let mut lacking: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for head in facts.heads.values().filter(|head| head.version > 0 && facts.names.contains_key(&head.id)) {
        let flow = facts.flow(view, head.id, head.version)?;
        for name in secrets_of_flow(&flow).into_iter().filter(|name| !facts.call_secrets.contains_key(name)) {
            lacking.entry(name).or_default().push(head.name.clone());
        }
    }
    Ok(lacking)
}
