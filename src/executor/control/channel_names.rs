//! A channel is called otherwise: the flows that name it follow, so that none of them goes deaf or tells nobody.

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::flows::{publish, put_head};
use crate::engine::keyword::same_name;
use crate::engine::staff::{self, Told};
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::operator::By;
use crate::store::flows;

/// Writes the new name of a channel into every flow that names it. What is saved gets a next version, for whoever begins from now on; those
/// inside stay where they are, and a draft stays a draft.
pub(super) fn follow_name(desk: &mut Desk, by: By, old: &str, new: &str) -> Result<(), Refusal> {
    let ids: Vec<_> = desk.facts.heads.keys().copied().collect();
    for id in ids {
        let Some(mut head) = flows::head(&desk.work, id)? else { continue };
        let mut draft = flows::draft(&desk.work, id)?;
        let drafted = draft.as_mut().is_some_and(|draft| rename(draft, old, new));
        let mut saved = false;
        if head.version > 0 {
            let mut document = desk.facts.flow(&desk.work, id, head.version)?.as_ref().clone();
            saved = rename(&mut document, old, new);
            if saved {
                head.version += 1;
                publish(desk, by, &head, &document)?;
                desk.audit(by, "flow.published", format!("{} v{}", head.logged(), head.version))?;
            }
        }
        if saved || drafted {
            if let Some(draft) = &draft {
                flows::put_draft(&mut desk.work, id, draft)?;
            }
            head.draft_revision += 1;
            head.changed = desk.now;
            put_head(desk, &head)?;
        }
    }
    Ok(())
}

/// Tells whether the flow named the channel.
fn rename(flow: &mut Flow, old: &str, new: &str) -> bool {
    let mut found = false;
    let mut one = |name: &mut String| {
        if same_name(name, old) {
            found = true;
            new.clone_into(name);
        }
    };
    for node in &mut flow.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) => keyword.channels.iter_mut().for_each(&mut one),
            NodeKind::Event(event) => event.channels.iter_mut().for_each(&mut one),
            _ => {}
        }
    }
    for node in &mut flow.nodes {
        let to = match &mut node.kind {
            NodeKind::Notify(notify) => Some(&mut notify.to),
            NodeKind::Handover(handover) => handover.notify.as_mut(),
            _ => None,
        };
        let Some(to) = to else { continue };
        if let Some(Told::On { channel, address }) = staff::read(to, None)
            && same_name(channel, old)
        {
            *to = format!("{new}: {address}");
            found = true;
        }
    }
    found
}
