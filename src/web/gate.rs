//! The gate before every route: until the appliance is ready, and from when it stops, the answer is 503 and never 404.

use super::problem::Trouble;
use super::visitor::Visitor;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use std::sync::{PoisonError, RwLock};
use tower::ServiceExt;

/// Where the appliance stands.
#[derive(Debug)]
pub enum Phase {
    /// It is coming up: what it is doing, in words.
    Starting(String),
    /// It answers.
    Open(Router),
    /// It is going down.
    Stopping,
}

/// The gate.
#[derive(Debug)]
pub struct Gate(RwLock<Phase>);

impl Gate {
    /// A closed gate, with the reason.
    pub fn starting(reason: &str) -> Gate {
        Gate(RwLock::new(Phase::Starting(reason.to_owned())))
    }

    /// Moves on.
    pub fn turn(&self, phase: Phase) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    /// Whether nothing new is let in because the appliance is going down.
    pub fn is_stopping(&self) -> bool {
        matches!(*self.0.read().unwrap_or_else(PoisonError::into_inner), Phase::Stopping)
    }

    fn router(&self) -> Result<Router, Trouble> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Phase::Open(router) => Ok(router.clone()),
            Phase::Starting(reason) => Err(Trouble::unready("starting", reason)),
            Phase::Stopping => Err(Trouble::unready("stopping", "The appliance is stopping. Ask again when it is up.")),
        }
    }

    /// Answers a request, or says why nobody does.
    pub async fn answer(&self, mut request: Request<Body>, visitor: Visitor) -> Response<Body> {
        request.extensions_mut().insert(visitor);
        match self.router() {
            Ok(router) => router.oneshot(request).await.into_response(),
            Err(trouble) => trouble.into_response(),
        }
    }
}
