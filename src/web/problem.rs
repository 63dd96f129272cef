//! What a request is answered when it is not done: `application/problem+json` (RFC 9457), each with what happened, what it means
//! and what to do. The only place where a refusal of a lower floor becomes a status.

use crate::executor::refusal::Refusal;
use crate::model::node::NodeId;
use crate::model::problem::{Problem, Severity};
use crate::store::StoreError;
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Seconds after which asking again is worth it, at the least.
const RETRY_SECS: u64 = 5;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// HTTP status.
    pub status: StatusCode,
    /// What kind of trouble, the same for every instance of it.
    pub title: &'static str,
    /// What happened here, what it means, what to do.
    pub detail: String,
    /// The faults of a document.
    pub problems: Vec<Problem>,
    /// The word of `/health`, where the appliance itself is the trouble.
    pub state: Option<&'static str>,
}

/// A `Trouble` as JSON.
#[derive(Serialize)]
struct Document<'t> {
    title: &'t str,
    status: u16,
    detail: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<ProblemView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'t str>,
}

/// A problem of a flow as the API tells it.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemView {
    /// The node; `None` is the flow itself.
    pub node: Option<NodeId>,
    /// Whether the flow can be saved with it.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
}

impl From<&Problem> for ProblemView {
    fn from(problem: &Problem) -> ProblemView {
        ProblemView { node: problem.node.clone(), severity: problem.fault.severity(), message: problem.fault.to_string() }
    }
}

impl Trouble {
    /// A trouble of this status, in these words.
    pub fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Trouble {
        Trouble { status, title, detail: detail.into(), problems: Vec::new(), state: None }
    }

    /// There is no such thing.
    pub fn not_found(noun: &str) -> Trouble {
        Trouble::new(StatusCode::NOT_FOUND, "Not found", format!("There is no such {noun}. It may have been deleted; check the id."))
    }

    /// What was sent cannot be read at all.
    pub fn unreadable(detail: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::BAD_REQUEST, "Cannot be read", detail)
    }

    /// What was sent can be read and is not allowed.
    pub fn invalid(detail: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::UNPROCESSABLE_ENTITY, "Not valid", detail)
    }

    /// A form that no page of this session gave out, or that another site sent (SEC-4).
    pub fn foreign_form() -> Trouble {
        let detail = "The form did not come from a page of this session. Nothing was changed. Open the page again and repeat it.";
        Trouble::new(StatusCode::FORBIDDEN, "Not from here", detail)
    }

    /// A fault of ours.
    pub fn fault() -> Trouble {
        let detail = "This could not be done because of a fault in the program. The log has the details.";
        Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "A fault of the program", detail)
    }

    /// The appliance does not answer yet, or no more.
    pub fn unready(state: &'static str, detail: &str) -> Trouble {
        Trouble { state: Some(state), ..Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "Not ready", detail) }
    }

    /// Too many requests from one address at once.
    pub fn crowded() -> Trouble {
        let detail = "Too many requests from this address are under way at once. Ask again in a few seconds.";
        Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "Too many at once", detail)
    }

    /// A document with problems.
    pub fn document(problems: Vec<Problem>) -> Trouble {
        let detail = Refusal::Problems(problems.clone()).to_string();
        Trouble { problems, ..Trouble::invalid(detail) }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound(noun) => Trouble::not_found(noun),
            Refusal::Conflict(_) => Trouble::new(StatusCode::CONFLICT, "Not possible as things stand", detail),
            Refusal::Invalid(_) => Trouble::invalid(detail),
            Refusal::Problems(problems) => Trouble::document(problems),
            Refusal::RedTalks(problems) | Refusal::Import(problems) => Trouble { problems, ..Trouble::invalid(detail) },
            Refusal::Damaged(_) => Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "A damaged record", detail),
            Refusal::Busy => Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "Busy", detail),
            Refusal::Unavailable => Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "The data cannot be written", detail),
            Refusal::Fault => Trouble::fault(),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let problems: Vec<ProblemView> = self.problems.iter().map(ProblemView::from).collect();
        let document = Document {
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            problems: (!problems.is_empty()).then_some(problems),
            reason: self.state.map(|_| self.detail.as_str()),
            state: self.state,
        };
        let mut response = (self.status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE || self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_SECS + fastrand::u64(0..3)));
        }
        response.extensions_mut().insert(self);
        response
    }
}
