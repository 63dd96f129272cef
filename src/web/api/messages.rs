//! `/messages`: everything that came in and went out, in commit order.

use super::{Answer, Listing, Page};
use crate::base::id::{ChannelId, ContactId, FlowId, Id, MessageId, RunId};
use crate::base::time::Time;
use crate::model::message::{Author, Choice, Direction, MediaRef, Message, MessageKind, Status};
use crate::model::node::NodeId;
use crate::model::route::{Outcome, Route, Rule};
use crate::store::messages;
use crate::web::Web;
use crate::web::ask::Filters;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

/// A message, as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    id: MessageId,
    seq: u64,
    direction: Direction,
    channel: ChannelId,
    contact: ContactId,
    kind: MessageKind,
    text: String,
    media: Vec<MediaRef>,
    choices: Vec<Choice>,
    provider_id: Option<String>,
    provider_time: Option<Time>,
    stored_at: Time,
    status: Status,
    reason: Option<String>,
    author: &'static str,
    run: Option<RunId>,
    node: Option<NodeId>,
    route: Option<RouteView>,
}

/// Which flow got a message, and why.
#[derive(Clone, Debug, Serialize)]
pub struct RouteView {
    rule: Rule,
    flow: Option<FlowId>,
    lost: Vec<LostView>,
}

/// What else would have matched.
#[derive(Clone, Debug, Serialize)]
pub struct LostView {
    rule: Rule,
    flow: Option<FlowId>,
    word: Option<String>,
}

impl MessageView {
    /// The view of a message.
    pub fn of(message: &Message) -> MessageView {
        let (run, node) = written_by(message);
        MessageView {
            id: message.id,
            seq: message.id.sequence(),
            direction: message.direction,
            channel: message.channel,
            contact: message.contact,
            kind: message.kind,
            text: message.text.clone(),
            media: message.media.clone(),
            choices: message.choices.clone(),
            provider_id: message.provider_id.clone(),
            provider_time: message.provider_time,
            stored_at: message.stored_at,
            status: message.status,
            reason: message.reason.clone(),
            author: author(&message.author),
            run,
            node,
            route: message.route.as_ref().map(RouteView::of),
        }
    }
}

impl RouteView {
    /// The view of a route.
    pub fn of(route: &Route) -> RouteView {
        let lost = route.lost.iter().map(|lost| LostView { rule: lost.rule, flow: lost.flow, word: lost.word.clone() });
        RouteView { rule: route.rule, flow: route.flow, lost: lost.collect() }
    }
}

/// The run and node that a message belongs to: those that wrote it, or those that got it.
fn written_by(message: &Message) -> (Option<RunId>, Option<NodeId>) {
    match (&message.author, message.route.as_ref().map(|route| &route.outcome)) {
        (Author::Run { run, action }, _) => (Some(*run), Some(action.node.clone())),
        (_, Some(Outcome::Answer { run })) => (Some(*run), None),
        (_, Some(Outcome::Press { run, node, .. })) => (Some(*run), Some(node.clone())),
        (_, Some(Outcome::Enter { trigger })) => (None, Some(trigger.clone())),
        _ => (None, None),
    }
}

fn author(author: &Author) -> &'static str {
    match author {
        Author::Contact => "contact",
        Author::Run { .. } => "run",
        Author::Operator(_) => "operator",
        Author::Phone => "phone",
        Author::System => "system",
    }
}

/// Filters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageFilters {
    contact: Option<ContactId>,
    direction: Option<Direction>,
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /messages`
pub async fn list(State(web): State<Web>, Filters(filters): Filters<MessageFilters>) -> Answer<Listing<MessageView>> {
    let page = Page::<MessageId>::of(filters.limit, filters.after.as_deref())?;
    let listing = web.read(move |view| {
        let read = |after, limit| Ok(messages::list(view, filters.contact, filters.direction, after, limit)?);
        page.collect(read, |message| message.id, |message| Ok(Some(MessageView::of(message))))
    });
    Ok(Json(listing.await?))
}
