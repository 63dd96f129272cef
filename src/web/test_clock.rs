//! A clock that a test of the whole binary can move. Built for tests alone: no release has this file's route.

use super::Web;
use super::ask::Told;
use crate::base::time::{Span, Time};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

/// How far the clock moves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    ahead: Span,
}

/// What the clock shows.
#[derive(Debug, Serialize)]
pub struct Shown {
    now: Time,
}

/// `GET /test/clock`
pub async fn show(State(web): State<Web>) -> Json<Shown> {
    Json(Shown { now: web.executor.now() })
}

/// `POST /test/clock`: `{"ahead": "2h"}`
pub async fn advance(State(web): State<Web>, Told(by): Told<Move>) -> Json<Shown> {
    web.executor.line.shared.clock.advance(by.ahead);
    show(State(web)).await
}
