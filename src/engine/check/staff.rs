//! Nodes that speak to staff: somebody to tell, whom a notice can reach, and something to say.

use super::{Context, message, value, wait};
use crate::engine::staff::{self, Told};
use crate::model::node::{HandoverNode, Notify};
use crate::model::problem::Fault;

pub(super) fn handover(handover: &HandoverNode, context: &Context<'_>) -> Vec<Fault> {
    let told = handover.notify.as_ref().and_then(|to| told(to, context));
    let kept = handover.save.as_ref().filter(|name| !value::is_writable(name)).cloned().map(Fault::NotWritable);
    handover.r#for.and_then(wait::length).into_iter().chain(told).chain(kept).collect()
}

pub(super) fn notify(notify: &Notify, context: &Context<'_>) -> Vec<Fault> {
    let empty = message::is_blank(&notify.text).then_some(Fault::EmptyMessage);
    empty.into_iter().chain(told(&notify.to, context)).collect()
}

/// Why nobody would hear what is sent there. What a variable holds is known only when it runs.
fn told(to: &str, context: &Context<'_>) -> Option<Fault> {
    let to = to.trim();
    if to.is_empty() {
        return Some(Fault::NobodyToTell);
    }
    if to.contains("{{") {
        return None;
    }
    match staff::read(to, context.home) {
        None => Some(Fault::StaffUnreadable(to.to_owned())),
        Some(Told::On { channel, .. }) if !context.channels.iter().any(|(_, name)| name == channel) => {
            Some(Fault::StaffChannelMissing(channel.to_owned()))
        }
        Some(_) => None,
    }
}
