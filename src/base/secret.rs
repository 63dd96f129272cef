//! A value that must not be printed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Holds a secret. Neither `Debug` nor `Display` shows it; `reveal` is the one way out, so that a search finds every use.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Keeps `value`.
    pub fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value itself, for the place that must use it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// What a form may show of it: dots and the last four characters, or dots alone where it is short.
    pub fn masked(&self) -> String {
        let count = self.0.chars().count();
        let shown: String = if count < 12 { String::new() } else { self.0.chars().skip(count - 4).collect() };
        format!("••••{shown}")
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(••••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("EAAG-long-access-token".to_owned());
        assert!(!format!("{secret:?}").contains("EAAG"));
        assert_eq!(secret.masked(), "••••oken");
        assert_eq!(Secret::new("short".to_owned()).masked(), "••••");
    }
}
