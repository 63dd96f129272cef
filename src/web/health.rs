//! How the appliance fares: in a word for a supervisor, in numbers for a monitor.

use super::Web;
use super::counters::{self, Reading};
use super::problem::Trouble;
use crate::executor::refusal::Refusal;
use crate::model::outbox::OutboxRow;
use crate::store::catalogue::Family;
use crate::store::{View, outbox, unanswered};
use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows that are read at once while they are counted.
const PAGE: usize = 1000;

/// `GET /health`
pub async fn health(State(web): State<Web>) -> Result<Json<Value>, Trouble> {
    if web.executor.line.shared.is_broken() {
        return Err(Trouble::unready("broken", &Refusal::Unavailable.to_string()));
    }
    Ok(Json(json!({ "status": "ok" })))
}

/// `GET /metrics`
pub async fn metrics(State(web): State<Web>) -> Result<Response, Trouble> {
    let mut readings = of_memory(&web);
    readings.extend(web.read(of_store).await?);
    let text = counters::write(&web.counters, readings).map_err(|_| Trouble::fault())?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response())
}

/// What is counted in memory since the start.
fn of_memory(web: &Web) -> Vec<Reading> {
    let (meters, shared) = (&web.executor.meters, &web.executor.line.shared);
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let uptime = u64::try_from(web.executor.now().since(web.place.started).0 / 1000).unwrap_or(0);
    let health = web.executor.reader.health();
    vec![
        Reading::total("commits", "Commits of the store", of(&shared.commits)),
        Reading::total("jobs", "Jobs carried by those commits", of(&shared.jobs)),
        Reading::total("sends_accepted", "Sends that a provider took", of(&meters.sends_accepted)),
        Reading::total("sends_failed", "Sends that failed, or are to be tried again", of(&meters.sends_failed)),
        Reading::total("sends_unknown", "Sends whose outcome nobody knows", of(&meters.sends_unknown)),
        Reading::total("timers_fired", "Timers that came due", of(&meters.timers_fired)),
        Reading::total("hooks_unknown", "Webhooks to an address that does not exist", of(&meters.hooks_unknown)),
        Reading::now("outbox_waiting", "Messages and calls that wait, as far as the sender knows", of(&meters.outbox_waiting)),
        Reading::now("timers_held", "Timers in the wheel", of(&meters.timers_held)),
        Reading::now("timers_lateness_milliseconds", "How late the last timers were", of(&meters.lateness_ms)),
        Reading::now(
            "channels_probed",
            "Channels whose provider does not answer, so that nothing but probes leaves",
            of(&meters.breakers_open),
        ),
        Reading::now("clock_doubted", "Whether the clock jumped, so that what is due waits", u64::from(shared.clock.is_doubtful())),
        Reading::now("connections", "Connections that are open", web.crowd.count() as u64),
        Reading::now("uptime_seconds", "Seconds since the start", uptime),
        Reading::now("file_bytes", "Bytes of the data file", health.file_bytes),
        Reading::now("disk_free_bytes", "Bytes free where the data file lies", health.free_bytes.unwrap_or(0)),
        Reading::now("store_open", "Whether the data file can be written", u64::from(!shared.is_broken())),
    ]
}

/// What is counted in the store.
fn of_store(view: &View) -> Result<Vec<Reading>, Refusal> {
    let count = |family| view.count(family);
    let (outbox, open) = outbox_by_state(view)?;
    let in_all = [
        ("contacts", "Contacts", count(Family::Contacts)?),
        ("contacts_unanswered", "Contacts who wrote and got no answer", unanswered::count(view)?),
        ("messages", "Messages kept, in and out", count(Family::Messages)?),
        ("runs_live", "Runs that are not over", count(Family::RunsLive)?),
        ("timers", "Timers that wait on disk", count(Family::Timers)?),
        ("quarantine", "Requests that could not be read", count(Family::Quarantine)?),
        ("outbox_open", "Rows of the outbox that are not settled", open),
    ];
    let mut readings: Vec<Reading> = in_all.into_iter().map(|(name, help, value)| Reading::now(name, help, value)).collect();
    readings.push(Reading::by_label("outbox", "Rows of the outbox that are not settled, by state", "state", outbox));
    Ok(readings)
}

fn outbox_by_state(view: &View) -> Result<(BTreeMap<&'static str, u64>, u64), Refusal> {
    let mut states = BTreeMap::from(["ready", "attempting", "unknown", "dead"].map(|state| (state, 0)));
    let mut open = 0;
    let mut add = |rows: &[OutboxRow]| {
        for row in rows {
            *states.entry(row.state.word()).or_insert(0) += 1;
        }
    };
    for state in ["ready", "attempting", "unknown", "dead"] {
        let mut after = None;
        loop {
            let page = outbox::list(view, Some(state), after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            add(&page);
            open += if state == "dead" { 0 } else { page.len() as u64 };
        }
    }
    Ok((states, open))
}
