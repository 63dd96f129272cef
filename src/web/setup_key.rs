//! The key to the set-up page: 128 bits, new at each start, good until somebody has used it (SEC-1).

use crate::base::secret::Secret;
use crate::executor::chance;
use crate::executor::refusal::Refusal;
use subtle::ConstantTimeEq;

/// The key.
#[derive(Clone, Debug)]
pub struct SetupKey(Secret<String>);

impl SetupKey {
    /// A new one.
    pub fn fresh() -> Result<SetupKey, Refusal> {
        chance::token().map(|token| SetupKey(Secret::new(token)))
    }

    /// Whether this is it.
    pub fn fits(&self, given: &str) -> bool {
        self.0.reveal().as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The key itself, for the console of the one who started the program.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}
