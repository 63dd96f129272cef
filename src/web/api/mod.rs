//! The JSON API: its routes, and what its lists have in common. One file per noun; the JSON of a noun stands beside its handlers.

pub mod agenda;
pub mod audit;
pub mod backup;
pub mod broadcasts;
pub mod call_secrets;
pub mod channels;
pub mod contacts;
pub mod counters;
pub mod description;
pub mod exports;
pub mod flow_versions;
pub mod flows;
pub mod imports;
pub mod labels;
pub mod messages;
pub mod outbox;
pub mod quarantine;
pub mod quick_replies;
pub mod run_actions;
pub mod run_changes;
pub mod runs;
pub mod schema;
pub mod segments;
pub mod settings;
pub mod starts;

use super::Web;
use super::problem::Trouble;
use crate::base::id::{ChannelId, Id};
use crate::base::limits::REPEAT_KEY_MAX;
use crate::executor::control::repeat::RepeatKey;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::operator::By;
use axum::http::HeaderMap;
use axum::routing::{delete, get, patch, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Deserializer, Serialize};

/// Items of a page where nobody says.
const ITEMS: usize = 50;
/// Items of a page at most.
const ITEMS_MAX: usize = 200;

/// What anybody may ask. Editors fetch the schema by the address in a document and have no key; it is the same in every house, and says
/// nothing of this one.
pub fn public() -> Router<Web> {
    Router::new().route("/schema/flow.json", get(schema::flow))
}

/// All routes of the API, below `/api/v1`.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/channels", get(channels::list).post(channels::create))
        .route("/channels/{id}", get(channels::one).patch(channels::edit).delete(channels::delete))
        .route("/flows", get(flows::list).post(flows::create))
        .route("/flows/match", get(flow_versions::who_gets))
        .route("/flows/{id}", get(flows::document).put(flow_versions::save).delete(flows::delete))
        .route("/flows/{id}/versions", get(flow_versions::versions))
        .route("/flows/{id}/versions/{number}", get(flow_versions::one_version))
        .route("/flows/{id}/pause", post(flows::pause).delete(flows::enable))
        .route("/flows/{id}/copies", post(flows::copy))
        .route("/flows/{id}/runs", post(starts::start))
        .route("/flows/{id}/start_address", post(starts::renew))
        .route("/broadcasts", get(broadcasts::list).post(broadcasts::create))
        .route("/broadcasts/{id}", get(broadcasts::one).delete(broadcasts::stop))
        .route("/broadcasts/{id}/people", get(broadcasts::people))
        .route("/segments", get(segments::list).post(segments::create))
        .route("/segments/{name}", get(segments::one).patch(segments::edit).delete(segments::delete))
        .route("/secrets", get(call_secrets::list))
        .route("/secrets/{name}", put(call_secrets::set).delete(call_secrets::delete))
        .route("/tags", get(labels::tags))
        .route("/tags/{name}", delete(labels::remove_tag))
        .route("/fields", get(labels::fields))
        .route("/fields/{name}", delete(labels::remove_field))
        .route("/flows/{id}/counters", get(counters::of_flow))
        .route("/agenda", get(agenda::day))
        .route("/runs", get(runs::list))
        .route("/runs/views", get(runs::views).post(runs::save_view))
        .route("/runs/views/{name}", delete(runs::delete_view))
        .route("/runs/changes", get(run_changes::list).post(run_changes::create))
        .route("/runs/changes/{id}", get(run_changes::one).delete(run_changes::undo))
        .route("/runs/{id}/restarts", post(runs::restart))
        .route("/runs/{id}", get(runs::one).patch(runs::edit))
        .route("/runs/{id}/actions/{action}", patch(run_actions::edit).delete(run_actions::remove))
        .route("/runs/{id}/actions/{action}/run", post(run_actions::send_now))
        .route("/runs/{id}/actions/{action}/skips", post(run_actions::skip))
        .route("/runs/{id}/actions/{action}/changes", delete(run_actions::undo))
        .route("/contacts", get(contacts::list).post(contacts::create))
        .route("/contacts/{id}", get(contacts::one).patch(contacts::edit).delete(contacts::delete))
        .route("/contacts/{id}/messages", post(contacts::write))
        .route("/messages", get(messages::list))
        .route("/outbox", get(outbox::list))
        .route("/outbox/{id}", delete(outbox::delete))
        .route("/outbox/{id}/retry", post(outbox::retry))
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/{id}", delete(quarantine::delete))
        .route("/quarantine/{id}/retry", post(quarantine::retry))
        .route("/quick-replies", get(quick_replies::list).post(quick_replies::create))
        .route("/quick-replies/{id}", get(quick_replies::one).put(quick_replies::edit).delete(quick_replies::delete))
        .route("/quick-replies/{id}/copies", post(quick_replies::copy))
        .route("/imports", post(imports::create))
        .route("/exports", get(exports::get))
        .route("/openapi.json", get(description::openapi))
        .route("/audit", get(audit::list))
        .route("/settings", get(settings::all).patch(settings::edit))
        .route("/backup", get(backup::snapshot))
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Listing<V> {
    /// What is on it.
    pub items: Vec<V>,
    /// Where the next one begins; `None` after the last.
    pub next: Option<String>,
}

