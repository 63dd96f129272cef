//! What changed, told to an open page as it happens. It says that, never what: the page asks again.

use super::Web;
use crate::base::id::{ChannelId, ContactId, JobId, RunId};
use crate::executor::desk::Signal;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};

/// How often a silent stream says that it is still there (SEC-17).
const PING: Duration = Duration::from_secs(15);
/// How long changes are gathered before one word is said of all.
const GATHER: Duration = Duration::from_millis(150);
/// Streams of one login at most (SEC-17).
const STREAMS_MAX: usize = 4;

/// What an open page shows.
#[derive(Clone, Debug, Deserialize)]
pub struct Watched {
    page: String,
    contact: Option<ContactId>,
    run: Option<RunId>,
    channel: Option<ChannelId>,
    job: Option<JobId>,
}

impl Watched {
    /// Whether the page shows what a signal is about.
    fn shows(&self, signal: &Signal) -> bool {
        let page = self.page.as_str();
        match signal {
            Signal::Reopened => true,
            Signal::Contact(id) => self.contact == Some(*id) || page == "contacts",
            Signal::Run(id) => self.run == Some(*id) || matches!(page, "runs" | "flows" | "agenda" | "numbers"),
            Signal::Job(id) => self.job == Some(*id),
            Signal::Flow(_) => matches!(page, "flows" | "runs" | "agenda" | "numbers"),
            Signal::Channel(id) => page == "channels" || self.channel == Some(*id),
            Signal::Requests(id) => page == "unread" || self.channel == Some(*id),
            Signal::Outbox(_) => page == "undelivered",
            Signal::Settings => page == "settings",
            Signal::Timer { .. } => false,
        }
    }
}

/// How many streams each login has open, by what its forms carry.
#[derive(Debug, Default)]
pub struct Streams(Mutex<HashMap<String, usize>>);

/// One stream. Dropped with it.
struct Seat {
    streams: Arc<Streams>,
    login: String,
}

impl Streams {
    fn take(self: &Arc<Streams>, login: &str) -> Option<Seat> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(login.to_owned()).or_default();
        if *count == STREAMS_MAX {
            return None;
        }
        *count += 1;
        Some(Seat { streams: self.clone(), login: login.to_owned() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get_mut(&self.login).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            open.remove(&self.login);
        }
    }
}

/// A stream of changes for one page of one login. One login too many is answered with nothing, and asks by itself from then on.
pub fn stream(web: &Web, login: &str, watched: Watched) -> Response {
    let Some(seat) = web.streams.take(login) else { return StatusCode::NO_CONTENT.into_response() };
    // The receiver alone: whoever held the executor here would keep the appliance from stopping.
    let listener = Listener { signals: web.executor.line.signals.subscribe(), watched, seat, greeted: false };
    let body = futures_util::stream::unfold(listener, |mut listener| async move {
        let words = listener.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from_static(words.as_bytes())), listener))
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(body)).into_response()
}

struct Listener {
    signals: Receiver<Signal>,
    watched: Watched,
    #[expect(dead_code, reason = "counts while it lives")]
    seat: Seat,
    greeted: bool,
}

impl Listener {
    /// What is to be said next; `None` once the appliance stops.
    async fn next(&mut self) -> Option<&'static str> {
        if !std::mem::replace(&mut self.greeted, true) {
            return Some(": here\n\n");
        }
        match timeout(PING, self.change()).await {
            Err(_) => Some(": still here\n\n"),
            Ok(None) => None,
            Ok(Some(())) => {
                sleep(GATHER).await;
                while self.signals.try_recv().is_ok() {}
                Some("event: change\ndata:\n\n")
            }
        }
    }

    async fn change(&mut self) -> Option<()> {
        loop {
            match self.signals.recv().await {
                Ok(signal) if self.watched.shows(&signal) => return Some(()),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_has_four_streams_and_no_fifth() {
        let streams = Arc::new(Streams::default());
        let mut seats: Vec<Seat> = (0..4).filter_map(|_| streams.take("anna")).collect();
        assert_eq!(seats.len(), 4);
        assert!(streams.take("anna").is_none() && streams.take("bruno").is_some());
        seats.pop();
        assert!(streams.take("anna").is_some());
        drop(seats);
        assert!(streams.0.lock().expect("a map").is_empty());
    }
}
