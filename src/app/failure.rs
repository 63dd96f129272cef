//! How a command ends when it does not succeed: one sentence on standard error and an exit code.

use crate::executor::refusal::Refusal;
use crate::store::{OpenError, StoreError};
use std::fmt;

/// The file cannot be used as it is.
pub const UNUSABLE: u8 = 78;
/// The command line cannot be understood.
pub const USAGE: u8 = 2;
/// It was refused, or failed.
pub const FAILED: u8 = 1;

/// Why a command did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// The sentence.
    pub sentence: String,
}

impl Failure {
    /// It was refused, or failed.
    pub fn failed(sentence: impl Into<String>) -> Failure {
        Failure { code: FAILED, sentence: sentence.into() }
    }

    /// The command line cannot be understood.
    pub fn usage(sentence: impl Into<String>) -> Failure {
        Failure { code: USAGE, sentence: sentence.into() }
    }

    /// The file cannot be used as it is.
    pub fn unusable(sentence: impl Into<String>) -> Failure {
        Failure { code: UNUSABLE, sentence: sentence.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.sentence.replace('\n', " ");
        write!(f, "{}{}", line, if line.ends_with(['.', '!', '?']) { "" } else { "." })
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        match error {
            OpenError::Exists(_) => Failure::failed(error.to_string()),
            _ => Failure::unusable(error.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Open(error) => error.into(),
            other => Failure::failed(other.to_string()),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::failed(refusal.to_string())
    }
}
