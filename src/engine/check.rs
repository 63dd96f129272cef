//! check
use crate::base::id::*;
use crate::model::flow::Flow;
use crate::model::node::MatchMode;
use crate::model::problem::Problem;
use std::collections::BTreeMap;
#[allow(missing_docs)]
pub struct OwnedPhrase {
    pub folded: String,
    pub mode: MatchMode,
    pub channels: Vec<String>,
    pub flow: FlowId,
    pub flow_name: String,
}
impl OwnedPhrase {
    #[allow(missing_docs)]
    pub fn meets(&self, _f: &str, _m: MatchMode, _c: &[String]) -> bool {
        false
    }
}
#[allow(missing_docs)]
pub struct Context<'a> {
    pub phrases: &'a [OwnedPhrase],
    pub flows: &'a BTreeMap<FlowId, String>,
    pub channels: &'a [(ChannelId, String, crate::base::address::ChannelKind)],
    pub has_file: &'a dyn Fn(&str) -> bool,
    pub names_in: &'a dyn Fn(&str) -> Result<Vec<String>, String>,
}
#[allow(missing_docs)]
pub fn check(_f: &Flow, _c: &Context<'_>) -> Vec<Problem> {
    vec![]
}
