//! What is asked, taken out of a request: bodies within their limits and in time, and members, filters and ids that are refused by
//! name where they are not known.

use super::problem::Trouble;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_ENCODING;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long the body of a request may take (SEC-17).
const BODY: Duration = Duration::from_secs(15);

/// Reads the body of a request on the way to its handler: at most so many bytes, within fifteen seconds, as it was sent. A compressed
/// one is refused: nothing is decompressed.
pub async fn take_body(most: usize, request: Request, next: Next) -> Result<Response, Trouble> {
    if request.headers().get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let detail = "The body is compressed, and nothing is decompressed here. Send it as it is, without Content-Encoding.";
        return Err(Trouble::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not read when compressed", detail));
    }
    buffer(most, request, next).await
}

/// The same, whatever the body's encoding: for webhooks, whose codecs refuse it themselves and note it on the channel's page.
pub async fn buffer(most: usize, request: Request, next: Next) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > most as u64 {
        return Err(too_large(most));
    }
    let bytes = match tokio::time::timeout(BODY, Limited::new(body, most).collect()).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large(most)),
        Ok(Err(_)) => return Err(Trouble::unreadable("The body broke off. Send the request again.")),
        Err(_) => {
            let detail = "The body did not arrive within 15 seconds. Send the request again.";
            return Err(Trouble::new(StatusCode::REQUEST_TIMEOUT, "Too slow", detail));
        }
    };
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

fn too_large(most: usize) -> Trouble {
    let detail = format!("The body has more than {} KiB, the most that is read here. Nothing was done.", most / 1024);
    Trouble::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail)
}

/// The JSON of a body, read into its type. Unknown members are refused by name.
#[derive(Debug)]
pub struct Told<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Told<T> {
    type Rejection = Trouble;
    async fn from_request(request: Request, state: &S) -> Result<Told<T>, Trouble> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Trouble::unreadable("The body broke off."))?;
        read_json(&bytes).map(Told)
    }
}

/// Reads JSON from bytes.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(bytes).map_err(|error| match error.is_data() {
        true => Trouble::invalid(format!("The body does not say what is needed here: {error}. Nothing was changed.")),
        false => Trouble::unreadable(format!("The body is not JSON ({error}). Nothing was changed.")),
    })
}

/// The filters after the question mark. Unknown ones are refused by name.
#[derive(Debug)]
pub struct Filters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Filters<T> {
    type Rejection = Trouble;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Filters<T>, Trouble> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        let told = |rejection: QueryRejection| Trouble::invalid(format!("A filter cannot be used: {}.", rejection.body_text()));
        read.map(|Query(filters)| Filters(filters)).map_err(told)
    }
}

/// The ids in the path. What is no id names nothing.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Trouble;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At<T>, Trouble> {
        let read: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
        read.map(|Path(ids)| At(ids)).map_err(|_| Trouble::not_found("thing"))
    }
}
