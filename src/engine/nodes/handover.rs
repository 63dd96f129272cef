//! Handover: a person answers, and flows keep silent for the contact until it ends.

use crate::base::time::Time;
use crate::engine::text::Place;
use crate::engine::walk::{Outcome, Walk};
use crate::model::action::ActionId;
use crate::model::contact::Handover;
use crate::model::effect::Effect;
use crate::model::node::{HandoverNode, Node, NodeKind};
use crate::model::run::Phase;
use crate::model::value::Value;

/// Hands the contact over and rests.
pub fn visit(walk: &mut Walk<'_>, handover: &HandoverNode, action: &ActionId) -> Outcome {
    let until = handover.r#for.map(|long| walk.now + long);
    walk.contact.handover = Some(Handover { since: walk.now, until });
    if let Some(to) = &handover.notify {
        let italian = walk.world.settings.language.starts_with("it");
        let words = if italian { "aspetta una persona" } else { "waits for a person" };
        let who = "{{ contact.name }} ({{ contact.address }})";
        let text = format!("{} {words}", walk.filled(who, Place::Person).trim_start());
        let to = walk.filled(to, Place::Header);
        walk.effects.push(Effect::Notify { action: action.clone(), text, to });
    }
    Outcome::Rest(Phase::Handover { action: action.clone(), until, armed: walk.run.sequence })
}

/// How a handover ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A person closed it.
    Closed,
    /// The time was up, and a person had spoken: their silence has another end than the node's.
    Answered,
    /// The time was up, and nobody had.
    Unanswered,
}

impl End {
    /// The end by its time: a person who spoke gave the silence another end than the node has.
    pub fn by_time(walk: &Walk<'_>, node: &Node) -> End {
        let long = if let NodeKind::Handover(handover) = &node.kind { handover.r#for } else { None };
        let same = walk.contact.handover.is_none_or(|handover| handover.until == long.map(|long| handover.since + long));
        if same { End::Unanswered } else { End::Answered }
    }

    const fn word(self) -> &'static str {
        match self {
            End::Closed => "closed",
            End::Answered => "answered",
            End::Unanswered => "unanswered",
        }
    }
}

/// Until when the person who answers goes on, where that is beyond now: they spoke since, and nobody talks over them.
pub fn longer(walk: &Walk<'_>) -> Option<Time> {
    walk.contact.handover.and_then(|handover| handover.until).filter(|until| *until > walk.now)
}

/// The person handed back, or the time is up: on to what follows.
pub fn ended(walk: &mut Walk<'_>, node: &Node, action: ActionId, end: End) {
    walk.contact.handover = None;
    if let NodeKind::Handover(handover) = &node.kind
        && let Some(name) = &handover.save
    {
        walk.keep(name, Value::from(end.word()));
    }
    let words = words_of(node);
    walk.go_on(node, action, Outcome::on("next", words));
}

fn words_of(node: &Node) -> String {
    match &node.kind {
        NodeKind::Handover(handover) => words(handover),
        _ => String::new(),
    }
}

/// How long a person answers.
pub fn words(handover: &HandoverNode) -> String {
    handover.r#for.map(|long| long.to_string()).unwrap_or_default()
}
