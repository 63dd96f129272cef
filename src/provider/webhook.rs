//! What we send to programs of the owner carries a name and a signature, as Standard Webhooks has them (OUT-11): the name stays the same
//! over tries, and the signature covers name, time and body.

use crate::base::secret::Secret;
use crate::base::time::Time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How a secret begins in text.
const PREFIX: &str = "whsec_";

/// A secret of these bytes, as the receiving program wants it.
pub fn secret_of(bytes: &[u8]) -> Secret<String> {
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The headers of one try; none where the secret cannot be read.
pub fn headers(secret: &Secret<String>, id: &str, at: Time, body: &[u8]) -> Vec<(String, Secret<String>)> {
    let seconds = at.0.div_euclid(1000);
    let Some(signature) = signature(secret, id, seconds, body) else { return Vec::new() };
    let header = |name: &str, value: String| (name.to_owned(), Secret::new(value));
    vec![
        header("webhook-id", id.to_owned()),
        header("webhook-timestamp", seconds.to_string()),
        header("webhook-signature", format!("v1,{signature}")),
    ]
}

fn signature(secret: &Secret<String>, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.reveal().strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_standard_webhooks_is_signed_as_they_sign_it() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let headers = headers(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", Time(1_614_265_330_999), br#"{"test": 2432232314}"#);
        let read: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.reveal().as_str())).collect();
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        assert_eq!(read, [("webhook-id", id), ("webhook-timestamp", "1614265330"), ("webhook-signature", signature)]);
    }

    #[test]
    fn a_secret_goes_into_text_and_back() {
        let secret = secret_of(&[7; 32]);
        assert_eq!(super::headers(&secret, "a", Time(0), b"").len(), 3);
        assert!(super::headers(&Secret::new("no secret".to_owned()), "a", Time(0), b"").is_empty());
    }
}
