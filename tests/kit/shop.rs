//! A shop on WhatsApp: the built binary with one channel, whose provider is a fake one on loopback.

use super::appliance::Appliance;
use super::client::{self, Answer};
use super::fake_provider::{FakeProvider, signature, webhook};
use serde_json::{Value, json};

const APP_SECRET: &str = "app-secret-of-the-shop";
const PHONE: &str = "105599999999";

/// The shop.
pub struct Shop {
    pub flusso: Appliance,
    pub provider: FakeProvider,
    pub channel: String,
    hook: String,
}

impl Shop {
    /// A shop with these flows, enabled.
    pub fn open(flows: &[Value]) -> Shop {
        let (flusso, provider) = (Appliance::start(), FakeProvider::start());
        let settings = json!({"phone_number_id": PHONE, "access_token": "EAAG-token-of-the-shop", "app_secret": APP_SECRET,
            "verify_token": "verify-me", "base_url": provider.base_url(), "allow_private_addresses": true});
        let made = flusso.call("POST", "/channels", &json!({"kind": "whatsapp", "name": "Shop", "settings": settings})).expect(201);
        let (_, token) = made["hook_url"].as_str().unwrap().split_once("/hooks/").unwrap();
        let (channel, hook) = (made["id"].as_str().unwrap().to_owned(), format!("/hooks/{token}"));
        for flow in flows {
            flusso.call("POST", "/flows?enable=true", flow).expect(201);
        }
        Shop { flusso, provider, channel, hook }
    }

    /// A webhook with these messages and statuses, signed.
    pub fn hook(&self, messages: &[Value], statuses: &[Value]) -> std::io::Result<Answer> {
        self.post(&webhook(PHONE, messages, statuses))
    }

    /// A signed webhook with this body.
    pub fn post(&self, body: &[u8]) -> std::io::Result<Answer> {
        self.post_signed(body, &signature(APP_SECRET, body))
    }

    /// A webhook with this body and this signature.
    pub fn post_signed(&self, body: &[u8], signature: &str) -> std::io::Result<Answer> {
        let headers = [("X-Hub-Signature-256", signature), ("Content-Type", "application/json")];
        client::send(self.flusso.address, "POST", &self.hook, &headers, body)
    }

    /// The path of its webhook.
    pub fn hook_path(&self) -> &str {
        &self.hook
    }
}
