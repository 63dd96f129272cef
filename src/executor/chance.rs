//! Where chance comes from: the system's own. It is drawn before a job and handed in, so that the job itself has none.

use super::refusal::Refusal;

/// Bytes that nobody can guess.
pub fn bytes<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no chance");
        Refusal::Fault
    })?;
    Ok(bytes)
}

/// A token of 128 bits, as 32 hexadecimal digits.
pub fn token() -> Result<String, Refusal> {
    bytes::<16>().map(hex::encode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tokens_differ() {
        let (one, other) = (token().expect("a token"), token().expect("a token"));
        assert!(one.len() == 32 && one != other, "{one} {other}");
    }
}
