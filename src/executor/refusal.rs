//! Why a change was not made. The web floor turns it into a page or a problem document.

use crate::model::problem::Problem;
use crate::store::StoreError;

/// Why a change was not made. Every text is a sentence for the person who asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing: the noun.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// It cannot be done as things stand.
    #[error("{0}")]
    Conflict(String),
    /// What was asked cannot be understood or is not allowed.
    #[error("{0}")]
    Invalid(String),
    /// A flow cannot be saved; every problem of it, warnings included.
    #[error("The flow cannot be saved: {} of its points need mending.", .0.len())]
    Problems(Vec<Problem>),
    /// A set is broken; every fault of it.
    #[error("The set is refused: {} of its points need mending. Nothing was changed.", .0.len())]
    Import(Vec<Problem>),
    /// Tests kept with a flow go otherwise now, and nobody has confirmed that.
    #[error("{} of the tests kept with this flow go otherwise now. Nothing was saved. Mend the flow or the tests, or save with red=confirm.", .0.len())]
    RedTalks(Vec<Problem>),
    /// Too much waits for the writer. Nothing was done; it may be asked again.
    #[error("The appliance is busy. Nothing was changed; ask again in a few seconds.")]
    Busy,
    /// The store cannot be written. Nothing is acknowledged until it can.
    #[error("The data file cannot be written now. Nothing was acknowledged; the log says why, and the appliance keeps trying.")]
    Unavailable,
    /// A record that this needs is damaged (ST-6); in words, naming it.
    #[error(
        "A part of the data file is damaged, so this was not done: {0}. Restore the last snapshot, or ask for help with this sentence."
    )]
    Damaged(String),
    /// A fault of ours while making the change; nothing of it was kept.
    #[error("This could not be done because of a fault in the program. Nothing was changed; the log has the details.")]
    Fault,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        match error {
            StoreError::Corrupt { .. } | StoreError::Sealed | StoreError::Unwritable { .. } => Refusal::Damaged(error.to_string()),
            _ => {
                tracing::error!(%error, "the store refused");
                Refusal::Unavailable
            }
        }
    }
}
