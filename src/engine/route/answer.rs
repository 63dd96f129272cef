//! Which of a contact's runs a message answers, and which button or row it means.

use super::{Arrival, Candidate, RunView};
use crate::base::id::RunId;
use crate::base::time::Time;
use crate::engine::keyword::fold;
use crate::model::channel::Abilities;
use crate::model::message::MessageKind;
use crate::model::node::{MessageNode, Node, NodeId, NodeKind, Reply};
use crate::model::route::{Outcome, Rule};
use crate::model::run::{Phase, Waiting, WaitingFor};

/// The run that takes the message as an answer.
pub(super) fn reply(view: &RunView<'_>) -> Candidate {
    Candidate::of_run(view, Rule::Reply, Outcome::Answer { run: view.run.id }, None)
}

/// The runs that wait for a reply on this channel, the one that asked last first.
pub(super) fn asking<'a>(arrival: &Arrival<'a>) -> Vec<RunView<'a>> {
    let mut asking: Vec<RunView<'a>> = here(arrival).filter(waits_for_reply).collect();
    asking.sort_by_key(|view| std::cmp::Reverse(recency(view)));
    asking
}

/// Whether a keyword typed at its question is the answer.
pub(super) fn ignores_keywords(view: &RunView<'_>) -> bool {
    reply_of(view).is_some_and(|reply| reply.ignore_keywords)
}

/// The runs that talk on the channel the message came by: a question is answered where it was asked.
fn here<'a>(arrival: &Arrival<'a>) -> impl Iterator<Item = RunView<'a>> {
    arrival.runs.iter().copied().filter(|view| !view.run.is_over() && view.run.channel == arrival.channel.id)
}

fn waiting<'a>(view: &RunView<'a>) -> Option<&'a Waiting> {
    match &view.run.phase {
        Phase::Waiting(waiting) => Some(waiting),
        _ => None,
    }
}

/// When a run last asked or began; of two at one time the younger.
fn recency(view: &RunView<'_>) -> (Time, RunId) {
    (waiting(view).map_or(view.run.started, |waiting| waiting.since), view.run.id)
}

/// What the wait node it stands at does with an answer.
fn reply_of<'a>(view: &RunView<'a>) -> Option<&'a Reply> {
    match &view.flow.node(&waiting(view)?.action.node)?.kind {
        NodeKind::Wait(wait) => wait.reply.as_ref(),
        _ => None,
    }
}

fn waits_for_reply(view: &RunView<'_>) -> bool {
    waiting(view).is_some_and(|waiting| match waiting.what {
        WaitingFor::Burst => true,
        WaitingFor::Node => reply_of(view).is_some(),
        // What is held for the window asked nothing: it goes by itself once the contact has written.
        WaitingFor::Window | WaitingFor::Person => false,
    })
}

/// The run and its button or row that the message means.
pub(super) fn press(arrival: &Arrival<'_>) -> Option<Candidate> {
    let (view, node, choice) = match (arrival.pressed, arrival.heard.kind) {
        (Some(_), _) => named(arrival)?,
        (None, MessageKind::ButtonReply | MessageKind::ListReply) => plain(arrival)?,
        _ => typed(arrival)?,
    };
    let outcome = Outcome::Press { run: view.run.id, node: node.clone(), choice };
    Some(Candidate::of_run(&view, Rule::Button, outcome, Some(arrival.heard.text.clone())))
}

type Found<'a> = (RunView<'a>, &'a NodeId, String);

/// A press that carries our own name. It belongs to the run that sent it or to nobody, and needs no channel: the name is enough.
fn named<'a>(arrival: &Arrival<'a>) -> Option<Found<'a>> {
    let press = arrival.pressed?;
    let view = *arrival.runs.iter().find(|view| view.run.id == press.run && !view.run.is_over())?;
    let node = view.flow.node(&press.node)?;
    let has = message_of(node)?.choices().any(|(id, _)| id == press.choice);
    has.then(|| (view, &node.id, press.choice.clone()))
}

/// A press that carries an id or a title alone: the newest run that showed such a button, its newest message first.
fn plain<'a>(arrival: &Arrival<'a>) -> Option<Found<'a>> {
    let (id, title) = (arrival.heard.button.as_deref(), fold(&arrival.heard.text));
    let mut views: Vec<_> = here(arrival).collect();
    views.sort_by_key(|view| std::cmp::Reverse(recency(view)));
    views.into_iter().find_map(|view| {
        shown(&view).into_iter().find_map(|(node, message)| {
            let by_id = message.choices().find(|(choice, _)| Some(*choice) == id).map(|(choice, _)| choice.to_owned());
            Some((view, node, by_id.or_else(|| by_title(message, &title))?))
        })
    })
}

/// A number or a title typed where the channel could show no buttons, and only to the run that asked last: "2" to a younger
/// question is not the second row of an older list.
fn typed<'a>(arrival: &Arrival<'a>) -> Option<Found<'a>> {
    let answer = fold(&arrival.heard.text);
    let offers = here(arrival).map(|view| (view, numbered(&view, arrival)));
    let listening = offers.filter(|(view, offer)| offer.is_some() || waits_for_reply(view));
    let (view, offer) = listening.max_by_key(|(view, _)| recency(view))?;
    let (node, message) = offer?;
    Some((view, node, by_number(message, &answer).or_else(|| by_title(message, &answer))?))
}

/// The choices a run offered as a numbered list and for which it waits. Where the answer is checked the run itself tells the two
/// apart: a number may be the answer to the later question.
fn numbered<'a>(view: &RunView<'a>, arrival: &Arrival<'_>) -> Option<(&'a NodeId, &'a MessageNode)> {
    let waits = matches!(waiting(view)?.what, WaitingFor::Node | WaitingFor::Burst);
    let checked = reply_of(view).is_some_and(|reply| reply.check.is_some());
    let node = view.flow.node(view.run.offered.as_ref()?)?;
    let message = message_of(node)?;
    (waits && !checked && degrades(message, &arrival.channel.abilities)).then_some((&node.id, message))
}

fn by_number(message: &MessageNode, folded: &str) -> Option<String> {
    let place: usize = folded.parse().ok()?;
    message.choices().nth(place.checked_sub(1)?).map(|(id, _)| id.to_owned())
}

fn by_title(message: &MessageNode, folded: &str) -> Option<String> {
    let says = |title: &&str| !folded.is_empty() && fold(title) == folded;
    message.choices().find(|(_, title)| title.all().iter().any(says)).map(|(id, _)| id.to_owned())
}

/// Whether the channel shows the choices of a message as a numbered list.
fn degrades(message: &MessageNode, abilities: &Abilities) -> bool {
    let rows = message.choices().count() - message.buttons.len();
    message.buttons.len() > abilities.buttons_max || rows > abilities.list_rows_max
}

fn message_of(node: &Node) -> Option<&MessageNode> {
    match &node.kind {
        NodeKind::Message(message) => Some(message),
        _ => None,
    }
}

/// The messages with buttons or rows that a run has sent: the one offered last first, then backwards through the flow.
fn shown<'a>(view: &RunView<'a>) -> Vec<(&'a NodeId, &'a MessageNode)> {
    let flow = view.flow;
    let visited = |node: &&Node| view.run.visits.get(&node.id).is_some_and(|count| *count > 0);
    let offered = view.run.offered.as_ref().and_then(|node| flow.node(node));
    let sent = offered.into_iter().chain(flow.nodes.iter().rev()).filter(visited);
    let messages = sent.filter_map(|node| Some((&node.id, message_of(node)?)));
    messages.filter(|(_, message)| message.choices().next().is_some()).collect()
}
