//! Keys of the HTTP API: who may ask what. Closed by default: a route that nobody thought of needs `admin`.

use super::Web;
use super::problem::Trouble;
use crate::executor::control::access;
use crate::model::operator::{ApiKey, By, Scope};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request through whose key may ask it, and tells the handler who asks.
pub async fn need_key(State(web): State<Web>, path: MatchedPath, mut request: Request, next: Next) -> Response {
    let need = scope_of(request.method(), path.as_str());
    match key_with(&web, request.headers(), need).await {
        Ok(key) => {
            request.extensions_mut().insert(By::Key(key.id));
            next.run(request).await
        }
        Err(trouble) => refusal(trouble),
    }
}

/// The key that a request carries, if it may do what `need` says.
pub async fn key_with(web: &Web, headers: &HeaderMap, need: Scope) -> Result<ApiKey, Trouble> {
    let Some(token) = bearer(headers) else {
        return Err(stranger("No key came with the request. Send one as `Authorization: Bearer KEY`."));
    };
    let token = token.to_owned();
    let now = web.executor.now();
    let known = web.read(move |view| access::api_key(view, &token, now)).await?;
    let Some(key) = known else {
        return Err(stranger("This key is not known here, was withdrawn or has expired. Use another."));
    };
    if !key.scopes.contains(&need) {
        let detail = format!("The key \"{}\" lacks the scope `{}`. Use a key that has it.", key.name, word(need));
        return Err(Trouble::new(StatusCode::FORBIDDEN, "Not allowed", detail));
    }
    Ok(key)
}

fn stranger(detail: &str) -> Trouble {
    Trouble::new(StatusCode::UNAUTHORIZED, "A key is needed", detail)
}

fn refusal(trouble: Trouble) -> Response {
    let unknown = trouble.status == StatusCode::UNAUTHORIZED;
    let mut response = trouble.into_response();
    if unknown {
        response.headers_mut().insert(axum::http::header::WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"));
    }
    response
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// The word of a scope.
pub fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Contacts => "contacts",
        Scope::Trigger => "trigger",
        Scope::Admin => "admin",
    }
}

/// What a route needs. Looking needs `read`, but for the whole of the data; what is not listed needs `admin`.
pub fn scope_of(method: &Method, path: &str) -> Scope {
    if method == Method::GET || method == Method::HEAD {
        return if matches!(path, "/api/v1/backup" | "/api/v1/audit") { Scope::Admin } else { Scope::Read };
    }
    match path {
        "/api/v1/contacts" | "/api/v1/contacts/{id}" | "/api/v1/contacts/{id}/messages" => Scope::Contacts,
        "/api/v1/flows/{id}/runs" | "/api/v1/broadcasts" => Scope::Trigger,
        _ => Scope::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_thought_of_needs_admin() {
        assert_eq!(scope_of(&Method::POST, "/api/v1/something/new"), Scope::Admin);
        assert_eq!(scope_of(&Method::GET, "/api/v1/backup"), Scope::Admin);
        assert_eq!(scope_of(&Method::GET, "/api/v1/audit"), Scope::Admin);
        assert_eq!(scope_of(&Method::GET, "/metrics"), Scope::Read);
        assert_eq!(scope_of(&Method::POST, "/api/v1/flows/{id}/runs"), Scope::Trigger);
        assert_eq!(scope_of(&Method::POST, "/api/v1/contacts/{id}/messages"), Scope::Contacts);
    }

    #[test]
    fn a_key_is_read_from_its_header() {
        let mut headers = HeaderMap::new();
        assert_eq!(bearer(&headers), None);
        headers.insert(AUTHORIZATION, "bearer flusso_1".parse().expect("a header"));
        assert_eq!(bearer(&headers), Some("flusso_1"));
        headers.insert(AUTHORIZATION, "Basic abc".parse().expect("a header"));
        assert_eq!(bearer(&headers), None);
    }
}
