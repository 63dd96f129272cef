//! What is still to do before a flow that was added can run: what was left out of it, and what its owner ticked.

use super::node::{MatchMode, NodeId, Phrase};
use crate::base::id::FlowId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The check-list of a flow that was added from the pack or from a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// Whose it is.
    pub flow: FlowId,
    /// The blueprint it was made from, by its word; `None` is a document of somebody else.
    pub blueprint: Option<String>,
    /// Phrases that other flows had.
    pub left_out: Vec<LeftOut>,
    /// Messages whose file nobody gave.
    pub files: Vec<NodeId>,
    /// What a person says is done, by the word of the line.
    pub ticked: BTreeSet<String>,
}

/// A phrase that another flow had when this one was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The keyword it stood in; that node is gone where nothing was left of it.
    pub node: NodeId,
    /// The phrase.
    pub phrase: String,
    /// How it is compared.
    pub r#match: MatchMode,
    /// Whose it was.
    pub owner: FlowId,
}

impl LeftOut {
    /// Whether this is that phrase.
    pub fn is(&self, phrase: &Phrase) -> bool {
        self.r#match == phrase.r#match && self.phrase == phrase.text
    }
}