/// Which page is asked for. The cursor is the id of the last item of the page before; to others it means nothing.
#[derive(Clone, Copy, Debug)]
pub struct Page<I> {
    /// Items at most.
    pub limit: usize,
    /// The last item before.
    pub after: Option<I>,
}

impl<I: Id> Page<I> {
    /// The page that `limit` and `after` ask for.
    pub fn of(limit: Option<usize>, after: Option<&str>) -> Result<Page<I>, Trouble> {
        let unknown = |_| Trouble::invalid("The cursor in `after` is none of this list. Take it from `next`, unchanged.");
        Ok(Page {
            limit: limit.unwrap_or(ITEMS).clamp(1, ITEMS_MAX),
            after: after.map(|after| after.parse().map_err(unknown)).transpose()?,
        })
    }

    /// Collects the items that `keep` wants, reading page after page from `read`. One more than asked for tells whether there is a next
    /// page.
    pub fn collect<T, V>(
        self,
        read: impl Fn(Option<I>, usize) -> Result<Vec<T>, Refusal>,
        id: impl Fn(&T) -> I,
        keep: impl Fn(&T) -> Result<Option<V>, Refusal>,
    ) -> Result<Listing<V>, Refusal> {
        let (mut kept, mut after) = (Vec::new(), self.after);
        let chunk = self.limit.max(ITEMS) + 1;
        loop {
            let some = read(after, chunk)?;
            let last_page = some.len() < chunk;
            for item in &some {
                if let Some(view) = keep(item)? {
                    if kept.len() == self.limit {
                        let next = kept.last().map(|(id, _): &(I, V)| id.to_string());
                        return Ok(Listing { items: kept.into_iter().map(|(_, view)| view).collect(), next });
                    }
                    kept.push((id(item), view));
                }
            }
            after = some.last().map(&id).or(after);
            if last_page {
                return Ok(Listing { items: kept.into_iter().map(|(_, view)| view).collect(), next: None });
            }
        }
    }
}

/// The Idempotency-Key of a request, as this caller's for this call.
fn repeat_key(headers: &HeaderMap, by: By, call: &str) -> Result<Option<RepeatKey>, Trouble> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= REPEAT_KEY_MAX);
    let bad = || Trouble::unreadable(format!("The Idempotency-Key is empty, longer than {REPEAT_KEY_MAX} bytes, or not plain text."));
    Ok(Some(RepeatKey { scope: format!("{by:?} {call}"), key: key.ok_or_else(bad)?.to_owned() }))
}

/// The channel of this id or name.
fn channel_named(facts: &Facts, word: &str) -> Result<ChannelId, Trouble> {
    let by_id = word.parse().ok().filter(|id| facts.channels.contains_key(id));
    let by_name = || facts.channels.values().find(|known| known.channel.name == word).map(|known| known.channel.id);
    let none = || Trouble::invalid(format!("There is no channel \"{word}\". Name one by its id or its name."));
    by_id.or_else(by_name).ok_or_else(none)
}

/// A member that is absent stays `None`; one that is null becomes `Some(None)`.
fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

type Answer<V> = Result<Json<V>, Trouble>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{MessageId, Shard};

    fn ids(page: Page<MessageId>, all: u64, keep: impl Fn(u64) -> bool) -> (Vec<u64>, Option<String>) {
        let read = |after: Option<MessageId>, limit| {
            let from = after.map_or(1, |after| after.sequence() + 1);
            Ok((from..=all).take(limit).collect::<Vec<_>>())
        };
        let listing = page.collect(read, |n| MessageId::new(Shard(0), *n), |n| Ok(keep(*n).then_some(*n))).expect("a page");
        (listing.items, listing.next)
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (items, next) = ids(Page::of(Some(3), after.as_deref()).expect("a page"), 1000, |n| n % 7 == 0);
            assert!(items.len() == 3 || next.is_none());
            seen.extend(items);
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (1..=1000).filter(|n| n % 7 == 0).collect::<Vec<_>>());
    }

    #[test]
    fn a_full_last_page_has_no_next() {
        assert_eq!(ids(Page::of(Some(4), None).expect("a page"), 4, |_| true), (vec![1, 2, 3, 4], None));
        assert_eq!(ids(Page::of(None, None).expect("a page"), 0, |_| true), (vec![], None));
        assert!(Page::<MessageId>::of(None, Some("yesterday")).is_err());
    }
}
