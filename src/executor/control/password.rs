//! Passwords: which are taken, and how they are hashed (SEC-2).

use crate::base::secret::Secret;
use crate::executor::chance;
use crate::executor::refusal::Refusal;
use crate::model::reason::Reason;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

/// Characters of a password at least.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Guesses that a password must outlast: those of every list of common ones, and of simple changes to them.
const PASSWORD_GUESSES_MIN: u64 = 100_000_000;
/// Characters of a password that are looked at for what is common.
const PASSWORD_CHARS_LOOKED_AT: usize = 64;
/// Bytes of a password at most: hashing more only costs.
const PASSWORD_BYTES_MAX: usize = 1024;

/// Passwords hashed at once: each takes 19 MiB.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It has less than `PASSWORD_CHARS_MIN` characters, or more than anybody types.
    Short,
    /// It is among the first that are tried: a common one, a name, a run of keys or digits.
    Common,
}

/// What is wrong with a password, if anything is. `about` are words that an attacker would try first: the person's name.
pub fn password_fault(password: &str, about: &[&str]) -> Option<PasswordFault> {
    if password.chars().count() < PASSWORD_CHARS_MIN || password.len() > PASSWORD_BYTES_MAX {
        return Some(PasswordFault::Short);
    }
    // Looking at more than this tells nothing further, and takes long.
    let looked_at: String = password.chars().take(PASSWORD_CHARS_LOOKED_AT).collect();
    let guesses = zxcvbn::zxcvbn(&looked_at, &[about, &["flusso"]].concat()).guesses();
    (guesses < PASSWORD_GUESSES_MIN).then_some(PasswordFault::Common)
}

/// Hashes a password (argon2id at OWASP's floor). At most two at once; the others wait. One that is too short or too common is refused.
pub async fn hash_password(password: Secret<String>, about: &str) -> Result<Secret<String>, Refusal> {
    match password_fault(password.reveal(), &[about]) {
        None => {}
        Some(PasswordFault::Short) => {
            return Err(Refusal::Invalid(Reason::PasswordShort { least: PASSWORD_CHARS_MIN.to_string() }.to_string()));
        }
        Some(PasswordFault::Common) => return Err(Refusal::Invalid(Reason::PasswordCommon.to_string())),
    }
    let salt: [u8; 16] = chance::bytes()?;
    hashing(move || {
        let hash: PasswordHash = hasher()?.hash_password_with_salt(password.reveal().as_bytes(), &salt).map_err(|_| Refusal::Fault)?;
        Ok(Secret::new(hash.to_string()))
    })
    .await
}

/// Whether a password is the one behind a hash. Without a hash the same work is done for nothing, so that names cannot be guessed by
/// the clock (SEC-5).
pub(super) async fn is_password(password: Secret<String>, hash: Option<Secret<String>>) -> Result<bool, Refusal> {
    if password.reveal().len() > PASSWORD_BYTES_MAX {
        return Ok(false);
    }
    hashing(move || {
        let Some(hash) = hash else {
            let spent: Result<PasswordHash, _> = hasher()?.hash_password_with_salt(password.reveal().as_bytes(), &[0; 16]);
            drop(spent);
            return Ok(false);
        };
        Ok(hasher()?.verify_password(password.reveal().as_bytes(), hash.reveal().as_str()).is_ok())
    })
    .await
}

pub(super) async fn hashing<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    let _permit = HASHING.acquire().await.map_err(|_| Refusal::Fault)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::Fault)?
}

fn hasher() -> Result<Argon2<'static>, Refusal> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| Refusal::Fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn at_most_two_are_hashed_at_once_and_the_third_waits() {
        let both = HASHING.acquire_many(2).await.expect("two");
        assert!(HASHING.try_acquire().is_err(), "there is no third");
        let third = tokio::spawn(hashing(|| Ok(3)));
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert!(!third.is_finished());
        drop(both);
        assert_eq!(third.await.expect("a task"), Ok(3));
    }

    #[test]
    fn what_is_tried_first_is_not_taken() {
        for common in [
            "passwordpassword",
            "123456789012",
            "qwertyuiop12",
            "password1234",
            "iloveyouiloveyou",
            "Margherita2026",
            "aaaaaaaaaaaaaaaa",
            "flussoflusso",
        ] {
            assert_eq!(password_fault(common, &["Margherita"]), Some(PasswordFault::Common), "{common}");
        }
        for good in ["corretto cavallo batteria", "zattera cobalto nove lumache", "x7#kQ!v29pLmZ"] {
            assert_eq!(password_fault(good, &["Margherita"]), None, "{good}");
        }
        let long = "è".repeat(PASSWORD_BYTES_MAX);
        for short in ["", "undici car.", &long] {
            assert_eq!(password_fault(short, &[]), Some(PasswordFault::Short));
        }
    }
}
