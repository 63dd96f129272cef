//! Whether a webhook is the provider's: signatures over raw bytes, compared in constant time (SEC-10).

use super::http::Hook;
use crate::base::secret::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Nothing to check against: a hook nobody can prove is refused, never waved through.
    #[error("no secret is set for this channel, so nothing that arrives can be believed")]
    NoSecret,
    /// The header is not there.
    #[error("the request is not signed")]
    Missing,
    /// The header is there more than once: of two, nobody knows which was meant.
    #[error("the request carries more than one signature")]
    Several,
    /// The signature is another.
    #[error("wrong signature: the secret of the channel is not the one the provider signs with, or the body was changed on its way")]
    Wrong,
}

impl SignatureFault {
    /// The status such a request is answered with.
    pub const fn status(self) -> u16 {
        match self {
            SignatureFault::NoSecret => 403,
            SignatureFault::Missing | SignatureFault::Several | SignatureFault::Wrong => 401,
        }
    }
}

/// Checks that `header` holds `prefix` and the lower-case hex of HMAC-SHA256 over the body as it came.
pub fn check_sha256(secret: Option<&Secret<String>>, hook: &Hook, header: &str, prefix: &str) -> Result<(), SignatureFault> {
    let secret = secret.filter(|secret| !secret.reveal().is_empty()).ok_or(SignatureFault::NoSecret)?;
    let mut given = hook.header_values(header);
    let signature = given.next().ok_or(SignatureFault::Missing)?;
    if given.next().is_some() {
        return Err(SignatureFault::Several);
    }
    let expected = format!("{prefix}{}", hex_sha256(secret.reveal(), &hook.body).ok_or(SignatureFault::NoSecret)?);
    same(&expected, signature).then_some(()).ok_or(SignatureFault::Wrong)
}

/// Whether two secrets are the same, in a time that does not tell how much of them is. Their length is no secret.
pub fn same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

fn hex_sha256(secret: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    Some(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "X-Hub-Signature-256";

    fn verdict(secret: Option<&str>, signatures: &[&str], body: &[u8]) -> Result<(), SignatureFault> {
        let headers = signatures.iter().map(|value| (HEADER.to_ascii_lowercase(), (*value).to_owned())).collect();
        let hook = Hook { headers, body: body.to_vec(), ..Hook::default() };
        check_sha256(secret.map(|secret| Secret::new(secret.to_owned())).as_ref(), &hook, HEADER, "sha256=")
    }

    /// The two vectors: escapes spelled out, and the letters themselves (providers.md 1).
    const VECTORS: [(&str, &str); 2] = [
        (r#"{"t":"a\u00e7\u00e3o"}"#, "sha256=e29952ad0fbd87fe4f061555ccab3c3a3ec0a830ab45275c6378e09fa8d792ec"),
        ("{\"t\":\"a\u{e7}\u{e3}o\"}", "sha256=1ac7bcdc7bd24deff16602d8bde3fd1313585807898275633ee83a0d6c4fec27"),
    ];

    #[test]
    fn the_published_vectors_pass() {
        for (body, signature) in VECTORS {
            assert_eq!(verdict(Some("app-secret-1"), &[signature], body.as_bytes()), Ok(()));
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused() {
        let (body, signature) = VECTORS[0];
        for bit in 0..body.len() * 8 {
            let mut other = body.as_bytes().to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verdict(Some("app-secret-1"), &[signature], &other), Err(SignatureFault::Wrong), "bit {bit} of the body");
        }
        for bit in 0..signature.len() * 8 {
            let mut other = signature.as_bytes().to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            let other = String::from_utf8_lossy(&other);
            assert_eq!(verdict(Some("app-secret-1"), &[&other], body.as_bytes()), Err(SignatureFault::Wrong), "bit {bit}");
        }
    }

    #[test]
    fn a_missing_secret_is_never_a_yes() {
        let (body, signature) = VECTORS[0];
        let unkeyed = format!("sha256={}", hex_sha256("", body.as_bytes()).expect("a digest"));
        for secret in [None, Some("")] {
            for signatures in [&[signature][..], &[unkeyed.as_str()], &[]] {
                assert_eq!(verdict(secret, signatures, body.as_bytes()), Err(SignatureFault::NoSecret));
            }
        }
    }

    #[test]
    fn a_signature_must_be_there_once() {
        let (body, signature) = VECTORS[0];
        let body = body.as_bytes();
        assert_eq!(verdict(Some("app-secret-1"), &[], body), Err(SignatureFault::Missing));
        assert_eq!(verdict(Some("app-secret-1"), &[signature, signature], body), Err(SignatureFault::Several));
        assert_eq!(verdict(Some("app-secret-1"), &["sha256=0", signature], body), Err(SignatureFault::Several));
        for bad in ["", "sha256=", &signature[7..], &signature.to_uppercase(), &format!("{signature},{signature}"), &signature[..70]] {
            assert_eq!(verdict(Some("app-secret-1"), &[bad], body), Err(SignatureFault::Wrong), "{bad}");
        }
    }
}
