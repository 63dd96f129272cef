//! What providers say and how we answer: samples of every kind of webhook, canned answers, and noise.

mod answers;
mod noise;
mod samples;
mod sends;

use flusso::base::address::ChannelKind;
use flusso::base::id::{ChannelId, Id, Shard};
use flusso::base::secret::Secret;
use flusso::base::time::Time;
use flusso::model::channel::{Channel, ChannelSecrets, UnknownPolicy};
use flusso::provider::http::Hook;
use std::collections::BTreeMap;

const APP_SECRET: &str = "app-secret-1";

fn channel(kind: ChannelKind) -> Channel {
    let options = match kind {
        ChannelKind::Whatsapp => BTreeMap::from([("phone_number_id".to_owned(), "106540352242922".to_owned())]),
        _ => BTreeMap::new(),
    };
    Channel {
        id: ChannelId::new(Shard(0), 1),
        kind,
        name: "Shop".to_owned(),
        token: "hook-token".to_owned(),
        enabled: true,
        options,
        base_url: None,
        allow_private_addresses: false,
        language: None,
        public_url: None,
        rate: None,
        pair: None,
        unknown: UnknownPolicy::default(),
        stopped: None,
        created: Time(0),
    }
}

fn secrets() -> ChannelSecrets {
    let pairs = [("access_token", "EAAG-token-1"), ("app_secret", APP_SECRET), ("verify_token", "verify-1")];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), Secret::new(value.to_owned()))).collect()
}

/// A webhook as WhatsApp signs it.
fn signed(body: &[u8]) -> Hook {
    let signature = crate::kit::fake_provider::signature(APP_SECRET, body);
    let headers = vec![("content-type".to_owned(), "application/json".to_owned()), ("x-hub-signature-256".to_owned(), signature)];
    Hook { method: "POST".to_owned(), query: String::new(), headers, body: body.to_vec() }
}
