//! Nodes that speak to staff: somebody to tell, and something to say.

use super::{message, value, wait};
use crate::model::node::{HandoverNode, Notify};
use crate::model::problem::Fault;

pub(super) fn handover(handover: &HandoverNode) -> Vec<Fault> {
    let told = handover.notify.as_ref().filter(|to| to.trim().is_empty()).map(|_| Fault::NobodyToTell);
    let kept = handover.save.as_ref().filter(|name| !value::is_writable(name)).cloned().map(Fault::NotWritable);
    handover.r#for.and_then(wait::length).into_iter().chain(told).chain(kept).collect()
}

pub(super) fn notify(notify: &Notify) -> Vec<Fault> {
    let mut faults = Vec::new();
    if message::is_blank(&notify.text) {
        faults.push(Fault::EmptyMessage);
    }
    if notify.to.trim().is_empty() {
        faults.push(Fault::NobodyToTell);
    }
    faults
}
